import { html, nothing, type TemplateResult } from "lit";
import { Refused, Unreachable } from "../http";
import { faultOf, secureFields, tidy, type SecureField } from "../secure-fields";
import type { Talk } from "../talk";
import { secondsLeft, span } from "../time";
import { text, type Card } from "../wire";
import { shieldIcon } from "./icons";
import { LightElement } from "./light";

const TOLD_AT = [60, 20];
let forms = 0;
const NOT_SENT = "暂时没能提交，您填写的内容没有保存，请稍后再试。";

/** Fields that go to the identity service and nowhere else: not into the talk, not into storage. */
export class SecureForm extends LightElement {
  static override properties = {
    card: { attribute: false },
    talk: { attribute: false },
    errors: { state: true },
    state: { state: true },
    left: { state: true },
    told: { state: true },
  };
  declare card: Card;
  declare talk: Talk;
  declare errors: Readonly<Record<string, string>>;
  declare state: "open" | "sending" | "done";
  declare left: number;
  declare told: string;
  /** The same form may be asked for twice in one talk. */
  private readonly ids = `secure-${++forms}`;
  private ticking = 0;

  constructor() {
    super();
    this.errors = {};
    this.state = "open";
    this.left = 0;
    this.told = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.tick();
    this.ticking = window.setInterval(() => this.tick(), 1000);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.ticking);
  }

  private get timed(): boolean {
    return Boolean(text(this.card.expires_at));
  }

  private get over(): boolean {
    return this.state === "open" && this.timed && this.left === 0;
  }

  protected override render(): unknown {
    if (this.state === "done" || this.card.done === true) {
      return html`<p class="card done" role="status" tabindex="-1">${shieldIcon}已提交，内容不会出现在聊天记录中。</p>`;
    }
    if (this.over) {
      return html`<div class="card done">${shieldIcon}<p>这张表单已过期，没有提交任何内容。需要继续请重新提出，也可以
        <button type="button" class="quiet" @click=${() => this.talk.askHuman()}>转人工</button></p></div>`;
    }
    return this.form();
  }

  private form(): TemplateResult {
    const title = `${this.ids}-title`;
    return html`<form class="card secure-form" @submit=${this.submit} novalidate autocomplete="off" aria-labelledby=${title}>
      <header>${shieldIcon}<h2 id=${title}>核对身份<small>（不会出现在聊天记录中）</small></h2></header>
      <p class="purpose">${text(this.card.purpose)}</p>
      ${secureFields(this.card).map((field) => this.field(field))}
      ${this.errors[""] ? html`<p class="fault" role="alert">${this.errors[""]}</p>` : nothing}
      <footer>
        <button class="primary" ?disabled=${this.state === "sending"}>${this.state === "sending" ? "正在核对" : "提交"}</button>
        ${this.timed ? html`<span class="left" aria-hidden="true">剩余 ${span(this.left)}</span>` : nothing}
      </footer>
      <p class="hidden" role="status">${this.told}</p>
    </form>`;
  }

  private field(field: SecureField): TemplateResult {
    const fault = this.errors[field.name] ?? "";
    const id = `${this.ids}-${field.name}`;
    return html`<div class="field">
      <label for=${id}>${field.label}</label>
      <input id=${id} name=${field.name} type="text" inputmode=${field.inputMode} autocomplete=${field.autocomplete}
        autocapitalize="off" spellcheck="false" required aria-invalid=${fault ? "true" : "false"}
        aria-describedby="${id}-said" @blur=${(event: FocusEvent) => this.check(field, event)} />
      <p id="${id}-said" class=${fault ? "fault" : "hint"}>${fault || field.hint}</p>
    </div>`;
  }

  /** Says at once what is wrong with a field that was filled in; an empty one may still be filled. */
  private check(field: SecureField, event: FocusEvent): void {
    const value = (event.target as HTMLInputElement).value;
    this.errors = { ...this.errors, [field.name]: value ? faultOf(field, value) : "" };
  }

  private async submit(event: Event): Promise<void> {
    event.preventDefault();
    if (this.state === "sending") return;
    const asked = secureFields(this.card);
    const raw = new FormData(event.target as HTMLFormElement);
    const value = (field: SecureField): string => String(raw.get(field.name) ?? "");
    this.errors = Object.fromEntries(asked.map((field) => [field.name, faultOf(field, value(field))]));
    if (Object.values(this.errors).some(Boolean)) return this.focusFault();
    await this.post(Object.fromEntries(asked.map((field) => [field.name, tidy(field, value(field))])));
  }

  private async post(values: Readonly<Record<string, string>>): Promise<void> {
    this.state = "sending";
    try {
      const { errors } = await this.talk.secure(text(this.card.form), values);
      this.errors = errors;
    } catch (error) {
      if (error instanceof Refused && error.expired) return this.talk.expire();
      if (!(error instanceof Refused || error instanceof Unreachable)) throw error;
      this.errors = { "": error instanceof Refused && error.message ? error.message : NOT_SENT };
    }
    this.state = Object.values(this.errors).some(Boolean) ? "open" : "done";
    await this.focusFault();
  }

  private async focusFault(): Promise<void> {
    await this.updateComplete;
    this.querySelector<HTMLElement>("[aria-invalid=true], .done")?.focus();
  }

  /** The seconds are for the eye; a screen reader hears of them twice. */
  private tick(): void {
    if (this.state !== "open" || !this.card) return;
    this.left = secondsLeft(text(this.card.expires_at));
    if (TOLD_AT.includes(this.left)) this.told = `表单剩余 ${span(this.left)}`;
  }
}

customElements.define("secure-form", SecureForm);
