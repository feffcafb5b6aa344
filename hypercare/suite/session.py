"""What one pytest session knows: the checklist, the round, the target and where its results go."""

from __future__ import annotations

import atexit
import os
import tempfile
import uuid
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from hypercare.language.chosen import choose
from hypercare.outcome.redaction import Redactor
from hypercare.plan.calendar import Period
from hypercare.plan.checklist import Checklist, checklist_of, read_checklist
from hypercare.plan.item import Item
from hypercare.shipped import CHECKLIST, FOLDER
from hypercare.suite.options import only_tells
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.embedded import names_embedded_system, write_over
from hypercare.target_file.known_adapters import WITHOUT_A_TARGET, adapter_class
from hypercare.target_file.loading import TargetFileProblem, check_secrets, load_target
from hypercare.target_file.target import Target, instant_as_of

if TYPE_CHECKING:
    from hypercare.browser.browser import Browser
    from hypercare.database.database import Database
    from hypercare.database.guard import Guard
    from hypercare.escalation.changes import IncidentChange
    from hypercare.escalation.incidents import Incidents
    from hypercare.history.memory import Memory
    from hypercare.history.store import History
    from hypercare.notification.heartbeat import Heartbeat
    from hypercare.seals import SealStore
    from hypercare.uptime.overrides import Maintenance

TARGET_VARIABLE = "HYPERCARE_TARGET"
REPORTS_VARIABLE = "HYPERCARE_REPORTS"
TARGET_FILE = "target.toml"
REHEARSAL = "rehearsal"
# No check looks further back for what went wrong or came in.
_LATELY = timedelta(days=4)


class StartedSystem(Protocol):
    """A system that was started for one session, since no target is named."""

    @property
    def target_file(self) -> Path: ...

    def stop(self) -> None: ...


class StartsSystem(Protocol):
    """An adapter that has a system to start."""

    def start_system(self, at: time | None) -> StartedSystem:
        """One that stands at this local time, or at an hour of its own."""
        ...


