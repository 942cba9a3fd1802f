import { html, nothing, type TemplateResult } from "lit";
import "../../chat/elements/copy-button";
import { dayAndClock } from "../../chat/time";
import type { BankCard, Customer } from "./customers";

function fact(name: string, value: string): TemplateResult {
  return html`<div><dt>${name}</dt><dd>${value}</dd>
    <dd class="take"><copy-button .text=${value} .label=${`复制${name}`}></copy-button></dd></div>`;
}

function card(one: BankCard): TemplateResult {
  return html`<li><h4>${one.kind} <span>${one.state}</span></h4>
    <dl>${fact("卡号后四位", one.tail)}${one.pin ? fact("取款密码", one.pin) : nothing}</dl></li>`;
}

/** What is asked for while trying things out, each with a button that copies it. */
export function customerFacts(customer: Customer): TemplateResult {
  return html`<section class="facts" aria-labelledby="facts-title">
    <h3 id="facts-title" class="hidden">${customer.name}的资料</h3>
    <dl>${fact("姓名", customer.name)}${fact("手机号", customer.phone)}${fact("身份证号", customer.idNumber)}</dl>
    ${customer.passwordChanged
      ? html`<p class="changed">登录密码已于 ${dayAndClock(customer.passwordChanged)} 修改。</p>`
      : nothing}
    ${customer.cards.length ? html`<ul>${customer.cards.map(card)}</ul>` : html`<p class="soft">没有银行卡。</p>`}
  </section>`;
}
