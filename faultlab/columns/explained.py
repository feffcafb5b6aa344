"""Why some changes of a column go unnoticed: which are no fault at all, and which nobody could tell from the data."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatch

from faultlab.columns.kinds import Wrong
from faultlab.columns.looks import Seen


@dataclass(frozen=True)
class Explained:
    """Of fields and kinds by their names, with * for any. `no_fault`: a healthy business may have just such a value."""

    field: str
    kinds: tuple[str, ...]
    because: str
    no_fault: bool = False

    def explains(self, seen: Seen) -> bool:
        planned = seen.planned
        return fnmatch(planned.name, self.field) and (not self.kinds or planned.kind in self.kinds)


_VALUES = (Wrong.SWAPPED, Wrong.ANOTHERS, Wrong.STALE, Wrong.OTHER_WORD)
_TIMES = (Wrong.SWAPPED, Wrong.STALE, Wrong.DAY_EARLIER)
_PLACES = (Wrong.DANGLING,)

EXPLAINED: tuple[Explained, ...] = (
    Explained("*.id", _PLACES, "the record is whole under another key, and nothing refers to it", no_fault=True),
    Explained("branch.id", (Wrong.DOUBLED,), "a second branch of the kind may well be opened", no_fault=True),
    Explained("user.id", (Wrong.DOUBLED,), "a new colleague of the same kind", no_fault=True),
    Explained("customer.id", (Wrong.DOUBLED,), "two customers may share a name", no_fault=True),
    Explained("product.id", (Wrong.DOUBLED,), "a new product like another, under a number of its own", no_fault=True),
    Explained("shift.id", (Wrong.DOUBLED,), "the same shift once more says nothing else", no_fault=True),
    Explained("session.id", (Wrong.DOUBLED,), "somebody may be logged in on two devices at once", no_fault=True),
    Explained("login_attempt.id", (Wrong.DOUBLED,), "somebody may try twice", no_fault=True),
    Explained("activity.id", (Wrong.DOUBLED,), "the same may be done twice, and told twice", no_fault=True),
    Explained("issue.id", (Wrong.DOUBLED,), "two people may report the same", no_fault=True),
    Explained("job.id", (Wrong.DOUBLED,), "a job may be done again", no_fault=True),
    Explained("branch.code", (*_VALUES, Wrong.DAY_EARLIER), "which code a branch has is for people to say"),
    Explained("branch.name", _VALUES, "which name a branch has is for people to say"),
    Explained("user.username", _VALUES, "who goes by which name is known to the two only"),
    Explained("user.name", _VALUES, "what people are called is known to them only"),
    Explained("user.role", _VALUES, "people change their roles: what each may do is agreed elsewhere", no_fault=True),
    Explained("user.created_at", (*_TIMES, Wrong.BEFORE_GO_LIVE), "people are entered before and after", no_fault=True),
    Explained("user.locked_until", (), "a lock that is over, or that lasts, is the application's own", no_fault=True),
    Explained("user.active", (Wrong.FLIPPED,), "people leave; who acts after that is found", no_fault=True),
    Explained("shift.*", (*_VALUES, Wrong.DAY_EARLIER, Wrong.BEFORE_GO_LIVE, Wrong.AHEAD),
              "a plan may say what it likes: shifts are moved, lengthened and given to others", no_fault=True),
    Explained("customer.branch", _VALUES, "a customer who never bought may be of any branch", no_fault=True),
    Explained("customer.name", _VALUES, "what customers are called is known to them only"),
    Explained("customer.created_at", (*_TIMES, Wrong.BEFORE_GO_LIVE), "customers may be known since long ago",
              no_fault=True),
    Explained("product.number", _VALUES, "which number an article has stands on its label only"),
    Explained("product.name", _VALUES, "what an article is called can be seen from the article only"),
    Explained("product.kind", _VALUES, "articles are put into other groups", no_fault=True),
    Explained("product.price", (Wrong.CENT, *_VALUES), "prices change; only one far from what it sells at is strange",
              no_fault=True),
    Explained("product.active", (Wrong.FLIPPED,), "articles are taken from the range", no_fault=True),
    Explained("sale.number", _VALUES, "which number stands on which receipt can be seen on the receipts only"),
    Explained("sale.customer", _VALUES, "who of a branch's customers bought is known to the two only"),
    Explained("sale.kind", _VALUES, "what is sold from the studio and what over the counter is agreed elsewhere"),
    Explained("sale.*_by", _VALUES, "a colleague of the branch may finish what another began", no_fault=True),
    Explained("sale.voided_at", _TIMES, "the day of a void sale is told by nothing else once its money is back"),
    Explained("sale_line.product", _VALUES, "which of two things was sold can be seen from the things only"),
    Explained("payment.method", _VALUES, "how it was paid stands on the slips; the mapped accounts are all money"),
    Explained("payment.received_by", _VALUES, "a colleague may take the money", no_fault=True),
    Explained("payment.paid_at", _TIMES, "people pay up to a month before or after their receipt", no_fault=True),
    Explained("ledger_entry.posted_at", _TIMES, "books are posted up to a month later, or to an earlier day",
              no_fault=True),
    Explained("ledger_entry.payment", (Wrong.NULL,), "a posting of no payment is the sale's own", no_fault=True),
    Explained("manual_record.handed_in_*", (*_VALUES, Wrong.DAY_EARLIER, Wrong.BEFORE_GO_LIVE),
              "who typed a sheet in, and when, changes nothing that was counted", no_fault=True),
    Explained("production_order.number", _VALUES, "which number is sewn into which garment can be seen there only"),
    Explained("production_order.budget", (Wrong.CENT, Wrong.SWAPPED, Wrong.STALE, Wrong.TENFOLD),
              "more may be allowed for an order; only what it costs beyond that is strange", no_fault=True),
    Explained("production_order.due_on", (), "a due day is a promise, and moved like one", no_fault=True),
    Explained("production_order.created_at", _TIMES, "opened a while before its work begins", no_fault=True),
    Explained("production_order.cancelled_at", (), "cancelled is cancelled, whenever it was", no_fault=True),
    Explained("production_order.completed_at", _TIMES, "the day of completion is compared on that day only"),
    Explained("step.assigned_to", (Wrong.NULL, *_VALUES), "work is given to others", no_fault=True),
    Explained("step.updated_at", (*_TIMES, Wrong.BEFORE_GO_LIVE), "a step is told by when it began and ended"),
    Explained("step.updated_by", (Wrong.NULL, *_VALUES), "a colleague of the branch may tick it off", no_fault=True),
    Explained("step.*_at", _TIMES, "moved within what is possible, hours of work are known to the worker only"),
    Explained("step.name", _VALUES, "steps are named by the workshop"),
    Explained("cost.step", (Wrong.NULL, Wrong.ANOTHERS, Wrong.SWAPPED), "a cost of the order may be of any begun step",
              no_fault=True),
    Explained("cost.kind", _VALUES, "what a slip is for stands on the slip only"),
    Explained("cost.amount", (Wrong.CENT, Wrong.SWAPPED, Wrong.STALE), "plausible amounts stand on the slips only"),
    Explained("cost.entered_at", _TIMES, "slips come in late, within the time of their order", no_fault=True),
    Explained("cost.entered_by", _VALUES, "a colleague of the branch may type the slips in", no_fault=True),
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
    Explained("session.expires_at", _TIMES, "a session that is used is prolonged", no_fault=True),
    Explained("session.ended_at", (Wrong.NULL, *_TIMES), "most people do not log out: their sessions run out",
              no_fault=True),
    Explained("issue.branch", (Wrong.NULL, *_VALUES), "people may report for any branch, or for all", no_fault=True),
    Explained("issue.reported_by", _VALUES, "people may report for others", no_fault=True),
    Explained("issue.title", (*_VALUES, Wrong.EMPTIED), "what people meant is known to them only"),
    Explained("issue.category", (*_VALUES, Wrong.NULL), "closed issues need no class", no_fault=True),
    Explained("issue.severity", _VALUES, "issues are classed anew", no_fault=True),
    Explained("issue.state", _VALUES, "an issue may be opened again", no_fault=True),
    Explained("issue.reported_at", (*_TIMES, Wrong.BEFORE_GO_LIVE), "since when it was so is known to them only"),
    Explained("issue.re*_by", _TIMES, "until when an answer is due is agreed on, and put off", no_fault=True),
    Explained("issue.resolved_at", _TIMES, "an issue may be solved at any time after it was answered"),
    Explained("job.kind", _VALUES, "which job it was is told by what it left only"),
    Explained("job.error", (), "what a job that went well says of errors is its own", no_fault=True),
    Explained("job.due_at", _TIMES, "a job that is done was due at some time before it", no_fault=True),
    Explained("job.queued_at", (*_TIMES, Wrong.BEFORE_GO_LIVE), "a job may wait for days", no_fault=True),
)  # fmt: skip


def explanation_of(seen: Seen) -> Explained | None:
    """The first that holds; None for what should have been noticed."""
    return next((one for one in EXPLAINED if one.explains(seen)), None)
