"""Every topic and every name has an answer that renders and is valid today."""

from datetime import date

import pytest

from shouwen.datacheck import replies
from shouwen.datacheck.rendering import publication_of, speak
from tests.datacheck.small_checkout import reply, shown

TODAY = date(2026, 11, 22)


def faults_of(checkout):
    corpus = checkout.corpus()
    publication, unpublished = publication_of(corpus)
    parsed = [(corpus.replies[name], one) for name, one in publication.replies.items()]
    return [
        *unpublished,
        *speak(corpus, publication)[1],
        *replies.check_answers(corpus),
        *replies.check_dates(parsed, TODAY),
        *replies.check_fields(corpus, parsed),
    ]


def with_human_button(checkout):
    # the page's fixed buttons take their titles from replies too
    checkout.write_replies(
        "handoff",
        {
            "utter_handoff_request": reply(),
            "utter_nlu_fallback": reply(kind="system"),
            "utter_ask_callback_phone": reply(),
        },
    )


@pytest.fixture(autouse=True)
def _buttons(checkout):
    with_human_button(checkout)


def put(checkout, **changes):
    checkout.write_replies("smalltalk", {"utter_greet": reply(**changes), "utter_out_of_scope": reply()})


def test_sound_replies_have_no_fault(checkout):
    assert faults_of(checkout) == []


def test_a_topic_without_an_answer_is_named_in_the_file_of_its_topic(checkout):
    checkout.write_replies("smalltalk", {"utter_out_of_scope": reply()})

    (fault,) = faults_of(checkout)

    assert (fault.path, fault.what) == ("data/responses/smalltalk.yml", "greet has no answer")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": ""}, "title is missing"),
        ({"kind": "chat"}, "kind 'chat' is none of"),
        ({"expires": date(2027, 1, 1)}, "expires is not a quoted date"),
        ({"expires": "2027-02-30"}, "expires is not a quoted date"),
        ({"colour": "red"}, "unknown field 'colour'"),
        ({"text": "{{ facts.card.second_limit }}"}, "does not render"),
        ({"text": "{{ a }}"}, "does not render"),
        ({"text": "{% if %}"}, "does not render"),
        ({"notes": ["{{ bank.fax }}"]}, "does not render"),
        ({"related": ["faq/card_limits"]}, "related: faq/card_limits is no topic"),
        ({"related": ["greet"]}, "is related to itself"),
        ({"buttons": [{"title": "挂失", "label": "card_loss"}]}, "leads to card_loss, which is no label"),
        ({"buttons": [{"title": "这个按钮的标题实在是太长了", "label": "greet"}]}, "buttons is not a list of title"),
        ({"choice": "{{ colour }}"}, "does not render"),
        ({"choice": "尾号{{ tail }}" + "。" * 30}, "24 is the limit"),
        ({"human": "yes"}, "human is neither true nor false"),
        ({"kind": "process", "steps": ["打开"]}, "is a process without materials, duration, notes (R59)"),
    ],
)
def test_a_broken_reply_is_named_with_what_is_wrong(checkout, changes, words):
    put(checkout, **changes)

    (fault,) = [f for f in faults_of(checkout) if f.level == "error"]

    assert fault.path == "data/responses/smalltalk.yml"
    assert "utter_greet" in fault.what
    assert words in fault.what


def test_system_replies_may_use_the_values_a_dialogue_gives(checkout):
    put(checkout, kind="system", text="您是想了解「{{ a }}」还是「{{ b }}」？{{ phone }}，最多{{ limit }}字。")

    assert faults_of(checkout) == []


def test_a_reply_that_depends_on_its_values_is_read_both_ways(checkout):
    put(checkout, kind="system", text="{% if on %}已经开通。{% else %}{{ bank.nothing }}{% endif %}")

    assert "does not render" in faults_of(checkout)[0].what


