"""`hypercare new` writes a project that means what its files say, and touches nothing that is there."""

from __future__ import annotations

import re
import sqlite3
import tomllib
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from hypercare import __version__
from hypercare.cli import BAD_USAGE, main
from hypercare.commands.new import new
from hypercare.extras import MODULES
from hypercare.plan.checklist import read_checklist, shipped
from hypercare.reports.runbook import runbook_pages
from hypercare.scaffold.project import OWN_ITEM
from hypercare.target_file.embedded import names_embedded_system
from hypercare.target_file.loading import load_target

ALWAYS = {
    "pyproject.toml",
    "target.toml",
    "checklist.toml",
    "tests_own/test_own.py",
    f"runbook/{OWN_ITEM}.md",
    ".gitignore",
    "README.md",
}
A_SCREEN = 40


def made(folder: Path, *words: str) -> Path:
    done = asked(folder, *words)
    assert done.exit_code == 0, done.output
    return folder


def asked(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(new, [str(folder), *words])


def files_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("schedule", "more"),
    [
        ("none", set()),
        ("github", {".github/workflows/rounds.yml"}),
        ("gitlab", {".gitlab-ci.yml"}),
        ("cron", {"schedule/crontab"}),
        ("systemd", {"schedule/corner-shop.service", "schedule/corner-shop.timer"}),
    ],
)
def test_it_has_these_files_and_no_sign_of_a_template_in_them(tmp_path: Path, schedule: str, more: set[str]) -> None:
    folder = made(tmp_path / "Corner Shop", "--schedule", schedule)
    assert files_in(folder) == ALWAYS | more
    for name in files_in(folder):
        text = (folder / name).read_text(encoding="utf-8")
        assert not re.search(r"<<|<%|<#|%>", text), name
        assert text.endswith("\n"), name


def test_its_settings_name_this_version_the_plugin_and_its_own_tests(tmp_path: Path) -> None:
    settings = tomllib.loads((made(tmp_path / "Corner Shop") / "pyproject.toml").read_text(encoding="utf-8"))
    assert settings["project"]["name"] == "corner-shop"
    assert settings["project"]["dependencies"] == [f"hypercare[demo]=={__version__}"]
    assert settings["tool"]["pytest"]["ini_options"] == {
        "addopts": ["-p", "hypercare.pytest_plugin"],
        "testpaths": ["tests_own"],
    }


def test_without_an_address_it_watches_the_embedded_system_by_its_own_plan(tmp_path: Path) -> None:
    folder = made(tmp_path / "shop")
    assert names_embedded_system(folder / "target.toml")
    settings = tomllib.loads((folder / "target.toml").read_text(encoding="utf-8"))
    assert settings["rounds"] == {"checklist": "checklist.toml"}


def test_with_an_address_the_target_file_is_proposed_and_goes_by_the_plan_of_the_project(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "erp.sqlite") as connection:
        connection.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, status TEXT, total NUMERIC, created_at TEXT)")
    folder = made(tmp_path / "shop", "--database", f"sqlite:///{tmp_path / 'erp.sqlite'}", "--web", "http://erp/")
    config = load_target(folder / "target.toml")
    assert config.target.name == "shop"
    assert config.web is not None and config.web.url == "http://erp/"
    assert config.database is not None and config.database.url.endswith("erp.sqlite")
    assert OWN_ITEM in config.plan
    assert config.plan.is_layered
    pyproject = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
    assert pyproject["project"]["dependencies"] == [f"hypercare=={__version__}"]


def test_its_plan_is_the_built_in_one_and_one_item_that_a_check_answers_for(tmp_path: Path) -> None:
    folder = made(tmp_path / "shop")
    plan = read_checklist(folder / "checklist.toml")
    assert [item.id for item in plan] == [*(item.id for item in shipped()), OWN_ITEM]
    check = (folder / "tests_own" / "test_own.py").read_text(encoding="utf-8")
    assert f'@pytest.mark.item("{OWN_ITEM}")' in check
    assert runbook_pages(folder)[OWN_ITEM] == folder / "runbook" / f"{OWN_ITEM}.md"


def test_every_example_in_its_plan_may_be_taken(tmp_path: Path) -> None:
    plan_file = made(tmp_path / "shop") / "checklist.toml"
    text = plan_file.read_text(encoding="utf-8")
    taken = re.sub(r"^# (?=\[\[|[a-z_]+ = )", "", text, flags=re.MULTILINE)
    assert taken.count("\n[[") == 4
    plan_file.write_text(taken, encoding="utf-8")
    plan = read_checklist(plan_file)
    assert f"{plan.schedules['night'].hour:%H:%M}" == "22:00"
    assert plan["users.active"].level == "L2"
    assert [(one.id, one.by) for one in plan.switched_off] == [("health.mobile", "A. Keller")]


