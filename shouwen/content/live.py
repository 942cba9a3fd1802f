"""The publication in service, as this process knows it; looked up again every few seconds."""

import logging
from datetime import datetime

from shouwen.content import service
from shouwen.content.publication import Publication
from shouwen.db import Database
from shouwen.errors import Misconfigured

log = logging.getLogger(__name__)


class ContentInService:
    """Call it for the present publication. `refresh` reads a newer one, if there is one."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: tuple[int, Publication] | None = None

    def __call__(self) -> Publication:
        """The publication in service. Raises Misconfigured before the first `refresh`."""
        if self._known is None:
            raise Misconfigured(["content was never loaded"])
        return self._known[1]

    async def refresh(self) -> None:
        """Take up a newer publication. A faulty one is logged and the old one stays in service."""
        try:
            known = await self._database.read(lambda tx: service.in_service(tx, self._known))
        except Misconfigured as error:
            if self._known is None:
                raise
            log.error("the newest publication is faulty, the old one stays: %s", error)
            return
        if self._known is None or known[0] != self._known[0]:
            log.info("content %s is in service", known[1].version)
        self._known = known


def publish_folder(database: Database, publication: Publication, now: datetime) -> bool:
    """Publish from the command line. False when it is in service already."""
    return database.write_now(lambda tx: service.publish(tx, publication, now))
