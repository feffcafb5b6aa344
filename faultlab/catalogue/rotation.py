"""Logs that were begun anew while somebody may be reading them, in each way in which that is done."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable
from pathlib import Path

from faultlab.catalogue.logs import CRITICAL, line
from faultlab.fault import Fault, Where
from faultlab.scene import Scene
from hypercare.outcome.level import Level

BEGUN_ANEW = line("INFO", "log begun")


def _moved(log: Path, aside: Path) -> None:
    log.rename(aside)


def _copied_and_cut(log: Path, aside: Path) -> None:
    """The file itself stays, so that whoever writes to it need not be told; whoever reads it finds it shorter."""
    shutil.copyfile(log, aside)
    with log.open("r+b") as opened:
        opened.truncate(0)


def _packed(log: Path, aside: Path) -> None:
    with log.open("rb") as plain, gzip.open(aside, "wb") as packed:
        shutil.copyfileobj(plain, packed)
    log.unlink()


def _begun_anew(put_aside: Callable[[Path, Path], None], tail: str, *lines: dict[str, object]) -> Callable[..., None]:
    def put_in(scene: Scene) -> None:
        log = scene.log("app")
        scene.say("app", *lines)
        scene.files.spoil(log)
        aside = log.with_name(f"{log.name}{tail}")
        scene.files.make(aside)
        put_aside(log, aside)
        with log.open("ab") as anew:
            anew.write(scene.line(BEGUN_ANEW))

    return put_in


def _never_begun_anew(scene: Scene) -> None:
    """The log was moved aside in the night, and nobody told the application where to write."""
    log = scene.log("app")
    today = f'"{scene.now:%Y-%m-%d}T'.encode()
    old = b"".join(one for one in log.read_bytes().splitlines(keepends=True) if today not in one)
    scene.files.spoil(log)
    aside = log.with_name(f"{log.name}.1")
    scene.files.make(aside)
    aside.write_bytes(old)
    log.unlink()


FATAL = line("CRITICAL", "stock service does not answer, orders are lost")

FAULTS = (
    Fault(
        id="log-moved-aside-for-good",
        happens="The log was moved aside in the night, and no new one was begun.",
        where=Where.LOGS,
        put_in=_never_begun_anew,
        noticed_by={"health.logs": Level.L3, "logs.backend": Level.L2},
    ),
    Fault(
        id="critical-line-copied-away",
        happens="The log was copied aside and cut to nothing right after a critical line.",
        where=Where.LOGS,
        put_in=_begun_anew(_copied_and_cut, ".1", FATAL),
        noticed_by=CRITICAL,
    ),
    Fault(
        id="critical-line-packed-away",
        happens="The log was packed and begun anew right after a critical line.",
        where=Where.LOGS,
        put_in=_begun_anew(_packed, ".1.gz", FATAL),
        noticed_by=CRITICAL,
    ),
    Fault(
        id="log-begun-anew",
        happens="The log was moved aside and begun anew, as every night.",
        where=Where.LOGS,
        put_in=_begun_anew(_moved, ".1"),
    ),
    Fault(
        id="log-copied-and-cut",
        happens="The log was copied aside and cut to nothing, as every night.",
        where=Where.LOGS,
        put_in=_begun_anew(_copied_and_cut, "-20260115"),
    ),
)
