"""Downtime as probers saw it, in a history that is the fault's own, and more errors than the first week had."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from pathlib import Path

from faultlab.fault import Fault, Where, items
from faultlab.own_history import remember_elsewhere
from faultlab.scene import Scene
from hypercare.history.opening import open_history
from hypercare.history.store import History
from hypercare.outcome.level import Level
from hypercare.target_file.loading import load_target
from hypercare.uptime.sample import Sample
from hypercare.uptime.state import State
from hypercare.uptime_history.samples import add_samples

_EVERY = timedelta(minutes=5)
_ERRORS_OF_A_DAY = (3, 5, 2, 4, 4, 1, 3)


def _probed(down: Callable[[datetime, Scene], bool], way: str = "api") -> Callable[[Scene], None]:
    """Each five minutes since go-live somebody looked at a way in; it was down when `down` says so."""

    def put_in(scene: Scene) -> None:
        remember_elsewhere(scene)
        calendar = scene.config.business.calendar
        start = calendar.at(calendar.go_live, time.min)
        moments = [start + _EVERY * number for number in range((scene.now - start) // _EVERY + 1)]
        samples = [
            Sample(way, "prober", at, State.DOWN if down(at, scene) else State.UP, _EVERY) for at in moments
        ]  # fmt: skip
        _in_history(scene, lambda history: add_samples(history, samples))

    return put_in


def _in_history(scene: Scene, write: Callable[[History], object]) -> None:
    history = open_history(load_target(scene.target_file), Path())
    try:
        write(history)
    finally:
        history.close()


def _today(*stretches: tuple[int, int]) -> Callable[[datetime, Scene], bool]:
    """Each from so many minutes before now on, for so many minutes."""

    def down(at: datetime, scene: Scene) -> bool:
        ago = (scene.now - at) / timedelta(minutes=1)
        return any(begun >= ago > begun - length for begun, length in stretches)

    return down


def _errors(today: int) -> Callable[[Scene], None]:
    """The evenings of the first week counted a few each; today there are so many, each time of a record of its own."""

    def put_in(scene: Scene) -> None:
        remember_elsewhere(scene)
        calendar = scene.config.business.calendar

        def write(history: History) -> None:
            for number, errors in enumerate(_ERRORS_OF_A_DAY):
                day = calendar.go_live + timedelta(days=number)
                evening = calendar.at(day, time(17))
                history.begin_round(f"evening-{number}", "evening", day, evening, evening)
                history.record_figures(f"evening-{number}", {"errors": errors})
                history.finish_round(f"evening-{number}", evening, "green")

        _in_history(scene, write)
        errors = (f"label {number} cannot be printed" for number in range(today))
        scene.say("app", *({"level": "ERROR", "logger": "demo_erp.labels", "message": one} for one in errors))

    return put_in


FAULTS = (
    Fault(
        id="down-for-an-hour",
        happens="In the afternoon the API did not answer for an hour.",
        where=Where.ISSUES,
        put_in=_probed(_today((200, 60))),
        noticed_by={"focus.downtime": Level.L3, "focus.stable": Level.L2},
    ),
    Fault(
        id="down-several-times",
        happens="Three times today the API did not answer for a quarter of an hour.",
        where=Where.ISSUES,
        put_in=_probed(_today((400, 15), (300, 15), (100, 15))),
        noticed_by={"focus.downtime": Level.L3, "focus.stable": Level.L2},
    ),
    Fault(
        id="web-app-down-at-noon",
        happens="The web app did not answer for half an hour at noon.",
        where=Where.ISSUES,
        put_in=_probed(_today((300, 30)), "web"),
        noticed_by={"focus.downtime": Level.L3, "focus.stable": Level.L2},
    ),
    Fault(
        id="database-down-until-now",
        happens="The database has not answered for three quarters of an hour, as a prober saw it.",
        where=Where.ISSUES,
        put_in=_probed(_today((45, 60)), "database"),
        noticed_by={"focus.downtime": Level.L3, "focus.stable": Level.L2},
    ),
    Fault(
        id="down-within-the-objective",
        happens="The API did not answer for five minutes, which its objective allows.",
        where=Where.ISSUES,
        put_in=_probed(_today((200, 5))),
        just_below=items("focus.downtime", "focus.stable"),
    ),
    Fault(
        id="more-errors-than-in-the-first-week",
        happens="In the first week the logs held a few errors a day, today they hold forty.",
        where=Where.LOGS,
        put_in=_errors(40),
        noticed_by={"focus.stable": Level.L2, "errors.recurring": Level.L2, "issues.error-logs": Level.L2},
        may_notice=items("errors.review"),
    ),
    Fault(
        id="as-many-errors-as-in-the-first-week",
        happens="In the first week the logs held up to five errors a day, today they hold fourteen.",
        where=Where.LOGS,
        put_in=_errors(14),
        noticed_by={"errors.recurring": Level.L2, "issues.error-logs": Level.L2},
        may_notice=items("errors.review"),
        just_below=items("focus.stable"),
    ),
)
