"""A week of a shop in simulated time: rounds, a prober, a watch, people, and receivers that keep what reaches them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypercare.escalation.incidents import Incidents
from hypercare.escalation.probed import ProbeOutcome
from hypercare.escalation.troubles import Trouble
from hypercare.history.store import History
from hypercare.notification.notifier import Notifier
from hypercare.notification.watch import watch_once
from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.plan.rounds import DAILY_ROUNDS, Round
from hypercare.reports.gathering import coverage_of
from hypercare.reports.status import status_of
from hypercare.reports.summary import ItemResult, PlanPart, Summary
from hypercare.uptime.sample import Sample
from hypercare.uptime.state import State
from hypercare.uptime_history.samples import add_samples
from tests.notification.changes import config_with
from tests.notification.receivers import MailReceiver, WebReceiver

ZONE = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 1, 12)
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
SELLING = "health.web"
_WATCHES_EVERY = timedelta(minutes=30)


def instant(text: str) -> datetime:
    """ "Tue 09:30" of the week."""
    day, clock = text.split()
    return datetime.combine(MONDAY + timedelta(days=DAYS.index(day)), time.fromisoformat(clock), ZONE).astimezone(UTC)


class Week:
    """`heard` is every message that arrived: when, who got it, and its title.

    Rounds happen at their hours and the watch looks every half hour, unless the script says otherwise; what a round
    sees is what stands in `troubles` then, and everything else that ever failed holds.
    """

    def __init__(self, history: History, mail: MailReceiver, web: WebReceiver) -> None:
        self.now = instant("Mon 08:00")
        self.heard: list[tuple[str, str, str]] = []
        self.troubles: dict[str, Trouble] = {}
        self.skipped: set[str] = set()
        self._mail, self._web = mail, web
        self._history = history
        self._items: set[str] = {SELLING}
        self._rounds = 0
        self._config = config_with(
            {"name": "support", "url": mail.address("support@shop.test"), "levels": "L1", **_DAYTIME},
            {"name": "technicians", "url": f"{web.url}/technicians", "levels": ["L2", "L3"], **_ACTING},
            {"name": "owner", "url": f"{web.url}/owner", "levels": "L3", "kinds": ["incident"]},
            {"name": "manager", "url": mail.address("manager@shop.test"), "kinds": ["digest"]},
            incidents={"confirm": 1, "confirm_of": 1},
        )

    def fails(self, item: str, level: Level, sentence: str) -> None:
        self.troubles[item] = Trouble(f"check:{item}", level, sentence, (item,))
        self._items.add(item)

    def holds(self, *items: str) -> None:
        for item in items or tuple(self.troubles):
            self.troubles.pop(item)

    def until(self, text: str) -> None:
        """Let the time pass: whatever is due on the way happens at its time."""
        end = instant(text)
        while self.now < end:
            self.now = min(end, self._next_event())
            local = self.now.astimezone(ZONE)
            due = next((one for one, clock in DAILY_ROUNDS.items() if clock == local.time()), None)
            if due is not None and self._words() not in self.skipped:
                self.round(due)
            elif (self.now - instant("Mon 00:00")) % _WATCHES_EVERY == timedelta(0):
                watch_once(self._history, self._config, self.now)
                self._gather()

    def round(self, chosen: Round) -> None:
        """As the end of a round does it."""
        self._rounds += 1
        number, as_of = f"round-{self._rounds}", self.now
        self._history.begin_round(number, chosen.value, as_of.astimezone(ZONE).date(), as_of, as_of)
        held = self._items - self.troubles.keys()
        noted = Incidents(self._history, self._config).note_round(list(self.troubles.values()), held, as_of)
        entries = [*noted.open, *noted.resolved]
        items = [self._item(one) for one in sorted(self._items)]
        summary = Summary(
            target="Corner Shop",
            round=chosen.value,
            day=(as_of.astimezone(ZONE).date() - date(2026, 1, 7)).days,
            phase="",
            as_of=as_of,
            started=as_of,
            finished=as_of,
            status=status_of(items, entries),
            coverage=coverage_of(items),
            items=items,
            incidents=entries,
            plan=PlanPart(trading=[SELLING]),
            timezone="Europe/Berlin",
        )
        self._history.finish_round(number, as_of, summary.status.value)
        notifier = Notifier(self._history, self._config)
        notifier.tell(noted.changes, summary, as_of, number)
        notifier.notice_missed_rounds(as_of)
        notifier.deliver(as_of)
        self._gather()

    def probe(self, text: str, state: State) -> None:
        """A look of the prober at the web app."""
        self.until(text)
        add_samples(self._history, [Sample("web", "prober", self.now, state)])
        outcome = ProbeOutcome("web", state, "shop.test:443", "The web app does not answer.")
        noted = Incidents(self._history, self._config).note_samples([outcome], self.now)
        watch_once(self._history, self._config, self.now, noted.changes)
        self._gather()

    def acknowledges(self, text: str, item: str, by: str) -> None:
        """Somebody says that they are on the open incident of an item."""
        self.until(text)
        incidents = Incidents(self._history, self._config)
        (number,) = (one.id for one in incidents.open(self.now) if item in one.items)
        change = incidents.acknowledge(number, by, "", self.now)
        watch_once(self._history, self._config, self.now, [change])
        self._gather()

    def _item(self, item: str) -> ItemResult:
        trouble = self.troubles.get(item)
        if trouble is None:
            return ItemResult(id=item, outcome=Outcome.PASSED, level=Level.L2)
        return ItemResult(id=item, outcome=Outcome.FAILED, level=trouble.level, sentence=trouble.sentence)

    def _next_event(self) -> datetime:
        """The next half hour, which every round's hour is as well."""
        passed = self.now - instant("Mon 00:00")
        return self.now + _WATCHES_EVERY - passed % _WATCHES_EVERY

    def _words(self) -> str:
        return f"{self.now.astimezone(ZONE):%a %H:%M}"

    def _gather(self) -> None:
        """Take down what has just arrived; receivers are reached at once, each of them in order."""
        arrived = [
            (to[0].partition("@")[0], subject.removeprefix("Corner Shop: "))
            for subject, to in zip(self._mail.subjects(), self._mail.recipients, strict=True)
        ]
        arrived += [
            (path.strip("/"), message["title"])
            for path, message in zip(self._web.paths(), self._web.messages(), strict=True)
        ]
        self.heard += [(self._words(), who, title) for who, title in sorted(arrived, key=lambda one: one[0])]
        self._mail.mails.clear()
        self._mail.recipients.clear()
        self._web.requests.clear()


_ACTING: dict[str, Any] = {"kinds": ["incident", "monitor"]}
_DAYTIME: dict[str, Any] = {"kinds": ["incident"], "hours": "07:00-20:00"}
