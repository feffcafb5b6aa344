"""Each thing that a person can do about what was found, with what makes it impossible: one function for every way."""

from __future__ import annotations

from datetime import date, datetime

from hypercare.escalation.annotations import DAILY, Annotations
from hypercare.escalation.changes import IncidentChange
from hypercare.escalation.incidents import Incidents, UnknownIncident
from hypercare.history.missed_rounds import begun_rounds
from hypercare.history.store import History
from hypercare.period_reports.days_of_report import days_of_report
from hypercare.plan.checklist import Checklist
from hypercare.plan.item import Item, Kind
from hypercare.review.person import Person
from hypercare.review.trail import write_down
from hypercare.target_file.config import TargetConfig

__all__ = ["ActRefused", "Acts", "Overtaken", "UnknownIncident"]

# A page of a report is to stay readable, and a history small.
LONGEST_TEXT = 4000


class ActRefused(Exception):
    """It cannot be done; the message is one line for whoever tried."""


class Overtaken(Exception):
    """Somebody else was quicker, and nothing was done; the message is one line."""


class Acts:
    """What people do about one target. Days are those of the business, instants aware, of the target's own clock.

    Every act raises ActRefused where what is said is nothing or too long, and HistoryProblem where the history cannot
    be written; then nothing was done.
    """

    def __init__(self, history: History, config: TargetConfig) -> None:
        self._history = history
        self._config = config
        self._incidents = Incidents(history, config)
        self._annotations = Annotations(history)

    def acknowledge(
        self, number: int, person: Person, note: str, at: datetime, *, seen: str | None = None
    ) -> IncidentChange | None:
        """Say who is on it. `seen` is who was on it ("" for nobody) when the person decided to.

        Returns:
            what changed; None where this person was on it already and `seen` is given.

        Raises:
            UnknownIncident: none of that number is open.
            Overtaken: somebody else has acknowledged it since.
        """
        note = _bounded(note)
        with self._history.writing():
            if seen is not None:
                now_on_it = self._on_it(number, at)
                if now_on_it == person.name != seen:
                    return None
                if now_on_it != seen:
                    raise Overtaken(f"{now_on_it or 'Nobody'} is on it meanwhile, so nothing was changed.")
            change = self._incidents.acknowledge(number, person.name, note, at)
            write_down(self._history, person, "acknowledge", f"incident {number}", at)
        return change

    def note(self, number: int, person: Person, text: str, at: datetime) -> None:
        """Write something down beside an incident, be it open or over.

        Raises:
            UnknownIncident: there is none of that number.
        """
        text = some_text(text)
        with self._history.writing():
            self._incidents.note(number, person.name, text, at)
            write_down(self._history, person, "note", f"incident {number}", at)

    def resolve(self, number: int, person: Person, note: str, at: datetime) -> IncidentChange:
        """Say that it is over. If it is seen again it opens again, whoever said so.

        Raises:
            UnknownIncident: none of that number is open.
        """
        note = _bounded(note)
        with self._history.writing():
            change = self._incidents.resolve(number, person.name, note, at)
            write_down(self._history, person, "resolve", f"incident {number}", at)
        return change

    def attest(
        self,
        plan: Checklist,
        item: str,
        day: date,
        answer: str,
        person: Person,
        at: datetime,
        *,
        seen: str | None = None,
    ) -> Item:
        """Answer an item that only a person can answer, for a business day. A later answer stands in place of it.

        `seen` is the answer ("" for none) that the person saw.

        Raises:
            ChecklistProblem: the plan has no such item.
            Overtaken: somebody else has answered since.
        """
        chosen = plan[item]
        if chosen.kind is not Kind.ATTEST:
            raise ActRefused(f"{item} is decided by its checks, not by a person's word")
        answer = some_text(answer)
        self._require_begun(day, at)
        with self._history.writing():
            if seen is not None:
                before = self._annotations.of_day(day).answers.get(chosen.id)
                if before is not None and before.answer != seen:
                    if (before.by, before.answer) == (person.name, answer):
                        return chosen
                    raise Overtaken(f"{before.by} has answered meanwhile: {before.answer}")
            self._annotations.answer(chosen.id, day, answer, person.name, at)
            write_down(self._history, person, "attest", f"{chosen.id} of {day}", at)
        return chosen

    def action(self, day: date, text: str, person: Person, at: datetime, incident: int | None = None) -> None:
        """Write down what was done, about an incident or about none.

        Raises:
            UnknownIncident: there is none of that number.
        """
        text = some_text(text)
        self._require_begun(day, at)
        with self._history.writing():
            if incident is not None:
                self._incidents.one(incident, at)
            self._annotations.act(day, text, person.name, at, incident)
            about = f"{day}" if incident is None else f"{day}, incident {incident}"
            write_down(self._history, person, "action", about, at)

    def sign_off(self, what: str, day: date | None, note: str, person: Person, at: datetime) -> date:
        """Sign a report: "daily" of a day (today's for None), or "week-1", "month-1", which say themselves of which.

        Returns:
            the day that the report is of, or begins on.
        """
        note = _bounded(note)
        meant = self._day_of_report(what, day, at)
        with self._history.writing():
            self._annotations.sign_off(what, meant, note, person.name, at)
            write_down(self._history, person, "sign off", f"{what} of {meant}", at)
        return meant

    def today(self, at: datetime) -> date:
        """The business day."""
        return self._config.business.calendar.date_of(at)

    def _on_it(self, number: int, at: datetime) -> str:
        one = self._incidents.one(number, at)
        return (one.acknowledged_by or "somebody") if one.acknowledged is not None else ""

    def _day_of_report(self, what: str, day: date | None, at: datetime) -> date:
        if what == DAILY:
            meant = self.today(at) if day is None else day
            self._require_begun(meant, at)
            self._require_rounds(what, meant, meant)
            return meant
        if day is not None:
            raise ActRefused(f"{what} says itself which days it is of; leave out --day")
        try:
            first, last = days_of_report(what, self._config.business.calendar.go_live)
        except ValueError as error:
            raise ActRefused(str(error)) from None
        if first > self.today(at):
            raise ActRefused(f"{what} begins on {first}, which is still to come")
        self._require_rounds(what, first, last)
        return first

    def _require_rounds(self, what: str, first: date, last: date) -> None:
        """Where nothing was looked at there is no report, and nothing to sign."""
        if self._history.is_there:
            with self._history.reading() as connection:
                if begun_rounds(connection, self._history.target, first, last):
                    return
        days = f"on {first}" if first == last else f"from {first} to {last}"
        raise ActRefused(f"no round was held {days}, so there is no report ({what}) to sign")

    def _require_begun(self, day: date, at: datetime) -> None:
        if day > self.today(at):
            raise ActRefused(f"{day} is still to come; today is {self.today(at)}")


def some_text(text: str) -> str:
    """The text without blanks around it; raises ActRefused for what says nothing: it would stand there for ever."""
    found = _bounded(text)
    if not found:
        raise ActRefused("say something")
    return found


def _bounded(text: str) -> str:
    found = text.strip()
    if len(found) > LONGEST_TEXT:
        raise ActRefused(f"that is too long: at most {LONGEST_TEXT} characters")
    return found
