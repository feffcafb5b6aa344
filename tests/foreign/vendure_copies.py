"""Copies of the prepared Vendure for a test, and what arrives at one that is served."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from faultlab.gateway.leading import lead
from faultlab.gateway.serving import Gateway
from hypercare.http.reverse_proxy import Answer, Ask, Request, Spoil
from targets.foreign.mariadb import MariaDB
from targets.vendure.prepared import Prepared
from targets.vendure.system import VendureSystem

_NUMBERS = itertools.count(1)
_READS = {"GET", "HEAD", "OPTIONS"}
_CHANGES = re.compile(r"(^|})\s*mutation\b")
_COMING_AND_GOING = re.compile(r"^\s*mutation[^{]*{\s*(login|logout)\b")


@dataclass(frozen=True)
class Copies:
    software: Path
    mariadb: MariaDB
    prepared: Prepared
    folder: Path

    @contextmanager
    def one(
        self,
        *,
        standing: Literal["night", "evening"] = "evening",
        mode: Literal["observe", "transact"] = "observe",
        served: bool = False,
    ) -> Iterator[VendureSystem]:
        folder = self.folder / f"copy-{next(_NUMBERS)}"
        system = VendureSystem(self.software, self.mariadb, self.prepared, folder, standing, mode)
        try:
            system.lay_out()
            if served:
                system.start()
            yield system
        finally:
            system.remove()


@contextmanager
def before(system: VendureSystem, spoil: Spoil) -> Iterator[None]:
    """A gateway to which the copy's target file leads."""
    gateway = Gateway(system.server.address, spoil)
    lead(system.copy.target_file, system.server.address, gateway.url)
    try:
        yield
    finally:
        lead(system.copy.target_file, gateway.url, system.server.address)
        gateway.stop()


@dataclass
class Arrived:
    """Passes everything on, and keeps what may have written: all but reads, log-ins and log-outs."""

    reads: int = 0
    writes: list[str] = field(default_factory=list)

    def __call__(self, request: Request, ask: Ask) -> Answer:
        if self._only_reads(request):
            self.reads += 1
        else:
            self.writes.append(f"{request.method} {request.target} {request.body[:300]!r}")
        return ask(request)

    def _only_reads(self, request: Request) -> bool:
        if request.method in _READS:
            return True
        if request.path not in {"/admin-api", "/shop-api"}:
            return False
        told = json.loads(request.body)
        questions = [one["query"] for one in (told if isinstance(told, list) else [told])]
        return all(_COMING_AND_GOING.match(one) or not _CHANGES.search(one) for one in questions)
