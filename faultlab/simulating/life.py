"""An embedded system that lives as long as it is told to, with its server started and stopped on the way."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select, update

from demo_erp import history
from demo_erp.schema.people import LoginAttempt, User
from demo_erp.schema.sales import Sale
from demo_erp.state import State
from faultlab.catalogue import fault_named
from faultlab.injecting import inject, undo
from faultlab.simulating.forked_rounds import ForkedRounds
from faultlab.simulating.moment import Moment
from hypercare.adapters.demo.process import EmbeddedSystem, create
from hypercare.history import tables
from hypercare.history.opening import open_history
from hypercare.target_file.loading import load_target

_A_DAY = timedelta(days=1)
LOOKED_EVERY = timedelta(hours=1)
_PROBER = '[probe]\nevery = "1h"\nname = "simulated"\n'
# The clock of the business stands still while it is looked at, so how busy this machine is has no part in the story.
_PATIENCE = {"ROSEWOOD_PATIENCE": "20"}
_LIMITS = '[limits]\nresponse_median = "2500ms"\nresponse_p95 = "3500ms"\n'
_BROWSER_WAYS = ("[web]", "[mobile]")
_WHOLE, _WITHOUT_BROWSER = "target.toml", "without-browser.toml"


class Life:
    """A business in a folder of its own, and what watches it.

    The prober looks at every way; rounds come in by the browser only when they are told to, since that takes most of
    their time.
    """

    def __init__(self, folder: Path, seed: int, go_live: date) -> None:
        self.state = folder / "state"
        self.reports = folder / "reports"
        create(self.state, days=1, seed=seed, at="06:00", go_live=go_live)
        self.go_live = go_live
        self._business = State.open(self.state)
        self.zone: ZoneInfo = self._business.timezone
        self._port = 0
        self._system: EmbeddedSystem | None = None
        self._rounds: ForkedRounds | None = None
        self.switch_on()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._rounds is not None:
            self._rounds.__exit__(None, None, None)
        self.switch_off()
        self._business.database.dispose()

    @property
    def target_file(self) -> Path:
        return self.state / _WHOLE

    # -- the system ------------------------------------------------------------------------------------------

    def switch_on(self) -> None:
        """Serve it, always at the same address."""
        system = EmbeddedSystem.serve(
            self.state, port=self._port, arguments=("--frozen", "--no-traffic"), environment=_PATIENCE
        )
        self._port = int(system.served["web_url"].split(":")[2].split("/")[0])
        self._system = system
        text = self.target_file.read_text(encoding="utf-8")
        self.target_file.write_text("\n".join((text, _PROBER, _LIMITS)), encoding="utf-8")

    def switch_off(self) -> None:
        if self._system is not None:
            self._system.stop()
            self._system = None

    def instant(self, moment: Moment) -> datetime:
        """When that is, in UTC."""
        return moment.local(self.go_live).replace(tzinfo=self.zone).astimezone(UTC)

    def live_until(self, moment: Moment) -> None:
        """With all that people do in between."""
        history.advance(self._business, self.instant(moment))

    def go_on_paper(self, who: str, day: date) -> None:
        """The counter of a branch, or a person by user name, does not use the system on a day that has not begun."""
        settings = self._business.settings
        days = {**settings.on_paper, day.isoformat(): (*settings.on_paper.get(day.isoformat(), ()), who)}
        self._business.settings = replace(settings, on_paper=days)
        self._business.keep_settings()
        self._business.database.dispose()
        self._business = State.open(self.state)

    def backdate(self, username: str, many: int) -> None:
        """Somebody enters the last so many of their sales of today under the day before."""
        with self._business.database.writing() as session:
            who = session.execute(select(User.id).where(User.username == username)).scalar_one()
            newest = select(Sale).where(Sale.created_by == who).order_by(Sale.id.desc()).limit(many)
            for sale in session.execute(newest.with_only_columns(Sale.id, Sale.created_at, Sale.finalised_at)):
                earlier = {
                    "created_at": sale.created_at - _A_DAY,
                    "finalised_at": sale.finalised_at and sale.finalised_at - _A_DAY,
                }
                session.execute(update(Sale).where(Sale.id == sale.id).values(**earlier))

    def forget_password(self, username: str, times: int) -> None:
        """Somebody mistypes it so often in a row, and remembers it then."""
        last = select(LoginAttempt.__table__).where(LoginAttempt.username == username, LoginAttempt.succeeded)
        with self._business.database.writing() as session:
            row = session.execute(last.order_by(LoginAttempt.id.desc()).limit(1)).one()._asdict()
            del row["id"]
            failed = {"succeeded": False, "reason": "wrong_password"}
            for number in range(1, times + 1):
                earlier = row["at"] - timedelta(seconds=20 * number)
                session.execute(insert(LoginAttempt).values({**row, **failed, "at": earlier}))

    def put_in(self, fault: str) -> None:
        inject(fault_named(fault), self.target_file)

    def take_out(self, fault: str) -> None:
        undo(fault_named(fault), self.target_file)

    def truth_of(self, day: date) -> Mapping[str, Any]:
        """What the business itself counts of a day so far."""
        found = json.loads((self.state / "truth.json").read_text(encoding="utf-8"))
        counted: Mapping[str, Any] = found["days"][day.isoformat()]
        return counted

    # -- what watches it -------------------------------------------------------------------------------------

    def probe(self) -> int:
        """Let the prober look once; its exit status."""
        return self._commanded("probe")[0]

    def json_of(self, *words: str) -> Any:
        """What a command of hypercare tells as JSON."""
        return json.loads(self._commanded(*words, "--json")[1])

    def run_command(self, *words: str) -> None:
        """Let somebody say something by a command of hypercare."""
        self._commanded(*words)

    def round(self, chosen: str, *, browser: bool) -> int:
        """Run a round as the schedule would; its exit status."""
        if self._rounds is None:
            self._rounds = ForkedRounds(self.target_file, self.reports)
        file = self.target_file
        if not browser:
            parts = file.read_text(encoding="utf-8").split("\n\n")
            file = self.state / _WITHOUT_BROWSER
            file.write_text("\n\n".join(part for part in parts if not part.startswith(_BROWSER_WAYS)), encoding="utf-8")
        return self._rounds.run(chosen, file)

    def remembered_figures(self) -> list[tuple[date, str, dict[str, str]]]:
        """The day, the name and the figures of each round, as the history keeps them."""
        config = load_target(self.target_file)
        remembered = open_history(config, self.reports)
        rounds, figures = tables.rounds, tables.figures
        query = select(rounds.c.day, rounds.c.round, rounds.c.id, figures.c.name, figures.c.value).join(
            figures, figures.c.round_id == rounds.c.id
        )
        found: dict[str, tuple[date, str, dict[str, str]]] = {}
        try:
            with remembered.reading() as connection:
                for day, chosen, number, name, value in connection.execute(query):
                    found.setdefault(number, (day, chosen, {}))[2][name] = value
        finally:
            remembered.close()
        return list(found.values())

    def _commanded(self, *words: str) -> tuple[int, str]:
        """Run a command of hypercare within this process; its exit status and what it printed."""
        from hypercare.cli import hypercare

        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            command = [*words, "--target", str(self.target_file), "--reports", str(self.reports)]
            status = hypercare.main(args=command, standalone_mode=False)
        return status or 0, printed.getvalue()
