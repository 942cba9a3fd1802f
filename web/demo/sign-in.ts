/** Signs a sandbox customer in, as a bank's own login would, and tells the chat who it is when it asks. */

import { fields, list, text } from "../chat/wire";

const HEADERS = { Accept: "application/json", "Content-Type": "application/json" };
const FAILED = "暂时没能登录，请稍后再试。";

interface Customer {
  readonly ref: string;
  readonly name: string;
  readonly about: string;
}

/** The customer's ref; nothing while nobody is signed in. */
let signedIn = "";

function find<T extends Element>(selector: string): T {
  return document.querySelector(selector) as T;
}

/** Nobody for a visitor from another machine, to whom the sandbox does not show itself. */
async function customers(): Promise<readonly Customer[]> {
  const response = await fetch("/sandbox/customers", { headers: { Accept: "application/json" } });
  if (!response.ok) return [];
  return list(await response.json())
    .map(fields)
    .map((customer) => ({ ref: text(customer.ref), name: text(customer.name), about: text(customer.about) }))
    .filter(({ ref, name }) => ref && name);
}

/** Good once and for a minute: one is fetched each time the chat is to be told. */
async function bankToken(ref: string): Promise<string> {
  const response = await fetch("/sandbox/bank-token", { method: "POST", headers: HEADERS, body: JSON.stringify({ ref }) });
  return response.ok ? text(fields(await response.json()).bank_token) : "";
}

async function tellChat(): Promise<boolean> {
  const token = signedIn && (await bankToken(signedIn));
  document.dispatchEvent(new CustomEvent("shouwen:bank-token", { detail: token }));
  return Boolean(token);
}

function fill(select: HTMLSelectElement, all: readonly Customer[]): void {
  for (const { ref, name, about } of all) select.add(new Option(about ? `${name}：${about}` : name, ref));
}

async function signIn(select: HTMLSelectElement, said: HTMLElement): Promise<void> {
  signedIn = select.value;
  const name = select.selectedOptions[0]?.text.split("：")[0] ?? "";
  const told = await tellChat();
  if (!told) signedIn = "";
  said.textContent = told ? `已登录：${name}` : FAILED;
}

/** Shows the sign-in; only where there is a sandbox. */
export async function offerSignIn(): Promise<void> {
  const all = await customers();
  if (all.length === 0) return;
  const select = find<HTMLSelectElement>("#customer");
  const said = find<HTMLElement>(".signed-in");
  fill(select, all);
  find("form.sign-in").addEventListener("submit", (event) => {
    event.preventDefault();
    void signIn(select, said);
  });
  document.addEventListener("shouwen:bank-token-wanted", (event) => {
    if (!signedIn) return;
    event.preventDefault();
    void tellChat();
  });
  for (const hidden of document.querySelectorAll<HTMLElement>("[data-sandbox]")) hidden.hidden = false;
}
