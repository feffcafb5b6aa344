"""`python -m faultlab.gateway SYSTEM FAULT FILE`: stand before a system with a fault, while the file is there."""

from __future__ import annotations

import sys
from pathlib import Path

from faultlab.catalogue import fault_named
from faultlab.gateway.serving import Gateway


def main() -> int:
    system, fault_id, wanted = sys.argv[1:]
    spoil = fault_named(fault_id).spoil
    if spoil is None:
        print(f"the fault {fault_id} does not stand between", file=sys.stderr)
        return 4
    gateway = Gateway(system, spoil)
    print(gateway.url, flush=True)
    gateway.stand_while(Path(wanted))
    return 0


if __name__ == "__main__":
    sys.exit(main())
