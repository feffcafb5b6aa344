"""Which rules the records are judged by, so that what was seen of others proves nothing about these."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).parents[1]
_FOLDERS = ("operations_model", "operations", "habits", "integrity")


@cache
def rules_version() -> str:
    """The same as long as nothing changes in the code that asks the records and judges them."""
    digest = hashlib.sha256()
    folders = (path for folder in _FOLDERS for path in (_PACKAGE / folder).rglob("*.py"))
    for path in [*sorted(folders), _PACKAGE / "outcome" / "doubt.py"]:
        digest.update(path.relative_to(_PACKAGE).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:16]
