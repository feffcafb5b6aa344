"""Part of the build: notes the commit that a package is built from, for `hypercare --version`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_PLACE = "hypercare/shipped/commit.txt"


class CommitHook(BuildHookInterface[Any]):
    """An archive of the sources brings its own note along; an installation that is edited in place asks git."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        if version == "editable" or (root / _PLACE).is_file():
            return
        sys.path.insert(0, self.root)
        from hypercare.shipped.commit import commit_of_clone

        self._folder = tempfile.TemporaryDirectory()
        note = Path(self._folder.name, "commit.txt")
        note.write_text(commit_of_clone(root) + "\n", encoding="utf-8")
        build_data["force_include"][str(note)] = _PLACE
