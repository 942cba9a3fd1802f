import { html, nothing, type TemplateResult } from "lit";
import type { Talk } from "../talk";
import type { Card } from "../wire";
import { starIcon } from "./icons";
import { LightElement } from "./light";

const WORDS = ["很不满意", "不满意", "一般", "满意", "很满意"];
const LONGEST_COMMENT = 500;

export class RatingCard extends LightElement {
  static override properties = {
    card: { attribute: false },
    talk: { attribute: false },
    score: { state: true },
    state: { state: true },
    asked: { state: true },
  };
  declare card: Card;
  declare talk: Talk;
  declare score: number;
  declare state: "open" | "sending" | "done";
  declare asked: boolean;

  constructor() {
    super();
    this.score = 0;
    this.state = "open";
    this.asked = false;
  }

  protected override render(): unknown {
    if (this.state === "done" || this.card.done === true) {
      return html`<p class="card done" role="status" tabindex="-1">感谢您的评价，我们会认真改进。</p>`;
    }
    return html`<form class="card rating-card" @submit=${this.submit} novalidate>
      <fieldset>
        <legend>请您为本次服务评分</legend>
        <div class="stars">${WORDS.map((word, index) => this.star(word, index + 1))}</div>
      </fieldset>
      <p class="word" role="status">${this.score ? WORDS[this.score - 1] : this.asked ? "请先选择几颗星" : nothing}</p>
      <label class="field"><span>您还想告诉我们什么（选填）</span>
        <textarea name="comment" rows="2" maxlength=${LONGEST_COMMENT}></textarea>
      </label>
      <button class="primary" ?disabled=${this.state === "sending"}>提交评价</button>
    </form>`;
  }

  private star(word: string, value: number): TemplateResult {
    return html`<label class=${value <= this.score ? "star lit" : "star"}>
      <input type="radio" name="score" value=${value} .checked=${value === this.score}
        @change=${() => (this.score = value)} />
      ${starIcon}<span class="hidden">${value} 星，${word}</span>
    </label>`;
  }

  private async submit(event: Event): Promise<void> {
    event.preventDefault();
    this.asked = true;
    if (!this.score || this.state === "sending") return;
    const comment = this.querySelector("textarea")?.value.trim() ?? "";
    this.state = "sending";
    this.state = (await this.talk.requests.rate(this.card.episode, this.score, comment)) ? "done" : "open";
    await this.updateComplete;
    this.querySelector<HTMLElement>(".done")?.focus();
  }
}

customElements.define("rating-card", RatingCard);
