"""What is shipped for Prometheus and Grafana, in a real Prometheus that scrapes a report: rules fire, panels show."""

from __future__ import annotations

import functools
import json
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from hypercare.reports.metrics import metrics_text
from tests.reports.test_prometheus_examples import FOLDER, whole_summary

PROMETHEUS = shutil.which("prometheus")
pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif(PROMETHEUS is None, reason="prometheus is not installed on this machine"),
]
_WITHIN_S = 60
# As docs/publishing.md says, but that nobody waits a minute for the first number.
SETTINGS = """
global: {{scrape_interval: 1s, evaluation_interval: 1s}}
rule_files: [{rules}]
scrape_configs:
  - job_name: hypercare
    metrics_path: /metrics.prom
    static_configs: [{{targets: ["127.0.0.1:{port}"]}}]
"""


class Prometheus:
    def __init__(self, address: str) -> None:
        self._client = httpx.Client(base_url=f"{address}/api/v1", timeout=10)

    def ask(self, path: str, **parameters: str) -> Any:
        answer = self._client.get(path, params=parameters).json()
        assert answer["status"] == "success", answer
        return answer["data"]

    def result_of(self, expression: str) -> list[Any]:
        found: list[Any] = self.ask("/query", query=expression)["result"]
        return found

    def close(self) -> None:
        self._client.close()


class _Quiet(SimpleHTTPRequestHandler):
    # A store may not say what kind of file it is; this Prometheus still takes one that says nothing as text.
    extensions_map = {".prom": "text/plain"}  # noqa: RUF012 - as http.server has it

    def log_message(self, *words: object) -> None:
        pass


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    """One that has scraped the report of a critical day."""
    folder = tmp_path_factory.mktemp("prometheus")
    (folder / "metrics.prom").write_text(metrics_text(whole_summary()), encoding="utf-8")
    published = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    threading.Thread(target=published.serve_forever, daemon=True).start()
    settings = SETTINGS.format(rules=FOLDER / "alerts.yml", port=published.server_address[1])
    (folder / "prometheus.yml").write_text(settings, encoding="utf-8")
    port = _free_port()
    words = [f"--config.file={folder / 'prometheus.yml'}", f"--storage.tsdb.path={folder / 'data'}"]
    words += [f"--web.listen-address=127.0.0.1:{port}", "--log.level=error"]
    process = subprocess.Popen([str(PROMETHEUS), *words], stderr=(folder / "log").open("wb"))
    asked = Prometheus(f"http://127.0.0.1:{port}")
    try:
        _wait_until(lambda: bool(asked.result_of("hypercare_status")), process, folder / "log")
        yield asked
    finally:
        asked.close()
        process.terminate()
        process.wait(30)
        published.shutdown()
        published.server_close()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def _wait_until(holds: Any, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _WITHIN_S
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text(encoding="utf-8")
        try:
            if holds():
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    pytest.fail(f"Prometheus had nothing within {_WITHIN_S} s: {log.read_text(encoding='utf-8')}")


def _board() -> dict[str, Any]:
    board: dict[str, Any] = json.loads((FOLDER / "dashboard.json").read_text(encoding="utf-8"))
    return board


def panels() -> Iterator[tuple[str, str]]:
    for panel in _board()["panels"]:
        yield from ((panel["title"], target["expr"]) for target in panel["targets"])


def test_it_has_taken_every_number_of_the_report(prometheus: Prometheus) -> None:
    lines = [line for line in metrics_text(whole_summary()).splitlines() if line and not line.startswith("#")]
    told = {re.split(r"[{ ]", line)[0] for line in lines}
    held = {name for name in prometheus.ask("/label/__name__/values") if name.startswith("hypercare_")}
    assert held == told
    assert prometheus.result_of('up{job="hypercare"}')[0]["value"][1] == "1"


def test_all_alert_rules_are_loaded_and_healthy_and_those_of_a_critical_day_fire(prometheus: Prometheus) -> None:
    # The report of the examples is of January 2026, so no round is told of since.
    meant = {"HypercareCritical", "HypercareOpenCriticalIncident", "HypercareItemFailed", "HypercareNoRound"}

    def rules() -> dict[str, Any]:
        return {one["name"]: one for group in prometheus.ask("/rules")["groups"] for one in group["rules"]}

    def firing() -> dict[str, Any]:
        alerts = prometheus.ask("/alerts")["alerts"]
        return {one["labels"]["alertname"]: one for one in alerts if one["state"] == "firing"}

    until = time.monotonic() + _WITHIN_S
    while not meant <= firing().keys() and time.monotonic() < until:
        time.sleep(0.2)
    assert set(rules()) == set(re.findall(r"alert: (\w+)", (FOLDER / "alerts.yml").read_text(encoding="utf-8")))
    assert {name: one.get("lastError", "") for name, one in rules().items() if one["health"] != "ok"} == {}
    assert meant <= firing().keys()
    for one in firing().values():
        assert "{{" not in one["annotations"]["summary"] and "<no value>" not in one["annotations"]["summary"]


@pytest.mark.parametrize(("title", "expression"), list(panels()))
def test_each_panel_of_the_dashboard_has_numbers(prometheus: Prometheus, title: str, expression: str) -> None:
    """With all that somebody can choose chosen, as Grafana asks."""
    asked = re.sub(r"\$(\{)?(target|round)(:\w+)?(?(1)\})", ".*", expression)
    asked = asked.replace("$__rate_interval", "1m").replace("$__interval", "1m").replace("$__range", "1h")
    assert "$" not in asked
    assert prometheus.result_of(asked), title
