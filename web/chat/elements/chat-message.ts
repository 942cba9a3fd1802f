import { html, nothing, type TemplateResult } from "lit";
import type { Bank } from "../bank";
import type { Talk } from "../talk";
import { clock } from "../time";
import { folds, FOLD_AFTER, lines } from "../text/lines";
import { inWords } from "../text/placeholders";
import type { Entry } from "../transcript";
import type { Button, Message } from "../wire";
import { cardOf } from "./cards";
import "./copy-button";
import { LightElement } from "./light";
import { phonesOf, prose } from "./prose";

/** Shorter ones are sooner read than copied. */
const WORTH_COPYING = 60;
const OWN_STATES = { waiting: "网络恢复后自动发送", sending: "正在发送", sent: "已发送", failed: "", received: "" };

export class ChatMessage extends LightElement {
  static override properties = {
    entry: { attribute: false },
    talk: { attribute: false },
    bank: { attribute: false },
    unfolded: { state: true },
    chosen: { state: true },
    helpful: { state: true },
  };
  declare entry: Entry;
  declare talk: Talk;
  declare bank: Bank;
  declare unfolded: boolean;
  declare chosen: ReadonlySet<string>;
  declare helpful: boolean | null;

  constructor() {
    super();
    this.unfolded = false;
    this.chosen = new Set();
    this.helpful = null;
  }

  protected override render(): unknown {
    const { message, state } = this.entry;
    const own = message.role === "customer";
    this.dataset.role = message.role;
    this.dataset.state = state;
    if (message.role === "system") return this.notice(message);
    return html`
      <div class="who">
        <span class=${own ? "hidden" : "name"}>${own ? "您" : this.speaker(message)}</span>
        ${message.role === "agent" ? html`<span class="tag">人工</span>` : nothing}
        <time datetime=${message.at}>${clock(message.at)}</time>
      </div>
      <div class="bubble">${this.words(message)}</div>
      ${cardOf(message, this.talk, this.bank)} ${own ? this.delivery() : this.below(message)}
    `;
  }

  private speaker(message: Message): string {
    if (message.name) return message.name;
    return message.role === "bot" ? this.bank.botName : "人工客服";
  }

  private notice(message: Message): TemplateResult {
    return html`
      <div class="bubble">${this.words(message)}</div>
      ${cardOf(message, this.talk, this.bank)} ${this.buttons(message)}
    `;
  }

  private words(message: Message): TemplateResult {
    const all = lines(message.role === "customer" ? inWords(message.text) : message.text);
    const folded = folds(all) && !this.unfolded && message.role !== "customer";
    const phones = message.role === "customer" ? [] : phonesOf(this.bank);
    return html`${prose(folded ? all.slice(0, FOLD_AFTER) : all, phones)}
    ${folds(all) && message.role !== "customer"
      ? html`<button type="button" class="quiet unfold" aria-expanded=${String(!folded)} @click=${this.fold}>
          ${folded ? `展开其余 ${all.length - FOLD_AFTER} 行` : "收起"}
        </button>`
      : nothing}`;
  }

  private fold(): void {
    this.unfolded = !this.unfolded;
  }

  private below(message: Message): TemplateResult {
    const asked = message.feedback || this.helpful !== null;
    const isAnswer = message.updated || asked || (message.text.length > WORTH_COPYING && !message.card);
    return html`
      ${isAnswer
        ? html`<div class="about">
            ${message.updated ? html`<span class="updated">更新于 ${message.updated}</span>` : nothing}
            <copy-button .text=${message.text}></copy-button>
            ${asked ? this.helpfulness(message) : nothing}
          </div>`
        : nothing}
      ${this.buttons(message)}
    `;
  }

  private helpfulness(message: Message): TemplateResult {
    if (this.helpful !== null) {
      return html`<span class="thanks" role="status">感谢您的评价：${this.helpful ? "有帮助" : "没帮助"}</span>`;
    }
    return html`<button type="button" class="quiet" @click=${() => this.judge(message, true)}>有帮助</button>
      <button type="button" class="quiet" @click=${() => this.judge(message, false)}>没帮助</button>`;
  }

  private async judge(message: Message, helpful: boolean): Promise<void> {
    if (!(await this.talk.requests.judge(message, helpful))) return;
    const held = this.contains(document.activeElement);
    this.helpful = helpful;
    await this.updateComplete;
    if (held) this.querySelector<HTMLElement>(".about button")?.focus();
  }

  /** Under an answer the buttons are neighbours to look at; otherwise they are one choice, made once. */
  private buttons(message: Message): TemplateResult | typeof nothing {
    if (message.buttons.length === 0) return nothing;
    const related = message.about !== null && message.updated !== null;
    const made = this.chosen.size > 0 || message.buttons.some((button) => button.used);
    return html`<div class="choices" role="group" aria-label=${related ? "相关问题" : "请选择"}>
      ${related ? html`<span class="related" aria-hidden="true">相关：</span>` : nothing}
      ${message.buttons.map((button) => {
        const taken = this.chosen.has(button.token) || button.used === true;
        return html`<button type="button" class="choice ${taken ? "taken" : ""}" aria-pressed=${taken ? "true" : nothing}
          aria-disabled=${taken || (made && !related) ? "true" : nothing} @click=${() => this.choose(button)}>
          ${button.title}
        </button>`;
      })}
    </div>`;
  }

  /** Stays focusable when used up, so that the keyboard does not lose its place. */
  private choose(button: Button): void {
    const related = this.entry.message.about !== null && this.entry.message.updated !== null;
    const made = this.entry.message.buttons.some((one) => one.used) || this.chosen.size > 0;
    if (button.used || this.chosen.has(button.token) || (made && !related)) return;
    this.chosen = new Set([...this.chosen, button.token]);
    this.talk.choose(button);
  }

  private delivery(): TemplateResult {
    const { state, reason } = this.entry;
    if (state !== "failed") return html`<div class="delivery">${OWN_STATES[state]}</div>`;
    return html`<div class="delivery" role="alert">
      <span class="failed">${reason}</span>
      <button type="button" class="quiet" @click=${() => this.talk.retry(this.entry)}>重试</button>
      <button type="button" class="quiet" @click=${() => this.talk.discard(this.entry)}>删除</button>
    </div>`;
  }
}

customElements.define("chat-message", ChatMessage);
