"""The tables of the identity check. Numbers and addresses stand here as keyed hashes, codes and tokens too."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table

from shouwen.db import UTCDateTime, metadata

check = Table(
    "identity_check",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("conversation_id", ForeignKey("conversation.id"), nullable=False, index=True),
    Column("act", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("step", String(16), nullable=False),
    Column("form_id", String(32), nullable=False, unique=True),
    Column("form_expires_at", UTCDateTime, nullable=False),
    Column("simple", Boolean, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("expires_at", UTCDateTime, nullable=False),
    Column("subject", String(64)),
    Column("customer_ref", String(128)),
    Column("salutation", String(64)),
    Column("phone_mask", String(32)),
    Column("elder", Boolean, nullable=False),
    Column("number_is_new", Boolean, nullable=False),
    Column("name_matched", Boolean),
)

otp = Table(
    "identity_otp",
    metadata,
    Column("check_id", ForeignKey("identity_check.id"), primary_key=True),
    Column("code_hash", String(64), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("sent_at", UTCDateTime, nullable=False),
    Column("expires_at", UTCDateTime, nullable=False, index=True),
)

verification = Table(
    "identity_verification",
    metadata,
    Column("conversation_id", ForeignKey("conversation.id"), primary_key=True),
    Column("level", Integer, nullable=False),
    Column("customer_ref", String(128), nullable=False, index=True),
    Column("subject", String(64), nullable=False),
    Column("salutation", String(64), nullable=False),
    Column("phone_mask", String(32), nullable=False),
    Column("elder", Boolean, nullable=False),
    Column("number_is_new", Boolean, nullable=False),
    Column("via", String(8), nullable=False),
    Column("holder_tail", String(4)),
    Column("verified_at", UTCDateTime, nullable=False),
    Column("fresh_until", UTCDateTime, nullable=False),
    Column("idle_seconds", Integer, nullable=False),
    Column("idle_until", UTCDateTime, nullable=False),
    Column("expires_at", UTCDateTime, nullable=False),
)

attempt = Table(
    "identity_attempt",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(64), nullable=False),
    Column("lane", String(16), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Index("identity_attempt_of_key", "key", "lane", "kind", "at"),
)

lock = Table(
    "identity_lock",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(64), nullable=False),
    Column("lane", String(16), nullable=False),
    Column("reason", String(32), nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Column("until", UTCDateTime, nullable=False),
    Column("ended", Boolean, nullable=False),
    Index("identity_lock_of_key", "key", "lane"),
)

device = Table(
    "identity_device",
    metadata,
    Column("customer_ref", String(128), primary_key=True),
    Column("device", String(64), primary_key=True),
    Column("first_seen", UTCDateTime, nullable=False),
)

security_event = Table(  # append-only: triggers refuse UPDATE and DELETE (migration 0002)
    "security_event",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UTCDateTime, nullable=False, index=True),
    Column("kind", String(32), nullable=False),
    Column("conversation_id", String(32), index=True),
    Column("customer_ref", String(128), index=True),
    Column("lane", String(16)),
    Column("reason", String(32)),
    Column("address", String(64)),
)

reset_link = Table(
    "reset_link",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("customer_ref", String(128), nullable=False, index=True),
    Column("conversation_id", ForeignKey("conversation.id"), nullable=False),
    Column("purpose", String(16), nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("expires_at", UTCDateTime, nullable=False),
    Column("used_at", UTCDateTime),
    Column("void_at", UTCDateTime),
)
