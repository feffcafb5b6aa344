"""All rows of a finding are in its file, up to a stated number and masked as the sample is; elsewhere stand five."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest

from hypercare.outcome import evidence
from hypercare.outcome.evidence import Attachment, attach_rows, collecting, rows_wanted
from hypercare.outcome.finding import MOST_ROWS, SAMPLE_SIZE, Finding
from hypercare.outcome.found import Found
from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.outcome.people_shown import PeoplePolicy, PeopleShown
from hypercare.outcome.redaction import Redactor
from hypercare.outcome.result import CheckResult

FOURTEEN = [{"sale": f"GAR-{number}", "email": f"anna{number}@shop.example"} for number in range(14)]


def result(finding: Finding) -> CheckResult:
    bare = CheckResult(nodeid="test_sales.py::test_totals", items=(), outcome=Outcome.FAILED, level=Level.L3)
    redactor = Redactor()
    redactor.mask_personal_data = True
    return bare.saying(finding, redactor)


def test_a_finding_has_a_sample_of_five_and_more_beside_it() -> None:
    finding = Finding(sentence="14 sales are wrong.", sample=FOURTEEN)
    assert [row["sale"] for row in finding.sample] == [f"GAR-{number}" for number in range(SAMPLE_SIZE)]
    assert [row["sale"] for row in (*finding.sample, *finding.more)] == [row["sale"] for row in FOURTEEN]


def test_no_more_rows_are_carried_than_the_file_holds() -> None:
    finding = Finding(sentence="", sample=[{"number": number} for number in range(MOST_ROWS + 7)])
    assert len(finding.sample) + len(finding.more) == MOST_ROWS


def test_the_rows_beside_the_sample_are_masked_as_it_is() -> None:
    told = result(Finding(sentence="14 sales are wrong.", sample=FOURTEEN))
    assert len(told.more) == len(FOURTEEN) - SAMPLE_SIZE
    assert not any("@shop.example" in str(row) for row in (*told.sample, *told.more))


def test_the_rows_beside_the_sample_go_into_no_summary() -> None:
    told = result(Finding(sentence="", sample=FOURTEEN)).as_dict()
    assert len(told["sample"]) == SAMPLE_SIZE and "more" not in told


@pytest.mark.parametrize("shown", [PeopleShown.PSEUDONYMS, PeopleShown.COUNTS, PeopleShown.GROUPS])
def test_no_row_names_a_person_where_the_sample_does_not(shown: PeopleShown) -> None:
    rows = [{"user": f"Anna {number}", "sales": number} for number in range(14)]
    finding = PeoplePolicy(shown, key=b"key").applied(Finding(sentence="", sample=rows))
    assert "Anna" not in str((*finding.sample, *finding.more))


def test_violations_that_are_put_together_keep_the_rows_of_each() -> None:
    parts = [Found(count=9, of=9, sample=[{"of": name, "number": n} for n in range(9)]) for name in ("a", "b")]
    together = Found.together(parts)
    assert [row["of"] for row in together.sample] == ["a", "b", "a", "b", "a"]
    assert len((*together.sample, *together.more)) == 18


@pytest.fixture
def collected() -> Iterator[list[Attachment]]:
    attachments: list[Attachment] = []
    with collecting(attachments.append):
        yield attachments


def test_all_rows_are_asked_for_only_where_somebody_collects(collected: list[Attachment]) -> None:
    assert rows_wanted() == MOST_ROWS
    evidence._sinks.clear()
    assert rows_wanted() == SAMPLE_SIZE
    evidence._sinks.append(collected.append)


def test_a_file_of_rows_has_the_columns_of_all_and_no_formula(collected: list[Attachment]) -> None:
    attach_rows("rows.csv", [{"sale": "=cmd()"}, {"sale": "2", "branch": "+1 a"}])
    lines = list(csv.reader(io.StringIO(str(collected[0].body))))
    assert lines == [["sale", "branch"], ["'=cmd()", ""], ["2", "'+1 a"]]
