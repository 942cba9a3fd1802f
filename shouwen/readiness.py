"""Whether each part would work now, with a word (`/readyz`)."""

from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

if TYPE_CHECKING:
    from shouwen.wiring import Web


async def check(web: "Web") -> dict[str, tuple[bool, str]]:
    """Part by part: ready or not, and the word for it."""
    rasa = await web.rasa.is_ready()
    actions = await web.rasa.answers(f"http://127.0.0.1:{web.settings.actions_port}/health")
    return {
        "database": await _database(web),
        "rasa": (rasa, "ok" if rasa else "does not answer"),
        "actions": (actions, "ok" if actions else "do not answer"),
        "content": (True, web.content().version),
    }


async def _database(web: "Web") -> tuple[bool, str]:
    try:
        await web.database.read(lambda tx: tx.execute(text("SELECT 1")).scalar_one())
    except SQLAlchemyError as error:
        return False, type(error).__name__
    return True, "ok"
