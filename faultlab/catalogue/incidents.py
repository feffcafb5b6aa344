"""Incidents that nobody took up, in the history that the suite itself keeps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

from faultlab.fault import Fault, Where, items
from faultlab.own_history import remember_elsewhere
from faultlab.scene import Scene
from hypercare.escalation.incidents import Incident, Incidents
from hypercare.escalation.troubles import Trouble
from hypercare.history.opening import open_history
from hypercare.outcome.level import Level
from hypercare.target_file.loading import load_target

ADDRESSED = items("issues.addressed")
DATA = ("verify.sales-totals",)


def _opened(
    *incidents: tuple[Level, timedelta],
    answered: bool = False,
    note: str = "",
    about: tuple[str, ...] = ("health.web",),
    over: bool = False,
) -> Callable[[Scene], None]:
    """Incidents of these levels, opened so long ago `about` items; one that is `answered` somebody took up at once with
    a note, one that is `over` held again in the rounds since."""

    def put_in(scene: Scene) -> None:
        remember_elsewhere(scene)
        config = load_target(scene.target_file)
        history = open_history(config, Path())
        try:
            store = Incidents(history, config)
            for number, (level, age) in enumerate(sorted(incidents, key=lambda one: one[1], reverse=True)):
                began = scene.now - age
                trouble = Trouble(f"fault-{about[0]}-{number}", level, "Something is wrong.", about)
                open_now, _, _ = store.note_round([trouble], [], began)
                if answered:
                    store.acknowledge(_newest(open_now), "somebody", note, began + timedelta(minutes=1))
            for hours in (6, 3, 1) if over else ():
                store.note_round([], about, scene.now - timedelta(hours=hours))
        finally:
            history.close()

    return put_in


def _newest(incidents: Sequence[Incident]) -> int:
    return max(one.id for one in incidents)


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
    Fault(
        id="discrepancy-that-nobody-explained",
        happens="Sales have differed from the ledger since yesterday; somebody is on it and has said nothing.",
        where=Where.ISSUES,
        put_in=_opened((Level.L2, timedelta(hours=28)), answered=True, about=DATA),
        noticed_by={"focus.discrepancies": Level.L2},
    ),
    Fault(
        id="two-discrepancies-that-nobody-explained",
        happens="Two discrepancies of the last days go on, and nobody has said how they came to be.",
        where=Where.ISSUES,
        put_in=_opened((Level.L3, timedelta(hours=50)), (Level.L2, timedelta(hours=30)), answered=True, about=DATA),
        noticed_by={"focus.discrepancies": Level.L2},
    ),
    Fault(
        id="discrepancy-that-went-away",
        happens="A discrepancy of yesterday went away by itself, and nobody has said how it came to be.",
        where=Where.ISSUES,
        put_in=_opened((Level.L2, timedelta(hours=28)), answered=True, about=DATA, over=True),
        noticed_by={"focus.discrepancies": Level.L1},
    ),
    Fault(
        id="discrepancies-that-went-away",
        happens="Two discrepancies of the day before yesterday went away by themselves, and nobody has said why.",
        where=Where.ISSUES,
        put_in=_opened((Level.L2, timedelta(hours=50)), (Level.L2, timedelta(hours=51)), about=DATA, over=True),
        noticed_by={"focus.discrepancies": Level.L1},
        may_notice=items("issues.addressed"),
    ),
    Fault(
        id="discrepancy-that-was-explained",
        happens="A discrepancy of yesterday goes on; it is known where it comes from.",
        where=Where.ISSUES,
        put_in=_opened((Level.L2, timedelta(hours=28)), answered=True, about=DATA, note="a rounding of the old till"),
    ),
    Fault(
        id="discrepancy-of-this-morning",
        happens="A discrepancy was found this morning, and somebody is on it.",
        where=Where.ISSUES,
        put_in=_opened((Level.L2, timedelta(hours=6)), answered=True, about=DATA),
        just_below=items("focus.discrepancies"),
    ),
)
