"""The page's check of records of one's own, in a round: its sentence, level, sample and money stand in the report."""

import re
from pathlib import Path

import pytest

from hypercare.reports.summary import read_summary
from tests.operations.invoice_books import AS_OF, DAYS, Books

pytestmark = pytest.mark.server

pytest_plugins = ["pytester"]

PAGE = Path(__file__).parents[2] / "docs" / "how-to-add-a-check.md"
ITEM = """
[[item]]
id = "invoices.overdue"
section = "Invoices"
words = "No invoice is overdue."
rounds = ["evening"]
level = "L2"
"""
SHOPS = '\n[mapping.branch]\ntable = "shops"\ncolumns = ["id", "code"]\n'


@pytest.fixture
def books(project):
    """The page's declaration, mapping and check over a database of invoices."""
    text = PAGE.read_text().partition("## Records of your own")[2]
    declared, check = (re.search(rf"```{kind}\n(.*?)```", text, re.DOTALL)[1] for kind in ("toml", "python"))
    (project.path / "checklist.toml").write_text(ITEM)
    (project.path / "test_invoices.py").write_text(check)
    books = Books(project.path / "books.sqlite")
    project.target.write_text(
        f'{project.target.read_text()}[database]\nurl = "sqlite:///books.sqlite"\n{declared}{SHOPS}'
    )
    return books


def round_of(project):
    ran = project.run("--round", "evening", "--as-of", AS_OF.isoformat(), "--reports", str(project.reports))
    return ran.ret, read_summary(project.reports / "latest" / "summary.json")


def test_a_check_of_own_records_is_green_on_healthy_books(project, books):
    books.write()
    status, summary = round_of(project)
    assert status == 0
    assert [(one.id, one.outcome.value) for one in summary.items] == [("invoices.overdue", "passed")]


@pytest.mark.long
def test_a_check_of_own_records_fails_with_all_that_a_finding_says(project, books):
    books.change(4, stage=11, due_on=DAYS[-2])
    books.write()
    status, summary = round_of(project)
    assert status == 1
    item = summary.items[0]
    assert item.sentence == "1 of 40 invoices is overdue, 119.90 EUR in all."
    assert (item.level.value, str(item.money), item.where) == ("L1", "119.90", "invoices")
    assert (item.sample[0]["invoice"], item.sample[0]["contact"]) == ("R004", "A. K.")


def test_a_check_of_own_records_that_nobody_mapped_says_what_would_cover_it(project, books):
    books.write()
    text = project.target.read_text()
    project.target.write_text(re.sub(r"\[mapping\.invoice\].*?(?=\[mapping\.branch)", "", text, flags=re.DOTALL))
    _, summary = round_of(project)
    uncovered = summary.coverage.not_covered[0]
    assert uncovered.reason.startswith("invoice is not mapped")
    assert uncovered.remedy == "Map it as [mapping.invoice] in the target file."
