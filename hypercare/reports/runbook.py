"""The runbook's pages beside the report, so that its links work wherever the report is carried."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

from hypercare.reports.allure import PROJECT
from hypercare.reports.summary import Summary

_TEMPLATES = Path(__file__).parent / "templates"


def write_runbook(summary: Summary, folder: Path, *, project: Path = PROJECT) -> dict[str, str]:
    """Write a page for each item of the summary that has one in the project's runbook.

    Returns:
        the address of each item's page, relative to the report.

    Raises:
        OSError: a page cannot be written.
    """
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    environment = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined)
    template = environment.get_template("runbook.html.j2")
    style = Markup((_TEMPLATES / "page.css").read_text(encoding="utf-8"))
    pages: dict[str, str] = {}
    for item in summary.items:
        source = project / "docs" / "runbook" / f"{item.id}.md"
        if not source.is_file():
            continue
        folder.mkdir(exist_ok=True)
        name = f"{item.id}.html"
        # The runbook is the project's own writing; raw HTML in it is shown, not run.
        content = Markup(markdown.render(source.read_text(encoding="utf-8")))
        (folder / name).write_text(template.render(item=item, style=style, content=content), encoding="utf-8")
        pages[item.id] = f"{folder.name}/{name}"
    return pages
