"""A plan of one's own over the built-in one: what it adds, changes and switches off, and what cannot be."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hypercare.outcome.level import Level
from hypercare.plan.calendar import Calendar
from hypercare.plan.checklist import Checklist, read_checklist, shipped
from hypercare.plan.days import DayRange
from hypercare.plan.problem import ChecklistProblem, ItemIsOff
from hypercare.plan.ways import Way

BERLIN = Calendar(ZoneInfo("Europe/Berlin"), date(2026, 1, 8))
THURSDAY = date(2026, 1, 15)
OFF = 'off = { reason = "No phones here.", by = "Anna" }'
OWN = """[[item]]
id = "shop.terminals"
section = "Shop"
words = "The payment terminals reach their bank."
rounds = ["night"]
level = "L3"
"""
NIGHT = '[[round]]\nname = "night"\nat = "22:00"\n'


def changed(item: str, *keys: str) -> str:
    return "\n".join(["[[item]]", f'id = "{item}"', *keys, ""])


def plan_of(folder: Path, *parts: str) -> Checklist:
    path = folder / "checklist.toml"
    path.write_text("\n".join(['base = "built-in"', *parts]), encoding="utf-8")
    return read_checklist(path)


def test_a_layer_that_says_nothing_is_the_built_in_plan(tmp_path: Path) -> None:
    plan = plan_of(tmp_path)
    assert (plan.items, plan.rounds, plan.trading) == (shipped().items, shipped().rounds, shipped().trading)
    assert plan.is_layered


def test_own_items_stand_behind_those_of_the_built_in_plan(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, NIGHT, OWN)
    assert [item.id for item in plan] == [*(item.id for item in shipped()), "shop.terminals"]
    assert plan.layer is not None
    assert plan.layer.own == {"shop.terminals", "night"}


def test_a_night_shift_has_its_round_with_items_of_the_built_in_plan_moved_into_it(tmp_path: Path) -> None:
    moved = [changed(one, 'rounds = ["night"]') for one in ("data.corruption", "data.constraints")]
    both = changed("health.web", 'rounds = ["morning", "night"]')
    plan = plan_of(tmp_path, NIGHT, OWN, *moved, both)
    assert plan.schedules["night"].hour == time(22)
    night = {item.id for item in plan.of_round("night", THURSDAY, BERLIN)}
    assert night == {"data.corruption", "data.constraints", "health.web", "shop.terminals"}
    morning = {item.id for item in plan.of_round("morning", THURSDAY, BERLIN)}
    usual = {item.id for item in shipped().of_round("morning", THURSDAY, BERLIN)}
    assert usual - morning == {"data.corruption", "data.constraints"}


@pytest.mark.parametrize(
    ("key", "name", "value"),
    [
        ('level = "L1"', "level", Level.L1),
        ('words = "The shop opens."', "words", "The shop opens."),
        ('days = "1-14"', "days", DayRange(1, 14)),
        ('rounds = ["evening"]', "rounds", ("evening",)),
    ],
)
def test_a_change_changes_one_key_and_leaves_the_others(tmp_path: Path, key: str, name: str, value: object) -> None:
    plan = plan_of(tmp_path, changed("health.web", key))
    assert plan["health.web"] == shipped()["health.web"].model_copy(update={name: value})
    assert plan.layer is not None
    assert plan.layer.changed == (("health.web", (name,)),)


def test_what_is_said_as_it_was_is_no_change(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, changed("health.web", 'level = "L3"'))
    assert plan.layer is not None
    assert plan.layer.changed == ()


def test_a_round_of_the_built_in_plan_may_be_moved(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, '[[round]]\nname = "morning"\nat = "07:30"\n')
    assert plan.hour_of("morning") == time(7, 30)
    assert [one.name for one in plan.rounds] == [one.name for one in shipped().rounds]


def test_an_item_switched_off_is_not_of_the_plan_but_known_with_reason_and_name(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, changed("health.mobile", OFF))
    assert "health.mobile" not in plan
    (off,) = plan.switched_off
    assert (off.id, off.reason, off.by) == ("health.mobile", "No phones here.", "Anna")
    assert off.words == shipped()["health.mobile"].words
    with pytest.raises(ItemIsOff, match=r"health.mobile is switched off in the checklist: No phones here. \(Anna\)"):
        _ = plan["health.mobile"]


def test_what_depends_on_an_item_switched_off_still_fails_with_its_way(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, changed("health.database", OFF), changed("health.web", 'level = "L2"'))
    assert plan.needs("health.web") == plan.needs("health.api") == {"health.database"}
    answering = plan.answering(Way.DATABASE)
    assert answering is not None
    assert answering.id == "health.database"
    assert "health.database" not in plan.trading


@pytest.mark.parametrize(("off", "needed"), [(OFF, {"shop.store"}), ("", {"shop.store", "health.database"})])
def test_an_own_item_may_answer_for_a_way_in_place_of_the_built_in_one(
    tmp_path: Path, off: str, needed: set[str]
) -> None:
    store = OWN.replace("shop.terminals", "shop.store") + 'answers_for = "database"\n'
    plan = plan_of(tmp_path, NIGHT, store, *([changed("health.database", off)] if off else []))
    answering = plan.answering(Way.DATABASE)
    assert answering is not None
    assert answering.id == "shop.store"
    assert plan.needs("health.web") == needed


def test_figures_of_ones_own_have_words_and_a_unit(tmp_path: Path) -> None:
    (figure,) = plan_of(tmp_path, '[[figure]]\nname = "tips"\nwords = "Tips"\nunit = "money"\n').figures
    assert (figure.name, figure.words, figure.unit) == ("tips", "Tips", "money")


WRONG = [
    ("an unknown item is switched off", changed("health.mobil", OFF), "'health.mobil'.*Did you mean health.mobile"),
    ("an unknown item is changed", changed("health.wbe", 'level = "L1"'), "Did you mean health.web.*also needs"),
    ("no reason", changed("health.web", 'off = { by = "Anna" }'), "health.web.off: .*without a reason; write off"),
    ("an empty reason", changed("health.web", 'off = { reason = " ", by = "A" }'), "without a reason; write off"),
    ("no name", changed("health.web", 'off = { reason = "So." }'), "without the name of who says so; write off"),
    ("neither", changed("health.web", "off = true"), "without a reason and the name of who says so"),
    ("the same twice", changed("health.web", OFF) + changed("health.web", OFF), "has the item health.web twice"),
    ("a round twice", NIGHT + NIGHT, "has the round night twice"),
    ("a figure twice", '[[figure]]\nname = "tips"\nwords = "T"\n' * 2, "has the figure tips twice"),
    ("a figure without words", '[[figure]]\nname = "tips"\n', r"tips\.words: Field required"),
    ("a wrong level, by the item's id", changed("health.web", 'level = "L9"'), r"checklist.toml, health\.web\.level: "),
    ("an item without an id", '[[item]]\nlevel = "L1"\n', 'every item needs id = "..."'),
    ("one table in place of several", '[item]\nid = "health.web"\n', r"write each item as \[\[item\]\]"),
    ("an unknown round", changed("health.web", 'rounds = ["nihgt"]') + NIGHT, "Did you mean night"),
    ("a way twice", NIGHT + OWN + 'answers_for = "web"\n' + changed("health.web", 'answers_for = "web"'), "both"),
]


@pytest.mark.parametrize(("text", "says"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_what_cannot_be_is_refused_in_one_line(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ChecklistProblem, match=says) as refused:
        plan_of(tmp_path, text)
    assert "\n" not in str(refused.value)


def test_there_is_no_other_plan_to_build_on(tmp_path: Path) -> None:
    (tmp_path / "checklist.toml").write_text('base = "shop"\n')
    with pytest.raises(ChecklistProblem, match='there is only "built-in" to build on'):
        read_checklist(tmp_path / "checklist.toml")
