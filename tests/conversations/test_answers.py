"""From names of replies to what stands on the page."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from shouwen.content.publication import Publication
from shouwen.conversations.answers import HUMAN_LABEL, NONE_LABEL, PREFACES, Draft, compose
from shouwen.conversations.message import Offer
from tests.conftest import NOON

FEE = "utter_faq/transfer_fee"
HUMAN = Offer("转人工", HUMAN_LABEL)


def drafts(publication: Publication, *names: str, preface: str | None = None, **values: Any) -> list[Draft]:
    return compose(publication, [{"name": name, "values": values} for name in names], preface, NOON)


def bent(publication: Publication, **changes: Any) -> Publication:
    """The shipped content with one reply changed: `name` says which."""
    name = changes.pop("name")
    return replace(publication, replies={**publication.replies, name: replace(publication.replies[name], **changes)})


def test_an_answer_says_what_it_is_about_and_asks_whether_it_helped(publication: Publication) -> None:
    [answer] = drafts(publication, FEE)
    assert answer.extras == {"about": "faq/transfer_fee", "updated": "2026-10-01", "feedback": True}
    assert [offer.label for offer in answer.buttons] == list(publication.replies[FEE].related)
    assert all(publication.title(offer.label) == offer.title for offer in answer.buttons)
    assert not answer.faulty


def test_small_talk_asks_for_no_feedback(publication: Publication) -> None:
    [greeting] = drafts(publication, "utter_greet")
    assert greeting.extras == {}


def test_asking_back_gives_a_button_for_each_topic_and_one_for_neither(publication: Publication) -> None:
    [asked] = drafts(publication, "utter_ask_back", a="faq/transfer_fee", b="faq/transfer_limit")
    titles = publication.title("faq/transfer_fee"), publication.title("faq/transfer_limit")
    assert all(f"「{title}」" in asked.text for title in titles)
    assert asked.buttons == (
        Offer(titles[0], "faq/transfer_fee"),
        Offer(titles[1], "faq/transfer_limit"),
        Offer("都不是", NONE_LABEL),
        HUMAN,
    )


def test_asking_back_for_one_topic_offers_neither_too(publication: Publication) -> None:
    [asked] = drafts(publication, "utter_ask_back_one", a="faq/transfer_fee")
    assert [offer.label for offer in asked.buttons] == ["faq/transfer_fee", NONE_LABEL, HUMAN_LABEL]


@pytest.mark.parametrize(
    "name",
    [
        "utter_miss", "utter_miss_again", "utter_out_of_scope", "utter_unavailable", "utter_answer_expired",
        "utter_still_working", "utter_feedback_sorry",
    ],
)  # fmt: skip
def test_where_the_bot_does_not_know_on_a_person_is_one_press_away(publication: Publication, name: str) -> None:
    [said] = drafts(publication, name)
    assert said.buttons[-1] == HUMAN
    assert len(set(said.buttons)) == len(said.buttons)


@pytest.mark.parametrize("reason", PREFACES)
def test_a_preface_stands_ahead_of_the_first_answer_with_a_person_beside_it(
    publication: Publication, reason: str
) -> None:
    plain, second = drafts(publication, FEE, "utter_greet")
    prefaced, same = drafts(publication, FEE, "utter_greet", preface=reason)
    assert prefaced.text == f"{drafts(publication, PREFACES[reason])[0].text}\n{plain.text}"
    assert prefaced.buttons == (*plain.buttons, HUMAN)
    assert prefaced.extras == plain.extras
    assert same == second


@pytest.mark.parametrize(
    "name",
    ["utter_handoff_open", "utter_handoff_again", "utter_self_harm", "utter_legal_rights", "utter_ask_callback_phone"],
)
def test_no_preface_stands_before_words_that_lead_to_a_person(publication: Publication, name: str) -> None:
    assert drafts(publication, name, preface="anger") == drafts(publication, name)


def test_a_preface_alone_is_nothing(publication: Publication) -> None:
    assert compose(publication, [], "anger", NOON) == []


def test_a_preface_that_cannot_be_given_does_not_cost_the_answer(publication: Publication) -> None:
    expired = bent(publication, name=PREFACES["anger"], expires=date(2026, 11, 22))
    [plain] = drafts(publication, FEE)
    [answer] = drafts(expired, FEE, preface="anger")
    assert answer == replace(plain, buttons=(*plain.buttons, HUMAN))


@pytest.mark.parametrize(
    ("changes", "apology"),
    [
        ({"text": "{{ facts.nothing.at_all }}"}, "utter_unavailable"),
        ({"notes": ("{{ phone }}",)}, "utter_unavailable"),
        ({"expires": date(2026, 11, 22)}, "utter_answer_expired"),
    ],
)
def test_a_faulty_answer_becomes_an_apology_with_a_person(
    publication: Publication, changes: dict[str, Any], apology: str
) -> None:
    good, bad = drafts(bent(publication, name=FEE, **changes), "utter_greet", FEE)
    assert good == drafts(publication, "utter_greet")[0]
    assert (bad.reply, bad.faulty, bad.buttons) == (apology, True, (HUMAN,))
    assert "{{" not in bad.text


def test_an_unknown_reply_becomes_an_apology(publication: Publication) -> None:
    [bad] = drafts(publication, "utter_no_such_reply")
    assert (bad.reply, bad.faulty) == ("utter_unavailable", True)


def test_an_apology_an_action_named_counts_as_no_answer(publication: Publication) -> None:
    assert drafts(publication, "utter_unavailable")[0].faulty


def test_every_shipped_answer_can_be_given(publication: Publication) -> None:
    answers = [r.name for r in publication.replies.values() if r.kind in ("fact", "process", "flow", "talk")]
    faulty = [draft for draft in drafts(publication, *answers) if draft.faulty]
    assert faulty == []


SECURE = {
    "form": "f" * 32,
    "purpose": "loss_stop",
    "fields": ["name", "card_tail"],
    "expires_at": "2026-11-23T04:10:00Z",
}


@pytest.fixture
def offering(publication: Publication) -> Publication:
    """The shipped content, with one reply that offers choices and asks for a secure form."""
    bank = {
        **publication.bank,
        "secure_fields": {"name": "姓名", "card_tail": "卡号后四位"},
        "purposes": {"loss_stop": "用来确认是您本人的卡"},
    }
    changed = bent(publication, name="utter_greet", choice="尾号{{ tail }}", buttons=(("都不是", "deny"),), human=True)
    return replace(changed, bank=bank)


def test_choices_become_buttons_with_their_entities(offering: Publication) -> None:
    choices = [{"label": "inform", "entities": {"choice": "card-1"}, "tail": "1234"}]
    [asked] = drafts(offering, "utter_greet", choices=choices)
    assert asked.buttons == (
        Offer("尾号1234", "inform", (("choice", "card-1"),)),
        Offer("都不是", "deny"),
        HUMAN,
    )


def test_a_choice_that_misses_what_its_title_names_is_an_apology(offering: Publication) -> None:
    [asked] = drafts(offering, "utter_greet", choices=[{"label": "inform"}])
    assert asked.faulty


def test_a_secure_form_becomes_a_card_with_the_banks_own_labels_and_reason(offering: Publication) -> None:
    [asked] = drafts(offering, "utter_greet", secure_form=SECURE)
    assert asked.card == {
        "type": "secure_form",
        "state": "open",
        "form": "f" * 32,
        "purpose": "用来确认是您本人的卡",
        "fields": [
            {"name": "name", "label": "姓名", "kind": "text"},
            {"name": "card_tail", "label": "卡号后四位", "kind": "digits"},
        ],
        "expires_at": "2026-11-23T04:10:00Z",
    }
