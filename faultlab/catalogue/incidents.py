"""Incidents that nobody took up, in the history that the suite itself keeps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from faultlab.fault import Fault, Where, items
from faultlab.own_history import remember_elsewhere
from faultlab.scene import Scene
from hypercare.escalation.incidents import Incidents
from hypercare.escalation.troubles import Trouble
from hypercare.history.opening import open_history
from hypercare.outcome.level import Level
from hypercare.target_file.loading import load_target

ADDRESSED = items("issues.addressed")


def _opened(*incidents: tuple[Level, timedelta], answered: bool = False) -> Callable[[Scene], None]:
    """Incidents of these levels, opened so long ago; one that is `answered` somebody took up at once."""

    def put_in(scene: Scene) -> None:
        remember_elsewhere(scene)
        config = load_target(scene.target_file)
        history = open_history(config, Path())
        try:
            store = Incidents(history, config)
            for number, (level, age) in enumerate(sorted(incidents, key=lambda one: one[1], reverse=True)):
                opened = scene.now - age
                trouble = Trouble(f"fault-{number}", level, "Something is wrong.", ("health.web",))
                open_now, _, _ = store.note_round([trouble], [], opened)
                if answered:
                    store.acknowledge(open_now[0].id, "somebody", "", opened + timedelta(minutes=1))
        finally:
            history.close()

    return put_in


FAULTS = (
    Fault(
        id="outage-that-nobody-took-up",
        happens="Ten minutes ago an incident of the highest level was opened, and nobody has answered.",
        where=Where.ISSUES,
        put_in=_opened((Level.L3, timedelta(minutes=10))),
        noticed_by={"issues.addressed": Level.L3},
    ),
    Fault(
        id="incident-that-nobody-took-up",
        happens="Since the early afternoon an incident waits for somebody technical.",
        where=Where.ISSUES,
        put_in=_opened((Level.L2, timedelta(hours=3))),
        noticed_by={"issues.addressed": Level.L2},
    ),
    Fault(
        id="one-of-two-incidents-late",
        happens="Of two incidents that nobody took up, the older one is late.",
        where=Where.ISSUES,
        put_in=_opened((Level.L2, timedelta(minutes=90)), (Level.L2, timedelta(minutes=20))),
        noticed_by={"issues.addressed": Level.L2},
    ),
    Fault(
        id="question-that-nobody-took-up",
        happens="An incident for the people who help others has waited for an hour.",
        where=Where.ISSUES,
        put_in=_opened((Level.L1, timedelta(hours=1))),
        noticed_by={"issues.addressed": Level.L1},
    ),
    Fault(
        id="incident-still-in-time",
        happens="An incident was opened fifty minutes ago, and there is still time to answer.",
        where=Where.ISSUES,
        put_in=_opened((Level.L2, timedelta(minutes=50))),
        just_below=ADDRESSED,
    ),
    Fault(
        id="incident-that-somebody-is-on",
        happens="An incident was opened hours ago, and somebody has been on it since.",
        where=Where.ISSUES,
        put_in=_opened((Level.L2, timedelta(hours=5)), answered=True),
    ),
)
