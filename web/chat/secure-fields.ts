/** The fields of a secure form: what they look like and what can be said about them at once. */

import { isSound } from "./text/id-number";
import { fields, list, text, type Card } from "./wire";

export interface SecureField {
  readonly name: string;
  readonly label: string;
  readonly inputMode: string;
  readonly autocomplete: string;
  readonly hint: string;
  /** Blanks and dashes people put into numbers are dropped before it is checked or sent. */
  readonly digitsOnly: boolean;
  readonly pattern: RegExp;
  readonly wrong: string;
  /** What the pattern cannot tell; `unsound` says what is wrong then. */
  readonly sound?: (value: string) => boolean;
  readonly unsound?: string;
}

type Look = Omit<SecureField, "name" | "label">;

const LOOKS: Readonly<Record<string, Look>> = {
  name: {
    inputMode: "text",
    autocomplete: "name",
    hint: "与开户时一致",
    digitsOnly: false,
    pattern: /^\S.{0,48}\S$/,
    wrong: "请填写完整姓名",
  },
  id_number: {
    inputMode: "text",
    autocomplete: "off",
    hint: "18 位，末位可以是 X",
    digitsOnly: true,
    pattern: /^\d{17}[\dX]$/,
    wrong: "身份证号应为 18 位数字，末位可以是 X",
    sound: isSound,
    unsound: "身份证号好像有一位不对，请对照证件再核对一下",
  },
  phone: {
    inputMode: "tel",
    autocomplete: "tel-national",
    hint: "在本行预留的手机号",
    digitsOnly: true,
    pattern: /^1\d{10}$/,
    wrong: "手机号应为 11 位",
  },
  card_tail: {
    inputMode: "numeric",
    autocomplete: "off",
    hint: "只需卡号的后四位",
    digitsOnly: true,
    pattern: /^\d{4}$/,
    wrong: "请填写卡号的后四位数字",
  },
  otp: {
    inputMode: "numeric",
    autocomplete: "one-time-code",
    hint: "短信中的 6 位数字，可以粘贴",
    digitsOnly: true,
    pattern: /^\d{6}$/,
    wrong: "验证码应为 6 位数字",
  },
};
const PLAIN: Look = {
  inputMode: "text",
  autocomplete: "off",
  hint: "",
  digitsOnly: false,
  pattern: /\S/,
  wrong: "请填写此项",
};

export function secureFields(card: Card): readonly SecureField[] {
  return list(card.fields)
    .map(fields)
    .filter((field) => text(field.name))
    .map((field) => ({
      ...(LOOKS[text(field.name)] ?? PLAIN),
      name: text(field.name),
      label: text(field.label) || text(field.name),
    }));
}

/** As it is checked and sent: full-width characters made plain, separators out, a final x in capitals. */
export function tidy(field: SecureField, value: string): string {
  const plain = value.normalize("NFKC").trim();
  return field.digitsOnly ? plain.replace(/[\s-]/g, "").toUpperCase() : plain;
}

/** Nothing more can follow: what is wrong with it may be said before the field is left. */
export function isWhole(field: SecureField, value: string): boolean {
  return field.digitsOnly && field.pattern.test(tidy(field, value));
}

export function faultOf(field: SecureField, value: string): string {
  const tidied = tidy(field, value);
  if (!tidied) return `请填写${field.label}`;
  if (!field.pattern.test(tidied)) return field.wrong;
  return field.sound?.(tidied) === false ? (field.unsound ?? field.wrong) : "";
}
