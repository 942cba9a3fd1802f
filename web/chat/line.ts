/** One session's line to the bank: sends in order, receives, fills gaps, comes back after a break. */

import { Delivery } from "./delivery";
import { History } from "./history";
import type { Body, ChatHttp } from "./http";
import { Outbox } from "./outbox";
import { LiveSocket } from "./socket";
import { Transcript, type Entry } from "./transcript";
import type { Frame, Message, Owner, Page, Queue, Role } from "./wire";

const TICK_MS = 5_000;
const TICKS_BETWEEN_CHECKS = 6;

/** Whoever shows the talk. */
interface Listener {
  changed(): void;
  /** `incoming` new messages that the customer did not write. */
  took(page: Page, incoming: number): unknown;
  owner(owner: Owner): void;
  queue(queue: Queue | null): void;
  typing(role: Role | null): void;
  ended(): unknown;
  /** What is written now may change who the customer is known to be, and with it the token. */
  mayRenew(): boolean;
  /** Somebody is about to say something. */
  expectsNews(): boolean;
}

export class Line {
  readonly transcript = new Transcript();
  readonly history: History;
  private readonly socket = new LiveSocket({
    credentials: () => ({ token: this.http.token, after: this.transcript.syncedTo }),
    opened: () => this.connected(),
    closed: () => this.disconnected(),
    over: () => void this.reopen(),
    frame: (frame) => this.receive(frame),
  });
  private readonly delivery: Delivery;
  private readonly outbox = new Outbox({
    deliver: (body) => this.deliver(body),
    mark: (id, state, reason) => {
      this.transcript.mark(id, state, reason);
      this.listener.changed();
    },
    expire: () => this.listener.ended(),
    pause: () => this.lineBack(),
  });
  private readonly bodies = new Map<string, Body>();
  private readonly waitingForLine = new Set<() => void>();
  private reachable = true;
  private open = false;
  private ticks = 0;
  private ticking = 0;

  constructor(
    private readonly http: ChatHttp,
    private readonly listener: Listener,
  ) {
    this.delivery = new Delivery(http, this.socket, () => listener.mayRenew());
    this.history = new History(http, this.transcript, {
      read: (page, fresh) => this.took(page, fresh),
      expire: () => this.listener.ended(),
      unreachable: () => this.reach(this.socket.isOpen),
    });
  }

  get offline(): boolean {
    return !navigator.onLine || !this.reachable;
  }

  get live(): boolean {
    return this.socket.isOpen;
  }

  /** Nothing the customer wrote is still on this side. */
  get allSent(): boolean {
    return this.outbox.isEmpty;
  }

  start(): void {
    this.open = true;
    this.ticking = window.setInterval(() => this.tick(), TICK_MS);
    this.socket.start();
  }

  /** Ends for good and returns the texts that never got out. */
  stop(): string {
    this.open = false;
    clearInterval(this.ticking);
    this.socket.stop();
    const unsent = this.outbox.empty().flatMap(({ body, text }) => ("text" in body ? [text] : []));
    return unsent.join("\n");
  }

  /** The token has changed: the old line died with the old one. */
  renew(): void {
    this.socket.restart();
  }

  post(body: Body, text: string): void {
    this.bodies.set(body.client_id, body);
    this.transcript.write(body.client_id, text);
    this.listener.changed();
    this.outbox.push({ body, text });
  }

  /** Again with the same client_id, below what was sent since. */
  retry(entry: Entry): void {
    const body = this.bodies.get(entry.key);
    this.transcript.takeLocal(entry.key);
    if (body) this.post(body, entry.message.text);
  }

  discard(entry: Entry): void {
    this.bodies.delete(entry.key);
    this.transcript.takeLocal(entry.key);
    this.listener.changed();
  }

  /** A word beside the talk (`typing`, `read`); false if the live line is down. */
  say(frame: object): boolean {
    return this.socket.send(frame);
  }

