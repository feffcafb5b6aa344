"""How the targets of a fleet stand, gathered from the histories that their files name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypercare.fleet.targets import FleetTarget
from hypercare.history.missed_rounds import GRACE, MissedRound, due_rounds
from hypercare.history.opening import open_history
from hypercare.history.problem import HistoryProblem
from hypercare.history.standing import LastRound, OpenIncident, Stands, standing_of
from hypercare.history.store import History
from hypercare.maintenance.windows import missed_rounds
from hypercare.outcome.level import Level
from hypercare.outcome.part import in_zone
from hypercare.outcome.signals import MonitorFault
from hypercare.plan.problem import ChecklistProblem
from hypercare.reports.fleet import WORST_FIRST, FleetReport, Standing
from hypercare.reports.round_gaps import missed_sentence
from hypercare.reports.summary import Status
from hypercare.target_file.config import TargetConfig
from hypercare.target_file.loading import TargetFileProblem, load_target_of
from hypercare.target_file.target import clock_of

FOLDER = "fleet"
# A target that is looked at once a week is found among the newest rounds too.
_LATELY = timedelta(days=8)
_SEEN = {status.value: status for status in Status}


@dataclass(frozen=True)
class _Known:
    """A target whose file can be used, and the history that it names."""

    target: FleetTarget
    config: TargetConfig
    history: History


def fleet_report(targets: Sequence[FleetTarget], reports: Path, now: datetime, project: Path) -> FleetReport:
    """How each of them stands; of one that cannot be known it says why. `now` is the real time.

    Rounds are waited for by the plan of the `project` where a target file names none.
    """
    standings: list[Standing] = []
    by_place: dict[str, list[_Known]] = {}
    for target in targets:
        try:
            config = load_target_of(project, target.file)
            history = open_history(config, reports / config.key)
        except (TargetFileProblem, ChecklistProblem, HistoryProblem) as problem:
            standings.append(_not_known(target, str(problem).partition("\n")[0]))
            continue
        by_place.setdefault(str(history.url), []).append(_Known(target, config, history))
    for together in by_place.values():
        standings += _standings(together, reports)
    return FleetReport.of(standings, made=now)


def _not_known(target: FleetTarget, why: str, key: str = "") -> Standing:
    return Standing(target=target.name, key=key, file=str(target.file), status=Status.UNKNOWN, says=why)


def _standings(together: Sequence[_Known], reports: Path) -> Iterator[Standing]:
    """Of targets that share one history."""
    history, lately = together[0].history, datetime.now(UTC) - _LATELY
    try:
        found = standing_of(history, [one.config.key for one in together], lately) if history.is_there else {}
        for one in together:
            yield _standing(one, found.get(one.config.key, Stands()), reports)
    except (HistoryProblem, MonitorFault) as problem:
        for one in together:
            yield _not_known(one.target, str(problem), one.config.key)
    finally:
        history.close()


def _standing(one: _Known, stands: Stands, reports: Path) -> Standing:
    last, config = stands.last, one.config
    if last is None:
        return _not_known(one.target, "No round has ended yet.", config.key)
    missed = _missed(one, last)
    felt = [incident for incident in stands.incidents if incident.is_felt]
    status = _status(last, stands.incidents, is_silent=bool(missed))
    page = reports / config.key / "latest" / "index.html"
    return Standing(
        target=config.target.name,
        key=config.key,
        file=str(one.target.file),
        status=status,
        says=_worst_words(felt, last) or (missed_sentence(missed) if missed else _holding_words(stands.incidents)),
        round=last.round,
        as_of=last.as_of.astimezone(config.business.calendar.zone),
        failed=len(last.failed),
        incidents=_by_level(stands.incidents),
        unanswered=sum(not incident.is_answered for incident in felt),
        missed=len(missed),
        report=f"../{config.key}/latest/index.html" if page.is_file() else "",
    )


def _missed(one: _Known, last: LastRound) -> list[MissedRound]:
    """The history is asked only where the calendar says that something was due: of a fleet that is well, of none."""
    now = clock_of(one.config)
    if not any(due_rounds(one.config, last.as_of, now - GRACE)):
        return []
    zone = one.config.business.calendar.zone
    return [in_zone(missed, zone) for missed in missed_rounds(one.history, one.config, last.as_of, now)]


def _status(last: LastRound, incidents: Sequence[OpenIncident], *, is_silent: bool) -> Status:
    """The last round's word, unless an incident says worse by now; what was well is unknown once rounds are missed."""
    found = {_SEEN.get(last.status, Status.UNKNOWN)}
    if incidents:
        found.add(Status.ISSUES)
    if any(one.is_felt and one.level is Level.L3 for one in incidents):
        found.add(Status.CRITICAL)
    if is_silent:
        found.add(Status.UNKNOWN)
    return next(status for status in WORST_FIRST if status in found)


def _worst_words(felt: Sequence[OpenIncident], last: LastRound) -> str:
    """Of what is felt, else of what failed, the weightiest."""
    if felt:
        return felt[0].sentence
    worst = max(last.failed.values(), key=lambda failed: failed[0], default=None)
    return worst[1] if worst is not None else ""


def _holding_words(incidents: Sequence[OpenIncident]) -> str:
    """Of what holds again and is not closed yet, the weightiest."""
    return f"Holds again, but not yet for long enough: {incidents[0].sentence}" if incidents else ""


def _by_level(incidents: Iterable[OpenIncident]) -> dict[Level, int]:
    found = [one.level for one in incidents]
    return {level: found.count(level) for level in sorted(set(found), reverse=True)}
