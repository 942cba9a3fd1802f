/** Finds what may be a link in plain text. Everything else stays a text node, to the letter. */

export interface Piece {
  readonly text: string;
  readonly href: string | null;
}

const URL_PATTERN = /https?:\/\/[\w\-.~:/?#[\]@!$&'()*+,;=%]+/gi;
const TRAILING = /[.,;:!?)\]']+$/;
const SAFE = new Set(["http:", "https:", "tel:"]);

/** The address if it may be followed: http, https or tel, nothing else. */
export function safeHref(address: string): string | null {
  try {
    const url = new URL(address, location.origin);
    return SAFE.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

export function telHref(phone: string): string {
  return `tel:${phone.replace(/[^\d+]/g, "")}`;
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** Older WebViews know no look-behind, so the neighbours are looked at by hand. */
function standsAlone(line: string, from: number, to: number): boolean {
  return !/[\d*-]/.test(line.charAt(from - 1)) && !/[\d*-]/.test(line.charAt(to));
}

/** `phones` are the bank's own numbers: no other digits become a link, and a masked number never does. */
export function pieces(line: string, phones: readonly string[]): readonly Piece[] {
  const pattern = [URL_PATTERN.source, ...phones.filter(Boolean).map(escape)].join("|");
  const found: Piece[] = [];
  let last = 0;
  const add = (text: string, href: string | null): void => {
    if (text) found.push({ text, href });
  };
  for (const match of line.matchAll(new RegExp(pattern, "gi"))) {
    const isUrl = /^http/i.test(match[0]);
    const text = isUrl ? match[0].replace(TRAILING, "") : match[0];
    if (!isUrl && !standsAlone(line, match.index, match.index + text.length)) continue;
    add(line.slice(last, match.index), null);
    add(text, isUrl ? safeHref(text) : telHref(text));
    last = match.index + text.length;
  }
  add(line.slice(last), null);
  return found;
}
