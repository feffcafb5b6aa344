"""Which address each thing done goes through, how long that usually takes, and what the application says of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class UsualRequest:
    """A request as the access log shows it; durations in milliseconds."""

    method: str
    route: str
    status: int
    usual_ms: float
    usual_bytes: int


_LINE = "/lines/{line_id}"
WEB = {
    "login": UsualRequest("POST", "/login", 303, 48, 0),
    "login.wrong": UsualRequest("POST", "/login", 401, 46, 5200),
    "logout": UsualRequest("POST", "/logout", 303, 14, 0),
    "sale.create": UsualRequest("POST", "/sales/new", 303, 52, 0),
    "sale.line.add": UsualRequest("POST", "/sales/{sale_id}/lines", 303, 44, 0),
    "sale.line.remove": UsualRequest("POST", "/sales/{sale_id}" + _LINE + "/remove", 303, 40, 0),
    "sale.delete": UsualRequest("POST", "/sales/{sale_id}/delete", 303, 38, 0),
    "sale.finalise": UsualRequest("POST", "/sales/{sale_id}/finalise", 303, 84, 0),
    "sale.refused": UsualRequest("POST", "/sales/{sale_id}/finalise", 422, 41, 14800),
    "sale.void": UsualRequest("POST", "/sales/{sale_id}/void", 303, 78, 0),
    "step.assign": UsualRequest("POST", "/production/steps/{step_id}/assign", 303, 40, 0),
    "step.start": UsualRequest("POST", "/production/steps/{step_id}/start", 303, 43, 0),
    "step.finish": UsualRequest("POST", "/production/steps/{step_id}/finish", 303, 46, 0),
    "cost.enter": UsualRequest("POST", "/production/orders/{order_id}/costs", 303, 42, 0),
    "issue.report": UsualRequest("POST", "/issues", 303, 38, 0),
    "issue.respond": UsualRequest("POST", "/issues/{issue_id}/respond", 303, 36, 0),
    "issue.resolve": UsualRequest("POST", "/issues/{issue_id}/resolve", 303, 36, 0),
    "report.view": UsualRequest("GET", "/reports/day", 200, 58, 16400),
    "sale.view": UsualRequest("GET", "/sales", 200, 49, 24800),
    "activity.view": UsualRequest("GET", "/activity", 200, 52, 27300),
    "user.view": UsualRequest("GET", "/users", 200, 31, 15200),
    "job.view": UsualRequest("GET", "/", 200, 47, 11800),
    "issue.view": UsualRequest("GET", "/issues", 200, 29, 12600),
    "board.view": UsualRequest("GET", "/production", 200, 55, 31500),
    "order.view": UsualRequest("GET", "/production/orders", 200, 44, 21700),
    "customer.view": UsualRequest("GET", "/search", 200, 36, 9800),
    "search": UsualRequest("GET", "/search", 200, 41, 10400),
    "page.dashboard": UsualRequest("GET", "/", 200, 47, 11800),
    "page.new_sale": UsualRequest("GET", "/sales/new", 200, 33, 13100),
    "page.board": UsualRequest("GET", "/production", 200, 55, 31500),
    "page.order": UsualRequest("GET", "/production/orders", 200, 44, 21700),
    "page.issues": UsualRequest("GET", "/issues", 200, 29, 12600),
}
API = {
    "login": UsualRequest("POST", "/api/v1/auth/login", 200, 42, 310),
    "login.wrong": UsualRequest("POST", "/api/v1/auth/login", 401, 40, 84),
    "logout": UsualRequest("POST", "/api/v1/auth/logout", 204, 9, 0),
    "sale.create": UsualRequest("POST", "/api/v1/sales", 201, 46, 720),
    "sale.line.add": UsualRequest("POST", "/api/v1/sales/{sale_id}/lines", 201, 38, 940),
    "sale.line.remove": UsualRequest("DELETE", "/api/v1/sales/{sale_id}" + _LINE, 200, 34, 610),
    "sale.delete": UsualRequest("DELETE", "/api/v1/sales/{sale_id}", 204, 31, 0),
    "sale.finalise": UsualRequest("POST", "/api/v1/sales/{sale_id}/finalise", 200, 76, 1260),
    "sale.refused": UsualRequest("POST", "/api/v1/sales/{sale_id}/finalise", 422, 35, 140),
    "sale.void": UsualRequest("POST", "/api/v1/sales/{sale_id}/void", 200, 70, 1380),
    "step.assign": UsualRequest("POST", "/api/v1/production/steps/{step_id}/assign", 200, 34, 290),
    "step.start": UsualRequest("POST", "/api/v1/production/steps/{step_id}/start", 200, 37, 290),
    "step.finish": UsualRequest("POST", "/api/v1/production/steps/{step_id}/finish", 200, 39, 310),
    "cost.enter": UsualRequest("POST", "/api/v1/production/orders/{order_id}/costs", 201, 36, 260),
    "page.dashboard": UsualRequest("GET", "/api/v1/me", 200, 11, 240),
    "page.new_sale": UsualRequest("GET", "/api/v1/products", 200, 27, 8900),
    "page.board": UsualRequest("GET", "/api/v1/production/board", 200, 48, 18600),
    "page.order": UsualRequest("GET", "/api/v1/production/orders", 200, 37, 12400),
    "page.issues": UsualRequest("GET", "/api/v1/issues", 200, 22, 4100),
}
REMARKS = {  # level, logger, words
    "login": ("INFO", "demo_erp.security", "{who} signed in"),
    "login.wrong": ("WARNING", "demo_erp.security", "log-in refused: wrong password"),
    "sale.finalise": ("INFO", "demo_erp.sales", "sale {number} finalised"),
    "sale.void": ("INFO", "demo_erp.sales", "sale {number} voided"),
    "sale.refused": (
        "WARNING",
        "demo_erp.requests",
        "the payments do not add up to the sale; they must be equal",
    ),
    "step.finish": ("INFO", "demo_erp.production", "step done by {who}"),
    "issue.report": ("INFO", "demo_erp.issues", "{who} reported an issue"),
    "issue.resolve": ("INFO", "demo_erp.issues", "{who} resolved an issue"),
    "sheet.hand_in": ("INFO", "demo_erp.sales", "{who} handed in the day's sheet"),
    "rota.publish": ("INFO", "demo_erp.rota", "the rota is published for two weeks ahead"),
}
