import { html, nothing, type TemplateResult } from "lit";
import type { Bank } from "../bank";
import type { FormErrors } from "../http";
import { faultOf, isWhole, secureFields, tidy, type SecureField } from "../secure-fields";
import { HUMAN_WORDS, type Talk } from "../talk";
import { secondsLeft, span } from "../time";
import { fields, text, type Card, type Message } from "../wire";
import { shieldIcon } from "./icons";
import { LightElement } from "./light";
import "./resend-code";
import { askConsent, closedForm, expiredForm, type Person } from "./secure-words";

const TOLD_AT = [60, 20];
const EXPIRED = "这张表单已过期，没有提交任何内容。要继续办理，请重新说一次您要办的事。";
const FINE_POINTER = matchMedia("(pointer: fine)");
let forms = 0;

function drawn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

/** Fields that go to the identity service and nowhere else: not into the talk, not into storage. */
export class SecureForm extends LightElement {
  static override properties = {
    message: { attribute: false },
    talk: { attribute: false },
    bank: { attribute: false },
    errors: { state: true },
    sending: { state: true },
    left: { state: true },
    told: { state: true },
  };
  declare message: Message;
  declare talk: Talk;
  declare bank: Bank;
  declare errors: FormErrors;
  declare sending: boolean;
  declare left: number;
  declare told: string;
  /** The same form may be asked for twice in one talk. */
  private readonly ids = `secure-${++forms}`;
  private readonly follow = (): void => this.requestUpdate();
  private ticking = 0;

