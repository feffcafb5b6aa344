"""Run the revisions on the connection that the history hands over; there is no other way in."""

from __future__ import annotations

from alembic import context

from hypercare.history.migrating import REVISION_TABLE
from hypercare.history.tables import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, version_table=REVISION_TABLE
)
with context.begin_transaction():
    context.run_migrations()
