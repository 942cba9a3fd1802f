"""Reset links: once, ten minutes, only the newest (identity §3.3)."""

import threading
from collections.abc import Callable

from shouwen.db import Database
from shouwen.identity import links
from shouwen.identity import tables as t
from shouwen.identity.level import Level
from shouwen.identity.links import Link, Redeemed
from tests.conftest import Clock
from tests.identity.conftest import LI, RULES, WANG, Chat, events


def mint(chat: Chat, ref: str = WANG.ref) -> str:
    return chat.write(lambda tx: links.mint(tx, RULES, ref, chat.id, chat.clock()))


def inspect(chat: Chat, token: str) -> Link | None:
    return chat.write(lambda tx: links.inspect(tx, RULES, token, chat.clock()))


def redeem(chat: Chat, token: str) -> Redeemed | None:
    return chat.write(lambda tx: links.redeem(tx, RULES, token, chat.clock()))


def test_looking_uses_nothing_up_and_redeeming_does(chat: Chat, clock: Clock) -> None:
    token = mint(chat)
    for _ in range(2):
        assert inspect(chat, token) == Link(WANG.ref, clock() + RULES.reset_link_life)
    assert redeem(chat, token) == Redeemed(WANG.ref, chat.id, ())
    assert redeem(chat, token) is None
    assert inspect(chat, token) is None


def test_a_link_lives_ten_minutes(chat: Chat, clock: Clock) -> None:
    token = mint(chat)
    clock.forward(minutes=9, seconds=59)
    assert inspect(chat, token)
    clock.forward(seconds=1)
    assert inspect(chat, token) is None
    assert redeem(chat, token) is None


def test_a_newer_link_kills_the_older_ones_of_its_customer(chat: Chat) -> None:
    old, other = mint(chat), mint(chat, LI.ref)
    new = mint(chat)
    assert redeem(chat, old) is None
    assert redeem(chat, other)
    assert redeem(chat, new)


def test_an_invented_link_opens_nothing(chat: Chat) -> None:
    token = mint(chat)
    for wrong in ("", token[:-1], token + "A", token.swapcase()):
        assert inspect(chat, wrong) is None
        assert redeem(chat, wrong) is None
    assert redeem(chat, token)


def test_tokens_have_256_bits_and_only_their_hash_is_stored(chat: Chat) -> None:
    tokens = {mint(chat) for _ in range(50)}
    assert len(tokens) == 50
    assert all(len(token) == 43 for token in tokens)
    stored = chat.database.read_now(lambda tx: str(tx.execute(t.reset_link.select()).all()))
    assert not any(token in stored for token in tokens)


def test_a_link_of_another_purpose_opens_nothing(chat: Chat) -> None:
    token = mint(chat)
    chat.write(lambda tx: tx.execute(t.reset_link.update().values(purpose="unfreeze")))
    assert redeem(chat, token) is None


def test_redeeming_ends_the_customers_levels_everywhere(chat: Chat, another: Callable[..., Chat], clock: Clock) -> None:
    elsewhere, neighbour = another(), another()
    chat.reach()
    clock.forward(minutes=1)
    elsewhere.reach()
    neighbour.reach(customer=LI)
    redeemed = redeem(chat, mint(chat))
    assert redeemed is not None
    assert set(redeemed.ended) == {chat.id, elsewhere.id}
    assert [one.standing.level for one in (chat, elsewhere, neighbour)] == [0, 0, Level.CUSTOMER]
    assert chat.conversation().level == 0


def test_of_two_who_redeem_at_once_one_succeeds(chat: Chat, database: Database) -> None:
    token = mint(chat)
    start, won = threading.Barrier(4), []

    def run() -> None:
        start.wait()
        won.append(redeem(chat, token))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(one is not None for one in won) == 1
    assert len(won) == 4


def test_links_are_on_record(chat: Chat) -> None:
    token = mint(chat)
    inspect(chat, token)
    redeem(chat, token)
    redeem(chat, token)
    assert [kind for kind, _ in events(chat.database)] == ["link_minted", "link_inspected", "link_redeemed", "refused"]
