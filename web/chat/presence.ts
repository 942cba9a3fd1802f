/** Who is writing, told both ways. */

import type { Role } from "./wire";

/** A person keeps saying so; the bot says it once and then answers or gives up. */
const SHOWN_MS = { agent: 6_000, bot: 35_000 };
const SAID_EVERY_MS = 3_000;

export type Writer = keyof typeof SHOWN_MS;

export class Presence {
  private timer = 0;
  private saidAt = 0;

  constructor(private readonly show: (writer: Writer | null) => void) {}

  /** The other side writes, or (null) has stopped. */
  hear(role: Role | null): void {
    clearTimeout(this.timer);
    const writer = role === "agent" || role === "bot" ? role : null;
    if (writer) this.timer = window.setTimeout(() => this.show(null), SHOWN_MS[writer]);
    this.show(writer);
  }

  /** The customer writes; `say` is false when it could not be said. */
  type(say: () => boolean): void {
    const now = Date.now();
    if (now - this.saidAt >= SAID_EVERY_MS && say()) this.saidAt = now;
  }
}
