/** The bank's own facts, from the one bank file behind `GET /api/chat/bank`. */

import { readable } from "./colour";
import { fields, list, text, type Fields } from "./wire";

export interface Link {
  readonly title: string;
  readonly url: string;
}

export interface Bank {
  readonly name: string;
  readonly botName: string;
  readonly hotline: string;
  readonly lossHotline: string;
  readonly hours: string;
  readonly complaint: { readonly phone: string; readonly url: string; readonly text: string };
  readonly strong: string;
  readonly strongDark: string;
  readonly starters: readonly string[];
  readonly noticeVersion: string;
  readonly notice: { readonly title: string; readonly paragraphs: readonly string[] };
  /** Why identity data is asked for and what it is used for, read before the first secure form. */
  readonly secureNotice: { readonly title: string; readonly text: string; readonly agree: string; readonly decline: string };
  readonly footer: readonly Link[];
  /** A bank for trying out stands behind this page, with customers to sign in as. */
  readonly sandbox: boolean;
}

const HEX = /^#[0-9a-f]{6}$/i;
const GREEN = "#0b5d4b";
const GREEN_DARK = "#17604f";
const LIGHT_SURFACE = "#ffffff";
const DARK_SURFACE = "#18201c";
const EASY_IN_THE_DARK = 7;

function colour(value: unknown, otherwise: string): string {
  return HEX.test(text(value)) ? text(value) : otherwise;
}

export function readLinks(value: unknown): readonly Link[] {
  return list(value)
    .map(fields)
    .map((link) => ({ title: text(link.title), url: text(link.url) }))
    .filter((link) => link.title && link.url);
}

export function readBank(answer: Fields): Bank {
  const complaint = fields(answer.complaint);
  const notice = fields(answer.notice);
  const secure = fields(answer.secure_notice);
  const colours = fields(answer.colours);
  return {
    name: text(answer.name),
    botName: text(answer.bot_name) || "智能客服",
    hotline: text(answer.hotline),
    lossHotline: text(answer.loss_hotline),
    hours: text(answer.hours),
    complaint: { phone: text(complaint.phone), url: text(complaint.url), text: text(complaint.text) },
    strong: colour(colours.strong, GREEN),
    strongDark: colour(colours.strong_dark, GREEN_DARK),
    starters: list(answer.starters).map((starter) => text(fields(starter).title)).filter(Boolean).slice(0, 4),
    noticeVersion: text(answer.notice_version),
    notice: { title: text(notice.title), paragraphs: list(notice.paragraphs).map(text).filter(Boolean) },
    secureNotice: {
      title: text(secure.title) || "填写之前，请您确认",
      text: text(secure.text),
      agree: text(secure.agree) || "同意并填写",
      decline: text(secure.decline) || "不同意",
    },
    footer: readLinks(answer.footer),
    sandbox: answer.sandbox === true,
  };
}

/** A bank's colour is kept where it can be read, and moved just far enough where it cannot (WCAG 1.4.3). */
export function paint(bank: Bank): void {
  const style = document.documentElement.style;
  style.setProperty("--bank-strong", bank.strong);
  style.setProperty("--bank-on-strong", readable("#ffffff", bank.strong));
  style.setProperty("--bank-accent", readable(bank.strong, LIGHT_SURFACE));
  style.setProperty("--bank-strong-dark", bank.strongDark);
  style.setProperty("--bank-on-strong-dark", readable("#ffffff", bank.strongDark));
  style.setProperty("--bank-accent-dark", readable(bank.strongDark, DARK_SURFACE, EASY_IN_THE_DARK));
}
