"""Run the revisions on the connection that the database hands over; there is no other way in."""

from __future__ import annotations

from alembic import context

from demo_erp.schema import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
