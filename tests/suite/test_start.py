"""What a start loads: what only reports, messages or new files need is no weight on a check at the desk."""

import sqlite3
import subprocess
import sys

import pytest

pytestmark = pytest.mark.server

pytest_plugins = ["pytester"]

WRITES_MODULES = """
import pathlib, sys

def pytest_unconfigure():
    pathlib.Path("modules.txt").write_text("\\n".join(sys.modules))
"""
OF_A_TARGET = """
@pytest.mark.item("health.web")
def test_it(target):
    raise CheckFailed(Finding("Nobody can log in.", Level.L3))
"""
BETWEEN = """
@pytest.mark.item("health.web")
def test_it(target):
    import pathlib, sys
    pathlib.Path("between.txt").write_text("\\n".join(sys.modules))
"""
OF_AN_API = """
@pytest.mark.item("health.api")
def test_it(api):
    api.check_endpoints()
"""
OF_A_DATABASE = """
@pytest.mark.item("health.database")
def test_it(database):
    from sqlalchemy import text
    with database.snapshot() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
"""
ONLY_WHEN_NEEDED = {"cryptography", "holidays", "prometheus_client", "tomlkit"}
OF_ROUNDS = {
    "alembic",
    "allure_commons",
    "apprise",
    "attr",
    "jinja2",
    "markdown_it",
    "playwright",
    "pytest_html.plugin",
}
OF_ROUNDS |= {f"hypercare.{name}" for name in ("escalation", "maintenance.windows", "notification", "reports.summary")}
OF_HISTORY = {"hypercare.history.store", "hypercare.history.tables"}
OF_WAYS = {"httpx", "sqlalchemy"}


@pytest.fixture
def loaded(project):
    """Runs a check in a process of its own; which modules were loaded when it had ended."""
    database = project.path / "shop.sqlite"
    sqlite3.connect(database).close()
    with project.target.open("a") as target:
        target.write(f'[api]\nurl = "http://127.0.0.1:9/"\n[database]\nurl = "sqlite:///{database}"\n')
    conftest = project.path / "conftest.py"
    conftest.write_text(conftest.read_text() + WRITES_MODULES)

    def loaded_by(check, *arguments):
        project.checks(check)
        command = [sys.executable, "-m", "pytest", "--target", str(project.target), *arguments]
        subprocess.run(command, cwd=project.path, capture_output=True, check=False)
        return set((project.path / "modules.txt").read_text().splitlines())

    return loaded_by


def found(modules, names):
    return {name for name in names if any(one == name or one.startswith(f"{name}.") for one in modules)}


@pytest.mark.long
@pytest.mark.parametrize("arguments", [["--collect-only"], [], ["--round", "midday"]])
def test_nothing_is_loaded_that_only_some_commands_need(loaded, arguments):
    modules = loaded(OF_A_TARGET, *arguments)
    assert found(modules, {"pytest", "hypercare"}) == {"pytest", "hypercare"}
    used = {"prometheus_client"} if arguments[:1] == ["--round"] else set()
    assert found(modules, ONLY_WHEN_NEEDED) == used


@pytest.mark.parametrize(
    ("check", "used", "most_of_ours"),
    [(OF_A_TARGET, set(), 100), (OF_AN_API, {"httpx"}, 120), (OF_A_DATABASE, {"sqlalchemy"}, 125)],
    ids=["of the target alone", "of the API", "of the database"],
)
def test_a_check_at_the_desk_loads_what_it_uses(loaded, check, used, most_of_ours):
    modules = loaded(check)
    assert found(modules, OF_ROUNDS | OF_HISTORY | OF_WAYS) == used
    assert sum(name.startswith("hypercare") for name in modules) <= most_of_ours


def test_a_round_loads_what_makes_its_report(loaded):
    modules = loaded(OF_A_TARGET, "--round", "midday")
    assert found(modules, {"allure_commons", "jinja2", "pytest_html.plugin"}) == {
        "allure_commons",
        "jinja2",
        "pytest_html.plugin",
    }


OF_THE_COLLECTOR = """
@pytest.mark.item("health.web")
def test_it(target):
    import gc, pathlib
    pathlib.Path("between.txt").write_text(f"{gc.isenabled()} {gc.get_freeze_count() > 0}")
"""


def test_the_garbage_collector_rests_only_while_a_session_is_loaded(loaded, project):
    loaded(OF_THE_COLLECTOR)
    assert (project.path / "between.txt").read_text() == "True True"


@pytest.mark.long
def test_what_tells_of_a_round_is_loaded_when_its_checks_have_ended(loaded, project):
    after = loaded(BETWEEN, "--round", "morning")
    before = set((project.path / "between.txt").read_text().splitlines())
    telling = {"hypercare.notification.delivery", "hypercare.reports.page", "hypercare.escalation", "markdown_it"}
    assert found(after, telling) == telling
    assert not found(before, telling)


HOOK_OF_A_REPORT = "\ndef pytest_html_report_title(report):\n    report.title = 'Ours'\n"


@pytest.mark.long
@pytest.mark.parametrize(
    ("arguments", "conftest", "setting", "asked_for"),
    [
        (["--html=page.html"], "", "", {"pytest_html.plugin"}),
        (["--alluredir=results"], "", "", {"allure_commons"}),
        ([], HOOK_OF_A_REPORT, "", {"pytest_html.plugin"}),
        ([], "", "initial_sort = original\n", {"pytest_html.plugin"}),
    ],
    ids=["by an option", "by an option of the other", "by a hook", "by a setting"],
)
def test_a_plugin_for_reports_is_there_for_whoever_asks_for_it(
    loaded, project, arguments, conftest, setting, asked_for
):
    (project.path / "conftest.py").open("a").write(conftest)
    (project.path / "tox.ini").open("a").write(setting)
    modules = loaded(OF_A_TARGET, *arguments)
    assert found(modules, {"allure_commons", "pytest_html.plugin"}) == asked_for
