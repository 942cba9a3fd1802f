"""Keeping and fetching originals, on real SQL."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from shouwen.db import Database
from shouwen.errors import Misconfigured, NotFound
from shouwen.vault import service, store
from shouwen.vault.keyring import Keyring
from tests.conftest import NOON

PHONE = "13800000000"


def keep(database: Database, keyring: Keyring, message_id: str = "m1", start: int = 3, value: str = PHONE) -> str:
    return database.write_now(
        lambda tx: service.keep(
            tx, keyring, message_id=message_id, start=start, kind="phone", mask="138****0000", value=value, now=NOON
        )
    )


def fetch(database: Database, keyring: Keyring, reference: str) -> str:
    return database.read_now(lambda tx: service.fetch(tx, keyring, reference))


def test_what_was_kept_is_fetched_by_its_reference(database: Database, keyring: Keyring) -> None:
    reference = keep(database, keyring)
    assert reference == "m1:3"
    assert fetch(database, keyring, reference) == PHONE


def test_the_original_stands_nowhere_in_the_table(database: Database, keyring: Keyring) -> None:
    keep(database, keyring)
    [row] = database.read_now(lambda tx: tx.execute(select(store.vault)).mappings().all())
    assert PHONE not in str(dict(row))
    assert row["key_id"] == keyring.current


def test_the_finds_of_a_message_are_listed_in_order_without_originals(database: Database, keyring: Keyring) -> None:
    for start in (9, 3):
        keep(database, keyring, start=start)
    keep(database, keyring, message_id="m2")
    assert database.read_now(lambda tx: store.entries(tx, "m1")) == [
        (3, "phone", "138****0000"),
        (9, "phone", "138****0000"),
    ]


@pytest.mark.parametrize("reference", ["m1:4", "m2:3", "m1", "", ":", "m1:", "m1:-3", "m1:x", "m1:3:3"])
def test_a_reference_to_nothing_is_not_found(database: Database, keyring: Keyring, reference: str) -> None:
    keep(database, keyring)
    with pytest.raises(NotFound):
        fetch(database, keyring, reference)


def test_a_value_moved_to_another_message_does_not_open(database: Database, keyring: Keyring) -> None:
    keep(database, keyring)
    database.write_now(lambda tx: tx.execute(update(store.vault).values(message_id="m2")))
    with pytest.raises(Misconfigured):
        fetch(database, keyring, "m2:3")


def test_a_value_changed_in_the_table_does_not_open(database: Database, keyring: Keyring) -> None:
    reference = keep(database, keyring)
    database.write_now(lambda tx: tx.execute(update(store.vault).values(sealed=b"x" * 40)))
    with pytest.raises(Misconfigured):
        fetch(database, keyring, reference)


def test_a_value_of_an_old_key_is_fetched_after_the_change_of_key(database: Database) -> None:
    old = Keyring("k1", {"k1": b"1" * 32})
    new = Keyring("k2", {**old.keys, "k2": b"2" * 32})
    reference = keep(database, old)
    assert fetch(database, new, reference) == PHONE
    assert fetch(database, new, keep(database, new, start=5)) == PHONE


def test_old_originals_are_forgotten_but_for_those_an_open_matter_needs(database: Database, keyring: Keyring) -> None:
    needed, done = keep(database, keyring, start=3), keep(database, keyring, start=9)
    assert database.write_now(lambda tx: store.forget(tx, NOON, [needed])) == 0, "they are not old yet"
    assert database.write_now(lambda tx: store.forget(tx, NOON + timedelta(seconds=1), [needed])) == 1
    assert fetch(database, keyring, needed) == PHONE
    with pytest.raises(NotFound):
        fetch(database, keyring, done)
