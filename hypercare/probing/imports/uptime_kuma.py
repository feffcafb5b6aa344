"""Heartbeats of Uptime Kuma: its database, or what the heartbeat address of a status page answers."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from hypercare.probing.imports.sample import ImportedSample, UnreadableFile
from hypercare.uptime.state import State

_SQLITE = b"SQLite format 3\x00"
_BUCKETS = 100
_QUERY = """
    SELECT h.status, h.time, h.msg, h.ping, m.id AS id, m.name AS name, m.url AS url, m.hostname AS hostname
    FROM heartbeat AS h JOIN monitor AS m ON m.id = h.monitor_id ORDER BY h.monitor_id, h.time
"""
# What it calls pending is a failure that it is still trying again: an outage if the tries go on to fail.
_STATES = {0: State.DOWN, 1: State.UP, 2: State.DOWN, 3: State.MAINTENANCE}


def read_uptime_kuma(path: Path) -> Iterator[ImportedSample]:
    """Looks from kuma.db, from the answer of /api/status-page/heartbeat/NAME, or from a list of heartbeats.

    Raises:
        UnreadableFile: it is none of these, or holds only sums of heartbeats.
    """
    with path.open("rb") as file:
        is_database = file.read(len(_SQLITE)) == _SQLITE
    beats = list(_of_database(path) if is_database else _of_json(path))
    if not beats:
        raise UnreadableFile(f"{path.name} holds no heartbeat")
    yield from (_sample(path, beat) for beat in beats)


def _of_database(path: Path) -> Iterator[Mapping[str, Any]]:
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            for row in connection.execute(_QUERY):
                yield dict(row)
    except sqlite3.Error as error:
        raise UnreadableFile(f"{path.name} is no database of Uptime Kuma: {error}") from None


def _of_json(path: Path) -> Iterator[Mapping[str, Any]]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, UnicodeDecodeError):
        raise UnreadableFile(f"{path.name} is neither a database nor JSON") from None
    if isinstance(content, list):
        yield from _listed(path, content)
        return
    if not isinstance(content, Mapping) or not isinstance(content.get("heartbeatList"), Mapping):
        if isinstance(content, Mapping) and "monitorList" in content:
            raise UnreadableFile(f"{path.name} holds monitors but no heartbeats; take kuma.db instead")
        raise UnreadableFile(f"{path.name} holds no heartbeatList")
    names = dict(_names(content))
    for number, beats in content["heartbeatList"].items():
        listed = _listed(path, beats)
        if _are_sums(listed):
            raise UnreadableFile(
                f"{path.name} holds sums of heartbeats over days, which paint an outage larger than it was; "
                "set the range of the status page to auto, or take kuma.db"
            )
        for beat in listed:
            yield {**names.get(str(number), {}), "id": number, **beat}


def _listed(path: Path, beats: Any) -> Sequence[Mapping[str, Any]]:
    if not isinstance(beats, list) or not all(isinstance(beat, Mapping) for beat in beats):
        raise UnreadableFile(f"{path.name} holds a list that is not one of heartbeats")
    return beats


def _names(content: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Names and addresses of monitors, where the file holds the page's own description too."""
    groups = content.get("publicGroupList") or [content]
    for group in groups:
        for monitor in group.get("monitorList") or () if isinstance(group, Mapping) else ():
            if isinstance(monitor, Mapping) and "id" in monitor:
                yield str(monitor["id"]), {key: monitor.get(key) for key in ("name", "url", "hostname")}


def _are_sums(beats: Sequence[Mapping[str, Any]]) -> bool:
    """A status page of several days answers with a hundred stretches, each down if any heartbeat in it was."""
    times = [str(beat.get("time", "")) for beat in beats]
    return len(beats) == _BUCKETS and all(
        time.endswith("Z") and beat.get("ping") is None for time, beat in zip(times, beats, strict=True)
    )


def _sample(path: Path, beat: Mapping[str, Any]) -> ImportedSample:
    try:
        status = int(beat["status"])
        at = datetime.fromisoformat(str(beat["time"]))
        state = _STATES[status]
        ping = None if beat.get("ping") is None else float(beat["ping"])
        seconds = float(beat["interval"]) if beat.get("interval") else None
    except (KeyError, TypeError, ValueError):
        raise UnreadableFile(f"{path.name} holds a heartbeat without status and time: {dict(beat)}") from None
    number = beat.get("id", beat.get("monitorID", beat.get("monitor_id", "")))
    return ImportedSample(
        series=str(beat.get("name") or f"monitor {number}".strip()),
        # It writes UTC without saying so.
        at=at if at.tzinfo else at.replace(tzinfo=UTC),
        state=state,
        confirmed=state is not State.DOWN,
        says=str(beat.get("msg") or ""),
        latency_ms=ping,
        interval=timedelta(seconds=seconds) if seconds else None,
        url=_address(beat),
    )


def _address(beat: Mapping[str, Any]) -> str:
    url = str(beat.get("url") or "")
    return url if url not in {"", "https://", "http://"} else str(beat.get("hostname") or "")
