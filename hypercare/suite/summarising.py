"""From what was recorded, and what is known of the day and of the rounds before, to the summary of a round."""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version

from hypercare.escalation.annotations import Annotations
from hypercare.escalation.changes import ChangeKind
from hypercare.escalation.incident import Incident
from hypercare.escalation.troubles import Trouble, cause_of, one_cause, troubles_of
from hypercare.history.broken_rounds import BrokenRound
from hypercare.history.missed_rounds import MissedRound
from hypercare.history.recent_days import recent_days, recent_figures
from hypercare.maintenance.windows import missed_rounds
from hypercare.maintenance.words import words_of_window
from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.outcome.result import CheckResult
from hypercare.plan.item import Kind
from hypercare.reports.annotations import with_annotations
from hypercare.reports.database_use import database_use_of
from hypercare.reports.door_matrix import DoorMatrix
from hypercare.reports.figure_source import FigureSource
from hypercare.reports.figures import words_of_plan
from hypercare.reports.gathering import counts_of, coverage_of, item_result
from hypercare.reports.status import status_of
from hypercare.reports.summary import DatabaseUse, ItemResult, LevelPromise, PlanPart, Summary, UnderMaintenance
from hypercare.reports.words import listed
from hypercare.shipped import own_page
from hypercare.suite.held_back import note_held_back
from hypercare.suite.recording import Recorder
from hypercare.suite.session import SuiteSession
from hypercare.suite.share_of_day import remember_taken
from hypercare.uptime.overrides import Maintenance
from hypercare.uptime_history.entry import uptime_entry


def summarise(session: SuiteSession, recorder: Recorder, *, unfinished: str) -> Summary:
    """The summary of a round; also brings the incidents of the target up to date.

    `unfinished` is why a check that never ended did not: it was our doing, so those are monitor faults.
    """
    assert session.round is not None
    target = session.target
    results = one_cause([*recorder.results, *_never_ended(session, recorder, unfinished)])
    troubles = troubles_of(results, session.checklist, session.incidents.terms)
    per_item = {item.id: [result for result in results if item.id in result.items] for item in session.chosen}
    ends = {
        item.id: item_result(
            item, per_item[item.id], round_name=session.round, runbook=own_page(session.project, item.id)
        )
        for item in session.chosen
    }
    passed_items = [name for name, end in ends.items() if end.outcome in {Outcome.PASSED, Outcome.FLAKY}]
    incidents = () if session.rehearses else _bring_up_to_date(session, troubles, passed_items)
    still_open = [incident for incident in incidents if incident.is_open]
    items = [_with_incident(ends[item.id], per_item[item.id], still_open) for item in session.chosen]
    uptime, uptime_gap = uptime_entry(session.history, session.config, target.as_of)
    day = target.calendar.date_of(target.as_of)
    figures = {**_people_besides(session, recorder), **recorder.figures}
    summary = Summary(
        target=session.config.target.name,
        round=session.round,
        day=target.calendar.number_of(day),
        phase=target.calendar.phase_of(day).value,
        as_of=target.as_of,
        started=session.started,
        finished=datetime.now(UTC),
        status=status_of(items, incidents),
        counts=counts_of(items),
        coverage=coverage_of(items),
        figures=figures,
        figure_sources=_figure_sources(session, results),
        series=recorder.series,
        recent_figures=recent_figures(session.history, target.calendar, day, session.round, figures),
        recent_days=recent_days(session.history, target.calendar, day),
        items=items,
        incidents=list(incidents),
        uptime=uptime,
        uptime_gap=uptime_gap,
        timezone=session.config.business.timezone,
        currency=session.config.business.currency,
        mode=session.config.target.mode.value,
        levels=_promises(session),
        versions={"hypercare": version("hypercare"), "python": platform.python_version()},
        live_looks_at=[target.now()] if target.is_replay else [],
        broken_rounds=broken_before(session),
        missed_rounds=missed_before(session),
        partial=bool(session.items),
        rehearsed=session.rehearses,
        maintenance=[_announced(window, session) for window in session.maintenance],
        plan=PlanPart.of(session.checklist),
        figure_words=words_of_plan(session.checklist.figures),
        switched_off=list(session.checklist.switched_off),
        database_use=_database_use(session, results),
        branch_isolation=DoorMatrix.of_results(results),
    )
    return with_annotations(summary, Annotations(session.history).of_day(day))


def _figure_sources(session: SuiteSession, results: Sequence[CheckResult]) -> dict[str, FigureSource]:
    assert session.round is not None
    return {
        name: FigureSource(
            check=result.nodeid,
            item=next(iter(result.items), ""),
            round=session.round,
            as_of=session.target.as_of,
        )
        for result in results
        for name in result.figures
    }


def _database_use(session: SuiteSession, results: Sequence[CheckResult]) -> DatabaseUse | None:
    section = session.config.database
    if session.remembers and not session.rehearses:
        note_held_back(session.target.state, results, is_heavy=session.is_heavy)
    use = None if section is None else database_use_of(results, session.database.load, section.day_share)
    if use is None or not session.remembers or session.is_heavy:
        return use
    so_far = remember_taken(session.target, session.memory, use.seconds)
    return use.model_copy(update={"day_so_far_s": round(so_far, 3)})


