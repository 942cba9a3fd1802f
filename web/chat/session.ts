/**
 * What survives a reload: the opaque token, in sessionStorage, for this tab only.
 *
 * ASVS 14.3.3 forbids sensitive data in browser storage: nothing that was said is kept here, the words come
 * from the server each time. The token ends with the tab, with the server's idle limit, or at a new identity
 * level, whichever comes first. localStorage holds nothing but the choice of large type and a random device name.
 */

import type { Host } from "./host";
import { Refused, type ChatHttp, type Consent, type Started } from "./http";
import { channel, deviceId, largeType } from "./settings";
import { fields, text } from "./wire";

const KEY = "shouwen.session";

export interface KeptSession {
  readonly token: string;
  readonly training: boolean;
  /** The separate consent to identity data was given in this talk. */
  readonly sensitive: boolean;
}

/** A bank login that has lapsed meanwhile is no reason to leave the customer without an answer. */
export async function openSession(http: ChatHttp, host: Host, consent: Consent): Promise<Started> {
  const bankToken = await host.askBankToken();
  const look = { channel, device: deviceId(), large_type: largeType() };
  try {
    return await http.start(look, consent, bankToken);
  } catch (error) {
    if (!bankToken || !(error instanceof Refused) || error.passing) throw error;
    return http.start(look, consent, null);
  }
}

export function loadSession(): KeptSession | null {
  try {
    const kept = fields(JSON.parse(sessionStorage.getItem(KEY) ?? "null"));
    const token = text(kept.token);
    return token ? { token, training: kept.training === true, sensitive: kept.sensitive === true } : null;
  } catch {
    return null; // Storage may be closed to a framed page: the talk then lasts as long as the page.
  }
}

export function keepSession(session: KeptSession | null): void {
  try {
    if (session) sessionStorage.setItem(KEY, JSON.stringify(session));
    else sessionStorage.removeItem(KEY);
  } catch {
    return; // As above.
  }
}
