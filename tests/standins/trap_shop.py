"""A small shop's web app full of traps: whatever is touched, followed or waited for does something."""

from __future__ import annotations

import base64
import hashlib
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LOG_IN = """<!doctype html><title>Shop</title><h1>Welcome</h1>
<form method="post" action="/login"><label>Name <input name="u"></label>
<label>Password <input type="password" name="p"></label><button>Sign in</button></form>
<script>fetch('/visits', {method: 'POST'}).catch(() => {}); navigator.sendBeacon('/seen', '1');</script>"""

# What happens by itself on each page behind the log-in, and when anything on it is touched.
_BY_ITSELF = """<script>
const does = (path, method = 'POST') => fetch(path, {method}).catch(() => {});
does('/presence'); does('/orders/1', 'PUT'); does('/orders/1', 'PATCH'); does('/orders/1', 'DELETE');
navigator.sendBeacon('/read-mark', 'all');
for (const kind of ['focus', 'blur', 'scroll', 'click', 'touchstart', 'touchend', 'pointerdown', 'pointerup',
    'mousedown', 'mouseover', 'pointermove', 'keydown', 'input'])
  // A page that is left is blurred whatever one does.
  window.addEventListener(kind, () => { does('/on/' + kind); if (kind !== 'blur') does('/on/' + kind, 'GET'); }, true);
for (const kind of ['beforeunload', 'pagehide', 'unload', 'visibilitychange']) addEventListener(kind, () => {
  navigator.sendBeacon('/left', '1'); fetch('/left-too', {method: 'POST', keepalive: true}).catch(() => {});
  const last = new XMLHttpRequest(); last.open('POST', '/left-at-last'); last.send('1');
});
const socket = new WebSocket('ws://' + location.host + '/socket');
socket.onopen = () => socket.send('{"void": 1}');
</script>"""
_MIDDLE = """<main style="height:600px;padding:150px 20px"><button id="void" style="width:100%;height:250px"
 onclick="fetch('/orders/1/void', {method: 'POST'})">Void order 1</button></main>"""
_LINKS = """<nav>
<a href="/orders">Orders</a> <a href="/customers">Customers</a> <a href="/reports?year=2026">Reports</a>
<a href="/cache/clear">Clear cache</a> <a href="/backup/run">Run backup</a> <a href="/company/2/switch">To South</a>
<a href="/context?company=2">South</a> <a href="/drafts/delete-all">All drafts</a> <a href="/logout">Log out</a>
<a href="/session/end" title="Abmelden"><img alt="" src="/x.png"></a> <a href="/belege/7">Stornieren</a>
<a href="/zadania/7">Usuń</a> <a href="/caja">Cerrar caja</a> <a href="/taches/4" aria-label="Supprimer">x</a>
<a href="/jobs?do=restart">Jobs</a> <a href="/rows/3" data-method="delete">Row</a>
<a href="/rows/4" data-confirm="Sure?">Row</a> <a href="/rows/5" onclick="return go(this)">Row</a>
<a href="/rows/6" hx-post="/rows/6/book">Row</a> <a href="/rows/7" role="button">Row</a>
<a href="/rows/8" rel="nofollow">Row</a> <a href="/rows/9" target="_blank">Row</a> <a href="/all.csv">Rows</a>
<a href="/rows/10" download>Row</a> <a href="javascript:fetch('/rows/11', {method: 'POST'})">Row</a>
<a href="http://localhost:1/elsewhere">Elsewhere</a> <a href="/lang?lang=de">Deutsch</a> <a href="/новое/1">Заказ</a>
</nav>"""
_SUBMITS_ITSELF = """<form id="f" method="post" action="/orders/2/void"><input name="reason" autofocus></form>
<form id="g" method="get" action="/orders/3/void"><input name="reason" value="x"></form>
<script>setTimeout(() => f.submit(), 50); setTimeout(() => g.submit(), 120);</script>"""
_LEADS_ON = """<script>setTimeout(() => { location = '/orders/4/void'; }, 50)</script>"""
_WORKER = """<script>
new Worker('/worker.js');
try { new SharedWorker('/worker.js'); } catch {}
navigator.serviceWorker?.register('/worker.js');
</script>"""

INSIDE = f"<!doctype html><title>Shop</title><meta name=viewport content='width=device-width'>{_LINKS}<h2>Orders</h2>"
PAGES = {
    "/": INSIDE + _MIDDLE + _BY_ITSELF,
    "/orders": INSIDE + _MIDDLE + _BY_ITSELF + _WORKER,
    "/customers": INSIDE + _SUBMITS_ITSELF,
    "/reports": INSIDE + _LEADS_ON,
}
# What a look at this shop may ask for.
HARMLESS = {
    *(("GET", path) for path in (*PAGES, "/login", "/socket", "/worker.js", "/x.png", "/favicon.ico")),
    ("POST", "/login"),
}


class TrapShop:
    """`arrived` is everything that it was asked for: method and path."""

    def __init__(self) -> None:
        self.arrived: list[tuple[str, str]] = []
        shop = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # else the body waits 40 ms for the acknowledgement of its head

            def do_GET(self) -> None:
                shop._take(self)
                path = self.path.partition("?")[0]
                if path == "/socket":
                    shop._listen(self)
                elif path == "/worker.js":
                    shop._send(self, "fetch('/from-worker', {method: 'POST'}).catch(() => {})", "text/javascript")
                elif "in=1" not in self.headers.get("cookie", ""):
                    shop._send(self, LOG_IN)
                else:
                    shop._send(self, PAGES.get(path, INSIDE))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
                shop._take(self)
                if self.path == "/login" and "correct-horse" in body:
                    self.send_response(303)
                    self.send_header("set-cookie", "in=1; Path=/")
                    self.send_header("location", "/")
                    self.send_header("content-length", "0")
                    self.end_headers()
                else:
                    shop._send(self, LOG_IN)

            do_PUT = do_PATCH = do_DELETE = do_POST  # noqa: N815 - the names are the library's

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def harm(self) -> set[tuple[str, str]]:
        """What arrived and should not have."""
        return set(self.arrived) - HARMLESS

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _listen(self, handler: BaseHTTPRequestHandler) -> None:
        """Open a web socket; that anything was said on it has arrived, too."""
        key = handler.headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        handler.send_response(101)
        handler.send_header("upgrade", "websocket")
        handler.send_header("connection", "Upgrade")
        handler.send_header("sec-websocket-accept", base64.b64encode(hashlib.sha1(key.encode()).digest()).decode())
        handler.end_headers()
        with suppress(OSError):
            while len(head := handler.rfile.read(2)) == 2:
                if head[0] & 0x0F in {1, 2}:
                    self.arrived.append(("message", "/socket"))
                handler.rfile.read(4 + (head[1] & 0x7F))
        handler.close_connection = True

    def _take(self, handler: BaseHTTPRequestHandler) -> None:
        self.arrived.append((handler.command, handler.path.partition("?")[0]))

    def _send(self, handler: BaseHTTPRequestHandler, text: str, media_type: str = "text/html") -> None:
        body = text.encode()
        with suppress(ConnectionError):
            handler.send_response(200)
            handler.send_header("content-type", f"{media_type}; charset=utf-8")
            handler.send_header("content-length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)
