"""Every address there is, who may use it, and what answers it."""

from __future__ import annotations

from hypercare.serve import day_pages, incident_pages, link_pages, log_in_pages, report_pages
from hypercare.serve.exchange import Answer
from hypercare.serve.site import Needs, Route, Visit


def show_style(visit: Visit) -> Answer:
    """The same for everybody, so a browser may hold on to it for a while."""
    for_a_while = {"Cache-Control": "max-age=600"}
    return Answer(visit.site.pages.style, kind="text/css; charset=utf-8", headers=for_a_while)


ROUTES: tuple[Route, ...] = (
    Route("GET", "/style.css", Needs.NOBODY, show_style),
    Route("GET", "/login", Needs.NOBODY, log_in_pages.show_log_in),
    Route("POST", "/login", Needs.NOBODY, log_in_pages.log_in),
    Route("POST", "/logout", Needs.VIEWER, log_in_pages.log_out),
    Route("GET", "/link/{token}", Needs.NOBODY, link_pages.show_link),
    Route("POST", "/link/{token}", Needs.NOBODY, link_pages.use_link),
    Route("GET", "/", Needs.VIEWER, incident_pages.show_incidents),
    Route("GET", "/incidents/{number:int}", Needs.VIEWER, incident_pages.show_incident),
    Route("POST", "/incidents/{number:int}/acknowledge", Needs.REVIEWER, incident_pages.acknowledge),
    Route("POST", "/incidents/{number:int}/note", Needs.REVIEWER, incident_pages.note),
    Route("POST", "/incidents/{number:int}/resolve", Needs.REVIEWER, incident_pages.resolve),
    Route("POST", "/incidents/{number:int}/action", Needs.REVIEWER, incident_pages.add_action),
    Route("GET", "/day", Needs.VIEWER, day_pages.show_today),
    Route("GET", "/day/{day}", Needs.VIEWER, day_pages.show_day),
    Route("POST", "/day/{day}/answer/{item}", Needs.REVIEWER, day_pages.attest),
    Route("POST", "/day/{day}/action", Needs.REVIEWER, day_pages.add_action),
    Route("POST", "/day/{day}/sign-off", Needs.REVIEWER, day_pages.sign_off),
    Route("GET", "/reports", Needs.VIEWER, report_pages.show_reports),
    Route("GET", "/reports/{path:path}", Needs.VIEWER, report_pages.show_file),
    Route("GET", "/trail", Needs.REVIEWER, report_pages.show_trail),
)
