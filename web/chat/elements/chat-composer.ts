import { html, nothing, type PropertyValues } from "lit";
import { COUNT_FROM, length, MOST_CHARACTERS, sends } from "../text/typing";
import { sendIcon } from "./icons";
import { LightElement } from "./light";

const TALLEST_PX = 160;

/** Fires `send` (detail: the text) and `typing`. Keeps the draft, whatever happens to the session. */
export class ChatComposer extends LightElement {
  static override properties = { draft: {}, locked: { type: Boolean } };
  declare draft: string;
  /** The session has ended: what is typed stays, nothing goes out. */
  declare locked: boolean;
  private composing = false;

  constructor() {
    super();
    this.draft = "";
    this.locked = false;
  }

  override focus(): void {
    this.querySelector("textarea")?.focus();
  }

  protected override render(): unknown {
    const count = length(this.draft);
    const over = count > MOST_CHARACTERS;
    return html`<form class="composer" @submit=${this.submit}>
      <label class="hidden" for="draft">输入您的问题</label>
      <textarea id="draft" rows="1" placeholder="输入您的问题……" enterkeyhint="send" autocomplete="off" .value=${this.draft}
        aria-describedby=${count >= COUNT_FROM ? "count" : nothing} aria-invalid=${over ? "true" : nothing}
        @input=${this.input} @keydown=${this.key}
        @compositionstart=${() => (this.composing = true)} @compositionend=${() => (this.composing = false)}></textarea>
      <button class="primary send" aria-disabled=${String(this.locked || over || !this.draft.trim())}>
        ${sendIcon}<span>发送</span>
      </button>
      ${count >= COUNT_FROM
        ? html`<p id="count" class=${over ? "count fault" : "count"} role="status">
            ${over ? `已超出 ${count - MOST_CHARACTERS} 字，请删减或分两次发送` : `还可输入 ${MOST_CHARACTERS - count} 字`}
          </p>`
        : nothing}
    </form>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("draft")) this.fit();
  }

  private fit(): void {
    const area = this.querySelector("textarea");
    if (!area) return;
    area.style.height = "auto";
    const borders = area.offsetHeight - area.clientHeight;
    area.style.height = `${Math.min(area.scrollHeight + borders, TALLEST_PX)}px`;
  }

  private input(event: Event): void {
    this.draft = (event.target as HTMLTextAreaElement).value;
    this.dispatchEvent(new Event("typing"));
  }

  private key(event: KeyboardEvent): void {
    if (!sends(event, this.composing)) return;
    event.preventDefault();
    this.send();
  }

  private submit(event: Event): void {
    event.preventDefault();
    this.send();
    this.focus();
  }

  private send(): void {
    const text = this.draft.trim();
    if (!text || this.locked || length(text) > MOST_CHARACTERS) return;
    this.draft = "";
    this.dispatchEvent(new CustomEvent<string>("send", { detail: text }));
  }
}

customElements.define("chat-composer", ChatComposer);
