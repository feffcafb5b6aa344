"""What comes with the program besides its code: checks, checklist, runbook, and the lock file of the report generator.

In the repository they lie at its top level, where people look for them; the build puts them into this folder.
"""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).parent
CHECKLIST_FILE = "checklist.toml"
IS_PACKAGED = (_HERE / CHECKLIST_FILE).is_file()
FOLDER = _HERE if IS_PACKAGED else _HERE.parents[1]
CHECKLIST = FOLDER / CHECKLIST_FILE
RUNBOOK = FOLDER / "docs" / "runbook"
# Where a project of somebody's own has pages beside these.
OWN_RUNBOOK = "runbook"
CHECKS = tuple(FOLDER / name for name in ("tests_health", "tests_data", "tests_workflows", "tests_mobile"))
# What npm makes the report generator of.
GENERATOR_FILES = tuple(FOLDER / name for name in ("package.json", "package-lock.json"))


def is_shipped(path: Path) -> bool:
    """Whether a file of checks is one of those that come with the program."""
    return any(path.is_relative_to(folder) for folder in CHECKS)


def own_page(project: Path, item_id: str) -> str:
    """The path in a project of the page that it has of its own for an item; an empty string where it has none."""
    page = Path(OWN_RUNBOOK, f"{item_id}.md")
    return page.as_posix() if (project / page).is_file() else ""