def test_a_choice_may_name_what_stands_behind_its_button(checkout):
    put(
        checkout,
        kind="system",
        choice="{{ entities.choice }}期，尾号{{ tail }}",
        buttons=[{"title": "问候", "label": "greet"}],
    )

    assert faults_of(checkout) == []


def test_both_sides_of_the_opening_hours_are_rendered(checkout):
    put(checkout, text="{% if open_now %}现在有人。{% else %}{{ bank.nothing }}{% endif %}")

    assert "does not render" in faults_of(checkout)[0].what


@pytest.mark.parametrize(
    ("expires", "level"),
    [("2026-11-21", "error"), ("2026-11-22", "warning"), ("2026-12-22", "warning"), ("2026-12-23", None)],
)
def test_an_expired_reply_is_an_error_and_thirty_days_before_it_is_a_warning(checkout, expires, level):
    put(checkout, expires=expires)

    found = faults_of(checkout)

    assert [f.level for f in found] == ([level] if level else [])
    assert all(f.line is not None and "expire" in f.what for f in found)


def test_a_reply_of_tomorrow_is_an_error(checkout):
    put(checkout, effective="2026-11-23")

    assert [f.level for f in faults_of(checkout)] == ["error"]


def test_the_line_of_a_fault_is_that_of_its_field(checkout):
    put(checkout, related=["faq/card_limit", "nothing"])
    rows = (checkout.root / "data/responses/smalltalk.yml").read_text(encoding="utf-8").splitlines()

    (fault,) = faults_of(checkout)

    assert "nothing" in rows[fault.line - 1]


def test_a_reply_named_in_code_that_does_not_exist_is_named_with_its_line(checkout):
    checkout.write("actions/card.py", '"""Cards."""\n\nNAME = "utter_card_stopped"\n')

    assert shown(faults_of(checkout)) == ["actions/card.py:3 there is no reply utter_card_stopped"]


def test_a_reply_named_in_a_rule_or_the_domain_that_does_not_exist_is_named(checkout):
    steps = [{"intent": "greet"}, {"action": "utter_hello"}]
    checkout.write("data/rules/card.yml", {"rules": [{"rule": "greet", "steps": steps}]})
    domain = {"actions": ["utter_hi", "utter_faq"], "responses": {"utter_ho": []}}
    checkout.write("domain.yml", domain | {"forms": {"callback_form": {"required_slots": ["callback_phone"]}}})

    assert {f.what for f in faults_of(checkout)} == {
        f"there is no reply utter_{name}" for name in ("hello", "hi", "ho")
    }


def test_a_form_needs_the_question_of_each_slot_unless_an_action_asks_it(checkout):
    forms = {"forms": {"callback_form": {"required_slots": ["callback_time", "callback_day"]}}}
    checkout.write("domain.yml", {"actions": ["action_ask_callback_day"], **forms})

    errors = [f.what for f in faults_of(checkout) if f.level == "error"]

    assert errors == ["there is no reply utter_ask_callback_time"]


def test_a_reply_nothing_says_is_a_warning(checkout):
    checkout.write_replies("zz", {"utter_forgotten": reply()})

    (fault,) = faults_of(checkout)

    assert (fault.level, fault.what) == ("warning", "utter_forgotten: nothing says it")


def test_the_titles_of_the_fixed_buttons_are_needed(checkout):
    checkout.write_replies("handoff", {"utter_ask_callback_phone": reply()})

    whats = {f.what for f in faults_of(checkout)}

    assert whats == {"there is no reply utter_handoff_request", "there is no reply utter_nlu_fallback"}


def test_a_bank_file_that_cannot_be_published_is_a_fault_and_no_crash(checkout):
    checkout.write("data/bank.yml", "facts: {}\nopened: 2026-10-01\n")

    publication, faults = publication_of(checkout.corpus())

    assert publication is None
    assert faults[0].path == "data/bank.yml"
    assert "cannot be published" in faults[0].what
