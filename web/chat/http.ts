/** The gateway's calls. The token travels in a header, never in an address. */

import { fields, readFault, readMessages, readPage, text, type Fields, type Message, type Page } from "./wire";

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

export interface Started {
  readonly token: string;
  readonly messages: readonly Message[];
}

export interface Sent extends Page {
  readonly id: string;
  readonly seq: number;
}

export interface SecureAnswer extends Page {
  /** Field name to what is wrong with it; `""` holds what concerns the whole form. */
  readonly errors: Readonly<Record<string, string>>;
  readonly token: string | null;
}

const PAGE_SIZE = 50;
/** No talk has as many messages, so "before" this one stands the newest page. */
const BEYOND_ALL = 999_999_999;
const PATIENCE_MS = 20_000;
const TURN_PATIENCE_MS = 40_000;
const BASE = "/api/chat";

export type Body = { readonly client_id: string } & ({ readonly text: string } | { readonly button: string });

export class ChatHttp {
  token = "";

  bank(): Promise<Fields> {
    return this.call("GET", "/bank");
  }

  async start(channel: string, consent: Consent, bankToken: string | null): Promise<Started> {
    const body = { channel, consent, ...(bankToken ? { bank_token: bankToken } : {}) };
    const answer = await this.call("POST", "/sessions", body);
    return { token: text(answer.token), messages: readMessages(answer.messages) };
  }

  async send(body: Body): Promise<Sent> {
    const answer = await this.call("POST", "/messages", body, TURN_PATIENCE_MS);
    const accepted = fields(answer.accepted);
    return { ...readPage(answer), id: text(accepted.id), seq: Number(accepted.seq) };
  }

  newest(): Promise<Page> {
    return this.before(BEYOND_ALL);
  }

  async after(seq: number): Promise<Page> {
    return readPage(await this.call("GET", `/messages?after=${seq}`));
  }

  async before(seq: number): Promise<Page> {
    return readPage(await this.call("GET", `/messages?before=${seq}&limit=${PAGE_SIZE}`));
  }

  async secure(form: string, values: Readonly<Record<string, string>>): Promise<SecureAnswer> {
    const answer = await this.call("POST", "/secure", { form, fields: values }, TURN_PATIENCE_MS);
    const errors = Object.entries(fields(answer.errors)).map(([name, said]) => [name, text(said)] as const);
    return { ...readPage(answer), errors: Object.fromEntries(errors), token: text(answer.token) || null };
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

  async allowTraining(training: boolean): Promise<Page> {
    return readPage(await this.call("PUT", "/consent", { training }));
  }

  private async call(method: string, path: string, body?: unknown, patience = PATIENCE_MS): Promise<Fields> {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), patience);
    try {
      const response = await this.request(method, path, body, abort.signal);
      const answer: unknown = await response.json().catch(() => null);
      if (response.ok) return fields(answer);
      const fault = readFault(answer);
      throw new Refused(response.status, fault.code, fault.message);
    } finally {
      clearTimeout(timer);
    }
  }

  private async request(method: string, path: string, body: unknown, signal: AbortSignal): Promise<Response> {
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
