"""What a server logged while people worked on the day that a copy was moved to: a quiet afternoon of requests."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta

from targets.tryton.prepared import PEOPLE

_DID = (
    ("party.party.search_read", 21),
    ("product.product.search_read", 34),
    ("sale.sale.search_read", 48),
    ("sale.point.sale.create", 96),
    ("sale.point.sale.process", 143),
    ("sale.sale.on_change_with_untaxed_amount", 12),
    ("production.search_read", 39),
    ("production.work.cycle.do", 118),
)
_REQUESTS = 80
_EVERY = timedelta(minutes=2)


def request_line(at: datetime, did: str, who: str, milliseconds: int) -> str:
    """As trytond writes it, with the time in front that our --logconf puts there."""
    moment = f"{at:%Y-%m-%d %H:%M:%S},{at.microsecond // 1000:03d}"
    says = f"{did}(*(...), **{{}}) from {who}@10.0.0.5/business/ in {milliseconds} ms"
    return f"{moment} INFO trytond.protocols.dispatcher {says}\n"


def quiet_afternoon(now: datetime) -> list[str]:
    """The lines of the hours before `now`, oldest first."""
    started = now - _EVERY * (_REQUESTS + 1)
    stamp = f"{started:%Y-%m-%d %H:%M:%S},000"
    lines = [f"{stamp} INFO trytond.server starting Tryton Server\n"]
    work = itertools.cycle(itertools.product(PEOPLE, _DID))
    for number, (who, (did, milliseconds)) in zip(range(_REQUESTS), work, strict=False):
        lines.append(request_line(started + _EVERY * (number + 1), did, who, milliseconds + number % 7))
    return lines
