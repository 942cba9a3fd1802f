"""SQLite's INSERT OR REPLACE deletes a row without asking the trigger that guards it."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER security_event_no_replace BEFORE INSERT ON security_event "
            "WHEN EXISTS (SELECT 1 FROM security_event WHERE id = NEW.id) "
            "BEGIN SELECT RAISE(ABORT, 'security_event is append-only'); END"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER security_event_no_replace")
