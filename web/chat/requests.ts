/** What a customer asks for beside the talk: each request is answered, or the customer is told that it was not. */

import { Refused, Unreachable, type ChatHttp } from "./http";
import type { Message, Page } from "./wire";

interface Talk {
  absorb(page: Page): void;
  sync(): Promise<unknown>;
  expire(): void;
  /** What went wrong with the last request; empty when nothing did. */
  tell(trouble: string): void;
}

export class Requests {
  constructor(
    private readonly http: ChatHttp,
    private readonly talk: Talk,
  ) {}

  leaveQueue(): Promise<boolean> {
    return this.ask("暂时没能改为回电，请稍后再试。", async () => {
      this.talk.absorb(await this.http.leaveQueue());
      await this.talk.sync();
    });
  }

  /** Large type also asks for one question at a time. */
  preferLarge(large: boolean): Promise<boolean> {
    return this.ask("字已放大或还原，但没有告诉客服，请稍后再试一次。", () => this.http.prefer(large));
  }

  judge(message: Message, helpful: boolean): Promise<boolean> {
    return this.ask("评价没有送达，请稍后再试。", async () => {
      this.talk.absorb(await this.http.feedback(message.id, helpful));
    });
  }

  rate(episode: unknown, score: number, comment: string): Promise<boolean> {
    return this.ask("评价没有送达，请稍后再试。", () => this.http.rate(episode, score, comment));
  }

  allowTraining(training: boolean): Promise<boolean> {
    return this.ask("设置没有保存，请稍后再试。", async () => {
      this.talk.absorb(await this.http.consent({ training }));
    });
  }

  /** The separate consent to identity data. */
  allowIdentity(): Promise<boolean> {
    return this.ask("您的选择没有保存，请稍后再试。", async () => {
      this.talk.absorb(await this.http.consent({ sensitive: true }));
    });
  }

  /** The bank's page has signed its customer in while the talk was open. */
  identify(bankToken: string): Promise<boolean> {
    return this.ask("没能确认您的登录，可以在这里继续咨询，或重新登录后再试。", async () => {
      this.talk.absorb(await this.http.identify(bankToken));
    });
  }

  private async ask(trouble: string, act: () => Promise<void>): Promise<boolean> {
    try {
      await act();
      this.talk.tell("");
      return true;
    } catch (error) {
      if (error instanceof Refused && error.expired) this.talk.expire();
      else if (error instanceof Refused || error instanceof Unreachable) this.talk.tell(trouble);
      else throw error;
      return false;
    }
  }
}
