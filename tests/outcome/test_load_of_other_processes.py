"""What another process asked of the database is added to what this one did."""

from __future__ import annotations

from hypercare.outcome.database_load import DatabaseLoad


def test_times_add_up_and_the_slowest_of_both_stays() -> None:
    ours, theirs = DatabaseLoad(), DatabaseLoad()
    ours.asked("sales", 2.0)
    ours.waited_for_lock(0.1)
    theirs.asked("costs", 3.0)
    theirs.asked("users", 1.0)
    theirs.waited_for_lock(0.5)
    theirs.held_back.append("a question about orders")
    theirs.asked_copy("replica:5432", 4.0)
    ours.add(DatabaseLoad.of(theirs.as_dict()))
    assert ours == DatabaseLoad(3, 6.0, "costs", 3.0, 0.5, ["a question about orders"], "replica:5432", 4.0)
