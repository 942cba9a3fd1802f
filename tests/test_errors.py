from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from shouwen import errors
from shouwen.content.publication import Publication
from shouwen.content.render import ERROR_REPLIES, error_reply, render
from shouwen.web_errors import STATUS, error_body, status

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def tree(kind: type[errors.ShouwenError]) -> Iterator[type[errors.ShouwenError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from tree(child)


ALL = [kind for kind in tree(errors.ShouwenError) if kind.__module__ == "shouwen.errors"]


@pytest.mark.parametrize("kind", ALL)
def test_every_error_stands_in_both_tables(kind: type[errors.ShouwenError]) -> None:
    assert kind in STATUS or any(parent in STATUS for parent in kind.__mro__[1:-2])
    assert kind in ERROR_REPLIES or any(parent in ERROR_REPLIES for parent in kind.__mro__[1:-2])


def test_every_error_has_a_code_of_its_own() -> None:
    codes = [kind.code for kind in ALL]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("name", sorted(set(ERROR_REPLIES.values())))
def test_every_reply_to_an_error_can_be_given(name: str, publication: Publication) -> None:
    assert render(publication, name, {"limit": 2000}, NOW).text


def test_a_child_is_treated_like_its_parent_unless_it_says_otherwise() -> None:
    class Novel(errors.NotFound):
        code = "novel"

    assert status(Novel("thing", "1")) == 404
    assert error_reply(Novel("thing", "1")) == ERROR_REPLIES[errors.NotFound]


def test_an_error_says_where_and_what_without_its_own_text(publication: Publication) -> None:
    body = error_body(publication, errors.InvalidInput("client_id", "is secret-looking"), NOW)
    assert body["code"] == "invalid_input"
    assert body["field"] == "client_id"
    assert body["reference"].startswith("r-")
    assert "secret-looking" not in str(body)
