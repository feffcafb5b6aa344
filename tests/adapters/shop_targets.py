"""Target files of the small shop, one for each way its API can be declared."""

from __future__ import annotations

from tests.adapters.small_shop import PASSWORD, STORES

HEAD = """
[target]
name = "Thread & Needle"
adapter = "rest"
mode = "transact"

[business]
timezone = "Europe/Berlin"
go_live = 2026-01-08

[rounds]
retry_after = "1ms"

[api]
url = "{url}"

[canary]
branch = "TST"
customer = "Test client O'Hara"
products = {{ stock = "TST-RET", made_to_order = "TST-STU" }}
users = ["*.tst"]

[canary.roles]
sell = ["clerk"]
produce = ["tailor"]
undo = ["chief"]

[[api.endpoints]]
name = "health"
path = "/api/health"
expect = {{ state = "fine" }}
"""

REST = """
[[api.endpoints]]
name = "orders"
path = "/api/orders"
as_role = "clerk"
expect = { data = "<list>", "data.*.sum" = "<number>" }

[rest]
money = "cents"
error = "fault.text"
branches = { HAR = 7, OLD = 8, TST = 99 }
methods = { cash = "CASH", card = "CARD" }

[rest.log_in]
kind = "bearer"
path = "/api/session"
body = { login = "{username}", secret = "{password}" }
token = "jwt"

[rest.who]
path = "/api/whoami"
username = "login"
role = "job"
branch = "store.number"

[rest.log_out]
method = "DELETE"
path = "/api/session"

[rest.lookup.client_id]
path = "/api/clients"
query = { page = "{page}" }
pages = { by = "page" }
answer = "data"
match = "label"
equals = "{customer}"

[rest.lookup.article_id]
path = "/api/articles"
query = { search = "{product}" }
answer = "data"
match = "code"
equals = "{product}"

[rest.sale]
number = "no"
state = "status"
states = { draft = "OPEN", final = "PAID", void = "CANCELLED" }
total = "sum"
branch = "stores"
reference = "memo"
order = "job"
lines = "rows"
line = { description = "text", quantity = "qty", amount = "cents" }
payments = "receipts"
payment = { method = "how", amount = "cents" }

[rest.create_sale]
path = "/api/orders"
body = { client = "{client_id}", memo = "{reference}", items = "{lines}" }
line = { article = "{article_id}", qty = "{quantity}" }
answer = "order"

[rest.finalise_sale]
path = "/api/orders/{key}/settle"
body = { how = "{method}", cents = "{total}" }
answer = "order"

[rest.read_sale]
path = "/api/orders/{key}"
answer = "order"

[[rest.undo_sale]]
when = "draft"
method = "DELETE"
path = "/api/orders/{key}"

[[rest.undo_sale]]
when = "final"
path = "/api/orders/{key}/cancel"
body = { why = "{reason}" }

[rest.list_sales]
path = "/api/orders"
query = { page = "{page}" }
pages = { by = "page" }
answer = "data"

[rest.order]
number = "ref"
state = "phase"
states = { cancelled = "dropped" }
progress = "share"
progress_in = "share"
steps = "tasks"

[rest.order.step]
name = "label"
state = "mark"
states = { waiting = "todo", started = "doing", done = "done" }

[rest.read_order]
path = "/api/jobs/{order}"

[rest.start_step]
method = "POST"
path = "/api/jobs/{order}/tasks/{step}/begin"

[rest.finish_step]
method = "POST"
path = "/api/jobs/{order}/tasks/{step}/end"

[rest.add_cost]
path = "/api/jobs/{order}/spending"
body = { cents = "{amount}", memo = "{description}" }
"""

_BEARER = REST[REST.index("[rest.log_in]") : REST.index("[rest.who]")]


def _with_log_in(declared: str) -> str:
    return REST.replace(_BEARER, declared + "\n")


COOKIE = _with_log_in("""[rest.log_in]
kind = "cookie"
path = "/api/session"
body = { login = "{username}", secret = "{password}" }
""")

FORM = _with_log_in("""[rest.log_in]
kind = "form"
path = "/api/session"
form = { login = "{username}", secret = "{password}" }
""")

