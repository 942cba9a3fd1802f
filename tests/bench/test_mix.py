from hypothesis import given
from hypothesis import strategies as st

from shouwen.bench.mix import counts

SHARES = {"faq": 60, "unclear": 15, "action": 15, "button": 10}


@st.composite
def shares(draw):
    cuts = sorted(draw(st.lists(st.integers(0, 100), min_size=3, max_size=3)))
    return dict(zip(SHARES, [b - a for a, b in zip([0, *cuts], [*cuts, 100], strict=True)], strict=True))


def test_twenty_conversations_of_45_turns_keep_the_shares_exactly():
    whole = [counts(SHARES, 45, number) for number in range(20)]
    assert {kind: sum(each[kind] for each in whole) for kind in SHARES} == {
        "faq": 540, "unclear": 135, "action": 135, "button": 90,
    }  # fmt: skip


def test_each_conversation_is_within_a_turn_of_the_shares():
    for number in range(20):
        held = counts(SHARES, 45, number)
        assert all(abs(held[kind] - 0.45 * share) < 1.5 for kind, share in SHARES.items())


@given(shares(), st.integers(1, 120), st.integers(0, 500))
def test_a_conversation_has_exactly_its_turns_and_never_less_than_none_of_a_kind(given_shares, turns, number):
    held = counts(given_shares, turns, number)
    assert sum(held.values()) == turns
    assert all(count >= 0 for count in held.values())


@given(shares())
def test_a_kind_without_a_share_never_comes(given_shares):
    held = counts(given_shares, 100, 0)
    assert held == given_shares
