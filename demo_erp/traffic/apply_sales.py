"""What the events of the counter leave in the database: the same rows as the sales service would."""

from __future__ import annotations

from decimal import Decimal

from demo_erp.business_time import business_day
from demo_erp.schema import Sale
from demo_erp.services import ledger
from demo_erp.services.numbers import sale_prefix
from demo_erp.traffic.apply_workshop import cancel_order, open_order
from demo_erp.traffic.batch import Row
from demo_erp.traffic.catalogue import money
from demo_erp.traffic.customers import Buyer
from demo_erp.traffic.events import Event, PlannedLine, PlannedSale
from demo_erp.traffic.records import SaleRecord
from demo_erp.traffic.work import Handler, Work

ZERO = Decimal("0.00")


def _create(work: Work, event: Event) -> None:
    sale: PlannedSale = event.subject
    branch_id = work.directory.branch(sale.branch)
    row = work.batch.add(
        "sales",
        number=None,
        branch_id=branch_id,
        customer_id=_customer(work, event, sale.buyer),
        kind=sale.kind,
        state="draft",
        total=ZERO,
        note="",
        client_reference=sale.reference,
        created_at=event.at,
        created_by=work.user(event),
        updated_at=event.at,
        finalised_at=None,
        finalised_by=None,
        voided_at=None,
        voided_by=None,
        void_reason="",
    )
    record = work.records.sales[sale.reference] = SaleRecord(row)
    _append(work, record, sale.first_line)
    _add_up(work, record)
    work.activity(event, "sale", row.id, branch_id)


def _customer(work: Work, event: Event, buyer: Buyer) -> int:
    customers = work.records.customers
    if buyer.phone not in customers:
        branch_id = work.directory.branch(buyer.branch)
        row = work.batch.add("customers", branch_id=branch_id, name=buyer.name, phone=buyer.phone, created_at=event.at)
        customers[buyer.phone] = row.id
        work.activity(event, "customer", row.id, branch_id, action="customer.create")
    return customers[buyer.phone]


def _add_line(work: Work, event: Event) -> None:
    record = _draft(work, event)
    if record is not None:
        _append(work, record, event.part)
        _changed(work, event, record)


def _remove_line(work: Work, event: Event) -> None:
    record = _draft(work, event)
    mistyped: PlannedLine = event.part
    if record is None:
        return
    product_id = work.directory.product(mistyped.article)
    for line in record.lines:
        if line["position"] == mistyped.position and line["product_id"] == product_id:
            work.batch.delete(line)
            work.note(event, "line", line.id)
            record.lines.remove(line)
            _changed(work, event, record)
            return


def _delete(work: Work, event: Event) -> None:
    record = _draft(work, event)
    if record is None:
        return
    work.activity(event, "sale", record.row.id, record.row["branch_id"])
    for line in record.lines:
        work.batch.delete(line)
    work.batch.delete(record.row)
    del work.records.sales[event.subject.reference]


def _finalise(work: Work, event: Event) -> None:
    sale: PlannedSale = event.subject
    record = _draft(work, event)
    if record is None or not record.lines:
        return
    row = record.row
    branch_id = row["branch_id"]
    year = business_day(event.at, work.timezone).year
    number = work.records.next_number(Sale.number, sale_prefix(sale.branch.code, year), branch_id)
    work.batch.change(
        row,
        number=number,
        state="final",
        updated_at=event.at,
        finalised_at=event.at,
        finalised_by=work.user(event),
    )
    _post(work, event, row, None, ledger.sale_description(number), ledger.sale_entries(row["kind"], row["total"]))
    for method, amount in _payments(sale, row["total"]):
        _pay(work, event, record, method, amount)
    if row["kind"] == "studio":
        open_order(work, event, record)
    work.queue_job("receipt", {"sale_id": row.id, "number": number}, event.at)
    work.activity(event, "sale", row.id, branch_id)


def _payments(sale: PlannedSale, total: Decimal) -> list[tuple[str, Decimal]]:
    """As planned; if somebody has changed the draft by hand meanwhile, all at once in the first method."""
    if money(sale.cents) != total:
        return [(sale.payments[0][0], total)]
    return [(method, money(cents)) for method, cents in sale.payments]


def _void(work: Work, event: Event) -> None:
    sale: PlannedSale = event.subject
    record = work.records.sales.get(sale.reference)
    if record is None or record.row["state"] != "final":
        return
    row = record.row
    work.batch.change(
        row,
        state="void",
        updated_at=event.at,
        voided_at=event.at,
        voided_by=work.user(event),
        void_reason=sale.void_reason,
    )
    entries = ledger.void_entries(row["kind"], row["total"])
    _post(work, event, row, None, ledger.void_description(row["number"]), entries)
    for payment in [payment for payment in record.payments if payment["amount"] > 0]:
        _pay(work, event, record, payment["method"], -payment["amount"])
    cancel_order(work, event, record)
    work.activity(event, "sale", row.id, row["branch_id"])


def _draft(work: Work, event: Event) -> SaleRecord | None:
    """None when somebody has thrown it away or finished it by hand in the meantime."""
    record = work.records.sales.get(event.subject.reference)
    return record if record is not None and record.row["state"] == "draft" else None


def _append(work: Work, record: SaleRecord, line: PlannedLine) -> None:
    record.lines.append(
        work.batch.add(
            "sale_lines",
            sale_id=record.row.id,
            position=max((other["position"] for other in record.lines), default=0) + 1,
            product_id=work.directory.product(line.article),
            description=line.article.name,
            quantity=Decimal(line.quantity),
            unit_price=line.article.price,
            discount_percent=Decimal(line.discount),
            amount=money(line.cents),
        )
    )


def _add_up(work: Work, record: SaleRecord) -> None:
    work.batch.change(record.row, total=sum((line["amount"] for line in record.lines), ZERO))


def _changed(work: Work, event: Event, record: SaleRecord) -> None:
    _add_up(work, record)
    work.batch.change(record.row, updated_at=event.at)
    work.activity(event, "sale", record.row.id, record.row["branch_id"], action="sale.change")


def _pay(work: Work, event: Event, record: SaleRecord, method: str, amount: Decimal) -> None:
    payment = work.batch.add(
        "payments",
        sale_id=record.row.id,
        method=method,
        amount=amount,
        paid_at=event.at,
        received_by=work.user(event),
    )
    record.payments.append(payment)
    description = ledger.payment_description(record.row["number"], method, amount)
    _post(work, event, record.row, payment.id, description, ledger.payment_entries(method, amount))


def _post(
    work: Work,
    event: Event,
    sale: Row,
    payment_id: int | None,
    description: str,
    entries: tuple[ledger.Entry, ...],
) -> None:
    posting = work.batch.add(
        "ledger_postings",
        sale_id=sale.id,
        payment_id=payment_id,
        branch_id=sale["branch_id"],
        description=description,
        posted_at=event.at,
    )
    for entry in entries:
        work.batch.add(
            "ledger_entries",
            posting_id=posting.id,
            account_id=work.directory.accounts[entry.account],
            debit=entry.debit,
            credit=entry.credit,
        )


def _refuse(work: Work, event: Event) -> None:
    """The payments did not add up: nothing is changed."""
    record = _draft(work, event)
    if record is not None:
        work.note(event, "sale", record.row.id)


HANDLERS: dict[str, Handler] = {
    "sale.create": _create,
    "sale.line.add": _add_line,
    "sale.line.remove": _remove_line,
    "sale.delete": _delete,
    "sale.finalise": _finalise,
    "sale.void": _void,
    "sale.refused": _refuse,
}
