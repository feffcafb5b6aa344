"""The way to the system: nothing answers, answers are lost, lines are slow."""

from __future__ import annotations

from faultlab.fault import Where, items
from faultlab.gateway.spoiling import EVERYTHING, hung_up, instead, slowed
from faultlab.gateway_fault import between
from hypercare.http.reverse_proxy import Answer
from hypercare.outcome.level import Level

CLIENTS = {"health.web": Level.L3, "health.api": Level.L3, "health.mobile": Level.L3}
BEHIND_THEM = items("users.login", "ops.sales", "ops.production-steps", "perf.mobile", "perf.response-time")

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
)
