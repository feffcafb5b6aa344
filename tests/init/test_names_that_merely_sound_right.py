"""What a column is called is half of what it is: what it holds, and what stands beside the word, may say otherwise."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from hypercare.init.proposal import EntityProposal, FieldProposal, Proposal
from tests.init.accuracy import proposal_for

PEOPLE = ("Kowalski", "Nguyen", "Okafor", "Silva", "Haddad", "Larsen", "Rossi", "Meyer", "Tanaka", "Novak")
JOBS = ("Seller", "Head of sales", "Seller", "Seller", "Clerk")


def database(folder: Path, *tables: tuple[str, list[tuple[object, ...]]]) -> str:
    """An SQLite file of some tables: each its CREATE TABLE and its rows. Orders with lines are always there."""
    file = folder / "shop.sqlite"
    orders = [(n, f"O-{n:04}", 1 + n % 10, 12.5 * n, f"2026-03-{1 + n % 28:02} 10:00:00") for n in range(1, 41)]
    lines = [(n, n, 1 + n % 10, 1, 12.5 * n) for n in range(1, 41)]
    always: tuple[tuple[str, list[tuple[object, ...]]], ...] = (
        ("CREATE TABLE orders (id INTEGER PRIMARY KEY, number TEXT, customer_id INTEGER, total NUMERIC, "
         "created_at TEXT)", orders),
        ("CREATE TABLE order_lines (id INTEGER PRIMARY KEY, order_id INTEGER REFERENCES orders(id), "
         "product_id INTEGER, quantity INTEGER, unit_price NUMERIC)", lines),
    )  # fmt: skip
    named = {ddl.split()[2] for ddl, _ in tables}
    with closing(sqlite3.connect(file)) as connection, connection:
        for ddl, rows in (*(one for one in always if one[0].split()[2] not in named), *tables):
            connection.execute(ddl)
            name = ddl.split()[2]
            for row in rows:
                connection.execute(f"INSERT INTO {name} VALUES ({', '.join('?' * len(row))})", row)
    return f"sqlite:///{file}"


def entity(proposal: Proposal, name: str) -> EntityProposal:
    return {**proposal.doubtful, **proposal.entities}[name]


def proposed(proposal: Proposal, name: str, field: str) -> FieldProposal | None:
    """The field as it is proposed: None where it is not, or only as a comment."""
    made = proposal.entities.get(name)
    found = made.fields.get(field) if made else None
    return None if found is None or found.held_back else found


def column(proposal: Proposal, name: str, field: str) -> str | None:
    found = proposed(proposal, name, field)
    return None if found is None else found.column


def test_a_job_is_nobodys_name(tmp_path: Path) -> None:
    people = [(n, name, JOBS[n % 5]) for n, name in enumerate(PEOPLE, start=1)]
    url = database(tmp_path, ("CREATE TABLE employees (id INTEGER PRIMARY KEY, last_name TEXT, title TEXT)", people))
    assert column(proposal_for(url), "user", "name") == "last_name"


def test_a_name_that_many_share_is_a_category(tmp_path: Path) -> None:
    rows = [(n, ("Retail", "Wholesale")[n % 2]) for n in range(1, 21)]
    url = database(tmp_path, ("CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT)", rows))
    assert column(proposal_for(url), "customer", "name") is None


@pytest.mark.parametrize("name", ["postal_code", "zip_code", "phone_number", "vat_number", "bank_code", "house_number"])
def test_a_number_of_something_else_is_not_the_records_own(tmp_path: Path, name: str) -> None:
    rows = [(n, f"Inn {n}", f"{12000 + n}") for n in range(1, 21)]
    url = database(tmp_path, (f"CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT, {name} TEXT)", rows))
    assert column(proposal_for(url), "customer", "number") is None


@pytest.mark.parametrize("name", ["customer_number", "code", "client_no"])
def test_the_records_own_number_is_still_proposed(tmp_path: Path, name: str) -> None:
    rows = [(n, f"Inn {n}", f"K{12000 + n}") for n in range(1, 21)]
    url = database(tmp_path, (f"CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT, {name} TEXT)", rows))
    assert column(proposal_for(url), "customer", "number") == name


def test_how_somebody_logs_in_is_not_as_whom(tmp_path: Path) -> None:
    people = [(n, "native", f"{name.lower()}@shop.example.com") for n, name in enumerate(PEOPLE[:4], start=1)]
    ddl = "CREATE TABLE users (id INTEGER PRIMARY KEY, auth_backend TEXT, email TEXT)"
    proposal = proposal_for(database(tmp_path, (ddl, people)))
    assert entity(proposal, "user").fields["username"].column == "email"


def test_the_code_of_its_tax_is_not_the_products(tmp_path: Path) -> None:
    products = [(n, f"Chair {n}", 1 + n % 2) for n in range(1, 21)]
    url = database(
        tmp_path,
        ("CREATE TABLE tax_rules (id INTEGER PRIMARY KEY, code TEXT)", [(1, "S"), (2, "R")]),
        ("CREATE TABLE products (id INTEGER PRIMARY KEY, name TEXT, tax_rule_id INTEGER REFERENCES tax_rules(id))",
         products),
    )  # fmt: skip
    assert "number" not in entity(proposal_for(url), "product").fields


def test_a_firm_that_somebody_works_for_is_no_branch(tmp_path: Path) -> None:
    rows = [(n, f"Guest {n}", f"Firm {n}" if n % 6 == 0 else None) for n in range(1, 21)]
    shops = [(1, "North"), (2, "South")]
    url = database(
        tmp_path,
        ("CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT, company TEXT)", rows),
        ("CREATE TABLE branches (code TEXT PRIMARY KEY, name TEXT)", [(f"B{key}", name) for key, name in shops]),
    )
    proposal = proposal_for(url)
    assert column(proposal, "customer", "branch") is None
    assert "no record that is mapped names it" in proposal.doubtful["branch"].why


def test_what_goods_are_bought_for_is_not_their_price(tmp_path: Path) -> None:
    rows = [(n, f"Chair {n}", 10 + n, 20 + n) for n in range(1, 21)]
    ddl = "CREATE TABLE products (id INTEGER PRIMARY KEY, name TEXT, buyPrice NUMERIC, listPrice NUMERIC)"
    assert column(proposal_for(database(tmp_path, (ddl, rows))), "product", "price") == "listPrice"


def test_only_a_price_that_goods_are_bought_for_is_no_price(tmp_path: Path) -> None:
    rows = [(n, f"Chair {n}", 10 + n) for n in range(1, 21)]
    ddl = "CREATE TABLE products (id INTEGER PRIMARY KEY, name TEXT, purchase_price NUMERIC)"
    assert column(proposal_for(database(tmp_path, (ddl, rows))), "product", "price") is None


@pytest.mark.parametrize(
    ("name", "on", "off"),
    [
        ("discontinued", 0, 1),
        ("is_inactive", 0, 1),
        ("not_active", 0, 1),
        ("hidden", 0, 1),
        ("gesperrt", 0, 1),
        ("suspendu", 0, 1),
        ("active", 1, 0),
        ("enabled", 1, 0),
    ],
)
def test_a_flag_is_proposed_the_right_way_round(tmp_path: Path, name: str, on: int, off: int) -> None:
    rows = [(n, f"Chair {n}", off if n % 8 == 0 else on) for n in range(1, 41)]
    ddl = f"CREATE TABLE products (id INTEGER PRIMARY KEY, name TEXT, {name} INTEGER)"
    found = proposed(proposal_for(database(tmp_path, (ddl, rows))), "product", "active")
    assert found is not None
    assert found.column == name
    assert found.values == {"yes": [on], "no": [off]}


def test_a_flag_that_has_only_ever_said_one_thing_knows_the_other(tmp_path: Path) -> None:
    rows = [(n, f"Chair {n}", 0) for n in range(1, 41)]
    ddl = "CREATE TABLE products (id INTEGER PRIMARY KEY, name TEXT, discontinued INTEGER)"
    found = proposed(proposal_for(database(tmp_path, (ddl, rows))), "product", "active")
    assert found is not None
    assert found.values == {"yes": [0], "no": [1]}


def test_a_flag_by_which_most_would_be_switched_off_is_a_question(tmp_path: Path) -> None:
    rows = [(n, f"Chair {n}", 1 if n % 8 == 0 else 0) for n in range(1, 41)]
    ddl = "CREATE TABLE products (id INTEGER PRIMARY KEY, name TEXT, active INTEGER)"
    proposal = proposal_for(database(tmp_path, (ddl, rows)))
    assert proposed(proposal, "product", "active") is None
    assert "which way round" in entity(proposal, "product").fields["active"].held_back


def discounts(folder: Path, name: str, held: list[float]) -> Proposal:
    rows = [(n, n, 1 + n % 10, 1 + n % 3, 10.0 + n, held[n % len(held)]) for n in range(1, 41)]
    ddl = (
        "CREATE TABLE order_lines (id INTEGER PRIMARY KEY, order_id INTEGER REFERENCES orders(id), "
        f"product_id INTEGER, quantity INTEGER, unit_price NUMERIC, {name} REAL)"
    )
    return proposal_for(database(folder, (ddl, rows)))


def test_a_discount_of_shares_is_taken_times_a_hundred(tmp_path: Path) -> None:
    found = proposed(discounts(tmp_path, "discount", [0, 0.05, 0.1, 0.25]), "sale_line", "discount_percent")
    assert found is not None
    assert found.sql == "order_lines.discount * 100"


def test_a_discount_in_percent_is_taken_as_it_is(tmp_path: Path) -> None:
    assert column(discounts(tmp_path, "discount", [0, 5, 10, 25]), "sale_line", "discount_percent") == "discount"


@pytest.mark.parametrize(
    ("name", "held"),
    [("discount", [0.0]), ("discount_percent", [0, 0.05, 0.1]), ("discount", [0, 150.0, 5])],
    ids=["nothing yet", "percent or share", "more than a whole"],
)
def test_a_discount_that_does_not_tell_its_form_is_a_question(tmp_path: Path, name: str, held: list[float]) -> None:
    assert proposed(discounts(tmp_path, name, held), "sale_line", "discount_percent") is None


def test_an_empty_table_beside_full_ones_is_not_taken_for_the_payments(tmp_path: Path) -> None:
    ddl = "CREATE TABLE payments (id INTEGER PRIMARY KEY, order_id INTEGER REFERENCES orders(id), amount NUMERIC, "
    proposal = proposal_for(database(tmp_path, (ddl + "method TEXT, paid_at TEXT)", [])))
    assert "payment" not in proposal.entities
    assert "it holds nothing" in proposal.doubtful["payment"].why


@pytest.mark.parametrize("word", ["Disputed", "Refunded", "Returned", "Not confirmed", "Cancel requested"])
def test_a_state_that_is_neither_undone_nor_simply_final_is_asked_about(tmp_path: Path, word: str) -> None:
    states = ("paid", "paid", "cancelled", word)
    rows = [(n, f"O-{n}", 1 + n % 10, states[n % 4], 12.5 * n, "2026-03-01 10:00:00") for n in range(1, 41)]
    ddl = "CREATE TABLE orders (id INTEGER PRIMARY KEY, number TEXT, customer_id INTEGER, status TEXT, "
    proposal = proposal_for(database(tmp_path, (ddl + "total NUMERIC, created_at TEXT)", rows)))
    state = entity(proposal, "sale").fields["state"]
    assert word in state.unknown
    assert all(word not in theirs for theirs in state.values.values())


def test_a_condition_finds_its_column_in_the_select_that_it_stands_beside(tmp_path: Path) -> None:
    parties = [(n, f"Inn {n}") for n in range(1, 11)]
    branches = [(n, n, None) for n in range(1, 3)]
    orders = [(n, f"O-{n}", 1 + n % 2, 12.5 * n, "2026-03-01 10:00:00") for n in range(1, 41)]
    url = database(
        tmp_path,
        ("CREATE TABLE orders (id INTEGER PRIMARY KEY, number TEXT, branch_id INTEGER REFERENCES branches(id), "
         "total NUMERIC, created_at TEXT)", orders),
        ("CREATE TABLE parties (id INTEGER PRIMARY KEY, name TEXT)", parties),
        ("CREATE TABLE branches (id INTEGER PRIMARY KEY, party INTEGER REFERENCES parties(id), deleted_at TEXT)",
         branches),
    )  # fmt: skip
    made = proposal_for(url).entities["branch"]
    assert made.select is not None
    assert made.where == "deleted_at IS NULL"
    assert "own.deleted_at" in made.select


@pytest.mark.parametrize(("parent", "borrowed"), [("asset", False), ("uploads", False), ("product_categories", True)])
def test_a_products_kind_is_not_the_type_of_its_picture(tmp_path: Path, parent: str, borrowed: bool) -> None:
    kinds = [(n, ("IMAGE", "VIDEO")[n % 2]) for n in range(1, 11)]
    goods = [(n, f"Cup {n}", f"C-{n}", n) for n in range(1, 11)]
    url = database(
        tmp_path,
        (f"CREATE TABLE {parent} (id INTEGER PRIMARY KEY, type TEXT)", kinds),
        (
            "CREATE TABLE products (id INTEGER PRIMARY KEY, name TEXT, sku TEXT, "
            f"shown_id INTEGER REFERENCES {parent}(id))",
            goods,
        ),
    )
    assert (proposed(proposal_for(url), "product", "kind") is not None) is borrowed
