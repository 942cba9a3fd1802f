import { html, type PropertyValues, type TemplateResult } from "lit";
import { markIcon } from "../../chat/elements/icons";
import { LightElement } from "../../chat/elements/light";
import { telHref } from "../../chat/text/links";
import "./reset-form";
import { takeToken } from "./token";

type Step = "form" | "done" | "over" | "missing";

const MAYBE_DONE = "您刚才提交过一次但没有收到答复，密码可能那时已经修改，请先用新密码登录试试。";

/** The bank's own page behind the link of the text message. Opening it changes and uses up nothing. */
export class ResetApp extends LightElement {
  static override properties = { step: { state: true }, token: { state: true } };
  declare step: Step;
  /** In memory only: a reload needs the link again. */
  declare token: string;
  /** Why the link is over, in the bank's words. */
  private why = "";
  /** No answer came to an earlier try, so it may have worked. */
  private uncertain = false;

  constructor() {
    super();
    this.begin();
    // Another link opened in the same tab changes nothing but the fragment.
    addEventListener("hashchange", () => location.hash && this.begin());
  }

  private get hotline(): TemplateResult {
    const phone = this.dataset.hotline ?? "";
    return html`<a href=${telHref(phone)}>${phone}</a>`;
  }

  private begin(): void {
    this.token = takeToken();
    this.step = this.token ? "form" : "missing";
    this.uncertain = false;
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.get("step") !== undefined) this.querySelector<HTMLElement>("h1")?.focus();
  }

  protected override render(): unknown {
    return html`
      <aside class="fiction" aria-label="演示说明"><p>演示用，银行和客户全部为虚构。请不要填写您真实使用的密码。</p></aside>
      <header class="bank"><p>${markIcon}<strong>${this.dataset.bank}</strong></p></header>
      <main>${this.body()}</main>
      <footer><p>客服热线 ${this.hotline}</p><p>本行工作人员不会向您索要密码或验证码。</p></footer>`;
  }

  private body(): TemplateResult {
    switch (this.step) {
      case "form":
        return html`<h1 tabindex="-1">重置登录密码</h1>
          <p>如果不是您本人申请，请关闭本页并致电 ${this.hotline}。</p>
          <reset-form .token=${this.token} @done=${() => this.end("done")} @over=${(event: CustomEvent<string>) => this.end("over", event.detail)}
            @unknown=${() => (this.uncertain = true)}></reset-form>`;
      case "done":
        return this.said("登录密码已修改", "请用新密码重新登录。您在其他设备上的登录已全部退出。", "现在可以关闭本页。");
      case "over":
        return this.said("链接已失效", this.uncertain ? MAYBE_DONE : "本次没有修改密码。", this.why);
      case "missing":
        return this.said(
          "请从短信中的链接打开本页",
          "为了您的账户安全，链接内容不会留在浏览器里。刷新页面后，需要重新点开短信中的链接。",
          "如果链接已超过10分钟，请回到客服对话，再说一次“忘记登录密码”，我们会发送新的链接。",
        );
    }
  }

  private said(title: string, ...words: readonly string[]): TemplateResult {
    return html`<h1 tabindex="-1">${title}</h1>${words.map((one) => html`<p>${one}</p>`)}
      <p class="urgent">非本人操作，请立即致电 ${this.hotline}。</p>`;
  }

  private end(step: Step, why = ""): void {
    this.token = "";
    this.why = why;
    this.step = step;
  }
}

customElements.define("reset-app", ResetApp);
