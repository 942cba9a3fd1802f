"""Service requests and notifications in SQL. Every function works inside the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Table, insert, select, update
from sqlalchemy.engine import Connection

from shouwen.conversations.tables import open_request
from shouwen.identity.level import Act
from shouwen.servicing import tables as t
from shouwen.servicing.notification import Notification
from shouwen.servicing.request import ServiceRequest


def add_request(tx: Connection, request: ServiceRequest) -> None:
    """Store a new request."""
    tx.execute(insert(t.service_request), [request.__dict__])


def change_request(tx: Connection, request_id: str, **values: Any) -> None:
    """Set columns of a request."""
    tx.execute(update(t.service_request).where(t.service_request.c.id == request_id).values(**values))


def request_of_message(tx: Connection, message_id: str) -> ServiceRequest | None:
    """The request a message asked for."""
    statement = select(t.service_request).where(t.service_request.c.message_id == message_id)
    row = tx.execute(statement).mappings().one_or_none()
    return ServiceRequest(**row) if row else None


def lock_request(tx: Connection, request_id: str) -> ServiceRequest | None:
    """The request as it stands, held until the transaction ends."""
    statement = select(t.service_request).where(t.service_request.c.id == request_id).with_for_update()
    row = tx.execute(statement).mappings().one_or_none()
    return ServiceRequest(**row) if row else None


def newest_request(tx: Connection, conversation_id: str, act: Act) -> ServiceRequest | None:
    """The newest request for an act in a conversation, whatever has become of it."""
    columns = t.service_request.c
    where = (columns.conversation_id == conversation_id, columns.act == act)
    statement = select(t.service_request).where(*where).order_by(columns.at.desc(), columns.id).limit(1)
    row = tx.execute(statement).mappings().one_or_none()
    return ServiceRequest(**row) if row else None


def due_requests(tx: Connection, now: datetime, limit: int) -> list[ServiceRequest]:
    """Requests to be tried again, oldest first."""
    return [ServiceRequest(**row) for row in _due(tx, t.service_request, "wanted", now, limit)]


def claim_request(tx: Connection, request: ServiceRequest, until: datetime) -> bool:
    """Take a due request for oneself until then. Atomic: of two takers one gets False."""
    return _claim(tx, t.service_request, request.id, request.next_try_at, until)


def add_notification(tx: Connection, notification: Notification) -> None:
    """Store a notification to be sent."""
    tx.execute(insert(t.service_notification), [notification.__dict__])


def change_notification(tx: Connection, notification_id: str, **values: Any) -> None:
    """Set columns of a notification."""
    tx.execute(update(t.service_notification).where(t.service_notification.c.id == notification_id).values(**values))


def due_notifications(tx: Connection, now: datetime, limit: int) -> list[Notification]:
    """Notices to be sent, oldest first."""
    return [Notification(**row) for row in _due(tx, t.service_notification, "waiting", now, limit)]


def claim_notification(tx: Connection, notification: Notification, until: datetime) -> bool:
    """Take a due notification for oneself until then. Atomic: of two takers one gets False."""
    return _claim(tx, t.service_notification, notification.id, notification.next_try_at, until)


def conversations_of(tx: Connection, customer_ref: str) -> list[str]:
    """The conversations in which something was done for a customer."""
    statement = select(t.service_request.c.conversation_id).where(t.service_request.c.customer_ref == customer_ref)
    return list(tx.execute(statement.distinct()).scalars())


def open_requests(tx: Connection, conversation_ids: Sequence[str]) -> list[datetime]:
    """When each of the requests was made that people still must see to, newest first."""
    where = (open_request.c.conversation_id.in_(conversation_ids), open_request.c.state == "open")
    return list(tx.execute(select(open_request.c.at).where(*where).order_by(open_request.c.at.desc())).scalars())


def _due(tx: Connection, table: Table, state: str, now: datetime, limit: int) -> Sequence[RowMapping]:
    statement = select(table).where(table.c.state == state, table.c.next_try_at <= now)
    return tx.execute(statement.order_by(table.c.next_try_at, table.c.id).limit(limit)).mappings().all()


def _claim(tx: Connection, table: Table, row_id: str, seen: datetime | None, until: datetime) -> bool:
    # nobody else has moved the time of the next try since it was read
    statement = update(table).where(table.c.id == row_id, table.c.next_try_at == seen).values(next_try_at=until)
    return tx.execute(statement).rowcount == 1
