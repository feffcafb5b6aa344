"""A check of one's own asks for records of one's own as checks ask for sales: in windows, without the canary's."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from hypercare.operations import own_records
from hypercare.operations.own_records import OwnRecords, RecordSet
from hypercare.outcome.expect import expect_none
from hypercare.outcome.finding import Finding
from hypercare.outcome.level import Level
from hypercare.outcome.signals import CheckFailed, Doubted, NotCovered
from hypercare.plan.calendar import Period
from tests.operations.invoice_books import AS_OF, DAYS, ENTITIES, FORMS, Books, Form, at

YESTERDAY, TODAY = DAYS[-2:]
_FIELDS = ENTITIES["invoice"]["fields"]


@pytest.fixture
def books(tmp_path: Path) -> Books:
    return Books(tmp_path / "books.sqlite")


def no_invoice_is_overdue(records: OwnRecords) -> None:
    today = records.target.today
    invoices = records("invoice")
    expect_none(
        invoices.where(invoices.instant("due_on").before(today.start), invoices.is_("state", "open"), stake="total"),
        lambda found: f"{found.count} of {found.of} invoices are overdue, {found.money} in all.",
        next_step="Ask the branch whether they were paid.",
        level=Level.L1,
    )


def finding_of(books: Books, check: Callable[[OwnRecords], None] = no_invoice_is_overdue, **more: Any) -> Finding:
    books.write()
    with pytest.raises(CheckFailed) as failed:
        check(books.records(**more))
    return failed.value.finding


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_healthy_books_pass_in_silence_however_they_are_kept(tmp_path: Path, form: Form) -> None:
    books = Books(tmp_path / "books.sqlite", form)
    books.write()
    no_invoice_is_overdue(books.records())


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_what_is_wrong_is_a_finding_however_it_is_kept(tmp_path: Path, form: Form) -> None:
    books = Books(tmp_path / "books.sqlite", form)
    books.change(4, stage=11, due_on=YESTERDAY, total=Decimal("80.10"))
    books.change(7, stage=10, due_on=YESTERDAY)
    books.change(8, stage=20, due_on=YESTERDAY)  # paid
    finding = finding_of(books)
    assert finding.sentence == "2 of 40 invoices are overdue, 200.00 EUR in all."
    assert (finding.level, finding.count, finding.of, finding.money) == (Level.L1, 2, 40, Decimal("200.00"))
    assert (finding.where, finding.branches) == ("invoices", ("N", "S"))
    assert finding.sample[0] == {
        "invoice": "R004",
        "branch": "N",
        "customer": form.key("person", 1),
        "sale": form.key("bill", 1),
        "corrects": None,
        "total": "80.10",
        "state": 11,
        "issued_at": "2026-01-08 10:00",
        "due_on": "2026-01-14",
        "approved": 1,
    }


CHOSEN: dict[str, tuple[Callable[[RecordSet], RecordSet], int]] = {
    "all": (lambda invoices: invoices, 40),
    "of a day": (lambda invoices: invoices.of_day("issued_at", YESTERDAY), 5),
    "of a day by a column of days": (lambda invoices: invoices.of_day("due_on", TODAY + timedelta(days=14)), 5),
    "from an hour on": (lambda invoices: invoices.within("issued_at", Period(at(TODAY, 10), AS_OF)), 5),
    "after it": (lambda invoices: invoices.within("issued_at", Period(at(TODAY, 11), AS_OF)), 0),
    "since the last round": (lambda it: it.within("issued_at", it.model.target.since_last_round), 0),
    "today": (lambda invoices: invoices.within("issued_at", invoices.model.target.today), 5),
    "since go-live": (lambda invoices: invoices.watched("issued_at"), 40),
    "by state and flag": (lambda it: it.among(it.is_("state", "open"), it.flag("approved")), 13),
    "by what it is not": (lambda invoices: invoices.among(invoices.is_not("state", "open", "cancelled")), 27),
    "by a number": (lambda invoices: invoices.among(invoices["reminders"] > 0), 0),
    "a cent more": (lambda it: it.among(it.amount("total").exact > it.minor(Decimal("119.89"))), 40),
    "no cent more": (lambda it: it.among(it.amount("total").exact > it.minor(Decimal("119.90"))), 0),
    "by a reference that is missing": (lambda invoices: invoices.among(invoices.is_missing("corrects")), 40),
    "by a time that is missing": (lambda invoices: invoices.among(invoices.is_missing("issued_at")), 0),
    "by a day that is missing": (lambda invoices: invoices.among(invoices.is_missing("due_on")), 0),
    "by money that is missing": (lambda invoices: invoices.among(invoices.is_missing("total")), 0),
    "by a text that is missing": (lambda invoices: invoices.among(invoices.is_missing("number")), 0),
    "of a strange state": (lambda invoices: invoices.among(invoices.has_unknown_value("state")), 0),
}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_windows_and_conditions_choose_the_same_however_it_is_kept(tmp_path: Path, form: Form) -> None:
    books = Books(tmp_path / "books.sqlite", form)
    books.write()
    invoices = books.records()("invoice")
    chosen = {name: choose(invoices) for name, (choose, _) in CHOSEN.items()}
    assert {name: one.count for name, one in chosen.items()} == {name: many for name, (_, many) in CHOSEN.items()}
    assert chosen["of a day"].total("total") == Decimal("599.50")
    assert chosen["after it"].total("total") == 0


def test_records_are_counted_by_what_people_call_the_branch(books: Books) -> None:
    books.write()
    assert books.records()("invoice").of_day("issued_at", DAYS[0]).by_branch() == {"N": 2, "S": 3}


SYNTHETIC: dict[str, dict[str, Any]] = {
    "of its branch": {"branch": 3},
    "of its branch's customer": {"customer": 3},
    "for a sale of its branch": {"sale": 3},
    "that corrects one that is": {"corrects": 41},
}


@pytest.mark.parametrize("how", SYNTHETIC)
def test_what_belongs_to_the_canary_is_left_out(books: Books, how: str) -> None:
    books.hold_for_synthetic(41, branch=3)
    books.hold_for_synthetic(42, **SYNTHETIC[how])
    mapping = books.mapping
    canary = {"branch": "T", "customer": "P 3"}
    books.write()
    many = books.records(canary=canary, mapping=mapping)("invoice").count
    assert many == (41 if how == "that corrects one that is" else 40)


def test_what_leads_to_the_canary_over_several_entities_is_left_out(books: Books) -> None:
    books.hold_for_synthetic(41, sale=3)
    books.write()
    mapping = {
        **books.mapping,
        "reminder": {
            "select": "SELECT 'r' || no AS id, id AS invoice, issued FROM invoices",
            "columns": {"id": "id", "invoice": "invoice", "sent_at": "issued"},
        },
    }
    assert books.records(mapping=mapping)("reminder").count == 40
    assert books.records(mapping=mapping, canary={})("reminder").count == 41


def test_a_field_of_ones_own_is_asked_of_a_built_in_entity(books: Books) -> None:
    books.write()
    sales = books.records()("sale")
    assert sales.among(sales.is_("warehouse", "main")).count == 2


def test_personal_data_is_masked_in_the_sample(books: Books) -> None:
    books.change(4, stage=11, due_on=YESTERDAY)

    def check(records: OwnRecords) -> None:
        invoices = records("invoice")
        wrong = invoices.where(invoices.instant("due_on").before(at(TODAY, 0)), show=["contact", "state"])
        expect_none(wrong, "An invoice is overdue.")

    sample = finding_of(books, check).sample
    assert list(sample) == [{"invoice": "R004", "branch": "N", "contact": "A. K.", "state": 11}]


@pytest.mark.parametrize(
    ("more", "contact"),
    [
        ({"reports": {"mask_personal_data": False}}, "Anna Keller"),
        (
            {"entities": {**ENTITIES, "invoice": {"fields": {**_FIELDS, "contact": "text"}}}},
            "Anna Keller",
        ),
    ],
)
def test_only_what_is_said_to_be_personal_is_masked(books: Books, more: dict[str, Any], contact: str) -> None:
    books.write()
    invoices = books.records(**more)("invoice")
    assert invoices.where(show=["contact"]).found.sample[0]["contact"] == contact
    mapping = {**books.mapping, "personal": ["invoices.contact"]}
    masked = books.records(**{**more, "mapping": mapping})("invoice").where(show=["contact"]).found.sample[0]
    assert masked["contact"] == ("Anna Keller" if "reports" in more else "A. K.")


@pytest.mark.parametrize(("broken", "doubted"), [(30, True), (1, False)])
def test_a_rule_that_much_of_the_past_breaks_is_in_doubt(books: Books, broken: int, doubted: bool) -> None:
    for number in range(1, broken + 1):
        books.change(number, approved=0)
    books.write()
    invoices = books.records()("invoice")
    wrong = invoices.where(~invoices.flag("approved"), dated="issued_at")
    with pytest.raises(Doubted if doubted else CheckFailed):
        expect_none(wrong, lambda found: f"{found.count} of {found.of} invoices were not approved.")


def test_a_reference_to_nothing_is_found(books: Books) -> None:
    books.change(5, customer=77)
    books.write()
    found = books.records()("invoice").dangling("customer", stake="total").found
    assert (found.count, found.of, found.money) == (1, 40, Decimal("119.90"))
    assert list(found.sample) == [{"invoice": "R005", "branch": "S", "customer": 77, "total": "119.90"}]
    assert not books.records()("invoice").dangling("sale").found.count


def test_of_all_records_of_a_large_table_the_newest_are_followed(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_records, "LARGEST_WATCH", 10)
    books.change(5, customer=77)
    books.change(35, customer=77)
    books.write()
    with closing(sqlite3.connect(books.file)) as connection, connection:
        connection.executescript(
            "CREATE TABLE kept (id INTEGER PRIMARY KEY, no, shop, person, bill, corrects, total NUMERIC, stage, issued,"
            " due, approved, reminders, contact, hidden); INSERT INTO kept SELECT * FROM invoices"
        )
    mapping = {**books.mapping, "invoice": {**books.mapping["invoice"], "table": "kept"}}
    found = books.records(mapping=mapping)("invoice").dangling("customer").found
    assert (found.count, found.of) == (1, 10)


def without(mapping: dict[str, Any], entity: str, field: str = "") -> dict[str, Any]:
    if not field:
        return {name: one for name, one in mapping.items() if name != entity}
    columns = {name: one for name, one in mapping[entity]["columns"].items() if name != field}
    return {**mapping, entity: {**mapping[entity], "columns": columns}}


@pytest.mark.parametrize(
    ("left_out", "reason", "remedy"),
    [
        (("invoice",), "invoice is not mapped", "Map it as [mapping.invoice] in the target file."),
        (("invoice", "due_on"), "invoice.due_on is not mapped", "Map due_on in [mapping.invoice] columns."),
    ],
)
def test_what_is_declared_and_not_mapped_is_not_covered(
    books: Books, left_out: tuple[str, ...], reason: str, remedy: str
) -> None:
    books.write()
    with pytest.raises(NotCovered) as signal:
        no_invoice_is_overdue(books.records(mapping=without(books.mapping, *left_out)))
    assert (signal.value.reason, signal.value.remedy) == (reason, remedy)


@pytest.mark.parametrize(
    ("entity", "field", "reason", "remedy"),
    [
        ("contract", "id", "contract is not declared", "Declare it as [entities.contract] in the target file"),
        ("invoice", "colour", "invoice.colour is not declared", "Add colour to [entities.invoice] fields"),
    ],
)
def test_what_this_target_file_does_not_declare_is_not_covered(
    books: Books, entity: str, field: str, reason: str, remedy: str
) -> None:
    books.write()
    with pytest.raises(NotCovered) as signal:
        books.records()(entity)[field]
    assert signal.value.reason == reason
    assert signal.value.remedy.startswith(remedy)


@pytest.mark.parametrize(
    ("change", "cause", "sentence"),
    [
        ({"columns": {"due_on": "due_date"}}, "column-missing", "The column due_date, which the target file names, is"),
        ({"table": "invoices_of_old"}, "table-missing", "The table invoices_of_old is not in the database."),
    ],
)
def test_what_the_database_lacks_is_a_finding(books: Books, change: dict[str, Any], cause: str, sentence: str) -> None:
    mapped = books.mapping["invoice"]
    mapped = {**mapped, **change, "columns": {**mapped["columns"], **change.get("columns", {})}}
    finding = finding_of(books, mapping={**books.mapping, "invoice": mapped})
    assert finding.cause == cause
    assert finding.sentence.startswith(sentence)


def test_a_column_that_is_gone_concerns_just_what_asks_for_it(books: Books) -> None:
    mapped = books.mapping["invoice"]
    mapping = {**books.mapping, "invoice": {**mapped, "columns": {**mapped["columns"], "contact": "phone"}}}
    books.write()
    no_invoice_is_overdue(books.records(mapping=mapping))


@pytest.mark.parametrize(
    "ask",
    [
        lambda invoices: invoices.instant("total"),
        lambda invoices: invoices.amount("issued_at"),
        lambda invoices: invoices.where(stake="number"),
        lambda invoices: invoices.has_unknown_value("number"),
        lambda invoices: invoices.dangling("number"),
    ],
)
def test_a_question_that_the_type_has_no_answer_to_is_the_checks_own_mistake(
    books: Books, ask: Callable[[RecordSet], object]
) -> None:
    books.write()
    with pytest.raises(ValueError, match=r"invoice\.\w+ "):
        ask(books.records()("invoice"))


def test_a_state_that_stands_for_no_word_is_found(books: Books) -> None:
    books.change(3, stage=55)
    books.write()
    invoices = books.records()("invoice")
    assert invoices.where(invoices.has_unknown_value("state"), show=["state"]).found.sample[0]["state"] == 55


def test_records_of_several_branches_are_counted_in_the_lowest(books: Books) -> None:
    books.write()
    mapped = without(books.mapping, "invoice", "branch")["invoice"]
    ties = {"select": "SELECT id AS invoice, shop FROM invoices UNION SELECT id, 2 FROM invoices"}
    mapping = {**books.mapping, "invoice": {**mapped, "branches": {**ties, "record": "invoice", "branch": "shop"}}}
    assert books.records(mapping=mapping)("invoice").of_day("issued_at", DAYS[0]).by_branch() == {
        "N": 2,
        "S": 3,
    }


def test_an_entity_may_be_a_select(books: Books) -> None:
    books.change(4, stage=11, due_on=YESTERDAY)
    mapped = {**books.mapping["invoice"], "select": "SELECT * FROM invoices WHERE approved", "table": None}
    assert finding_of(books, mapping={**books.mapping, "invoice": mapped}).where == "the select of invoice"
