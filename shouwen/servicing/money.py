"""Money and rates as customers read them."""

from decimal import ROUND_HALF_UP, Decimal

_CENT = Decimal("0.01")


def yuan(amount: Decimal) -> str:
    """¥1,234.56."""
    return f"¥{amount.quantize(_CENT, ROUND_HALF_UP):,}"


def percent(rate: Decimal) -> str:
    """13.27% of a rate given in percent."""
    return f"{rate.quantize(_CENT, ROUND_HALF_UP)}%"
