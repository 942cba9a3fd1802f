import { html, nothing, type TemplateResult } from "lit";
import type { Bank } from "../bank";
import type { Talk } from "../talk";
import { safeHref } from "../text/links";
import { closeIcon } from "./icons";
import { LightElement } from "./light";
import { paragraph } from "./prose";

export type Topic = "complaint" | "privacy";

/** What stands behind the footer: how to complain, and what happens to the customer's data. */
export class ChatPanel extends LightElement {
  static override properties = {
    bank: { attribute: false },
    talk: { attribute: false },
    training: { attribute: false },
    topic: { state: true },
    saved: { state: true },
  };
  declare bank: Bank;
  declare talk: Talk;
  declare training: boolean;
  declare topic: Topic;
  declare saved: string;

  constructor() {
    super();
    this.topic = "privacy";
    this.saved = "";
  }

  open(topic: Topic): void {
    this.topic = topic;
    this.saved = "";
    this.requestUpdate();
    this.querySelector("dialog")?.showModal();
  }

  private close(): void {
    this.querySelector("dialog")?.close();
  }

  protected override render(): unknown {
    const privacy = this.topic === "privacy";
    const title = privacy ? this.bank.notice.title || "隐私说明" : "投诉渠道";
    return html`<dialog aria-labelledby="panel-title" @keydown=${(event: Event) => event.stopPropagation()}>
      <header><h2 id="panel-title">${title}</h2>
        <button type="button" class="plain" aria-label="关闭" @click=${this.close}>${closeIcon}</button></header>
      <div class="prose" tabindex="0" role="region" aria-labelledby="panel-title">
        ${privacy ? this.privacy() : this.complaint()}
      </div>
    </dialog>`;
  }

  private privacy(): TemplateResult {
    const open = this.talk.phase === "open";
    return html`${this.bank.notice.paragraphs.map((text) => paragraph(text, this.bank))}
      ${open
        ? html`<label class="tick"><input type="checkbox" .checked=${this.training} @change=${this.change} />
            <span>同意将隐去个人信息后的对话用于改进智能客服</span></label>
            <p role="status" class="saved">${this.saved}</p>`
        : nothing}
      ${this.bank.noticeVersion ? html`<p class="aside">版本 ${this.bank.noticeVersion}</p>` : nothing}`;
  }

  private async change(event: Event): Promise<void> {
    const wanted = (event.target as HTMLInputElement).checked;
    const saved = await this.talk.allowTraining(wanted);
    this.saved = saved ? (wanted ? "已保存：您同意用于改进" : "已保存：不再用于改进") : "设置没有保存，请稍后再试";
    if (!saved) this.requestUpdate("training", wanted);
  }

  private complaint(): TemplateResult {
    const { phone, url, text } = this.bank.complaint;
    const href = url && safeHref(url);
    return html`${paragraph(text, this.bank)}
      ${phone ? html`<p class="line">投诉电话 ${paragraph(phone, this.bank)}</p>` : nothing}
      ${href ? html`<p class="line"><a href=${href} target="_blank" rel="noopener noreferrer">投诉办理流程<span class="hidden">（新窗口打开）</span></a></p>` : nothing}
      ${this.talk.phase === "open"
        ? html`<p><button type="button" class="primary" @click=${this.complain}>在线投诉</button></p>`
        : nothing}`;
  }

  private complain(): void {
    this.close();
    this.talk.send("我要投诉");
  }
}

customElements.define("chat-panel", ChatPanel);
