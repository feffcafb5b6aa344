"""Serve a copy of the prepared Vendure until it is told to stop: python -m targets.vendure FOLDER."""

from __future__ import annotations

import json
import signal
import sys
import threading
from pathlib import Path

from targets.foreign.mariadb import NoMariaDB, running
from targets.vendure.prepared import prepared
from targets.vendure.software import CACHE, Unobtainable, software
from targets.vendure.system import VendureSystem


def main(folder: Path) -> None:
    """Prints one line of JSON when it answers: where it is, and its target file."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    try:
        own = software()
        with running() as mariadb:
            system = VendureSystem(own, mariadb, prepared(own, mariadb, CACHE), folder.absolute())
            system.lay_out()
            try:
                system.start()
                facts = {
                    "web_url": f"{system.server.address}/admin/",
                    "api_url": f"{system.server.address}/admin-api",
                    "database_url": mariadb.url(system.server.database, "monitor"),
                    "target_file": str(system.copy.target_file),
                }
                print(json.dumps(facts), flush=True)
                stopped.wait()
            finally:
                system.remove()
    except (Unobtainable, NoMariaDB) as trouble:
        sys.exit(f"no Vendure here: {trouble}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
