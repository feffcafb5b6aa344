"""A foreign web application behind gunicorn on a free port of this machine, by a clock that can be set."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from targets.tryton import guarded

INSIDE = Path(__file__).parent / "inside"
_STARTS_WITHIN = 300  # seconds; ten, where nothing else runs
# Combined, with the microseconds at the end.
_LINE = '%(h)s - - %(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s" %(D)s'
_ASKED = re.compile(r'"([A-Z]+) (\S+) HTTP')
_READS_ITS_CLOCK_WITHIN = 2  # seconds
_READS = frozenset({"GET", "HEAD", "OPTIONS"})


class DidNotStart(Exception):
    """The server did not answer in time; the message holds its last words."""


@dataclass
class Served:
    """`python` is that of the application's own environment, `inside` the folder of its served.py."""

    python: Path
    inside: Path
    folder: Path
    looked_at: str
    environment: Mapping[str, str] = field(default_factory=dict)
    port: int = field(init=False)
    _server: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def clock(self) -> Path:
        return self.folder / "clock.json"

    def set_clock(self, moment: datetime) -> None:
        face = {"set_to": moment.isoformat(), "set_at": datetime.now(UTC).isoformat(), "rate": 1}
        draft = self.clock.with_suffix(".draft")
        draft.write_text(json.dumps(face), encoding="utf-8")
        draft.replace(self.clock)
        if self._server is not None:
            time.sleep(_READS_ITS_CLOCK_WITHIN)

    @property
    def rules(self) -> Path:
        """What inside/spoilt.py does to its answers; nothing where it is not there."""
        return self.folder / "spoilt.json"

    def start(self) -> None:
        """Serve it, until `stop` or the end of this process, however that comes.

        Raises:
            DidNotStart: it does not answer.
        """
        command = [self.python, "-m", "gunicorn", "--bind", f"127.0.0.1:{self.port}", "--threads", "6"]
        command += ["--pythonpath", f"{self.inside},{INSIDE}", "--timeout", "120", "--no-control-socket"]
        command += ["--access-logfile", self.access_log, "--access-logformat", _LINE, "served:application"]
        environment = {
            **os.environ,
            **self.environment,
            "FOREIGN_CLOCK": str(self.clock),
            "FOREIGN_RULES": str(self.rules),
        }
        self._server = guarded.started(command, self.folder / "server.out", environment=environment)
        deadline = time.monotonic() + _STARTS_WITHIN
        while time.monotonic() < deadline and self._server.poll() is None:
            if self._answers():
                return
            time.sleep(0.3)
        self.stop()
        output = (self.folder / "server.out").read_text(encoding="utf-8", errors="replace")[-1500:]
        raise DidNotStart(f"{self.inside.parent.name} did not answer at {self.address}:\n{output}")

    def stop(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            guarded.stop(server)

    def arrived(self, *, reads: bool) -> list[str]:
        """What arrived since the start, as "POST /login": all that only reads, or all else."""
        lines = self.access_log.read_text(encoding="utf-8").splitlines() if self.access_log.exists() else []
        requests = [" ".join(found.groups()) for line in lines if (found := _ASKED.search(line))]
        return [one for one in requests if (one.partition(" ")[0] in _READS) is reads]

    @property
    def access_log(self) -> Path:
        return self.folder / "access.log"

    @property
    def access_section(self) -> str:
        """What the target file says of its access log."""
        return f'''[[logs]]
name = "access"
path = "{self.access_log}"
holds = "access"
format = "access"
fields = {{ duration_unit = "us" }}
'''

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}{self.looked_at}", timeout=20):
                return True
        except urllib.error.HTTPError:
            return True  # what it answers is for the checks to judge
        except OSError:
            return False
