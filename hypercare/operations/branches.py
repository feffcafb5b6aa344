"""Branches: every record in exactly one that is alive, agreeing with its kin, and all of them adding up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    String,
    and_,
    cast,
    exists,
    false,
    func,
    literal_column,
    not_,
    or_,
    select,
    true,
)

from hypercare.database.database import Database
from hypercare.operations.branch_membership import people_of_no_branch
from hypercare.operations.branch_sums import SumsOfBranches
from hypercare.operations_model.look_ups import owner_beside
from hypercare.operations_model.portable import whole
from hypercare.operations_model.records import Records, in_different_branches
from hypercare.operations_model.resource import Resource
from hypercare.operations_model.violations import Root, Shown, ViolationQuery, Violations
from hypercare.outcome.doubt import Excuse
from hypercare.outcome.found import Found
from hypercare.outcome.signals import NotCovered
from hypercare.plan.calendar import Period
from hypercare.seals import Seals, Watch, Window
from hypercare.target_file.target import Target

# When a record came to be, and whether it may belong to no branch at all.
_DATED = {
    "sale": "created_at",
    "production_order": "created_at",
    "cost": "entered_at",
    "ledger_entry": "posted_at",
    "manual_record": "handed_in_at",
    "customer": "created_at",
    "shift": "starts_at",
    "activity": "at",
    "issue": "reported_at",
}
# Whatever belongs to one sale and lies in the wrong branch is told once.
BRANCH = "branch"
_MAY_HAVE_NONE = {"activity", "issue", "user", "customer"}
_MAKERS = {
    "sale": "created_by",
    "cost": "entered_by",
    "manual_record": "handed_in_by",
    "shift": "user",
    "activity": "user",
}


@dataclass(frozen=True)
class _AskedOf:
    """Which records are asked, and of which days they are; of no days none is sealed."""

    among: list[ColumnElement[bool]]
    window: Window | None = None


class Branches(Resource):
    """The branches of the business. Integrity is asked of everything, that of the canary included."""

    def __init__(self, target: Target, database: Database, seals: Seals | None = None) -> None:
        super().__init__(target, database)
        self.seals = seals or Seals(target, database)

    def entities(self) -> tuple[str, ...]:
        """The mapped entities whose records belong to a branch. Raises NotCovered when there is none."""
        own = tuple(
            name
            for name in (*_DATED, "user")
            if self.model.has(name, "id", "branch") and name not in self.model.mapping.shared_by_design
        )
        if not own or not self.model.has("branch", "id"):
            raise NotCovered(
                "branches, or the branch of any entity, are not mapped",
                remedy="Map [mapping.branch] and the branch column of sales, orders and users.",
            )
        return own

    def records_of_no_branch(self) -> Found:
        """Records of any entity without a branch where one is needed, or whose branch is not there or there twice."""
        return Found.together([self._of_no_branch(entity) for entity in self.entities()])

    def records_of_a_closed_branch(self, period: Period) -> Found:
        """Records of any entity that came to be in the period, and after their branch was closed."""
        dated = [name for name in self.entities() if self.model.has(name, _DATED.get(name, name))]
        return Found.together([self._of_a_closed_branch(entity, period) for entity in dated])

    def records_of_another_branch_than_their_maker(self) -> Found:
        """Records in another branch than that of whoever made them.

        People who belong to no branch, belong to several, or have a shift in the other one are not meant.
        """
        return Found.together([self._of_another_branch(entity) for entity in self.makers()])

    def _of_no_branch(self, entity: str) -> Violations:
        records, branch = self.model.records(entity), self.model.records("branch")
        there_once = (
            select(branch["id"]).where(branch["id"].is_not(None)).group_by(branch["id"]).having(func.count() == 1)
        )
        missing = records["branch"].is_(None)
        wrong = and_(not_(missing), records["branch"].not_in(there_once))
        if entity not in _MAY_HAVE_NONE:
            wrong = or_(missing, wrong)
        return self._violations(records, records.source, wrong, self._days_of(records, "of no branch", ("branch",)))

    def _days_of(self, records: Records, question: str, beside: tuple[str, ...] = (), *owners: str) -> _AskedOf:
        """Which records of an entity to ask: of days, unless it has none, or too many for all to be compared."""
        field = _DATED.get(records.entity)
        if field is None or not records.has(field):
            return _AskedOf([])
        instant = records.instant(field)
        watched = self.model.watched(instant, records)
        if watched != self.model.hypercare:
            return _AskedOf([self.model.in_sight(instant, watched)])
        name = f"{records.entity.replace('_', ' ')} {question}"
        window = self.seals.window(name, Watch(records.entity, field, beside=beside, owners=owners))
        of_no_day = [instant.surely_since(self.model.latest_possible), instant.is_missing]
        return _AskedOf([or_(window.within(instant), *of_no_day)], window)

    def _of_a_closed_branch(self, entity: str, period: Period) -> Violations:
        records, branch = self.model.records(entity), self.model.records("branch")
        if not branch.has("closed_at"):
            branch.need("live")
        late = exists().where(branch["id"] == records["branch"], self._came_too_late(records, branch))
        asked = _AskedOf([records.instant(_DATED[entity]).within(period)])
        return self._violations(records, records.source, late, asked)

    def _of_another_branch(self, entity: str) -> Violations:
        records, user = self.model.records(entity), self.model.records("user")
        maker = records[_MAKERS[entity]]
        wrong = in_different_branches(records, user)
        if self.model.has("membership", "user", "branch"):
            membership = self.model.records("membership")
            wrong = and_(
                wrong,
                not_(exists().where(membership["user"] == maker, membership["branch"] == records["branch"])),
            )
        if entity == "shift":
            wrong = and_(wrong, *self._nobody_came(records))
        elif self.model.has("shift", "user", "branch"):
            shift = self.model.records("shift", "shift_elsewhere")
            wrong = and_(wrong, not_(exists().where(shift["user"] == maker, shift["branch"] == records["branch"])))
        source = records.source.join(user.source, user["id"] == maker)
        show = {"branch of the maker": self.model.shown_branch(user["branch"])}
        asked = self._days_of(records, "of another branch than their maker", (), f"{_MAKERS[entity]}.branch")
        if self.model.synthetic.users:
            asked.among.append(maker.not_in(self.model.synthetic.users))
        is_told = any(self.model.has(one, "user", "branch") for one in ("membership", "shift"))
        return self._violations(records, source, wrong, asked, show, excuse=None if is_told else Excuse(1))

    def _nobody_came(self, shift: Records) -> Sequence[ColumnElement[bool]]:
        """Who helps out in another branch by the rota did something there, or is to: that is no mistake of the rota."""
        begun = shift.instant("starts_at").before(self.model.as_of) if shift.has("starts_at") else true()
        came: list[ColumnElement[bool]] = [begun]
        for entity, who in (("activity", "user"), ("sale", "created_by")):
            if self.model.has(entity, who, "branch"):
                deed = self.model.records(entity, f"{entity}_there")
                came.append(not_(exists().where(deed[who] == shift["user"], deed["branch"] == shift["branch"])))
        return came

    def makers(self) -> tuple[str, ...]:
        """The entities of which it is known who made them, in which branch."""
        if not self.model.has("user", "id", "branch"):
            raise NotCovered("user.branch is not mapped", remedy="Map branch in [mapping.user] columns.")
        return tuple(name for name, maker in _MAKERS.items() if self.model.has(name, "id", "branch", maker))

    def people_of_no_branch(self) -> Found:
        """People who work in one branch and belong to none, unlike all others of their role."""
        return people_of_no_branch(self.model)

    def orders_of_another_branch_than_their_sale(self) -> Violations:
        return self._beside_the_sale("production_order")

    def postings_of_another_branch_than_their_sale(self) -> Violations:
        return self._beside_the_sale("ledger_entry")

    def sales_of_another_branch_than_their_customer(self) -> Violations:
        """Sales to customers of another branch. Raises NotCovered where branches share their customers."""
        if "customer" in self.model.mapping.shared_by_design:
            raise NotCovered("customers are shared by all branches", remedy="Nothing to mend: that is by design.")
        sale = self.model.records("sale")
        source, customer = owner_beside(self.model, sale, self.model.records("customer"), "customer")
        show = {"branch of the customer": self.model.shown_branch(customer["branch"])}
        asked = self._days_of(sale, "of another branch than their customer", (), "customer.branch")
        asked.among.append(customer["id"].is_not(None))
        return self._violations(
            sale, source, in_different_branches(sale, customer), asked, show, stake=True, excuse=Excuse(1)
        )

    def sums_that_do_not_add_up(self) -> Found:
        """What all branches have together, beside the whole: count and amount of final sales, count of orders.

        A closed branch has what came up to its closing.
        """
        with self.model.database.snapshot():
            names = ("sale", *(["production_order"] if self.model.has("production_order") else []))
            sums = [SumsOfBranches(self.model, self.seals, name, self._came_too_late).in_all() for name in names]
        rows = [one.row(self.model) for one in sums if one.differs]
        money = sum((one.gap(self.model) for one in sums if one.differs), Decimal(0))
        found = self.model.found(rows, of=len(sums), place="sales, production orders, branches", money=money)
        # Records that belong to no branch by habit are in no branch's sum either.
        homeless = self.records_of_no_branch() if rows else found
        return replace(found, doubt=homeless.doubt)

    # -- how the questions are put together ------------------------------------------------------------------

    def _came_too_late(self, records: Records, branch: Records) -> ColumnElement[bool]:
        """Whether a record was made after its branch was closed: what came before belongs to it for good.

        Where the target does not say when a branch was closed, records of today are late.
        """
        field = _DATED.get(records.entity, "")
        if not (branch.has("live") or branch.has("closed_at")) or not records.has(field):
            return false()
        made = records.instant(field)
        of_today = made.since(self.model.target.today.start)
        if not branch.has("closed_at"):
            return and_(not_(branch.flag("live")), of_today)
        closed = branch.instant("closed_at")
        too_late = closed.precedes(made)
        late = of_today
        if too_late is not None:
            late = or_(and_(closed.is_known, too_late), and_(closed.is_missing, of_today))
        if branch.has("live"):
            return and_(not_(branch.flag("live")), late)
        return and_(closed.is_known, closed.before(self.model.latest_possible), late)

    def _beside_the_sale(self, entity: str) -> Violations:
        records = self.model.records(entity)
        source, sale = owner_beside(self.model, records, self.model.records("sale"), "sale")
        show = {"sale": self.model.shown_name(sale), "branch of the sale": self.model.shown_branch(sale["branch"])}
        asked = self._days_of(records, "of another branch than their sale", (), "sale.branch")
        asked.among.append(sale["id"].is_not(None))
        return self._violations(records, source, in_different_branches(records, sale), asked, show)

    def _violations(
        self,
        records: Records,
        source: FromClause,
        wrong: ColumnElement[bool],
        asked: _AskedOf,
        show: Mapping[str, Shown] | None = None,
        *,
        stake: bool = False,
        excuse: Excuse | None = None,
    ) -> Violations:
        money = stake or records.entity == "sale"
        dated = records.instant(_DATED[records.entity]) if records.has(_DATED.get(records.entity, "")) else None
        query = ViolationQuery(
            source=source,
            among=asked.among,
            wrong=wrong,
            stake=whole(func.abs(func.coalesce(records.amount("total").exact, 0))) if money else None,
            show={
                "what": Shown(literal_column(f"'{records.entity.replace('_', ' ')}'")),
                "record": self.model.shown_name(records),
                "branch": self.model.shown_branch(records["branch"]),
                **(show or {}),
            },
            place=records.place,
            dated=dated,
            habit=True,
            excuse=excuse,
            root=Root(BRANCH, of_sale(records), rank=1),
            days=asked.window,
            day=asked.window.day_of(dated) if asked.window is not None and dated is not None else None,
        )
        return Violations(self.model, query)


def of_sale(records: Records) -> ColumnElement[Any]:
    """What tells of the sale that a record belongs to; of any other record, what tells of itself."""
    name = records.entity
    if name == "sale":
        return _named(name, records["id"])
    own = _named(name, records["id"])
    return own if not records.has("sale") else func.coalesce(_named("sale", records["sale"]), own)


def _named(entity: str, identity: ColumnElement[Any]) -> ColumnElement[str]:
    return literal_column(f"'{entity} '").concat(cast(identity, String(80)))
