/** The seeded customers behind `GET /sandbox/customers`. All of them are fictitious, so everything may be shown. */

import { fields, list, text } from "../../chat/wire";

export interface BankCard {
  readonly tail: string;
  readonly kind: string;
  readonly state: string;
  readonly pin: string;
}

export interface Customer {
  readonly ref: string;
  readonly name: string;
  readonly idNumber: string;
  readonly phone: string;
  /** What this customer is good for trying. */
  readonly about: string;
  readonly cards: readonly BankCard[];
  /** When the login password was last changed on the bank's page, or an empty text. */
  readonly passwordChanged: string;
}

const KINDS: Readonly<Record<string, string>> = { debit: "借记卡", credit: "信用卡" };
const STATES: Readonly<Record<string, string>> = {
  normal: "正常",
  stopped: "已临时挂失",
  frozen: "已冻结",
  closed: "已销卡",
};

function readCard(value: unknown): BankCard {
  const card = fields(value);
  const [kind, state] = [text(card.kind), text(card.state)];
  return {
    tail: text(card.tail),
    kind: KINDS[kind] ?? kind,
    state: STATES[state] ?? state,
    pin: text(card.pin),
  };
}

function readCustomer(value: unknown): Customer {
  const customer = fields(value);
  return {
    ref: text(customer.ref),
    name: text(customer.name),
    idNumber: text(customer.id_number),
    phone: text(customer.phone),
    about: text(customer.about),
    cards: list(customer.cards).map(readCard),
    passwordChanged: text(customer.password_changed_at),
  };
}

export function readCustomers(value: unknown): readonly Customer[] {
  return list(value).map(readCustomer).filter((customer) => customer.ref);
}
