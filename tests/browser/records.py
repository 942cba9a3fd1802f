"""What stands in the stack's database about the talk that a page shows."""

import hashlib
import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Page

from tests.e2e.stack import Stack


class Records:
    """The database behind one page's talk."""

    def __init__(self, stack: Stack, page: Page) -> None:
        self._file = stack.var / "shouwen.db"
        self._page = page

    @property
    def conversation(self) -> str:
        return str(self._all("SELECT conversation_id FROM chat_session WHERE token_hash = ?", self._token_hash)[0][0])

    def of(self, what: str) -> list[tuple[Any, ...]]:
        """Columns and table, as in `training FROM consent`: the rows of this talk, oldest first."""
        return self._all(f"SELECT {what} WHERE conversation_id = ? ORDER BY rowid", self.conversation)

    def said(self) -> list[str]:
        """What the customer said, as stored."""
        return [text for role, text in self.of("role, text FROM message") if role == "customer"]

    def channel(self) -> str:
        return str(self._all("SELECT channel FROM conversation WHERE id = ?", self.conversation)[0][0])

    def expire(self) -> None:
        """The session has been idle for too long."""
        past = _stamp(datetime.now(UTC) - timedelta(seconds=1))
        self._write("UPDATE chat_session SET idle_until = ? WHERE token_hash = ?", [(past, self._token_hash)])

    def expire_form(self) -> None:
        """The open secure form has waited for too long."""
        past = _stamp(datetime.now(UTC) - timedelta(seconds=1))
        change = "UPDATE identity_check SET form_expires_at = ? WHERE conversation_id = ? AND state = 'open'"
        self._write(change, [(past, self.conversation)])

    def add(self, *said: tuple[str, str]) -> None:
        """Messages `(role, text)` at the end of the talk, each four minutes after the one before, the last one now."""
        talk = self.conversation
        [(last,)] = self._all("SELECT last_seq FROM conversation WHERE id = ?", talk)
        start = datetime.now(UTC) - timedelta(minutes=4 * len(said))
        rows = []
        for number, (role, text) in enumerate(said, 1):
            at, seq = _stamp(start + timedelta(minutes=4 * number)), last + number
            client_id = f"sql{seq}" if role == "customer" else None
            rows.append((talk, seq, f"{talk[:20]}{seq}", 1, role, text, client_id, "[]", json.dumps({}), at, at))
        columns = "conversation_id, seq, id, episode, role, text, client_id, buttons, payload, at, answered_at"
        self._write(f"INSERT INTO message ({columns}) VALUES ({', '.join('?' * 11)})", rows)
        self._write("UPDATE conversation SET last_seq = ? WHERE id = ?", [(last + len(said), talk)])

    @property
    def _token_hash(self) -> str:
        token = self._page.evaluate("JSON.parse(sessionStorage['shouwen.session']).token")
        return hashlib.sha256(token.encode()).hexdigest()

    def _all(self, statement: str, *values: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self._file, timeout=10)) as database:
            return database.execute(statement, values).fetchall()

    def _write(self, statement: str, rows: list[tuple[Any, ...]]) -> None:
        with closing(sqlite3.connect(self._file, timeout=10)) as database, database:
            database.executemany(statement, rows)


def long_talk(count: int) -> list[tuple[str, str]]:
    """Questions and answers in turn, numbered from 1."""
    words = ("请问转账限额是多少", "单笔限额5万元，在手机银行可以调整。\n当天生效，网点也可以办理。")
    return [(("customer", "bot")[n % 2], f"第{n + 1}条：{words[n % 2]}") for n in range(count)]


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S.%f")
