/** An answer as lines: the first one answers, steps keep their numbers, the long part folds away. */

export const FOLD_AFTER = 8;

export interface Line {
  readonly text: string;
  /** A numbered step, or a point of a list, hangs by its mark. */
  readonly step: boolean;
}

const STEP = /^\s*(?:[①-⑳・•·]|\d{1,2}[.、．)）](?!\d)|[(（]\d{1,2}[)）])\s*/;

export function lines(text: string): readonly Line[] {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim()
    .split("\n")
    .map((line) => ({ text: line, step: STEP.test(line) }));
}

/** One line too many is no reason to fold: the button would take its place. */
export function folds(all: readonly Line[]): boolean {
  return all.length > FOLD_AFTER + 1;
}
