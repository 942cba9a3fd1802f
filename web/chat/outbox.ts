/** Sends what the customer wrote, one at a time and in order, and again with the same `client_id`. */

import { Refused, Unreachable, type Body } from "./http";
import type { EntryState } from "./transcript";

export interface Outgoing {
  readonly body: Body;
  readonly text: string;
}

const FAILED = "发送失败";
const TRIES = 3;

interface Door {
  /** Resolves once the server has stored the message. */
  deliver(body: Body): Promise<void>;
  mark(clientId: string, state: EntryState, reason: string): void;
  expire(): unknown;
  /** The line is down: says when to try again. */
  pause(): Promise<void>;
}

export class Outbox {
  private waiting: Outgoing[] = [];
  private running = false;
  private paused = false;

  constructor(private readonly door: Door) {}

  get isEmpty(): boolean {
    return this.waiting.length === 0;
  }

  push(item: Outgoing): void {
    this.waiting.push(item);
    if (this.paused) this.door.mark(item.body.client_id, "waiting", "");
    void this.run();
  }

  /** Hands back what was never sent, and forgets it. */
  empty(): readonly Outgoing[] {
    const left = this.waiting;
    this.waiting = [];
    return left;
  }

  private async run(): Promise<void> {
    if (this.running) return;
    this.running = true;
    try {
      for (let item = this.waiting[0]; item; item = this.waiting[0]) {
        if (!(await this.sendOne(item))) return;
        if (this.waiting[0] === item) this.waiting.shift();
      }
    } finally {
      this.running = false;
    }
  }

  private async hold(): Promise<void> {
    this.paused = true;
    for (const { body } of this.waiting) this.door.mark(body.client_id, "waiting", "");
    await this.door.pause();
    this.paused = false;
  }

  /** False: the session has ended and nothing further may go out. */
  private async sendOne(item: Outgoing): Promise<boolean> {
    const id = item.body.client_id;
    for (let refusals = 0; this.waiting[0] === item; ) {
      this.door.mark(id, "sending", "");
      try {
        await this.door.deliver(item.body);
        return true;
      } catch (error) {
        if (error instanceof Refused && error.expired) {
          this.door.mark(id, "failed", FAILED);
          this.door.expire();
          return false;
        }
        if (error instanceof Refused && (!error.passing || ++refusals >= TRIES)) {
          this.door.mark(id, "failed", error.message || FAILED);
          return true;
        }
        if (!(error instanceof Refused || error instanceof Unreachable)) throw error;
        await this.hold();
      }
    }
    return true;
  }
}