BASIC = _with_log_in('[rest.log_in]\nkind = "basic"\n').replace(
    '[rest.log_out]\nmethod = "DELETE"\npath = "/api/session"\n', ""
)

# A key of one's own for each person, instead of a log-in.
KEY = _with_log_in('[rest.log_in]\nkind = "key"\ncarry = { "X-Api-Key" = "{username}:{password}" }\n').replace(
    '[rest.log_out]\nmethod = "DELETE"\npath = "/api/session"\n', ""
)

ENCODED = _with_log_in("""[rest.log_in]
kind = "bearer"
path = "/api/session"
body = { login = "{username}", secret = "{password}" }
token = "jwt"
encoded = { ticket = "{username}:{token}" }
carry = { Authorization = "Session {ticket}" }
""")

ERRORS_IN_200 = REST.replace(
    'token = "jwt"\n',
    'token = "jwt"\nrefused_when = "fault.code==\'BAD_LOGIN\'"\nended_when = "fault.code==\'NO_SESSION\'"\n',
).replace("[rest.read_sale]\n", "[rest.read_sale]\ngone_when = \"fault.code=='NOT_FOUND'\"\n")

ONE_SESSION = REST.replace('money = "cents"\n', 'money = "cents"\none_session_per_user = true\n')

ONLY_DRAFTS = REST.replace(
    REST[REST.index('[[rest.undo_sale]]\nwhen = "final"') : REST.index("[rest.list_sales]")], ""
).replace('money = "cents"\n', 'money = "cents"\ncannot_undo = "a paid order is booked at once"\n')

_SHAPES = REST[REST.index("[rest.sale]") : REST.index("[rest.create_sale]")]
_ORDER_SHAPES = REST[REST.index("[rest.order]") : REST.index("[rest.read_order]")]
_WORDS = """
[rest]
money = "cents"
branches = { HAR = 7, OLD = 8, TST = 99 }
methods = { cash = "CASH", card = "CARD" }
"""

GRAPHQL = f"""{_WORDS}
[rest.log_in]
kind = "graphql"
graphql = "mutation($login: String!, $secret: String!) {{ login(login: $login, secret: $secret) {{ jwt }} }}"
variables = {{ login = "{{username}}", secret = "{{password}}" }}
token = "data.login.jwt"
carry = {{ Authorization = "Bearer {{token}}" }}
refused_when = "errors[?extensions.code=='BAD_LOGIN'] | [0]"
ended_when = "errors[?extensions.code=='NO_SESSION'] | [0]"

[rest.who]
graphql = "{{ me {{ login job store {{ number }} }} }}"
username = "login"
role = "job"
branch = "store.number"

[rest.log_out]
graphql = "mutation {{ logout }}"

[rest.lookup.client_id]
graphql = "query($search: String) {{ clients(search: $search) {{ id label }} }}"
variables = {{ search = "{{customer}}" }}
match = "label"
equals = "{{customer}}"

[rest.lookup.article_id]
graphql = "query($search: String) {{ articles(search: $search) {{ id code }} }}"
variables = {{ search = "{{product}}" }}
match = "code"
equals = "{{product}}"

{_SHAPES}
[rest.create_sale]
graphql = "mutation($input: Order!) {{ openOrder(input: $input) {{ id }} }}"
variables = {{ input = {{ client = "{{client_id}}", memo = "{{reference}}", items = "{{lines}}" }} }}
line = {{ article = "{{article_id}}", qty = "{{quantity}}" }}
gives = "key"

[rest.finalise_sale]
graphql = "mutation($id: ID!, $how: How!, $cents: Int!) {{ settleOrder(id: $id, how: $how, cents: $cents) {{ id }} }}"
variables = {{ id = "{{key}}", how = "{{method}}", cents = "{{total}}" }}
gives = "nothing"

[rest.read_sale]
graphql = "query($id: ID!) {{ order(id: $id) {{ id no status }} }}"
variables = {{ id = "{{key}}" }}
gone_when = "errors[?extensions.code=='NOT_FOUND'] | [0]"

[[rest.undo_sale]]
when = "draft"
graphql = "mutation($id: ID!) {{ dropOrder(id: $id) }}"
variables = {{ id = "{{key}}" }}

[[rest.undo_sale]]
when = "final"
graphql = "mutation($id: ID!, $why: String!) {{ cancelOrder(id: $id, why: $why) {{ id }} }}"
variables = {{ id = "{{key}}", why = "{{reason}}" }}

[rest.list_sales]
graphql = "query($after: String) {{ orders(after: $after) {{ nodes {{ id }} next }} }}"
variables = {{ after = "{{cursor}}" }}
answer = "data.orders.nodes"
pages = {{ by = "cursor", next = "data.orders.next" }}

{_ORDER_SHAPES}
[rest.read_order]
graphql = "query($number: Int!) {{ job(number: $number) {{ id }} }}"
variables = {{ number = "{{order}}" }}

[rest.start_step]
graphql = "mutation($number: Int!, $task: Int!) {{ moveTask(number: $number, task: $task, verb: begin) {{ id }} }}"
variables = {{ number = "{{order}}", task = "{{step}}", verb = "begin" }}

[rest.finish_step]
graphql = "mutation($number: Int!, $task: Int!) {{ moveTask(number: $number, task: $task, verb: end) {{ id }} }}"
variables = {{ number = "{{order}}", task = "{{step}}", verb = "end" }}
"""

