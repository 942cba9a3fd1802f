/** Hands the form to the bank and says what came of it. */

import { Refused, Unreachable } from "../../chat/http";
import { call } from "../calls";
import type { Faults, Values } from "./fields";

/**
 * `mismatch`: card and PIN do not belong together; which of them is wrong is not told.
 * `unknown`: no answer came, so the password may or may not have been changed.
 */
export type Outcome =
  | { readonly kind: "done" }
  | { readonly kind: "over"; readonly message: string }
  | { readonly kind: "mismatch"; readonly message: string }
  | { readonly kind: "refused"; readonly faults: Faults }
  | { readonly kind: "unknown" };

const BUSY = "暂时没能提交，密码没有改动，请稍后再试。";
const NO_MATCH = "卡号后四位或取款密码没有核对上，请看清后再填。";
const OVER = "链接自发出起10分钟内有效，只能使用一次。需要时请回到客服对话重新申请。";
const WEAK = "这个密码容易被猜到，请换一个，例如把几个不相干的词连在一起。";

export async function send(token: string, values: Values): Promise<Outcome> {
  try {
    await call("POST", "/reset", { token, ...values });
    return { kind: "done" };
  } catch (error) {
    if (error instanceof Refused) return read(error);
    if (error instanceof Unreachable) return { kind: "unknown" };
    throw error;
  }
}

function read({ code, message, status }: Refused): Outcome {
  if (code === "link_over") return { kind: "over", message: message || OVER };
  if (code === "weak_password") return { kind: "refused", faults: { password: message || WEAK } };
  if (code === "wrong_second_factor") return { kind: "mismatch", message: message || NO_MATCH };
  if (status >= 500 && !message) return { kind: "unknown" };
  return { kind: "refused", faults: { "": message || BUSY } };
}
