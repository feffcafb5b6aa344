"""How people stand in findings about how they work: by name, by pseudonym, or as groups that single nobody out."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from hypercare.outcome.finding import Finding, Row
from hypercare.outcome.reach import PEOPLE_COLUMN, PERSON_COLUMNS, people_of

LEAST_OF_A_GROUP = 5
_SIZES = ("people", "expected")
# What somebody wrote, or was told: it may name them.
_QUOTED = ("says",)
# From where somebody came, which tells who it was.
_NETWORKS = ("address", "addresses", "network", "ip", "ip_address")
_TOO_FEW = (
    f"Something about how people work is not as it should be, and fewer than {LEAST_OF_A_GROUP} of them are looked at "
    "here: what, and of whom, is not shown."
)


class PeopleShown(StrEnum):
    """`groups` is what a works council asks for: nothing of fewer than five people, and of nobody by themselves."""

    NAMES = "names"
    PSEUDONYMS = "pseudonyms"
    COUNTS = "counts"
    GROUPS = "groups"


@dataclass(frozen=True)
class PeoplePolicy:
    """What leaves of the people in a finding. `key` makes a person's pseudonym the same in every round."""

    shown: PeopleShown
    key: bytes = b""

    def applied(self, finding: Finding) -> Finding:
        """The finding as it may leave; how many people are concerned is kept, since that decides how far it reaches."""
        if self.shown is PeopleShown.NAMES:
            return finding
        people = people_of(finding.sample, finding.count) if finding.people is None else finding.people
        hidden = replace(
            finding,
            people=people,
            sample=tuple(self._rows(finding.sample)),
            more=tuple(self._rows(finding.more)),
            detail="",
            besides=tuple(self.applied(one) for one in finding.besides),
        )
        if self.shown is not PeopleShown.GROUPS:
            return hidden
        too_few = finding.of is not None and finding.of < LEAST_OF_A_GROUP and people is not None
        sentence = _TOO_FEW if too_few else finding.sentence
        return replace(hidden, sentence=sentence, branches=(), concerns=())

    def _rows(self, rows: Sequence[Row]) -> Iterator[Row]:
        for row in rows:
            match self.shown:
                case PeopleShown.PSEUDONYMS:
                    told = {name: value for name, value in row.items() if not _may_name(name)}
                    yield {name: self._of_pseudonyms(name, value) for name, value in told.items()}
                case PeopleShown.COUNTS:
                    yield _without_names(row)
                case _:
                    if _is_of_a_group(row):
                        yield _without_names(row)

    def _of_pseudonyms(self, name: str, value: object) -> object:
        if name.lower() == PEOPLE_COLUMN:
            return ", ".join(map(self._pseudonym, str(value).split(", ")))
        return self._pseudonym(value) if _is_person(name) else value

    def _pseudonym(self, value: object) -> str:
        return f"person {hmac.new(self.key, str(value).encode(), hashlib.sha256).hexdigest()[:6]}"


def _is_person(column: str) -> bool:
    return column.lower() in PERSON_COLUMNS


def _may_name(column: str) -> bool:
    return column.lower() in (*_QUOTED, *_NETWORKS)


def _without_names(row: Row) -> Row:
    names = {name for name in row if _is_person(name) or _may_name(name) or name.lower() == PEOPLE_COLUMN}
    return {name: value for name, value in row.items() if name not in names}


def _is_of_a_group(row: Row) -> bool:
    if any(_is_person(name) and value for name, value in row.items()):
        return False
    sizes = [size for name in _SIZES if isinstance(size := row.get(name), int)]
    return bool(sizes) and min(sizes) >= LEAST_OF_A_GROUP
