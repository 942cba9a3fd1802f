/** Fills the demo page from the one bank file, and opens the chat where a visitor asks for it. */

import { paint, readBank, type Bank } from "../chat/bank";
import { telHref } from "../chat/text/links";
import "./demo.css";
import { offerSignIn } from "./sign-in";

function fill(bank: Bank): void {
  const facts: Readonly<Record<string, string>> = {
    name: bank.name,
    hotline: bank.hotline,
    loss_hotline: bank.lossHotline,
    hours: bank.hours,
  };
  for (const place of document.querySelectorAll<HTMLElement>("[data-bank]")) {
    const fact = facts[place.dataset.bank ?? ""];
    if (!fact) continue;
    place.textContent = fact;
    if (place instanceof HTMLAnchorElement) place.href = telHref(fact);
  }
  document.title = bank.name;
}

for (const button of document.querySelectorAll("[data-open-chat]")) {
  button.addEventListener("click", () => document.dispatchEvent(new CustomEvent("shouwen:open")));
}

/** Without an answer the page keeps the words it was built with. */
async function dress(): Promise<void> {
  const response = await fetch("/api/chat/bank", { headers: { Accept: "application/json" } });
  if (!response.ok) return;
  const bank = readBank(await response.json());
  paint(bank);
  fill(bank);
  if (bank.sandbox) await offerSignIn();
}

void dress();
