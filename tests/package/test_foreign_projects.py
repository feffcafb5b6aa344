"""In somebody else's pytest project, where nobody asks for a round, an installed hypercare is not to be noticed."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.server

pytest_plugins = ["pytester"]

# Not by the entry point, which may be that of another checkout, but as it does.
WITHOUT = ("-p", "no:hypercare_early", "-p", "no:cacheprovider")
INSTALLED = (*WITHOUT, "-p", "hypercare.early")
# Options of somebody else, under names that ours have too.
THEIRS = """
def pytest_addoption(parser):
    parser.addoption("--round", type=int, dest="decimals")
    parser.addoption("--item", nargs="+")
    parser.addoption("--target")
    parser.addoption("--checklist", action="store_true")
    parser.addoption("--reports", default="none")
"""
WHAT_THEY_SAY = """
def test_theirs(pytestconfig):
    option = pytestconfig.option
    print(option.decimals, option.item, option.target, option.checklist, option.reports)
"""
WITH_THEIR_OPTIONS = ("--item", "a", "b", "--round", "2", "--target", "here.txt", "--checklist")


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makeini("[pytest]\n")
    return pytester


def test_no_module_of_ours_but_the_early_one_is_loaded(project: pytest.Pytester) -> None:
    """The early one lies beside the package in an installation: nothing of the package is loaded there."""
    project.makepyfile(
        "import sys\n"
        "def test_it():\n"
        "    ours = ('hypercare', 'faultlab', 'demo_erp')\n"
        "    loaded = {name for name in sys.modules if name.partition('.')[0] in ours}\n"
        "    assert loaded == {'hypercare', 'hypercare.early'}\n"
    )
    project.runpytest_subprocess(*INSTALLED).assert_outcomes(passed=1)


@pytest.mark.long
@pytest.mark.parametrize(
    ("source", "status"),
    [
        ("def test_it():\n    pass\n", 0),
        ("def test_it():\n    assert False\n", 1),
        ("", 5),
        ("import nothing_of_this_name\n", 2),
    ],
    ids=["passes", "fails", "nothing to run", "cannot be collected"],
)
def test_the_exit_status_is_that_of_pytest(project: pytest.Pytester, source: str, status: int) -> None:
    project.makepyfile(source)
    assert project.runpytest_subprocess(*INSTALLED).ret == status


@pytest.mark.long
@pytest.mark.parametrize("listing", ["--help", "--markers", "--fixtures"])
def test_no_option_marker_or_fixture_is_added(project: pytest.Pytester, listing: str) -> None:
    assert listed(project, *INSTALLED, listing) == listed(project, *WITHOUT, listing)


def listed(project: pytest.Pytester, *options: str) -> list[str]:
    """Sorted, since pytest lists plug-ins in an order of its own; the last line says how long it took."""
    return sorted(line for line in project.runpytest_subprocess(*options).outlines if "no tests ran" not in line)


@pytest.mark.parametrize("holder", ["a plug-in", "conftest.py"])
def test_options_of_others_with_our_names_keep_working(project: pytest.Pytester, holder: str) -> None:
    project.makepyfile(WHAT_THEY_SAY)
    (project.path / "here.txt").touch()
    more: tuple[str, ...] = ()
    if holder == "conftest.py":
        project.makeconftest(THEIRS)
    else:
        project.makepyfile(their_plugin=THEIRS)
        more = ("-p", "their_plugin")
    ran = project.runpytest_subprocess(*INSTALLED, *more, "-s", *WITH_THEIR_OPTIONS)
    ran.assert_outcomes(passed=1)
    assert "2 ['a', 'b'] here.txt True none" in ran.stdout.str()


def test_a_checklist_of_their_own_does_not_make_it_a_project_of_ours(project: pytest.Pytester) -> None:
    project.makepyfile(WHAT_THEY_SAY, their_plugin=THEIRS)
    for name in ("here.txt", "checklist.toml"):
        (project.path / name).touch()
    ran = project.runpytest_subprocess(*INSTALLED, "-p", "their_plugin", "-s", *WITH_THEIR_OPTIONS)
    assert "2 ['a', 'b'] here.txt True none" in ran.stdout.str()


def test_a_round_beside_an_option_of_theirs_is_refused_in_one_line(project: pytest.Pytester) -> None:
    project.makeconftest("def pytest_addoption(parser):\n    parser.addoption('--target')\n")
    ran = project.runpytest_subprocess(*INSTALLED, "--round", "morning")
    assert ran.ret == pytest.ExitCode.USAGE_ERROR
    ran.stderr.fnmatch_lines(["ERROR: a round cannot be run beside a plug-in with such an option too:*--target*"])
    assert "Traceback" not in ran.stderr.str()
