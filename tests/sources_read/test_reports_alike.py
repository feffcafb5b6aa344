"""Reports that say the same: several people, whatever the order and the language of their words."""

import pytest

from hypercare.sources_read.user_reports import Report, ReportsRead

LABELS = "Price labels come out empty since this morning"


def alike(*titles, people=5):
    reports = [Report(number, title, "", number % people, "") for number, title in enumerate(titles)]
    return ReportsRead(reports, "issues").alike().count


@pytest.mark.parametrize(
    ("titles", "count"),
    [
        ([LABELS] * 5, 5),
        ([LABELS] * 4, 0),
        ([LABELS, "Since this morning: labels empty!", "EMPTY labels (price) this morning"] * 2, 6),
        (["Etiketten bleiben leer seit heute früh", "Seit heute früh leere Etiketten, bleiben leer"] * 3, 6),
        (["ラベルが印刷されない"] * 5, 5),
        (["4711", "4712", "4713", "", "?"], 0),
        (["How do I void a sale", "Where are the receipts", "A wish for the list", "Password", "Bigger letters"], 0),
    ],
)
def test_reports_are_alike_by_most_of_their_words(titles, count):
    assert alike(*titles) == count


@pytest.mark.parametrize(("people", "count"), [(1, 0), (2, 0), (3, 6)])
def test_one_or_two_persons_are_not_several(people, count):
    assert alike(*[LABELS] * 6, people=people) == count


def test_where_nobody_knows_who_reported_each_counts_for_one():
    reports = [Report(number, LABELS, "", None, "") for number in range(5)]
    assert ReportsRead(reports, "issues").alike().count == 5


def test_reports_are_counted_by_category():
    reports = [Report(1, "a", "error", 1, ""), Report(2, "b", "", 1, ""), Report(3, "c", "error", 1, "")]
    assert ReportsRead(reports, "issues").by_category() == {"error": 2, "without a category": 1}
