"""The answer of Prometheus' HTTP API to /api/v1/query_range or /api/v1/query, saved as it came."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypercare.probing.imports.sample import ImportedSample, UnreadableFile
from hypercare.uptime.state import State

_ADDRESSES = ("target", "instance", "url")


def read_prometheus(path: Path) -> Iterator[ImportedSample]:
    """Looks from a metric that is 1 while all is well and 0 while not, for instance probe_success or up.

    A value between the two is a share of tries that went well, which is flaky. Prometheus tries nothing again, so that
    a failure is not confirmed by itself.

    Raises:
        UnreadableFile: it is no such answer.
    """
    answer = _answer(path)
    data = answer.get("data")
    if answer.get("status") != "success" or not isinstance(data, Mapping):
        error = answer.get("error") or "it holds no result"
        raise UnreadableFile(f"{path.name} is no answer of Prometheus that went well: {error}")
    kind, result = data.get("resultType"), data.get("result")
    if kind not in {"matrix", "vector"} or not isinstance(result, list):
        raise UnreadableFile(f"{path.name} holds a {kind}, and only a matrix or a vector tells of several series")
    for series in result:
        yield from _series(path, series, kind)


def _answer(path: Path) -> Mapping[str, Any]:
    try:
        answer = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, UnicodeDecodeError):
        raise UnreadableFile(f"{path.name} is not JSON") from None
    if not isinstance(answer, Mapping):
        raise UnreadableFile(f"{path.name} is no answer of Prometheus")
    return answer


def _series(path: Path, series: Any, kind: str) -> Iterator[ImportedSample]:
    try:
        labels = {str(name): str(value) for name, value in series["metric"].items()}
        values = series["values"] if kind == "matrix" else [series["value"]]
        pairs = [(datetime.fromtimestamp(float(at), UTC), float(value)) for at, value in values]
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, OSError):
        raise UnreadableFile(f"{path.name} holds a series that is not [[time, value], ...]") from None
    label_texts = [f'{name}="{value}"' for name, value in labels.items() if name != "__name__"]
    name = f"{labels.get('__name__', '')}{{{', '.join(label_texts)}}}"
    url = next((labels[label] for label in _ADDRESSES if label in labels), "")
    way, branch = labels.get("way", ""), labels.get("branch", "")
    for at, value in pairs:
        if math.isfinite(value):
            state = State.UP if value >= 1 else State.DOWN if value <= 0 else State.FLAKY
            yield ImportedSample(name, at, state, confirmed=state is not State.DOWN, url=url, way=way, branch=branch)
