import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import "../../chat/elements/copy-button";
import { LightElement } from "../../chat/elements/light";
import { pieces } from "../../chat/text/links";
import { clock, day } from "../../chat/time";
import { codeIn, type Delivery } from "./outbox";

const NEAR_THE_END = 48; // pixels

/** The messages of one phone, newest last. A reader who has scrolled up is left where he is. */
export class PhoneScreen extends LightElement {
  static override properties = { deliveries: { attribute: false }, owner: {}, sender: {} };
  declare deliveries: readonly Delivery[];
  declare owner: string;
  declare sender: string;
  private atEnd = true;
  private top = 0;
  /** Buttons and words draw themselves after us: the end moves until all are there. */
  private readonly grown = new ResizeObserver(() => this.toEnd());

  constructor() {
    super();
    this.deliveries = [];
    this.owner = "";
    this.sender = "";
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.grown.disconnect();
  }

  protected override firstUpdated(): void {
    for (const part of this.querySelectorAll(".messages, .column")) this.grown.observe(part);
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has("owner")) this.atEnd = true;
    this.toEnd();
  }

  private toEnd(): void {
    const scroller = this.querySelector(".messages");
    if (!scroller || !this.atEnd) return;
    scroller.scrollTop = scroller.scrollHeight;
    this.top = scroller.scrollTop;
  }

  /** The column may have grown since we scrolled it ourselves: only upwards is away from the end. */
  private scrolled(event: Event): void {
    const { scrollTop, scrollHeight, clientHeight } = event.target as HTMLElement;
    const stayed = this.atEnd && scrollTop >= this.top;
    this.atEnd = stayed || scrollHeight - scrollTop - clientHeight < NEAR_THE_END;
    this.top = scrollTop;
  }

  protected override render(): unknown {
    return html`<div class="device">
      <p class="sender" aria-hidden="true">${this.sender}</p>
      <div class="messages" role="log" tabindex="0" aria-label="${this.owner}手机上的消息" @scroll=${this.scrolled}>
        <div class="column">${this.deliveries.length ? html`<ol>${this.deliveries.map((one, at) => this.delivery(one, at))}</ol>` : this.empty()}</div>
      </div>
    </div>`;
  }

  private empty(): TemplateResult {
    return html`<p class="nothing">还没有消息。在客服对话里填写这位客户的手机号后，验证码会出现在这里。</p>`;
  }

  private delivery(one: Delivery, at: number): TemplateResult {
    const today = day(one.at);
    const before = this.deliveries[at - 1];
    const code = codeIn(one.text);
    return html`<li>
      ${before && day(before.at) === today ? nothing : html`<p class="day">${today}</p>`}
      <div class="bubble">
        <p class="meta"><strong>${one.channel}</strong><time datetime=${one.at}>${clock(one.at)}</time></p>
        <p class="words">${this.words(one.text)}</p>
        ${code ? html`<copy-button .text=${code} .label=${`复制验证码 ${code}`}></copy-button>` : nothing}
      </div>
    </li>`;
  }

  /** Only http and https addresses become links; everything else stays text. */
  private words(text: string): readonly (string | TemplateResult)[] {
    return pieces(text, []).map((piece) =>
      piece.href
        ? html`<a href=${piece.href} target="_blank" rel="noopener noreferrer">${piece.text}<span class="hidden">（新窗口打开）</span></a>`
        : piece.text,
    );
  }
}

customElements.define("phone-screen", PhoneScreen);
