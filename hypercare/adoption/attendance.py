"""People at work, one by one: who was expected, who came, and who did something besides coming and going."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property

from sqlalchemy import func, select

from hypercare.operations_model.hands import HANDS, SESSIONS, Hand
from hypercare.operations_model.resource import Resource
from hypercare.operations_model.roles import roles_by_user
from hypercare.operations_model.schema_drift import left_out_if_gone
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period

_MOST_PEOPLE = 20_000
_COMING_AND_GOING = ("login", "logout")
_A_WEEK = 7
# Of a role or branch with fewer people it cannot be told what is usual in it.
_LEAST_ALIKE = 3
_ON_TWO_DAYS = 2
_LEAST_DAYS_AWAY = 5
# More than so many are not named in a question: all are asked, and the others left out afterwards.
_MOST_NAMED = 1_000
_ASKED_FIRST = {"login_attempt": 0, "session": 1, "activity": 2}


@dataclass(frozen=True)
class Person:
    """Somebody who may log in; `branch` is where they belong, `role` all their roles, empty where none is mapped."""

    key: object
    username: str
    branch: object
    role: str

    @property
    def id(self) -> str:
        """The key as text: another table may keep it in another form."""
        return str(self.key)


class Attendance(Resource):
    """The people of the business as their shifts and their traces show them, without those of the canary."""

    # -- who is who ------------------------------------------------------------------------------------------

    @cached_property
    def people(self) -> Mapping[str, Person]:
        """Those who may log in, by id. Raises NotCovered where there are more than can be told one by one."""
        user = self.model.records("user")
        columns = {"key": user["id"], "username": user["username" if user.has("username") else "id"]}
        columns |= {field: user[field] for field in ("branch", "role") if user.has(field)}
        active = [user.flag("active")] if user.has("active") else []
        statement = (
            select(*(column.label(name) for name, column in columns.items()))
            .where(*active, *self.model.excluding_canary(user))
            .limit(_MOST_PEOPLE + 1)
        )
        rows = self.model.database.rows(statement, about="people who may log in")
        if len(rows) > _MOST_PEOPLE:
            raise NotCovered(
                f"More than {_MOST_PEOPLE:,} people may log in, who cannot be told one by one.",
                remedy="Leave out of [mapping.user] by `where` whoever does not work here, such as customers.",
            )
        roles = roles_by_user(self.model)
        found = (
            Person(
                key=row["key"],
                username=str(row["username"]),
                branch=row.get("branch"),
                role=str(row.get("role") or roles.get(str(row["key"]), "")),
            )
            for row in rows
        )
        return {person.id: person for person in found}

    def expected(self, period: Period) -> Mapping[Person, Sequence[datetime]]:
        """By person, when their shifts began that began in the period."""
        shift, people = self.model.records("shift"), self.people
        starts = shift.instant("starts_at")
        statement = (
            select(shift["user"].label("user"), starts.raw.label("began"))
            .where(starts.within(period), *self.model.excluding_canary(shift))
            .limit(_MOST_PEOPLE * _A_WEEK)
        )
        found: dict[Person, list[datetime]] = defaultdict(list)
        for row in self.model.database.rows(statement, about="people expected"):
            began = starts.timestamp_format.decode(row["began"])
            if began is not None and str(row["user"]) in people:
                found[people[str(row["user"])]].append(began)
        return found

    # -- what they left behind -------------------------------------------------------------------------------

    def came(self, period: Period, among: Collection[Person]) -> frozenset[str]:
        """The ids of those of some people who left any trace in the period, be it that they logged in.

        Log-ins are asked first, which are few; the rest is asked only of those who are not found there.
        """
        missing = {person.id: person.key for person in among}
        hands = sorted(self._hands(), key=lambda hand: _ASKED_FIRST.get(hand.records.entity, len(_ASKED_FIRST)))
        for hand in hands:
            if not missing:
                break
            keys = list(missing.values())
            for key in self._by(hand, period, keys if len(keys) <= _MOST_NAMED else None):
                missing.pop(key, None)
        return frozenset(person.id for person in among) - missing.keys()

    @cached_property
    def came_today(self) -> frozenset[str]:
        """The ids of those who left any trace today."""
        return self.came(self.target.today, list(self.people.values()))

    def worked(self, period: Period, among: Collection[Person] | None = None) -> frozenset[str]:
        """The ids of those who did anything besides coming and going, of some people or of all.

        Raises NotCovered where nothing that is mapped tells it.
        """
        keys = None if among is None or len(among) > _MOST_NAMED else [person.key for person in among]
        if self.model.has("activity", "user", "at"):
            return self._by(self.deeds_in_log(), period, keys)
        hands = [hand for hand in self._hands() if hand.is_work]
        if not hands:
            raise NotCovered("What users do is not mapped.", remedy="Map [mapping.activity].")
        return frozenset(key for hand in hands for key in self._by(hand, period, keys))

    def on_earlier_days(self, role: str) -> tuple[Counter[str], Counter[str]]:
        """By id, on how many earlier days of the week people of a role came and did nothing, and did something."""
        if role not in self._on_earlier_days:
            idle, at_work = Counter[str](), Counter[str]()
            people = [one for one in self.people.values() if one.role == role]
            for number in range(1, _A_WEEK):
                day = self.days_ago(number)
                if day >= self.model.calendar.go_live:
                    period = self.model.calendar.day(day)
                    # Of very many people all are asked, those of other roles too.
                    worked = self.worked(period, people) & {one.id for one in people}
                    at_work.update(worked)
                    idle.update(self.came(period, people) - worked)
            self._on_earlier_days[role] = idle, at_work
        return self._on_earlier_days[role]

    @cached_property
    def _on_earlier_days(self) -> dict[str, tuple[Counter[str], Counter[str]]]:
        return {}

    def logged_in(self, period: Period) -> Mapping[str, datetime]:
        """By id, when they logged in first in the period.

        Raises NotCovered where no log-in is mapped.
        """
        found: dict[str, datetime] = {}
        log_ins = list(self.log_ins())
        if not log_ins:
            raise NotCovered(
                "No log-in is mapped.", remedy="Map [mapping.login_attempt] or [mapping.session] with user and time."
            )
        for log_in in log_ins:
            statement = (
                select(log_in.who.label("who"), func.min(log_in.at.raw).label("first"))
                .where(log_in.at.within(period), *log_in.only, *self.model.excluding_canary(log_in.records))
                .group_by(log_in.who)
                .limit(_MOST_PEOPLE)
            )
            for row in self.model.database.rows(statement, about=f"log-ins by {log_in.records.place}"):
                first = log_in.at.timestamp_format.decode(row["first"])
                if first is not None and row["who"] is not None:
                    found[str(row["who"])] = min(first, found.get(str(row["who"]), first))
        return found

    # -- questions -------------------------------------------------------------------------------------------

    def never_came(self, after: timedelta) -> Found:
        """People with shifts on two days or more of the last week who have left no trace at all in it.

        A shift counts once it began more than `after` ago. A role of three people or more of which nobody came is left
        to `roles_that_stay_away`. Raises NotCovered where that is nobody yet.
        """
        judged, rows = self.rows_of_never_came(after)
        return self.found(rows, of=judged, place="shifts, activity")

    def rows_of_never_came(self, after: timedelta) -> tuple[int, list[dict[str, object]]]:
        """The same, all of them, with how many people were judged."""
        week, judged = self._last_week(), self._expected_on_two_days(after)
        away = _roles_away([*judged], seen := self.came(week, judged))
        return len(judged), [
            {**self.who(person), "shifts": len(begun), "first": self.clock(min(begun))}
            for person, begun in judged.items()
            if person.id not in seen and person.role not in away
        ]

    def roles_that_stay_away(self, after: timedelta) -> Found:
        """Roles of three people or more who had shifts on two days or more of the last week, none of whom came.

        Cleaners, or a counter that works under one account for all: to be asked. Raises NotCovered as `never_came`.
        """
        judged = self._expected_on_two_days(after)
        away = _roles_away([*judged], self.came(self._last_week(), judged))
        rows: list[dict[str, object]] = [{"role": role or "(none)", "people": many} for role, many in away.items()]
        return self.model.found(rows, of=len({person.role for person in judged}), place="shifts, activity")

    def away_unlike_their_role(self) -> Found:
        """People who have left no trace in the last week, of roles of three people or more most of whom have.

        Without a rota this is all that is known of who is expected, so it is to be asked and no alarm; with one, it
        is nobody. Raises NotCovered where roles are not mapped, or fewer than five days are over since go-live.
        """
        if self.model.has("shift", "user", "starts_at"):
            return self.model.found([], of=len(self.people), place="users")
        week = self._last_week()
        if (self.model.calendar.date_of(week.end) - self.model.calendar.date_of(week.start)).days < _LEAST_DAYS_AWAY:
            raise NotCovered(
                "Not enough history: the system has not been in use for a week.", remedy="Look again tomorrow."
            )
        by_role: dict[str, list[Person]] = defaultdict(list)
        for person in self.people.values():
            by_role[person.role].append(person)
        alike = [people for role, people in by_role.items() if role and len(people) >= _LEAST_ALIKE]
        if not alike:
            self.model.records("user").need("role")
            raise NotCovered(f"No role has {_LEAST_ALIKE} people.", remedy="Nothing to mend.")
        came = self.came(week, [person for people in alike for person in people])
        judged = [people for people in alike if 2 * sum(one.id in came for one in people) > len(people)]
        rows = [self.who(one) for people in judged for one in people if one.id not in came]
        return self.found(rows, of=sum(len(people) for people in judged), place="users, activity")

    def without_activity(self, after: timedelta) -> int:
        """How many people were expected today, more than `after` ago, and have not done a thing.

        Raises NotCovered where shifts or activity are not mapped.
        """
        expected = self.expected(Period(self.target.today.start, self.model.as_of - after))
        worked = self.worked(self.target.today)
        return sum(person.id not in worked for person in expected)

    def _expected_on_two_days(self, after: timedelta) -> Mapping[Person, Sequence[datetime]]:
        week = self._last_week()
        found = {
            person: begun
            for person, begun in self.expected(Period(week.start, self.model.as_of - after)).items()
            if len({self.model.calendar.date_of(one) for one in begun}) >= _ON_TWO_DAYS
        }
        if not found:
            raise NotCovered(
                "Not enough history: nobody has been expected on two days yet.", remedy="Look again tomorrow."
            )
        return found

    # -- how the questions are put together ------------------------------------------------------------------

    def days_ago(self, days: int) -> date:
        return self.model.calendar.date_of(self.model.as_of) - timedelta(days=days)

    def _last_week(self) -> Period:
        today = self.model.calendar.date_of(self.model.as_of)
        first = max(self.model.calendar.go_live, today - timedelta(days=_A_WEEK - 1))
        return Period(self.model.calendar.at(min(first, today), time.min), self.model.as_of)

    def _hands(self) -> Iterator[Hand]:
        for entity, who, at in (*HANDS, SESSIONS):
            if self.model.has(entity, who, at):
                with left_out_if_gone():
                    records = self.model.records(entity)
                    only = [records.flag("succeeded")] if entity == "login_attempt" else []
                    yield Hand(records, records[who], records.instant(at), only)

    def deeds_in_log(self) -> Hand:
        """What the activity log tells besides coming and going."""
        activity = self.model.records("activity")
        words = activity.mapping.values.get("action", {})
        besides = [activity.is_not("action", word) for word in _COMING_AND_GOING if word in words]
        return Hand(activity, activity["user"], activity.instant("at"), besides)

    def log_ins(self) -> Iterator[Hand]:
        """Log-ins that went well, by all that is mapped of them."""
        if self.model.has("login_attempt", "user", "succeeded", "at"):
            attempt = self.model.records("login_attempt")
            yield Hand(attempt, attempt["user"], attempt.instant("at"), [attempt.flag("succeeded")])
        if self.model.has("session", "user", "created_at"):
            session = self.model.records("session")
            yield Hand(session, session["user"], session.instant("created_at"))

    def _by(self, hand: Hand, period: Period, keys: Sequence[object] | None) -> frozenset[str]:
        some = [] if keys is None else [hand.who.in_(keys)]
        statement = (
            select(hand.who.label("who"))
            .where(hand.at.within(period), *hand.only, *some, *self.model.excluding_canary(hand.records))
            .distinct()
            .limit(_MOST_PEOPLE)
        )
        rows = self.model.database.rows(statement, about=f"people of {hand.records.place}")
        return frozenset(str(row["who"]) for row in rows if row["who"] is not None)

    def found(self, rows: Sequence[dict[str, object]], *, of: int | None, place: str) -> Found:
        """These rows of people by `who` they are, without those whom somebody agreed to let be."""
        return self.model.found(self.model.exceptions.without(rows, "user", "user", place), of=of, place=place)

    def who(self, person: Person) -> dict[str, object]:
        branch = {} if person.branch is None else {"branch": self.model.branch_word(person.branch)}
        return {"user": person.username, **branch, **({"role": person.role} if person.role else {})}

    def clock(self, instant: datetime) -> str:
        return f"{instant.astimezone(self.model.calendar.zone):%Y-%m-%d %H:%M}"


def _roles_away(people: Collection[Person], came: frozenset[str]) -> Mapping[str, int]:
    """Roles of three of these people or more, of whom none came, with how many they are."""
    many = Counter(person.role for person in people)
    present = {person.role for person in people if person.id in came}
    return {role: number for role, number in many.items() if number >= _LEAST_ALIKE and role not in present}
