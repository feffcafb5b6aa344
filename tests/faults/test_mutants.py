"""A mutant is the operations model with one thing changed; something notices it, or it is listed."""

from __future__ import annotations

import ast
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from faultlab.mutating.model import explained
from faultlab.mutating.model.explained import Reason
from faultlab.mutating.model.fate import HEALTHY_SYSTEM, NO_END, Fate, fate_of, fates_of, of_own_tests
from faultlab.mutating.model.hook import AlreadyLoaded, put_in
from faultlab.mutating.model.line_coverage import LineCoverage
from faultlab.mutating.model.listing import in_words, noticed_in, write_mutants
from faultlab.mutating.model.mutant import Mutant, mutants_in, sampled
from faultlab.mutating.model.own_tests import NotRun, Tried, Walked, trace_tests, try_own_tests
from faultlab.mutating.model.places import mutated, places_in
from faultlab.mutating.model.plan import Plan, plan_for
from faultlab.mutating.model.prepared_systems import HEALTHY, PreparedSystems
from faultlab.mutating.model.process_pool import ProcessResult, run_in_processes
from faultlab.mutating.model.run import Choice, NothingToChange, mutate
from faultlab.mutating.model.steps import Step
from faultlab.proving.prepared_day import PreparedDay
from faultlab.suite_run import PROJECT

CHANGES = [
    ("comparison", "def f(a, b): return a < b", "return a <= b"),
    ("comparison", "def f(a, b): return a == b", "return a != b"),
    ("comparison", "def f(a): return a.is_(None)", "return a.is_not(None)"),
    ("and-or", "def f(a, b): return a and b", "return a or b"),
    ("and-or", "def f(a): return and_(*a)", "return or_(*a)"),
    ("negation", "def f(a): return not_(a)", "return a"),
    ("condition", "def f(s, a, b): return s.where(a, b)", "return s.where(a)"),
    ("condition", "def f(a, b): return or_(a, b)", "return or_(b)"),
    ("condition", "def f(a): return [x for x in a if x.bad]", "return [x for x in a]"),
    ("condition", "def f(a, b): return Look(among=[a, b])", "return Look(among=[b])"),
    ("condition", "def f(a, b) -> list[ColumnElement[bool]]: return [a, b]", "return [a]"),
    ("emptied", "def f(rows) -> list[Row]: return rows", "return []"),
    ("emptied", "def f(a): return Look(wrong=a)", "return Look(wrong=a & ~a)"),
    ("threshold", "ROUNDING_TOLERANCE = literal_column('0.001')", "ROUNDING_TOLERANCE = literal_column('0.01')"),
    ("threshold", "def f(a): return a > 3", "return a > 30"),
    ("threshold", "_EARLY = timedelta(minutes=45)", "_EARLY = timedelta(minutes=450)"),
    ("branch", "def f(a):\n    if a:\n        return 1\n    return 2", "if False:"),
    ("branch", "def f(a): return 1 if a else 2", "return 2"),
    ("arithmetic", "def f(paid, due): return paid - due", "return paid + due"),
    ("size", "def f(gap): return func.abs(gap)", "return gap"),
]
UNTOUCHED = [
    "def f(a): return 'a' + a",
    "def f(a: int | None = None) -> None: assert a == 1",
    "from a import b",
    "def f(a):\n    raise NotCovered('a' if a else 'b')",
]


@pytest.fixture
def systems(day: PreparedDay, tmp_path: Path) -> Iterator[PreparedSystems]:
    """Each ground takes some 35 MB; gone after the test."""
    yield PreparedSystems(day, tmp_path / "systems")
    shutil.rmtree(tmp_path / "systems", ignore_errors=True)


@pytest.mark.parametrize(("kind", "source", "expected"), CHANGES)
def test_a_change_of_each_kind_is_made(kind: str, source: str, expected: str) -> None:
    places = [number for number, place in enumerate(places_in(ast.parse(source))) if place.kind == kind]
    assert any(expected in ast.unparse(mutated(source, number)) for number in places)


@pytest.mark.parametrize("source", UNTOUCHED)
def test_what_decides_nothing_is_left_alone(source: str) -> None:
    assert places_in(ast.parse(source)) == []


@pytest.mark.parametrize(
    "name", ["operations_model/amounts", "operations/ledger", "operations/issues", "integrity/integrity"]
)
def test_every_mutant_differs_from_the_model_and_can_be_compiled(name: str) -> None:
    path = PROJECT / f"hypercare/{name}.py"
    source = path.read_text(encoding="utf-8")
    plain = ast.unparse(ast.parse(source))
    count = len(places_in(ast.parse(source)))
    assert count
    for number in range(count):
        tree = mutated(source, number)
        assert ast.unparse(tree) != plain
        compile(tree, str(path), "exec")


