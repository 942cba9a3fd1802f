import { html, nothing, type TemplateResult } from "lit";
import type { Bank } from "../bank";
import { largeType, setLargeType } from "../settings";
import { Talk } from "../talk";
import { clock } from "../time";
import { safeHref, telHref } from "../text/links";
import type { ChatComposer } from "./chat-composer";
import "./chat-composer";
import "./chat-log";
import "./chat-notice";
import type { ChatPanel, Topic } from "./chat-panel";
import "./chat-panel";
import { closeIcon, markIcon, personIcon } from "./icons";
import "./identity-line";
import { LightElement } from "./light";

const FINE_POINTER = matchMedia("(pointer: fine)");
const HUMAN_LABELS = { bot: "转人工", queue: "排队中", agent: "已转人工" };

export class ChatApp extends LightElement {
  static override properties = { large: { state: true } };
  declare large: boolean;
  private readonly talk = new Talk();
  private handedBack = "";

  constructor() {
    super();
    this.large = largeType();
    this.talk.addEventListener("change", () => this.requestUpdate());
    this.talk.host.addEventListener("change", () => this.talk.host.watched && this.focusInside());
    this.addEventListener("keydown", (event) => this.key(event));
  }

  private get canAskHuman(): boolean {
    return this.talk.owner.kind === "bot";
  }

  protected override firstUpdated(): void {
    void this.talk.load();
  }

  protected override render(): unknown {
    const { bank, phase } = this.talk;
    if (!bank || phase === "unavailable") return phase === "loading" ? this.loading() : this.unavailable();
    return html`
      ${this.header(bank)}
      ${this.banner()}
      <main>${this.talk.opened ? this.conversation(bank) : this.welcome(bank)}</main>
      ${this.footer(bank)}
      <chat-panel .bank=${bank} .talk=${this.talk} .training=${this.talk.training}></chat-panel>
    `;
  }

  protected override updated(): void {
    const { unsent } = this.talk;
    if (unsent && unsent !== this.handedBack) this.handBack(unsent);
    this.handedBack = unsent;
  }

  private loading(): TemplateResult {
    return html`<main class="blank" aria-busy="true"><p role="status">正在接通……</p></main>`;
  }

  private unavailable(): TemplateResult {
    return html`<main class="blank"><h1>暂时无法接通</h1>
      <p>请检查网络后重试。急需办理（如挂失），请拨打银行卡背面的客服电话。</p>
      <button type="button" class="primary" @click=${() => this.talk.load()}>重试</button></main>`;
  }

  private header(bank: Bank): TemplateResult {
    const { kind } = this.talk.owner;
    const speaker = kind === "queue" ? "正在转接人工" : `${this.talk.speaker} 为您服务`;
    const line = this.talk.offline ? "未连接" : this.talk.live ? "已连接" : "";
    return html`<header class="bar">
      <div class="inner">
        ${markIcon}
        <div class="title"><h1>${bank.name} <span>在线客服</span></h1>
          <p class="speaker"><span class="dot ${this.talk.offline ? "off" : this.talk.live ? "on" : ""}"></span>${speaker}
            <span class="hidden">${line}</span></p></div>
        <button type="button" class="plain" aria-pressed=${String(this.large)} @click=${this.toggleLarge}>大字</button>
        <button type="button" class="human" aria-disabled=${String(!this.canAskHuman)}
          @click=${this.human}>${personIcon}<span>${HUMAN_LABELS[kind]}</span></button>
        ${this.talk.host.embedded
          ? html`<button type="button" class="plain" aria-label="关闭对话窗口" @click=${() => this.talk.host.close()}>${closeIcon}</button>`
          : nothing}
      </div>
      <p class="label">智能客服回答，仅供参考，以本行公告为准</p>
      <identity-line .identity=${this.talk.identity} @over=${() => this.talk.identityOver()}></identity-line>
    </header>`;
  }

  private banner(): TemplateResult {
    const { trouble, offline, phase } = this.talk;
    const said = offline && phase === "open" ? "网络已断开，您写的内容会在恢复后自动发送。" : phase === "notice" ? "" : trouble;
    return html`<div class="banner" role="status">${said ? html`<p>${said}</p>` : nothing}</div>`;
  }

