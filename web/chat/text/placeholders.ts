/** What the server keeps in place of a secure form's values, as the customer reads it. */

const NAMES = "手机号|验证码|姓名|证件号|卡号后四位";
const ONLY_PLACEHOLDERS = new RegExp(`^(?:\\[(?:${NAMES})\\]\\s*)+$`);

/** `[姓名] [证件号]` becomes words; every other text stays as it is. */
export function inWords(text: string): string {
  if (!ONLY_PLACEHOLDERS.test(text)) return text;
  return `已填写：${[...text.matchAll(new RegExp(NAMES, "g"))].join("、")}`;
}
