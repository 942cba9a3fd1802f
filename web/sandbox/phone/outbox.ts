/** What was "sent" to the customers' phones, from `GET /sandbox/outbox`. */

import { fields, list, text } from "../../chat/wire";
import type { Customer } from "./customers";

export interface Delivery {
  readonly to: string;
  /** In the words of the phone. */
  readonly channel: string;
  readonly text: string;
  readonly at: string;
}

const CHANNELS: Readonly<Record<string, string>> = { sms: "短信", voice: "语音播报", app: "手机银行消息" };
/** Spoken codes come with pauses between their digits. */
const CODE = /\d(?:[\s,，、]{0,2}\d){5}/g;

function readDelivery(value: unknown): Delivery {
  const delivery = fields(value);
  const channel = text(delivery.channel);
  return {
    to: text(delivery.to),
    channel: CHANNELS[channel] ?? channel,
    text: text(delivery.text),
    at: text(delivery.at),
  };
}

/** Oldest first. */
export function readOutbox(value: unknown): readonly Delivery[] {
  return list(value)
    .map(readDelivery)
    .filter((delivery) => delivery.text)
    .sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
}

/** Messages of the app's inbox may be addressed to the customer, all others go to a number. */
export function sentTo(customer: Customer, outbox: readonly Delivery[]): readonly Delivery[] {
  return outbox.filter((delivery) => delivery.to === customer.phone || delivery.to === customer.ref);
}

/** The six digits of a message that speaks of a code, or nothing. Older browsers know no look-behind. */
export function codeIn(message: string): string {
  if (!message.includes("验证码")) return "";
  for (const match of message.matchAll(CODE)) {
    const before = message.charAt(match.index - 1);
    const after = message.charAt(match.index + match[0].length);
    if (!/[\d*-]/.test(before) && !/[\d*-]/.test(after)) return match[0].replace(/\D/g, "");
  }
  return "";
}
