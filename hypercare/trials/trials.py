"""A trial sale and a trial production step, taken through one client and looked up in the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Protocol

from hypercare.clients.client import OrderSeen, StepSeen, Way
from hypercare.clients.declared_verbs import require_declared
from hypercare.http.reachability import Unfinished
from hypercare.outcome.finding import Finding
from hypercare.outcome.level import Level
from hypercare.outcome.signals import ChannelDown, CheckFailed, DryRunStop, NotCovered
from hypercare.target_file.business_terms import Channel, SaleState, Task
from hypercare.trials.comparison import AmbiguousSale, Comparison, SaleRecords, plain_key
from hypercare.trials.synthetic import Misfiled, NotUndone, Synthetic, TrialSale


class StepRecords(Protocol):
    def step_state(
        self, identity: object, order: str = "", name: str = "", branch: str | None = None
    ) -> str | None: ...


@dataclass(frozen=True)
class Attempt:
    """How a trial through one way in went: what stopped it, and where the sources told different things.

    `went_through` is whether it could be done, even if it was filed wrongly or could not be undone.
    """

    channel: Channel
    refusal: Finding | None = None
    went_through: bool = False
    disagreements: Sequence[Mapping[str, object]] = ()

    def row(self) -> dict[str, object]:
        return {"through": str(self.channel), "trouble": self.refusal.sentence if self.refusal else ""}


@dataclass(frozen=True)
class Attempts:
    """Trials through several ways in, and the ways that could not be tried, with the reason."""

    of_each: Sequence[Attempt] = field(default_factory=tuple)
    left_out: Mapping[Channel, NotCovered] = field(default_factory=dict)
    not_compared: Sequence[AmbiguousSale] = ()

    @property
    def refused(self) -> list[Attempt]:
        return [attempt for attempt in self.of_each if attempt.refusal is not None]

    @property
    def none_went_through(self) -> bool:
        return bool(self.of_each) and not any(attempt.went_through for attempt in self.of_each)

    @property
    def disagreements(self) -> list[Mapping[str, object]]:
        return [row for attempt in self.of_each for row in attempt.disagreements]

    @property
    def gravest(self) -> Finding | None:
        """The refusal that states the highest level of its own; None when each has that of its item."""
        stated = [one.refusal for one in self.refused if one.refusal and one.refusal.level]
        return max(stated, key=lambda refusal: refusal.level or Level.L1, default=None)

    def in_words(self, *, none: str, some: str) -> str:
        """Every refusal, led by `none` when no trial went through and by `some` when one did not.

        A trial that went through and is wrong all the same (filed elsewhere, not undone) speaks for itself.
        """
        stopped = any(not attempt.went_through for attempt in self.refused)
        lead = none if self.none_went_through else some if stopped else ""
        reasons = dict.fromkeys(attempt.refusal.sentence for attempt in self.refused if attempt.refusal)
        return " ".join([lead, *reasons]).strip()

    def require_all_tried(self) -> None:
        """Raises NotCovered when a way in could not be tried: what was not looked at does not pass."""
        if self.left_out:
            names = " and ".join(channel.words for channel in self.left_out)
            gap = next(iter(self.left_out.values()))
            raise NotCovered(f"Not tried in {names}. {gap.reason}", remedy=gap.remedy)
        if self.not_compared:
            raise self.not_compared[0]


Trial = Callable[[Way], Sequence[Mapping[str, object]]]


def sell(synthetic: Synthetic, ways: Sequence[Way], records: SaleRecords) -> Attempts:
    """A sale through each way in: created, finalised, read back, listed, compared, voided, and looked up once more.

    Raises:
        NotCovered: none of the ways is there to be tried, or the target may only be observed.
    """
    left_out: dict[Channel, NotCovered] = {}
    not_compared: list[AmbiguousSale] = []

    def lost(down: ChannelDown) -> Finding:
        try:
            return _lost_on_the_way(synthetic, ways, down)
        except (ChannelDown, NotCovered, CheckFailed):
            return down.finding

    sold = partial(_sold, synthetic, ways=ways, records=records, left_out=left_out, not_compared=not_compared)
    attempts = _through_each(ways, sold, left_out, lost)
    return replace(attempts, not_compared=tuple(not_compared))


def work(synthetic: Synthetic, ways: Sequence[Way], records: StepRecords) -> Attempts:
    """The first step of what a sale has made to order, started and finished by each way in; then all of it undone.

    Raises:
        NotCovered: none of the ways is there to be tried, nothing is kept that is made to order, or the target may
            only be observed.
    """
    # Where nothing is made, no channel that is down keeps anybody from making it.
    synthetic.product_for("made_to_order")
    left_out: dict[Channel, NotCovered] = {}

    def worked(way: Way) -> list[dict[str, object]]:
        # The sale is only the ground to stand on: it is made through the first way in that can be, whichever is tried.
        ground = next((one for one in ways if one.channel not in left_out), way)
        return _worked(synthetic, way, ground, records)

    return _through_each(ways, worked, left_out, lambda down: _lost_on_the_way(synthetic, ways, down))


def _lost_on_the_way(synthetic: Synthetic, ways: Sequence[Way], down: ChannelDown) -> Finding:
    """One request got no answer. Where people still come in, the way is not down, and the trial failed by itself.

    Raises:
        ChannelDown: nobody comes in by that way.
    """
    way = next((one for one in ways if one.channel == down.way), None)
    if way is None:
        raise down
    with synthetic.accounts.client_for(way, Task.SELL):
        pass
    if isinstance(down, Unfinished):
        return replace(down.finding, cause="")
    return replace(
        down.finding,
        sentence=f"In {way.channel.words} a request of the trial got no answer, although people can come in"
        + (f": {down.finding.detail}." if down.finding.detail else "."),
        next_step="Look in the logs for the request that broke off, and for what it left behind.",
        cause="",
    )


def _its_own_trouble(down: ChannelDown) -> Finding:
    return down.finding


def _through_each(
    ways: Sequence[Way],
    attempt: Trial,
    left_out: dict[Channel, NotCovered],
    when_down: Callable[[ChannelDown], Finding] = _its_own_trouble,
) -> Attempts:
    """`left_out` takes the ways that are not covered as they show; `when_down` says what the trial makes of a way in
    that cannot be reached, or raises it again."""
    made: list[Attempt] = []
    for way in ways:
        try:
            rows = attempt(way)
        except NotCovered as signal:
            left_out[way.channel] = signal
        except DryRunStop:
            # Only looking: it came as far as the first write, and the other ways are still to be looked at.
            made.append(Attempt(way.channel, went_through=True))
        except ChannelDown as signal:
            if signal.way not in set(Channel):
                raise
            made.append(Attempt(way.channel, when_down(signal)))
        except CheckFailed as signal:
            made.append(Attempt(way.channel, signal.finding, went_through=isinstance(signal, NotUndone | Misfiled)))
        else:
            made.append(Attempt(way.channel, went_through=True, disagreements=rows))
    if not made and left_out:
        raise next(iter(left_out.values()))
    return Attempts(tuple(made), left_out)


def _sold(
    synthetic: Synthetic,
    way: Way,
    ways: Sequence[Way],
    records: SaleRecords,
    left_out: dict[Channel, NotCovered],
    not_compared: list[AmbiguousSale],
) -> list[dict[str, object]]:
    with synthetic.accounts.client_for(way, Task.SELL) as client:
        if synthetic.target.only_looks:
            require_declared(client, ("create_sale", "finalise_sale", "read_sale", "undo_sale", "list_sales"))
        with synthetic.sale(client) as trial:
            furthest = _as_far_as_can_be_undone(trial, left_out)
            final = trial.read()
            comparison = Comparison(synthetic, client, final)
            rows = comparison.within(furthest) + comparison.with_list()
            for other in ways:
                if other.channel is way.channel or other.channel is not Channel.API:
                    continue
                try:
                    rows += comparison.with_other(other)
                except NotCovered as signal:
                    # That the other client is not there takes nothing from what this one does.
                    left_out.setdefault(other.channel, signal)
                except (CheckFailed, ChannelDown) as signal:
                    # Nor that it cannot look the sale up: it was made all the same.
                    rows.append(comparison.not_seen_by(other, signal.finding.sentence))
            rows += comparison.with_records(records, furthest, undone=False)
        rows += comparison.with_records(records, "void", undone=True)
        not_compared += comparison.ambiguous
        return rows


def _as_far_as_can_be_undone(trial: TrialSale, left_out: dict[Channel, NotCovered]) -> SaleState:
    """Make it final; where no final sale can be taken back, the draft is looked at and the rest told as left out."""
    try:
        trial.finalise()
    except NotCovered as signal:
        left_out.setdefault(trial.client.channel, signal)
        return "draft"
    return "final"


def _worked(synthetic: Synthetic, way: Way, ground: Way, records: StepRecords) -> list[dict[str, object]]:
    client_for = synthetic.accounts.client_for
    if synthetic.target.only_looks:
        # This client is opened only after the sale is made; whether it can be is to be seen all the same.
        with client_for(way, Task.PRODUCE) as client:
            require_declared(client, ("read_order", "start_step", "finish_step"))
        with client_for(ground, Task.UNDO) as overseer:
            require_declared(overseer, ("read_order",))
    with client_for(ground, Task.SELL) as till, synthetic.sale(till, "made_to_order") as trial:
        sale = trial.finalise()
        with client_for(ground, Task.UNDO) as overseer:
            order = overseer.order_of_sale(sale.key)
        if order is None or not order.steps:
            what = "no production order" if order is None else "a production order without steps"
            raise CheckFailed(
                Finding(
                    sentence=f"A sale of something made to order opened {what}, so production would never learn of it.",
                    where=f"sale {sale.number}",
                    next_step="Find out why finalising a sale of something made to order does not open its order.",
                )
            )
        rows = _moved(way, synthetic, order, records)
    return rows + _order_after(synthetic, ground, order)


def _moved(way: Way, synthetic: Synthetic, order: OrderSeen, records: StepRecords) -> list[dict[str, object]]:
    step = order.steps[0]
    where = way.channel.words
    with synthetic.accounts.client_for(way, Task.PRODUCE) as client:
        here = _called_here(client.read_order(order.key), step)
        started = client.start_step(order.key, here)
        finished = client.finish_step(order.key, here)
        again = client.read_order(order.key)
    states = {
        "after starting": (_state(started, here), "started"),
        "after finishing": (_state(finished, here), "done"),
    }
    states["read again"] = (_state(again, here), "done")
    rows = [
        _step_row(where, order, f"step {step.name} {when}", right, state)
        for when, (state, right) in states.items()
        if state != right
    ]
    rightly = round(100 / len(order.steps))
    if again is not None and again.progress is not None and abs(again.progress - rightly) > 1:
        rows.append(_step_row(where, order, "progress in percent", rightly, again.progress))
    try:
        recorded = records.step_state(
            plain_key(step.key), order.number, step.name, order.branch or synthetic.target.config.canary.branch
        )
    except NotCovered:
        return rows
    if recorded != "done":
        rows.append(_step_row("the database", order, f"step {step.name}", "done", recorded or "missing"))
    return rows


def _called_here(shown_order: OrderSeen | None, step: StepSeen) -> str:
    """The step's key where it is moved: a page may know it by its name only."""
    steps = shown_order.steps if shown_order is not None else ()
    if any(one.key == step.key for one in steps):
        return step.key
    return next((one.key for one in steps if one.name == step.name), step.key)


def _order_after(synthetic: Synthetic, way: Way, order: OrderSeen) -> list[dict[str, object]]:
    """A voided sale must not leave work behind."""
    with synthetic.accounts.client_for(way, Task.UNDO) as overseer:
        left = overseer.read_order(order.key)
    if left is None or left.state == "cancelled":
        return []
    return [_step_row(way.channel.words, order, "order of a sale that was voided", "cancelled", left.state)]


def _state(order: OrderSeen | None, step: str) -> str:
    return next((one.state for one in order.steps if one.key == step), "missing") if order else "missing"


def _step_row(where: str, order: OrderSeen, what: str, right: object, found: object) -> dict[str, object]:
    return {"source": where, "order": order.number, "what": what, "expected": str(right), "told": str(found)}
