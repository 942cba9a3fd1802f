/** Calls of the sandbox's pages: JSON both ways, no cookie, an answer in time or none. */

import { Refused, Unreachable } from "../chat/http";
import { readFault } from "../chat/wire";

const PATIENCE_MS = 15_000;

/** The answer's JSON. Throws `Refused` when the server says no, `Unreachable` when nothing readable came. */
export async function call(method: string, path: string, body?: unknown): Promise<unknown> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), PATIENCE_MS);
  try {
    const response = await fetch(path, {
      method,
      headers: { Accept: "application/json", ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
      signal: abort.signal,
      cache: "no-store",
      credentials: "omit",
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return await answerOf(response);
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw new Unreachable(`${method} ${path}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

async function answerOf(response: Response): Promise<unknown> {
  if (response.ok) return response.json();
  const fault = readFault(await response.json().catch(() => null));
  throw new Refused(response.status, fault.code, fault.message);
}
