/** The gateway's calls. The token travels in a header, never in an address. */

import { fields, readFault, readPage, readTurn, text, type Fields, type Page } from "./wire";

/** The server answered and said no. `expired`: the token is no longer good. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }

  get expired(): boolean {
    return this.status === 401;
  }

  /** Worth another try by itself: the server is busy or failing, the request is not at fault. */
  get passing(): boolean {
    return this.status === 429 || this.status >= 500;
  }
}

/** No answer came: offline, a dead line, or none in time. */
export class Unreachable extends Error {}

export interface Consent {
  readonly notice_version: string;
  readonly training: boolean;
}

/** How the page is looked at: large type also asks for one question at a time. */
export interface Look {
  readonly channel: string;
  readonly device: string;
  readonly large_type: boolean;
}

export interface Started extends Page {
  readonly token: string;
}

export interface Sent extends Page {
  readonly id: string;
  readonly seq: number;
}

/** Field name to what is wrong with it; `""` holds what concerns the whole form. */
export type FormErrors = Readonly<Record<string, string>>;

export interface SecureAnswer extends Page {
  readonly errors: FormErrors;
}

export type SecureBody = { readonly fields: Readonly<Record<string, string>> } | { readonly resend: "sms" | "voice" };

const PAGE_SIZE = 50;
/** No talk has as many messages, so "before" this one stands the newest page. */
const BEYOND_ALL = 999_999_999;
const PATIENCE_MS = 20_000;
const TURN_PATIENCE_MS = 40_000;
const BASE = "/api/chat";

export type Body = { readonly client_id: string } & ({ readonly text: string } | { readonly button: string });

export class ChatHttp {
  token = "";
  /** Calls on their way that may bring a new token and end the old one. */
  private readonly renewals = new Set<Promise<unknown>>();

  /** `renewed`: the token has changed, the old one is dead. */
  constructor(private readonly renewed: () => void) {}

  bank(): Promise<Fields> {
    return this.call("GET", "/bank");
  }

  async start(look: Look, consent: Consent, bankToken: string | null): Promise<Started> {
    const body = { ...look, consent, ...(bankToken ? { bank_token: bankToken } : {}) };
    const answer = await this.call("POST", "/sessions", body);
    return { ...readTurn(answer), token: text(answer.token) };
  }

  async send(body: Body, mayRenew: boolean): Promise<Sent> {
    const answer = await this.turn("/messages", body, mayRenew);
    const accepted = fields(answer.accepted);
    return { ...readTurn(answer), id: text(accepted.id), seq: Number(accepted.seq) };
  }

  newest(): Promise<Page> {
    return this.before(BEYOND_ALL);
  }

  async after(seq: number): Promise<Page> {
    return readTurn(await this.call("GET", `/messages?after=${seq}`));
  }

  async before(seq: number, limit = PAGE_SIZE): Promise<Page> {
    return readTurn(await this.call("GET", `/messages?before=${seq}&limit=${limit}`));
  }

  /** Answers a secure form, or asks for another code. An answer that was not taken says nothing about the talk. */
  async secure(form: string, body: SecureBody): Promise<SecureAnswer> {
    const answer = await this.turn("/secure", { form, ...body });
    const said = Object.entries(fields(answer.errors)).map(([name, wrong]) => [name, text(wrong)] as const);
    const errors = said.filter(([, wrong]) => wrong);
    return { ...(errors.length ? readPage(answer) : readTurn(answer)), errors: Object.fromEntries(errors) };
  }

  async identify(bankToken: string): Promise<Page> {
    return readTurn(await this.turn("/identify", { bank_token: bankToken }));
  }

  async feedback(messageId: string, helpful: boolean): Promise<Page> {
    return readPage(await this.call("POST", "/feedback", { message_id: messageId, helpful }));
  }

  async rate(episode: unknown, score: number, comment: string): Promise<void> {
    await this.call("POST", "/rating", { episode, score, ...(comment ? { comment } : {}) });
  }

  async leaveQueue(): Promise<Page> {
    return readPage(await this.call("DELETE", "/queue"));
  }

  async consent(given: { readonly training: boolean } | { readonly sensitive: boolean }): Promise<Page> {
    return readPage(await this.call("PUT", "/consent", given));
  }

  async prefer(largeType: boolean): Promise<void> {
    await this.call("PUT", "/preferences", { large_type: largeType });
  }

  /** The server has put another token in the place of ours. */
  renew(token: string): void {
    if (!token || !this.token || token === this.token) return; // A talk that has ended stays ended.
    this.token = token;
    this.renewed();
  }

  /** Resolves when no new token is on its way. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.renewals);
  }

  /** A call that is answered when the turn is over, and may bring a new token. */
  private async turn(path: string, body: unknown, mayRenew = true): Promise<Fields> {
    const call = this.request("POST", path, body, TURN_PATIENCE_MS).then((answer) => {
      this.renew(text(answer.token));
      return answer;
    });
    if (mayRenew) this.renewals.add(call);
    try {
      return await call;
    } finally {
      this.renewals.delete(call);
    }
  }

  /** Waits while a new token is on its way; one that died with the call under way is no refusal. */
  private async call(method: string, path: string, body?: unknown): Promise<Fields> {
    await this.settled();
    const { token } = this;
    try {
      return await this.request(method, path, body, PATIENCE_MS);
    } catch (error) {
      if (!(error instanceof Refused && error.expired && token)) throw error;
      await this.settled();
      if (this.token === token || !this.token) throw error;
      return this.request(method, path, body, PATIENCE_MS);
    }
  }

  private async request(method: string, path: string, body: unknown, patience: number): Promise<Fields> {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), patience);
    try {
      const response = await this.fetch(method, path, body, abort.signal);
      const answer: unknown = await response.json().catch(() => null);
      if (response.ok) return fields(answer);
      const fault = readFault(answer);
      throw new Refused(response.status, fault.code, fault.message);
    } finally {
      clearTimeout(timer);
    }
  }

  private async fetch(method: string, path: string, body: unknown, signal: AbortSignal): Promise<Response> {
    const headers: Record<string, string> = { Accept: "application/json" };
    if (this.token) headers.Authorization = `Bearer ${this.token}`;
    if (body !== undefined) headers["Content-Type"] = "application/json";
    try {
      return await fetch(BASE + path, {
        method,
        headers,
        signal,
        cache: "no-store",
        credentials: "omit",
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (error) {
      throw new Unreachable(`${method} ${path}`, { cause: error });
    }
  }
}
