/** How the page was opened, and what is remembered on the device: the choice of large type, and which device it is. */

import { randomId } from "./random-id";

const LARGE_KEY = "shouwen.large";
const DEVICE_KEY = "shouwen.device";
const query = new URLSearchParams(location.search);

/** `app`: inside the bank's own app, in a WebView. */
export const channel = query.get("channel") === "app" ? "app" : "web";

export function largeType(): boolean {
  try {
    const kept = localStorage.getItem(LARGE_KEY);
    return kept === null ? query.get("type") === "large" : kept === "yes";
  } catch {
    return query.get("type") === "large"; // Storage closed to a framed page.
  }
}

export function setLargeType(large: boolean): void {
  document.documentElement.dataset.type = large ? "large" : "normal";
  try {
    localStorage.setItem(LARGE_KEY, large ? "yes" : "no");
  } catch {
    return; // Then it lasts as long as the page.
  }
}

/** A random name for this browser, so that the bank can tell a device it has seen from a new one. */
export function deviceId(): string {
  try {
    const kept = localStorage.getItem(DEVICE_KEY);
    if (kept) return kept;
    const made = randomId();
    localStorage.setItem(DEVICE_KEY, made);
    return made;
  } catch {
    return randomId(); // Storage closed to a framed page: a new device each time.
  }
}

/** Follows the device unless the page around us fixes it: `?theme=light` or `?theme=dark`. */
export function applyLook(): void {
  const theme = query.get("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  document.documentElement.dataset.type = largeType() ? "large" : "normal";
}
