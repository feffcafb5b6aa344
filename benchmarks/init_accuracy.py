"""How much of a database that nobody described `hypercare init` gets right at once, with no hint.

    python benchmarks/init_accuracy.py [--at NAME=URL ...] [--details]

It builds the public schemas itself. With --at it also measures on a database that is there: embedded, tryton or oscar.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.proposing.measuring import BUILT, built, measured, proposal_for


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--at", metavar="NAME=URL", action="append", default=[])
    options.add_argument("--details", action="store_true")
    given = options.parse_args()
    print(
        f"{'schema':22}{'entities':>10}{'columns':>10}{'words':>9}{'right':>8}{'wrong':>7}{'questions':>11}{'seconds':>9}"
    )
    with tempfile.TemporaryDirectory() as folder:
        urls = {name: built(name, folder) for name in BUILT}
        urls |= dict(one.split("=", 1) for one in given.at)
        for name, url in urls.items():
            started = time.monotonic()
            proposal = proposal_for(url)
            took = time.monotonic() - started
            one = measured(name, proposal)
            pairs = "".join(f"{f'{right}/{of}':>{width}}" for (right, of), width in
                            ((one.entities, 10), (one.columns, 10), (one.words, 9)))  # fmt: skip
            print(f"{name:22}{pairs}{one.share:>8.0%}{len(one.wrong):>7}{proposal.questions:>11}{took:>9.1f}")
            if given.details:
                print("    missed:", ", ".join(one.missed) or "nothing")
                print("    wrong: ", ", ".join(one.wrong) or "nothing")


if __name__ == "__main__":
    main()
