"""Text of a target in CSV is never run by a spreadsheet."""

from __future__ import annotations

import pytest

from hypercare.safe_text import as_cell


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("+SUM(A1)", "'+SUM(A1)"),
        ("@x", "'@x"),
        ("\tx", "'\tx"),
        ("-3.00", "-3.00"),
        (-3, -3),
        ("plain", "plain"),
        ("a\x1b[2Jb", "a\ufffd[2Jb"),
    ],
)
def test_a_cell(value: object, cell: object) -> None:
    assert as_cell(value) == cell
