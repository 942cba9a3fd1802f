"""Which publication is in service, on real SQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shouwen.content import service, store
from shouwen.content.live import ContentInService, publish_folder
from shouwen.content.publication import Publication, from_raw
from shouwen.db import Database
from shouwen.errors import Misconfigured
from shouwen.publishing import publish
from shouwen.settings import ROOT, Settings
from tests.conftest import NOON
from tests.content.conftest import raw, reply


def saying(text: str) -> Publication:
    return from_raw(raw({"utter_it": reply(text)}))


@pytest.fixture
def content(database: Database) -> Iterator[ContentInService]:
    yield ContentInService(database)


async def test_what_was_published_is_in_service(database: Database, content: ContentInService) -> None:
    assert publish_folder(database, saying("一"), NOON)
    await content.refresh()
    assert content() == saying("一")


def test_publishing_the_same_twice_changes_nothing(database: Database) -> None:
    assert publish_folder(database, saying("一"), NOON)
    number = database.read_now(store.newest_number)
    assert not publish_folder(database, saying("一"), NOON)
    assert database.read_now(store.newest_number) == number


async def test_a_newer_publication_is_taken_up_and_an_older_one_may_return(
    database: Database, content: ContentInService
) -> None:
    for text in ("一", "二", "一"):
        assert publish_folder(database, saying(text), NOON)
        await content.refresh()
        assert content().version == saying(text).version


async def test_an_unchanged_publication_is_not_read_again(database: Database, content: ContentInService) -> None:
    publish_folder(database, saying("一"), NOON)
    await content.refresh()
    first = content()
    await content.refresh()
    assert content() is first


@pytest.mark.parametrize("fault", ["reply", "bank"])
async def test_a_faulty_newest_publication_keeps_the_old_one_in_service(
    database: Database, content: ContentInService, fault: str
) -> None:
    publish_folder(database, saying("一"), NOON)
    await content.refresh()
    body = raw({"utter_it": {"title": "半句"}}) if fault == "reply" else raw(bank={"name": "云杉银行"})
    database.write_now(lambda tx: store.add(tx, "faulty", body, NOON))
    await content.refresh()
    assert content().version == saying("一").version
    publish_folder(database, saying("二"), NOON)
    await content.refresh()
    assert content().version == saying("二").version


async def test_a_process_does_not_start_on_a_faulty_publication(database: Database, content: ContentInService) -> None:
    database.write_now(lambda tx: store.add(tx, "faulty", raw({"utter_it": {}}), NOON))
    with pytest.raises(Misconfigured, match="utter_it"):
        await content.refresh()


async def test_without_any_publication_a_process_says_what_to_do(content: ContentInService) -> None:
    with pytest.raises(Misconfigured, match="shouwen content publish"):
        await content.refresh()
    with pytest.raises(Misconfigured, match="never loaded"):
        content()


def test_known_content_comes_back_untouched_while_it_is_the_newest(database: Database) -> None:
    publish_folder(database, saying("一"), NOON)
    known = database.read_now(lambda tx: service.in_service(tx, None))
    assert database.read_now(lambda tx: service.in_service(tx, known)) is known


def test_the_command_says_whether_anything_changed(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address = database.url.render_as_string(hide_password=False)
    settings = Settings(var=tmp_path, database_url=address, data=ROOT / "data")  # type: ignore[arg-type]
    assert publish(settings) == 0
    assert "is in service now" in capsys.readouterr().out
    assert publish(settings) == 0
    assert "was in service already" in capsys.readouterr().out
