"""Fill a database: python -m benchmarks.sales_generator URL --sales 1000000 --target FOLDER [--plant DEFECT ...]."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from benchmarks.sales_generator.business import Business
from benchmarks.sales_generator.defects import plant
from benchmarks.sales_generator.filling import all_lines
from benchmarks.sales_generator.loading import loader_for
from benchmarks.sales_generator.rows import Lines
from benchmarks.sales_generator.target_file import write_target


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", help="an empty database: postgresql://, mariadb:// or sqlite:///")
    parser.add_argument("--sales", type=int, default=100_000)
    parser.add_argument("--target", type=Path, help="folder for target.toml and its clock")
    parser.add_argument("--plant", nargs="*", metavar="DEFECT", help="afterwards; without a name all of them")
    options = parser.parse_args()
    business = Business.of_sales(options.sales)
    begun = time.monotonic()
    loader_for(options.url).load(_told(all_lines(business), business.days, begun), new=True)
    print(f"filled {business.days} days in {time.monotonic() - begun:.0f} s", flush=True)
    if options.plant is not None:
        plant(options.url, business, options.plant or None)
    if options.target:
        print(write_target(options.target, options.url, business))


def _told(parts: Iterable[Lines], days: int, begun: float) -> Iterator[Lines]:
    for number, lines in enumerate(parts):
        yield lines
        if number % 50 == 0:
            print(f"day {number} of {days}, {time.monotonic() - begun:.0f} s", flush=True)


if __name__ == "__main__":
    main()
