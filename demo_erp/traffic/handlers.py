"""Every kind of event and what it leaves in the database."""

from __future__ import annotations

from demo_erp.traffic import apply_people, apply_routine, apply_sales, apply_workshop
from demo_erp.traffic.work import Handler

HANDLERS: dict[str, Handler] = {
    **apply_sales.HANDLERS,
    **apply_workshop.HANDLERS,
    **apply_people.HANDLERS,
    **apply_routine.HANDLERS,
}
