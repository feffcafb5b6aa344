"""Which links are proven to show a page and do nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hypercare.http.action_words import STEMS, WORDS
from hypercare.http.navigation import Link, acts, only_navigates, origin_of, says_action

HOME = "https://shop.example.com/app"
ORIGIN = origin_of(HOME)


def link(href: str = "/orders", name: str = "Orders", form: str = "", **attributes: str) -> Link:
    whole = href if ":" in href else f"https://shop.example.com{href}"
    told = {key.replace("_", "-"): value for key, value in attributes.items()}
    return Link(whole, (name,) if name else (), told, form)


@pytest.mark.parametrize(
    "one",
    [
        link(),
        link("/orders/", "Aufträge"),
        link("/index.php?page=orders", "Commandes"),
        link("/list.do", "Pedidos"),
        link("/jobs/11", "11"),
        link("/start", "Start"),
        link("/", "Startseite"),
        link("https://shop.example.com:443/stock", "Voorraad"),
        link("/kurse", "Wechselkurse"),
        link("/seats", "Restaurant"),
        link("/activities", "Attività"),
        link("/assets", "Активы"),
        link("/x", "受注一覧"),
        link("/orders", "Orders", target="_self"),
        link("/orders", "Orders", hx_boost="true", role="menuitem"),
        link("/orders", "Orders", form="get"),
        link("/orders", "", **{"class": "nav-link active", "data-id": "4"}),
    ],
    ids=lambda one: one.href,
)
def test_what_only_shows_is_followed(one):
    assert only_navigates(one, ORIGIN)


@pytest.mark.parametrize(
    "one",
    [
        link("http://shop.example.com/orders"),
        link("https://other.example.com/orders"),
        link("https://shop.example.com:8443/orders"),
        link("javascript:void(0)"),
        link("mailto:x@example.com"),
        link("/company/2/switch", "South"),
        link("/orders?company=2", "South"),
        link("/orders?_method=delete"),
        link("/orders?token=abc"),
        link("/orders;jsessionid=1?do=purgeAll"),
        link("/orders?lang=de", "Deutsch"),
        link("/admin/backupRun", "Nightly"),
        link("/l%C3%B6schen/4", "4"),
        link("/orders/4/open", "4"),
        link("/till", "Open the till"),
        link("/export.csv", "Everything"),
        link("/list.pdf", "List"),
        link(name="Cache leeren"),
        link(name="Vider le cache"),
        link(name="Cerrar sesión"),
        link(name="Esci"),
        link(name="Apagar tudo"),
        link(name="Verwijderen"),
        link(name="Usuń"),
        link(name="Çıkış"),
        link(name="Выйти"),
        link(name="Видалити"),
        link(name="Odhlásit"),
        link(name="Logga ut"),
        link(name="Kirjaudu ulos"),
        link(name="ログアウト"),
        link(name="退出"),
        link(name="로그아웃"),
        link(name="تسجيل الخروج"),
        link(name="ใบสั่งซื้อ"),
        link(data_method="delete"),
        link(data_turbo_confirm="Sure?"),
        link(onclick="x()"),
        link(hx_delete="/orders/1"),
        link(rel="nofollow noopener"),
        link(target="_blank"),
        link(download=""),
        link(role="button"),
        link(aria_pressed="false"),
        link(**{"class": "btn btn-danger"}),
        link(form="post"),
    ],
    ids=lambda one: f"{one.href} {one.names} {one.attributes}",
)
def test_what_may_do_something_is_left_alone(one):
    assert not only_navigates(one, ORIGIN)


@given(
    st.sampled_from(sorted({*STEMS, *WORDS} - {"start"})), st.sampled_from(["{}", "All: {}", "orders {} now", "{}!"])
)
def test_a_word_for_a_deed_is_known_wherever_it_stands(word, around):
    assert says_action(around.format(word))
    assert says_action(around.format(word.upper()))


@given(st.sampled_from(sorted(word for word in STEMS if word.isascii())))
def test_a_deed_in_an_address_is_known_in_its_path_and_in_its_query(stem):
    assert acts(f"https://x.example/orders/4/{stem}")
    assert acts(f"https://x.example/orders?do={stem}")
    assert acts(f"https://x.example/orders?{stem}=1")
