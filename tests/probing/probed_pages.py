"""Pages as business systems show them, well and unwell."""

FORM = '<form><input name="user"><input type="password" name="secret"><button>Log in</button></form>'
SCRIPT = '<script type="module" src="/assets/app.js"></script>'


def page(body: str, head: str = "<title>Shop</title>") -> str:
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"


LOG_IN = page(f"<h1>Welcome</h1>{FORM}")
DRAWN = page(f'<div id="root"></div><noscript>Please switch JavaScript on.</noscript>{SCRIPT}')
