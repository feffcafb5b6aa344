"""Resources of one's own: a fixture of the project's conftest, or of a package that names it as an entry point."""

import sys

import pytest

pytestmark = pytest.mark.server

pytest_plugins = ["pytester"]

CHECK = """
@pytest.mark.item("health.web")
def test_the_till_is_right(till):
    expect(till == 3, f"The till holds {till}.")
"""


def bring(folder, module, text, monkeypatch):
    """A package as an installer leaves it, in a folder that Python looks into."""
    (folder / f"{module}.py").write_text(text)
    info = folder / f"{module}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[hypercare.resources]\n{module} = {module}\n")
    monkeypatch.syspath_prepend(folder)
    monkeypatch.delitem(sys.modules, module, raising=False)


def test_a_package_brings_a_noun_that_stands_on_the_built_in_ones(project, tmp_path_factory, monkeypatch):
    fixture = "import pytest\n@pytest.fixture\ndef till(target):\n    return len(target.config.target.name) - 8\n"
    bring(tmp_path_factory.mktemp("site"), "acme_resources", fixture, monkeypatch)
    project.checks(CHECK)
    project.run("--item", "health.web").assert_outcomes(passed=1)


def test_a_project_has_a_noun_in_its_conftest(project):
    with (project.path / "conftest.py").open("a") as conftest:
        conftest.write("\nimport pytest\n@pytest.fixture\ndef till(as_of):\n    return as_of.year\n")
    project.checks(CHECK)
    result = project.run("--item", "health.web", "--as-of", "2026-01-15T12:00", "--no-retry")
    result.stdout.fnmatch_lines(["*The till holds 2026.*"])


def test_nouns_that_cannot_be_loaded_are_one_line_and_bad_configuration(project, tmp_path_factory, monkeypatch):
    bring(tmp_path_factory.mktemp("site"), "acme_broken", "import nothing_of_that_name\n", monkeypatch)
    project.checks(CHECK)
    result = project.run("--item", "health.web")
    assert result.ret == 4
    result.stderr.fnmatch_lines(
        ["ERROR: the resources 'acme_broken' (hypercare.resources = acme_broken) cannot be loaded: *"]
    )
