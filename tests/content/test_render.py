"""Strict rendering: words or an error, never a raw placeholder."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shouwen.content.publication import Publication, from_raw
from shouwen.content.render import render, unfit
from shouwen.errors import ContentFault, ReplyExpired
from shouwen.text.zh import SHANGHAI
from tests.conftest import NOON
from tests.content.conftest import BANK, raw, reply

Publish = Callable[..., Publication]


def said(publication: Publication, now: datetime = NOON, **values: object) -> str:
    return render(publication, "utter_it", values, now).text


def test_facts_and_values_are_filled_in(publish_text: Publish) -> None:
    it = publish_text("{{ name }}，补卡{{ facts.card.fee }}，电话{{ bank.hotline }}。")
    assert said(it, name="王女士") == "王女士，补卡5元，电话400-000-0000。"


def test_the_parts_of_an_answer_stand_in_a_fixed_order(publish_text: Publish) -> None:
    it = publish_text(
        "补卡两步。",
        steps=["带身份证", "到网点"],
        materials="身份证",
        duration="20分钟",
        notes=["补卡{{ facts.card.fee }}"],
        next="还要问什么？",
    )
    assert said(it).splitlines() == [
        "补卡两步。",
        "① 带身份证",
        "② 到网点",
        "所需材料：身份证",
        "办理时间：20分钟",
        "注意事项：",
        "· 补卡5元",
        "还要问什么？",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "{{ facts.card.limit }}",
        "{{ facts.nothing.fee }}",
        "{{ bank.phone }}",
        "{{ phone }}",
        "{% if phone %}有{% endif %}",
        "{{ facts.card.fee + 1 }}",
        "{{ 1 / 0 }}",
        "{{ 'a' | no_such_filter }}",
        "{{ 'a",
        "{% if %}",
        "{{ [] | first }}",
    ],
)
def test_what_cannot_be_filled_in_is_a_fault_with_the_reply_s_name(publish_text: Publish, text: str) -> None:
    with pytest.raises(ContentFault, match="utter_it"):
        said(publish_text(text))


@pytest.mark.parametrize("part", ["materials", "duration", "next"])
def test_every_part_is_as_strict_as_the_text(publish_text: Publish, part: str) -> None:
    with pytest.raises(ContentFault):
        said(publish_text("您好。", **{part: "{{ phone }}"}))


@pytest.mark.parametrize("part", ["steps", "notes"])
def test_every_item_of_a_list_is_as_strict_as_the_text(publish_text: Publish, part: str) -> None:
    with pytest.raises(ContentFault):
        said(publish_text("您好。", **{part: ["好", "{{ phone }}"]}))


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__ }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ ''['__class__'] }}",
        "{{ ''|attr('__class__') }}",
        "{{ bank.__init__.__globals__ }}",
        "{{ self.__init__.__globals__ }}",
        "{{ cycler.__init__.__globals__.os.environ }}",
        "{{ '{0.__class__}'.format(1) }}",
        "{% include '/etc/passwd' %}",
        "{% for i in range(10000000) %}{% endfor %}",
    ],
)
def test_a_template_cannot_leave_its_sandbox(publish_text: Publish, text: str) -> None:
    with pytest.raises(ContentFault):
        said(publish_text(text))


@settings(max_examples=50, deadline=None)
@given(st.text())
def test_what_a_customer_said_is_never_read_as_a_template(words: str) -> None:
    it = from_raw(raw({"utter_it": reply("[{{ words }}]")}))
    assert said(it, words=words) == f"[{words}]".strip()


def test_a_value_does_not_shadow_the_bank_s_facts(publish_text: Publish) -> None:
    assert said(publish_text("{{ facts.card.fee }}"), facts={"card": {"fee": "0元"}}) == "5元"


def test_an_unknown_reply_is_a_fault(publish_text: Publish) -> None:
    with pytest.raises(ContentFault, match="utter_nothing"):
        render(publish_text("您好。"), "utter_nothing", {}, NOON)


LAST_DAY_ENDS = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)  # midnight in Shanghai after the day in `expires`
FIRST_DAY_BEGINS = datetime(2026, 9, 30, 16, 0, tzinfo=UTC)
A_SECOND = timedelta(seconds=1)


@pytest.mark.parametrize("now", [LAST_DAY_ENDS - A_SECOND, FIRST_DAY_BEGINS])
def test_an_answer_holds_on_its_first_and_last_day_in_shanghai(publish_text: Publish, now: datetime) -> None:
    assert said(publish_text("您好。"), now)


@pytest.mark.parametrize("now", [LAST_DAY_ENDS, FIRST_DAY_BEGINS - A_SECOND])
def test_outside_its_days_in_shanghai_an_answer_is_not_given(publish_text: Publish, now: datetime) -> None:
    with pytest.raises(ReplyExpired):
        said(publish_text("您好。"), now)


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Pacific/Auckland"])
def test_the_zone_a_time_is_given_in_does_not_matter(publish_text: Publish, zone: str) -> None:
    it, there = publish_text("您好。"), ZoneInfo(zone)
    assert said(it, (LAST_DAY_ENDS - A_SECOND).astimezone(there))
    with pytest.raises(ReplyExpired):
        said(it, LAST_DAY_ENDS.astimezone(there))


@pytest.mark.parametrize(
    ("clock", "words"),
    [("07:59", "休息"), ("08:00", "有人"), ("12:00", "有人"), ("21:59", "有人"), ("22:00", "休息"), ("00:00", "休息")],
)
def test_open_now_follows_the_hotline_s_hours_in_shanghai(publish_text: Publish, clock: str, words: str) -> None:
    it = publish_text("{% if open_now %}有人{% else %}休息{% endif %}")
    assert said(it, datetime.fromisoformat(f"2026-11-23T{clock}:30").replace(tzinfo=SHANGHAI)) == words


def test_the_shipped_way_to_a_person_says_so_at_both_hours(publication: Publication) -> None:
    by_day = render(publication, "utter_handoff_open", {}, NOON).text
    by_night = render(publication, "utter_handoff_open", {}, NOON + timedelta(hours=12)).text
    assert "现在有人接听" in by_day
    assert "不在人工服务时间" in by_night


@pytest.mark.parametrize("hours", [{}, {"hotline_open": "8 o'clock", "hotline_close": "22:00"}, {"hotline_open": 480}])
def test_hours_that_cannot_be_read_are_faults_of_the_content(hours: dict[str, object]) -> None:
    rest = {key: value for key, value in BANK.items() if not key.startswith("hotline_")}
    bent = from_raw(raw({"utter_it": reply()}, {**rest, **hours}))
    with pytest.raises(ContentFault):
        said(bent)
    assert unfit(bent, NOON)


def test_a_publication_whose_apologies_render_is_fit(publish_text: Publish) -> None:
    assert unfit(publish_text("您好。"), NOON) == []


def test_a_publication_without_an_apology_is_unfit_and_every_gap_is_named() -> None:
    broken = raw({"utter_unavailable": reply("{{ phone }}"), "utter_too_fast": reply(expires="2026-11-22")})
    del broken["replies"]["utter_empty"]
    faults = "\n".join(unfit(from_raw(broken), NOON))
    assert all(name in faults for name in ("utter_unavailable", "utter_too_fast", "utter_empty"))
