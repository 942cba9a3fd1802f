import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { paint, readBank } from "../../chat/bank";
import { LightElement } from "../../chat/elements/light";
import { Refused, Unreachable } from "../../chat/http";
import { clock } from "../../chat/time";
import { fields } from "../../chat/wire";
import { call } from "../calls";
import { customerFacts } from "./customer-facts";
import type { Customer } from "./customers";
import { Feed } from "./feed";
import { sentTo } from "./outbox";
import "./phone-screen";

const ROOM_FOR_BOTH = matchMedia("(min-width: 48rem)");

/** The customers' phones. Who is on show stands in the address (`#ref`), so that Back works. */
export class PhoneApp extends LightElement {
  static override properties = { bankName: { state: true }, address: { state: true } };
  declare bankName: string;
  declare address: string;
  private readonly feed = new Feed();
  /** Messages already seen, by customer. */
  private readonly seen = new Map<string, number>();

  constructor() {
    super();
    this.bankName = "银行";
    this.address = location.hash;
    this.feed.addEventListener("change", () => this.requestUpdate());
    addEventListener("hashchange", () => (this.address = location.hash));
    ROOM_FOR_BOTH.addEventListener("change", () => this.requestUpdate());
  }

  private get chosen(): Customer | undefined {
    const { customers } = this.feed;
    const asked = customers.find((customer) => addressOf(customer) === this.address);
    return asked ?? (ROOM_FOR_BOTH.matches ? customers[0] : undefined);
  }

  protected override firstUpdated(): void {
    void this.feed.again();
    void this.dress();
  }

  /** Without an answer the page keeps the colours and words it was built with. */
  private async dress(): Promise<void> {
    try {
      const bank = readBank(fields(await call("GET", "/api/chat/bank")));
      paint(bank);
      this.bankName = bank.name || this.bankName;
    } catch (error) {
      if (!(error instanceof Refused || error instanceof Unreachable)) throw error;
    }
  }

  protected override willUpdate(): void {
    const first = this.seen.size === 0;
    for (const customer of this.feed.customers) {
      if (first || customer === this.chosen) this.seen.set(customer.ref, this.countOf(customer));
    }
    document.title = this.chosen ? `${this.chosen.name}的手机 - 手机模拟器` : "手机模拟器";
  }

  /** Where one part hides the other, the keyboard goes along. */
  protected override updated(changed: PropertyValues): void {
    if (!changed.has("address") || changed.get("address") === undefined || ROOM_FOR_BOTH.matches) return;
    this.querySelector<HTMLElement>(this.chosen ? ".phone h2" : ".people h2")?.focus();
  }

  protected override render(): unknown {
    return html`
      <aside class="fiction" aria-label="演示说明"><p>演示用，全部为虚构：客户、号码和消息都不是真的，也不会发给任何人。</p></aside>
      <header class="top"><h1>手机模拟器</h1>
        <nav aria-label="演示入口"><a href="/">银行演示页</a>
          <a href="/chat" target="_blank">单独打开客服<span class="hidden">（新窗口打开）</span></a></nav></header>
      <div class="banner" role="status">${this.lost()}</div>
      <main class=${this.chosen ? "chosen" : ""}>${this.body()}</main>`;
  }

  private lost(): TemplateResult | typeof nothing {
    const { lostAt, state } = this.feed;
    if (state !== "ready" || lostAt === null) return nothing;
    const since = clock(new Date(lostAt).toISOString());
    return html`<p>${since} 起连接中断，正在自动重试。下面是中断前收到的消息。</p>`;
  }

  private body(): TemplateResult {
    switch (this.feed.state) {
      case "loading":
        return html`<p class="blank" role="status" aria-busy="true">正在读取演示客户……</p>`;
      case "absent":
        return html`<div class="blank"><h2>这里没有模拟手机</h2>
          <p>只有使用演示银行、并且在运行它的电脑上打开时，才能看到模拟手机。</p>${this.retry()}</div>`;
      case "failed":
        return html`<div class="blank" role="alert"><h2>暂时读不到模拟手机</h2>
          <p>请确认演示程序正在运行，页面会自动重试。</p>${this.retry()}</div>`;
      case "ready":
        return this.feed.customers.length ? this.phones() : html`<div class="blank"><h2>还没有演示客户</h2></div>`;
    }
  }

  private retry(): TemplateResult {
    return html`<button type="button" class="primary" @click=${() => this.feed.again()}>重试</button>`;
  }

  private phones(): TemplateResult {
    const { chosen } = this;
    return html`${this.howTo()}
      <section class="people" aria-labelledby="people-title"><h2 id="people-title" tabindex="-1">选择一位客户</h2>
        <ul>${this.feed.customers.map((customer) => this.person(customer, customer === chosen))}</ul></section>
      ${chosen ? this.phone(chosen) : nothing}
      ${chosen && !ROOM_FOR_BOTH.matches ? customerFacts(chosen) : nothing}`;
  }

  private howTo(): TemplateResult {
    return html`<section class="how" aria-labelledby="how-title"><h2 id="how-title">怎么试</h2>
      <ol>
        <li>选择一位客户，这里会显示客户的手机和资料。</li>
        <li><button type="button" class="inline" @click=${openChat}>打开客服对话</button>，说“忘记登录密码”，按提示填写客户的资料。</li>
        <li>验证码和链接会出现在手机上：复制验证码，点开链接设置新密码。</li>
      </ol></section>`;
  }

  private person(customer: Customer, current: boolean): TemplateResult {
    const fresh = this.countOf(customer) - (this.seen.get(customer.ref) ?? 0);
    return html`<li><a href=${addressOf(customer)} aria-current=${current ? "true" : nothing}>
      <span class="who"><strong>${customer.name}</strong> <span>${customer.phone}</span></span>
      <span class="soft">${customer.about}</span>
      ${fresh > 0 ? html`<span class="fresh">${fresh} 条新消息</span>` : nothing}</a>
      ${current && ROOM_FOR_BOTH.matches ? customerFacts(customer) : nothing}</li>`;
  }

  private phone(customer: Customer): TemplateResult {
    return html`<section class="phone" aria-labelledby="phone-title">
      <a class="back" href="#">换一位客户</a>
      <h2 id="phone-title" tabindex="-1">${customer.name}的手机</h2>
      <p class="soft about">${customer.about}</p>
      <phone-screen .deliveries=${sentTo(customer, this.feed.outbox)} .owner=${customer.name} .sender=${this.bankName}></phone-screen>
    </section>`;
  }

  private countOf(customer: Customer): number {
    return sentTo(customer, this.feed.outbox).length;
  }
}

/** As it stands in an address, percent signs and all. */
function addressOf(customer: Customer): string {
  return `#${encodeURIComponent(customer.ref)}`;
}

/** The bank's tag on this page hears it. */
function openChat(): void {
  document.dispatchEvent(new CustomEvent("shouwen:open"));
}

customElements.define("phone-app", PhoneApp);
