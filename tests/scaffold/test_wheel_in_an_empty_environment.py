"""What a stranger does: install the wheel into an empty environment, make a project, run its rounds, add a check."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hypercare.plan.checklist import shipped
from hypercare.scaffold.project import OWN_ITEM
from tests.scaffold.installed_wheel import built_wheel, environment_with, ran

pytestmark = [pytest.mark.slow, pytest.mark.server]

OWN_RECORD = """
[entities.entry.fields]
debit = "money"
credit = "money"

[mapping.entry]
table = "ledger_entries"
columns = { id = "id", debit = "debit", credit = "credit" }
"""
OWN_CHECK = """
import pytest

from hypercare.operations.own_records import OwnRecords
from hypercare.outcome.expect import expect_none


@pytest.mark.item("own.entries")
def test_no_entry_credits_anybody(records: OwnRecords) -> None:
    entries = records("entry")
    expect_none(
        entries.where(entries.amount("credit").exact > 0, stake="credit"),
        lambda found: f"{found.count} of {found.of} entries credit somebody, {found.money} in all.",
        next_step="Ask the accountants.",
    )
"""
OWN_LINE = """
[[item]]
id = "own.entries"
section = "Our own"
words = "No entry credits anybody."
rounds = ["morning"]
level = "L3"
about = "data"
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.mark.long
@pytest.mark.parametrize("installer", ["pip", pytest.param("uv", marks=pytest.mark.proof)])
def test_first_round_of_a_new_project_is_green_and_a_check_of_its_own_fails(
    installer: str, wheel: Path, tmp_path: Path
) -> None:
    programs = environment_with(wheel, tmp_path, installer=installer)
    hypercare = str(programs / "hypercare")
    assert "Next: cd shop && hypercare round morning" in ran([hypercare, "new", "shop"], tmp_path)
    shop = tmp_path / "shop"
    # What a browser and Node make of a round is the matter of other tests. What the embedded system stands on is
    # got by the first round.
    alone = {"HYPERCARE_BROWSER": "none", "HYPERCARE_NODE": "none", "XDG_CACHE_HOME": str(tmp_path / "cache")}
    said = ran([hypercare, "round", "morning"], shop, alone)
    assert "tests_own/test_own.py" in said
    summary = summary_of(shop)
    outcomes = {item["id"]: item["outcome"] for item in summary["items"]}
    assert (summary["round"], summary["status"], summary["incidents"]) == ("daily", "healthy", [])
    assert outcomes[OWN_ITEM] == outcomes["health.api"] == outcomes["data.foreign-keys"] == "passed"
    assert set(outcomes.values()) <= {"passed", "not covered"}
    assert (shop / "reports" / "latest" / "runbook" / f"{OWN_ITEM}.html").is_file()
    listed = ran([str(programs / "python"), "-m", "pytest", "--checklist", "-q"], shop)
    assert "tests_own/test_own.py::test_no_final_sale_costs_nothing" in listed
    assert f"{len(shipped().items) + 1} items" in listed
    assert ran([hypercare, "runbook", "health.web"], shop).startswith("# health.web")
    add_own_check(shop)
    ran([hypercare, "round", "morning"], shop, alone, status=1)
    own_check_failed(summary_of(shop), shop)


def summary_of(project: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((project / "reports" / "latest" / "summary.json").read_text(encoding="utf-8"))
    return told


def add_own_check(shop: Path) -> None:
    for name, more in (("target.toml", OWN_RECORD), ("checklist.toml", OWN_LINE)):
        file = shop / name
        file.write_text(file.read_text(encoding="utf-8") + more, encoding="utf-8")
    (shop / "tests_own" / "test_entries.py").write_text(OWN_CHECK, encoding="utf-8")
    (shop / "runbook" / "own.entries.md").write_text("# Entries that credit somebody\n\nAsk.\n", encoding="utf-8")


def own_check_failed(summary: dict[str, Any], shop: Path) -> None:
    (failed,) = [item for item in summary["items"] if item["outcome"] == "failed"]
    assert (failed["id"], failed["level"], failed["runbook"]) == ("own.entries", "L3", "runbook/own.entries.md")
    report = shop / "reports" / "latest"
    page = (report / "index.html").read_text(encoding="utf-8")
    sentence = failed["sentence"]
    assert "entries credit somebody" in sentence and sentence in page
    assert 'href="runbook/own.entries.html"' in page and (report / "runbook" / "own.entries.html").is_file()