  absorb(page: Page): void {
    this.took(page, this.transcript.add(page.messages));
    if (this.transcript.hasGap) void this.history.sync();
  }

  /** The page was looked at again, or the device is online again. */
  wake(): void {
    this.letGo();
    if (!this.open) return;
    this.socket.hurry();
    void this.history.sync();
  }

  /** A talk that has just begun, or one that a signed-in customer had left open. */
  begin(page: Page): void {
    this.history.take({ ...page, more: (page.messages[0]?.seq ?? 1) > 1 });
    this.start();
  }

  private async deliver(body: Body): Promise<void> {
    const receipt = await this.delivery.send(body);
    this.bodies.delete(body.client_id);
    this.transcript.acknowledge(body.client_id, receipt.id, receipt.seq);
    if (receipt.turn) this.absorb(receipt.turn);
    else if (this.transcript.hasGap) void this.history.sync();
    this.reach(true);
  }

  private took(page: Page, fresh: readonly Entry[]): void {
    this.reachable = true;
    this.listener.took(page, fresh.filter((entry) => entry.message.role !== "customer").length);
  }

  private receive(frame: Frame): void {
    switch (frame.type) {
      case "message":
        this.stored(frame.message);
        return this.absorb({ messages: [frame.message], owner: undefined, queue: undefined, identity: undefined, more: false });
      case "ack":
        this.http.renew(frame.token);
        return this.delivery.acknowledged(frame.client_id, frame.id, frame.seq);
      case "typing":
        return this.listener.typing(frame.role);
      case "owner":
        return this.listener.owner(frame.owner);
      case "queue":
        return this.listener.queue(frame.queue);
      case "identity": // What was reached may be over: the talk tells.
        return void this.history.sync();
      case "error":
        if (frame.fault.client_id) return this.delivery.refused(frame.fault);
        void this.history.sync(); // Whatever it was, an ended session shows itself there.
    }
  }

  /** Our own message in the talk is as good as its acknowledgement, which may wait for the answer. */
  private stored({ client_id, id, seq }: Message): void {
    if (client_id) this.delivery.acknowledged(client_id, id, seq);
  }

  private connected(): void {
    this.letGo();
    void this.history.sync();
    this.reach(true);
  }

  /** An ordinary call tells whether the session has ended, or goes on under a new token. */
  private async reopen(): Promise<void> {
    await this.http.settled();
    await this.history.sync();
    this.socket.hurry();
  }

  private disconnected(): void {
    this.delivery.lineLost();
    this.listener.typing(null);
  }

  /**
   * Without a live line the server is asked every 5 s while an answer is due, else every 30 s. With one, every
   * 30 s while an answer is due, in case the line has died unnoticed. A quiet talk with a live line asks for
   * nothing: a page that is merely open must not keep its session from ending (ASVS 7.3.1).
   */
  private tick(): void {
    this.ticks += 1;
    if (!navigator.onLine) return;
    const due = this.listener.expectsNews();
    const slowly = this.ticks % TICKS_BETWEEN_CHECKS === 0;
    if (!this.socket.isOpen && (due || slowly)) void this.poll();
    if (this.socket.isOpen && due && slowly) void this.checkLine();
  }

  private async poll(): Promise<void> {
    await this.history.sync();
    if (this.reachable) this.letGo();
  }

  private async checkLine(): Promise<void> {
    const missed = await this.history.sync();
    if (missed && this.socket.isOpen) this.socket.restart();
  }

  /** Resolves when the line may be back. */
  private lineBack(): Promise<void> {
    return new Promise((resolve) => {
      const go = (): void => {
        this.waitingForLine.delete(go);
        resolve();
      };
      this.waitingForLine.add(go);
      setTimeout(go, TICK_MS * (navigator.onLine ? 1 : TICKS_BETWEEN_CHECKS));
    });
  }

  private letGo(): void {
    for (const go of [...this.waitingForLine]) go();
  }

  private reach(reachable: boolean): void {
    this.reachable = reachable;
    this.listener.changed();
  }
}
