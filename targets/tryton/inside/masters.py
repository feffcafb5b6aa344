"""What a business has before its first day, put into an empty Tryton through proteus. Runs inside Tryton's own venv.

Three companies stand for branches: two that trade and one kept for trials. All three share parties, products and the
bill of materials, which is how Tryton is meant to be used.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from proteus import Model
from trytond.modules.account.tests.tools import create_chart, create_fiscalyear, get_accounts
from trytond.modules.account_invoice.tests.tools import set_fiscalyear_invoice_sequences
from trytond.modules.currency.tests.tools import get_currency

BRANCHES = ("Branch North", "Branch South", "Branch Training")
TRAINING = BRANCHES[-1]
STEPS = (("Cutting", "10", "cycle"), ("Assembly", "8", "hour"), ("Finishing", "6", "cycle"))
COUNTER = ("Sales", "Party Administration", "POS", "POS Posting", "Accounting", "Stock")
WORKSHOP = ("Production", "Stock", "Stock Force Assignment")
ALL_GROUPS = (*COUNTER, "Production", "Stock Force Assignment", "Product Administration")
get = Model.get


class Masters:
    """`config` is the proteus connection, `passwords` by log-in name: whoever is named there is made a user."""

    def __init__(self, config, passwords: dict[str, str], opening: dt.date) -> None:
        self.config = config
        self.passwords = passwords
        self.opening = opening
        self.companies = {}
        self.warehouses = {}
        self.accounts = {}
        self.groups = {}

    def put_in(self) -> None:
        self.rights_of_the_administrator()
        self.make_companies()
        for name in BRANCHES:
            self.books_of(name)
        self.goods()
        for name in BRANCHES:
            self.stock_of(name)
            self.point_of_sale_of(name)
        for login, password in self.passwords.items():
            if login == "admin":
                continue
            self.user(login, password)

    def act_in(self, name: str) -> None:
        """Go on as the administrator inside one company."""
        user = get("res.user")(1)
        user.company = get("company.company")(self.companies[name])
        user.save()
        self.config._context = get("res.user").get_preferences(True, {})

    def rights_of_the_administrator(self) -> None:
        user, group = get("res.user")(1), get("res.group")
        mine = {one.id for one in user.groups}
        for one in group.find([]):
            self.groups[one.name] = one.id
            if one.id not in mine:
                user.groups.append(group(one.id))
        user.save()
        # Otherwise these would greet the first person who logs in to the web client.
        for wizard in get("ir.module.config_wizard.item").find([("state", "!=", "done")]):
            wizard.state = "done"
            wizard.save()

    def make_companies(self) -> None:
        currency = get_currency("EUR")
        location = get("stock.location")
        (first,) = location.find([("type", "=", "warehouse")], limit=1)
        for name in BRANCHES:
            party = get("party.party")(name=name)
            party.save()
            company = get("company.company")(party=party, currency=currency)
            company.save()
            self.companies[name] = company.id
            if name != BRANCHES[0]:
                (warehouse,) = location.duplicate([first], {"name": f"Warehouse {name}", "code": name[7:10].upper()})
            else:
                warehouse = first
            self.warehouses[name] = warehouse.id
        administrator = get("res.user")(1)
        for number in self.companies.values():
            administrator.companies.append(get("company.company")(number))
        administrator.company = get("company.company")(self.companies[BRANCHES[0]])
        administrator.company_filter = "one"
        administrator.save()

    def books_of(self, name: str) -> None:
        self.act_in(name)
        company = get("company.company")(self.companies[name])
        create_chart(company=company)
        self.accounts[name] = get_accounts(company)
        first = self.opening.replace(day=1)
        last = (first + dt.timedelta(days=480)).replace(day=1) - dt.timedelta(days=1)
        year = set_fiscalyear_invoice_sequences(create_fiscalyear(company, (first, last)))
        year.click("create_period")

    def goods(self) -> None:
        category = get("product.category")(name="Goods", accounting=True)
        category.save()
        for name in BRANCHES:
            self.act_in(name)
            own = get("product.category")(category.id)
            own.account_revenue = self.accounts[name]["revenue"]
            own.account_expense = self.accounts[name]["expense"]
            own.save()
        self.act_in(BRANCHES[0])
        table = self.product("Oak table", "TABLE", "300", "120", category, producible=True, salable=True)
        board = self.product("Oak board", "BOARD", "20", "10", category)
        screws = self.product("Screw set", "SCREW", "5", "2", category)
        self.product("Wax", "WAX", "12.50", "4", category, salable=True)
        self.product("Table cloth", "CLOTH", "39.90", "15", category, salable=True)
        self.product("Trial good", "TRIAL", "10", "4", category, salable=True)
        for name in BRANCHES:
            self.act_in(name)
            self.prices_of_this_branch()
        self.act_in(BRANCHES[0])
        self.recipe(table, board, screws)

    def product(self, name, code, price, cost, category, **more):
        (unit,) = get("product.uom").find([("name", "=", "Unit")])
        template = get("product.template")(name=name, default_uom=unit, type="goods", list_price=Decimal(price), **more)
        template.account_category = get("product.category")(category.id)
        template.products[0].suffix_code = code
        template.products[0].cost_price = Decimal(cost)
        template.save()
        return template.products[0]

    def prices_of_this_branch(self) -> None:
        """List and cost price are kept for each company."""
        prices = {"TABLE": ("300", "120"), "BOARD": ("20", "10"), "SCREW": ("5", "2"), "WAX": ("12.50", "4")}
        prices |= {"CLOTH": ("39.90", "15"), "TRIAL": ("10", "4")}
        for product in get("product.product").find([("code", "in", list(prices))]):
            price, cost = prices[product.code]
            product.cost_price = Decimal(cost)
            product.save()
            template = get("product.template")(product.template.id)
            template.list_price = template.gross_price = Decimal(price)
            if product.code == "TABLE":
                template.supply_on_sale = "always"
            template.save()

    def recipe(self, table, board, screws) -> None:
        bom = get("production.bom")(name="Oak table")
        for part, quantity in ((board, 4), (screws, 1)):
            line = bom.inputs.new()
            line.product = get("product.product")(part.id)
            line.quantity = quantity
        out = bom.outputs.new()
        out.product = get("product.product")(table.id)
        out.quantity = 1
        bom.save()
        category, centre = get("production.work.center.category"), get("production.work.center")
        kinds = {}
        for step, _, _ in STEPS:
            kinds[step] = category(name=step)
            kinds[step].save()
        for name in BRANCHES:
            self.act_in(name)
            company = get("company.company")(self.companies[name])
            warehouse = get("stock.location")(self.warehouses[name])
            root = centre(name=f"Workshop {name}", company=company, warehouse=warehouse)
            root.save()
            for step, cost, method in STEPS:
                one = centre(name=f"{step} {name}", company=company, warehouse=warehouse, parent=root)
                one.category = category(kinds[step].id)
                one.cost_price, one.cost_method = Decimal(cost), method
                one.save()
        self.act_in(BRANCHES[0])
        routing = get("production.routing")(name="Oak table")
        routing.boms.append(get("production.bom")(bom.id))
        for place, (step, _, _) in enumerate(STEPS, start=1):
            operation = get("production.routing.operation")(name=step)
            operation.work_center_category = category(kinds[step].id)
            operation.save()
            routing.steps.new(operation=operation, sequence=place)
        routing.save()
        product = get("product.product")(table.id)
        made_by = get("product.product-production.bom")(
            bom=get("production.bom")(bom.id), routing=get("production.routing")(routing.id)
        )
        product.boms.append(made_by)
        product.save()

    def stock_of(self, name: str) -> None:
        self.act_in(name)
        storage = get("stock.location")(self.warehouses[name]).storage_location
        inventory = get("stock.inventory")(location=storage)
        for product in get("product.product").find([("code", "!=", "TRIAL")]):
            line = inventory.lines.new()
            line.product = product
            line.quantity = 5000
        inventory.click("confirm")

    def point_of_sale_of(self, name: str) -> None:
        self.act_in(name)
        company = get("company.company")(self.companies[name])
        (journal,) = get("account.journal").find([("type", "=", "revenue")], limit=1)
        (kind,) = get("ir.sequence.type").find([("name", "=", "POS")], limit=1)
        sequence = get("ir.sequence.strict")(name=f"POS {name}", company=company, sequence_type=kind)
        sequence.prefix = name[7:8]
        sequence.save()
        point = get("sale.point")(name=f"Counter {name}", company=company, journal=journal, sequence=sequence)
        point.storage_location = get("stock.location")(self.warehouses[name]).storage_location
        (point.customer_location,) = get("stock.location").find([("type", "=", "customer")], limit=1)
        point.save()
        account = get("account.account")
        cash = account(self.accounts[name]["cash"].id)
        (card,) = account.duplicate([cash], {"name": "Card terminal", "code": "1.1.9"})
        method = get("sale.point.payment.method")
        method(name="Cash", company=company, account=cash, cash=True).save()
        method(name="Card", company=company, account=account(card.id)).save()

    def user(self, login: str, password: str) -> None:
        """The log-in name tells where and as what: "north.sales", "check.south.workshop", "check.owner"."""
        words = login.removeprefix("check.").split(".")
        mine = [name for name in BRANCHES if name.split()[1].lower() == words[0]] or [*BRANCHES]
        groups = {"sales": COUNTER, "workshop": WORKSHOP}.get(words[-1], ALL_GROUPS)
        person = get("res.user")(name=login.replace(".", " ").title(), login=login, password=password)
        person.email = f"{login}@example.com"
        for name in mine:
            person.companies.append(get("company.company")(self.companies[name]))
        person.company = get("company.company")(self.companies[mine[0]])
        person.company_filter = "one"
        for group in groups:
            person.groups.append(get("res.group")(self.groups[group]))
        person.warehouse = get("stock.location")(self.warehouses[mine[0]])
        person.save()
        for name in mine:
            self.act_in(name)
            party = get("party.party")(name=f"{login} {name}")
            party.save()
            employee = get("company.employee")(party=party, company=get("company.company")(self.companies[name]))
            employee.save()
            person = get("res.user")(person.id)
            person.employees.append(get("company.employee")(employee.id))
            person.employee = person.employee or get("company.employee")(employee.id)
            person.save()
        self.act_in(BRANCHES[0])
