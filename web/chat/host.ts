/**
 * The page around us, if any. It may say that it is there, whether we are on show, and who is signed in; we say how
 * many are unread. Only the page that frames us is heard, and only under the origin it first spoke from; which sites
 * may frame us at all is the server's word (frame-ancestors).
 */

import { fields, text } from "./wire";

type Said = { readonly type: "ready" | "close" | "bank-token-wanted" } | { readonly type: "unread"; readonly count: number };

const BANK_TOKEN_WAIT_MS = 1_500;

/** Fires `change`, and `signed-in` (detail: the bank's token) when the page hands one over unasked. */
export class Host extends EventTarget {
  readonly embedded = window.parent !== window;
  private origin = "";
  private shown = !this.embedded;
  private bankToken: ((token: string | null) => void) | null = null;

  constructor() {
    super();
    addEventListener("message", (event) => (this.embedded ? this.hear(event) : this.hearApp(event)));
    document.addEventListener("visibilitychange", () => this.changed());
  }

  /** Somebody can see the page right now. */
  get watched(): boolean {
    return this.shown && document.visibilityState === "visible";
  }

  close(): void {
    this.say({ type: "close" });
  }

  unread(count: number): void {
    this.say({ type: "unread", count });
  }

  /**
   * The signed-in customer's token, or null. A bank's page answers the event `shouwen:bank-token-wanted` of its
   * document. It never stands in an address: whoever sends a link could sign the reader in as somebody else.
   */
  async askBankToken(): Promise<string | null> {
    if (!this.origin) return null;
    return new Promise((resolve) => {
      this.bankToken = resolve;
      setTimeout(() => this.signedIn(""), BANK_TOKEN_WAIT_MS);
      this.say({ type: "bank-token-wanted" });
    });
  }

  private say(said: Said): void {
    if (this.origin) window.parent.postMessage({ from: "shouwen-chat", ...said }, this.origin);
  }

  private hear(event: MessageEvent<unknown>): void {
    const said = fields(event.data);
    if (event.source !== window.parent || said.from !== "shouwen-embed") return;
    this.origin ||= event.origin;
    if (event.origin !== this.origin) return;
    if (said.type === "hello") this.say({ type: "ready" });
    if (said.type === "bank-token") this.signedIn(text(said.token));
    if (said.type === "opened" || said.type === "closed") {
      this.shown = said.type === "opened";
      this.changed();
    }
  }

  /** The app whose view shows this page posts to the page's own window; no other site can speak from there. */
  private hearApp(event: MessageEvent<unknown>): void {
    const said = fields(event.data);
    if (event.source !== window || event.origin !== location.origin) return;
    if (said.from === "shouwen-app" && said.type === "bank-token") this.signedIn(text(said.token));
  }

  private signedIn(token: string): void {
    const { bankToken } = this;
    this.bankToken = null;
    if (bankToken) bankToken(token || null);
    else if (token) this.dispatchEvent(new CustomEvent("signed-in", { detail: token }));
  }

  private changed(): void {
    this.dispatchEvent(new Event("change"));
  }
}
