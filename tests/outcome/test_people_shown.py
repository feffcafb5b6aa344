"""How people stand in findings about how they work, by what the target file allows."""

from __future__ import annotations

import pytest

from hypercare.outcome.finding import Finding
from hypercare.outcome.people_shown import PeoplePolicy, PeopleShown

KEY = b"0123456789abcdef"
ROWS = (
    {"user": "a.keller", "branch": "North", "shifts": 2},
    {"user": "b.ito", "branch": "North", "shifts": 3},
)


def finding(rows: tuple[dict[str, object], ...] = ROWS, of: int | None = 30) -> Finding:
    return Finding(
        sentence="2 of 30 people never came.",
        count=2,
        of=of,
        sample=rows,
        detail="a.keller was seen last on Monday",
        branches=("North",),
        besides=(Finding(sentence="One more.", sample=rows[:1]),),
    )


def shown(how: PeopleShown, one: Finding | None = None) -> Finding:
    return PeoplePolicy(how, KEY).applied(one or finding())


def test_names_leave_it_as_it_is() -> None:
    assert shown(PeopleShown.NAMES) == finding()


def test_a_pseudonym_stays_the_same_and_tells_two_apart() -> None:
    first, again = shown(PeopleShown.PSEUDONYMS), shown(PeopleShown.PSEUDONYMS)
    assert [row["user"] for row in first.sample] == [row["user"] for row in again.sample]
    assert len({row["user"] for row in first.sample}) == 2
    assert all(str(row["user"]).startswith("person ") for row in first.sample)
    other = PeoplePolicy(PeopleShown.PSEUDONYMS, b"another key").applied(finding())
    assert [row["user"] for row in other.sample] != [row["user"] for row in first.sample]


def test_counts_name_nobody_and_keep_the_rest() -> None:
    assert shown(PeopleShown.COUNTS).sample == ({"branch": "North", "shifts": 2}, {"branch": "North", "shifts": 3})


@pytest.mark.parametrize("how", [PeopleShown.PSEUDONYMS, PeopleShown.COUNTS, PeopleShown.GROUPS])
def test_a_group_of_which_some_are_named_is_told_without_their_names(how: PeopleShown) -> None:
    row = {"what": "POST sales", "people": 9, "users": "a.keller, b.ito", "says": "a.keller may not void"}
    (told,) = shown(how, finding((row,))).sample
    assert "keller" not in repr(told) and "ito" not in repr(told)
    assert (told["what"], told["people"]) == ("POST sales", 9)
    if how is PeopleShown.PSEUDONYMS:
        alone = shown(how).sample
        assert told["users"] == ", ".join(str(one["user"]) for one in alone)


@pytest.mark.parametrize(
    ("row", "is_told"),
    [
        ({"user": "a.keller", "people": 9}, False),
        ({"branch": "North", "people": 5, "issues": 12}, True),
        ({"branch": "North", "people": 4, "issues": 12}, False),
        ({"role": "seller", "expected": 6, "at work in the system": 1}, True),
        ({"branch": "North", "issues": 12}, False),
    ],
)
def test_groups_are_of_five_people_at_least(row: dict[str, object], is_told: bool) -> None:
    assert bool(shown(PeopleShown.GROUPS, finding((row,))).sample) is is_told


def test_groups_tell_no_branch_of_people() -> None:
    assert shown(PeopleShown.GROUPS).branches == ()


def test_of_a_handful_of_people_groups_tell_nothing() -> None:
    sentence = shown(PeopleShown.GROUPS, finding(of=4)).sentence
    assert "2 of" not in sentence and "fewer than 5" in sentence


@pytest.mark.parametrize("how", [PeopleShown.PSEUDONYMS, PeopleShown.COUNTS, PeopleShown.GROUPS])
def test_nobody_is_named_anywhere_and_how_many_they_are_is_known(how: PeopleShown) -> None:
    told = shown(how)
    assert "keller" not in repr(told) and "ito" not in repr(told)
    assert told.people == 2


@pytest.mark.parametrize("how", [PeopleShown.PSEUDONYMS, PeopleShown.COUNTS])
def test_from_where_somebody_came_names_nobody(how: PeopleShown) -> None:
    (told,) = shown(how, finding(({"user": "a.keller", "address": "203.0.113.7", "shifts": 2},))).sample
    assert "203.0.113.7" not in repr(told) and told["shifts"] == 2
