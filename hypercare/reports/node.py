"""Where Node is: on the machine, or the one that Playwright brings along."""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path


def find_node() -> Path | None:
    """The program, or None when the machine has none."""
    named = os.environ.get("HYPERCARE_NODE") or shutil.which("node")
    if named:
        return Path(named)
    found = importlib.util.find_spec("playwright")
    if found is None or not found.submodule_search_locations:
        return None
    folder = Path(next(iter(found.submodule_search_locations))) / "driver"
    return next((path for path in (folder / "node", folder / "node.exe") if path.is_file()), None)
