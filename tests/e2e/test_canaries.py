"""The scan after every stack can fail: it finds what it looks for, and not what looks like it."""

from pathlib import Path

from tests.e2e.canaries import leaks


def test_a_canary_is_found_in_any_file_and_where(tmp_path: Path) -> None:
    (tmp_path / "log").mkdir()
    (tmp_path / "log" / "web-0.log").write_text("code 482913 for 110000199804120224")
    (tmp_path / "shouwen.db-wal").write_bytes(b"\x00a long walk at dusk\x00")
    found = leaks(tmp_path, {"482913", "110000199804120224", "a long walk at dusk"})
    assert [line.partition(" in ")[0] for line in found] == [
        "log/web-0.log: 482913",
        "log/web-0.log: 110000199804120224",
        "shouwen.db-wal: a long walk at dusk",
    ]


def test_a_code_inside_a_hash_or_a_fraction_of_a_second_is_none(tmp_path: Path) -> None:
    (tmp_path / "shouwen.db").write_text("ab482913cd 12:00:00.482913 -482913")
    assert leaks(tmp_path, {"482913"}) == []


def test_keys_are_no_leaks(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "internal.secret").write_text("482913")
    assert leaks(tmp_path, {"482913"}) == []
