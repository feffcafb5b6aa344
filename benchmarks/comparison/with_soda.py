"""Soda's twelve checks of a database, as a process of its own environment: python soda.py CHECKS.json."""

import json
import sys
from pathlib import Path

from soda.scan import Scan


def main():
    asked = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    scan = Scan()
    scan.disable_telemetry()
    scan.set_data_source_name("shop")
    scan.add_configuration_yaml_str(
        "data_source shop:\n  type: postgres\n  schema: public\n"
        + "".join(f"  {key}: {value}\n" for key, value in asked["connection"].items())
    )
    lines = ["checks for sales:"]
    for name, statement in asked["checks"].items():
        lines += ["  - failed rows:", f"      name: {name}", "      samples limit: 5", "      fail query: |"]
        lines += [f"        {line}" for line in statement.splitlines()]
    scan.add_sodacl_yaml_str("\n".join(lines) + "\n")
    scan.execute()
    checks = scan.get_scan_results()["checks"]
    json.dump(
        {"failed": [one["name"] for one in checks if one["outcome"] == "fail"], "checks": len(checks)}, sys.stdout
    )


if __name__ == "__main__":
    main()