def _announced(window: Maintenance, session: SuiteSession) -> UnderMaintenance:
    of = listed([*window.ways, *(f"branch {branch}" for branch in window.branches)]) or "The system"
    of = f"{of[:1].upper()}{of[1:]}"
    words = words_of_window(window, session.target.calendar, session.target.as_of)
    several = len(window.ways) + len(window.branches) > 1
    return UnderMaintenance.model_validate(
        {
            "why": window.name,
            "by": window.by,
            "from": window.start,
            "to": window.end,
            "ways": list(window.ways),
            "branches": list(window.branches),
            "words": f"{of} {'are' if several else 'is'} {words}",
        }
    )


def _bring_up_to_date(
    session: SuiteSession, troubles: Sequence[Trouble], passed: Sequence[str]
) -> tuple[Incident, ...]:
    """What the round makes of the incidents: those open now, the most urgent first, then those that it resolved."""
    now = session.target.now()
    noted = session.incidents.note_round(troubles, passed, now)
    session.changes = (*noted.changes, *session.incidents.overdue(now))
    over = {change.incident.id for change in session.changes if change.kind is ChangeKind.RESOLVED}
    numbers = [incident.id for incident in session.incidents.open(now)]
    stories = {one.id: one for one in session.incidents.stories({*numbers, *over}, now)}
    return tuple(stories[number] for number in (*numbers, *sorted(over - set(numbers))))


def _promises(session: SuiteSession) -> dict[Level, LevelPromise]:
    terms, at = session.incidents.terms, session.target.as_of
    return {
        level: LevelPromise(
            who=terms.who(level, at),
            respond_within_s=promise.respond_within.total_seconds(),
            handles=promise.handles,
        )
        for level, promise in terms.levels.items()
    }


def _never_ended(session: SuiteSession, recorder: Recorder, unfinished: str) -> list[CheckResult]:
    missing = [_fault(session, missed, items, unfinished) for missed, items in recorder.missed.items()]
    check = recorder.broken_files[0] if recorder.broken_files else "not collected"
    if recorder.broken_files:
        unfinished = f"Its check could not be loaded from {', '.join(recorder.broken_files)}."
    elif recorder.collected:
        return missing
    expected = {item for items in recorder.expected.values() for item in items}
    return missing + [
        _fault(session, check, (item.id,), unfinished) for item in session.chosen if item.id not in expected
    ]


def _fault(session: SuiteSession, check: str, items: tuple[str, ...], sentence: str) -> CheckResult:
    level = max((session.checklist[item].level for item in items), default=Level.L2)
    return CheckResult(nodeid=check, items=items, outcome=Outcome.MONITOR_FAULT, level=level, sentence=sentence)


def _with_incident(end: ItemResult, results: Sequence[CheckResult], incidents: Sequence[Incident]) -> ItemResult:
    """The incident of the item's own cause; else the outage that its failure was joined to."""
    troubled = [result for result in results if _is_trouble(result)]
    causes = {cause_of(result) for result in troubled}
    own = [incident.id for incident in incidents if incident.cause in causes]
    joined = [incident.id for incident in incidents if troubled and end.id in incident.items]
    found = next(iter((*own, *joined)), None)
    return end if found is None else end.model_copy(update={"incident": str(found)})


def _is_trouble(result: CheckResult) -> bool:
    return result.outcome in {Outcome.FAILED, Outcome.BLOCKED}


def _people_besides(session: SuiteSession, recorder: Recorder) -> Mapping[str, int]:
    """The people of the day where no check of this round has told them."""
    are_told = {"users_active", "users_logged_in"} <= recorder.figures.keys()
    return {} if recorder.missed or are_told else people_of_the_day(session)


def people_of_the_day(session: SuiteSession) -> Mapping[str, int]:
    """By the names of the report, what of it can be told. The morning counted only who was early."""
    is_told = session.round is not None and any(item.kind is Kind.FIGURE for item in session.chosen)
    if not is_told or _is_worked_on(session):
        return {}
    from hypercare.operations.users import Users

    users = Users(session.target, session.database)
    today, often = session.target.today, session.config.limits.failed_logins_one_user
    return {
        **_figures_or_nothing(lambda: users.figures_of_work(today)),
        **_figures_or_nothing(lambda: users.figures_of_access(today, often)),
    }


def _figures_or_nothing(ask: Callable[[], Mapping[str, int]]) -> Mapping[str, int]:
    """A figure that cannot be told is not known; what keeps it from being told is for the checks to say."""
    try:
        return ask()
    except Exception:  # noqa: BLE001 - no figure is worth the report that it would stand in
        return {}


def _is_worked_on(session: SuiteSession) -> bool:
    """Whether the database is under maintenance, so that nobody may ask it now."""
    whole = (window for window in session.maintenance if not window.branches)
    return any(not window.ways or "database" in window.ways for window in whole)


def broken_before(session: SuiteSession) -> list[BrokenRound]:
    """The rounds that broke off and of which no report has told."""
    return list(session.history.broken_rounds(session.config.rounds.check_limit))


def missed_before(session: SuiteSession) -> list[MissedRound]:
    """The rounds that were due since the last one that ended, and never began."""
    target = session.target
    if target.previous_round is None:
        return []
    missed = missed_rounds(session.history, session.config, target.previous_round, target.as_of)
    return [one for one in missed if one.begun is None]
