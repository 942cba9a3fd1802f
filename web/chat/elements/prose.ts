/** Plain text on the page: text nodes and checked links only, never markup. */

import { html, nothing, type TemplateResult } from "lit";
import type { Bank } from "../bank";
import { lines, type Line } from "../text/lines";
import { pieces } from "../text/links";

export function phonesOf(bank: Bank): readonly string[] {
  return [bank.hotline, bank.lossHotline, bank.complaint.phone];
}

function link(text: string, href: string): TemplateResult {
  if (href.startsWith("tel:")) return html`<a href=${href}>${text}</a>`;
  return html`<a href=${href} target="_blank" rel="noopener noreferrer">${text}<span class="hidden">（新窗口打开）</span></a>`;
}

export function prose(all: readonly Line[], phones: readonly string[]): TemplateResult {
  return html`${all.map((line) =>
    line.text.trim()
      ? html`<p class=${line.step ? "line step" : "line"}>${pieces(line.text, phones).map((piece) =>
          piece.href ? link(piece.text, piece.href) : piece.text,
        )}</p>`
      : html`<p class="line gap"></p>`,
  )}`;
}

export function paragraph(text: string, bank: Bank): TemplateResult | typeof nothing {
  return text ? prose(lines(text), phonesOf(bank)) : nothing;
}
