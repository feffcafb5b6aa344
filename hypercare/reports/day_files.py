"""What pytest wrote in each round of a day, brought together beside the daily report."""

from __future__ import annotations

import shutil
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from hypercare.reports.summary import Summary
from hypercare.reports.verdict import TONE, verdict_of
from hypercare.reports.words import round_words

JUNIT, PYTEST_HTML = "junit.xml", "pytest.html"
_TEMPLATES = Path(__file__).parent / "templates"
_COUNTS = ("tests", "failures", "errors", "skipped")


def gather_round_files(rounds: Sequence[tuple[Summary, Path]], into: Path) -> None:
    """From the folders of the rounds: one junit.xml, and a pytest.html that leads to a copy of each round's.

    Raises:
        OSError: a file cannot be written.
    """
    _gather_junit([(one, folder / JUNIT) for one, folder in rounds if (folder / JUNIT).is_file()], into / JUNIT)
    pages = [(one, folder / PYTEST_HTML) for one, folder in rounds if (folder / PYTEST_HTML).is_file()]
    if not pages:
        return
    (into / "pytest").mkdir(exist_ok=True)
    for summary, page in pages:
        shutil.copyfile(page, into / "pytest" / f"{summary.round}.html")
    environment = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined)
    entries = [(one, round_words(one.round), verdict_of(one), TONE[one.status]) for one, _ in pages]
    style = Markup((_TEMPLATES / "page.css").read_text(encoding="utf-8"))
    text = environment.get_template("pytest.html.j2").render(entries=entries, style=style)
    (into / PYTEST_HTML).write_text(text, encoding="utf-8")


def _gather_junit(files: Sequence[tuple[Summary, Path]], into: Path) -> None:
    """The suites of all rounds, each named after its round. A file that a killed round left torn is left out."""
    whole = ElementTree.Element("testsuites")
    for summary, path in files:
        try:
            # Written by pytest in a round of our own, which escapes what it quotes; never fetched from the target.
            root = ElementTree.parse(path).getroot()
        except ElementTree.ParseError:
            continue
        for suite in [root] if root.tag == "testsuite" else root.findall("testsuite"):
            suite.set("name", f"{suite.get('name', 'pytest')}.{summary.round}")
            suite.attrib.pop("hostname", None)
            whole.append(suite)
    if not len(whole):
        return
    for count in _COUNTS:
        whole.set(count, str(sum(int(suite.get(count, "0")) for suite in whole)))
    ElementTree.ElementTree(whole).write(into, encoding="utf-8", xml_declaration=True)
