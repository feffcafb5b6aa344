"""People who have another role than an earlier round saw: nobody need have agreed to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select

from hypercare.history.memory import Memory
from hypercare.operations_model.model import Model
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered

_REMEMBERED = "roles of people"
_ROLES, _CHANGED = "roles", "changed"
_MOST_PEOPLE = 5_000
_TOLD_FOR = timedelta(days=1)
_LEAST_SHARE = 10


def changed_roles(model: Model, memory: Memory) -> Found:
    """People in use whose role a round of the last day saw change; of several changes the first counts.

    Where more than one in ten changed at once, roles were only called otherwise, and none is told. Raises NotCovered
    where no earlier round saw the roles.
    """
    roles, names = _roles(model)
    remembered = memory.recall(_REMEMBERED)
    if remembered is None:
        memory.keep(_REMEMBERED, {_ROLES: roles, _CHANGED: {}}, model.as_of)
        raise NotCovered(
            "No earlier round saw which role people have.",
            remedy="Nothing to mend: it is known from the next round on.",
        )
    before: Mapping[str, str] = remembered[_ROLES]
    new = {key for key, role in roles.items() if before.get(key, role) != role}
    if len(new) * _LEAST_SHARE > max(len(roles), _LEAST_SHARE):
        new = set()
    now = model.as_of.isoformat()
    changed = {key: told for key, told in remembered[_CHANGED].items() if key in roles and _is_new(model, told["at"])}
    changed = {**{key: {"was": before[key], "at": now} for key in new}, **changed}
    memory.keep(_REMEMBERED, {_ROLES: {**before, **roles}, _CHANGED: changed}, model.as_of)
    rows = [
        {"user": names[key], "role": roles[key], "was": told["was"]}
        for key, told in changed.items()
        if told["was"] != roles[key]
    ]
    place = model.records("user").place
    return model.found(model.exceptions.without(rows, "user", "user", place), of=len(roles), place=place)


def _is_new(model: Model, at: str) -> bool:
    return model.as_of - datetime.fromisoformat(at) < _TOLD_FOR


def _roles(model: Model) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """By the id of a person in use, the role, and what they are called."""
    user = model.records("user")
    in_use = [user.flag("active")] if user.has("active") else []
    called = user["username" if user.has("username") else "id"]
    statement = (
        select(user["id"].label("id"), user["role"].label("role"), called.label("called"))
        .where(user["role"].is_not(None), *in_use, *model.excluding_canary(user))
        .limit(_MOST_PEOPLE + 1)
    )
    rows = model.database.rows(statement, about="roles of people")
    if len(rows) > _MOST_PEOPLE:
        raise NotCovered(
            f"More than {_MOST_PEOPLE:,} people are too many to remember the roles of.",
            remedy="Leave out of [mapping.user] by `where` who has not worked for long.",
        )
    roles = {str(row["id"]): str(row["role"]) for row in rows}
    return roles, {str(row["id"]): str(row["called"]) for row in rows}