def test_a_branch_never_taken_matters_only_where_it_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("faultlab.mutating.model.mutant.PROJECT", tmp_path)
    file = tmp_path / "asked.py"
    file.write_text(
        "def f(a):\n    if (\n        a.has('x')\n    ):\n        a = 1\n        a += 2\n    return a > 1\n"
    )
    lines = {mutant.kind: mutant.lines for mutant in mutants_in(file) if mutant.kind in {"branch", "comparison"}}
    assert lines == {"branch": (5, 6), "comparison": (7, 7)}


def test_the_same_mutants_are_drawn_for_a_seed() -> None:
    mutants = in_file("costs", "costs")
    assert len(sampled(mutants, 5, seed=3)) == 5
    assert sampled(mutants, 5, seed=3) == sampled(mutants, 5, seed=3) != sampled(mutants, 5, seed=4)
    assert sampled(mutants, 0, seed=3) == mutants
    some = sampled(mutants, 20, seed=3)
    assert set(some) - {mutants[0]} <= set(sampled(mutants[1:], 20, seed=3))


def test_what_was_noticed_the_last_time_counts_as_long_as_it_says_the_same(tmp_path: Path) -> None:
    noticed, changed, survivor, new = (_mutant(line=line) for line in (10, 20, 30, 40))
    told = Fate(noticed, killed_by="a-fault", how="so", tried=("b",), own_tests=3)
    assert noticed_in(tmp_path, [noticed]) == []
    write_mutants([told, Fate(changed, killed_by="a-fault"), Fate(survivor, tried=("a",))], tmp_path)
    now = [noticed, replace(changed, words="a → c"), survivor, new]
    assert noticed_in(tmp_path, now) == [told]


@pytest.mark.server
def test_the_hook_changes_what_is_imported_and_nothing_on_the_disk() -> None:
    mutant = next(one for one in in_file("pace") if one.words.startswith("self.actual / self"))
    file = PROJECT / mutant.file
    before = hashlib.sha256(file.read_bytes()).hexdigest()
    program = (
        "from faultlab.mutating.model.hook import put_in\n"
        "from faultlab.mutating.model.mutant import Mutant\n"
        f"put_in({mutant!r})\n"
        "from hypercare.operations.pace import BranchPace, Pace\n"
        "print(Pace([BranchPace(1, 3, 6.0)], 1).ratio)\n"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=PROJECT)
    assert said.stdout.strip() == "1.0"
    assert hashlib.sha256(file.read_bytes()).hexdigest() == before


def test_a_module_that_is_loaded_already_is_refused() -> None:
    import hypercare.operations.pace  # noqa: F401

    with pytest.raises(AlreadyLoaded, match=r"hypercare\.operations\.pace"):
        put_in(in_file("pace")[0])


def test_a_mutant_is_looked_at_only_by_what_runs_through_it() -> None:
    mutant = _mutant(line=10)
    through, past = {mutant.file: frozenset({9, 10})}, {mutant.file: frozenset({11})}
    known = LineCoverage(
        items={"verify.costs": through, "verify.sales": past},
        faults={"cost-of-nothing": through, "order-a-cent-over-budget": through, "cost-below-nothing": past},
        healthy={},
    )
    steps = plan_for(mutant, known).steps
    assert steps[0] == Step(HEALTHY, ("verify.costs",))
    assert {step.fault for step in steps if step.fault.startswith(("cost", "order-a"))} >= {"cost-of-nothing"}
    assert "cost-below-nothing" not in {step.fault for step in steps}
    assert plan_for(_mutant(line=40), known).steps == []


@pytest.mark.long
def test_a_rule_that_is_left_out_is_noticed_and_a_change_that_says_the_same_is_not(systems: PreparedSystems) -> None:
    costs = in_file("costs", "costs")
    left_out = next(one for one in costs if one.words == "without amount.exact <= 0")
    same = next(one for one in in_file("usual_costs", "costs") if one.words == "size > 0 → size >= 0")
    step = Step("cost-of-nothing", ("verify.costs", "data.constraints"))
    told: list[Fate] = []
    plans = [Plan(left_out, [step]), Plan(same, [step]), Plan(_mutant(), [])]
    fates = {
        fate.mutant.id: fate
        for fate in fates_of(plans, systems, {}, at_once=1, report=lambda fate, done, of: told.append(fate))
    }
    assert fates[left_out.id].killed_by == "cost-of-nothing"
    assert "verify.costs did not notice" in fates[left_out.id].how
    assert fates[same.id].tried == ("cost-of-nothing",)
    assert not fates[same.id].killed_by
    assert not fates[_mutant().id].reached
    assert len(told) == 3