JSON_RPC = f"""{_WORDS}
rpc_path = "/rpc"

[rest.log_in]
kind = "json-rpc"
rpc = "login"
params = {{ login = "{{username}}", secret = "{{password}}" }}
keep = {{ token = "result.jwt", store = "result.worker.store.number || 'none'" }}
carry = {{ Authorization = "Bearer {{token}}" }}

[rest.who]
rpc = "me"
username = "login"
role = "job"
branch = "store.number"

[rest.log_out]
rpc = "logout"

[rest.lookup.client_id]
rpc = "clients"
params = {{ search = "{{customer}}" }}
match = "label"
equals = "{{customer}}"

[rest.lookup.article_id]
rpc = "articles"
params = {{ search = "{{product}}" }}
match = "code"
equals = "{{product}}"

{_SHAPES}
[rest.create_sale]
rpc = "openOrder"
params = {{ input = {{ client = "{{client_id}}", memo = "{{reference}}", items = "{{lines}}" }} }}
line = {{ article = "{{article_id}}", qty = "{{quantity}}" }}
gives = "key"

[rest.finalise_sale]
rpc = "settleOrder"
params = {{ id = "{{key}}", how = "{{method}}", cents = "{{total}}" }}

[rest.read_sale]
rpc = "order"
params = {{ id = "{{key}}" }}
gone_when = "error.code == 'NOT_FOUND'"

[[rest.undo_sale]]
when = "draft"
rpc = "dropOrder"
params = {{ id = "{{key}}" }}

[[rest.undo_sale]]
when = "final"
rpc = "cancelOrder"
params = {{ id = "{{key}}", why = "{{reason}}" }}

[rest.list_sales]
rpc = "orders"
params = {{ after = "{{cursor}}" }}
answer = "result.nodes"
pages = {{ by = "cursor", next = "result.next" }}

{_ORDER_SHAPES}
[rest.read_order]
rpc = "job"
params = {{ number = "{{order:number}}" }}

[rest.start_step]
rpc = "moveTask"
params = {{ number = "{{order:number}}", task = "{{step:number}}", verb = "begin" }}

[rest.finish_step]
rpc = "moveTask"
params = {{ number = "{{order:number}}", task = "{{step:number}}", verb = "end" }}
"""


def accounts() -> str:
    named = [(job, code) for code in ("TST", *(one for one in STORES.values() if one != "TST")) for job in _JOBS]
    return "\n".join(
        f'[[accounts]]\nusername = "{job}.{code.lower()}"\nrole = "{job}"\nbranch = "{code}"\n'
        'password = { file = "password.txt" }\n'
        for job, code in named
    )


_JOBS = ("clerk", "tailor", "chief")


def write_target(folder, url: str, declared: str, *, more: str = ""):
    """The target file, with the password that it refers to."""
    (folder / "password.txt").write_text(PASSWORD, encoding="utf-8")
    path = folder / "target.toml"
    path.write_text(HEAD.format(url=url) + declared + accounts() + more, encoding="utf-8")
    return path
