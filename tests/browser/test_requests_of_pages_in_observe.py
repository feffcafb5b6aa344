"""What pages may send in observe: the log-in, the log-out, what is allowed; and what comes of holding the rest back."""

import json

import pytest

from hypercare.browser.entry_requests import EntryWindow
from hypercare.clients.accounts import Accounts
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.allowed_request import AllowedRequest
from hypercare.web.web import Web
from tests.standins.some_target import some_account, some_target

HOSTS = frozenset({"shop.example.com", "sso.example.com"})
SHOP = "https://shop.example.com"


def query(text, **more):
    return json.dumps({"query": text, **more})


@pytest.mark.parametrize(
    ("allowed", "url", "body", "covered"),
    [
        ({"path": "/graphql"}, f"{SHOP}/graphql", query("{ orders { id } }"), True),
        ({"path": "/graphql"}, f"{SHOP}/graphql", query('query Q { orders(text: "mutation") { id } }'), True),
        ({"path": "/graphql"}, f"{SHOP}/graphql", query("mutation { voidOrder(id: 1) { id } }"), False),
        ({"path": "/graphql"}, f"{SHOP}/graphql", query("query A { a } mutation B { b }"), False),
        ({"path": "/graphql"}, f"{SHOP}/graphql", f"[{query('{ a }')}, {query('mutation {{ b }}')}]", False),
        (
            {"path": "/graphql"},
            f"{SHOP}/graphql",
            json.dumps({"extensions": {}, "operationName": "DeleteOrder"}),
            False,
        ),
        ({"path": "/graphql"}, f"{SHOP}/graphql", json.dumps({"extensions": {}, "operationName": "Orders"}), True),
        ({"path": "/graphql"}, f"{SHOP}/other", query("{ a }"), False),
        ({"path": "/api/*/search"}, f"{SHOP}/api/orders/search?x=1", "{}", True),
        ({"path": "https://api.example.com/q"}, "https://api.example.com/q", "{}", True),
        ({"path": "/rpc", "says": '"method": *"(read|search)'}, f"{SHOP}/rpc", '{"method": "search"}', True),
        ({"path": "/rpc", "says": '"method": *"(read|search)'}, f"{SHOP}/rpc", '{"method": "do"}', False),
        ({"path": "/rpc", "says": "read"}, f"{SHOP}/rpc", '[{"method": "read"}, {"method": "quote"}]', False),
        ({"path": "/rpc"}, f"{SHOP}/rpc", '{"method": "call", "params": {"method": "unlink"}}', True),
        ({"path": "/rpc"}, f"{SHOP}/rpc", '{"method": "call", "params": {"method": "write_off.delete"}}', False),
    ],
)
def test_what_only_reads_is_covered(allowed, url, body, covered):
    assert AllowedRequest(**allowed).covers(url, body) is covered


def test_a_log_in_is_let_out_and_what_is_sent_beside_it_is_not():
    window = EntryWindow.to_log_in(HOSTS, ("anna", "pa ss&1"))
    assert not window.lets_out(f"{SHOP}/visits", "x=1")
    assert window.lets_out(f"{SHOP}/who", "name=anna")
    window.pressed = True
    assert window.lets_out(f"{SHOP}/x", "u=anna&p=pa+ss%261")
    assert window.lets_out("https://sso.example.com/oauth/token", "code=1")
    assert not window.lets_out(f"{SHOP}/presence", "who=anna")
    assert not window.lets_out(f"{SHOP}/sessions/clear", "")
    assert not window.lets_out("https://elsewhere.example.com/login", "p=pa+ss%261")


def test_a_password_in_a_form_of_its_own_is_what_is_sent_first():
    window = EntryWindow.to_log_in(HOSTS, ("anna", "secret-1"))
    window.pressed = True
    assert not window.lets_out(f"{SHOP}/orders/1/void", "x")
    assert window.lets_out(f"{SHOP}/enter", "h=5ebe2294ecd0")
    assert not window.lets_out(f"{SHOP}/orders", "x")


LOG_IN = """<!doctype html><title>Shop</title><h1>Shop</h1><div id="app"></div><script>
const form = `<form onsubmit="enter(); return false"><input aria-label="Name"><input type="password">
  <button>Enter</button></form>`;
const enter = async () => {
  await fetch('/session', {method: 'POST', body: document.querySelector('[type=password]').value});
  app.innerHTML = '<nav><a href="/orders">Orders</a></nav><button>Log out</button>';
};
app.innerHTML = form;
</script>"""
ORDERS = """<!doctype html><title>Orders</title><nav><a href="/orders">Orders</a></nav><button>Log out</button><script>
fetch('/graphql', {method: 'POST', body: JSON.stringify({query: '{ orders { id } }'})})
  .then(answer => answer.json()).then(told => document.body.append(told.data), () => { throw new Error('no orders') });
</script>"""


@pytest.fixture
def page_app(tmp_path, standin):
    standin.page("/", LOG_IN)
    standin.page("/orders", ORDERS)
    standin.json("/session", {})
    standin.json("/graphql", {"data": "12 orders"})

    def made(browser, mode="observe", **keys):
        people = [some_account(tmp_path, "anna", "clerk", "A")]
        web = {"url": standin.url, "timeout": "5s", "flow": {}, **keys}
        target = some_target(tmp_path, mode=mode, web=web, accounts=people)
        return Web(target, browser), Accounts(target).all

    return made


@pytest.mark.long
def test_a_page_that_reads_by_post_is_not_covered_with_the_key_that_allows_it(page_app, browser, standin):
    web, people = page_app(browser)
    with pytest.raises(NotCovered, match=r"POST /graphql.*without: .*no orders") as gap:
        web.walk(people)
    assert "[web] allow = ['/graphql']" in gap.value.remedy
    assert not [path for method, path, _ in standin.seen if (method, path) == ("POST", "/graphql")]


@pytest.mark.long
def test_a_page_that_may_read_by_post_is_looked_at(page_app, browser, standin):
    web, people = page_app(browser, allow=["/graphql"])
    walk = web.walk(people)
    assert (len(walk.pages), walk.troubles.count) == (1, 0)
    assert ("POST", "/graphql") in [(method, path) for method, path, _ in standin.seen]


@pytest.mark.long
def test_what_the_server_does_wrong_is_told_whatever_was_held_back(page_app, browser, standin):
    web, people = page_app(browser)
    standin.page("/orders", ORDERS, 500)
    walk = web.walk(people)
    assert [trouble.kind for trouble in walk.troubles.troubles] == ["error answer"]


@pytest.mark.long
def test_where_trials_are_made_pages_send_what_they_like(page_app, browser, standin):
    web, people = page_app(browser, mode="transact")
    assert web.walk(people).troubles.count == 0
    assert ("POST", "/graphql") in [(method, path) for method, path, _ in standin.seen]
