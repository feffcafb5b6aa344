"""Which checks a session runs."""

import json

import pytest

from hypercare.plan.checklist import shipped

pytest_plugins = ["pytester"]

TWO = (
    '@pytest.mark.item("data.constraints")\ndef test_two():\n    pass\n'
    '@pytest.mark.item("health.web")\ndef test_one():\n    pass\n'
)


def test_items_are_chosen_by_id(project):
    project.checks(TWO)
    result = project.run("--item", "health.web", "-v")
    result.assert_outcomes(passed=1, deselected=1)
    result.stdout.fnmatch_lines(["*test_one PASSED*"])


def test_an_unknown_item_is_bad_usage_and_names_the_nearest(project):
    project.checks(TWO)
    result = project.run("--item", "health.wbe")
    assert result.ret == 4
    result.stderr.fnmatch_lines(["ERROR: there is no item 'health.wbe' in the checklist. Did you mean health.web?"])


def test_a_check_of_an_unknown_item_is_bad_usage(project):
    project.checks('@pytest.mark.item("health.moon")\ndef test_it():\n    pass\n')
    assert project.run().ret == 4


def test_a_path_behind_item_is_told_from_an_item(project):
    project.checks(TWO)
    result = project.run("--item", "health.web", "test_checks.py")
    assert result.ret == 4
    result.stderr.fnmatch_lines(["*put paths before --item*"])


def test_plain_selection_by_name_and_last_failed_keep_working(project):
    project.checks(TWO)
    project.run("-k", "one").assert_outcomes(passed=1, deselected=1)


def test_the_checklist_names_checks_and_what_is_not_covered(project):
    project.checks(TWO)
    result = project.run("--checklist")
    number = len(shipped().items)
    assert result.ret == 0
    result.stdout.fnmatch_lines(
        [
            "*health.web*",
            "*test_checks.py::test_one*",
            "*not covered: no check answers for it*",
            f"{number} items, 2 checks, {number - 2}*",
        ]
    )


def test_the_checklist_of_a_round_has_only_its_items(project):
    project.checks(TWO)
    result = project.run("--checklist", "--round", "midday")
    result.stdout.fnmatch_lines(["9 items, 0 checks, 9*"])


def test_nothing_to_run_has_its_own_status(project):
    project.checks(TWO)
    assert project.run("--item", "verify.costs").ret == 5


def test_a_bad_target_file_is_one_line_and_status_four(project):
    project.checks(TWO)
    project.target.write_text(project.target.read_text() + '\n[web]\nulr = "http://x.example"\n')
    result = project.run()
    assert result.ret == 4
    result.stderr.fnmatch_lines(["ERROR: *target.toml, line 12: unknown key 'web.ulr'; did you mean 'url'?"])
    assert "Traceback" not in result.stderr.str() + result.stdout.str()


def test_a_bad_instant_is_one_line_and_status_four(project):
    project.checks(TWO)
    result = project.run("--round", "morning", "--as-of", "yesterday")
    assert result.ret == 4
    result.stderr.fnmatch_lines(["ERROR: --as-of 'yesterday' is not an instant*"])


@pytest.mark.server
def test_a_check_of_several_items_answers_in_a_round_for_those_of_the_round(project):
    project.checks('@pytest.mark.item("health.database", "ops.sales")\ndef test_it():\n    pass\n')
    project.run("--round", "midday", "--as-of", "2026-01-15T12:00", "--reports", str(project.reports))
    lines = (project.reports / "2026-01-15" / "midday" / "results.jsonl").read_text().splitlines()
    told = [row["items"] for row in map(json.loads, lines) if str(row.get("nodeid", "")).endswith("::test_it")]
    assert told == [["ops.sales"]]
