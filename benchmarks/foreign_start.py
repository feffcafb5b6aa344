"""What an installed hypercare costs somebody else's pytest, in a project where nobody asks for a round.

`python benchmarks/foreign_start.py PYTHON [PYTHON ...]`: the first interpreter has hypercare installed from a wheel (an
installation that is edited in place lists no files, and pytest reads that list at every start); each further one is an
environment to compare with, such as the same without hypercare. Without arguments it is the one that runs this.

Processor time, not time on the clock: two starts in turn, many times, and the median of their differences.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

PAIRS = 40
_PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider")


def foreign_project(folder: Path) -> Path:
    """A project of nobody here: one test, its own settings."""
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    (folder / "test_nothing.py").write_text("def test_nothing():\n    pass\n", encoding="utf-8")
    return folder


def starting(python: str, project: Path, *options: str) -> Callable[[], float]:
    """What one start costs, in ms of processor time in user and system mode."""

    def start() -> float:
        before = _spent()
        subprocess.run([python, *_PYTEST, *options], cwd=project, check=True, stdout=subprocess.DEVNULL)
        return (_spent() - before) * 1000

    return start


def _spent() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def compare(words: str, with_it: Callable[[], float], without: Callable[[], float]) -> None:
    """Print both medians, and the median of the differences of starts that followed each other."""
    for warming_up in (with_it, without):
        warming_up()
    pairs = [(with_it(), without()) if number % 2 else _swapped(without, with_it) for number in range(PAIRS)]
    differences = [one - other for one, other in pairs]
    quarters = statistics.quantiles(differences, n=4)
    print(
        f"{words:44} {statistics.median(one for one, _ in pairs):6.0f} ms"
        f" {statistics.median(other for _, other in pairs):6.0f} ms"
        f" {quarters[1]:+7.1f} ms  ({quarters[0]:+.1f} to {quarters[2]:+.1f})",
        flush=True,
    )


def _swapped(first: Callable[[], float], second: Callable[[], float]) -> tuple[float, float]:
    one = first()
    return second(), one


def main() -> None:
    python, *others = (str(Path(word).absolute()) for word in sys.argv[1:] or [sys.executable])
    with tempfile.TemporaryDirectory() as folder:
        project = foreign_project(Path(folder))
        start = starting(python, project)
        print(f"{'':44} {'with':>9} {'without':>9} {'costs':>10}   (half of them between)")
        compare(
            "the plug-in, beside -p no:hypercare_early", start, starting(python, project, "-p", "no:hypercare_early")
        )
        for other in others:
            compare(f"all of it, beside {Path(other).parents[1].name}", start, starting(other, project))


if __name__ == "__main__":
    main()