@pytest.mark.long
def test_a_mutant_that_lets_a_healthy_system_alarm_is_noticed(systems: PreparedSystems) -> None:
    mutant = next(one for one in in_file("costs", "costs") if one.words.startswith("not_(has_any("))
    fates = fates_of(
        [Plan(mutant, [Step(HEALTHY, ("verify.costs",))])], systems, _all_pass(), at_once=1, report=_nobody
    )
    fate = next(iter(fates))
    assert fate.killed_by == HEALTHY_SYSTEM
    # Turned round, the rule is broken by every order, so it doubts itself instead of crying out.
    assert "it may be none here" in fate.how


@pytest.mark.server
@pytest.mark.long
def test_what_no_fault_shows_is_tried_by_the_projects_own_tests() -> None:
    mutant = next(one for one in in_file("costs", "costs") if one.words == "without amount.exact <= 0")
    (result,) = run_in_processes(try_own_tests, [(mutant, ["costs.costs_are_more_than_nothing"], [])], at_once=1)
    assert result.messages[-1].endswith("::test_fault_in_a_plain_schema[a_cost_is_less_than_nothing]")


@pytest.mark.long
@pytest.mark.server
def test_then_those_of_the_other_tests_look_that_run_through_it() -> None:
    file = "tests/operations/test_usual_pace.py"
    mutant = next(one for one in in_file("pace") if one.words == "min(counted) > 0 → min(counted) >= 0")
    noticing = f"{file}::test_usual_by_now_is[a day without any makes it nobody's habit]"
    other = f"{file}::test_usual_by_now_is[this is the first day]"
    (result,) = run_in_processes(try_own_tests, [(mutant, [], [noticing, other])], at_once=1)
    assert result.messages == [Tried(noticing, failed=True), noticing]
    (result,) = run_in_processes(try_own_tests, [(mutant, [], [other])], at_once=1)
    assert result.messages == [Tried(other, failed=False), ""]


@pytest.mark.server
def test_tests_that_cannot_even_be_loaded_with_a_mutant_notice_it() -> None:
    file = "tests/operations/test_usual_pace.py"
    broken = next(one for one in in_file("instants", "operations_model") if one.words.startswith("_FIRST_DAY: 1000"))
    (result,) = run_in_processes(
        try_own_tests, [(broken, [], [f"{file}::test_usual_by_now_is[it is closed today]"])], at_once=1
    )
    assert result.messages == [f"{file} (cannot be loaded)"]


@pytest.mark.long
@pytest.mark.server
def test_lines_of_each_test_are_known_with_those_of_the_fixtures_of_its_file() -> None:
    file = "tests/operations/test_usual_pace.py"
    (result,) = run_in_processes(trace_tests, [(file,)], at_once=1)
    walked = [one for one in result.messages if isinstance(one, Walked)]
    assert result.ended and {one.test.partition("::")[0] for one in walked} == {file}
    usual = next(one for one in walked if "test_usual_by_now_is" in one.test)
    assert usual.lines["hypercare/operations/pace.py"]
    assert any(one.shared for one in walked)


def test_a_test_that_could_not_be_run_is_none_that_passed() -> None:
    fate = of_own_tests(Fate(_mutant()), ProcessResult(0, [NotRun("the tests could not be run")], ended=True), 1)
    assert fate.survives and fate.own_tests is None
    assert "the tests could not be run" in in_words([fate])


def test_whom_the_tests_could_tell_of_nobody_excuses(monkeypatch: pytest.MonkeyPatch) -> None:
    reason = Reason(lambda mutant: True, "Tests ask for it.", tried_by_tests=True)
    monkeypatch.setattr(explained, "REASONS", (reason,))
    assert Fate(_mutant()).explained
    passed = of_own_tests(Fate(_mutant()), ProcessResult(0, [Tried("a", failed=False), ""], ended=True), 3)
    assert (passed.killed_by, passed.own_tests, passed.survives) == ("", 3, True)
    failed = of_own_tests(
        Fate(_mutant(), reached=False), ProcessResult(0, [Tried("a", failed=True), "a"], ended=True), 1
    )
    assert (failed.killed_by, failed.survives) == ("a", False)
    assert not of_own_tests(Fate(_mutant(), reached=False), ProcessResult(0, [""], ended=True), 0).survives


