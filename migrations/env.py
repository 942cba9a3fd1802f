"""Alembic: runs the versions against the address it is given."""

from alembic import context

from shouwen.db import Database
from shouwen.schema import metadata

database = Database(context.config.attributes["address"])
try:
    with database.engine.connect() as connection:
        context.configure(
            connection=connection, target_metadata=metadata, render_as_batch=database.is_sqlite, user_module_prefix=""
        )
        with connection.begin():
            context.run_migrations()
finally:
    database.close()
