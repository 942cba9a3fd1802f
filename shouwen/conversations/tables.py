"""The tables of conversations. Times are UTC; texts are masked before they come here."""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint, false

from shouwen.db import UTCDateTime, metadata

conversation = Table(
    "conversation",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("channel", String(8), nullable=False),
    Column("owner", String(64), nullable=False),
    Column("fence", Integer, nullable=False),
    Column("episode", Integer, nullable=False),
    Column("last_seq", Integer, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("last_customer_at", UTCDateTime),
    Column("lease_holder", String(32)),
    Column("lease_until", UTCDateTime),
    Column("secure_form", String(32)),
    Column("level", Integer, nullable=False, server_default="0"),
    Column("simple", Boolean, nullable=False, server_default=false()),
)

session = Table(
    "chat_session",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("conversation_id", ForeignKey("conversation.id"), nullable=False, index=True),
    Column("created_at", UTCDateTime, nullable=False),
    Column("expires_at", UTCDateTime, nullable=False),
    Column("idle_until", UTCDateTime, nullable=False),
    Column("revoked", Boolean, nullable=False),
    Column("device", String(64)),
)

consent = Table(
    "consent",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation_id", ForeignKey("conversation.id"), nullable=False, index=True),
    Column("notice_version", String(32), nullable=False),
    Column("training", Boolean, nullable=False),
    Column("sensitive", Boolean, nullable=False, server_default=false()),
    Column("at", UTCDateTime, nullable=False),
)

message = Table(
    "message",
    metadata,
    Column("conversation_id", ForeignKey("conversation.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("episode", Integer, nullable=False),
    Column("role", String(8), nullable=False),
    Column("name", String(64)),
    Column("text", Text, nullable=False),
    Column("client_id", String(64)),
    Column("buttons", JSON, nullable=False),
    Column("card", JSON),
    Column("payload", JSON, nullable=False),
    Column("reply", String(64)),
    Column("content_version", String(16)),
    Column("reply_to", String(32), index=True),
    Column("at", UTCDateTime, nullable=False),
    Column("answered_at", UTCDateTime),
    UniqueConstraint("conversation_id", "client_id"),
)
Index(
    "message_unanswered",
    message.c.conversation_id,
    message.c.seq,
    sqlite_where=(message.c.role == "customer") & message.c.answered_at.is_(None),
    postgresql_where=(message.c.role == "customer") & message.c.answered_at.is_(None),
)

button = Table(
    "button",
    metadata,
    Column("token", String(32), primary_key=True),
    Column("conversation_id", ForeignKey("conversation.id"), nullable=False),
    Column("episode", Integer, nullable=False),
    Column("title", String(64), nullable=False),
    Column("label", String(64), nullable=False),
    Column("entities", JSON(none_as_null=True)),
    Column("used_by", String(32)),
)

turn = Table(
    "turn",
    metadata,
    Column("message_id", String(32), primary_key=True),
    Column("conversation_id", ForeignKey("conversation.id"), nullable=False, index=True),
    Column("episode", Integer, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("label", String(64)),
    Column("decision", String(16), nullable=False),
    Column("confidence", String(8)),
    Column("ranking", JSON, nullable=False),
    Column("model_id", String(64)),
    Column("milliseconds", Integer, nullable=False),
    Column("dropped", Integer, nullable=False),
    Column("at", UTCDateTime, nullable=False),
)

open_request = Table(
    "open_request",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("conversation_id", ForeignKey("conversation.id"), nullable=False),
    Column("episode", Integer, nullable=False),
    Column("message_id", String(32), nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("reason", String(32), nullable=False),
    Column("contact", String(64)),
    Column("contact_mask", String(32)),
    Column("state", String(16), nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Index("open_request_of_episode", "conversation_id", "episode"),
)

feedback = Table(
    "feedback",
    metadata,
    Column("message_id", String(32), primary_key=True),
    Column("conversation_id", ForeignKey("conversation.id"), nullable=False, index=True),
    Column("helpful", Boolean, nullable=False),
    Column("at", UTCDateTime, nullable=False),
)

rating = Table(
    "rating",
    metadata,
    Column("conversation_id", ForeignKey("conversation.id"), primary_key=True),
    Column("episode", Integer, primary_key=True),
    Column("score", Integer, nullable=False),
    Column("comment", Text),
    Column("owner", String(64), nullable=False),
    Column("at", UTCDateTime, nullable=False),
)
