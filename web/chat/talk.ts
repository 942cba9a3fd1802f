/** One customer's talk with the bank: what can be done in it. What is on show of it is in `shown.ts`. */

import { paint, readBank } from "./bank";
import { Forms } from "./forms";
import { Host } from "./host";
import { ChatHttp, Refused, Unreachable, type Body, type Started } from "./http";
import { Line } from "./line";
import { Presence } from "./presence";
import { randomId } from "./random-id";
import { Requests } from "./requests";
import { keepSession, loadSession, openSession } from "./session";
import { BOT, Shown } from "./shown";
import type { Entry } from "./transcript";
import { Unread } from "./unread";
import type { Button, Page } from "./wire";

export const HUMAN_WORDS = "转人工";
const QUIET_MS = 800;

export class Talk extends Shown {
  readonly host = new Host();
  private readonly http = new ChatHttp(() => this.renewed());
  private line = this.newLine();
  forms = this.newForms();
  readonly requests = new Requests(this.http, {
    absorb: (page) => this.line.absorb(page),
    sync: () => this.line.history.sync(),
    expire: () => this.expire(),
    tell: (trouble) => this.set({ trouble }),
  });
  private readonly unread = new Unread(this.host, document.title);
  private readonly presence = new Presence((typing) => this.set({ typing }));
  private readSeq = 0;

  constructor() {
    super();
    addEventListener("online", () => this.wake());
    addEventListener("offline", () => this.set({}));
    addEventListener("pageshow", (event) => event.persisted && this.wake());
    addEventListener("beforeunload", (event) => this.line.allSent || event.preventDefault());
    this.host.addEventListener("change", () => this.host.watched && this.wake());
    this.host.addEventListener("signed-in", (event) => void this.identify((event as CustomEvent<string>).detail));
  }

  get offline(): boolean {
    return this.line.offline;
  }

  get live(): boolean {
    return this.line.live;
  }

  get older(): { readonly more: boolean; readonly loading: boolean; readonly failed: boolean } {
    const { hasOlder, loadingOlder, olderFailed } = this.line.history;
    return { more: hasOlder, loading: loadingOlder, failed: olderFailed };
  }

  /** Reads the bank's facts, then goes on with this tab's talk if it has one. */
  async load(): Promise<void> {
    this.set({ phase: "loading" });
    try {
      this.bank = readBank(await this.http.bank());
      paint(this.bank);
      this.unread.rename(`${this.bank.name}在线客服`);
      await this.resume();
    } catch (error) {
      if (!(error instanceof Refused || error instanceof Unreachable)) throw error;
      this.set({ phase: "unavailable" });
    }
  }

  /** A talk begins. The notice has been read; training is the customer's own choice. */
  async start(training: boolean): Promise<void> {
    if (!this.bank) return;
    const before = this.phase;
    this.set({ phase: "starting", training, trouble: "" });
    try {
      const started = await openSession(this.http, this.host, { notice_version: this.bank.noticeVersion, training });
      this.begin(started);
    } catch (error) {
      if (!(error instanceof Refused || error instanceof Unreachable)) throw error;
      const said = error instanceof Refused ? error.message : "";
      this.set({ phase: before, trouble: said || "暂时没能接通，请稍后再试，或拨打客服热线。" });
    }
  }

  send(text: string): void {
    this.post({ client_id: randomId(), text }, text);
  }

  choose(button: Button): void {
    this.post({ client_id: randomId(), button: button.token }, button.title);
  }

  /** Before the talk is open the wish is kept and goes out as its first message. */
  askHuman(): void {
    if (this.phase === "open") this.send(HUMAN_WORDS);
    else this.set({ wantsHuman: true });
  }

  retry(entry: Entry): void {
    this.line.retry(entry);
  }

  discard(entry: Entry): void {
    this.line.discard(entry);
  }

  async loadOlder(): Promise<void> {
    const loading = this.quietly(() => this.line.history.older());
    this.set({});
    await loading;
    this.set({});
  }

  /** Before the talk is open, its opening says so. */
  async preferLarge(large: boolean): Promise<void> {
    if (this.phase === "open") await this.requests.preferLarge(large);
  }

  /** What was shown of the customer's identity may be over: the server says. */
  identityOver(): void {
    this.set({ identity: null });
    void this.line.history.sync();
  }

