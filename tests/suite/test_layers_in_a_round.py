"""What a plan in layers makes of a round, of its report, and of `pytest --checklist`."""

import pytest

from hypercare.reports.summary import read_summary

pytestmark = pytest.mark.server

pytest_plugins = ["pytester"]

PLAN = """base = "built-in"

[[round]]
name = "night"
at = "22:00"

[[item]]
id = "shop.till"
section = "Shop"
words = "The till is right."
rounds = ["night"]
level = "L1"

[[item]]
id = "health.backup-key"
section = "Shop"
words = "Somebody has the key."
rounds = ["night"]
level = "L1"

[[item]]
id = "health.mobile"
rounds = ["night"]
level = "L1"

[[item]]
id = "health.web"
rounds = ["night"]
off = { reason = "The web app is <gone> since May.", by = "Anna" }

[[figure]]
name = "tips_given"
words = "Tips & presents"
unit = "money"
"""
CHECKS = """
@pytest.mark.item("health.web")
def test_the_web_app():
    raise RuntimeError("it must not be run")

@pytest.mark.item("health.web", "shop.till")
def test_the_till(figure):
    figure("tips_given", 12)

@pytest.mark.item("health.mobile")
def test_the_phone():
    expect(False, "It rings no more.")
"""


@pytest.fixture
def layered(project):
    (project.path / "checklist.toml").write_text(PLAN)
    project.checks(CHECKS)
    return project


@pytest.mark.long
def test_a_round_runs_what_is_on_and_its_report_says_what_is_off_and_why(layered):
    layered.run("--round", "night", "test_checks.py")
    latest = layered.reports / "latest"
    summary = read_summary(latest / "summary.json")
    assert {item.id: item.outcome.value for item in summary.items} == {
        "health.mobile": "failed",
        "shop.till": "passed",
        "health.backup-key": "not covered",
    }
    assert next(item.level for item in summary.items if item.id == "health.mobile") == "L1"
    assert [gap.id for gap in summary.coverage.not_covered] == ["health.backup-key"]
    (off,) = summary.switched_off
    assert (off.id, off.reason, off.by) == ("health.web", "The web app is <gone> since May.", "Anna")
    page, text = (latest / "index.html").read_text(), (latest / "daily.md").read_text()
    assert 'The web app is &lt;gone&gt; since May. <span class="soft">(Anna)</span>' in page
    assert "The web app is \\<gone\\> since May. (Anna)" in text
    assert "Tips &amp; presents" in page
    assert "- Tips \\& presents: 12 EUR" in text


def test_at_the_desk_what_is_off_is_not_run_and_whoever_asks_for_it_is_told(layered):
    result = layered.run("--no-retry", "test_checks.py")
    result.assert_outcomes(passed=1, failed=1, deselected=1)
    refused = layered.run("--item", "health.web")
    assert refused.ret == 4
    refused.stderr.fnmatch_lines(["ERROR: *health.web is switched off in the checklist: *since May. (Anna)"])


def test_the_checklist_tells_what_is_own_changed_and_switched_off(layered):
    result = layered.run("--checklist", "test_checks.py")
    result.stdout.fnmatch_lines(
        [
            "  health.mobile  [[]L1, night[]]  * (changed: rounds, level)",
            "  shop.till  [[]L1, night[]]  The till is right.  (your own)",
            "Switched off",
            "  health.web  The web app opens*",
            "      The web app is <gone> since May. (Anna)",
            "Rounds of your own",
            "  night  22:00  (your own)",
            "Over the built-in plan: 2 of your own, 1 changed, 1 switched off",
        ]
    )


def test_watches_and_probes_go_by_the_plan_beside_the_target_file(layered):
    from hypercare.target_file.loading import load_target

    config = load_target(layered.target)
    assert "night" in config.schedules
    assert "shop.till" in config.plan
