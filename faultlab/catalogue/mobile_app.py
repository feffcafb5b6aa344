"""A phone's app that opens slowly, jumps under the finger, or does not open at all."""

from __future__ import annotations

from faultlab.fault import Where, items
from faultlab.gateway.spoiling import changed, instead, slowed
from faultlab.gateway_fault import between
from hypercare.http.reverse_proxy import Answer, Ask, Request, Spoil
from hypercare.outcome.level import Level

PAGES = r"/m(?!/static|/sw\.js|/manifest)(/.*)?"
IDLE_WORKER = Answer(
    200,
    (("content-type", "text/javascript; charset=utf-8"), ("service-worker-allowed", "/m/")),
    b"self.addEventListener('activate', event => event.waitUntil(self.clients.claim()));",
)
LATE = items("perf.mobile")
NO_PHONE = {"health.mobile": Level.L3}


def _with_script(script: str) -> Spoil:
    """A script at the end of each page, let in on purpose, as advertising or statistics would come along."""

    def added(answer: Answer) -> Answer:
        text = answer.text.replace("</body>", f"<script>{script}</script></body>")
        return answer.with_text(text).with_header("content-security-policy", None)

    return changed(PAGES, added)


def _for_one_kind(spoil: Spoil, kind: str) -> Spoil:
    """Only phones of one make."""

    def spoilt(request: Request, ask: Ask) -> Answer | None:
        return spoil(request, ask) if kind in request.headers.get("user-agent", "") else ask(request)

    return spoilt


JUMPS = """
addEventListener('load', () => setTimeout(() => {
  const banner = document.createElement('div');
  banner.style.height = '70vh';
  document.body.prepend(banner);
}, 300));
"""
BUSY = """
addEventListener('load', () => { const end = performance.now() + 8000; while (performance.now() < end); });
"""

FAULTS = (
    between(
        "mobile-blank-page",
        "The phone's app opens and stays empty.",
        Where.MOBILE,
        instead(PAGES, Answer.of_page("")),
        NO_PHONE,
        LATE,
    ),
    between(
        "mobile-app-gone",
        "The phone's app is not there after a release.",
        Where.MOBILE,
        instead(r"/m(/.*)?", Answer.of_page("<h1>Not found</h1>", 404)),
        NO_PHONE,
        LATE,
    ),
    between(
        "mobile-fails-in-the-server",
        "Each page of the phone's app fails in the server.",
        Where.MOBILE,
        instead(PAGES, Answer.of_page("<h1>Internal Server Error</h1>", 500)),
        NO_PHONE,
        LATE,
    ),
    between(
        "mobile-script-broken",
        "A release broke the script of the phone's app.",
        Where.MOBILE,
        changed(r"/m/static/js/app\.js", lambda answer: answer.with_text("import {broken from")),
        {"health.mobile": Level.L2},
        LATE,
    ),
    between(
        "mobile-one-make-of-phone-shut-out",
        "Phones of one make get an error page.",
        Where.MOBILE,
        _for_one_kind(instead(PAGES, Answer.of_page("<h1>Not supported</h1>", 500)), "iPhone"),
        {"health.mobile": Level.L2},
    ),
    between(
        "mobile-does-not-open-without-network",
        "The app no longer opens when the phone has no network.",
        Where.MOBILE,
        instead(r"/m/sw\.js", Answer(404)),
        {"health.mobile": Level.L2},
        LATE,
    ),
    between(
        "mobile-worker-keeps-nothing",
        "What the app installs on the phone has forgotten to keep its pages; nobody sees it while there is a network.",
        Where.MOBILE,
        instead(r"/m/sw\.js", IDLE_WORKER),
        {"health.mobile": Level.L2},
        LATE,
    ),
    between(
        "mobile-log-in-leads-back",
        "Whoever logs in on a phone is asked to log in again.",
        Where.MOBILE,
        instead("/m/login", Answer.of_redirect("/m/login"), "POST"),
        NO_PHONE,
        LATE,
    ),
    between(
        "mobile-pages-slow",
        "Pages of the phone's app take six seconds.",
        Where.MOBILE,
        slowed(PAGES, 6.0, "GET"),
        {"perf.mobile": Level.L2},
        items("health.mobile"),
    ),
    between(
        "mobile-pages-heavy",
        "Each page of the phone's app carries four megabytes.",
        Where.MOBILE,
        changed(PAGES, lambda answer: answer.with_text(answer.text + f"<!-- {'x' * 4_000_000} -->")),
        {"perf.mobile": Level.L2},
        items("health.mobile"),
    ),
    between(
        "mobile-page-jumps",
        "What one wants to touch jumps away, since something is put in above it.",
        Where.MOBILE,
        _with_script(JUMPS),
        {"perf.mobile": Level.L2},
    ),
    between(
        "mobile-page-is-busy",
        "A script keeps the phone busy for seconds, so that nothing can be touched.",
        Where.MOBILE,
        _with_script(BUSY),
        {"perf.mobile": Level.L2},
        items("health.mobile"),
    ),
    between(
        "mobile-a-little-later",
        "Each page of the phone's app comes a fifth of a second later.",
        Where.MOBILE,
        slowed(PAGES, 0.2),
        just_below=items("health.mobile", "perf.mobile"),
    ),
)
