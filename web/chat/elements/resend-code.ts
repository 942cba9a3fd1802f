import { html, nothing } from "lit";
import { secondsLeft } from "../time";
import { LightElement } from "./light";

/** Asks for another code once the wait is over. Fires `again` (detail: `sms` or `voice`). */
export class ResendCode extends LightElement {
  static override properties = { notBefore: {}, voice: { attribute: false }, busy: { attribute: false }, left: { state: true } };
  /** ISO time. */
  declare notBefore: string;
  declare voice: boolean;
  declare busy: boolean;
  declare left: number;
  private ticking = 0;

  constructor() {
    super();
    this.notBefore = "";
    this.voice = false;
    this.busy = false;
    this.left = 0;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.ticking = window.setInterval(() => (this.left = secondsLeft(this.notBefore)), 1000);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.ticking);
  }

  protected override willUpdate(): void {
    this.left = secondsLeft(this.notBefore);
  }

  protected override render(): unknown {
    const wait = this.left > 0 || this.busy;
    return html`<p class="resend">没有收到？
      <button type="button" class="quiet" aria-disabled=${String(wait)} @click=${() => this.ask("sms")}>
        重新获取${this.left ? `（${this.left}s）` : nothing}
      </button>
      ${this.voice
        ? html`<button type="button" class="quiet" aria-disabled=${String(wait)} @click=${() => this.ask("voice")}>语音告知</button>`
        : nothing}
    </p>`;
  }

  private ask(channel: "sms" | "voice"): void {
    if (this.left > 0 || this.busy) return;
    this.dispatchEvent(new CustomEvent("again", { detail: channel }));
  }
}

customElements.define("resend-code", ResendCode);