def test_a_text_that_no_place_holds_is_refused_before_anything_is_looked_at(tmp_path: Path) -> None:
    day = PreparedDay(tmp_path / "prepared")
    with pytest.raises(NothingToChange, match="'no such place'"):
        mutate(Choice("no such place"), day, tmp_path, lambda *_: None, lambda *_: None)
    assert list(tmp_path.iterdir()) == []


def test_a_look_without_end_counts_as_noticed() -> None:
    begun = Step("cost-of-nothing", ("verify.costs",))
    fate = fate_of(_mutant(), ProcessResult(0, [Step(HEALTHY, ()), begun], ended=False))
    assert (fate.killed_by, fate.how, fate.tried) == (NO_END, "looking at cost-of-nothing", (HEALTHY_SYSTEM,))


def test_survivors_are_listed_first_and_those_with_a_reason_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    reason = Reason(lambda mutant: mutant.line == 20, "Nobody can see this.")
    monkeypatch.setattr(explained, "REASONS", (reason,))
    surviving, known, killed = (
        Fate(_mutant(line=10), tried=("a", "b", "c", "d")),
        Fate(_mutant(line=20), tried=("a",)),
        Fate(_mutant(line=30), killed_by="cost-of-nothing", how="verify.costs did not notice"),
    )
    assert [fate.survives for fate in (surviving, known, killed)] == [True, False, False]
    said = in_words([killed, known, surviving, Fate(_mutant(line=40), reached=False)])
    order = [
        "costs.py:10",
        "4 looks ended as ever",
        "costs.py:20",
        "Nobody can see this.",
        "costs.py:30",
        "did not notice",
    ]
    assert [said.index(words) for words in order] == sorted(said.index(words) for words in order)
    assert "4 mutants: 1 were noticed, 1 cannot be, for a reason, 1 survive without one. 1 stand" in said


def in_file(name: str, folder: str = "operations") -> list[Mutant]:
    return list(mutants_in(PROJECT / "hypercare" / folder / f"{name}.py"))


@pytest.mark.parametrize(
    ("words", "function", "reason"),
    [
        ("_MOST_CANDIDATES: 50000 → 500000", "", "bounds how much"),
        ("{'branch': self.model.shown_branch(b)} if has else {} → {}", "Costs._branch", "sample"),
        ("'name' if step.has('name') else 'id' → 'id'", "AskedOrders.wrong_steps", "sample"),
        ("'due_at' if job.has('due_at') else 'queued_at' → 'queued_at'", "Jobs.not_begun_after", ""),
        ("without line.has(field)", "DuplicateSales._things", "maps each"),
        ("without sale['number'] == ''", "SaleSet.where_final_is_incomplete", "empty text"),
        ("without sale['number'].is_(None)", "SaleSet.where_final_is_incomplete", ""),
        ("section is not None and url.startswith('mysql') → ...", "Model.__init__", "other engines"),
        ("kind == 'sqlite' → False", "damage", ""),
        ("without other['branch'].is_not(None)", "in_different_branches", "one branch"),
        ("without other.is_not(None)", "differs", ""),
        ("amount <= 0 → amount < 0", "Costs.where_not_positive", ""),
        ("without cost.has(field)[0] > 1", "Costs.entered", ""),
        ("without found != 1", "Branches._of_no_branch", ""),
        ("without created.within(Period(periods[-1].start, periods[0].end))", "Sales._entered", "spares"),
        ("without *self._chosen(mine)", "Production._order_and_steps", "spares"),
        ("without created.within(period)", "Sales.created", ""),
        ("without *self._chosen(order)", "AskedOrders.wrong", ""),
        ("end < 0 → end <= 0", "_end_of_quiet", "beginning"),
    ],
)
def test_only_what_no_fault_could_show_is_explained(words: str, function: str, reason: str) -> None:
    mutant = Mutant("hypercare/costs/costs.py", 1, 1, (1, 1), function, "condition", words)
    said = explained.why_it_survives(mutant)
    assert reason in said
    assert bool(said) is bool(reason)


def _mutant(line: int = 1) -> Mutant:
    return Mutant("hypercare/costs/costs.py", line, line, (line, line), "Costs.entered", "comparison", "a → b")


def _all_pass() -> dict[str, str]:
    return _Passing()


class _Passing(dict[str, str]):
    def get(self, key: object, default: object = None) -> str:  # type: ignore[override]
        return "passed"


def _nobody(fate: Fate, done: int, of: int) -> None:
    pass
