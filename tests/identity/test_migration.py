"""The migration agrees with the tables, and can be taken back."""

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from shouwen.db import Database
from shouwen.migrating import configuration
from shouwen.schema import metadata


def test_migrated_and_declared_tables_are_the_same(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_it_can_be_taken_back_and_made_again(database: Database) -> None:
    config = configuration(database.url.render_as_string(hide_password=False))
    command.downgrade(config, "0001")
    left = inspect(database.engine)
    assert not [name for name in left.get_table_names() if name.startswith(("identity_", "security_", "reset_"))]
    assert not {"level", "simple", "secure_form"} & {column["name"] for column in left.get_columns("conversation")}
    command.upgrade(config, "head")
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
