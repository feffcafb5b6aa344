"""The way to the system: nothing answers, answers are lost, lines are slow, each or all together."""

from __future__ import annotations

from faultlab.catalogue.logs import request
from faultlab.fault import Fault, Where, items
from faultlab.gateway.spoiling import EVERYTHING, hung_up, instead, slowed
from faultlab.gateway_fault import between
from faultlab.scene import Scene
from hypercare.http.reverse_proxy import Answer
from hypercare.outcome.level import Level

CLIENTS = {"health.web": Level.L3, "health.api": Level.L3, "health.mobile": Level.L3}
BEHIND_THEM = items("users.login", "ops.sales", "ops.production-steps", "perf.mobile", "perf.response-time")
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
    between(
        "network-connection-refused",
        "Every connection to the system ends before an answer.",
        Where.NETWORK,
        hung_up(EVERYTHING),
        CLIENTS,
        BEHIND_THEM,
    ),
    between(
        "network-page-of-the-provider",
        "Whoever asks gets a page of the network's provider, under status 200.",
        Where.NETWORK,
        instead(EVERYTHING, Answer.of_page("<title>Welcome</title><h1>Please accept our terms</h1>")),
        CLIENTS,
        BEHIND_THEM,
    ),
    between(
        "network-balancer-without-servers",
        "The balancer before the system finds no server behind it.",
        Where.NETWORK,
        instead(EVERYTHING, Answer.of_page("<h1>502 Bad Gateway</h1>", 502)),
        CLIENTS,
        BEHIND_THEM,
    ),
    between(
        "network-a-little-slower",
        "Everything takes a tenth of a second longer than usual.",
        Where.NETWORK,
        slowed(EVERYTHING, 0.1),
        just_below=items("health.web", "health.api", "health.mobile", "perf.mobile"),
    ),
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
