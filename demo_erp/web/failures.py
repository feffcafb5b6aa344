"""The page that people see when something cannot be done, or goes wrong."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import Response

from demo_erp.web.rendering import Pages, sentence

HEADINGS = {
    403: "You may not do this",
    404: "There is no such page",
    409: "This cannot be done any more",
    422: "Something is missing",
    503: "The system is resting",
}
EXPLANATIONS = {
    404: "The page or record does not exist, or it belongs to another branch.",
    405: "This address is not for opening directly.",
    500: "It was our fault, and it was written down. Nothing was saved halfway.",
    503: "The database does not answer at the moment. Nothing was saved halfway; please try again in a minute.",
}


def failure_page(request: Request, pages: Pages, status: int, message: str, trace_id: str) -> Response:
    """A friendly page for a failed request; it needs no database. A record's number that is none is no page either."""
    if status == 422 and request.method == "GET":
        status = 404
    heading = HEADINGS.get(status, "Something went wrong" if status >= 500 else "This did not work")
    return pages.bare(
        request,
        "error.html",
        status=status,
        heading=heading,
        explanation=EXPLANATIONS.get(status) or sentence(message),
        trace_id="" if status == 404 else trace_id,
        home=pages.home,
    )
