"""The requests of a round and of a prober are not counted among what people do, wherever the log tells who asked."""

from __future__ import annotations

import json
from pathlib import Path

from hypercare.api.api import Api
from hypercare.http.exchange import AGENT, PROBE_AGENT
from hypercare.logs import Logs
from hypercare.probing.ways import probed_ways
from hypercare.target_file.config import ApiSection
from hypercare.target_file.loading import load_target
from hypercare.target_file.sections.logs import LogSource
from hypercare.target_file.sections.uptime import ProbeSection
from hypercare.target_file.target import Target
from tests.probing.probed_business import NOON, Business
from tests.standins.frozen_target import ago, frozen_target
from tests.standins.http_standin import Standin


def test_every_look_says_who_it_is(tmp_path: Path, standin: Standin) -> None:
    business = Business(tmp_path, standin)
    target = Target(load_target(business.file), tmp_path, NOON, only_looks=True)
    for way in probed_ways(target, ProbeSection()):
        way.ask()
    agents = {path: headers["user-agent"] for _, path, headers in standin.seen}
    assert agents == {"/": PROBE_AGENT, "/api/health": PROBE_AGENT}


def test_a_round_says_who_it_is(tmp_path: Path, standin: Standin) -> None:
    api = Api(frozen_target(tmp_path, api=ApiSection(url=standin.url)))
    api.send("GET", "/sales")
    assert [headers["user-agent"] for _, _, headers in standin.seen] == [AGENT]


def counted(folder: Path, lines: list[str], **source: str) -> int:
    path = folder / "access.log"
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    settings = {"name": "access", "path": path, "holds": "access", **source}
    target = frozen_target(folder, logs=(LogSource.model_validate(settings),))
    return Logs(target).requests(target.since_last_round).overall.count


def test_in_the_combined_form_of_a_web_server(tmp_path: Path) -> None:
    time = ago(minutes=20).strftime("%d/%b/%Y:%H:%M:%S +0000")
    head = f'10.0.0.1 - - [{time}] "GET /sales/1 HTTP/1.1" 200 512 "-"'
    agents = ("Mozilla/5.0", "hypercare is what we do/1.0", PROBE_AGENT, AGENT)
    lines = [f'{head} "{agent}" 0.041' for agent in agents]
    assert counted(tmp_path, lines, format="combined") == 2


def test_in_a_log_of_json_lines(tmp_path: Path) -> None:
    said = {
        "at": ago(minutes=20).isoformat(),
        "method": "GET",
        "path": "/",
        "route": "/",
        "status": 200,
        "duration_ms": 4,
    }
    lines = [json.dumps({**said, "user_agent": agent}) for agent in ("Mozilla/5.0", PROBE_AGENT, AGENT)]
    assert counted(tmp_path, lines) == 1
