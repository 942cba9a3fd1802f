"""identity: checks, codes, locks, links, the security log; what they show on a conversation."""

import sqlalchemy as sa
from alembic import op

from shouwen.db import UTCDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("conversation") as batch_op:
        batch_op.add_column(sa.Column("secure_form", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("level", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("simple", sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table("chat_session") as batch_op:
        batch_op.add_column(sa.Column("device", sa.String(length=64), nullable=True))
    with op.batch_alter_table("consent") as batch_op:
        batch_op.add_column(sa.Column("sensitive", sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table("button") as batch_op:
        batch_op.add_column(sa.Column("entities", sa.JSON(), nullable=True))

    op.create_table(
        "identity_check",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("act", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("step", sa.String(length=16), nullable=False),
        sa.Column("form_id", sa.String(length=32), nullable=False),
        sa.Column("form_expires_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("simple", sa.Boolean(), nullable=False),
        sa.Column("created_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=True),
        sa.Column("customer_ref", sa.String(length=128), nullable=True),
        sa.Column("salutation", sa.String(length=64), nullable=True),
        sa.Column("phone_mask", sa.String(length=32), nullable=True),
        sa.Column("elder", sa.Boolean(), nullable=False),
        sa.Column("number_is_new", sa.Boolean(), nullable=False),
        sa.Column("name_matched", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("form_id"),
    )
    op.create_index(op.f("ix_identity_check_conversation_id"), "identity_check", ["conversation_id"], unique=False)

    op.create_table(
        "identity_otp",
        sa.Column("check_id", sa.String(length=32), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["check_id"], ["identity_check.id"]),
        sa.PrimaryKeyConstraint("check_id"),
    )
    op.create_index(op.f("ix_identity_otp_expires_at"), "identity_otp", ["expires_at"], unique=False)

    op.create_table(
        "identity_verification",
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("customer_ref", sa.String(length=128), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("salutation", sa.String(length=64), nullable=False),
        sa.Column("phone_mask", sa.String(length=32), nullable=False),
        sa.Column("elder", sa.Boolean(), nullable=False),
        sa.Column("number_is_new", sa.Boolean(), nullable=False),
        sa.Column("via", sa.String(length=8), nullable=False),
        sa.Column("holder_tail", sa.String(length=4), nullable=True),
        sa.Column("verified_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("fresh_until", UTCDateTime(timezone=True), nullable=False),
        sa.Column("idle_seconds", sa.Integer(), nullable=False),
        sa.Column("idle_until", UTCDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", UTCDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"]),
        sa.PrimaryKeyConstraint("conversation_id"),
    )
    op.create_index(
        op.f("ix_identity_verification_customer_ref"), "identity_verification", ["customer_ref"], unique=False
    )

    op.create_table(
        "identity_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("lane", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("at", UTCDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("identity_attempt_of_key", "identity_attempt", ["key", "lane", "kind", "at"], unique=False)

    op.create_table(
        "identity_lock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("lane", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("until", UTCDateTime(timezone=True), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("identity_lock_of_key", "identity_lock", ["key", "lane"], unique=False)

    op.create_table(
        "identity_device",
        sa.Column("customer_ref", sa.String(length=128), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("first_seen", UTCDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("customer_ref", "device"),
    )

    op.create_table(
        "security_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=True),
        sa.Column("customer_ref", sa.String(length=128), nullable=True),
        sa.Column("lane", sa.String(length=16), nullable=True),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("address", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    for column in ("at", "conversation_id", "customer_ref"):
        op.create_index(op.f(f"ix_security_event_{column}"), "security_event", [column], unique=False)
    _keep_events()

    op.create_table(
        "reset_link",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("customer_ref", sa.String(length=128), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("created_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("used_at", UTCDateTime(timezone=True), nullable=True),
        sa.Column("void_at", UTCDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"]),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index(op.f("ix_reset_link_customer_ref"), "reset_link", ["customer_ref"], unique=False)


def downgrade() -> None:
    op.drop_table("reset_link")
    op.drop_table("security_event")  # its triggers go with it
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION security_event_is_append_only()")
    for table in ("device", "lock", "attempt", "verification", "otp", "check"):
        op.drop_table(f"identity_{table}")
    with op.batch_alter_table("button") as batch_op:
        batch_op.drop_column("entities")
    with op.batch_alter_table("consent") as batch_op:
        batch_op.drop_column("sensitive")
    with op.batch_alter_table("chat_session") as batch_op:
        batch_op.drop_column("device")
    with op.batch_alter_table("conversation") as batch_op:
        batch_op.drop_column("simple")
        batch_op.drop_column("level")
        batch_op.drop_column("secure_form")


def _keep_events() -> None:
    """The security log only grows: whoever holds the application's login cannot rewrite it row by row."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION security_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'security_event is append-only'; END $$"
        )
        op.execute(
            "CREATE TRIGGER security_event_stays BEFORE UPDATE OR DELETE ON security_event "
            "FOR EACH ROW EXECUTE FUNCTION security_event_is_append_only()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER security_event_no_{verb.lower()} BEFORE {verb} ON security_event "
            "BEGIN SELECT RAISE(ABORT, 'security_event is append-only'); END"
        )
