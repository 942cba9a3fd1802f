/** The secure forms of a talk: which one may be filled in, the consent asked before the first, the way to the bank. */

import { Refused, Unreachable, type ChatHttp, type FormErrors, type SecureAnswer, type SecureBody } from "./http";
import type { Entry } from "./transcript";
import { text, type Message, type Page } from "./wire";

export type FormState = "open" | "answered" | "declined" | "over";

/** What the server calls a form that was answered elsewhere, replaced, or whose time is up. */
const GONE = "form_over";
const DECLINED = "不同意";
const NOT_SENT = "暂时没能提交，您填写的内容没有保存，请稍后再试。";

interface Talk {
  readonly entries: readonly Entry[];
  send(text: string): void;
  absorb(answer: SecureAnswer): void;
  /** The message as the server sees it now; null without an answer. */
  refresh(message: Message): Promise<Message | null>;
  agree(): Promise<boolean>;
  agreed(): void;
  expire(): void;
  changed(): void;
}

function isForm(message: Message): boolean {
  return message.card?.type === "secure_form";
}

export class Forms {
  /** The separate consent (PIPL 29): no form shows a field without it. */
  agreed = false;
  /** What this page knows before the server has said so, by the message's number. */
  private readonly settled = new Map<number, FormState>();
  private posting = false;

  constructor(
    private readonly http: ChatHttp,
    private readonly talk: Talk,
  ) {}

  /** The one form of the talk that waits for an answer. */
  get open(): Message | null {
    const newest = this.newest();
    return newest && this.stateOf(newest) === "open" ? newest : null;
  }

  /** A form was answered here: whoever did so goes on with the next one. */
  get begun(): boolean {
    return [...this.settled.values()].includes("answered");
  }

  /** Only the newest form of a talk can be open. */
  stateOf(message: Message): FormState {
    const known = this.settled.get(message.seq);
    if (known) return known;
    const said = text(message.card?.state);
    if (said === "answered" || said === "over") return said;
    return this.newest()?.seq === message.seq ? "open" : "over";
  }

  /** News came in while a form was open: it may have been answered in the chat, or on another device. */
  heard(page: Page): void {
    const { open } = this;
    if (!open || this.posting || page.messages.some(({ seq }) => seq === open.seq)) return;
    void this.talk.refresh(open);
  }

  async agree(): Promise<void> {
    this.agreed = await this.talk.agree();
    if (this.agreed) this.talk.agreed();
    this.talk.changed();
  }

  decline(message: Message): void {
    this.settle(message, "declined");
    this.talk.send(DECLINED);
  }

  /** Sends what was filled in. It is kept nowhere on this side. */
  async answer(message: Message, values: Readonly<Record<string, string>>): Promise<FormErrors> {
    const errors = await this.post(message, { fields: values });
    const taken = Object.keys(errors).length === 0 && !this.settled.has(message.seq);
    if (taken && !(await this.staysOpen(message))) this.settle(message, "answered");
    return errors;
  }

  /** Another code, by text message or read out by telephone. */
  resend(message: Message, channel: "sms" | "voice"): Promise<FormErrors> {
    return this.post(message, { resend: channel });
  }

  /** The bank could not be reached, say: the talk tells so, and the form may be sent again. */
  private async staysOpen(message: Message): Promise<boolean> {
    if (this.newest()?.seq !== message.seq) return false;
    return (await this.talk.refresh(message))?.card?.state === "open";
  }

  private async post(message: Message, body: SecureBody): Promise<FormErrors> {
    this.posting = true;
    try {
      const answer = await this.http.secure(text(message.card?.form), body);
      this.talk.absorb(answer);
      return answer.errors;
    } catch (error) {
      if (error instanceof Refused && error.expired) this.talk.expire();
      else if (error instanceof Refused && error.code === GONE) this.settle(message, "over");
      else if (!(error instanceof Refused || error instanceof Unreachable)) throw error;
      return { "": error instanceof Refused && error.message ? error.message : NOT_SENT };
    } finally {
      this.posting = false;
    }
  }

  private settle(message: Message, state: FormState): void {
    this.settled.set(message.seq, state);
    this.talk.changed();
  }

  private newest(): Message | undefined {
    return this.talk.entries.map(({ message }) => message).filter(isForm).at(-1);
  }
}
