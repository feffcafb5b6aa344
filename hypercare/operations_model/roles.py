"""The role of each person: as their own record says it, or all that a table of roles ties to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import select

from hypercare.operations_model.protocol import AskedModel
from hypercare.outcome.signals import NotCovered

_MOST_ROLES = 200_000


def knows_roles(model: AskedModel) -> bool:
    """Whether it is mapped anywhere which role somebody has."""
    return model.has("user", "role") or model.has("role_membership", "user", "role")


def roles_by_user(model: AskedModel) -> Mapping[str, str]:
    """By the id of a user as text, the roles that [mapping.role_membership] ties to them, joined in the order of the
    alphabet: people who have the same ones are of one role. Empty where each user's own record says it, or none does.

    Raises:
        NotCovered: so many are tied that they cannot be told one by one.
    """
    if model.has("user", "role") or not model.has("role_membership", "user", "role"):
        return {}
    tie = model.records("role_membership")
    statement = (
        select(tie["user"].label("user"), tie.word("role").label("role"))
        .where(tie["user"].is_not(None), tie["role"].is_not(None))
        .limit(_MOST_ROLES + 1)
    )
    rows = model.database.rows(statement, about="roles of people")
    if len(rows) > _MOST_ROLES:
        raise NotCovered(
            f"More than {_MOST_ROLES:,} roles are tied to people, which cannot be told one by one.",
            remedy="Leave out of [mapping.role_membership] by `where` those of people who do not work here.",
        )
    roles: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        roles[str(row["user"])].add(str(row["role"]))
    return {user: ", ".join(sorted(some)) for user, some in roles.items()}
