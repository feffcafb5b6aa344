"""Is there a backup of today, and would it bring the business back?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hypercare.outcome.expect import expect_none
from hypercare.outcome.found import Found
from hypercare.outcome.level import Level

if TYPE_CHECKING:
    from hypercare.backups import Backups

MAKE_ANOTHER = "Make a backup now, try to restore it, and keep the older ones until it does."


@pytest.mark.item("backup.completed")
def test_newest_backup_came_on_time(backups: Backups) -> None:
    expect_none(
        backups.overdue(),
        "The newest backup is older than it should be: one that was due did not come.",
        next_step="Look at the backup job and its last words, and run it now.",
    )


@pytest.mark.item("backup.completed")
def test_newest_backup_is_whole(backups: Backups) -> None:
    unvouched = backups.unvouched()
    expect_none(
        unvouched,
        f"The newest backup cannot be relied on: {first_trouble(unvouched)}.",
        next_step=MAKE_ANOTHER,
        cause="backup-not-whole",
    )


@pytest.mark.item("backup.completed")
def test_newest_backup_is_of_a_plausible_size(backups: Backups) -> None:
    expect_none(
        backups.implausible_size(),
        "The newest backup is far smaller than those before it.",
        next_step=MAKE_ANOTHER,
    )


@pytest.mark.item("backup.completed")
def test_next_backup_finds_room(backups: Backups) -> None:
    short = backups.short_of_room()
    expect_none(
        short,
        f"The next backup will not find room: {left_in(short)}.",
        next_step="Make room there, or move the oldest backups elsewhere; delete none before the newest was restored.",
        level=Level.L2,
    )


@pytest.mark.item("backup.accessible")
def test_newest_backup_restores(backups: Backups) -> None:
    damage = backups.damage()
    expect_none(
        damage,
        f"The newest backup does not come back to life: {first_trouble(damage)}.",
        next_step=MAKE_ANOTHER,
        cause="backup-unrestorable",
    )


@pytest.mark.item("backup.accessible")
def test_newest_backup_holds_what_its_manifest_says(backups: Backups) -> None:
    expect_none(
        backups.other_than_manifest(),
        lambda found: (
            f"{found.count} of {found.of} tables in the newest backup do not hold as many rows as its manifest says."
        ),
        next_step=MAKE_ANOTHER,
    )


@pytest.mark.item("backup.accessible")
def test_newest_backup_holds_the_live_data(backups: Backups) -> None:
    expect_none(
        backups.lacking_live_data(),
        lambda found: (
            f"{found.count} of {found.of} tables in the newest backup lack rows that were there before it was made."
        ),
        next_step="See which database the backup job copies, and when. " + MAKE_ANOTHER,
    )


def first_trouble(found: Found) -> str:
    return str(found.sample[0]["trouble"]) if found.sample else ""


def left_in(short: Found) -> str:
    row = short.sample[0] if short.sample else {}
    return f"{row.get('free_mb')} MB are left, and the newest takes {row.get('newest_backup_mb')} MB"
