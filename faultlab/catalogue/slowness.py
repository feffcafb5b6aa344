"""Slowness that no single kind of request shows: of everything, or of one way to work."""

from __future__ import annotations

from faultlab.catalogue.logs import request
from faultlab.fault import Fault, Where
from faultlab.scene import Scene
from hypercare.outcome.level import Level

SLOW = {"perf.response-time": Level.L2}


def _everything(scene: Scene) -> None:
    """So many slow answers that the whole is slow, though none of its kinds by itself."""
    scene.say("access", *(_of_its_own_kind(number, "api", "api/v1") for number in range(1600)))


def _on_the_phone(scene: Scene) -> None:
    scene.say("access", *(_of_its_own_kind(number, "mobile", "m") for number in range(50)))


def _of_its_own_kind(number: int, channel: str, start: str) -> dict[str, object]:
    """Two of each kind, which is too few to judge it by."""
    path = f"/{start}/lists/{number // 2}"
    return {**request(2600.0, number=number), "path": path, "route": path, "channel": channel}


FAULTS = (
    Fault(
        id="everything-a-little-of-each-slow",
        happens="Everything takes seconds, each kind of page too seldom to be judged by itself.",
        where=Where.LOGS,
        put_in=_everything,
        noticed_by=SLOW,
    ),
    Fault(
        id="slow-on-the-phone-only",
        happens="People on phones wait for seconds, now here, now there; at the desks all is quick.",
        where=Where.LOGS,
        put_in=_on_the_phone,
        noticed_by=SLOW,
    ),
)
