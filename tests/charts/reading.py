"""What a page with charts says, read as a browser would: its figures with titles, sentences, shapes and tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class ShownChart:
    """`tables` are rows of cells; `shapes` are the tags within its SVG with their attributes."""

    name: str
    text: str = ""
    tables: list[list[list[str]]] = field(default_factory=list)
    shapes: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    @property
    def rows(self) -> list[list[str]]:
        """Those of all its tables, heads left out."""
        return [row for table in self.tables for row in table[1:]]

    def of_class(self, look: str) -> list[dict[str, str]]:
        return [attributes for _, attributes in self.shapes if look in attributes.get("class", "").split()]


class Reader(HTMLParser):
    """Collects the charts of a page by the end of their ids."""

    def __init__(self) -> None:
        super().__init__()
        self.charts: dict[str, ShownChart] = {}
        self.ids: list[str] = []
        self.labelled_by: list[str] = []
        self._chart: ShownChart | None = None
        self._in_cell = False
        self._in_svg = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if "id" in attributes:
            self.ids.append(attributes["id"])
        self.labelled_by += attributes.get("aria-labelledby", "").split()
        if tag == "figure":
            self._chart = ShownChart(attributes["id"].removeprefix("chart-"))
            self.charts[self._chart.name] = self._chart
        if self._chart is None:
            return
        if tag == "svg":
            self._in_svg += 1
        if self._in_svg and tag != "svg":
            self._chart.shapes.append((tag, attributes))
        if tag == "a":
            self._chart.links.append(attributes.get("href", ""))
        if tag == "table":
            self._chart.tables.append([])
        if tag == "tr":
            self._chart.tables[-1].append([])
        if tag in {"td", "th"}:
            self._in_cell = True
            self._chart.tables[-1][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "svg" and self._in_svg:
            self._in_svg -= 1
        if tag in {"td", "th"}:
            self._in_cell = False
        if tag == "figure":
            self._chart = None

    def handle_data(self, data: str) -> None:
        if self._chart is None:
            return
        self._chart.text += f"{data} "
        if self._in_cell and not self._in_svg:
            self._chart.tables[-1][-1][-1] += data.strip()


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    return reader
