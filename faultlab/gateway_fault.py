"""Faults that sit between the people and their system."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time

from faultlab.fault import Fault, Where
from faultlab.gateway_start import start_gateway
from hypercare.http.reverse_proxy import Spoil
from hypercare.outcome.level import Level

BEFORE_OPENING = time(9)


def between(
    name: str,
    happens: str,
    where: Where,
    spoil: Spoil,
    noticed_by: Mapping[str, Level] | None = None,
    may_notice: frozenset[str] = frozenset(),
    just_below: frozenset[str] = frozenset(),
) -> Fault:
    """A fault called `name` that a gateway brings about: `spoil` is what it does to each request and its answer."""
    return Fault(
        id=name,
        happens=happens,
        where=where,
        put_in=start_gateway,
        noticed_by=noticed_by or {},
        may_notice=may_notice,
        just_below=just_below,
        at=BEFORE_OPENING,
        live=True,
        spoil=spoil,
    )
