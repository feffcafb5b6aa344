"""Measure parts of the table: python -m benchmarks.table [PART ...] [--sizes 100k,1m,5m] [--pairs 5]."""

from __future__ import annotations

import argparse
import platform
import time
from importlib import import_module
from importlib.metadata import version

from benchmarks.parts import PARTS, Options
from benchmarks.table.results import Results, told
from benchmarks.table.shops import CACHE, SIZES


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="without any: all")
    parser.add_argument("--sizes", default="100k,1m,5m", help=f"of {', '.join(SIZES)}, from small to large")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--megabytes", type=int, default=1024, help="how large the logs are")
    asked = parser.parse_args()
    options = Options(tuple(asked.sizes.split(",")), asked.pairs, asked.megabytes)
    CACHE.mkdir(parents=True, exist_ok=True)
    results = Results(CACHE)
    for part in asked.parts or PARTS:
        module = import_module(f"benchmarks.parts.{part}")
        versions = [f"Python {platform.python_version()}", f"pytest {version('pytest')}"]
        print(f"\n{module.NAME}", flush=True)
        begun, rows = time.monotonic(), []
        for row in module.rows(options, versions):
            rows.append(row)
            print(told(row), flush=True)
        results.keep(module.NAME, rows, ", ".join(versions))
        print(f"({time.monotonic() - begun:.0f} s)", flush=True)


if __name__ == "__main__":
    main()
