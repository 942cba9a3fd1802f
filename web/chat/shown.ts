/** What is on show of one customer's talk. Fires `change`. */

import type { Bank } from "./bank";
import type { Writer } from "./presence";
import type { Entry } from "./transcript";
import type { Identity, Owner, Queue } from "./wire";

/** `notice`: nothing is sent before the customer has read the privacy notice. */
export type Phase = "loading" | "unavailable" | "notice" | "starting" | "open" | "expired";

export const BOT: Owner = { kind: "bot", name: "" };

export class Shown extends EventTarget {
  phase: Phase = "loading";
  /** This page has shown a talk: its frame, and the draft in it, stay even when the session ends. */
  opened = false;
  bank: Bank | null = null;
  entries: readonly Entry[] = [];
  owner = BOT;
  queue: Queue | null = null;
  /** Who the customer is known to be. */
  identity: Identity | null = null;
  typing: Writer | null = null;
  training = false;
  /** What was typed and never sent, handed back to the composer. */
  unsent = "";
  /** Something the customer should know about the last thing they did. */
  trouble = "";
  wantsHuman = false;
  /** Additions are read out by screen readers; history that comes in is not. */
  announces = false;

  /** Who speaks for the bank now, by name. */
  get speaker(): string {
    if (this.owner.kind !== "agent") return this.bank?.botName ?? "";
    const said = this.entries.filter(({ message }) => message.role === "agent").at(-1);
    return this.owner.name || said?.message.name || "人工客服";
  }

  protected set(change: Partial<Shown>): void {
    Object.assign(this, change);
    this.dispatchEvent(new Event("change"));
  }
}
