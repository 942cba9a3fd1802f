import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { LightElement } from "../../chat/elements/light";
import { faultOf, LEAST, lengthOf, NAMES, tidy, type Faults, type FieldName, type Values } from "./fields";
import { send, type Outcome } from "./sending";

const UNKNOWN = "没有收到银行的答复，不能确定密码是否已经修改。请检查网络后再提交一次，或先用新密码登录试试。";
const ADVICE = `至少${LEAST}位，建议15位以上。几个不相干的词连在一起就很好记，不要求大小写或符号。`;

/** Card, PIN and new password. What is typed lives in the fields alone and goes with them. */
export class ResetForm extends LightElement {
  static override properties = {
    token: {},
    faults: { state: true },
    sending: { state: true },
    shown: { state: true },
    length: { state: true },
  };
  declare token: string;
  declare faults: Faults;
  declare sending: boolean;
  /** The password can be read. */
  declare shown: boolean;
  /** Of the password typed so far, in characters. */
  declare length: number;

  constructor() {
    super();
    this.faults = {};
    this.sending = false;
    this.shown = false;
    this.length = 0;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("token")) this.faults = {};
  }

  protected override render(): unknown {
    return html`<form @submit=${this.submit} novalidate aria-label="重置登录密码">
      ${this.digits("card_tail", "银行卡卡号后四位", "您名下任意一张正常使用的银行卡", "text")}
      ${this.digits("pin", "这张卡的取款密码", "6位数字", "password")}
      ${this.password()}
      ${this.faults[""] ? html`<p class="fault whole" role="alert">${this.faults[""]}</p>` : nothing}
      <button class="primary" aria-disabled=${String(this.sending)}>${this.sending ? "正在提交" : "确认修改"}</button>
      <p class="hidden" role="status">${this.sending ? "正在提交" : ""}</p>
    </form>`;
  }

  private digits(name: FieldName, label: string, hint: string, type: "text" | "password"): TemplateResult {
    return html`<div class="field"><label for=${name}>${label}</label>
      <input id=${name} name=${name} type=${type} inputmode="numeric" autocomplete="off" required
        aria-invalid=${this.invalid(name)} aria-describedby="${name}-said" @blur=${this.leave} @input=${this.typed} />
      ${this.below(name, hint)}</div>`;
  }

  private password(): TemplateResult {
    const name = "password";
    const act = this.shown ? "隐藏" : "显示";
    return html`<div class="field"><label for=${name}>新的登录密码</label>
      <div class="reveal"><input id=${name} name=${name} type=${this.shown ? "text" : "password"} autocomplete="new-password"
          autocapitalize="none" autocorrect="off" spellcheck="false" required
          aria-invalid=${this.invalid(name)} aria-describedby="${name}-said" @blur=${this.leave} @input=${this.typed} />
        <button type="button" class="quiet" aria-controls=${name} aria-label="${act}密码"
          @click=${() => (this.shown = !this.shown)}>${act}</button></div>
      ${this.below(name, ADVICE)}
      <p class="hint" aria-hidden="true">${this.length ? `已输入${this.length}位` : nothing}</p></div>`;
  }

  private below(name: FieldName, hint: string): TemplateResult {
    const fault = this.faults[name];
    return html`<p id="${name}-said" class=${fault ? "fault" : "hint"}>${fault || hint}</p>`;
  }

  private invalid(name: FieldName): string {
    return String(Boolean(this.faults[name]));
  }

  private input(name: FieldName): HTMLInputElement {
    return this.querySelector<HTMLInputElement>(`#${name}`)!;
  }

  /** A field that was filled in is checked when it is left; an empty one may still be filled. */
  private leave(event: FocusEvent): void {
    const field = event.target as HTMLInputElement;
    if (field.value) this.judge(field);
  }

  /** A fault goes as soon as it is mended. */
  private typed(event: Event): void {
    const field = event.target as HTMLInputElement;
    if (field.id === "password") this.length = lengthOf(field.value);
    if (this.faults[field.id as FieldName]) this.judge(field);
  }

  private judge(field: HTMLInputElement): void {
    const name = field.id as FieldName;
    this.faults = { ...this.faults, [name]: faultOf(name, field.value) };
  }

  private async submit(event: Event): Promise<void> {
    event.preventDefault();
    if (this.sending) return;
    const values = this.values();
    this.faults = Object.fromEntries(NAMES.map((name) => [name, faultOf(name, values[name])]));
    if (Object.values(this.faults).some(Boolean)) return this.focusFault();
    this.shown = false; // A readable field may be kept by the browser as something typed before.
    this.sending = true;
    const outcome = await send(this.token, values);
    this.sending = false;
    await this.take(outcome);
  }

  private async take(outcome: Outcome): Promise<void> {
    switch (outcome.kind) {
      case "done":
        return this.tell("done");
      case "over":
        return this.tell("over", outcome.message);
      case "unknown":
        this.faults = { "": UNKNOWN };
        return this.tell("unknown");
      case "mismatch":
        this.faults = { "": outcome.message };
        this.input("pin").value = "";
        return this.input("card_tail").focus();
      case "refused":
        this.faults = outcome.faults;
        return this.focusFault();
    }
  }

  private values(): Values {
    return Object.fromEntries(NAMES.map((name) => [name, tidy(name, this.input(name).value)])) as Values;
  }

  private tell(what: "done" | "over" | "unknown", detail = ""): void {
    this.dispatchEvent(new CustomEvent<string>(what, { detail }));
  }

  private async focusFault(): Promise<void> {
    await this.updateComplete;
    this.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }
}

customElements.define("reset-form", ResetForm);
