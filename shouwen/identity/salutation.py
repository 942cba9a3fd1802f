"""How a verified customer is spoken to."""


def opening(salutation: str | None) -> str:
    """What a reply begins with: "王女士，", or nothing for somebody unknown."""
    return f"{salutation}，" if salutation else ""
