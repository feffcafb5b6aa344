"""The names of people whose ids a page shows."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from demo_erp.services import users


class Names(dict[int | None, str]):
    """Full names by id; an id without a user is shown as such, since the activity log's users are not declared."""

    def __missing__(self, user_id: int | None) -> str:
        return "nobody" if user_id is None else f"user {user_id}"


def names_of(session: Session, user_ids: Iterable[int | None]) -> Names:
    """One query for all of them."""
    return Names(users.names(session, {user_id for user_id in user_ids if user_id is not None}).items())
