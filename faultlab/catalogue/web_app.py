"""A web app that opens, and does not work: broken scripts, missing styles, pages of somebody else, forms in vain."""

from __future__ import annotations

import re

from faultlab.fault import Where, items
from faultlab.gateway.spoiling import changed, cut_short, instead, slowed, text_changed
from faultlab.gateway_fault import between
from hypercare.http.reverse_proxy import Answer, Ask, Request, Spoil
from hypercare.outcome.level import Level

# Every page for people at a desk: neither the API, nor the phone's pages, nor what pages are made of.
PAGES = r"/(?!api/|m/|m$|static/|favicon).*"
TRIALS = items("ops.sales", "ops.production-steps")
NOBODY_WORKS = TRIALS | items("users.login")
SALE = r"/sales/\d+"


def _of_everybody(pattern: str, old: str, new: str) -> Spoil:
    """Replace what a pattern finds in each page."""
    return changed(
        PAGES,
        lambda answer: answer.with_text(re.sub(pattern, new, answer.text)) if old in answer.text else answer,
    )


def _back_to_its_record(pattern: str) -> Spoil:
    """A form that is sent in vain: nothing is done, and its record is shown again as if it were."""

    def spoil(request: Request, ask: Ask) -> Answer:
        if request.goes_to(pattern, "POST"):
            return Answer.of_redirect(re.sub(r"/[a-z]+$", "", request.path))
        return ask(request)

    return spoil


def _totals_more(answer: Answer) -> Answer:
    """Only what people are shown as the total: figures in the page's own data stay."""

    def more(found: re.Match[str]) -> str:
        return f"{found['before']}1{found['digits']}"

    shown = r'(?P<before>(?:colspan="4">Total</th><td class="right">|<dt>Total</dt><dd>)(?:<data[^>]*>)?[^\d<]*)'
    text = re.sub(rf"{shown}(?P<digits>\d)", more, answer.text)
    return answer.with_text(text)


