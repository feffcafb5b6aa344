"""`python -m faultlab.serve_gateway SYSTEM FAULT FILE`: stand before a system with a fault, while the file is there."""

from __future__ import annotations

import sys
from pathlib import Path

from faultlab.catalogue import fault_named
from faultlab.gateway.certificate import serving
from faultlab.gateway.serving import Gateway


def main() -> int:
    system, fault_id, flag_file_name = sys.argv[1:]
    fault = fault_named(fault_id)
    if fault.spoil is None:
        print(f"the fault {fault_id} does not stand between", file=sys.stderr)
        return 4
    file = Path(flag_file_name)
    gateway = Gateway(system, fault.spoil, serving(fault.certificate, file.parent) if fault.certificate else None)
    print(gateway.url, flush=True)
    gateway.serve_while(file)
    return 0


if __name__ == "__main__":
    sys.exit(main())
