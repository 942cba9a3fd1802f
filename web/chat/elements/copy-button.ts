import { html, type PropertyValues } from "lit";
import { copy } from "./copy";
import { LightElement } from "./light";

const SHOWN_MS = 2_000;

export class CopyButton extends LightElement {
  static override properties = { text: {}, label: {}, said: { state: true } };
  declare text: string;
  declare label: string;
  declare said: string;

  constructor() {
    super();
    this.text = "";
    this.label = "复制";
    this.said = "";
  }

  private async copy(): Promise<void> {
    this.said = (await copy(this.text)) ? "已复制" : "请长按文字复制";
    setTimeout(() => (this.said = ""), SHOWN_MS);
  }

  protected override shouldUpdate(changed: PropertyValues): boolean {
    return changed.size > 0;
  }

  protected override render(): unknown {
    return html`<button type="button" class="quiet copy" @click=${() => this.copy()}>${this.said || this.label}</button>`;
  }
}

customElements.define("copy-button", CopyButton);
