"""The branches and when they are open."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from demo_erp.access import Caller, require, require_branch, visible
from demo_erp.errors import NotFound
from demo_erp.schema import Branch, OpeningHours


def listing(session: Session, caller: Caller) -> Sequence[Branch]:
    """The branches that the caller sees, the training room last."""
    require(caller, "branches.read")
    query = select(Branch).where(visible(caller, Branch.id)).order_by(Branch.training, Branch.name)
    return session.scalars(query).all()


def get(session: Session, caller: Caller, branch_id: int) -> Branch:
    require(caller, "branches.read")
    branch = session.get(Branch, branch_id)
    if branch is None:
        raise NotFound("there is no such branch")
    require_branch(caller, branch.id, "branch")
    return branch


def opening_hours(session: Session, caller: Caller) -> dict[int, list[OpeningHours]]:
    """Opening hours by branch id, Monday first; days that are missing are closed."""
    require(caller, "branches.read")
    query = select(OpeningHours).where(visible(caller, OpeningHours.branch_id))
    by_branch: dict[int, list[OpeningHours]] = {}
    for hours in session.scalars(query.order_by(OpeningHours.branch_id, OpeningHours.weekday)):
        by_branch.setdefault(hours.branch_id, []).append(hours)
    return by_branch
