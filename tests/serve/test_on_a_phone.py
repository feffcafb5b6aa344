"""In a real browser: a phone acknowledges and answers, the keyboard alone does, and scripts of pages reach nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from hypercare.browser.browser import Browser
from tests.serve.served_shop import REVIEWER, TODAY, VIEWER, ServedShop, password_of

pytestmark = [pytest.mark.browser, pytest.mark.server]
ALLURE = """<!doctype html><html><head><title>waiting</title></head><body><script>
localStorage.setItem("theme", "dark");
const form = { method: "POST", body: new URLSearchParams({ note: "x" }) };
const tries = [fetch("/trail"), fetch("/incidents/1/resolve", form)];
Promise.allSettled(tries).then((ended) => {
  let cookie = "none"; try { cookie = document.cookie || "none"; } catch (error) { cookie = "refused"; }
  document.title = [localStorage.getItem("theme"), cookie, ...ended.map((one) => one.status)].join(" ");
});
</script><a href="/trail">Trail</a></body></html>"""
PAGES = ("/", "/incidents/1", "/incidents/2", f"/day/{TODAY}", "/reports", "/trail", "/reports/latest/", "/nothing")
SMALL = """() => [...document.querySelectorAll("a, button, input:not([type=hidden]), select, textarea, summary")]
  .filter((one) => one.offsetParent !== null && !one.classList.contains("skip"))
  .filter((one) => { const box = one.getBoundingClientRect(); return box.height < 24 || box.width < 24; })
  .map((one) => one.outerHTML)"""


class Phone:
    """A phone of this width, with what its pages said on the console and asked for elsewhere."""

    def __init__(self, browser: Browser, shop: ServedShop, width: int = 390, scheme: str = "light") -> None:
        self.base = shop.base
        options = {"viewport": {"width": width, "height": 844}, "is_mobile": True, "has_touch": True}
        self.context = browser.context({**options, "color_scheme": scheme})
        self.page: Any = self.context.new_page()
        self.said: list[str] = []
        self.elsewhere: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.said.append(dialog.message), dialog.dismiss()))
        self.page.on("request", lambda request: self._asked(request.url))

    def _asked(self, address: str) -> None:
        if not address.startswith((self.base, "data:")):
            self.elsewhere.append(address)

    def open(self, path: str) -> Any:
        return self.page.goto(f"{self.base}{path}")

    def log_in(self, name: str = REVIEWER) -> None:
        self.open("/")
        self.page.get_by_label("Name").fill(name)
        self.page.get_by_label("Password").fill(password_of(name))
        self.page.get_by_role("button", name="Log in").tap()
        self.page.get_by_role("heading", name="incident").first.wait_for()

    @property
    def overflow(self) -> int:
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.fixture
def phone(browser: Browser, own_shop: ServedShop) -> Iterator[Phone]:
    held = Phone(browser, own_shop)
    yield held
    held.context.close()


def test_a_reviewer_acknowledges_with_one_tap(phone: Phone, own_shop: ServedShop) -> None:
    phone.log_in()
    phone.page.get_by_role("button", name="I'm on it: incident 1").tap()
    phone.page.get_by_role("status").get_by_text("You are on it").wait_for()
    assert own_shop.incidents.one(1).acknowledged_by == REVIEWER
    assert (phone.said, phone.elsewhere) == ([], [])


def test_a_reviewer_answers_writes_down_and_signs(phone: Phone, own_shop: ServedShop) -> None:
    phone.log_in()
    page = phone.page
    page.get_by_role("link", name="The day").tap()
    page.get_by_label("The answer, in a sentence others can check").fill("Jo takes them on, by Friday")
    page.get_by_role("button", name="Answer", exact=True).tap()
    page.get_by_text("Your answer is written down").wait_for()
    page.get_by_label("What was done").fill("A new cable")
    page.get_by_role("button", name="Write it down").tap()
    page.get_by_role("listitem").filter(has_text="A new cable").wait_for()
    page.get_by_role("button", name=f"Sign as {REVIEWER}").tap()
    page.get_by_text("Signed, and the report shows it.").wait_for()
    said = own_shop.annotations.of_day(own_shop.site.acts.today(own_shop.incidents.one(1).opened))
    assert said.answers["errors.fix-plan"].answer == "Jo takes them on, by Friday"
    assert [one.note for one in said.actions] == ["A new cable"]
    assert said.sign_off is not None
    assert said.sign_off.by == REVIEWER
    assert phone.said == []


def test_a_viewer_finds_nothing_to_tap(phone: Phone) -> None:
    phone.log_in(VIEWER)
    for path in ("/", "/incidents/1", f"/day/{TODAY}"):
        phone.open(path)
        assert phone.page.get_by_role("button").all_inner_texts() == ["Log out"]


def test_the_keyboard_alone_logs_in_and_acknowledges(phone: Phone, own_shop: ServedShop) -> None:
    phone.open("/")
    keyboard = phone.page.keyboard
    phone.page.locator("#name:focus").wait_for()
    keyboard.type(REVIEWER)
    keyboard.press("Tab")
    keyboard.type(password_of(REVIEWER))
    keyboard.press("Enter")
    phone.page.get_by_role("button", name="I'm on it: incident 1").wait_for()
    for _ in range(30):
        keyboard.press("Tab")
        if phone.page.evaluate("document.activeElement.getAttribute('aria-label')") == "I'm on it: incident 1":
            break
    keyboard.press("Enter")
    phone.page.get_by_role("status").wait_for()
    assert own_shop.incidents.one(1).acknowledged_by == REVIEWER


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (320, "dark")])
def test_every_page_fits_a_phone_and_a_finger_and_runs_nothing(
    browser: Browser, shop: ServedShop, width: int, scheme: str
) -> None:
    phone = Phone(browser, shop, width, scheme)
    phone.open("/login")
    assert phone.page.evaluate(SMALL) == []
    phone.log_in()
    for path in PAGES:
        status = phone.open(path).status
        assert phone.overflow == 0, path
        assert phone.page.evaluate(SMALL) == [], path
        assert phone.page.title() != "run", path
        assert [one for one in phone.said if status == 200 or "404" not in one] == [], path
        phone.said.clear()
    assert phone.elsewhere == []
    phone.context.close()


def test_what_runs_in_allures_page_reads_and_does_nothing_here(phone: Phone, own_shop: ServedShop) -> None:
    (own_shop.reports / TODAY / "day" / "allure" / "index.html").write_text(ALLURE, encoding="utf-8")
    phone.log_in()
    phone.open("/reports/latest/allure/index.html")
    phone.page.wait_for_function("document.title !== 'waiting'")
    assert phone.page.title() == "dark refused rejected rejected"
    assert own_shop.incidents.one(1).is_open


def test_a_link_from_elsewhere_leads_whoever_is_logged_in_to_its_page(phone: Phone) -> None:
    phone.log_in()
    phone.page.goto(f"data:text/html,<a href='{phone.base}/incidents/1'>a mail</a>")
    phone.page.get_by_role("link").tap()
    phone.page.get_by_role("heading", name="The web app does not answer.").wait_for()


def test_a_form_from_elsewhere_does_nothing(phone: Phone, own_shop: ServedShop) -> None:
    phone.log_in()
    form = f"<form method=post action='{phone.base}/incidents/1/acknowledge'><input name=seen><button>x</button></form>"
    phone.page.goto(f"data:text/html,{form}")
    phone.page.get_by_role("button").tap()
    phone.page.get_by_text("Nothing was done").wait_for()
    assert own_shop.incidents.one(1).acknowledged is None


def test_a_message_is_answered_by_its_link(phone: Phone, own_shop: ServedShop) -> None:
    token = own_shop.site.links.new(1, timedelta(hours=1))
    phone.open(f"/link/{token}")
    phone.page.get_by_label("Your name").fill("Jo")
    phone.page.get_by_role("button", name="I'm on it").tap()
    phone.page.get_by_role("heading", name="Jo, you are on it").wait_for()
    assert own_shop.incidents.one(1).acknowledged_by == "Jo"
    assert phone.said == []
