"""What the web resource notices on a page, in a real browser."""

import re
import time
import zipfile
from io import BytesIO

import pytest

from hypercare.browser.trace import scrubbed
from hypercare.outcome import evidence
from hypercare.outcome.signals import ChannelDown, NotCovered
from hypercare.web.walk import walked
from hypercare.web.web import Web
from tests.standins.some_target import some_target

FORM = "<form><input name=u><input type=password name=p><button>Log in</button></form>"


DIES = "const one = new XMLHttpRequest(); one.open('GET', '/dies', false); try { one.send() } catch (gone) {}"


def page(body: str, head: str = "<title>Log in</title>") -> str:
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"


@pytest.fixture
def web(tmp_path, standin, browser):
    return Web(some_target(tmp_path, web={"url": standin.url, "timeout": "2s"}), browser)


@pytest.mark.long
def test_a_log_in_page_is_one(web, standin):
    standin.page("/", page(f"<h1>Welcome</h1>{FORM}"))
    seen = web.log_in_page()
    assert (seen.missing, seen.troubles.count) == ((), 0)


IN_A_TREE_OF_ITS_OWN = f"""<div id="x"></div><script>
document.querySelector("#x").attachShadow({{mode: "open"}}).innerHTML = `{FORM}`;</script>"""


@pytest.mark.long
@pytest.mark.parametrize(
    "form",
    [
        FORM.replace("<button>", "<button disabled>"),
        FORM.replace("<button>Log in</button>", "<a class='btn' href='#'>Log in</a>"),
        FORM.replace("<button>Log in</button>", "<div onclick='go()'>Log in</div>"),
        IN_A_TREE_OF_ITS_OWN,
        f'<iframe srcdoc="{FORM}"></iframe>',
    ],
)
def test_log_in_pages_of_other_kinds_are_log_in_pages(web, standin, form):
    standin.page("/", page(f"<h1>Welcome</h1>{form}"))
    seen = web.log_in_page()
    assert (seen.missing, seen.troubles.count) == ((), 0)


@pytest.mark.long
@pytest.mark.parametrize(
    ("html", "status", "words"),
    [
        (page("<h1>Internal Server Error</h1>"), 200, "error page"),
        (page("<h1>Welcome</h1><p>Nice to see you</p>"), 200, "no field for a password"),
        (page(""), 200, "blank"),
        (page(f"<div style='display:none'>{FORM}</div>"), 200, "blank"),
        (page("<h1>Welcome</h1>" + FORM.replace("<button>Log in</button>", "")), 200, "no button"),
        (page(f"<h1>Welcome</h1>{FORM}", head=""), 200, "no title"),
        (page(f"<h1>Welcome</h1>{FORM}"), 503, "answers 503"),
    ],
)
def test_what_is_no_log_in_page_is_told(web, standin, html, status, words):
    standin.page("/", html, status)
    assert words in "; ".join(web.log_in_page().missing)


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        ("<title>x</title><script>nothing.like.this()</script>", "script error"),
        ("<title>x</title><script>fetch('/breaks')</script>", "error answer"),
        ("<title>x</title><script src=/gone.js></script>", "error answer"),
        ("<title>x</title><script src=/page-instead.js></script>", "script error"),
        # The page waits for it, so that it has failed whenever the page is there.
        (f"<title>x</title><script>{DIES}</script>", "failed request"),
    ],
)
def test_what_goes_wrong_by_itself_is_told(web, standin, head, kind):
    standin.page("/", page(FORM + "<h1>Welcome</h1>", head))
    standin.page("/page-instead.js", page("<h1>Sorry</h1>"))
    standin.page("/breaks", "", 500)
    standin.answers["/dies"] = lambda handler: handler.connection.shutdown(2)
    seen = web.log_in_page()
    assert not seen.missing
    assert kind in [trouble.kind for trouble in seen.troubles.troubles]


@pytest.mark.long
@pytest.mark.parametrize(
    "script",
    ["console.error('ERROR $m')", "fetch('/me')", "fetch('/cart')", "fetch('https://counter.example.com/')"],
    ids=["words on the console", "nobody is logged in yet", "no cart yet", "elsewhere"],
)
def test_what_a_healthy_page_does_on_every_visit_is_no_trouble(web, standin, script):
    standin.page("/", page(FORM + "<h1>Welcome</h1>", f"<title>x</title><script>({script})?.catch?.(() => 0)</script>"))
    standin.page("/me", "{}", 401)
    standin.page("/cart", "{}", 404)
    seen = web.log_in_page()
    assert not seen.missing
    assert list(seen.troubles.troubles) == []


def test_to_be_led_to_another_host_is_told(web, standin):
    standin.redirect("/", standin.url.replace("127.0.0.1", "localhost") + "/elsewhere")
    standin.page("/elsewhere", page(FORM + "<h1>Welcome</h1>"))
    assert any("another host, localhost" in words for words in web.log_in_page().missing)