  private welcome(bank: Bank): TemplateResult {
    const { phase, trouble, wantsHuman } = this.talk;
    return html`<div class="scroller"><chat-notice .bank=${bank} .busy=${phase === "starting"} .trouble=${trouble}
      .wantsHuman=${wantsHuman} @agree=${(event: CustomEvent<boolean>) => this.begin(event.detail)}></chat-notice></div>`;
  }

  private conversation(bank: Bank): TemplateResult {
    const { talk } = this;
    const expired = talk.phase !== "open";
    return html`
      <chat-log .entries=${talk.entries} .talk=${talk} .bank=${bank} .older=${talk.older} .announces=${talk.announces}
        .starters=${expired ? [] : bank.starters}></chat-log>
      <div class="foot column">
        ${expired ? this.ended() : nothing}
        <p class="typing" role="status">${talk.typing ? html`${this.talk.speaker}正在输入<i></i><i></i><i></i>` : nothing}</p>
        ${this.queueBar()}
        <chat-composer .locked=${expired} @send=${(event: CustomEvent<string>) => talk.send(event.detail)}
          @typing=${() => talk.typed()}></chat-composer>
      </div>
    `;
  }

  private queueBar(): TemplateResult | typeof nothing {
    const { queue, owner } = this.talk;
    if (owner.kind !== "queue") return nothing;
    const place = queue?.position != null ? `前面 ${queue.position} 位` : "请稍候";
    const until = queue?.estimated_at ? `，预计 ${clock(queue.estimated_at)} 前接通` : "";
    return html`<div class="queue"><p role="status">正在排队：${place}${until}</p>
      <button type="button" class="quiet" @click=${() => this.talk.requests.leaveQueue()}>改为回电</button></div>`;
  }

  private ended(): TemplateResult {
    return html`<div class="ended" role="alert"><p>本次对话已结束。为保护您的信息，之前的内容已收起，您输入的文字仍保留在下方。</p>
      <button type="button" class="primary" ?disabled=${this.talk.phase === "starting"}
        @click=${() => this.begin(this.talk.training)}>开始新的咨询</button></div>`;
  }

  private footer(bank: Bank): TemplateResult {
    return html`<footer><nav aria-label="联系与说明">
      <a href=${telHref(bank.hotline)}>客服热线 ${bank.hotline}</a>
      <button type="button" class="quiet" @click=${() => this.openPanel("complaint")}>投诉渠道</button>
      <button type="button" class="quiet" @click=${() => this.openPanel("privacy")}>隐私</button>
      ${bank.footer.map((link) => {
        const href = safeHref(link.url);
        return href ? html`<a href=${href} target="_blank" rel="noopener noreferrer">${link.title}</a>` : nothing;
      })}
    </nav></footer>`;
  }

  private async begin(training: boolean): Promise<void> {
    await this.talk.start(training);
    await this.updateComplete;
    if (this.talk.phase === "open") this.focusInside();
  }

  /** A touch keyboard should come up when the customer wants it, not when we do. */
  private focusInside(): void {
    const composer = this.querySelector<ChatComposer>("chat-composer");
    if (composer && FINE_POINTER.matches) composer.focus();
    else this.querySelector<HTMLElement>(".scroller, button.primary")?.focus();
  }

  private handBack(unsent: string): void {
    const composer = this.querySelector<ChatComposer>("chat-composer");
    if (composer) composer.draft = [unsent, composer.draft].filter(Boolean).join("\n");
  }

  private human(): void {
    if (!this.canAskHuman) return;
    this.talk.askHuman();
    if (this.talk.phase === "expired") void this.begin(this.talk.training);
  }

  private toggleLarge(): void {
    this.large = !this.large;
    setLargeType(this.large);
    void this.talk.preferLarge(this.large);
  }

  private openPanel(topic: Topic): void {
    this.querySelector<ChatPanel>("chat-panel")?.open(topic);
  }

  /** Esc belongs to the input method while it is composing, and to the dialog while one is open. */
  private key(event: KeyboardEvent): void {
    if (event.key !== "Escape" || event.isComposing || event.keyCode === 229) return;
    if (this.talk.host.embedded) this.talk.host.close();
  }
}

customElements.define("chat-app", ChatApp);
