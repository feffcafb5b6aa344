"""`python -m faultlab.error_sources.log_server LINES FILE`: answer as Loki does, while the file is there.

LINES is a file of JSON: a list of [seconds since 1970, line, level].
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from faultlab.problem import LabProblem
from faultlab.scene import Scene

_LOOK_S = 0.2
_PATH = "/loki/api/v1/query_range"
Line = tuple[float, str, str]


def start_log_server(scene: Scene, lines: Sequence[Line]) -> str:
    """Start one with these lines, which ends when the fault is taken out; its address.

    Raises:
        LabProblem: it does not start.
    """
    folder = scene.originals.folder
    lines_file, flag_file = folder / "lines.json", folder / "log-server"
    lines_file.write_text(json.dumps(lines), encoding="utf-8")
    flag_file.touch()
    command = [sys.executable, "-m", "faultlab.error_sources.log_server", str(lines_file), str(flag_file)]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        command, stdin=quiet, stdout=subprocess.PIPE, stderr=quiet, text=True, start_new_session=True
    )
    assert process.stdout is not None
    with process.stdout as output:
        url = output.readline().strip()
    if not url:
        raise LabProblem("the log server that this fault needs does not start")
    # Taken away as a gateway is, whose system is the address itself.
    scene.originals.note("gateway", target_file=str(scene.target_file), system=url, url=url, wanted=str(flag_file))
    return url


class _Handler(BaseHTTPRequestHandler):
    lines: Sequence[Line] = ()

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = parse_qs(parts.query)
        if parts.path != _PATH:
            self._send(404, "page not found")
            return
        start, end = (int(asked[name][0]) / 1e9 for name in ("start", "end"))
        found = [one for one in self.lines if start <= one[0] < end]
        newest_first = sorted(found, key=lambda one: -one[0])[: int(asked["limit"][0])]
        result = [
            {"stream": {"app": "erp", "level": level}, "values": [[str(int(at * 1e9)), line]]}
            for at, line, level in newest_first
        ]
        self._send(200, json.dumps({"status": "success", "data": {"resultType": "streams", "result": result}}))

    def _send(self, status: int, body: str) -> None:
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        pass


def main() -> int:
    lines_file, flag_file = map(Path, sys.argv[1:])
    _Handler.lines = json.loads(lines_file.read_text(encoding="utf-8"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    while flag_file.exists():
        time.sleep(_LOOK_S)
    server.shutdown()
    server.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
