import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Bank } from "../bank";
import type { Talk } from "../talk";
import { day } from "../time";
import type { Entry } from "../transcript";
import "./chat-message";
import { downIcon } from "./icons";
import { LightElement } from "./light";
import { Place } from "./place";

const LOAD_OLDER_WITHIN_PX = 160;

/** The transcript. Keeps the reader's place: new answers announce themselves, they never jump the page. */
export class ChatLog extends LightElement {
  static override properties = {
    entries: { attribute: false },
    talk: { attribute: false },
    bank: { attribute: false },
    older: { attribute: false },
    announces: { attribute: false },
    starters: { attribute: false },
    below: { state: true },
  };
  declare entries: readonly Entry[];
  declare talk: Talk;
  declare bank: Bank;
  declare older: Talk["older"];
  declare announces: boolean;
  declare starters: readonly string[];
  /** New messages below what the reader is looking at. */
  declare below: number;
  private place: Place | null = null;
  private lastSeq = 0;
  private lastWritten = "";
  /** Key of the answer that has just come. */
  private head = "";

  constructor() {
    super();
    this.below = 0;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.place?.release();
  }

  protected override firstUpdated(): void {
    const scroller = this.querySelector<HTMLElement>(".scroller");
    const column = this.querySelector<HTMLElement>(".column");
    if (scroller && column) this.place = new Place(scroller, column, () => this.moved());
    const greeting = this.entries.some(({ message }) => message.role === "customer") ? null : column?.querySelector("chat-message");
    if (greeting instanceof HTMLElement) this.place?.answer(greeting);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("entries")) return;
    const last = this.entries[this.entries.length - 1];
    const wroteNow = last?.message.role === "customer" && last.message.seq < 0 && last.key !== this.lastWritten;
    if (wroteNow) {
      this.lastWritten = last.key;
      this.place?.follow();
    }
    const fresh = this.entries.filter(({ message }) => message.seq > this.lastSeq && message.role !== "customer");
    this.lastSeq = Math.max(this.lastSeq, ...fresh.map(({ message }) => message.seq));
    if (!this.place || !fresh[0]) return;
    if (this.place.atEnd) this.head = fresh[0].key;
    this.below += fresh.length;
  }

  protected override updated(): void {
    const head = this.head && this.querySelector<HTMLElement>(`chat-message[data-key="${this.head}"]`);
    this.head = "";
    if (head) this.place?.answer(head);
    if (this.place?.seesNewest) this.talk.seen();
  }

  protected override render(): unknown {
    return html`
      <div class="scroller" role="log" aria-label="对话记录" aria-live=${this.announces ? "polite" : "off"}
        aria-relevant="additions" tabindex="0" @scroll=${this.scrolled} @submit=${this.submitted} @focusin=${this.entered}>
        <div class="column">
          ${this.top()}
          ${repeat(this.entries, (entry) => entry.key, (entry, index) => this.item(entry, this.entries[index - 1]))}
          ${this.firstWords()}
        </div>
      </div>
      ${this.below
        ? html`<button type="button" class="pill" @click=${this.toEnd}>${downIcon}有新消息（${this.below}）</button>`
        : nothing}
    `;
  }

  private top(): TemplateResult | typeof nothing {
    if (this.older.loading) return html`<p class="older">正在载入更早的消息……</p>`;
    if (!this.older.more) return nothing;
    return html`<p class="older"><button type="button" class="quiet" @click=${() => this.talk.loadOlder()}>
      ${this.older.failed ? "没有载入成功，点此重试" : "查看更早的消息"}
    </button></p>`;
  }

  private item(entry: Entry, previous: Entry | undefined): TemplateResult {
    const today = day(entry.message.at);
    return html`${today && today !== day(previous?.message.at ?? "")
        ? html`<p class="day"><span>${today}</span></p>`
        : nothing}<chat-message data-key=${entry.key} .entry=${entry} .talk=${this.talk} .bank=${this.bank}></chat-message>`;
  }

  /** Four ways to begin, until the customer has said something or the bank's own buttons stand there. */
  private firstWords(): TemplateResult | typeof nothing {
    const begun = this.entries.some(({ message }) => message.role === "customer" || message.buttons.length > 0);
    if (begun || this.older.more || this.starters.length === 0) return nothing;
    return html`<div class="choices starters" role="group" aria-label="常见问题">
      ${this.starters.map(
        (title) => html`<button type="button" class="choice" @click=${() => this.talk.send(title)}>${title}</button>`,
      )}
    </div>`;
  }

  private scrolled(event: Event): void {
    const scroller = event.currentTarget as HTMLElement;
    this.place?.note();
    if (scroller.scrollTop < LOAD_OLDER_WITHIN_PX && !this.older.failed) void this.talk.loadOlder();
  }

  /** A form that is sent is something the customer says: what follows is to be seen. */
  private submitted(): void {
    this.place?.follow();
  }

  /** A field that is filled in stays in sight. */
  private entered(event: FocusEvent): void {
    if (event.target instanceof HTMLInputElement) this.place?.stay();
  }

  private toEnd(): void {
    this.place?.follow();
    this.querySelector<HTMLElement>(".scroller")?.focus({ preventScroll: true });
  }

  private moved(): void {
    if (!this.place?.seesNewest) return;
    this.below = 0;
    this.talk.seen();
  }
}

customElements.define("chat-log", ChatLog);