@dataclass
class SuiteSession:
    """`project` is the folder that pytest takes for its root. `work` is the folder of a round's unfinished report, None
    at the desk; xdist's workers share the `id`.
    `only_looks` keeps every check from writing into the target; `changes` are what the round made of the incidents.
    `only_tells` is set where no check is to run (pytest --collect-only and the like): nothing is then written.
    `rehearses` is set for a round on trial, which leaves its report in `reports` and nothing anywhere else; `home` is
    the reports folder of other rounds. What checks remember changes only where it `remembers`, as rounds do.
    `own_checklist`
    is set where the command line names the plan. `target_given` and `reports_given` are the paths as the command line
    has them, to be said again in words. `with_nothing_beside` is a block in which no other check of the round is looked
    at; `prints` prints a page into a file where the browser of the checks is another process's, and says why it could
    not; None where that is gone."""

    project: Path
    checklist: Checklist
    round: str | None
    items: tuple[str, ...]
    reports: Path
    target_file: Path | None
    as_of_text: str | None
    retry: bool
    is_worker: bool = False
    id: str = field(default_factory=lambda: uuid.uuid4().hex[:12])
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    work: Path | None = None
    redactor: Redactor = field(default_factory=Redactor)
    system: StartedSystem | None = None
    own_checklist: bool = False
    plan_file: Path | None = None
    only_looks: bool = False
    only_tells: bool = False
    rehearses: bool = False
    remembers: bool = False
    home: Path | None = None
    target_given: Path | None = None
    reports_given: Path | None = None
    changes: tuple[IncidentChange, ...] = ()
    heartbeat: Heartbeat | None = None
    with_nothing_beside: Callable[[], AbstractContextManager[None]] = nullcontext
    prints: Callable[[Path, Path], str | None] | None = None

    @classmethod
    def of(cls, config: pytest.Config) -> SuiteSession:
        """The session as the command line asks for it, or as the controller handed it to this worker."""
        handed: Mapping[str, Any] = getattr(config, "workerinput", {}).get("hypercare", {})
        option = config.option
        own = config.rootpath / TARGET_FILE
        named = handed.get("target_file") or option.target or os.environ.get(TARGET_VARIABLE)
        named = named or (own if own.is_file() else None)
        reports = option.reports or os.environ.get(REPORTS_VARIABLE)
        chosen = option.round
        home = Path(reports or config.rootpath / "reports").absolute()
        return cls(
            project=config.rootpath,
            checklist=read_checklist(option.checklist_file or checklist_of(config.rootpath)),
            round=chosen,
            own_checklist=option.checklist_file is not None,
            plan_file=option.checklist_file,
            items=tuple(option.item),
            reports=home / REHEARSAL if option.rehearse else home,
            target_file=Path(named).absolute() if named else None,
            as_of_text=handed.get("as_of") or option.as_of,
            retry=bool(chosen or option.item) and not option.no_retry,
            is_worker=hasattr(config, "workerinput"),
            only_looks=only_tells(config),
            only_tells=only_tells(config),
            rehearses=bool(option.rehearse),
            remembers=bool(chosen),
            home=home,
            target_given=Path(named) if named else None,
            reports_given=Path(reports) if reports else None,
            id=handed.get("id") or uuid.uuid4().hex[:12],
        )

    def handed_to_worker(self) -> dict[str, Any]:
        """What a worker must share with the controller, as plain data."""
        return {
            "id": self.id,
            "target_file": str(self.target_file) if self.target_file else None,
            "as_of": self.target.as_of.isoformat() if self.round and not self.only_tells else self.as_of_text,
        }

    @cached_property
    def config(self) -> TargetConfig:
        """The target's configuration; starts a system of its own when no target is named.

        Raises:
            TargetFileProblem: the file cannot be used.
        """
        if self.target_file is None or names_embedded_system(self.target_file):
            self.target_file = self._start_system(self.target_file)
        loaded = load_target(self.target_file)
        loaded.origin.file = self.target_given or self.target_file
        loaded.origin.reports = self.reports_given
        if not self.own_checklist:
            loaded.go_by(self.checklist)
        choose(loaded.reports.language)
        self.redactor.mask_personal_data = loaded.reports.mask_personal_data
        if self.round is not None and not self.only_tells:
            check_secrets(loaded)
        return loaded

    @property
    def needs_target(self) -> bool:
        """Whether somebody's own project is looked at, which says itself what is watched."""
        return self.project != FOLDER and self.takes_built_in_plan

    @property
    def takes_built_in_plan(self) -> bool:
        return self.checklist.is_layered or (self.plan_file or checklist_of(self.project)) == CHECKLIST

    @property
    def runs_round(self) -> bool:
        """Whether this process is the one that begins a round and ends it."""
        return self.round is not None and not self.is_worker and not self.only_tells

    def read_target_file(self) -> None:
        """Read it where one is named; a system of our own is started only when something asks for it.

        Raises:
            TargetFileProblem: the file cannot be used, or a project of somebody's own names none.
        """
        if self.target_file is None and self.needs_target and not self.only_tells and not self.is_worker:
            raise TargetFileProblem(
                f"no target file is named: there is no {TARGET_FILE} in {self.project}; name one with --target or in "
                f"{TARGET_VARIABLE}, or make a project with `hypercare new`"
            )
        if self.target_file is not None and not names_embedded_system(self.target_file):
            _ = self.config

    def choose_plan(self) -> None:
        """Take the plan that the target file names, unless the command line names another.

        Raises:
            ChecklistProblem: it cannot be used.
        """
        if self.target_file is None or self.own_checklist or names_embedded_system(self.target_file):
            return
        if self.config.rounds.checklist is not None and not self._has_a_nearer_plan:
            self.checklist, self.plan_file = self.config.plan, self.config.rounds.checklist

    @property
    def _has_a_nearer_plan(self) -> bool:
        """Whether the plan only lies beside the target file, and the project that is stood in has one of its own."""
        return self.config.origin.plan_lies_beside and checklist_of(self.project) != CHECKLIST

    def require_round_and_items(self) -> None:
        """Raise ChecklistProblem where the plan has not the round or an item of this session."""
        if self.round is not None:
            self.checklist.require_round(self.round)
        _ = [self.checklist[item] for item in self.items]

    def _start_system(self, own: Path | None) -> Path:
        adapter: StartsSystem = adapter_class(WITHOUT_A_TARGET)()
        self.system = adapter.start_system(self.checklist.hour_of(self.round) if self.round else None)
        if own is not None:
            write_over(self.system.target_file, own)
        return self.system.target_file

    @cached_property
    def target(self) -> Target:
        config = self.config
        as_of = instant_as_of(config, self.as_of_text)
        if self.only_tells:
            return Target(config, self._scratch, as_of, self.redactor, None, self.only_looks)
        # Also a trial that a rehearsal left behind is undone by the next round, so its journal is the same.
        state = (self.home or self.reports) / ".state" / config.key
        state.mkdir(parents=True, exist_ok=True)
        if self.round is None:
            return Target(config, state, as_of, self.redactor, None, self.only_looks)
        return Target(
            config,
            state,
            as_of,
            self.redactor,
            self.history.last_finished_round(as_of),
            self.only_looks,
            self._worked_on(as_of),
            self.history.last_finished_round(as_of, self.round),
        )

    def _worked_on(self, as_of: datetime) -> tuple[Period, ...]:
        """When lately all of the system was under maintenance; a check at the desk opens no history to know it."""
        from hypercare.maintenance.windows import windows_between

        lately = windows_between(self.history, self.config, as_of - _LATELY, as_of)
        return tuple(Period(one.start, min(one.end, as_of)) for one in lately if one.is_of_all)

    @cached_property
    def history(self) -> History:
        from hypercare.history.opening import open_history

        opened = open_history(self.config, self.home or self.reports)
        if self.rehearses:
            from hypercare.history.opening import copy_of

            return copy_of(opened, self._scratch)
        if opened.url.password:
            self.redactor.learn([opened.url.password])
        return opened

    @cached_property
    def memory(self) -> Memory:
        from hypercare.history.memory import Memory

        return Memory(lambda: self.history, only_recalls=not self.remembers)

    @cached_property
    def seal_store(self) -> SealStore:
        from hypercare.seals import SealStore
        from hypercare.suite.result_journal import rules_version

        return SealStore(lambda: self.history, rules=rules_version(), only_recalls=not self.remembers)

    @cached_property
    def browser(self) -> Browser:
        """The browser of all checks, which prints the report of their round too."""
        from hypercare.browser.browser import Browser
        from hypercare.browser.local_certificate_keys import keys_only_known_here

        return Browser(lambda: keys_only_known_here(self.config))

    @property
    def has_browser(self) -> bool:
        """Whether a check of this process has asked for it."""
        return "browser" in self.__dict__

    @property
    def has_database(self) -> bool:
        """Whether this process has asked it."""
        return "database" in self.__dict__

    @cached_property
    def database(self) -> Database:
        from hypercare.database.database import Database

        return Database(self.target, self._guard)

    @property
    def _guard(self) -> Guard | None:
        """None in a round that may read whatever it takes; a desk check is guarded as a round by day."""
        from hypercare.database.guard import Guard
        from hypercare.suite.share_of_day import share_of_day

        section = self.config.database
        if section is None or self.is_heavy:
            return None
        memory = self.target.state / "questions-explained.json" if self.remembers else None
        share = share_of_day(self.target, self.memory) if self.remembers else None
        return Guard(section.most_rows, self.round or "", memory, share)

    @cached_property
    def incidents(self) -> Incidents:
        from hypercare.escalation.incidents import Incidents

        return Incidents(self.history, self.config, self.checklist)

    @cached_property
    def maintenance(self) -> tuple[Maintenance, ...]:
        """What is under maintenance as of a round; a check at the desk is run whatever was announced."""
        if self.round is None or self.only_tells:
            return ()
        from hypercare.maintenance.windows import windows_at

        return tuple(windows_at(self.history, self.config, self.target.as_of))

    @cached_property
    def chosen(self) -> tuple[Item, ...]:
        """The items of this session: those of the round, those that were named, or those of both."""
        named = tuple(self.checklist[item] for item in self.items)
        if self.round is None:
            return named or self.checklist.items
        if self.only_tells and self.target_file is None:
            # No system is started only to know what day it is there.
            due = tuple(item for item in self.checklist if self.round in item.rounds)
        else:
            config = self.config
            calendar = config.business.calendar
            as_of = instant_as_of(config, self.as_of_text) if self.only_tells else self.target.as_of
            due = self.checklist.of_round(self.round, calendar.date_of(as_of), calendar)
            due = self._with_held_back(due)
        return tuple(item for item in due if not named or item in named)

    def _with_held_back(self, due: tuple[Item, ...]) -> tuple[Item, ...]:
        """A round that may read more also looks at what was not asked by day."""
        from hypercare.suite.held_back import items_held_back

        if not self.is_heavy or self.only_tells:
            return due
        along = items_held_back(self.target.state) - {item.id for item in due}
        return tuple(item for item in self.checklist if item in due or item.id in along)

    @property
    def is_heavy(self) -> bool:
        """Whether it is a round in which a question may read whatever it takes."""
        section = self.config.database
        return section is not None and self.round in section.heavy_rounds

    @cached_property
    def _scratch(self) -> Path:
        """A folder in place of the state, for as long as this process lives."""
        folder = tempfile.TemporaryDirectory(prefix="hypercare-")
        atexit.register(folder.cleanup)
        return Path(folder.name)

    def become_track(self, with_nothing_beside: Callable[[], AbstractContextManager[None]]) -> None:
        """In a copied process: what the round has open or started stays its own."""
        self.is_worker = True
        self.with_nothing_beside = with_nothing_beside
        self.system = self.heartbeat = None
        self.__dict__.pop("database", None)
        if "history" in self.__dict__:
            self.history.leave_to_the_other()

    def close_browser(self) -> None:
        """To be called by the thread that used it."""
        if self.has_browser:
            self.browser.close()

    def close(self) -> None:
        for opened in ("database", "history"):
            if opened in self.__dict__:
                getattr(self, opened).close()
        if self.system is not None:
            self.system.stop()


SESSION = pytest.StashKey[SuiteSession]()