FAULTS = (
    between(
        "web-maintenance-page",
        "The web app shows a page that it is being looked after, to everybody.",
        Where.WEB,
        instead(PAGES, Answer.of_page("<title>Back soon</title><h1>We will be back soon</h1>")),
        {"health.web": Level.L3},
        NOBODY_WORKS,
    ),
    between(
        "web-blank-page",
        "The web app answers with nothing at all.",
        Where.WEB,
        instead(PAGES, Answer.of_page("")),
        {"health.web": Level.L3},
        NOBODY_WORKS,
    ),
    between(
        "web-fails-in-the-server",
        "Each page of the web app fails in the server.",
        Where.WEB,
        instead(PAGES, Answer.of_page("<h1>Internal Server Error</h1>", 500)),
        {"health.web": Level.L3},
        NOBODY_WORKS,
    ),
    between(
        "web-one-page-fails",
        "The production board fails, every other page works.",
        Where.WEB,
        instead("/production", Answer.of_page("<h1>Internal Server Error</h1>", 500)),
        {"health.web": Level.L2},
    ),
    between(
        "web-one-page-leads-in-a-circle",
        "The page of costs leads to itself, for ever.",
        Where.WEB,
        instead("/costs", Answer.of_redirect("/costs")),
        {"health.web": Level.L2},
    ),
    between(
        "web-one-page-gone",
        "The page of issue reports is gone after a release.",
        Where.WEB,
        instead("/issues", Answer.of_page("<h1>Not found</h1>", 404)),
        {"health.web": Level.L2},
    ),
    between(
        "web-script-broken",
        "A release broke the pages' script.",
        Where.WEB,
        changed(r"/static/js/enhance\.js", lambda answer: answer.with_text("import {broken from")),
        {"health.web": Level.L2},
        TRIALS,
    ),
    between(
        "web-script-missing",
        "A script that pages ask for is not there.",
        Where.WEB,
        instead(r"/static/vendor/htmx\.min\.js", Answer(404)),
        {"health.web": Level.L2},
        TRIALS,
    ),
    between(
        "web-style-missing",
        "The styles of the log-in page are not there.",
        Where.WEB,
        instead(r"/static/css/entry\.css", Answer(404)),
        {"health.web": Level.L2},
    ),
    between(
        "web-script-of-a-type-that-is-refused",
        "The script comes as plain text, so that no browser runs it.",
        Where.WEB,
        changed(r"/static/js/enhance\.js", lambda answer: answer.with_header("content-type", "text/plain")),
        {"health.web": Level.L2},
        TRIALS,
    ),
    between(
        "web-log-in-without-password",
        "The log-in page has lost its field for the password.",
        Where.WEB,
        changed("/login", lambda answer: answer.with_text(re.sub(r"<input id=\"password\"[^>]*>", "", answer.text))),
        {"health.web": Level.L3, "users.login": Level.L3},
        TRIALS,
    ),
    between(
        "web-log-in-leads-back",
        "Whoever logs in to the web app is asked to log in again.",
        Where.WEB,
        instead("/login", Answer.of_redirect("/login"), "POST"),
        {"users.login": Level.L3},
        items("health.web") | TRIALS,
    ),
    between(
        "web-log-in-says-nothing",
        "Whoever logs in to the web app gets a page that asks for no password and shows nothing of the system.",
        Where.WEB,
        instead("/login", Answer.of_page("<title>Rosewood</title><h1>One moment, please</h1>"), "POST"),
        {"users.login": Level.L3},
        items("health.web") | TRIALS,
    ),
    between(
        "web-log-in-page-slow",
        "The log-in page takes a quarter of a minute.",
        Where.WEB,
        slowed("/login", 12.0, "GET"),
        {"health.web": Level.L2},
        NOBODY_WORKS,
    ),
    between(
        "web-pages-slow",
        "Each page behind the log-in takes eighteen seconds.",
        Where.WEB,
        slowed(r"/(?!api/|m/|m$|static/|favicon|login).+", 18.0, "GET"),
        {"health.web": Level.L2},
        NOBODY_WORKS,
    ),
    between(
        "web-navigation-gone",
        "Nothing leads on from the start page: neither the navigation nor any link is there.",
        Where.WEB,
        changed(PAGES, lambda answer: answer.with_text(re.sub(r"(?s)<nav.*?</nav>|</?a\b[^>]*>", "", answer.text))),
        {"health.web": Level.L3},
        NOBODY_WORKS,
    ),
    between(
        "web-somebody-elses-role",
        "Everybody is an administrator in the web app.",
        Where.WEB,
        _of_everybody(r"(</strong>\s*)(Owner|Manager|Sales|Production)", "</strong>", r"\1Administrator"),
        {"users.login": Level.L2},
        items("health.web") | TRIALS,
    ),
    between(
        "web-shows-another-total",
        "The web app shows sales with another total than was entered.",
        Where.WEB,
        changed(SALE, _totals_more),
        {"ops.sales": Level.L2},
        TRIALS,
    ),
    between(
        "web-finalise-in-vain",
        "A sale is finalised in the web app and stays a draft.",
        Where.WEB,
        _back_to_its_record(rf"{SALE}/finalise"),
        {"ops.sales": Level.L2},
        TRIALS,
    ),
    between(
        "web-sale-is-refused",
        "No sale can be entered in the web app.",
        Where.WEB,
        instead("/sales/new", Answer.of_page("<h1>Internal Server Error</h1>", 500), "POST"),
        {"ops.sales": Level.L2},
        # The sale behind a trial step may have been entered in another way.
        items("ops.production-steps"),
    ),
    between(
        "web-step-does-not-start",
        "A step is started in the web app and nothing happens.",
        Where.WEB,
        instead(r"/production/steps/\d+/start", Answer.of_redirect("/production")),
        {"ops.production-steps": Level.L2},
    ),
    between(
        "web-page-breaks-off",
        "The list of sales breaks off in the middle.",
        Where.WEB,
        cut_short("/sales"),
        {"health.web": Level.L2, "ops.sales": Level.L2},
        TRIALS,
    ),
    between(
        "web-frame-of-the-house-changed",
        "The name of the business is written otherwise on each page.",
        Where.WEB,
        text_changed(PAGES, "<title>", "<title>Rosewood - "),
    ),
    between(
        "web-a-little-later",
        "Each page comes a fifth of a second later than usual.",
        Where.WEB,
        slowed(PAGES, 0.2),
        just_below=items("health.web"),
    ),
)
