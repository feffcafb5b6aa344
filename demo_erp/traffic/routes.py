"""Which address each thing done goes through, how long that usually takes, and what the application says of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Door:
    """A request as the access log shows it; durations in milliseconds."""

    method: str
    route: str
    status: int
    usual_ms: float
    usual_bytes: int


_LINE = "/lines/{line_id}"
WEB = {
    "login": Door("POST", "/login", 303, 48, 0),
    "login.wrong": Door("POST", "/login", 401, 46, 5200),
    "logout": Door("POST", "/logout", 303, 14, 0),
    "sale.create": Door("POST", "/sales/new", 303, 52, 0),
    "sale.line.add": Door("POST", "/sales/{sale_id}/lines", 303, 44, 0),
    "sale.line.remove": Door("POST", "/sales/{sale_id}" + _LINE + "/remove", 303, 40, 0),
    "sale.delete": Door("POST", "/sales/{sale_id}/delete", 303, 38, 0),
    "sale.finalise": Door("POST", "/sales/{sale_id}/finalise", 303, 84, 0),
    "sale.refused": Door("POST", "/sales/{sale_id}/finalise", 422, 41, 14800),
    "sale.void": Door("POST", "/sales/{sale_id}/void", 303, 78, 0),
    "step.assign": Door("POST", "/production/steps/{step_id}/assign", 303, 40, 0),
    "step.start": Door("POST", "/production/steps/{step_id}/start", 303, 43, 0),
    "step.finish": Door("POST", "/production/steps/{step_id}/finish", 303, 46, 0),
    "cost.enter": Door("POST", "/production/orders/{order_id}/costs", 303, 42, 0),
    "issue.report": Door("POST", "/issues", 303, 38, 0),
    "issue.respond": Door("POST", "/issues/{issue_id}/respond", 303, 36, 0),
    "issue.resolve": Door("POST", "/issues/{issue_id}/resolve", 303, 36, 0),
    "report.view": Door("GET", "/reports/day", 200, 58, 16400),
    "sale.view": Door("GET", "/sales", 200, 49, 24800),
    "activity.view": Door("GET", "/activity", 200, 52, 27300),
    "user.view": Door("GET", "/users", 200, 31, 15200),
    "job.view": Door("GET", "/", 200, 47, 11800),
    "issue.view": Door("GET", "/issues", 200, 29, 12600),
    "board.view": Door("GET", "/production", 200, 55, 31500),
    "order.view": Door("GET", "/production/orders", 200, 44, 21700),
    "customer.view": Door("GET", "/search", 200, 36, 9800),
    "search": Door("GET", "/search", 200, 41, 10400),
    "page.dashboard": Door("GET", "/", 200, 47, 11800),
    "page.new_sale": Door("GET", "/sales/new", 200, 33, 13100),
    "page.board": Door("GET", "/production", 200, 55, 31500),
    "page.order": Door("GET", "/production/orders", 200, 44, 21700),
    "page.issues": Door("GET", "/issues", 200, 29, 12600),
}
API = {
    "login": Door("POST", "/api/v1/auth/login", 200, 42, 310),
    "login.wrong": Door("POST", "/api/v1/auth/login", 401, 40, 84),
    "logout": Door("POST", "/api/v1/auth/logout", 204, 9, 0),
    "sale.create": Door("POST", "/api/v1/sales", 201, 46, 720),
    "sale.line.add": Door("POST", "/api/v1/sales/{sale_id}/lines", 201, 38, 940),
    "sale.line.remove": Door("DELETE", "/api/v1/sales/{sale_id}" + _LINE, 200, 34, 610),
    "sale.delete": Door("DELETE", "/api/v1/sales/{sale_id}", 204, 31, 0),
    "sale.finalise": Door("POST", "/api/v1/sales/{sale_id}/finalise", 200, 76, 1260),
    "sale.refused": Door("POST", "/api/v1/sales/{sale_id}/finalise", 422, 35, 140),
    "sale.void": Door("POST", "/api/v1/sales/{sale_id}/void", 200, 70, 1380),
    "step.assign": Door("POST", "/api/v1/production/steps/{step_id}/assign", 200, 34, 290),
    "step.start": Door("POST", "/api/v1/production/steps/{step_id}/start", 200, 37, 290),
    "step.finish": Door("POST", "/api/v1/production/steps/{step_id}/finish", 200, 39, 310),
    "cost.enter": Door("POST", "/api/v1/production/orders/{order_id}/costs", 201, 36, 260),
    "page.dashboard": Door("GET", "/api/v1/me", 200, 11, 240),
    "page.new_sale": Door("GET", "/api/v1/products", 200, 27, 8900),
    "page.board": Door("GET", "/api/v1/production/board", 200, 48, 18600),
    "page.order": Door("GET", "/api/v1/production/orders", 200, 37, 12400),
    "page.issues": Door("GET", "/api/v1/issues", 200, 22, 4100),
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
