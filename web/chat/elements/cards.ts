/** Chooses who draws a card. A type this page does not know leaves the message's text to speak alone. */

import { html, nothing, type TemplateResult } from "lit";
import { readLinks, type Bank } from "../bank";
import type { Talk } from "../talk";
import { safeHref } from "../text/links";
import { clock } from "../time";
import { readQueue, type Card, type Message } from "../wire";
import { clockIcon } from "./icons";
import "./rating-card";
import "./secure-form";
import { ticketCard } from "./ticket-card";

function queueCard(card: Card): TemplateResult | typeof nothing {
  const queue = readQueue(card);
  if (queue?.position == null) return nothing;
  const wait = queue.estimated_at ? html`，预计 <b>${clock(queue.estimated_at)}</b> 前接通` : nothing;
  return html`<div class="card queue-card">${clockIcon}<p>前面 <b>${queue.position}</b> 位${wait}</p></div>`;
}

function linksCard(card: Card): TemplateResult | typeof nothing {
  const links = readLinks(card.links).flatMap((link) => {
    const href = safeHref(link.url);
    return href ? [{ ...link, href }] : [];
  });
  if (links.length === 0) return nothing;
  return html`<ul class="card links-card">
    ${links.map(
      (link) => html`<li><a href=${link.href} target="_blank" rel="noopener noreferrer"
        >${link.title}<span class="hidden">（新窗口打开）</span></a></li>`,
    )}
  </ul>`;
}

export function cardOf(message: Message, talk: Talk, bank: Bank): TemplateResult | typeof nothing {
  const card = message.card;
  switch (card?.type) {
    case "ticket":
      return ticketCard(card, bank);
    case "queue":
      return queueCard(card);
    case "links":
      return linksCard(card);
    case "rating":
      return html`<rating-card .card=${card} .talk=${talk}></rating-card>`;
    case "secure_form":
      return html`<secure-form .message=${message} .talk=${talk} .bank=${bank}></secure-form>`;
    default:
      return nothing;
  }
}
