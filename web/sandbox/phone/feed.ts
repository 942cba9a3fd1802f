/** Asks the sandbox every two seconds for its customers and what was sent to them. */

import { Refused, Unreachable } from "../../chat/http";
import { call } from "../calls";
import { readCustomers, type Customer } from "./customers";
import { readOutbox, type Delivery } from "./outbox";

const EVERY_MS = 2_000;

/** `absent`: no sandbox bank here, or not for this device. `failed`: nothing was ever read. */
export type FeedState = "loading" | "ready" | "absent" | "failed";

export class Feed extends EventTarget {
  state: FeedState = "loading";
  customers: readonly Customer[] = [];
  outbox: readonly Delivery[] = [];
  /** Since when what is shown may be out of date (epoch ms), or null. */
  lostAt: number | null = null;
  private last = "";
  private timer = 0;
  private asking = false;

  constructor() {
    super();
    document.addEventListener("visibilitychange", () => document.hidden || this.again());
    addEventListener("online", () => this.again());
  }

  /** Ask now, whatever was heard before. */
  async again(): Promise<void> {
    clearTimeout(this.timer);
    if (this.asking) return;
    this.asking = true;
    await this.ask();
    this.asking = false;
    if (this.state !== "absent" && !document.hidden) this.timer = window.setTimeout(() => this.again(), EVERY_MS);
  }

  private async ask(): Promise<void> {
    try {
      this.take(await Promise.all([call("GET", "/sandbox/customers"), call("GET", "/sandbox/outbox")]));
    } catch (error) {
      if (error instanceof Refused && (error.status === 404 || error.status === 403)) this.become("absent");
      else if (error instanceof Refused || error instanceof Unreachable) this.lose();
      else throw error;
    }
  }

  private take(answers: readonly [unknown, unknown]): void {
    const said = JSON.stringify(answers);
    if (said === this.last && this.state === "ready" && this.lostAt === null) return;
    this.last = said;
    this.customers = readCustomers(answers[0]);
    this.outbox = readOutbox(answers[1]);
    this.lostAt = null;
    this.become("ready");
  }

  /** What was read stays on show. */
  private lose(): void {
    this.lostAt ??= Date.now();
    this.become(this.state === "ready" ? "ready" : "failed");
  }

  private become(state: FeedState): void {
    this.state = state;
    this.dispatchEvent(new Event("change"));
  }
}