  async allowTraining(training: boolean): Promise<boolean> {
    const saved = await this.requests.allowTraining(training);
    this.set({ training: saved ? training : this.training });
    if (saved) this.keep();
    return saved;
  }

  /** The reader is at the end and looking. */
  seen(): void {
    if (!this.host.watched) return;
    this.unread.clear();
    const newest = this.line.transcript.newest;
    if (newest > this.readSeq && this.line.say({ type: "read", seq: newest })) this.readSeq = newest;
  }

  /** Only people are told that the customer is typing. */
  typed(): void {
    if (this.owner.kind !== "bot") this.presence.type(() => this.line.say({ type: "typing" }));
  }

  /** The session has ended on the server's side. */
  expire(): void {
    if (this.phase !== "open") return;
    const unsent = this.line.stop();
    this.forget();
    this.set({ phase: "expired", unsent });
  }

  private post(body: Body, text: string): void {
    this.set({ trouble: "" });
    this.line.post(body, text);
  }

  private async resume(): Promise<void> {
    const kept = loadSession();
    if (!kept) return this.set({ phase: "notice" });
    this.http.token = kept.token;
    this.training = kept.training;
    this.forms.agreed = kept.sensitive;
    try {
      await this.quietly(() => this.line.history.open());
      this.set({ phase: "open", opened: true });
      this.line.start();
    } catch (error) {
      if (!(error instanceof Refused && error.expired)) throw error;
      this.forget();
      this.set({ phase: "notice", trouble: "上次的对话已结束，请重新开始。" });
    }
  }

  private begin(started: Started): void {
    this.http.token = started.token;
    this.keep();
    this.announces = true;
    this.line.begin(started);
    this.set({ phase: "open", opened: true });
    if (this.wantsHuman) this.send(HUMAN_WORDS);
    this.wantsHuman = false;
  }

  private forget(): void {
    this.http.token = "";
    keepSession(null);
    this.line = this.newLine();
    this.forms = this.newForms();
    this.unread.clear();
    this.readSeq = 0;
    this.set({ owner: BOT, queue: null, typing: null, identity: null });
  }

  private keep(): void {
    keepSession({ token: this.http.token, training: this.training, sensitive: this.forms.agreed });
  }

  /** The old token is dead: what is kept and the live line change over at once. */
  private renewed(): void {
    this.keep();
    this.line.renew();
  }

  private async identify(bankToken: string): Promise<void> {
    if (this.phase === "open") await this.requests.identify(bankToken);
  }

  private newForms(): Forms {
    const talk = this;
    return new Forms(this.http, {
      get entries() {
        return talk.line.transcript.entries();
      },
      send: (text) => this.send(text),
      absorb: (answer) => this.line.absorb(answer),
      refresh: (message) => this.line.history.again(message.seq),
      agree: () => this.requests.allowIdentity(),
      agreed: () => this.keep(),
      expire: () => this.expire(),
      changed: () => this.set({}),
    });
  }

  private newLine(): Line {
    const line: Line = new Line(this.http, {
      changed: () => this.set({}),
      took: (page, incoming) => line === this.line && this.took(page, incoming),
      owner: (owner) => this.set({ owner, queue: owner.kind === "queue" ? this.queue : null }),
      queue: (queue) => this.set({ queue }),
      typing: (role) => this.presence.hear(role),
      expectsNews: () => this.owner.kind !== "bot" || this.entries.at(-1)?.message.role === "customer",
      ended: () => line === this.line && this.expire(),
      mayRenew: () => this.forms.open !== null,
    });
    return line;
  }

  private took(page: Page, incoming: number): void {
    const owner = page.owner ?? this.owner;
    const queue = page.queue === undefined ? this.queue : page.queue;
    if (incoming) this.unread.add(incoming);
    if (incoming) this.forms.heard(page);
    this.set({
      owner,
      identity: page.identity === undefined ? this.identity : page.identity,
      queue: owner.kind === "queue" ? queue : null,
      typing: incoming ? null : this.typing,
    });
  }

  private wake(): void {
    this.line.wake();
    this.set({});
  }

  private async quietly(load: () => Promise<void>): Promise<void> {
    this.announces = false;
    try {
      await load();
    } finally {
      setTimeout(() => this.set({ announces: true }), QUIET_MS);
    }
  }

  protected override set(change: Partial<Shown>): void {
    super.set({ ...change, entries: this.line.transcript.entries() });
  }
}
