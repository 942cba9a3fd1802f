/** Contrast as WCAG 2.2 reckons it. Colours are `#rrggbb`. */

type Channels = readonly [number, number, number];

const ENOUGH = 5; // WCAG AA asks 4.5; the rest is for the tinted surfaces a colour may end up on.
const STEPS = 20;

function channels(hex: string): Channels {
  const value = parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

function luminance(colour: Channels): number {
  const [red, green, blue] = colour.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as unknown as Channels;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: Channels, other: Channels): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function hex(colour: Channels): string {
  return `#${colour.map((channel) => Math.round(channel).toString(16).padStart(2, "0")).join("")}`;
}

/** `colour`, moved towards black or white (whichever the background is not) until it can be read on it. */
export function readable(colour: string, background: string, enough = ENOUGH): string {
  const ground = channels(background);
  const start = channels(colour);
  const goal = contrast([255, 255, 255], ground) >= contrast([0, 0, 0], ground) ? 255 : 0;
  for (let step = 0; step < STEPS; step++) {
    const moved = start.map((channel) => channel + ((goal - channel) * step) / STEPS) as unknown as Channels;
    if (contrast(moved, ground) >= enough) return hex(moved);
  }
  return hex([goal, goal, goal]);
}
