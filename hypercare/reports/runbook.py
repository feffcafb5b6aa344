"""The runbook's pages beside the report, so that its links work wherever the report is carried."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape, unescape
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

from hypercare.language.texts import translated_page
from hypercare.plan.checklist import shipped
from hypercare.reports.summary import Summary
from hypercare.shipped import FOLDER, OWN_RUNBOOK, RUNBOOK

# Pages link to each other as they lie in the project; beside the report they are HTML.
_LINK = re.compile(r'href="([A-Za-z0-9._-]+)\.md')
# What lies elsewhere in the project is not carried along with the report.
_ELSEWHERE = re.compile(r'<a href="\.\./[^"]*">(.*?)</a>')
_LINK_TO_ITEM = re.compile(r'(?P<start><a href="(?P<id>[a-z0-9.-]+)\.md">)(?:<code>)?(?P=id)(?:</code>)?</a>')
_TAG = re.compile(r"<[^>]+>")
_TITLE = re.compile(r"<h1>(?P<title>.*?)</h1>\n?")
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
    of_day = {item.id: item.words for item in summary.items}
    words = {**{item.id: item.words for item in shipped()}, **of_day}
    pages: dict[str, str] = {}
    for source in runbook_pages(project).values():
        folder.mkdir(exist_ok=True)
        # The runbook is the project's own writing; raw HTML in it is shown, not run.
        rendered = _ELSEWHERE.sub(r"\1", markdown.render(source.read_text(encoding="utf-8")))
        # What is wider than a phone is scrolled, by keyboard as well.
        rendered = rendered.replace("<pre>", '<pre tabindex="0">')
        own_title = _title_in(rendered)
        # A page that is called by its id alone is titled in the plan's words.
        title = words.get(source.stem, source.stem) if own_title in ("", source.stem) else own_title
        rendered = _TITLE.sub("", rendered, count=1)
        content = Markup(_LINK.sub(r'href="\1.html', _in_words(rendered, words)))
        page = translated_page(template.render(id=source.stem, title=title, style=style, content=content))
        (folder / f"{source.stem}.html").write_text(page, encoding="utf-8")
        if source.stem in of_day:
            pages[source.stem] = f"{folder.name}/{source.stem}.html"
    return pages


def _in_words(rendered: str, words: Mapping[str, str]) -> str:
    """Links to pages of items read as the plan has the items."""
    return _LINK_TO_ITEM.sub(lambda link: f"{link['start']}{escape(words.get(link['id'], link['id']))}</a>", rendered)


def _title_in(rendered: str) -> str:
    found = _TITLE.search(rendered)
    return unescape(_TAG.sub("", found["title"])) if found else ""


def runbook_pages(project: Path) -> dict[str, Path]:
    """The pages by their names: those that come with the program, and in their place those of the project.

    A project that has the whole runbook where the repository has it, as a fork does, means that alone.
    """
    whole = project / RUNBOOK.relative_to(FOLDER)
    folders = (whole,) if whole.is_dir() else (RUNBOOK, project / OWN_RUNBOOK)
    found = {page.stem: page for folder in folders for page in sorted(folder.glob("*.md"))}
    return dict(sorted(found.items()))
