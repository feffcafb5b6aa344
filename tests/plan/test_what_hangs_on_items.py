"""What an item answers for, what it depends on and whether selling depends on it are said by the checklist alone."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from hypercare.plan.checklist import Checklist, read_checklist, shipped
from hypercare.plan.item import About, Trading
from hypercare.plan.problem import ChecklistProblem
from hypercare.plan.ways import Way

PROJECT = Path(__file__).parents[2]
CODE = PROJECT / "hypercare"
KEYS = ("answers_for", "trading", "about", "depends_on", "stands_alone")


def entry(item: str, *keys: str) -> str:
    usual = ['section = "Health"', 'words = "It works."', 'rounds = ["morning"]', 'level = "L3"']
    return "\n".join(["[[item]]", f'id = "{item}"', *usual, *keys, ""])


def plan_of(folder: Path, *entries: str) -> Checklist:
    path = folder / "plan.toml"
    path.write_text("\n".join(entries), encoding="utf-8")
    return read_checklist(path)


def test_each_way_in_has_its_item_in_the_shipped_plan() -> None:
    answering = {way: shipped().answering(way) for way in Way}
    assert None not in answering.values()


def test_selling_depends_on_what_the_plan_says() -> None:
    assert shipped().trading == ("health.web", "health.api", "health.database", "users.login", "ops.sales")


def test_what_is_needed_by_what_selling_needs_is_needed_too(tmp_path: Path) -> None:
    plan = plan_of(
        tmp_path,
        entry("shop.till", 'trading = "needed"', 'depends_on = ["shop.line"]'),
        entry("shop.line", 'depends_on = ["shop.power"]'),
        entry("shop.power"),
        entry("shop.music"),
    )
    assert plan.trading == ("shop.till", "shop.line", "shop.power")
    assert plan.needs("shop.till") == {"shop.line", "shop.power"}


WRONG = [
    (
        "an unknown item",
        [entry("shop.till", 'depends_on = ["shop.lime"]'), entry("shop.line")],
        "Did you mean shop.line",
    ),
    (
        "a circle",
        [entry("shop.till", 'depends_on = ["shop.line"]'), entry("shop.line", 'depends_on = ["shop.till"]')],
        "depend on each other: shop.till -> shop.line -> shop.till|shop.line -> shop.till -> shop.line",
    ),
    ("itself", [entry("shop.till", 'depends_on = ["shop.till"]')], "shop.till -> shop.till"),
    (
        "a way twice",
        [entry("shop.till", 'answers_for = "web"'), entry("shop.line", 'answers_for = "web"')],
        "both shop.till and shop.line answer for web",
    ),
    ("an unknown way", [entry("shop.till", 'answers_for = "fax"')], r"item\.0\.answers_for"),
    ("half a sale", [entry("shop.till", 'trading = "maybe"')], r"item\.0\.trading"),
    ("another matter", [entry("shop.till", 'about = "weather"')], r"item\.0\.about"),
]


@pytest.mark.parametrize(("entries", "says"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_what_cannot_be_is_refused_in_one_line(entries: list[str], says: str, tmp_path: Path) -> None:
    with pytest.raises(ChecklistProblem, match=says) as refused:
        plan_of(tmp_path, *entries)
    assert "\n" not in str(refused.value)


def test_a_copy_of_an_older_plan_means_what_it_meant(tmp_path: Path) -> None:
    text = (PROJECT / "checklist.toml").read_text(encoding="utf-8")
    older = "\n".join(line for line in text.splitlines() if not line.startswith(KEYS))
    assert older != text.rstrip()
    assert plan_of(tmp_path, older) == shipped()


def test_own_items_of_an_older_plan_are_about_data_by_their_id(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, entry("data.stock"), entry("verify.stock", 'about = "system"'), entry("shop.till"))
    assert [item.about for item in plan] == [About.DATA, About.SYSTEM, About.SYSTEM]


def test_a_shorter_plan_depends_on_nothing_that_it_has_not(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, entry("health.web"))
    assert (plan["health.web"].answers_for, plan["health.web"].depends_on) == (Way.WEB, ())
    database = plan.answering("database")
    assert database is not None and database.id == "health.database"


def test_a_plan_may_say_otherwise(tmp_path: Path) -> None:
    plan = plan_of(
        tmp_path,
        entry("health.web", 'trading = "no"', "depends_on = []"),
        entry("health.database"),
        entry("shop.page", 'answers_for = "web"'),
        entry("verify.costs", 'about = "system"'),
    )
    web, answering = plan["health.web"], plan.answering("web")
    assert (web.trading, web.depends_on, web.answers_for) == (Trading.NO, (), None)
    assert answering is not None and answering.id == "shop.page"
    assert plan["verify.costs"].about is About.SYSTEM


def test_the_examples_of_the_page_are_a_plan_and_selling_depends_on_it(tmp_path: Path) -> None:
    _, example = re.findall(
        r"```toml\n(.*?)```", (PROJECT / "docs" / "checklist.md").read_text(encoding="utf-8"), re.DOTALL
    )
    plan = plan_of(tmp_path, (PROJECT / "checklist.toml").read_text(encoding="utf-8"), example)
    assert plan.trading[-1] == "health.terminals"


def _said_in_code(path: Path) -> Iterator[tuple[int, str]]:
    """The texts of a module with their lines, but for its explanations."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    explaining = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, holders) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in explaining:
            yield node.lineno, node.value


def test_the_code_knows_no_item_by_its_id() -> None:
    ids = re.compile(rf"(?<![\w.-])({'|'.join(re.escape(item.id) for item in shipped())})(?![\w-])")
    assert ids.search("outage of health.web@north")
    known = [
        f"{path.relative_to(PROJECT)}:{line}"
        for path in sorted(CODE.rglob("*.py"))
        if (CODE / "adapters" / "demo") not in path.parents
        for line, text in _said_in_code(path)
        if ids.search(text)
    ]
    assert known == []
