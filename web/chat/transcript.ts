/** The talk as this page knows it: merged by `seq` and `client_id`, so that nothing is lost and nothing doubles. */

import type { Message } from "./wire";

/** `waiting`: typed while the line was down, will go out by itself. */
export type EntryState = "received" | "waiting" | "sending" | "sent" | "failed";

export interface Entry {
  /** Stays the same from the first keystroke to the stored message, so that the element on screen does too. */
  readonly key: string;
  readonly message: Message;
  readonly state: EntryState;
  readonly reason: string;
}

const NOT_YET = -1;

function ownMessage(clientId: string, text: string): Message {
  return {
    id: "",
    seq: NOT_YET,
    role: "customer",
    name: "",
    text,
    buttons: [],
    card: null,
    at: new Date().toISOString(),
    client_id: clientId,
    about: null,
    updated: null,
    feedback: false,
  };
}

export class Transcript {
  private readonly stored = new Map<number, Entry>();
  private local: Entry[] = [];
  private synced = 0;

  /** Everything up to this number is here; what the server keeps to itself (notes) counts as here. */
  get syncedTo(): number {
    return this.synced;
  }

  get oldest(): number {
    return Math.min(...this.stored.keys());
  }

  get newest(): number {
    return Math.max(0, ...this.stored.keys());
  }

  /** A number was skipped: either a push was lost or the server keeps that message to itself. */
  get hasGap(): boolean {
    return this.newest > this.synced;
  }

  entries(): readonly Entry[] {
    const stored = [...this.stored.values()].sort((a, b) => a.message.seq - b.message.seq);
    return [...stored, ...this.local];
  }

  /** Returns the entries that were not known before. */
  add(messages: readonly Message[]): readonly Entry[] {
    return messages.map((message) => this.addOne(message)).filter((entry): entry is Entry => entry !== null);
  }

  write(clientId: string, text: string): void {
    this.local = [
      ...this.local,
      { key: clientId, message: ownMessage(clientId, text), state: "sending", reason: "" },
    ];
  }

  /** The server has it, under this id and number. */
  acknowledge(clientId: string, id: string, seq: number): void {
    const entry = this.takeLocal(clientId);
    if (!entry || this.stored.has(seq)) return;
    this.stored.set(seq, { ...entry, message: { ...entry.message, id, seq }, state: "sent" });
    this.advance();
  }

  mark(clientId: string, state: EntryState, reason = ""): void {
    this.local = this.local.map((entry) => (entry.key === clientId ? { ...entry, state, reason } : entry));
  }

  /** Takes an unsent entry out, for good or to send it again below the others. */
  takeLocal(clientId: string): Entry | undefined {
    const entry = this.local.find((one) => one.key === clientId);
    this.local = this.local.filter((one) => one !== entry);
    return entry;
  }

  /** The server was asked and has said all it has up to `seq`. */
  settle(seq: number): void {
    this.synced = Math.max(this.synced, seq);
    this.advance();
  }

  private addOne(message: Message): Entry | null {
    const known = this.stored.get(message.seq);
    if (known) {
      this.stored.set(message.seq, { ...known, message, state: message.role === "customer" ? "sent" : "received" });
      return null;
    }
    const own = message.client_id ? this.takeLocal(message.client_id) : undefined;
    const state = message.role === "customer" ? "sent" : "received";
    const entry: Entry = { key: own?.key ?? `s${message.seq}`, message, state, reason: "" };
    this.stored.set(message.seq, entry);
    this.advance();
    return own ? null : entry;
  }

  private advance(): void {
    while (this.stored.has(this.synced + 1)) this.synced += 1;
  }
}
