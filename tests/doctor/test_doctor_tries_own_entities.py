"""The doctor tries entities of one's own as it tries sales: columns, types, words that nobody mapped."""

from pathlib import Path
from typing import Any

import pytest

from hypercare.database.database import Database
from hypercare.doctor.attempt import AttemptOutcome
from hypercare.doctor.records import try_database
from tests.operations.invoice_books import FORMS, Books, Form


def tried(books: Books, entity: str = "invoice", **more: Any) -> tuple[AttemptOutcome, str, str]:
    books.write()
    target = books.target(**more)
    database = Database(target)
    try:
        return next(
            (one.outcome, one.says, one.remedy)
            for one in try_database(target, database)
            if one.name == f"entity {entity}"
        )
    finally:
        database.close()


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_what_is_right_works_however_it_is_kept(tmp_path: Path, form: Form) -> None:
    outcome, says, _ = tried(Books(tmp_path / "books.sqlite", form))
    assert outcome is AttemptOutcome.WORKS
    assert says.startswith("invoices: 13 of 13 columns; the 40 of the watched days are found in 0.")


def test_a_field_of_ones_own_counts_among_those_of_a_built_in_entity(tmp_path: Path) -> None:
    _, says, _ = tried(Books(tmp_path / "books.sqlite"), "sale")
    assert says.startswith("bills: 3 of 18 columns, without number, customer")


def test_what_is_declared_and_not_mapped_is_left_out(tmp_path: Path) -> None:
    outcome, says, remedy = tried(Books(tmp_path / "books.sqlite"), "reminder")
    assert (outcome, says) == (AttemptOutcome.LEFT_OUT, "reminder is not mapped")
    assert remedy == "Map it as [mapping.reminder] in the target file."


def test_a_word_that_nobody_mapped_is_told(tmp_path: Path) -> None:
    books = Books(tmp_path / "books.sqlite")
    books.change(3, stage=55)
    outcome, says, remedy = tried(books)
    assert outcome is AttemptOutcome.FAILS
    assert says == "invoices says what is not mapped: state 55 (1 times)."
    assert remedy == "Say what these words mean in [mapping.invoice] values."


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            {"columns": {"due_on": "due_date"}},
            "The column due_date, which the target file names, is not in table invoices",
        ),
        ({"table": "invoices_of_old"}, "The table invoices_of_old is not in the database"),
        ({"time": "milliseconds"}, "invoices keeps issued_at as '2026-01-08 09:00:00'"),
    ],
)
def test_what_is_mapped_wrongly_is_told(tmp_path: Path, change: dict[str, Any], says: str) -> None:
    books = Books(tmp_path / "books.sqlite")
    mapped = books.mapping["invoice"]
    mapped = {**mapped, **change, "columns": {**mapped["columns"], **change.get("columns", {})}}
    outcome, told, _ = tried(books, mapping={**books.mapping, "invoice": mapped})
    assert outcome is AttemptOutcome.FAILS
    assert says in told
