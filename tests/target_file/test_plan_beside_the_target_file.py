"""Changes to the built-in plan that lie beside a target file hold for it; any other file of that name does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from hypercare.plan.checklist import checklist_of, read_checklist, shipped
from hypercare.shipped import CHECKLIST
from hypercare.suite.session import SuiteSession
from hypercare.target_file.loading import load_target

TARGET = '[target]\nname = "Corner Shop"\n[business]\ntimezone = "Europe/Berlin"\ngo_live = 2026-01-08\n'
OWN = '[[item]]\nid = "{id}"\nsection = "Shop"\nwords = "It holds."\nrounds = ["morning"]\nlevel = "L2"\n'
LAYER = 'base = "built-in"\n' + OWN


def shop_in(folder: Path, plan: str = "", **more: str) -> Path:
    folder.mkdir(exist_ok=True)
    if plan:
        (folder / "checklist.toml").write_text(plan, encoding="utf-8")
    text = TARGET + "".join(f'[rounds]\n{key} = "{value}"\n' for key, value in more.items())
    (folder / "target.toml").write_text(text, encoding="utf-8")
    return folder / "target.toml"


def session_in(project: Path, target_file: Path) -> SuiteSession:
    checklist = read_checklist(checklist_of(project))
    session = SuiteSession(project, checklist, "morning", (), project / "reports", target_file, None, False)
    session.choose_plan()
    return session


def test_changes_to_the_built_in_plan_hold(tmp_path: Path) -> None:
    config = load_target(shop_in(tmp_path / "shop", LAYER.format(id="shop.till")))
    assert "shop.till" in config.plan and config.origin.plan_lies_beside


@pytest.mark.parametrize(
    "plan", ['[[step]]\ndo = "sweep the floor"\n', "not TOML at all", OWN.format(id="shop.till")], ids=str.split
)
def test_a_file_that_does_not_say_what_it_builds_on_is_left_alone(tmp_path: Path, plan: str) -> None:
    config = load_target(shop_in(tmp_path / "shop", plan))
    assert config.plan == shipped() and not config.origin.plan_lies_beside


def test_the_plan_of_the_project_that_is_stood_in_is_nearer(tmp_path: Path) -> None:
    target_file = shop_in(tmp_path / "a", LAYER.format(id="shop.till"))
    shop_in(tmp_path / "b", LAYER.format(id="shop.door"))
    session = session_in(tmp_path / "b", target_file)
    assert "shop.door" in session.checklist and "shop.till" not in session.checklist


def test_where_the_project_has_none_that_beside_the_target_file_holds(tmp_path: Path) -> None:
    session = session_in(tmp_path, shop_in(tmp_path / "a", LAYER.format(id="shop.till")))
    assert "shop.till" in session.checklist and session.takes_built_in_plan


def test_with_a_whole_plan_of_ones_own_the_checks_of_the_program_are_not_brought_along(tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_text(OWN.format(id="shop.till"), encoding="utf-8")
    session = session_in(tmp_path, shop_in(tmp_path / "a", checklist="../ours.toml"))
    assert checklist_of(tmp_path) == CHECKLIST
    assert "health.web" not in session.checklist and not session.takes_built_in_plan
