"""The activity log: every change writes its line in the same transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from demo_erp.access import Caller, require, visible
from demo_erp.schema import Activity
from demo_erp.services.page import Page, page_of


def record(
    session: Session,
    caller: Caller,
    action: str,
    entity: str,
    entity_id: int | None,
    branch_id: int | None = None,
) -> None:
    """Write down what the caller does; the branch is the record's, or else the caller's own."""
    session.add(
        Activity(
            user_id=caller.user.id,
            branch_id=branch_id if branch_id is not None else caller.user.branch_id,
            action=action,
            entity=entity,
            entity_id=entity_id,
            channel=caller.channel,
            trace_id=caller.trace_id,
            at=caller.now,
        )
    )


def listing(
    session: Session,
    caller: Caller,
    *,
    user_id: int | None = None,
    since: datetime | None = None,
    action: str | None = None,
    limit: int = 100,
    offset: int = 0,
) -> Page[Activity]:
    """Newest first; of the branches that the caller sees."""
    require(caller, "activity.read")
    query = select(Activity).where(visible(caller, Activity.branch_id))
    if user_id is not None:
        query = query.where(Activity.user_id == user_id)
    if since is not None:
        query = query.where(Activity.at >= since)
    if action:
        query = query.where(Activity.action == action)
    return page_of(session, query.order_by(Activity.at.desc(), Activity.id.desc()), limit=limit, offset=offset)
