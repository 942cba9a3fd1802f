"""The key file and what is sealed with it."""

import base64
import json
import multiprocessing
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwen.errors import Misconfigured
from shouwen.internal_secret import _read_or_make_secret
from shouwen.vault.keyring import Keyring, read_or_make

RING = Keyring("k2", {"k1": b"1" * 32, "k2": b"2" * 32})
MAKERS = 4


def read_when_told(make: str, path: str, start: object, found: object) -> None:
    start.wait()  # type: ignore[attr-defined]
    read = str(read_or_make(Path(path))) if make == "keyring" else _read_or_make_secret(Path(path))
    found.put(read)  # type: ignore[attr-defined]


@given(st.text(), st.text())
def test_what_was_sealed_opens_with_its_own_context(text: str, context: str) -> None:
    key_id, sealed = RING.seal(text, context)
    assert RING.open(key_id, sealed, context) == text


@given(st.text(min_size=4), st.text(), st.text())
def test_a_wrong_context_does_not_open(text: str, context: str, other: str) -> None:
    key_id, sealed = RING.seal(text, context)
    if context != other:
        with pytest.raises(Misconfigured):
            RING.open(key_id, sealed, other)


@given(st.data())
def test_a_tampered_value_does_not_open(data: st.DataObject) -> None:
    key_id, sealed = RING.seal("13800000000", "m:0")
    place = data.draw(st.integers(0, len(sealed) - 1))
    bent = bytearray(sealed)
    bent[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Misconfigured, match="does not open"):
        RING.open(key_id, bytes(bent), "m:0")


@pytest.mark.parametrize("length", [0, 5, 12, 20])
def test_a_value_cut_short_does_not_open(length: int) -> None:
    key_id, sealed = RING.seal("13800000000", "m:0")
    with pytest.raises(Misconfigured, match="does not open"):
        RING.open(key_id, sealed[:length], "m:0")


def test_the_same_text_is_never_sealed_alike() -> None:
    assert len({RING.seal("13800000000", "m:0")[1] for _ in range(20)}) == 20
    assert b"13800000000" not in RING.seal("13800000000", "m:0")[1]


def test_after_a_change_of_key_old_values_still_open_and_new_ones_take_the_new_key() -> None:
    before = Keyring("k1", {"k1": RING.keys["k1"]})
    key_id, sealed = before.seal("13800000000", "m:0")
    assert RING.open(key_id, sealed, "m:0") == "13800000000"
    assert RING.seal("13800000000", "m:0")[0] == "k2"


def test_a_key_that_is_gone_is_named() -> None:
    with pytest.raises(Misconfigured, match="no key 'k0'"):
        RING.open("k0", b"x" * 40, "m:0")


def test_the_file_is_made_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "vault.json"
    ring = read_or_make(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(ring.keys[ring.current]) == 32
    assert [one.name for one in path.parent.iterdir()] == ["vault.json"], "no draft stays behind"


def test_the_file_is_read_again_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "vault.json"
    first = read_or_make(path)
    body = path.read_bytes()
    assert read_or_make(path) == first
    assert path.read_bytes() == body


def test_two_installations_have_different_keys(tmp_path: Path) -> None:
    assert read_or_make(tmp_path / "one.json") != read_or_make(tmp_path / "other.json")


@pytest.mark.parametrize("make", ["keyring", "secret"])
def test_processes_that_make_the_file_at_once_agree(tmp_path: Path, make: str) -> None:
    spawn = multiprocessing.get_context("fork")
    start, found = spawn.Event(), spawn.Queue()
    makers = [
        spawn.Process(target=read_when_told, args=(make, str(tmp_path / "new" / "file"), start, found))
        for _ in range(MAKERS)
    ]
    for maker in makers:
        maker.start()
    start.set()
    read = [found.get(timeout=30) for _ in makers]
    for maker in makers:
        maker.join()
    assert len(set(read)) == 1
    assert read[0]


KEY = base64.b64encode(b"1" * 32).decode()


@pytest.mark.parametrize(
    "body",
    [
        "",
        "not json",
        "[]",
        "{}",
        json.dumps({"current": "k1", "keys": {}}),
        json.dumps({"current": "k2", "keys": {"k1": KEY}}),
        json.dumps({"current": "k1", "keys": {"k1": "not base64!"}}),
        json.dumps({"current": "k1", "keys": {"k1": base64.b64encode(b"short").decode()}}),
        json.dumps({"current": "k1", "keys": {"k1": KEY, "k0": base64.b64encode(b"short").decode()}}),
        json.dumps({"current": ["k1"], "keys": {"k1": KEY}}),
        json.dumps({"current": "k1", "keys": [KEY]}),
    ],
)
def test_a_bad_key_file_is_named_and_its_keys_are_not_told(tmp_path: Path, body: str) -> None:
    path = tmp_path / "vault.json"
    path.write_text(body)
    with pytest.raises(Misconfigured, match=r"vault\.json is not a key file") as error:
        read_or_make(path)
    assert KEY not in str(error.value)
    assert path.read_text() == body, "a bad file is never replaced: it may hold the only keys"


def test_a_key_file_that_is_no_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="is not a key file"):
        read_or_make(tmp_path)