def test_its_readme_fits_a_screen(tmp_path: Path) -> None:
    text = (made(tmp_path / "shop", "--schedule", "cron") / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= A_SCREEN


@pytest.mark.parametrize("schedule", ["github", "gitlab"])
def test_workflows_are_yaml_that_run_what_is_due(tmp_path: Path, schedule: str) -> None:
    folder = made(tmp_path / "shop", "--schedule", schedule)
    text = next(path for path in folder.rglob("*.yml")).read_text(encoding="utf-8")
    assert isinstance(yaml.safe_load(text), dict)
    assert "hypercare day" in text


@pytest.mark.parametrize(
    ("database", "extra"),
    [
        ("postgresql://watch@db/erp", "[postgresql]"),
        ("postgresql+psycopg://watch@db/erp", "[postgresql]"),
        ("mysql://watch@db/erp", "[mysql]"),
        ("mariadb+pymysql://watch@db/erp", "[mysql]"),
        ("sqlite:////srv/erp.sqlite", ""),
        (None, ""),
    ],
)
def test_it_depends_on_the_driver_of_its_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str | None, extra: str
) -> None:
    section = "" if database is None else f'[database]\nurl = "{database}"\n'
    proposed = f'[target]\nname = "s"\n[business]\ntimezone = "Europe/Berlin"\n{section}'
    monkeypatch.setattr("hypercare.commands.new.proposed_target", lambda *_, **__: (proposed, 1))
    folder = made(tmp_path / "shop", "--web", "https://erp.example.com/")
    settings = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
    assert settings["project"]["dependencies"] == [f"hypercare{extra}=={__version__}"]


@pytest.mark.parametrize("extra", ["postgresql", "mysql", "notify", "holidays", "stores"])
def test_its_settings_name_the_extras_that_may_take_the_place_of_the_embedded_system(
    tmp_path: Path, extra: str
) -> None:
    text = (made(tmp_path / "shop") / "pyproject.toml").read_text(encoding="utf-8")
    assert extra in MODULES
    assert any(line.startswith("#") and f'"{extra}"' in line for line in text.splitlines())


def test_a_red_round_keeps_its_history_and_the_next_one_finds_it(tmp_path: Path) -> None:
    folder = made(tmp_path / "shop", "--schedule", "github")
    workflow = yaml.safe_load((folder / ".github/workflows/rounds.yml").read_text(encoding="utf-8"))
    steps = workflow["jobs"]["rounds"]["steps"]
    (restores, runs, saves) = (
        next(number for number, step in enumerate(steps) if step.get(key) == value)
        for key, value in (
            ("uses", "actions/cache/restore@v4"),
            ("run", "hypercare day"),
            ("uses", "actions/cache/save@v4"),
        )
    )
    assert restores < runs < saves
    assert steps[saves]["if"] == "always()"
    assert steps[saves]["with"]["path"] == steps[restores]["with"]["path"]
    key = steps[saves]["with"]["key"]
    assert "github.run_id" in key and "github.run_attempt" in key
    assert key.startswith(steps[restores]["with"]["restore-keys"])


def test_secrets_of_the_target_file_are_handed_over_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    proposed = (
        '[target]\nname = "s"\n[business]\ntimezone = "Europe/Berlin"\n[database]\npassword = { env = "ERP_PW" }\n'
    )
    monkeypatch.setattr("hypercare.commands.new.proposed_target", lambda *_, **__: (proposed, 1))
    folder = made(tmp_path / "shop", "--database", "postgresql://watch@db/erp", "--schedule", "github")
    steps = yaml.safe_load((folder / ".github/workflows/rounds.yml").read_text(encoding="utf-8"))["jobs"]["rounds"][
        "steps"
    ]
    assert [step["env"] for step in steps if "env" in step] == [{"ERP_PW": "${{ secrets.ERP_PW }}"}]


def test_a_folder_with_any_of_its_files_is_refused_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "README.md").write_text("mine")
    monkeypatch.setattr("sys.argv", ["hypercare", "new", str(tmp_path)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == BAD_USAGE
    (said,) = capsys.readouterr().err.splitlines()
    assert "has README.md already" in said
    assert files_in(tmp_path) == {"README.md"}
    assert (tmp_path / "README.md").read_text() == "mine"


def test_nothing_is_written_where_the_system_cannot_be_looked_at(tmp_path: Path) -> None:
    done = asked(tmp_path / "shop", "--database", f"sqlite:///{tmp_path / 'not there.sqlite'}")
    assert done.exit_code != 0
    assert "there is no file" in done.output
    assert not (tmp_path / "shop").exists()


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "shop").write_text("")
    done = asked(tmp_path / "shop", "--force")
    assert "is a file" in done.output
