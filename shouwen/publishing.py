"""`shouwen content publish`: what stands in data/ goes into service, without training."""

from shouwen.clock import wall_clock
from shouwen.content.live import publish_folder
from shouwen.content.publication import read_folder
from shouwen.content.render import unfit
from shouwen.db import Database
from shouwen.errors import Misconfigured
from shouwen.settings import Settings


def publish(settings: Settings) -> int:
    """Publish; says whether anything changed."""
    publication = read_folder(settings.data)
    if faults := unfit(publication, wall_clock()):
        raise Misconfigured(faults)
    database = Database(settings.database)
    try:
        changed = publish_folder(database, publication, wall_clock())
    finally:
        database.close()
    print(f"content {publication.version} {'is in service now' if changed else 'was in service already'}")
    return 0
