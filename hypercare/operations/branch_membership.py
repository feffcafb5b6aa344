"""People who lost their branch: what they do lies in one, but they belong to none, unlike all others of their kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from sqlalchemy import select

from hypercare.operations_model.model import Model
from hypercare.operations_model.portable import counted_by
from hypercare.operations_model.roles import roles_by_user
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered

# Who made fewer records, or far fewer than others do, may have helped out; so few colleagues are no rule.
_LEAST_RECORDS = 3
_LEAST_COLLEAGUES = 3
# Where more of a role than one in so many have no branch, it is no exception.
_ONE_IN = 10
_MOST_MAKERS = 5000
_MADE_BY = {"sale": ("created_by", "created_at"), "cost": ("entered_by", "entered_at")}


@dataclass(frozen=True)
class _Maker:
    id: object
    name: str
    role: str
    branch: object
    made_in: frozenset[object]
    made: int


def people_of_no_branch(model: Model) -> Found:
    """People without a branch who work in just one, while all others of their role who work so have theirs.

    People of the house (owners, accountants) belong to no branch by right: they work in several, in none, or in a role
    of which nobody has one.

    Raises:
        NotCovered: the branch of people, or who makes records, is not mapped.
    """
    makers = _makers(model)
    by_role: dict[str, list[_Maker]] = defaultdict(list)
    for one in makers:
        by_role[one.role].append(one)
    lost = [one for alike in by_role.values() for one in _lost_among(alike)]
    rows = [
        {
            "person": one.name,
            "role": one.role,
            "branch": model.branch_word(next(iter(one.made_in))),
            "records made there": one.made,
        }
        for one in lost
    ]
    return model.found(rows, of=len(makers), place=model.records("user").place)


def _lost_among(alike: Sequence[_Maker]) -> list[_Maker]:
    without = [one for one in alike if one.branch is None]
    others = [one.made for one in alike if one.branch is not None]
    if len(without) > max(1, len(alike) // _ONE_IN) or len(others) < _LEAST_COLLEAGUES:
        return []
    least = max(_LEAST_RECORDS, median(others) / 4)
    return [one for one in without if len(one.made_in) == 1 and one.made >= least]


def _makers(model: Model) -> list[_Maker]:
    user = model.records("user")
    user.need("id", "branch")
    kinds = [kind for kind, fields in _MADE_BY.items() if model.has(kind, "branch", *fields)]
    if not kinds:
        raise NotCovered(
            "who makes records, and when, is not mapped", remedy="Map created_by in [mapping.sale] columns."
        )
    with model.database.snapshot():
        made = _made(model, kinds)
        fields = {"id": user["id"], "branch": user["branch"]}
        fields |= {field: user[field] for field in ("username", "name", "role") if user.has(field)}
        among = [user.flag("active")] if user.has("active") else []
        statement = select(*(column.label(name) for name, column in fields.items())).where(*among)
        people = model.database.rows(statement.limit(_MOST_MAKERS), about="people and their branches")
        roles = roles_by_user(model)
    return [
        _Maker(
            id=row["id"],
            name=str(row.get("username") or row.get("name") or row["id"]),
            role=str(row.get("role") or roles.get(str(row["id"]), "")),
            branch=row["branch"],
            made_in=frozenset(made[row["id"]]),
            made=sum(made[row["id"]].values()),
        )
        for row in people
        if row["id"] in made
    ]


def _made(model: Model, kinds: Sequence[str]) -> dict[object, dict[object, int]]:
    """By person and branch, how many records of the last weeks are theirs."""
    made: dict[object, dict[object, int]] = defaultdict(lambda: defaultdict(int))
    for kind in kinds:
        by, at = _MADE_BY[kind]
        records = model.records(kind)
        instant = records.instant(at)
        each = select(records[by].label("by"), records["branch"].label("branch")).where(
            instant.within(model.watched(instant, records)),
            records["branch"].is_not(None),
            *model.excluding_canary(records),
        )
        for row in model.database.rows(counted_by(each), about=f"who made {records.place}"):
            made[row["by"]][row["branch"]] += int(row["many"])
    return made
