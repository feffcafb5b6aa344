"""Pages that are not as the usual ones: options that are known by a value, cards in place of tables, links that no part
of the page calls navigation; and a mobile app that is declared as steps."""

import pytest
from starlette.responses import HTMLResponse
from starlette.routing import Route

from hypercare.browser.browser import Browser
from hypercare.clients.flow_steps import Steps
from hypercare.conformance import of_log_in, of_sales
from hypercare.conformance.ground import Ground
from hypercare.conformance.promise import Ending
from hypercare.conformance.runner import tried_in_turn
from hypercare.mobile.phone import Phone
from hypercare.outcome.signals import NotCovered
from hypercare.target_file.sections.flow import FlowStep
from hypercare.web.walk import walked
from hypercare.web.web import Web
from tests.adapters import shop_targets
from tests.adapters.serving import served
from tests.adapters.shop_flows import flows
from tests.adapters.small_shop import SmallShop
from tests.adapters.small_shop_api import ShopApi
from tests.adapters.small_shop_pages import ShopPages
from tests.adapters.trying import target_of

pytestmark = pytest.mark.server

CARDS = """<!doctype html><title>Jobs</title><h1>Jobs</h1>
<label>Cloth <select><option></option><option value="TST-RET">Test veil</option>
<option value="TST-STU">Test gown</option></select></label>
<section><h2>Cut</h2><em>done</em><a href="/jobs/11">open</a></section>
<section><h2>Sew</h2><em>doing</em><a href="/jobs/12">open</a></section>
<a href="/logout">leave</a><a href="https://elsewhere.example.com/">other</a>"""


async def cards(request):
    return HTMLResponse(CARDS if request.url.path == "/" else f"<title>x</title><p>Page {request.url.path}</p>")


@pytest.fixture(scope="module")
def browser():
    opened = Browser()
    try:
        opened.context().close()
    except NotCovered as gap:
        pytest.skip(gap.reason)
    yield opened
    opened.close()


@pytest.fixture
def look(tmp_path, browser):
    with served([Route("/{path:path}", cards)]) as url:
        path = shop_targets.write_target(tmp_path, url, shop_targets.REST, more=f'[web]\nurl = "{url}"\n')
        web = Web(target_of(path), browser)
        opened = web.new_page_session()
        opened.go("")
        yield opened
        opened.close()


@pytest.mark.long
@pytest.mark.parametrize(("wanted", "chosen"), [("Test gown", "TST-STU"), ("gown", "TST-STU"), ("TST-RET", "TST-RET")])
def test_an_option_is_chosen_by_its_words_or_by_its_value(look, wanted, chosen):
    Steps(look, {"product": wanted}).take([FlowStep(choose="Cloth", value="{product}")])
    assert look.page.locator("select").input_value() == chosen


def test_cards_are_read_as_rows(look):
    columns, links = {"name": "h2", "state": "em"}, {"key": "/jobs/(.*)"}
    seen = Steps(look, {}).take([FlowStep(read="steps", css="section", columns=columns, links=links)])
    assert seen["steps"] == [
        {"name": "Cut", "state": "done", "key": "11"},
        {"name": "Sew", "state": "doing", "key": "12"},
    ]


def test_where_nothing_is_called_navigation_any_link_is_walked_but_the_way_out(look):
    walk = walked(look, look.target.config.web.timeout)
    assert [page.address.rpartition("/")[2] for page in walk.pages] == ["11", "12"]
    assert walk.troubles.count == 0


@pytest.mark.long
def test_a_mobile_app_declared_as_steps_keeps_its_promises(tmp_path, browser):
    shop = SmallShop()
    with served([*ShopApi(shop).routes, *ShopPages(shop).routes]) as url:
        text = flows(url).replace("[web", "[mobile")
        path = shop_targets.write_target(tmp_path, url, shop_targets.REST, more=text)
        phone = Phone(target_of(path), browser)
        ground = Ground(phone.target, phone)
        results = list(tried_in_turn(ground, (of_log_in.PROMISES[0], of_sales.PROMISES[1])))
        ground.close()
    assert [result.line for result in results if result.ending is not Ending.HOLDS] == []
    assert {order.status for order in shop.orders.values()} == {"CANCELLED"}
