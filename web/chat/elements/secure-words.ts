/** What a secure form shows when it shows no field: the consent asked before, and what has become of it. */

import { html, type nothing, type TemplateResult } from "lit";
import type { Bank } from "../bank";
import type { FormState } from "../forms";
import { text, type Message } from "../wire";
import { shieldIcon } from "./icons";
import { paragraph } from "./prose";

/** The button to a person; nothing where the message already offers one below. */
export type Person = TemplateResult | typeof nothing;

const ENDS: Readonly<Record<Exclude<FormState, "open">, string>> = {
  answered: "已提交，内容不会出现在聊天记录中。",
  declined: "您没有同意填写，没有提交任何内容。",
  over: "这张表单已失效。",
};

export function closedForm(state: Exclude<FormState, "open">, person: Person): TemplateResult {
  return state === "declined" ? expiredForm(ENDS.declined, person) : html`<p class="card done ${state}" tabindex="-1">${shieldIcon}${ENDS[state]}</p>`;
}

/** Nothing was sent and nothing more can be: with a way on. */
export function expiredForm(words: string, person: Person): TemplateResult {
  return html`<div class="card done" tabindex="-1">${shieldIcon}<p>${words}也可以转人工。${person}</p></div>`;
}

interface Choice {
  agree(): void;
  decline(): void;
}

/** The separate consent for identity data (PIPL 29, 30): what, what for, and a no that is as easy as the yes. */
export function askConsent(id: string, { card }: Message, bank: Bank, choice: Choice, person: Person): TemplateResult {
  const { title, text: why, agree, decline } = bank.secureNotice;
  return html`<section class="card secure-form" aria-labelledby="${id}-title">
    <header>${shieldIcon}<h2 id="${id}-title">${title}</h2></header>
    <p class="purpose">${text(card?.purpose)}</p>
    <div class="why">${paragraph(why, bank)}</div>
    <footer>
      <button type="button" class="primary" @click=${choice.agree}>${agree}</button>
      <button type="button" class="choice" @click=${choice.decline}>${decline}</button>
      ${person}
    </footer>
  </section>`;
}
