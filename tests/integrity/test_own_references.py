"""A reference of one's own that leads to nothing is found with the others, unless the schema or the file vouches."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from hypercare.database.database import Database
from hypercare.integrity import Integrity
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered
from tests.operations.invoice_books import Books


def found(books: Books, mapping: dict | None = None) -> Found:
    target = books.target(mapping=mapping or books.mapping)
    database = Database(target)
    try:
        return Integrity(database).parts_without_their_whole()
    finally:
        database.close()


@pytest.fixture
def books(tmp_path: Path) -> Books:
    return Books(tmp_path / "books.sqlite")


def test_healthy_references_are_in_order(books: Books) -> None:
    books.write()
    assert found(books).count == 0


@pytest.mark.parametrize("field", ["branch", "sale", "corrects"])
def test_a_reference_to_nothing_is_found(books: Books, field: str) -> None:
    books.change(5, **{field: 77})
    books.change(6, corrects=1)
    books.write()
    broken = found(books)
    assert broken.count == 1
    assert f"invoice.{field} → " in str(broken.sample)


def test_a_customer_may_be_removed_while_what_names_him_stays(books: Books) -> None:
    books.change(5, customer=77)
    books.write()
    assert found(books).count == 0


@pytest.mark.parametrize("nothing", ["0", "-1", "", "00000000-0000-0000-0000-000000000000", "0" * 32])
def test_what_systems_write_for_none_points_to_nothing_that_is_missing(books: Books, nothing: str) -> None:
    books.write()
    with closing(sqlite3.connect(books.file)) as connection, connection:
        connection.execute("UPDATE invoices SET bill = ? WHERE rowid = 5", (nothing,))
    assert found(books).count == 0


def test_what_is_agreed_on_is_left_to_the_check_of_agreements(books: Books) -> None:
    books.change(5, sale=77)
    books.write()
    agreed = {"references": [{"child": "invoices.bill", "parent": "bills.id"}]}
    assert found(books, {**books.mapping, "agreed": agreed}).count == 0


def test_where_many_lead_to_nothing_the_field_means_something_else(books: Books) -> None:
    books.write()
    with closing(sqlite3.connect(books.file)) as connection, connection:
        connection.execute("UPDATE invoices SET bill = 1000 + rowid")
    with pytest.raises(NotCovered, match=r"invoice\.sale is there cannot be told: 40 of 40 point to none"):
        found(books)
