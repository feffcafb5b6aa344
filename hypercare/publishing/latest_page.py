"""latest/index.html where no link of a file system can be: it leads on to the newest report."""

from __future__ import annotations

from hypercare.publishing.report_index import IndexedDay
from hypercare.reports.page import environment


def latest_page(newest: IndexedDay) -> str:
    """The whole page as text; it needs no script."""
    return environment().get_template("latest.html.j2").render(href=f"../{newest.href}", newest=newest)
