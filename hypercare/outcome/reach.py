"""How far a finding reaches, as far as its own rows tell: which branches, how many people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

_BRANCH = "branch"
PERSON_COLUMNS = ("user", "account", "username")
# Some of the people of a group, with commas between them.
PEOPLE_COLUMN = "users"
_NO_BRANCH = {"", "none"}


def branches_of(rows: Iterable[Mapping[str, object]]) -> tuple[str, ...]:
    """The branches that the rows name, each once, in the order of the alphabet."""
    named = {str(row[_BRANCH]) for row in rows if row.get(_BRANCH) is not None}
    return tuple(sorted(named - _NO_BRANCH))


def people_of(rows: Sequence[Mapping[str, object]], count: int | None) -> int | None:
    """How many people are concerned at least; None when the rows do not name any.

    Where each row of a sample is another person's, `count` rows are as many people.
    """
    people = [str(row[column]) for row in rows for column in PERSON_COLUMNS if row.get(column)]
    different = len(set(people))
    if not different:
        return None
    return max(different, count or 0) if different == len(rows) else different
