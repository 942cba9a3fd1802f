/** The three fields of the page and what can be said about them at once. The bank decides about the rest. */

export type FieldName = "card_tail" | "pin" | "password";
export type Values = Readonly<Record<FieldName, string>>;
/** What is wrong, by field; `""` holds what concerns the whole form. */
export type Faults = Readonly<Partial<Record<FieldName | "", string>>>;

export const NAMES: readonly FieldName[] = ["card_tail", "pin", "password"];
export const LEAST = 8;

/** How many characters a person would count. */
export function lengthOf(password: string): number {
  return [...password].length;
}

/** As it is checked and sent: digits made plain, separators out. A password stays as it is, to the letter. */
export function tidy(name: FieldName, value: string): string {
  return name === "password" ? value : value.normalize("NFKC").replace(/[\s-]/g, "");
}

export function faultOf(name: FieldName, value: string): string {
  const tidied = tidy(name, value);
  switch (name) {
    case "card_tail":
      return /^\d{4}$/.test(tidied) ? "" : tidied ? "请填写卡号的后四位数字" : "请填写卡号后四位";
    case "pin":
      return /^\d{6}$/.test(tidied) ? "" : tidied ? "取款密码应为6位数字" : "请填写这张卡的取款密码";
    case "password":
      return passwordFault(value);
  }
}

function passwordFault(password: string): string {
  const missing = LEAST - lengthOf(password);
  if (!password) return "请填写新的登录密码";
  return missing > 0 ? `至少${LEAST}位，还差${missing}位` : "";
}
