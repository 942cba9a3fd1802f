"""The tables of servicing. Neither holds a telephone number, an amount or a token."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table

from shouwen.db import UTCDateTime, metadata

service_request = Table(
    "service_request",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("conversation_id", ForeignKey("conversation.id"), nullable=False),
    Column("message_id", String(32), nullable=False, unique=True),
    Column("act", String(16), nullable=False),
    Column("customer_ref", String(64), nullable=False, index=True),
    Column("details", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    Column("receipt", String(128)),
    Column("reason", String(64)),
    Column("tries", Integer, nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Column("next_try_at", UTCDateTime),
    Index("service_request_of_conversation", "conversation_id", "act"),
    Index("service_request_due", "state", "next_try_at"),
)

service_notification = Table(  # messages to all channels on file, sent by jobs
    "service_notification",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("customer_ref", String(64), nullable=False, index=True),
    Column("reply", String(64), nullable=False),
    Column("details", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Column("next_try_at", UTCDateTime, nullable=False),
    Index("service_notification_due", "state", "next_try_at"),
)