  constructor() {
    super();
    this.errors = {};
    this.sending = false;
    this.left = 0;
    this.told = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.left = secondsLeft(text(this.card.expires_at));
    this.ticking = window.setInterval(() => this.tick(), 1000);
    this.talk.addEventListener("change", this.follow);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.ticking);
    this.talk.removeEventListener("change", this.follow);
  }

  private get card(): Card {
    return this.message.card ?? { type: "" };
  }

  private get timed(): boolean {
    return Boolean(text(this.card.expires_at));
  }

  /** Where the customer already writes elsewhere, the focus stays there. */
  protected override firstUpdated(): void {
    const { talk } = this;
    const active = document.activeElement;
    const writing = active?.matches("textarea, input") && !active.closest("secure-form") && (active as HTMLInputElement).value;
    if (talk.announces && talk.host.watched && !writing && (FINE_POINTER.matches || talk.forms.begun)) void this.start();
  }

  protected override render(): unknown {
    return html`${this.shown()}<p class="hidden" role="status">${this.told}</p>`;
  }

  private shown(): TemplateResult {
    const state = this.talk.forms.stateOf(this.message);
    if (state !== "open") return closedForm(state, this.person());
    if (this.timed && this.left === 0) return expiredForm(EXPIRED, this.person());
    if (!this.talk.forms.agreed) {
      const choice = { agree: () => void this.agree(), decline: () => this.talk.forms.decline(this.message) };
      return askConsent(this.ids, this.message, this.bank, choice, this.person());
    }
    return this.form();
  }

  private person(): Person {
    if (this.message.buttons.some(({ title }) => title === HUMAN_WORDS)) return nothing;
    return html`<button type="button" class="quiet" @click=${() => this.talk.askHuman()}>${HUMAN_WORDS}</button>`;
  }

  private form(): TemplateResult {
    const title = `${this.ids}-title`;
    const again = fields(this.card.resend);
    return html`<form class="card secure-form" @submit=${this.submit} novalidate autocomplete="off" aria-labelledby=${title}>
      <header>${shieldIcon}<h2 id=${title}>核对身份<small>（不会出现在聊天记录中）</small></h2></header>
      <p class="purpose">${text(this.card.purpose)}</p>
      ${secureFields(this.card).map((field) => this.field(field))}
      ${text(again.after)
        ? html`<resend-code .notBefore=${text(again.after)} .voice=${again.voice === true} .busy=${this.sending}
            @again=${(event: CustomEvent<"sms" | "voice">) => this.resend(event.detail)}></resend-code>`
        : nothing}
      ${this.errors[""] ? html`<p class="fault" role="alert">${this.errors[""]}</p>` : nothing}
      <footer>
        <button class="primary" aria-disabled=${String(this.sending)}>${this.sending ? "正在核对" : "提交"}</button>
        ${this.person()}
        ${this.timed ? html`<span class="left" aria-hidden="true">剩余 ${span(this.left)}</span>` : nothing}
      </footer>
    </form>`;
  }

  private field(field: SecureField): TemplateResult {
    const fault = this.errors[field.name] ?? "";
    const id = `${this.ids}-${field.name}`;
    return html`<div class="field">
      <label for=${id}>${field.label}</label>
      <input id=${id} name=${field.name} type="text" inputmode=${field.inputMode} autocomplete=${field.autocomplete}
        autocapitalize="off" spellcheck="false" required aria-invalid=${fault ? "true" : "false"}
        aria-describedby="${id}-said" @input=${(event: Event) => this.typed(field, event)}
        @blur=${(event: FocusEvent) => this.check(field, event)} />
      <p id="${id}-said" class=${fault ? "fault" : "hint"}>${fault || field.hint}</p>
    </div>`;
  }

  /** A fault goes as soon as it is mended, and is told as soon as nothing more can follow. */
  private typed(field: SecureField, event: Event): void {
    const { value } = event.target as HTMLInputElement;
    if (this.errors[field.name] || isWhole(field, value)) this.check(field, event);
  }

  /** Says at once what is wrong with a field that was filled in; an empty one may still be filled. */
  private check(field: SecureField, event: Event): void {
    const { value } = event.target as HTMLInputElement;
    this.errors = { ...this.errors, [field.name]: value ? faultOf(field, value) : "" };
  }

  private async submit(event: Event): Promise<void> {
    event.preventDefault();
    if (this.sending) return;
    const asked = secureFields(this.card);
    const raw = new FormData(event.target as HTMLFormElement);
    const value = (field: SecureField): string => String(raw.get(field.name) ?? "");
    this.errors = Object.fromEntries(asked.map((field) => [field.name, faultOf(field, value(field))]));
    if (Object.values(this.errors).some(Boolean)) return this.focusFault();
    const values = Object.fromEntries(asked.map((field) => [field.name, tidy(field, value(field))]));
    await this.busy(() => this.talk.forms.answer(this.message, values));
    if (this.talk.forms.stateOf(this.message) === "open") await this.focusFault();
    else await this.moveOn();
  }

  private async resend(channel: "sms" | "voice"): Promise<void> {
    if (!this.sending) await this.busy(() => this.talk.forms.resend(this.message, channel));
  }

  private async busy(post: () => Promise<FormErrors>): Promise<void> {
    this.sending = true;
    this.errors = await post();
    this.sending = false;
  }

  private async agree(): Promise<void> {
    await this.talk.forms.agree();
    await this.start();
  }

  /** Once everything in the form is drawn and has its height. */
  private async start(): Promise<void> {
    await drawn();
    this.focusFirst();
  }

  /** The whole form is brought into sight; of one that is too tall, the field. */
  private focusFirst(): void {
    this.querySelector("form")?.scrollIntoView({ block: "nearest" });
    this.querySelector<HTMLElement>("form input")?.focus();
  }

  private async focusFault(): Promise<void> {
    await this.updateComplete;
    const wrong = this.querySelector<HTMLInputElement>("[aria-invalid=true]") ?? this.querySelector("input");
    wrong?.focus();
    wrong?.select();
  }

  /** To the next form of the talk, which only now is drawn; without one, to what became of this, the answer in sight. */
  private async moveOn(): Promise<void> {
    await drawn();
    const next = document.querySelector("secure-form form")?.closest<SecureForm>("secure-form");
    if (next) next.focusFirst();
    else this.querySelector<HTMLElement>(".done")?.focus({ preventScroll: true });
  }

  /** The seconds are for the eye; a screen reader hears of them twice, and of the end. */
  private tick(): void {
    if (!this.timed || this.talk.forms.stateOf(this.message) !== "open") return;
    const before = this.left;
    this.left = secondsLeft(text(this.card.expires_at));
    if (TOLD_AT.some((mark) => this.left <= mark && mark < before)) this.told = `表单剩余 ${span(this.left)}`;
    if (this.left === 0 && before > 0) void this.expire();
  }

  private async expire(): Promise<void> {
    const held = this.contains(document.activeElement);
    this.told = EXPIRED;
    await this.updateComplete;
    if (held) this.querySelector<HTMLElement>(".done")?.focus();
  }
}

customElements.define("secure-form", SecureForm);
