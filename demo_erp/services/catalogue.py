"""What is sold."""

from __future__ import annotations

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from demo_erp.access import Caller, require, sees_all_branches
from demo_erp.schema import Product
from demo_erp.services.page import Page, page_of

TRAINING_CATEGORY = "training"


def products(
    session: Session,
    caller: Caller,
    query: str = "",
    *,
    kind: str | None = None,
    limit: int = 100,
    offset: int = 0,
) -> Page[Product]:
    """Active products by part of name or number; the training room's are shown only where they can be sold."""
    require(caller, "products.read")
    chosen = select(Product).where(Product.active)
    branch = caller.user.branch
    if not sees_all_branches(caller.user) and not (branch is not None and branch.training):
        chosen = chosen.where(Product.category != TRAINING_CATEGORY)
    if kind:
        chosen = chosen.where(Product.kind == kind)
    if text := query.strip().lower():
        by_name = func.lower(Product.name).contains(text, autoescape=True)
        chosen = chosen.where(or_(by_name, func.lower(Product.sku).startswith(text, autoescape=True)))
    return page_of(session, chosen.order_by(Product.name, Product.id), limit=limit, offset=offset)
