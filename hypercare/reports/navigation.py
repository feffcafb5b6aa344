"""The few links that every page has in one place: to the index of all days, and to the newest report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class NavigationLink:
    """`href` is relative to the page and made by us; it is empty for the page that one is on."""

    href: str
    words: str


_ALL_DAYS, _NEWEST = "All days", "Newest report"


def navigation_from(root: str | None, *, is_index: bool = False) -> Sequence[NavigationLink]:
    """The links of a page from which `root` leads to the folder of the reports, such as "../".

    None is said of a page that may lie anywhere, which has none.
    """
    if root is None:
        return ()
    index = NavigationLink("" if is_index else f"{root}index.html", _ALL_DAYS)
    return (index, NavigationLink(f"{root}latest/index.html", _NEWEST))


def navigation_of_report(root: str | None) -> Sequence[NavigationLink]:
    """The same of a report of a day, which may be the newest itself."""
    return navigation_from(root)[:1]
