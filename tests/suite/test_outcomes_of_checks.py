"""How a check ends is how it is told: to the terminal and in the exit status."""

import pytest

pytest_plugins = ["pytester"]

FAILS = 'expect(False, "3 of 7 sales are wrong.", count=3, of=7, sample=[{"number": "A-1"}], next_step="Call Mara.")'
ENDS = {
    "passed": ("pass", 0, {"passed": 1}),
    "failed": (FAILS, 1, {"failed": 1}),
    "not covered": ('raise NotCovered("no table is mapped", remedy="Map one.")', 0, {"not covered": 1}),
    "awaiting": ('raise AwaitingPerson("Who does it?")', 0, {"awaiting": 1}),
    "monitor fault": ('raise MonitorFault("our disk is full")', 3, {"monitor fault": 1}),
    "broken check": ("1 / 0", 3, {"monitor fault": 1}),
    "skipped": ('pytest.skip("not on Sundays")', 0, {"not covered": 1}),
    "way down, own": ('raise ChannelDown("web", Finding(sentence="no answer"))', 1, {"failed": 1}),
    "way down, other": ('raise ChannelDown("api", Finding(sentence="no answer"))', 1, {"blocked": 1}),
}


@pytest.mark.parametrize("end", ENDS)
def test_each_end_has_its_outcome_and_exit_status(project, end):
    body, status, counted = ENDS[end]
    project.checks(f'@pytest.mark.item("health.web")\ndef test_it():\n    {body}\n')
    result = project.run()
    assert result.ret == status
    result.stdout.fnmatch_lines([f"*{count} {word}*" for word, count in counted.items()])


def test_a_failure_says_all_that_is_known_and_shows_no_traceback(project):
    project.checks(f'@pytest.mark.item("verify.costs")\ndef test_it():\n    {FAILS}\n')
    result = project.run()
    result.stdout.fnmatch_lines(
        [
            "L2 technical: 3 of 7 sales are wrong.",
            "  3 of 7",
            "  number",
            "  A-1",
            "  next step: Call Mara.",
            "  runbook: docs/runbook/verify.costs.md",
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*def test_it*")


TOLD_IN_A_LINE = {
    "monitor fault": ('raise MonitorFault("our disk is full", remedy="Make room.")', "our disk is full. Make room."),
    "broken check": ("1 / 0", "The check itself broke: ZeroDivisionError: division by zero"),
    "no history": (
        'from hypercare.history.problem import HistoryProblem; raise HistoryProblem("the history h is no database")',
        "What earlier rounds left behind was needed: the history h is no database. See to [[]history] *",
    ),
    "not covered": ('raise NotCovered("no table is mapped", remedy="Map one.")', "no table is mapped. Map one."),
    "awaiting": ('raise AwaitingPerson("Who does it?")', "Who does it?"),
    "a question about one": ('raise AwaitingPerson("1 people are away. Why?")', "1 person is away. Why?"),
    "one that is not covered": ('raise NotCovered("only 1 orders are done")', "only 1 order is done"),
}


@pytest.mark.parametrize("end", TOLD_IN_A_LINE)
def test_what_neither_passed_nor_failed_is_told_in_a_line(project, end):
    body, told = TOLD_IN_A_LINE[end]
    project.checks(f'@pytest.mark.item("health.web")\ndef test_it():\n    {body}\n')
    project.run("-q").stdout.fnmatch_lines([f"* health.web: {told}"])


def test_what_held_when_looked_at_again_is_flaky_not_passed(project):
    project.checks(
        "looks = []\n"
        '@pytest.mark.item("health.web")\ndef test_it():\n'
        '    looks.append(1)\n    expect(len(looks) > 1, "no answer")\n'
    )
    result = project.run("--item", "health.web")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["*1 flaky*"])


def test_at_the_desk_a_finding_is_not_looked_at_again(project):
    project.checks(
        "looks = []\n"
        '@pytest.mark.item("health.web")\ndef test_it():\n'
        '    looks.append(1)\n    expect(len(looks) > 1, "no answer")\n'
    )
    assert project.run().ret == 1


def test_a_failure_counts_more_than_a_fault_of_ours(project):
    project.checks(
        '@pytest.mark.item("health.web")\ndef test_one():\n    expect(False, "no answer")\n'
        '@pytest.mark.item("health.api")\ndef test_two():\n    1 / 0\n'
    )
    assert project.run().ret == 1


def test_a_test_without_an_item_stays_an_ordinary_test(project):
    project.checks("def test_it():\n    assert 1 == 2\n")
    result = project.run()
    assert result.ret == 1
    result.stdout.fnmatch_lines(["*assert 1 == 2*"])


def test_a_fixture_that_breaks_is_a_fault_of_ours(project):
    project.checks(
        "@pytest.fixture\ndef broken():\n    raise ValueError('x')\n"
        '@pytest.mark.item("health.web")\ndef test_it(broken):\n    pass\n'
    )
    assert project.run().ret == 3


HOLDS_ONE_BACK = (
    "from hypercare.outcome.database_load import load_listened_to as load; load().held_back.append('Not put.')"
)


def test_a_check_that_lacks_an_answer_which_was_held_back_has_not_passed(project):
    project.checks(f'@pytest.mark.item("verify.costs")\ndef test_it():\n    {HOLDS_ONE_BACK}\n')
    result = project.run()
    assert result.ret == 0
    result.stdout.fnmatch_lines(["*1 not covered*"])
    result.stdout.fnmatch_lines(["*Not put. The next round of*heavy_rounds takes it along*"])


def test_a_finding_stays_one_whatever_else_was_held_back(project):
    project.checks(f'@pytest.mark.item("verify.costs")\ndef test_it():\n    {HOLDS_ONE_BACK}\n    {FAILS}\n')
    assert project.run().ret == 1
