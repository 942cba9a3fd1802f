"""What instalments cost: to the cent, and as the answers in data/bank.yml say."""

import re
from decimal import Decimal
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from shouwen.sandbox import counter, instalment
from shouwen.sandbox.instalment import plan
from shouwen.sandbox.reset import TRIES
from shouwen.settings import ROOT

FACTS: dict[str, Any] = yaml.safe_load((ROOT / "data" / "bank.yml").read_text(encoding="utf-8"))["facts"]
CENT = Decimal("0.01")
amounts = st.integers(50_000, 1_000_000_00).map(lambda cents: cents * CENT)


def numbers(fact: str) -> list[Decimal]:
    return [Decimal(number) for number in re.findall(r"\d+(?:\.\d+)?", fact)]


@given(amounts, st.sampled_from(instalment.TERMS))
def test_the_payments_add_up_to_principal_and_fee_and_differ_by_less_than_a_cent_a_term(
    principal: Decimal, terms: int
) -> None:
    made = plan(principal, terms)
    assert made.total == principal + made.fee_total == made.first + made.monthly * (terms - 1)
    assert 0 <= made.first - made.monthly < CENT * terms
    assert all(amount == amount.quantize(CENT) for amount in (made.first, made.monthly, made.fee_total))
    assert abs(made.fee_total - principal * Decimal("0.006") * terms) <= CENT / 2 * terms


@given(amounts, st.sampled_from(instalment.TERMS))
def test_discounted_at_the_annual_rate_the_payments_are_worth_the_principal(principal: Decimal, terms: int) -> None:
    made = plan(principal, terms)
    rate = made.annual_rate / 1200
    worth = sum((made.monthly if number > 1 else made.first) / (1 + rate) ** number for number in range(1, terms + 1))
    # the rate is rounded to a hundredth of a percent a year
    assert abs(worth - principal) <= principal * Decimal("0.00005") * terms / 12 + CENT


@pytest.mark.parametrize(
    ("terms", "fee", "first", "monthly", "rate"),
    [
        (3, "180.00", "3393.34", "3393.33", "10.77"),
        (6, "360.00", "1726.70", "1726.66", "12.24"),
        (12, "720.00", "893.37", "893.33", "13.03"),
        (24, "1440.00", "476.82", "476.66", "13.27"),
    ],
)
def test_ten_thousand_yuan_cost(terms: int, fee: str, first: str, monthly: str, rate: str) -> None:
    made = plan(Decimal(10_000), terms)
    assert [str(n) for n in (made.fee_total, made.first, made.monthly, made.annual_rate)] == [fee, first, monthly, rate]


def test_the_sandbox_does_what_the_answers_say() -> None:
    card, credit = FACTS["card"], FACTS["credit_card"]
    assert numbers(credit["instalment_min"]) == [instalment.MINIMUM]
    assert numbers(credit["instalment_terms"]) == list(instalment.TERMS)
    assert numbers(credit["instalment_fee"]) == [instalment.FEE_RATE * 100]
    rates = [plan(Decimal(10_000), terms).annual_rate for terms in instalment.TERMS]
    assert numbers(credit["instalment_annual_rate"]) == [min(rates), max(rates)]
    assert numbers(card["temp_loss_valid"]) == [counter.STOP_LASTS.days]
    assert numbers(FACTS["sms"]["fee"]) == [counter.SMS_FEE_MONTH]
    assert numbers(FACTS["app"]["pin_wrong_limit"]) == [TRIES]
