"""How much of a database that nobody described `hypercare init` gets right at once, with no hint.

    python benchmarks/init_accuracy.py [--at NAME=URL ...] [--details]

It builds the public schemas itself. With --at it also measures on a database that is there, by the name of its truth in
tests/init/truths. Last it says of all that was measured with how much right each confidence was told.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.init.accuracy import BUILT, built, measured, proposal_for


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--at", metavar="NAME=URL", action="append", default=[])
    parser.add_argument("--details", action="store_true")
    parser.add_argument("--only-at", action="store_true", help="leave out the schemas that the rules were made with")
    options = parser.parse_args()
    print(
        f"{'schema':22}{'entities':>10}{'columns':>10}{'words':>9}{'right':>8}{'wrong':>7}{'questions':>11}{'seconds':>9}"
    )
    with tempfile.TemporaryDirectory() as folder:
        urls = {} if options.only_at else {name: built(name, folder) for name in BUILT}
        confidences = []
        urls |= dict(one.split("=", 1) for one in options.at)
        for name, url in urls.items():
            started = time.monotonic()
            proposal = proposal_for(url)
            took = time.monotonic() - started
            one = measured(name, proposal)
            pairs = "".join(f"{f'{right}/{of}':>{width}}" for (right, of), width in
                            ((one.entities, 10), (one.columns, 10), (one.words, 9)))  # fmt: skip
            print(f"{name:22}{pairs}{one.share:>8.0%}{len(one.wrong):>7}{proposal.questions:>11}{took:>9.1f}")
            confidences += one.confidences
            if options.details:
                print("    missed:", ", ".join(one.missed) or "nothing")
                print("    wrong: ", ", ".join(one.wrong) or "nothing")
    for least, most in ((0.9, 1.01), (0.7, 0.9), (0.5, 0.7)):
        right = [holds for sure, holds in confidences if least <= sure < most]
        share = f"{sum(right) / len(right):.0%}" if right else "-"
        print(f"told as {least:.0%} to {min(most, 1):.0%}: {sum(right)} of {len(right)} lines right ({share})")


if __name__ == "__main__":
    main()
