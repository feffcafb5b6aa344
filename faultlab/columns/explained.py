"""Why some changes of a column go unnoticed: which are no fault, which nobody could tell, and which are let pass."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatch

from faultlab.columns.kinds import Wrong
from faultlab.columns.worker import ColumnResult


class Unnoticed(StrEnum):
    """What kind of reason it is: a healthy business may have the value; nothing mapped tells; or something would."""

    NO_FAULT = "no fault"
    NOBODY_CAN_TELL = "nobody can tell"
    LET_PASS = "let pass"


@dataclass(frozen=True)
class Explained:
    """Of fields and kinds by their names, with * for any."""

    field: str
    kinds: tuple[str, ...]
    because: str
    how: Unnoticed = Unnoticed.NOBODY_CAN_TELL

    def explains(self, result: ColumnResult) -> bool:
        planned = result.planned
        return fnmatch(planned.name, self.field) and (not self.kinds or planned.kind in self.kinds)


_VALUES = (Wrong.SWAPPED, Wrong.ANOTHERS, Wrong.STALE, Wrong.OTHER_WORD)
_TIMES = (Wrong.SWAPPED, Wrong.STALE, Wrong.DAY_EARLIER)
_PLACES = (Wrong.DANGLING,)
_NO_FAULT = Unnoticed.NO_FAULT
_LET_PASS = Unnoticed.LET_PASS

EXPLAINED: tuple[Explained, ...] = (
    Explained("*.id", _PLACES, "the record is whole under another key, and nothing refers to it", _NO_FAULT),
    Explained("branch.id", (Wrong.DOUBLED,), "a second branch of the kind may well be opened", _NO_FAULT),
    Explained("user.id", (Wrong.DOUBLED,), "a new colleague of the same kind", _NO_FAULT),
    Explained("customer.id", (Wrong.DOUBLED,), "two customers may share a name", _NO_FAULT),
    Explained("product.id", (Wrong.DOUBLED,), "a new product like another, under a number of its own", _NO_FAULT),
    Explained("shift.id", (Wrong.DOUBLED,), "the same shift once more says nothing else", _NO_FAULT),
    Explained("session.id", (Wrong.DOUBLED,), "somebody may be logged in on two devices at once", _NO_FAULT),
    Explained("login_attempt.id", (Wrong.DOUBLED,), "somebody may try twice", _NO_FAULT),
    Explained("activity.id", (Wrong.DOUBLED,), "the same may be done twice, and told twice", _NO_FAULT),
    Explained("issue.id", (Wrong.DOUBLED,), "two people may report the same", _NO_FAULT),
    Explained("job.id", (Wrong.DOUBLED,), "a job may be done again", _NO_FAULT),
    Explained("branch.code", (*_VALUES, Wrong.DAY_EARLIER), "which code a branch has is for people to say"),
    Explained("branch.name", _VALUES, "which name a branch has is for people to say"),
    Explained("user.username", _VALUES, "who goes by which name is known to the two only"),
    Explained("user.name", _VALUES, "what people are called is known to them only"),
    Explained("user.role", _VALUES, "people change their roles: what each may do is agreed elsewhere", _NO_FAULT),
    Explained("user.created_at", (*_TIMES, Wrong.BEFORE_GO_LIVE), "people are entered before and after", _NO_FAULT),
    Explained("user.locked_until", (), "a lock that is over, or that lasts, is the application's own", _NO_FAULT),
    Explained("user.active", (Wrong.FLIPPED,), "people leave; who acts after that is found", _NO_FAULT),
    Explained("shift.*", (*_VALUES, Wrong.DAY_EARLIER, Wrong.BEFORE_GO_LIVE, Wrong.AHEAD),
              "a plan may say what it likes: shifts are moved, lengthened and given to others", _NO_FAULT),
    Explained("customer.branch", _VALUES, "a customer who never bought may be of any branch", _NO_FAULT),
    Explained("customer.name", _VALUES, "what customers are called is known to them only"),
    Explained("customer.created_at", (*_TIMES, Wrong.BEFORE_GO_LIVE), "customers may be known since long ago",
              _NO_FAULT),
    Explained("product.number", _VALUES, "which number an article has stands on its label only"),
    Explained("product.name", _VALUES, "what an article is called can be seen from the article only"),
    Explained("product.kind", _VALUES, "articles are put into other groups", _NO_FAULT),
    Explained("product.price", (Wrong.CENT, *_VALUES), "prices change; only one far from what it sells at is strange",
              _NO_FAULT),
    Explained("product.active", (Wrong.FLIPPED,), "articles are taken from the range", _NO_FAULT),
    Explained("sale.number", _VALUES, "which number stands on which receipt can be seen on the receipts only"),
    Explained("sale.customer", _VALUES, "who of a branch's customers bought is known to the two only"),
    Explained("sale.kind", _VALUES, "what is sold from the studio and what over the counter is agreed elsewhere"),
    Explained("sale.*_by", _VALUES, "a colleague of the branch may finish what another began", _NO_FAULT),
    Explained("sale.voided_at", _TIMES, "the day of a void sale is told by nothing else once its money is back"),
    Explained("sale.*_at", (Wrong.STALE,), "minutes earlier on its day: with the log times are compared to the day, "
              "since devices keep time badly and entries wait for a network", _LET_PASS),
    Explained("sale_line.product", _VALUES, "which of two things was sold can be seen from the things only"),
    Explained("payment.method", _VALUES, "how it was paid stands on the slips; the mapped accounts are all money"),
    Explained("payment.received_by", _VALUES, "a colleague may take the money", _NO_FAULT),
    Explained("payment.paid_at", _TIMES, "people pay up to a month before or after their receipt", _NO_FAULT),
    Explained("ledger_entry.posted_at", _TIMES, "books are posted up to a month later, or to an earlier day",
              _NO_FAULT),
    Explained("ledger_entry.payment", (Wrong.NULL,), "a posting of no payment is the sale's own", _NO_FAULT),
    Explained("manual_record.handed_in_*", (*_VALUES, Wrong.DAY_EARLIER, Wrong.BEFORE_GO_LIVE),
              "who typed a sheet in, and when, changes nothing that was counted", _NO_FAULT),
    Explained("production_order.number", _VALUES, "which number is sewn into which garment can be seen there only"),
    Explained("production_order.number", (Wrong.EMPTIED,), "no earlier look saw an order that waits to be begun, so "
              "nobody knows yet whether one has a number from the start", _LET_PASS),
    Explained("production_order.sale", (Wrong.SWAPPED,), "whose order it is within its branch, nothing else tells"),
    Explained("production_order.state", (Wrong.OTHER_WORD,), "an order in work may be cancelled", _NO_FAULT),
    Explained("production_order.budget", (Wrong.CENT, Wrong.SWAPPED, Wrong.STALE, Wrong.TENFOLD),
              "more may be allowed for an order; only what it costs beyond that is strange", _NO_FAULT),
    Explained("production_order.due_on", (), "a due day is a promise, and moved like one", _NO_FAULT),
    Explained("production_order.created_at", _TIMES, "opened a while before its work begins", _NO_FAULT),
    Explained("production_order.cancelled_at", (), "cancelled is cancelled, whenever it was", _NO_FAULT),
    Explained("production_order.completed_at", _TIMES, "the day of completion is compared on that day only"),
    Explained("step.sequence", (Wrong.NEGATIVE, Wrong.ZERO, Wrong.TENFOLD, *_VALUES),
              "only the order of the steps counts, not the numbers that make it", _NO_FAULT),
    Explained("step.assigned_to", (Wrong.NULL, *_VALUES), "work is given to others", _NO_FAULT),
    Explained("step.updated_at", (*_TIMES, Wrong.BEFORE_GO_LIVE), "a step is told by when it began and ended"),
    Explained("step.updated_by", (Wrong.NULL, *_VALUES), "a colleague of the branch may tick it off", _NO_FAULT),
    Explained("step.*_at", _TIMES, "moved within what is possible, hours of work are known to the worker only"),
    Explained("step.name", _VALUES, "steps are named by the workshop"),
    Explained("cost.step", (Wrong.NULL, Wrong.ANOTHERS, Wrong.SWAPPED), "a cost of the order may be of any begun step",
              _NO_FAULT),
    Explained("cost.kind", _VALUES, "what a slip is for stands on the slip only"),
    Explained("cost.amount", (Wrong.CENT, Wrong.SWAPPED, Wrong.STALE), "plausible amounts stand on the slips only"),
    Explained("cost.entered_at", _TIMES, "slips come in late, within the time of their order", _NO_FAULT),
    Explained("cost.entered_by", _VALUES, "a colleague of the branch may type the slips in", _NO_FAULT),
    Explained("activity.entity_id", (Wrong.DANGLING,), "drafts are deleted, and what was done to them before stays in "
              "the log"),
    Explained("activity.action", _VALUES, "of what is done besides sales, costs and steps the log is the only witness"),
    Explained("activity.at", _TIMES, "of what is done besides sales, costs and steps the log is the only witness"),
    Explained("login_attempt.user*", _VALUES,
              "people are renamed, and what they did earlier keeps the name of then, so only new ones are compared"),
    Explained("login_attempt.succeeded", (Wrong.FLIPPED,), "no key ties an attempt to the session that it began"),
    Explained("login_attempt.address", _VALUES, "from where somebody came is told by the session only, and no key ties "
              "the two"),
    Explained("login_attempt.at", (*_TIMES, Wrong.BEFORE_GO_LIVE), "no key ties an attempt to what was done after it"),
    Explained("session.user", _VALUES, "no key ties a session to the attempt that began it"),
    Explained("session.channel", _VALUES, "by which way somebody came in is told by no other record"),
    Explained("session.address", _VALUES, "no key ties a session to the attempt that began it"),
    Explained("session.created_at", (*_TIMES, Wrong.BEFORE_GO_LIVE), "a session may last for days"),
    Explained("session.expires_at", _TIMES, "a session that is used is prolonged", _NO_FAULT),
    Explained("session.ended_at", (Wrong.NULL, *_TIMES), "most people do not log out: their sessions run out",
              _NO_FAULT),
    Explained("issue.branch", (Wrong.NULL, *_VALUES), "people may report for any branch, or for all", _NO_FAULT),
    Explained("issue.reported_by", _VALUES, "people may report for others", _NO_FAULT),
    Explained("issue.title", (*_VALUES, Wrong.EMPTIED), "what people meant is known to them only"),
    Explained("issue.text", (*_VALUES, Wrong.EMPTIED), "what people meant is known to them only"),
    Explained("issue.category", (*_VALUES, Wrong.NULL), "closed issues need no class", _NO_FAULT),
    Explained("issue.severity", _VALUES, "issues are classed anew", _NO_FAULT),
    Explained("issue.state", _VALUES, "an issue may be opened again", _NO_FAULT),
    Explained("issue.reported_at", (*_TIMES, Wrong.BEFORE_GO_LIVE), "since when it was so is known to them only"),
    Explained("issue.re*_by", _TIMES, "until when an answer is due is agreed on, and put off", _NO_FAULT),
    Explained("issue.resolved_at", _TIMES, "an issue may be solved at any time after it was answered"),
    Explained("job.kind", _VALUES, "which job it was is told by what it left only"),
    Explained("job.error", (), "what a job that went well says of errors is its own", _NO_FAULT),
    Explained("job.due_at", _TIMES, "a job that is done was due at some time before it", _NO_FAULT),
    Explained("job.queued_at", (*_TIMES, Wrong.BEFORE_GO_LIVE), "a job may wait for days", _NO_FAULT),
)  # fmt: skip


def explanation_of(result: ColumnResult) -> Explained | None:
    """The first that holds; None for what should have been noticed."""
    return next((one for one in EXPLAINED if one.explains(result)), None)
