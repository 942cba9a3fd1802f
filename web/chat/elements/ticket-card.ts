/** A ticket as the customer keeps it: number, state, and the dates the bank has promised. */

import { html, nothing, type TemplateResult } from "lit";
import type { Bank } from "../bank";
import { dayAndClock } from "../time";
import { text, type Card } from "../wire";
import "./copy-button";
import { ticketIcon } from "./icons";
import { paragraph } from "./prose";

const STATES: Readonly<Record<string, string>> = {
  new: "已受理",
  received: "已受理",
  accepted: "已受理",
  assigned: "处理中",
  investigating: "处理中",
  in_progress: "处理中",
  extended: "处理中，已延期",
  answered: "已答复",
  resolved: "已有处理结果",
  closed: "已办结",
  reopened: "重新处理中",
};
const CHINESE = /[\u4e00-\u9fff]/;

function stateWord(state: string): string {
  return CHINESE.test(state) ? state : (STATES[state] ?? "处理中");
}

function row(label: string, value: TemplateResult | string | typeof nothing): TemplateResult | typeof nothing {
  return value && value !== nothing ? html`<div><dt>${label}</dt><dd>${value}</dd></div>` : nothing;
}

function promise(at: unknown, word: string): string {
  const when = text(at);
  return when && `${word}${dayAndClock(when)} 前`;
}

export function ticketCard(card: Card, bank: Bank): TemplateResult {
  const number = text(card.number);
  const title = text(card.title) || "投诉单";
  return html`<section class="card ticket-card" aria-label="${title} ${number}">
    <header>${ticketIcon}<h2>${title}</h2><span class="tag">${stateWord(text(card.state))}</span></header>
    <p class="number"><b>${number}</b><copy-button .text=${number} .label=${"复制编号"}></copy-button></p>
    <dl>
      ${row("首次答复", promise(card.promised_at, ""))} ${row("处理结果", promise(card.outcome_by, "最迟 "))}
      ${row("答复方式", text(card.reply_channel))} ${row("联系人", paragraph(text(card.contact), bank))}
    </dl>
  </section>`;
}
