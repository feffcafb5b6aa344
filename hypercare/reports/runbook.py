"""The runbook's pages beside the report, so that its links work wherever the report is carried."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

from hypercare.plan.checklist import shipped
from hypercare.reports.summary import Summary
from hypercare.shipped import FOLDER, OWN_RUNBOOK, RUNBOOK

# Pages link to each other as they lie in the project; beside the report they are HTML.
_LINK = re.compile(r'href="([A-Za-z0-9._-]+)\.md')
# What lies elsewhere in the project is not carried along with the report.
_ELSEWHERE = re.compile(r'<a href="\.\./[^"]*">(.*?)</a>')
_HEADING = re.compile(r"\s*<h1>([^<]*)</h1>")
_TEMPLATES = Path(__file__).parent / "templates"


def write_runbook(summary: Summary, folder: Path, *, project: Path = FOLDER) -> dict[str, str]:
    """Write a page for each item of the summary that has one in the runbook, or in the project's own.

    Returns:
        the address of each item's page, relative to the report.

    Raises:
        OSError: a page cannot be written.
    """
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    environment = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined)
    template = environment.get_template("runbook.html.j2")
    style = Markup((_TEMPLATES / "page.css").read_text(encoding="utf-8"))
    asked = {item.id: item.words for item in summary.items}
    words = {**{item.id: item.words for item in shipped()}, **asked}
    pages: dict[str, str] = {}
    for source in runbook_pages(project).values():
        folder.mkdir(exist_ok=True)
        # The runbook is the project's own writing; raw HTML in it is shown, not run.
        rendered = _ELSEWHERE.sub(r"\1", markdown.render(source.read_text(encoding="utf-8")))
        content = Markup(_LINK.sub(r'href="\1.html', rendered))
        id_, title, content = _titled(source.stem, words, content)
        page = template.render(id=id_, title=title, style=style, content=content)
        (folder / f"{source.stem}.html").write_text(page, encoding="utf-8")
        if source.stem in asked:
            pages[source.stem] = f"{folder.name}/{source.stem}.html"
    return pages


def _titled(name: str, words: Mapping[str, str], content: Markup) -> tuple[str, str, Markup]:
    """The id of the item that the page is about, what it is called in words, and the page below that heading.

    A page of an item begins with its id, by which it is found in the folder; a reader is told what it is about.
    """
    heading = _HEADING.match(content)
    own = html.unescape(heading[1]) if heading else name
    title = words.get(name, "") if own == name else own
    rest = Markup(content[heading.end() :]) if heading else content
    return (name if name in words else ""), title or own, rest


def runbook_pages(project: Path) -> dict[str, Path]:
    """The pages by their names: those that come with the program, and in their place those of the project.

    A project that has the whole runbook where the repository has it, as a fork does, means that alone.
    """
    whole = project / RUNBOOK.relative_to(FOLDER)
    folders = (whole,) if whole.is_dir() else (RUNBOOK, project / OWN_RUNBOOK)
    found = {page.stem: page for folder in folders for page in sorted(folder.glob("*.md"))}
    return dict(sorted(found.items()))
