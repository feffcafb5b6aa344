"""What a round leaves behind."""

import json

import pytest

pytestmark = pytest.mark.server

pytest_plugins = ["pytester"]

GREEN = '@pytest.mark.item("health.web")\ndef test_it():\n    pass\n'
RED = (
    '@pytest.mark.item("health.web")\ndef test_it():\n'
    '    expect(False, "The web app shows an error page.", count=1, sample=[{"name": "Anna Keller", "id": 7}])\n'
)


def summary_of(project, folder="latest"):
    return json.loads((project.reports / folder / "summary.json").read_text())


def item_of(summary, item):
    return next(one for one in summary["items"] if one["id"] == item)


def run(project, *more, chosen="morning", as_of="2026-01-15T09:00"):
    return project.run("--round", chosen, "--as-of", as_of, "--reports", str(project.reports), *more)


def test_a_round_leaves_every_file_of_the_contract(project):
    project.checks(GREEN)
    result = run(project)
    assert result.ret == 0
    names = {path.name for path in (project.reports / "latest").iterdir()}
    assert {"index.html", "daily.md", "pytest.html", "junit.xml", "metrics.prom", "summary.json"} <= names
    assert (project.reports / "latest").resolve() == project.reports / "2026-01-15" / "day"
    assert {path.name for path in (project.reports / "2026-01-15" / "morning").iterdir()} >= names - {"pytest"}


def test_an_item_without_a_check_is_not_covered(project):
    project.checks(GREEN)
    run(project)
    summary = summary_of(project)
    assert item_of(summary, "health.web")["outcome"] == "passed"
    assert item_of(summary, "health.api")["outcome"] == "not covered"
    assert summary["counts"]["not covered"] == len(summary["items"]) - 1
    assert summary["coverage"]["covered"] == 1


def test_a_failure_is_in_the_summary_with_its_sentence_masked_sample_and_incident(project):
    project.checks(RED)
    result = run(project)
    assert result.ret == 1
    summary = summary_of(project)
    item = item_of(summary, "health.web")
    assert (item["outcome"], item["level"], item["count"]) == ("failed", "L3", 1)
    assert item["sample"] == [{"name": "A. K.", "id": 7}]
    assert summary["status"] == "critical"
    assert item["incident"] == summary["incidents"][0]["id"]


@pytest.mark.long
def test_the_next_round_resolves_what_holds_again(project):
    project.checks(RED)
    run(project)
    project.checks(GREEN)
    run(project, as_of="2026-01-15T09:30")
    summary = summary_of(project)
    assert summary["status"] == "healthy"
    assert summary["incidents"][0]["resolved"]


@pytest.mark.long
def test_an_earlier_report_of_the_same_round_is_kept_aside(project):
    project.checks(GREEN)
    run(project)
    run(project)
    assert len(list((project.reports / "2026-01-15").glob("morning*"))) == 2


def test_results_are_on_the_disk_as_each_check_ends(project):
    project.checks(GREEN + '@pytest.mark.item("health.api")\ndef test_last():\n    import os\n    os._exit(9)\n')
    project.run = lambda *arguments: project.pytester.runpytest_subprocess(*arguments, "--target", str(project.target))
    run(project)
    (results,) = (project.reports / ".work").glob("*/results.jsonl")
    assert json.loads(results.read_text())["items"] == ["health.web"]
    assert not (project.reports / "latest").exists()


def test_a_check_file_that_cannot_be_loaded_is_our_fault_and_hides_nothing_else(project):
    project.checks(GREEN)
    project.checks("import no_such_module\n", name="test_broken")
    result = run(project)
    assert result.ret == 3
    summary = summary_of(project)
    assert item_of(summary, "health.web")["outcome"] == "passed"
    assert item_of(summary, "health.api")["outcome"] == "monitor fault"


def test_a_round_that_is_out_of_time_says_so_for_what_it_did_not_reach(project):
    project.target.write_text(project.target.read_text() + 'limit = "1ms"\n')
    project.checks(
        '@pytest.mark.item("health.web")\ndef test_one():\n    import time\n    time.sleep(0.2)\n'
        '@pytest.mark.item("health.api")\ndef test_two():\n    pass\n'
    )
    result = run(project)
    assert result.ret == 3
    sentence = item_of(summary_of(project), "health.api")["sentence"]
    assert sentence == "The round ran out of time before this check ended."


def test_a_check_that_hangs_is_ended_and_is_our_fault(project):
    project.target.write_text(project.target.read_text() + 'check_limit = "300ms"\n')
    project.checks('@pytest.mark.item("health.web")\ndef test_it():\n    import time\n    time.sleep(30)\n')
    assert run(project).ret == 3
    assert "Timeout" in item_of(summary_of(project), "health.web")["sentence"]


def test_a_reports_folder_that_cannot_be_written_is_one_line_and_status_three(project):
    project.checks(GREEN)
    project.reports.write_text("a file where the folder should be")
    result = run(project)
    assert result.ret == 3
    assert "cannot be written" in result.stderr.str()
    assert "Traceback" not in result.stderr.str() + result.stdout.str()


@pytest.mark.long
def test_two_processes_share_one_round(project):
    project.checks(GREEN + '@pytest.mark.item("health.api")\ndef test_two(figure):\n    figure("sales_created", 3)\n')
    result = run(project, "-n", "2")
    assert result.ret == 0
    summary = summary_of(project)
    assert summary["counts"]["passed"] == 2
    assert summary["figures"] == {"sales_created": 3}


def test_a_figure_may_be_money_and_broken_down(project):
    project.checks(
        'from decimal import Decimal\n@pytest.mark.item("health.api")\ndef test_two(figure):\n'
        '    figure("sales_amount", Decimal("10.50"))\n'
        '    figure("sales_amount_by_branch", {"N": Decimal("10.50")})\n'
    )
    assert run(project).ret == 0
    assert summary_of(project)["figures"] == {"sales_amount": "10.50", "sales_amount_by_branch": {"N": "10.50"}}


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "]]>", "\x00\x1b[31m"])
def test_strings_of_the_target_are_shown_and_never_run(project, hostile):
    sentence, row = repr("odd " + hostile), repr({"a": hostile})
    project.checks(f'@pytest.mark.item("health.web")\ndef test_it():\n    expect(False, {sentence}, sample=[{row}])\n')
    assert run(project).ret == 1
    assert "<script>alert" not in (project.reports / "latest" / "index.html").read_text()
