"""`python -m faultlab.mutating.one PREPARED OUT SITE FAULT`: look at a fault with a weakened check."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path

from faultlab.catalogue import fault_named
from faultlab.mutating.site import all_sites
from faultlab.mutating.weakening import Weakening
from faultlab.proving.one import prove
from faultlab.proving.prepared_day import PreparedDay


def main() -> int:
    prepared, out, wanted, name = sys.argv[1:]
    site = next(one for one in all_sites() if one.id == wanted)
    workshop = Path(tempfile.mkdtemp(prefix="hypercare-weaken-"))
    fault = fault_named(name)
    try:
        proof = prove(
            fault, (), PreparedDay(Path(prepared)), workshop, items=tuple(fault.noticed_by), plugins=(Weakening(site),)
        )
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
    Path(out).write_text(json.dumps(proof.as_dict()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
