"""What Allure's pages are told of a round: tries as retries, the same identity everywhere, and no noise."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypercare.outcome.level import Level
from hypercare.outcome.outcome import Outcome
from hypercare.reports.allure_config import config_text
from hypercare.reports.allure_results import ids_of_tests, prepare_results
from hypercare.reports.check_parts import Try
from hypercare.reports.summary import Check, ItemResult, Summary
from tests.reports.report_examples import at, healthy

NODEID = "tests_x/test_y.py::test_totals_agree[web]"
BEGAN = at(4)
STARTED_MS = round(BEGAN.timestamp() * 1000)
MOVED_MS = round(timedelta(hours=13).total_seconds() * 1000)


def summary_of(outcome: Outcome = Outcome.FAILED, tries: tuple[Outcome, ...] = ()) -> Summary:
    looks = [
        Try(
            outcome=one,
            sentence=f"Look {number}.",
            started=BEGAN + timedelta(seconds=10 * number),
            ended=BEGAN + timedelta(seconds=10 * number + 5),
        )
        for number, one in enumerate(tries)
    ]
    check = Check(nodeid=NODEID, outcome=outcome, level=Level.L3, sentence="Two differ.", tries=looks)
    item = ItemResult(id="verify.sales-totals", outcome=outcome, level=Level.L3, section="Data", checks=[check])
    return healthy().model_copy(update={"round": "evening", "items": [item], "started": BEGAN, "as_of": at(17)})


def raw(folder: Path, **more: Any) -> Path:
    folder.mkdir()
    labels = [
        *({"name": name, "value": "x"} for name in ("host", "thread", "package", "framework", "parentSuite", "epic")),
        {"name": "tag", "value": "alone"},
        {"name": "owner", "value": "Technical team"},
    ]
    content = {
        "uuid": "0b1c",
        "name": "test_totals_agree[web]",
        "fullName": "tests_x.test_y#test_totals_agree",
        "titlePath": ["tests_x", "test_y.py"],
        "parameters": [{"name": "way", "value": "<function <lambda> at 0x7f00>"}],
        "labels": labels,
        "attachments": [{"name": "rows.csv", "source": "ab-attachment.attach", "type": "text/csv"}],
        "start": STARTED_MS,
        "stop": STARTED_MS + 15_000,
        **more,
    }
    (folder / "a-result.json").write_text(json.dumps(content), encoding="utf-8")
    (folder / "ab-attachment.attach").write_text("a,b\n1,2\n", encoding="utf-8")
    return folder


def prepared(tmp_path: Path, summary: Summary, **more: Any) -> dict[str, dict[str, Any]]:
    assert prepare_results(raw(tmp_path / "raw", **more), tmp_path / "ready", summary) == 1
    files = (tmp_path / "ready").glob("*-result.json")
    return {path.name: json.loads(path.read_text(encoding="utf-8")) for path in files}


def test_each_try_but_the_last_is_a_retry_of_it(tmp_path: Path) -> None:
    found = prepared(tmp_path, summary_of(tries=(Outcome.FAILED, Outcome.FAILED)))
    first, last = found["a-1-result.json"], found["a-result.json"]
    assert (first["testCaseId"], first["name"]) == (last["testCaseId"], last["name"])
    assert first["uuid"] != last["uuid"]
    assert (first["status"], first["statusDetails"]["message"]) == ("failed", "Look 0.")
    assert first["stop"] <= last["start"] == STARTED_MS + MOVED_MS + 10_000


def test_what_held_when_tried_again_shows_the_failure_before(tmp_path: Path) -> None:
    found = prepared(tmp_path, summary_of(Outcome.FLAKY, (Outcome.FAILED, Outcome.PASSED)))
    assert [found[name]["status"] for name in sorted(found)] == ["failed", "passed"]


def test_what_was_looked_at_once_has_no_retry(tmp_path: Path) -> None:
    assert list(prepared(tmp_path, summary_of())) == ["a-result.json"]


def test_it_is_the_same_check_on_another_machine_and_another_in_another_round(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "there").mkdir()
    (tmp_path / "midday").mkdir()
    here = prepared(tmp_path / "here", summary_of())["a-result.json"]
    elsewhere = [{"name": "way", "value": "<function <lambda> at 0x7fff>"}]
    there = prepared(tmp_path / "there", summary_of(), uuid="ff", parameters=elsewhere, historyId="z")["a-result.json"]
    assert here["testCaseId"] == there["testCaseId"]
    midday = summary_of().model_copy(update={"round": "midday"})
    assert prepared(tmp_path / "midday", midday)["a-result.json"]["testCaseId"] != here["testCaseId"]


def test_instants_are_of_the_business_day(tmp_path: Path) -> None:
    one = prepared(tmp_path, summary_of())["a-result.json"]
    assert (one["start"], one["stop"]) == (STARTED_MS + MOVED_MS, STARTED_MS + MOVED_MS + 15_000)


def test_names_are_words_and_labels_say_something(tmp_path: Path) -> None:
    one = prepared(tmp_path, summary_of())["a-result.json"]
    assert (one["name"], one["parameters"]) == ("Totals agree (web)", [])
    assert one["fullName"] == f"End-of-day round: {NODEID}"
    assert {label["name"] for label in one["labels"]} == {
        *("owner", "round", "outcome", "section", "severity", "escalation", "urgency")
    }


def test_an_attachment_is_called_by_what_it_is(tmp_path: Path) -> None:
    one = prepared(tmp_path, summary_of())["a-result.json"]
    assert one["attachments"][0]["source"] == "ab-attachment.csv"
    assert (tmp_path / "ready" / "ab-attachment.csv").read_text(encoding="utf-8") == "a,b\n1,2\n"


def test_of_fixtures_only_what_broke_is_told(tmp_path: Path) -> None:
    folder = raw(tmp_path / "raw")
    noise = {"befores": [{"name": "limits", "status": "passed"}], "afters": [{"name": "branches::<lambda>"}]}
    broken = {"befores": [{"name": "api", "status": "broken"}, {"name": "limits", "status": "passed"}]}
    for name, content in (("n", noise), ("b", broken)):
        (folder / f"{name}-container.json").write_text(json.dumps({**content, "children": ["0b1c"]}), encoding="utf-8")
    prepare_results(folder, tmp_path / "ready", summary_of())
    (container,) = (tmp_path / "ready").glob("*-container.json")
    told = json.loads(container.read_text(encoding="utf-8"))
    assert ([one["name"] for one in told["befores"]], told["afters"]) == (["api"], [])


def test_a_check_leads_to_its_own_test_of_the_last_look(tmp_path: Path) -> None:
    prepared(tmp_path, summary_of(tries=(Outcome.FAILED, Outcome.FAILED)))
    # The page's own id of a result is the MD5 of the result's.
    assert ids_of_tests([tmp_path / "ready"]) == {NODEID: "c5c44db17da9abf0e448ca37d54556c0"}


def test_without_earlier_reports_the_dashboard_shows_nothing_of_them() -> None:
    def charts(has_history: bool) -> list[str]:
        text = config_text(healthy(), history=None, append_history=False, has_history=has_history)
        settings = json.loads(text.removeprefix("export default ").removesuffix(";\n"))
        return [one["type"] for one in settings["plugins"]["dashboard"]["options"]["layout"]]

    assert charts(False) == ["currentStatus", "testResultSeverities"]
    assert charts(True) == ["currentStatus", "testResultSeverities", "statusDynamics"]


def test_the_gravest_stands_first() -> None:
    text = config_text(healthy(), history=None, append_history=False)
    settings = json.loads(text.removeprefix("export default ").removesuffix(";\n"))
    assert settings["plugins"]["awesome"]["options"]["defaultSortBy"] == "name,asc"
    assert [rule["name"] for rule in settings["categories"]["rules"]][:5] == [
        "L3 critical",
        "L2 technical",
        "L1 user support",
        "Fault of the monitor, not of the system",
        "Waits for a person",
    ]
