"""What a backup lacks, by comparing what stands in its tables with what stands in the live ones."""

from __future__ import annotations

import pytest

from hypercare.backups.comparison import lacking
from hypercare.backups.content import Content


def content(rows: int, before: int | None = None) -> Content:
    return Content(rows=rows, before=before, up_to_key=None, largest_key=None)


MISSING = [
    ("with rows from before the backup", content(40, before=30), True),
    ("with rows of which nobody knows since when", content(40), True),
    ("that is empty: a release made it since", content(0), False),
    ("whose rows all came since", content(7, before=0), False),
]


@pytest.mark.parametrize(("live", "told"), [case[1:] for case in MISSING], ids=[case[0] for case in MISSING])
def test_a_table_that_is_not_in_the_backup(live: Content, told: bool) -> None:
    found = lacking({"sales": content(3, before=3), "cards": live}, {"sales": content(3, before=3)})
    assert [row["table"] for row in found.rows] == (["cards"] if told else [])
    assert found.tables == 2
