import { html, nothing } from "lit";
import { secondsLeft } from "../time";
import type { Identity } from "../wire";
import { shieldIcon } from "./icons";
import { LightElement } from "./light";

const TICK_MS = 5_000;

/** Whom the bank knows it is talking to, and for how long. Fires `over` when that time has passed. */
export class IdentityLine extends LightElement {
  static override properties = { identity: { attribute: false } };
  declare identity: Identity | null;
  private ticking = 0;

  constructor() {
    super();
    this.identity = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.ticking = window.setInterval(() => this.tick(), TICK_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.ticking);
  }

  protected override render(): unknown {
    const { identity } = this;
    const minutes = identity ? Math.ceil(secondsLeft(identity.until) / 60) : 0;
    if (!identity || !minutes) return nothing;
    const name = identity.salutation ? `：${identity.salutation}` : "";
    return html`<p class="identity">${shieldIcon}<span>已核对身份${name}</span><span>还有 ${minutes} 分钟</span></p>`;
  }

  private tick(): void {
    if (!this.identity) return;
    if (secondsLeft(this.identity.until) === 0) this.dispatchEvent(new Event("over"));
    else this.requestUpdate();
  }
}

customElements.define("identity-line", IdentityLine);
