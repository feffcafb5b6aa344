"""The certificate that the system's clients stand behind: ended, about to end, of another, or of nobody known."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import timedelta

from faultlab.catalogue.network import BEHIND_THEM, CLIENTS
from faultlab.fault import Fault, Where, items
from faultlab.gateway.certificate import AUTHORITY, Shown
from faultlab.gateway_fault import BEFORE_OPENING
from faultlab.gateway_start import start_gateway
from faultlab.scene import Scene
from hypercare.http.reverse_proxy import Answer, Ask, Request
from hypercare.outcome.level import Level

TRUSTED = "SSL_CERT_FILE"
SOON = dict.fromkeys(CLIENTS, Level.L2)


def _as_it_is(request: Request, ask: Ask) -> Answer | None:
    return ask(request)


_trusted_before: dict[str, str | None] = {}


def _start_trusted_gateway(scene: Scene) -> None:
    """The authority is known to this process alone, as a machine that watches would know one of its own business."""
    start_gateway(scene)
    _trusted_before[scene.originals.folder.name] = os.environ.get(TRUSTED)
    os.environ[TRUSTED] = str(scene.originals.folder / AUTHORITY)


def _stand_no_longer(scene: Scene) -> None:
    name = scene.originals.folder.name
    if name in _trusted_before:
        before = _trusted_before.pop(name)
        if before is None:
            os.environ.pop(TRUSTED, None)
        else:
            os.environ[TRUSTED] = before
    scene.put_back()


def _behind(
    name: str,
    happens: str,
    shown: Shown,
    noticed_by: Mapping[str, Level],
    may_notice: frozenset[str] = frozenset(),
    just_below: frozenset[str] = frozenset(),
) -> Fault:
    """The web app, the phone's app and the API speak TLS, and show this certificate."""
    return Fault(
        id=name,
        happens=happens,
        where=Where.NETWORK,
        put_in=_start_trusted_gateway if shown.is_trusted else start_gateway,
        take_out=_stand_no_longer,
        noticed_by=noticed_by,
        may_notice=may_notice,
        just_below=just_below,
        at=BEFORE_OPENING,
        live=True,
        spoil=_as_it_is,
        certificate=shown,
    )


FAULTS = (
    _behind(
        "certificate-ended",
        "The certificate ended yesterday; nobody renewed it.",
        Shown(-timedelta(days=1)),
        CLIENTS,
        BEHIND_THEM,
    ),
    _behind(
        "certificate-of-another-machine",
        "After a move the clients show the certificate of another machine.",
        Shown(timedelta(days=90), address="10.20.1.5"),
        CLIENTS,
        BEHIND_THEM,
    ),
    _behind(
        "certificate-of-nobody-known",
        "The certificate was issued by somebody whom no browser knows.",
        Shown(timedelta(days=90), is_trusted=False),
        CLIENTS,
        BEHIND_THEM,
    ),
    _behind(
        "certificate-ends-tomorrow",
        "The certificate ends tomorrow.",
        Shown(timedelta(days=1)),
        CLIENTS,
    ),
    _behind(
        "certificate-ends-within-a-week",
        "The certificate ends within a week.",
        Shown(timedelta(days=6)),
        SOON,
    ),
    _behind(
        "certificate-ends-in-three-weeks",
        "The certificate ends in three weeks: time enough.",
        Shown(timedelta(days=21)),
        {},
        just_below=items(*CLIENTS),
    ),
)
