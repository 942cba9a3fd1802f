"""Cards beside a message's words (api.md). Labels and reasons are the bank's own."""

from collections.abc import Collection, Mapping
from typing import Any

from shouwen.content.publication import Publication
from shouwen.errors import ContentFault

SECURE_FORM = "secure_form"
# how a page shows and reads each field
_KINDS = {"name": "text", "id_number": "id", "phone": "tel", "card_tail": "digits", "otp": "code"}


def secure_form(publication: Publication, given: Mapping[str, Any]) -> dict[str, Any]:
    """The card of a secure form. `given`: `form`, `purpose` (an act), `fields` (names), `expires_at`, `resend`?.

    Raises ContentFault when the bank's file has no words for it.
    """
    try:
        labels, purpose = publication.bank["secure_fields"], publication.bank["purposes"][given["purpose"]]
        fields = [{"name": name, "label": labels[name], "kind": _KINDS[name]} for name in given["fields"]]
    except KeyError as error:
        raise ContentFault(SECURE_FORM, f"bank.yml has no words for {error}") from error
    card = {"type": SECURE_FORM, "state": "open", "form": given["form"], "purpose": purpose, "fields": fields}
    return card | {key: given[key] for key in ("expires_at", "resend") if given.get(key) is not None}


def as_it_stands(card: Mapping[str, Any], open_form: str | None, answered: Collection[str]) -> dict[str, Any]:
    """A card with what has become of it: a secure form is `open`, `answered`, or `over` without an answer."""
    if card.get("type") != SECURE_FORM:
        return dict(card)
    form = card["form"]
    return {**card, "state": "open" if form == open_form else "answered" if form in answered else "over"}
