/** What a key and a draft mean. */

/** Characters as the server counts them: code points, not UTF-16 units. */
export const MOST_CHARACTERS = 2000;
export const COUNT_FROM = 1800;

export function length(text: string): number {
  return [...text].length;
}

/**
 * Enter sends, Shift+Enter is a new line, and Enter that chooses a candidate in an input-method editor does
 * neither. Safari ends the composition before the key arrives and marks it only with key code 229.
 */
export function sends(event: KeyboardEvent, composing: boolean): boolean {
  if (event.key !== "Enter" || event.shiftKey || event.altKey) return false;
  return !(composing || event.isComposing || event.keyCode === 229);
}
