"""Serve a copy of the prepared Tryton until it is told to stop: python -m targets.tryton FOLDER [postgresql]."""

from __future__ import annotations

import json
import signal
import sys
import threading
from pathlib import Path

from targets.tryton.prepared import prepared
from targets.tryton.run import run_in
from targets.tryton.software import CACHE, Unobtainable, software
from targets.tryton.system import TrytonSystem


def main(folder: Path, engine_name: str = "sqlite") -> None:
    """Prints one line of JSON when it answers: where it is, and its target file."""
    try:
        own = software()
    except Unobtainable as trouble:
        sys.exit(f"no Tryton here: {trouble}")
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    with run_in(CACHE) as run:
        engine = run.engine(engine_name)
        system = TrytonSystem(own, prepared(own, engine, run), run, folder.absolute())
        system.lay_out()
        try:
            system.start()
            facts = {
                "web_url": f"{system.address}/#{system.name}",
                "api_url": f"{system.address}/{system.name}/",
                "database_url": engine.url(system.name),
                "target_file": str(system.target_file),
            }
            print(json.dumps(facts), flush=True)
            stopped.wait()
        finally:
            system.remove()


if __name__ == "__main__":
    if not 2 <= len(sys.argv) <= 3 or sys.argv[2:] not in ([], ["sqlite"], ["postgresql"]):
        sys.exit(__doc__)
    main(Path(sys.argv[1]), *sys.argv[2:])
