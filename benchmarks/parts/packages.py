"""How much is installed: the run-time packages without Node, beside what other tools bring."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

from benchmarks.comparison.environments import TOOLS
from benchmarks.parts import Options
from benchmarks.table.row import Row

NAME = "Installed packages"
_AT_MOST_MB = 100.0


def rows(options: Options, versions: list[str]) -> Iterator[Row]:
    sizes = run_time_packages("hypercare")
    whole = sum(sizes.values()) / 1e6
    largest = sorted(sizes, key=lambda name: -sizes[name])[:5]
    others = []
    for tool in TOOLS:
        found = tool.install()
        if found:
            packages = next(tool.python.parents[1].glob("lib/python*/site-packages"))
            others.append(f"{tool.name} {found} {_size(packages) / 1e6:.0f} MB")
    yield Row(
        "run-time packages without Node",
        ", ".join(others) or "nothing to compare with",
        f"< {_AT_MOST_MB:.0f} MB",
        f"{whole:.0f} MB in {len(sizes)} packages",
        whole,
        at_most=_AT_MOST_MB,
        unit="MB",
        note="largest: " + ", ".join(f"{name} {sizes[name] / 1e6:.0f} MB" for name in largest),
    )


def run_time_packages(root: str) -> dict[str, int]:
    """What a package needs without its extras, itself included, with the bytes that each installs."""
    found: dict[str, int] = {}
    left = [root]
    while left:
        name = left.pop().lower().replace("_", "-")
        if name in found:
            continue
        try:
            one = distribution(name)
        except PackageNotFoundError:
            continue
        found[name] = sum(_bytes(Path(str(file.locate()))) for file in one.files or () if file.suffix != ".pyc")
        for line in one.requires or ():
            needed = Requirement(line)
            if needed.marker is None or needed.marker.evaluate({"extra": ""}):
                left.append(needed.name)
    return found


def _bytes(file: Path) -> int:
    """Node, which the browser's driver brings, is not counted."""
    return file.stat().st_size if file.is_file() and file.parts[-2:] != ("driver", "node") else 0


def _size(folder: Path) -> int:
    return sum(_bytes(file) for file in folder.rglob("*") if file.suffix != ".pyc")
