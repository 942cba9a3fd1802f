import { html, nothing } from "lit";
import type { Bank } from "../bank";
import { LightElement } from "./light";
import { paragraph } from "./prose";

/** What is done with the customer's data, read before the first word. Training is asked for separately, unticked. */
export class ChatNotice extends LightElement {
  static override properties = {
    bank: { attribute: false },
    busy: { type: Boolean },
    trouble: {},
    wantsHuman: { attribute: false },
  };
  declare bank: Bank;
  declare busy: boolean;
  declare trouble: string;
  declare wantsHuman: boolean;

  constructor() {
    super();
    this.busy = false;
    this.trouble = "";
    this.wantsHuman = false;
  }

  protected override render(): unknown {
    const { notice, hotline } = this.bank;
    return html`<form class="notice" @submit=${this.agree} aria-labelledby="notice-title">
      <h2 id="notice-title">${notice.title || "开始之前，请您了解"}</h2>
      ${this.trouble ? html`<p class="trouble" role="alert">${this.trouble}</p>` : nothing}
      <div class="prose">${notice.paragraphs.map((text) => paragraph(text, this.bank))}</div>
      <label class="tick">
        <input type="checkbox" name="training" />
        <span>同意将隐去个人信息后的对话用于改进智能客服（选填，不勾选不影响使用，可随时在“隐私”中更改）</span>
      </label>
      <p class="wish" role="status">
        ${this.wantsHuman ? "点击下方按钮后，将直接为您转接人工。" : nothing}
      </p>
      <div class="agree"><button class="primary" ?disabled=${this.busy}>${this.busy ? "正在接通" : "同意并开始咨询"}</button></div>
      <p class="aside">您也可以直接拨打客服热线 ${paragraph(hotline, this.bank)}</p>
    </form>`;
  }

  private agree(event: Event): void {
    event.preventDefault();
    const training = this.querySelector<HTMLInputElement>("[name=training]")?.checked === true;
    this.dispatchEvent(new CustomEvent<boolean>("agree", { detail: training }));
  }
}

customElements.define("chat-notice", ChatNotice);
