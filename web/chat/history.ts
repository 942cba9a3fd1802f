/** Keeps the transcript whole: the newest page first, older pages on demand, and every gap filled. */

import { Refused, Unreachable, type ChatHttp } from "./http";
import type { Entry, Transcript } from "./transcript";
import type { Message, Page } from "./wire";

interface Reader {
  /** A page came in; `fresh` are the entries not known before. */
  read(page: Page, fresh: readonly Entry[]): void;
  expire(): unknown;
  unreachable(): void;
}

export class History {
  hasOlder = false;
  loadingOlder = false;
  olderFailed = false;
  private running: Promise<boolean> | null = null;
  private askAgain = false;

  constructor(
    private readonly http: ChatHttp,
    private readonly transcript: Transcript,
    private readonly reader: Reader,
  ) {}

  /** The newest page of a talk that was already there. */
  async open(): Promise<void> {
    this.take(await this.http.newest());
  }

  take(page: Page): void {
    this.transcript.add(page.messages);
    this.transcript.settle(this.transcript.newest);
    this.hasOlder = page.more;
    this.reader.read(page, []);
  }

  async older(): Promise<void> {
    if (this.loadingOlder || !this.hasOlder) return;
    this.loadingOlder = true;
    this.olderFailed = false;
    try {
      const page = await this.http.before(this.transcript.oldest);
      this.hasOlder = page.more && page.messages.length > 0;
      this.transcript.add(page.messages);
    } catch (error) {
      this.olderFailed = true;
      this.failed(error);
    } finally {
      this.loadingOlder = false;
    }
  }

  /** One message as it stands now; null without an answer. */
  async again(seq: number): Promise<Message | null> {
    try {
      const page = await this.http.before(seq + 1, 1);
      this.reader.read(page, this.transcript.add(page.messages));
      return page.messages.find((message) => message.seq === seq) ?? null;
    } catch (error) {
      this.failed(error);
      return null;
    }
  }

  /** Asks for everything after the last unbroken number. True: the server had something new. */
  sync(): Promise<boolean> {
    if (this.running) {
      this.askAgain = true;
      return this.running;
    }
    this.running = this.catchUp().finally(() => (this.running = null));
    return this.running;
  }

  private async catchUp(): Promise<boolean> {
    let news = false;
    try {
      for (let more = true; more || this.askAgain; ) {
        this.askAgain = false;
        const known = this.transcript.newest;
        const page = await this.http.after(this.transcript.syncedTo);
        const fresh = this.transcript.add(page.messages);
        // What lies below a number we already had and did not come now is not ours to see.
        this.transcript.settle(Math.max(known, ...page.messages.map((message) => message.seq)));
        this.reader.read(page, fresh);
        news ||= fresh.length > 0;
        more = page.more && page.messages.length > 0;
      }
    } catch (error) {
      this.failed(error);
    }
    return news;
  }

  private failed(error: unknown): void {
    if (error instanceof Refused && error.expired) this.reader.expire();
    else if (error instanceof Unreachable || error instanceof Refused) this.reader.unreachable();
    else throw error;
  }
}
