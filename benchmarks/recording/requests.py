"""A plug-in for pytest that records every HTTP request of a session: `-p benchmarks.recording.requests`."""

from __future__ import annotations

import json
import os
import pickle
from pathlib import Path
from typing import Any

import httpx

VARIABLE = "HYPERCARE_RECORDED_REQUESTS"
_KEPT = ("authorization", "content-type", "accept")
_RECORDED: list[dict[str, Any]] = []


def pytest_configure() -> None:
    send = httpx.Client.send

    def recording(self: httpx.Client, request: httpx.Request, **options: Any) -> httpx.Response:
        response = send(self, request, **options)
        _RECORDED.append(
            {
                "method": request.method,
                "url": str(request.url),
                "headers": {name: value for name, value in request.headers.items() if name in _KEPT},
                "content": request.content,
                "secrets": _secrets(response),
            }
        )
        return response

    httpx.Client.send = recording  # type: ignore[method-assign]


def pytest_unconfigure() -> None:
    file = Path(os.environ[VARIABLE])
    file.write_bytes(pickle.dumps(_RECORDED))
    file.with_suffix(".json").write_text(json.dumps({"asked": len(_RECORDED)}), encoding="utf-8")


def _secrets(response: httpx.Response) -> dict[str, str]:
    """The long words of an answer to a log-in, by key; a replay gets others and puts them in their places."""
    if response.request.method != "POST":
        return {}
    response.read()
    try:
        found = response.json()
    except ValueError:
        return {}
    return {key: value for key, value in found.items() if isinstance(value, str)} if isinstance(found, dict) else {}
