"""Pages that lead on: to the newest report where no link of a file system can be, and from a day to all days.

A report is found in `<day>/<round>/` and, by a link of the file system, in `latest/`. Its way to all days is `../` from
both, and what lies there in the folder of a day leads on.
"""

from __future__ import annotations

from hypercare.publishing.report_index import IndexedDay
from hypercare.reports.page import rendered
from hypercare.reports.words import long_date


def latest_page(newest: IndexedDay) -> str:
    """The whole page as text; it needs no script."""
    return _page(f"../{newest.href}", "Newest report", f"The report of {long_date(newest.date)}")


def all_days_page() -> str:
    """The page in the folder of a day, as text."""
    return _page("../index.html", "All days", "The reports of all days")


def _page(href: str, title: str, words: str) -> str:
    return rendered("redirect.html.j2", href=href, title=title, words=words)
