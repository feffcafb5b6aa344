"""Pages that are declared as steps are worked with as a person would; a page object in Python does the same."""

import time

import pytest
from starlette.responses import Response
from starlette.routing import Route

from hypercare.browser.browser import Browser
from hypercare.conformance import of_log_in, of_sales, of_undoing
from hypercare.conformance.ground import Ground
from hypercare.conformance.promise import Ending
from hypercare.conformance.runner import tried_in_turn
from hypercare.outcome.signals import ChannelDown, CheckFailed, NotCovered
from hypercare.target_file.business_terms import Task
from hypercare.target_file.loading import TargetFileProblem, load_target
from hypercare.web.web import Web
from tests.adapters import shop_targets
from tests.adapters.serving import served
from tests.adapters.shop_flows import flows
from tests.adapters.small_shop import SmallShop
from tests.adapters.small_shop_api import ShopApi
from tests.adapters.small_shop_pages import ShopPages
from tests.adapters.trying import target_of

pytestmark = pytest.mark.server

PAGE_OBJECT = """
from hypercare.clients.client import Who
from hypercare.clients.page_object import PageObject

class ShopPages(PageObject):
    def sales_listed(self, query=""):
        self.page_session.go("orders")
        with self.doing("list sales"):
            return [row.inner_text() for row in self.page.locator("tbody tr").all()]
"""


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
def shop():
    return SmallShop()


@pytest.fixture
def url(shop):
    with served([*ShopApi(shop).routes, *ShopPages(shop).routes]) as address:
        yield address


def web_of(tmp_path, url, browser, text):
    path = shop_targets.write_target(tmp_path, url, shop_targets.REST, more=text)
    return Web(target_of(path), browser)


@pytest.mark.long
def test_promises_hold_in_the_browser(tmp_path, url, browser, shop):
    web = web_of(tmp_path, url, browser, flows(url))
    ground = Ground(web.target, web)
    promises = (
        *of_log_in.PROMISES[:2],
        of_sales.PROMISES[1],
        of_undoing.PROMISES[0],
    )
    results = list(tried_in_turn(ground, promises))
    ground.close()
    assert [result.line for result in results if result.ending is not Ending.HOLDS] == []
    assert {order.status for order in shop.orders.values()} <= {"CANCELLED"}


@pytest.mark.long
def test_a_button_that_is_not_there_is_told_in_words(tmp_path, url, browser):
    text = flows(url).replace('url = "', 'timeout = "1s"\nurl = "', 1).replace("Speichern", "Sichern")
    web = web_of(tmp_path, url, browser, text)
    ground = Ground(web.target, web)
    with (
        pytest.raises(
            CheckFailed, match=r'create_sale, step 6 \(click "Sichern"\): there is no such button on the page'
        ),
        ground.client_for(Task.SELL) as client,
        ground.synthetic.sale(client),
    ):
        pass
    ground.close()


@pytest.mark.long
def test_a_page_that_does_not_come_after_a_button_was_pressed_is_slow(tmp_path, shop, browser):
    def late(_request):
        time.sleep(4)
        return Response("at last")

    with served([Route("/", late), *ShopApi(shop).routes, *ShopPages(shop).routes]) as url:
        web = web_of(tmp_path, url, browser, flows(url).replace('url = "', 'timeout = "1s"\nurl = "', 1))
        with pytest.raises(ChannelDown, match="too slow to work with"), web.client(Ground(web.target, web).seller):
            pass


@pytest.mark.long
def test_without_steps_for_it_somebody_logs_in_as_anybody_would(tmp_path, url, browser):
    web = web_of(tmp_path, url, browser, f'[web]\nurl = "{url}"\n[web.flow]\ndecimal_mark = ","\n')
    ground = Ground(web.target, web)
    with web.client(ground.seller) as client:
        assert client.is_logged_in()
        with pytest.raises(NotCovered, match="does not say how a sale is created in the web app"):
            ground.synthetic.sale(client).__enter__()
    with web.client() as client:
        assert not client.accepts("clerk.tst", "wrong")


@pytest.mark.long
def test_a_page_object_beside_the_target_file_is_used(tmp_path, url, browser, shop):
    (tmp_path / "pages.py").write_text(PAGE_OBJECT)
    web = web_of(tmp_path, url, browser, f'[web]\nurl = "{url}"\npages = "pages.py:ShopPages"\n')
    shop.open(shop.workers["clerk.tst"], 1, [{"article": 502, "qty": 1}], "by hand")
    with web.client(Ground(web.target, web).seller) as client:
        assert ["Offen" in row for row in client.sales_listed()] == [True]


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        ('click = "Anmelden"', 'clik = "Anmelden"', r"unknown key 'web.flow.log_in.3.clik'; did you mean 'click'\?"),
        ('value = "{username}"', 'value = "{usrname}"', r"no value for {usrname}; did you mean {username}\?"),
        ('{ click = "Abmelden" }', '{ click = "x", go = "y" }', "exactly one of go, fill.*; here is go and click"),
        ("pattern = '^(", "pattern = '^(?:", "needs a pair of brackets around the part that is wanted"),
        ("who = [", "hwo = [", r"line \d+: unknown key 'web.flow.hwo'; did you mean 'who'\?"),
    ],
)
def test_a_step_that_is_declared_wrongly_is_one_clear_line(tmp_path, right, wrong, says):
    text = flows("http://127.0.0.1:9")
    assert right in text
    path = shop_targets.write_target(
        tmp_path, "http://127.0.0.1:9", shop_targets.REST, more=text.replace(right, wrong, 1)
    )
    with pytest.raises(TargetFileProblem, match=says):
        load_target(path)