def test_a_server_that_never_answers_is_a_way_down(tmp_path, standin, browser):
    standin.slow("/", 5, {})
    web = Web(some_target(tmp_path, web={"url": standin.url, "timeout": "300ms"}), browser)
    with pytest.raises(ChannelDown, match=r"too slow to work with: it had not answered after ") as down:
        web.log_in_page()
    assert waited(down.value.finding.sentence) >= 0.6


@pytest.mark.long
def test_a_picture_that_hangs_is_slow_and_not_down(tmp_path, standin, browser):
    standin.page("/", page(f"<h1>Welcome</h1>{FORM}<img src=/hangs.png>"))
    standin.slow("/hangs.png", 12, {})
    web = Web(some_target(tmp_path, web={"url": standin.url, "timeout": "2s"}), browser)
    seen = web.log_in_page()
    assert "to load, more than 2 s" in seen.slow
    assert seen.missing == ()


@pytest.mark.long
def test_slow_pages_are_told_as_slow_before_the_check_is_cut_off(tmp_path, standin, browser):
    def late(handler):
        time.sleep(0.7)
        handler.send_response(200)
        handler.send_header("content-type", "text/html")
        handler.send_header("content-length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    links = "".join(f"<a href='/list-{number}'>List {number}</a>" for number in range(12))
    body = page(f"<nav>{links}</nav><p>Hello</p>").encode()
    standin.page("/", body.decode())
    for number in range(12):
        standin.answers[f"/list-{number}"] = late
    # A page is given twice `timeout` before it is too slow to work with, which a busy machine must not reach.
    way = {"url": standin.url, "timeout": "600ms"}
    web = Web(some_target(tmp_path, web=way, rounds={"check_limit": "12s"}), browser)
    with web.target.time_budget.running():
        walk = walk_from(web, standin)
    assert walk.troubles.are_slowness_alone
    assert 0 < walk.troubles.of < 12
    assert "to load, more than" in walk.troubles.first_in_words or "it took" in walk.troubles.first_in_words


@pytest.mark.long
@pytest.mark.parametrize(
    "part",
    ["<script src=/part></script>", "<script type=module src=/part></script>", "<link rel=stylesheet href=/part>"],
    ids=["script", "module", "style"],
)
def test_a_part_of_a_type_that_browsers_refuse_is_told(web, standin, part):
    standin.page("/", page(f"<h1>Welcome</h1>{FORM}{part}"))
    standin.answers["/part"] = as_plain_text
    (trouble,) = web.log_in_page().troubles.troubles
    assert (trouble.kind, trouble.what.endswith("/part comes as a type that browsers refuse for it")) == (
        "refused part",
        True,
    )


def as_plain_text(handler):
    body = b"/* nothing */"
    handler.send_response(200)
    handler.send_header("content-type", "text/plain")
    handler.send_header("x-content-type-options", "nosniff")
    handler.send_header("content-length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


@pytest.mark.long
def test_a_walk_that_saw_few_of_the_pages_is_not_covered(tmp_path, standin, browser):
    links = "".join(f"<a href='/list-{number}'>List {number}</a>" for number in range(12))
    for path in ("/", *(f"/list-{number}" for number in range(12))):
        standin.page(path, page(f"<nav>{links}</nav><p>Hello</p>"))
    # No second page is begun where what is left is less than one page may take.
    web = Web(some_target(tmp_path, web={"url": standin.url, "timeout": "30s"}, rounds={"check_limit": "40s"}), browser)
    with web.target.time_budget.running(), pytest.raises(NotCovered, match="Only 1 of 12 pages"):
        walk_from(web, standin)


def test_what_went_wrong_before_a_walk_was_cut_off_is_told(tmp_path, standin, browser):
    links = "".join(f"<a href='/list-{number}'>List {number}</a>" for number in range(12))
    for path in ("/", *(f"/list-{number}" for number in range(12))):
        standin.page(path, page(f"<nav>{links}</nav><p>Hello</p><script>throw new Error('cart')</script>"))
    web = Web(some_target(tmp_path, web={"url": standin.url, "timeout": "30s"}, rounds={"check_limit": "40s"}), browser)
    with web.target.time_budget.running():
        assert "cart" in walk_from(web, standin).troubles.first


@pytest.mark.long
def test_a_page_that_never_answers_is_slow_while_the_others_work(web, standin):
    for path in ("/", "/sales"):
        standin.page(path, page(NAVIGATION))
    standin.slow("/costs", 6, {})
    walk = walk_from(web, standin)
    (trouble,) = walk.troubles.troubles
    assert trouble.kind == "slow page"
    assert waited(trouble.what) >= 4


def test_what_the_browser_says_of_a_request_is_told_in_words(web, standin):
    standin.page("/", page(f"<h1>Welcome</h1>{FORM}<script>fetch('/dies').catch(() => {{}})</script>"))
    standin.answers["/dies"] = lambda handler: handler.connection.shutdown(2)
    (trouble,) = web.log_in_page().troubles.troubles
    assert trouble.what.endswith("/dies: it closed the connection without an answer")


def test_a_page_that_leads_itself_to_the_log_in_is_followed(web, standin):
    standin.page("/", page("", "<title>x</title><script>location.replace('/login')</script>"))
    standin.page("/login", page(f"<h1>Welcome</h1>{FORM}"))
    assert web.log_in_page().missing == ()


def test_a_server_that_is_gone_is_a_way_down(web, standin):
    standin.stop()
    with pytest.raises(ChannelDown, match="nothing listens there") as down:
        web.log_in_page()
    assert down.value.way == "web"


@pytest.mark.long
def test_a_trace_is_kept_of_what_went_wrong_only(web, standin):
    standin.page("/", page(f"<h1>Welcome</h1>{FORM}"))
    kept = []
    with evidence.collecting(kept.append):
        web.log_in_page()
        assert [one.name for one in kept] == ["screenshot"]
        standin.page("/", page(""))
        web.log_in_page()
    assert "trace.zip" in [one.name for one in kept]


def test_a_trace_holds_no_secret(tmp_path):
    path = tmp_path / "trace.zip"
    with zipfile.ZipFile(path, "w") as trace:
        trace.writestr("trace.trace", '{"value":"pa ss&1"} username=a&password=pa+ss%261')
        trace.writestr("trace.network", '{"name":"Cookie","value":"sid=abcdef"},{"name":"accept","value":"x"}')
    clean = zipfile.ZipFile(BytesIO(scrubbed(path, {"pa ss&1"})))
    everything = b"".join(clean.read(name) for name in clean.namelist())
    assert not any(secret in everything for secret in (b"pa ss&1", b"pa+ss%261", b"abcdef"))
    assert b'"accept","value":"x"' in everything


NAVIGATION = "<nav><a href='/'>Start</a><a href='/sales'>Sales</a><a href='/costs'>Costs</a></nav><p>Hello there</p>"


def walk_from(web, standin):
    page_session = web.new_page_session()
    try:
        page_session.go("")
        return walked(page_session, web.section.timeout)
    finally:
        page_session.close()


@pytest.mark.long
@pytest.mark.parametrize(("status", "kind"), [(500, "error answer"), (404, "error answer")])
def test_a_main_page_that_fails_is_told_although_the_one_before_was_right(web, standin, status, kind):
    for path in ("/", "/sales"):
        standin.page(path, page(NAVIGATION))
    standin.page("/costs", page("<h1>Not as it should be</h1>"), status)
    walk = walk_from(web, standin)
    assert [(one.kind, one.page) for one in walk.troubles.troubles] == [(kind, f"{standin.url}/costs")]


@pytest.mark.long
def test_a_main_page_that_leads_in_a_circle_is_its_own_trouble(web, standin):
    for path in ("/", "/costs"):
        standin.page(path, page(NAVIGATION))
    standin.redirect("/sales", "/sales")
    walk = walk_from(web, standin)
    assert "page that does not open" in {one.kind for one in walk.troubles.troubles}
    assert {one.page for one in walk.troubles.troubles} == {f"{standin.url}/sales"}
    assert len(walk.pages) == 2


@pytest.mark.long
@pytest.mark.parametrize("body", ["", "Too many requests"])
def test_too_many_requests_are_about_us_and_no_outage(web, standin, body):
    standin.page("/", body, status=429)
    with pytest.raises(NotCovered, match="answers 429: the web app takes no more requests from us"):
        web.log_in_page()


@pytest.mark.long
@pytest.mark.parametrize("status", [404, 500, 502, 503])
def test_an_error_without_a_word_is_told_by_its_status(web, standin, status):
    standin.page("/", "", status=status)
    assert web.log_in_page().missing[:2] == (f"it answers {status}", "the page is blank")


@pytest.mark.long
def test_a_page_app_that_draws_late_is_slow_and_not_blank(web, standin):
    late = f"setTimeout(() => {{ document.body.innerHTML = `<h1>Welcome</h1>{FORM}`; }}, 2600)"
    standin.page("/", page(f"<script>{late}</script>"))
    seen = web.log_in_page()
    assert (seen.missing, "more than 2 s" in seen.slow) == ((), True)


def waited(words: str) -> float:
    """Seconds, which a busy machine may make longer and nothing shorter."""
    told = re.search(r"had not answered after (\d+\.\d) s", words)
    assert told is not None, words
    return float(told[1])
