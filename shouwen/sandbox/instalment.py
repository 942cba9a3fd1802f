"""What paying a bill in instalments costs, to the cent."""

from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

MINIMUM = Decimal(500)
TERMS = (3, 6, 12, 24)
FEE_RATE = Decimal("0.006")  # of the principal, each term

_CENT = Decimal("0.01")
_HALVINGS = 64  # of 0 to 100 % a month: far below a hundredth of a percent a year


@dataclass(frozen=True)
class Plan:
    """The payments: `first`, then `terms - 1` times `monthly`. `annual_rate` is in percent."""

    principal: Decimal
    terms: int
    fee_total: Decimal
    first: Decimal
    monthly: Decimal

    @property
    def total(self) -> Decimal:
        """Everything that is paid."""
        return self.first + self.monthly * (self.terms - 1)

    @property
    def annual_rate(self) -> Decimal:
        """Twelve times the monthly internal rate of return, in percent to two places."""
        low, high = Decimal(0), Decimal(1)
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            low, high = (middle, high) if self._worth(middle) > self.principal else (low, middle)
        return (low * 1200).quantize(_CENT, ROUND_HALF_UP)

    def _worth(self, rate: Decimal) -> Decimal:
        worth, discount = Decimal(0), Decimal(1)
        for number in range(self.terms):
            discount /= 1 + rate
            worth += discount * (self.monthly if number else self.first)
        return worth


def plan(principal: Decimal, terms: int) -> Plan:
    """Equal payments; what does not divide into cents is paid with the first."""
    fee = (principal * FEE_RATE).quantize(_CENT, ROUND_HALF_UP)
    share = (principal / terms).quantize(_CENT, ROUND_DOWN)
    return Plan(
        principal=principal,
        terms=terms,
        fee_total=fee * terms,
        first=principal - share * (terms - 1) + fee,
        monthly=share + fee,
    )
