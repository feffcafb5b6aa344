"""The small shop's pages as flows of a target file."""

# ruff: noqa: E501 - an inline table of TOML stands on one line

FLOWS = """
[web]
url = "{url}"

[web.flow]
decimal_mark = ","
states = {{ draft = "Offen", final = "Bezahlt", void = "Storniert" }}
step_states = {{ waiting = "wartet", started = "läuft", done = "fertig" }}
order_states = {{ cancelled = "dropped" }}
methods = {{ cash = ["Bar", "CASH"] }}

log_in = [
  {{ go = "login" }},
  {{ fill = "Benutzer", value = "{{username}}" }},
  {{ fill = "Kennwort", value = "{{password}}" }},
  {{ click = "Anmelden" }},
]
who = [
  {{ read = "username", role = "status", name = "Angemeldet", pattern = '^(\\\\S+)' }},
  {{ read = "role", role = "status", name = "Angemeldet", pattern = '\\\\((\\\\w+),' }},
  {{ read = "branch", role = "status", name = "Angemeldet", pattern = ', (\\\\w*)' }},
]
log_out = [ {{ click = "Abmelden" }} ]

create_sale = [
  {{ go = "orders/new" }},
  {{ choose = "Kunde", value = "{{customer}}" }},
  {{ choose = "Artikel", inside = "group: Zeile {{line}}", value = "{{product}}", each = "line" }},
  {{ fill = "Menge", inside = "group: Zeile {{line}}", value = "{{quantity}}", each = "line" }},
  {{ fill = "Vermerk", value = "{{reference}}" }},
  {{ click = "Speichern" }},
  {{ expect = "Posten" }},
  {{ read = "key", source = "address", pattern = "/orders/([^/?]+)$" }},
]
finalise_sale = [
  {{ go = "orders/{{key}}" }},
  {{ choose = "Zahlart", value = "{{method}}" }},
  {{ click = "Abschließen" }},
]
read_sale = [
  {{ go = "orders/{{key}}" }},
  {{ read = "number", role = "heading", pattern = "Auftrag ?(.*)" }},
  {{ read = "state", role = "status", name = "Stand" }},
  {{ read = "lines", table = "Posten", columns = {{ description = "Artikel", quantity = "Menge", amount = "Betrag" }} }},
  {{ read = "payments", table = "Zahlungen", columns = {{ method = "Art", amount = "Betrag" }} }},
  {{ read = "total", css = "[data-sum]" }},
  {{ read = "reference", role = "note", name = "Vermerk" }},
  {{ read = "order", role = "link", name = "Werkauftrag", attribute = "href", pattern = "/jobs/(.*)", optional = true }},
]
undo_sale = [
  {{ click = "Verwerfen", when = "draft", accept = true }},
  {{ fill = "Grund", value = "{{reason}}", when = "final" }},
  {{ click = "Stornieren", when = "final" }},
]
list_sales = [
  {{ go = "orders" }},
  {{ read = "sales", table = "Aufträge", columns = {{ number = "Nummer", state = "Stand", total = "Summe" }}, links = {{ key = "/orders/(.*)" }} }},
]
read_order = [
  {{ go = "jobs/{{order}}" }},
  {{ read = "number", role = "heading", pattern = "Werkauftrag (.*)" }},
  {{ read = "state", role = "status", name = "Stand" }},
  {{ read = "progress", css = "[data-share]" }},
  {{ read = "steps", table = "Schritte", columns = {{ key = "Nr", name = "Schritt", state = "Stand" }} }},
]
start_step = [ {{ go = "jobs/{{order}}" }}, {{ click = "Beginnen {{step}}" }} ]
finish_step = [ {{ go = "jobs/{{order}}" }}, {{ click = "Beenden {{step}}" }} ]
"""


def flows(url: str) -> str:
    return FLOWS.replace("\\\\", "\\").format(url=url)
