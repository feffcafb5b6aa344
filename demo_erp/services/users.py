"""The people who work with the system."""

from __future__ import annotations

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session, joinedload

from demo_erp.access import Caller, require, visible
from demo_erp.errors import Conflict, NotFound
from demo_erp.schema import Session as SignedIn
from demo_erp.schema import User
from demo_erp.services import activity
from demo_erp.services.page import Page, page_of


def listing(
    session: Session,
    caller: Caller,
    query: str = "",
    *,
    role: str | None = None,
    active: bool | None = None,
    limit: int = 200,
    offset: int = 0,
) -> Page[User]:
    """Users of the branches that the caller sees, by user name."""
    require(caller, "users.read")
    chosen = select(User).where(visible(caller, User.branch_id)).options(joinedload(User.branch))
    if role:
        chosen = chosen.where(User.role == role)
    if active is not None:
        chosen = chosen.where(User.active.is_(active))
    if text := query.strip().lower():
        by_name = func.lower(User.full_name).contains(text, autoescape=True)
        chosen = chosen.where(or_(by_name, User.username.contains(text, autoescape=True)))
    return page_of(session, chosen.order_by(User.username), limit=limit, offset=offset)


def set_active(session: Session, caller: Caller, user_id: int, active: bool) -> User:
    """Enable or disable a user. A disabled user's sessions end at once."""
    user = _changeable(session, caller, user_id)
    if user.id == caller.user.id and not active:
        raise Conflict("you cannot disable yourself")
    user.active = active
    if not active:
        session.execute(
            update(SignedIn)
            .where(SignedIn.user_id == user.id, SignedIn.revoked_at.is_(None))
            .values(revoked_at=caller.now)
        )
    action = "user.enable" if active else "user.disable"
    activity.record(session, caller, action, "user", user.id, user.branch_id)
    session.flush()
    return user


def unlock(session: Session, caller: Caller, user_id: int) -> User:
    """Let a user in again who was locked out by wrong passwords."""
    user = _changeable(session, caller, user_id)
    user.failed_logins, user.locked_until = 0, None
    activity.record(session, caller, "user.unlock", "user", user.id, user.branch_id)
    session.flush()
    return user


def names(session: Session, user_ids: set[int]) -> dict[int, str]:
    """Full names by id, for pages that show who did something."""
    if not user_ids:
        return {}
    return {user.id: user.full_name for user in session.scalars(select(User).where(User.id.in_(user_ids)))}


def _changeable(session: Session, caller: Caller, user_id: int) -> User:
    require(caller, "users.write")
    user = session.get(User, user_id)
    if user is None:
        raise NotFound("there is no such user")
    return user
