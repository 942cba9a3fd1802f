"""Work that is done again and again."""

import asyncio
import logging

import pytest

from shouwen.recurring import keep_doing


class Work:
    """Fails the first time, and tells when it was done `wanted` times."""

    def __init__(self, wanted: int) -> None:
        self.done, self.wanted, self.enough = 0, wanted, asyncio.Event()

    async def __call__(self) -> None:
        self.done += 1
        if self.done >= self.wanted:
            self.enough.set()
        if self.done == 1:
            raise RuntimeError("not now")


async def test_a_failure_is_logged_and_does_not_end_it(caplog: pytest.LogCaptureFixture) -> None:
    work = Work(3)
    task = asyncio.create_task(keep_doing("sweeping", 0.0, work))
    await asyncio.wait_for(work.enough.wait(), 5)
    task.cancel()
    assert [r.getMessage() for r in caplog.records if r.levelno == logging.ERROR] == ["sweeping failed, trying again"]


async def test_the_first_time_may_wait(caplog: pytest.LogCaptureFixture) -> None:
    now, later = Work(1), Work(1)
    tasks = [
        asyncio.create_task(keep_doing("now", 60.0, now)),
        asyncio.create_task(keep_doing("later", 60.0, later, at_once=False)),
    ]
    await asyncio.wait_for(now.enough.wait(), 5)
    for task in tasks:
        task.cancel()
    assert (now.done, later.done) == (1, 0)
