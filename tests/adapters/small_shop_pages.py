"""The small shop's pages: plain forms, labels and tables, amounts in the German tradition."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.adapters.small_shop import STORES, Fault, Order, SmallShop, Worker

_STATES = {"OPEN": "Offen", "PAID": "Bezahlt", "CANCELLED": "Storniert"}
_MARKS = {"todo": "wartet", "doing": "läuft", "done": "fertig"}


class ShopPages:
    def __init__(self, shop: SmallShop) -> None:
        self.shop = shop

    @property
    def routes(self) -> list[Route]:
        pages: list[tuple[str, str, Callable[..., Any]]] = [
            ("GET", "/", self._home),
            ("GET", "/orders", self._orders),
            ("GET", "/orders/new", self._new),
            ("POST", "/orders/new", self._open),
            ("GET", "/orders/{key}", self._order),
            ("POST", "/orders/{key}/{verb}", self._change),
            ("GET", "/jobs/{number}", self._job),
            ("POST", "/jobs/{number}/{task}/{verb}", self._move),
        ]
        made = [Route(path, self._page(does), methods=[method]) for method, path, does in pages]
        return [
            Route("/login", self._log_in, methods=["GET", "POST"]),
            Route("/logout", self._log_out, methods=["POST"]),
            *made,
        ]

    def _page(self, does: Callable[..., Any]) -> Callable[..., Any]:
        async def answer(request: Request) -> Response:
            try:
                worker = self.shop.who(request.cookies.get("sid"))
            except Fault:
                return RedirectResponse("/login", 303)
            form = dict(await request.form()) if request.method == "POST" else {}
            try:
                told = does(worker=worker, form=form, **request.path_params)
            except Fault as fault:
                return _html(f'<p role="alert">{escape(fault.text)}</p>', fault.status)
            return told if isinstance(told, Response) else _html(told)

        return answer

    async def _log_in(self, request: Request) -> Response:
        said = ""
        if request.method == "POST":
            form = await request.form()
            try:
                token = self.shop.log_in(str(form["login"]), str(form["secret"]))
            except Fault as fault:
                said = f'<p role="alert">{escape(fault.text)}</p>'
            else:
                response = RedirectResponse("/", 303)
                response.set_cookie("sid", token, httponly=True)
                return response
        return _html(
            f"""{said}<form method="post"><label>Benutzer <input name="login"></label>
            <label>Kennwort <input type="password" name="secret"></label><button>Anmelden</button></form>"""
        )

    async def _log_out(self, request: Request) -> Response:
        self.shop.sessions.pop(request.cookies.get("sid", ""), None)
        return RedirectResponse("/login", 303)

    def _home(self, worker: Worker, **_: Any) -> str:
        store = STORES.get(worker.store or 0, "")
        return f'<p role="status" aria-label="Angemeldet">{worker.login} ({worker.job}, {store})</p>'

    def _orders(self, worker: Worker, **_: Any) -> str:
        rows = "".join(
            f'<tr><td><a href="/orders/{one.id}">{one.no or "–"}</a></td><td>{_STATES[one.status]}</td>'
            f"<td>{_euro(one.cents)}</td></tr>"
            for one in self.shop.listed(worker)[:50]
        )
        head = "<thead><tr><th>Nummer</th><th>Stand</th><th>Summe</th></tr></thead>"
        return f"<table><caption>Aufträge</caption>{head}<tbody>{rows}</tbody></table>"

    def _new(self, **_: Any) -> str:
        clients = "".join(f'<option value="{n}">{escape(name)}</option>' for n, name in self.shop.clients.items())
        articles = "".join(f'<option value="{n}">{one["code"]}</option>' for n, one in self.shop.articles.items())
        lines = "".join(
            f"""<fieldset><legend>Zeile {n}</legend><label>Artikel <select name="article{n}"><option></option>{articles}
            </select></label><label>Menge <input name="qty{n}"></label></fieldset>"""
            for n in (1, 2)
        )
        return f"""<form method="post"><label>Kunde <select name="client">{clients}</select></label>{lines}
            <label>Vermerk <input name="memo"></label><button>Speichern</button></form>"""

    def _open(self, worker: Worker, form: dict[str, str], **_: Any) -> Response:
        items = [
            {"article": int(form[f"article{n}"]), "qty": int(form[f"qty{n}"])}
            for n in (1, 2)
            if form.get(f"article{n}")
        ]
        order = self.shop.open(worker, int(form["client"]), items, form["memo"])
        return RedirectResponse(f"/orders/{order.id}", 303)

    def _order(self, worker: Worker, key: str, **_: Any) -> str:
        order = self.shop.order(worker, key)
        job = f'<a href="/jobs/{order.job}">Werkauftrag</a>' if order.job else ""
        return f"""<h1>Auftrag {order.no or ""}</h1><p role="status" aria-label="Stand">{_STATES[order.status]}</p>
            <table><caption>Posten</caption><thead><tr><th>Artikel</th><th>Menge</th><th>Betrag</th></tr></thead><tbody>
            {_rows((row["text"], row["qty"], _euro(row["cents"])) for row in order.rows)}</tbody></table>
            <table><caption>Zahlungen</caption><thead><tr><th>Art</th><th>Betrag</th></tr></thead><tbody>
            {_rows((paid["how"], _euro(paid["cents"])) for paid in order.receipts)}</tbody></table>
            <p data-sum>Summe {_euro(order.cents)}</p><p role="note" aria-label="Vermerk">{escape(order.memo)}</p>{job}
            {_buttons(order)}"""

    def _change(self, worker: Worker, key: str, verb: str, form: dict[str, str], **_: Any) -> Response:
        if verb == "settle":
            self.shop.settle(worker, key, form["how"], self.shop.order(worker, key).cents)
        elif verb == "drop":
            self.shop.drop(worker, key)
            return RedirectResponse("/orders", 303)
        else:
            self.shop.cancel(worker, key, form["why"])
        return RedirectResponse(f"/orders/{key}", 303)

    def _job(self, worker: Worker, number: str, **_: Any) -> str:
        job = self.shop.shown_job(self.shop.job(worker, int(number)))
        rows = _rows((one["id"], one["label"], _MARKS[one["mark"]]) for one in job["tasks"])
        forms = "".join(
            f'<form method="post" action="/jobs/{number}/{one["id"]}/{verb}"><button>{word} {one["id"]}</button></form>'
            for one in job["tasks"]
            for verb, word in (("begin", "Beginnen"), ("end", "Beenden"))
        )
        return f"""<h1>Werkauftrag {job["ref"]}</h1><p role="status" aria-label="Stand">{job["phase"]}</p>
            <p data-share>{round(job["share"] * 100)} %</p><table><caption>Schritte</caption><thead><tr><th>Nr</th>
            <th>Schritt</th><th>Stand</th></tr></thead><tbody>{rows}</tbody></table>{forms}"""

    def _move(self, worker: Worker, number: str, task: str, verb: str, **_: Any) -> Response:
        self.shop.move(worker, int(number), int(task), verb)
        return RedirectResponse(f"/jobs/{number}", 303)


def _buttons(order: Order) -> str:
    if order.status == "OPEN":
        return f"""<form method="post" action="/orders/{order.id}/settle"><label>Zahlart <select name="how">
            <option value="CASH">Bar</option><option value="CARD">Karte</option></select></label>
            <button>Abschließen</button></form>
            <form method="post" action="/orders/{order.id}/drop" onsubmit="return confirm('Wirklich?')">
            <button>Verwerfen</button></form>"""
    if order.status == "PAID":
        return f"""<form method="post" action="/orders/{order.id}/cancel"><label>Grund <input name="why"></label>
            <button>Stornieren</button></form>"""
    return ""


def _rows(rows: Any) -> str:
    return "".join("<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows)


def _euro(cents: int) -> str:
    sign, cents = ("-" if cents < 0 else ""), abs(cents)
    return f"{sign}{cents // 100:,}".replace(",", ".") + f",{cents % 100:02} €"


def _html(body: str, status: int = 200) -> HTMLResponse:
    menu = '<nav><a href="/">Start</a> <a href="/orders">Aufträge</a></nav>'
    out = '<form method="post" action="/logout"><button>Abmelden</button></form>'
    return HTMLResponse(
        f'<!doctype html><html lang="de"><head><title>Faden</title></head><body>{menu}{body}{out}</body></html>', status
    )
