"""People: who was expected and is silent, and what the log-ins of the last day look like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal_column, not_, or_, select

from hypercare.operations.activity import ActivityLog
from hypercare.operations_model.portable import as_text, count_if, counted_by, one_if
from hypercare.operations_model.records import Records
from hypercare.operations_model.resource import Resource
from hypercare.operations_model.violations import ViolationQuery, Violations
from hypercare.outcome.evidence import rows_wanted
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period

A_DAY = timedelta(days=1)
_EARLY = timedelta(minutes=45)
_MOST_PEOPLE = 20_000
# So many names of nobody came in before, and another one says nothing.
_USUAL_FROM = 3
_SIGNS_OF_USE = (("activity", "at"), ("session", "created_at"), ("login_attempt", "at"))


@dataclass(frozen=True)
class Logins:
    """The log-ins tried in a period."""

    attempts: int
    failures: int

    @property
    def share(self) -> float:
        """Of all attempts, how many failed; 0 when there was none."""
        return self.failures / self.attempts if self.attempts else 0.0


class Users(Resource):
    """The people of the business; those kept for synthetic transactions are left out."""

    # -- at work ---------------------------------------------------------------------------------------------

    def expected_but_silent(self, after: timedelta) -> Found:
        """People whose shift of the last day began more than `after` ago and who have not done a thing since.

        Raises NotCovered when nobody was expected.
        """
        with self.model.database.snapshot():
            expected = self._expected(Period(self.model.as_of - A_DAY, self.model.as_of - after))
            last_seen = self._last_seen() if expected else {}
        if not expected:
            raise NotCovered(
                "Nobody's shift began early enough to judge it.", remedy="Nothing to mend: look again later in the day."
            )
        silent: list[dict[str, object]] = [
            {
                "user": username,
                "branch": self.model.branch_word(branch) if branch is not None else "",
                "shift began": f"{began.astimezone(self.model.calendar.zone):%Y-%m-%d %H:%M}",
            }
            for user, (username, branch, began) in expected.items()
            if last_seen.get(user) is None or last_seen[user] < began - _EARLY
        ]
        return self.model.found(silent, of=len(expected), place="shifts, activity")

    # -- figures ---------------------------------------------------------------------------------------------

    def people(self) -> int:
        """How many people may log in; 0 where they are not mapped."""
        if not self.model.has("user", "id"):
            return 0
        user = self.model.records("user")
        active = [user.flag("active")] if user.has("active") else []
        return self.model.count(user, *active, *self.model.excluding_canary(user))

    def figures_of_work(self, period: Period) -> Mapping[str, int]:
        """By the names of the report: who logged in and who did something besides; without what is not mapped."""
        found: dict[str, int] = {}
        if self.model.has("login_attempt", "username", "succeeded", "at"):
            attempt = self.model.records("login_attempt")
            names = func.count(attempt["username"].distinct())
            statement = select(names).where(attempt.flag("succeeded"), *self._counted(attempt, period))
            found["users_logged_in"] = int(self.model.database.value(statement, about="people who logged in"))
        if self.model.has("activity", "user", "at"):
            found["users_active"] = ActivityLog(self.target, self.model.database).people_at_work(period)
        return found

    def figures_of_access(self, period: Period, often: int) -> Mapping[str, int]:
        """By the names of the report: log-ins that failed, and people kept out; without what is not mapped.

        Kept out is who is locked out now, or failed at least so `often` and has not come in since.
        """
        if not self.model.has("login_attempt", "username", "succeeded", "at"):
            return {}
        attempt = self.model.records("login_attempt")
        found = {"login_failures": self.model.count(attempt, _failed(attempt), *self._counted(attempt, period))}
        if self.model.has("user", "id", "username"):
            found["users_needing_support"] = self._kept_out(period, often)
        return found

    def logins_by_hour(self, hours: Sequence[Period]) -> Mapping[str, Sequence[int]]:
        """How many log-ins went well and how many failed in each of the hours, which follow each other.

        Nothing where only their day is kept. Raises NotCovered where log-ins are not mapped.
        """
        attempt = self.model.records("login_attempt")
        at = attempt.instant("at")
        if not at.tells_hours or not hours:
            return {}
        whole = Period(hours[0].start, hours[-1].end)
        hour: ColumnElement[Any] = at.bucket(hours).label("hour")
        failed: ColumnElement[Any] = one_if(_failed(attempt)).label("failed")
        each = select(hour, failed)
        found: dict[bool, list[int]] = {False: [0] * len(hours), True: [0] * len(hours)}
        asked = counted_by(each.where(*self._counted(attempt, whole)))
        for row in self.model.database.rows(asked, about="log-ins by hour"):
            if row["hour"] is not None:
                found[bool(row["failed"])][int(row["hour"])] += int(row["many"])
        return {"went well": found[False], "failed": found[True]}

    def _counted(self, attempt: Records, period: Period) -> Sequence[ColumnElement[bool]]:
        """What a figure counts: not the log-ins of the canary's people, which a check after guessing does look at."""
        conditions = [*self._tried(attempt, period)]
        if self.model.has("user", "id", "username"):
            user = self.model.records("user")
            real = self.model.excluding_canary(user)
            if real:
                conditions.append(not_(exists().where(user["username"] == attempt["username"], not_(and_(*real)))))
        return conditions

    def _kept_out(self, period: Period, often: int) -> int:
        user, attempt = self.model.records("user"), self.model.records("login_attempt")
        at = attempt.instant("at")
        last_success = func.max(case((attempt.flag("succeeded"), at.raw)))
        last_failure = func.max(case((_failed(attempt), at.raw)))
        failing = (
            select(attempt["username"])
            .where(*self._tried(attempt, period))
            .group_by(attempt["username"])
            .having(count_if(_failed(attempt)) >= often, or_(last_success.is_(None), last_success < last_failure))
        )
        kept_out: ColumnElement[bool] = user["username"].in_(failing)
        if user.has("locked_until"):
            kept_out = or_(kept_out, user.instant("locked_until").since(self.model.as_of))
        active = [user.flag("active")] if user.has("active") else []
        return self.model.count(user, kept_out, *active, *self.model.excluding_canary(user))

    # -- log-ins ---------------------------------------------------------------------------------------------

    def logins(self, period: Period) -> Logins:
        attempt = self.model.records("login_attempt")
        statement = select(func.count().label("attempts"), count_if(_failed(attempt)).label("failures")).where(
            *self._tried(attempt, period)
        )
        row = self.model.database.row(statement, about="log-ins")
        return Logins(int(row["attempts"]), int(row["failures"]))

    def failing_often(self, period: Period, least: int, below: int | None = None) -> Found:
        """User names under which at least so many log-ins failed, and fewer than `below`."""
        attempt = self.model.records("login_attempt")
        return self._grouped(attempt, attempt["username"], "username", period, least, below=below)

    def addresses_failing_often(self, period: Period, least: int) -> Found:
        """Addresses from which at least so many log-ins failed, and more than went well.

        A whole branch may share one address; what many people mistype there is outweighed by what goes well.
        """
        attempt = self.model.records("login_attempt")
        return self._grouped(attempt, attempt["address"], "address", period, least, mostly=True)

    def addresses_trying_many_names(self, period: Period, least: int) -> Found:
        """Addresses from which log-ins failed under at least so many names, and more failed than went well."""
        attempt = self.model.records("login_attempt")
        names = func.count(_name_if_failed(attempt).distinct())
        return self._grouped(attempt, attempt["address"], "address", period, least, mostly=True, measure=names)

    def names_failing(self, period: Period) -> int:
        """Under how many different names a log-in failed."""
        attempt = self.model.records("login_attempt")
        statement = select(func.count(_name_if_failed(attempt).distinct())).where(*self._tried(attempt, period))
        return int(self.model.database.value(statement, about="names that failed"))

    def names_usually_failing(self, days: int = 7) -> float | None:
        """Under how many different names log-ins failed on an average earlier day; None without any history."""
        first = self.model.calendar.at(self.model.calendar.go_live, datetime.min.time())
        earlier = [
            Period(end - A_DAY, end)
            for end in (self.model.as_of - A_DAY * number for number in range(1, days + 1))
            if end - A_DAY >= first
        ]
        return sum(self.names_failing(period) for period in earlier) / len(earlier) if earlier else None

    def unknown_names_tried(self, period: Period) -> Violations:
        """Log-ins under names that no user has."""
        return self._under_unknown_names(self.model.records("login_attempt"), period)

    def came_in_under_unknown_names(self, period: Period) -> Violations:
        """Log-ins that went well under names that no user has, and under which nobody came in before the period.

        Raises NotCovered where no earlier log-in is known: a robot may have had such a name from the beginning; and
        where several such names came in before: customers, or people who log in by another name than is mapped.
        """
        attempt, before = self.model.records("login_attempt"), self.model.records("login_attempt", "log_ins_before")
        earlier = Period(self.model.hypercare.start, max(self.model.hypercare.start, period.start))
        familiar = select(before["username"]).where(
            before.flag("succeeded"), before.instant("at").within(earlier), before["username"].is_not(None)
        )
        if not self.model.database.rows(familiar.limit(1), about="earlier log-ins"):
            raise NotCovered(
                "Not enough history: under which names people come in is known after a day of log-ins.",
                remedy="Nothing to mend: look again tomorrow.",
            )
        succeeded = attempt.flag("succeeded")
        of_anybody = self._under_unknown_names(attempt, period, succeeded)
        # What came before is read only where there is anything to compare with it.
        if not of_anybody.count:
            return of_anybody
        new = self._under_unknown_names(attempt, period, succeeded, attempt["username"].not_in(familiar))
        if new.count:
            self._require_unusual(familiar.where(self._is_nobodys(before["username"])))
        return new

    def _require_unusual(self, unknown_before: Select[Any]) -> None:
        names = self.model.database.rows(
            unknown_before.distinct().limit(_USUAL_FROM), about="names of nobody that came in before"
        )
        if len(names) >= _USUAL_FROM:
            raise NotCovered(
                "People came in under several names that no user has before: that is usual here, so nobody is judged.",
                remedy="Map as username in [mapping.user] what people log in with, or leave out of"
                " [mapping.login_attempt] by `where` whoever does not work here, such as customers.",
            )

    def _is_nobodys(self, name: ColumnElement[Any]) -> ColumnElement[bool]:
        """Whether no user has this name, in whatever case and with whatever blanks around it somebody typed it."""
        other = self.model.records("user", "user_of_that_name")
        names = select(_as_typed(other["username"])).where(other["username"].is_not(None))
        return or_(name.is_(None), _as_typed(name).not_in(names))

    def _under_unknown_names(self, attempt: Records, period: Period, *only: ColumnElement[bool]) -> Violations:
        user = self.model.records("user")
        source = attempt.source.outerjoin(user.source, user["username"] == attempt["username"])
        show = {"username": self.model.shown(attempt, "username"), "at": self.model.shown_time(attempt.instant("at"))}
        if attempt.has("address"):
            show["address"] = self.model.shown(attempt, "address")
        query = ViolationQuery(
            source=source,
            among=[*self._tried(attempt, period), *only],
            wrong=and_(user["id"].is_(None), self._is_nobodys(attempt["username"])),
            show=show,
            place=attempt.place,
        )
        return Violations(self.model, query)

    def locked(self) -> Violations:
        """People who are locked out now."""
        user = self.model.records("user")
        until = user.instant("locked_until")
        show = {"user": self.model.shown(user, "username"), "locked until": self.model.shown_time(until)}
        if user.has("branch"):
            show["branch"] = self.model.shown_branch(user["branch"])
        among = [*self.model.excluding_canary(user), *([user.flag("active")] if user.has("active") else [])]
        query = ViolationQuery(
            source=user.source, among=among, wrong=until.since(self.model.as_of), show=show, place=user.place
        )
        return Violations(self.model, query)

    # -- how the questions are put together ------------------------------------------------------------------

    def _expected(self, period: Period) -> Mapping[object, tuple[str, object, datetime]]:
        """By user: name, branch and the beginning of the latest shift in the period."""
        shift, user = self.model.records("shift"), self.model.records("user")
        starts = shift.instant("starts_at")
        columns = [user["id"].label("id"), user["username"].label("name"), starts.raw.label("began")]
        if shift.has("branch"):
            columns.append(shift["branch"].label("branch"))
        active = [user.flag("active")] if user.has("active") else []
        statement = (
            select(*columns)
            .select_from(shift.source.join(user.source, user["id"] == shift["user"]))
            .where(starts.within(period), *active, *self.model.excluding_canary(user))
            .order_by(starts.raw)
            .limit(_MOST_PEOPLE)
        )
        found = {}
        for row in self.model.database.rows(statement, about="people expected"):
            began = starts.timestamp_format.decode(row["began"])
            if began is not None:
                found[row["id"]] = (str(row["name"]), row.get("branch"), began)
        return found

    def _last_seen(self) -> Mapping[object, datetime]:
        """By user, when they last did anything, by the best witness that is mapped."""
        for entity, when in _SIGNS_OF_USE:
            if not self.model.has(entity, "user", when):
                continue
            records = self.model.records(entity)
            instant = records.instant(when)
            among = [instant.within(Period(self.model.as_of - A_DAY - _EARLY, self.model.as_of))]
            if entity == "login_attempt":
                among.append(records.flag("succeeded"))
            statement = select(records["user"].label("user"), func.max(instant.raw).label("last")).where(*among)
            rows = self.model.database.rows(
                statement.group_by(records["user"]).limit(_MOST_PEOPLE), about="people seen"
            )
            decoded = {row["user"]: instant.timestamp_format.decode(row["last"]) for row in rows}
            return {user: last for user, last in decoded.items() if last is not None}
        raise NotCovered(
            "what users do is not mapped",
            remedy="Map [mapping.activity], [mapping.session] or [mapping.login_attempt].",
        )

    def _tried(self, attempt: Records, period: Period) -> Sequence[ColumnElement[bool]]:
        return (attempt.instant("at").within(period), *self.model.excluding_canary(attempt))

    def _grouped(
        self,
        attempt: Records,
        by: ColumnElement[str],
        words: str,
        period: Period,
        least: int,
        *,
        mostly: bool = False,
        below: int | None = None,
        measure: ColumnElement[int] | None = None,
    ) -> Found:
        failures = count_if(_failed(attempt))
        measured = failures if measure is None else measure
        having = [measured >= least, *([] if below is None else [measured < below])]
        if mostly:
            having.append(failures * 2 > func.count())
        groups = (
            select(
                by.label("who"), failures.label("failures"), func.count().label("attempts"), measured.label("measured")
            )
            .where(*self._tried(attempt, period))
            .group_by(by)
            .having(*having)
        )
        found = groups.subquery("found")
        with self.model.database.snapshot():
            many = int(self.model.database.value(select(func.count()).select_from(found), about=f"{words} failing"))
            rows = self.model.database.rows(
                groups.order_by(literal_column("measured").desc()).limit(rows_wanted()), about=f"{words} failing most"
            )
        sample = [{words: row["who"], "failed": int(row["failures"]), "tried": int(row["attempts"])} for row in rows]
        worst = max((int(row["measured"]) for row in rows), default=0)
        return Found(count=many, of=None, sample=sample, where=f"{attempt.place} (worst: {worst})")


def _as_typed(name: ColumnElement[Any]) -> ColumnElement[str]:
    return func.lower(func.trim(as_text(name)))


def _failed(attempt: Records) -> ColumnElement[bool]:
    return ~attempt.flag("succeeded")


def _name_if_failed(attempt: Records) -> ColumnElement[str | None]:
    return case((_failed(attempt), attempt["username"]))
