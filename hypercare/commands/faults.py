"""`hypercare faults`: what the fault lab can do to an embedded system, and doing and undoing it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from faultlab.catalogue import CATALOGUE, UnknownFault, fault_named
from faultlab.fault import Fault, Where
from faultlab.gateway.certificate import AUTHORITY
from faultlab.injecting import inject, undo
from faultlab.problem import LabProblem
from faultlab.scene import place_of
from hypercare.commands.faults_blind import draw_blindly
from hypercare.commands.faults_columns import spoil_columns
from hypercare.commands.faults_live import live_weeks
from hypercare.commands.faults_mutate import mutate_model

if TYPE_CHECKING:
    from faultlab.mutating.run import Fate
    from faultlab.proving.proof import Proof

_target = click.option(
    "--target", "target_file", type=click.Path(path_type=Path), required=True, help="target file of an embedded system"
)


@click.group()
def faults() -> None:
    """Put faults into an embedded system, to see what notices them."""


@faults.command("list")
@click.option("--json", "as_json", is_flag=True, help="as a JSON list of {id, happens, where, noticed_by, may_notice}")
def list_faults(as_json: bool) -> int:
    """List every fault with what must notice it."""
    if as_json:
        click.echo(json.dumps([fault.as_dict() for fault in CATALOGUE], indent=2))
        return 0
    for fault in CATALOGUE:
        click.echo(f"{fault.id}  [{fault.where.value}]  {fault.happens}")
        click.echo(f"    {_noticed(fault)}")
    click.echo(f"{len(CATALOGUE)} faults")
    return 0


@faults.command("inject")
@click.argument("name", metavar="ID")
@_target
def inject_fault(name: str, target_file: Path) -> int:
    """Put a fault in."""
    fault = _named(name)
    with _in_one_line():
        inject(fault, target_file)
    click.echo(f"In: {fault.happens} {_noticed(fault)}.")
    if fault.seen_before:
        click.echo("It shows to a suite that had looked at the system before.")
    if fault.certificate is not None and fault.certificate.is_trusted:
        click.echo(f"Look with SSL_CERT_FILE={place_of(fault.id, target_file) / AUTHORITY}.")
    return 0


@faults.command("undo")
@click.argument("name", metavar="ID")
@_target
def undo_fault(name: str, target_file: Path) -> int:
    """Take a fault out again."""
    fault = _named(name)
    with _in_one_line():
        undo(fault, target_file)
    click.echo(f"Out: {fault.id}.")
    return 0


@faults.command("prove")
@click.argument("names", metavar="[ID]...", nargs=-1)
@click.option(
    "--where", multiple=True, type=click.Choice([one.value for one in Where]), help="only faults of this place"
)
@click.option("--pairs", type=int, default=0, show_default=True, help="prove so many random pairs of faults too")
@click.option("--seed", type=int, default=1, show_default=True, help="which pairs are drawn")
@click.option("--at-once", type=click.IntRange(1, 32), default=2, show_default=True, help="how many at a time")
@click.option("--again", is_flag=True, help="only what was not proven right, or not at all, the last time")
@click.option("--out", type=click.Path(path_type=Path), default=Path("reports/proof"), show_default=True)
def prove_faults(
    names: tuple[str, ...], where: tuple[str, ...], pairs: int, seed: int, at_once: int, again: bool, out: Path
) -> int:
    """Prove that each fault is noticed: all of them, or those that are named.

    Each is put into a fresh copy of the embedded system. Ends with 1 if one was missed, noticed at a wrong level, or
    let something alarm that has nothing to do with it.
    """
    from faultlab.proving.pair import draw_pairs
    from faultlab.proving.proofs_file import right_ones_in
    from faultlab.proving.proving import Request, prove, write

    chosen = [_named(name) for name in names] or [fault for fault in CATALOGUE if not where or fault.where in where]
    chosen = [fault for fault in chosen if _is_possible(fault)]
    request = Request(chosen, draw_pairs(chosen, pairs, seed), at_once, right_ones_in(out) if again else {})
    matrix = prove(request, Path(".cache"), datetime.now(UTC).date(), out, _tell)
    page = write(matrix, out)
    click.echo(f"Matrix: {page}")
    return 0 if matrix.right else 1


@faults.command("weaken")
@click.option("--proof", "proof", type=click.Path(path_type=Path), default=Path("reports/proof"), show_default=True)
@click.option("--only", default="", metavar="TEXT", help="only statements whose place holds the text")
@click.option("--at-once", type=click.IntRange(1, 32), default=2, show_default=True, help="how many at a time")
def weaken_checks(proof: Path, only: str, at_once: int) -> int:
    """Take one statement after another out of the checks: each time, a fault has to go unnoticed.

    Uses the matrix that `hypercare faults prove` wrote. Ends with 1 if a statement can go without anybody missing it.
    """
    from faultlab.mutating.listing import write_fates
    from faultlab.mutating.run import weaken_all
    from faultlab.mutating.site import all_sites
    from faultlab.proving.proving import prepared_in

    matrix = proof / "matrix.json"
    if not matrix.exists():
        raise click.ClickException(f"{matrix} is not there; run `hypercare faults prove` first")
    sites = [site for site in all_sites() if only in site.id]
    noticed = json.loads(matrix.read_text(encoding="utf-8"))
    fates = list(weaken_all(sites, noticed, prepared_in(Path(".cache")), at_once=at_once, report=_tell_fate))
    click.echo(f"List: {write_fates(fates, proof)}")
    return 1 if any(fate.survives for fate in fates) else 0


faults.add_command(mutate_model)
faults.add_command(live_weeks)
faults.add_command(spoil_columns)
faults.add_command(draw_blindly)


def _is_possible(fault: Fault) -> bool:
    """Says so when a fault is left out, because this machine does not let it be put in."""
    reason = fault.impossible_here()
    if reason:
        click.echo(f"Left out: {fault.id}: {reason}.")
    return not reason


def _tell_fate(fate: Fate, done: int, of: int) -> None:
    if fate.survives or sys.stdout.isatty():
        says = f"missed by {fate.killed_by}" if fate.killed_by else fate.explained or fate.trouble or "nobody misses it"
        click.echo(f"{done}/{of} {fate.site.id} {fate.site.words}: {says}")


def _tell(proof: Proof, done: int, of: int) -> None:
    if proof.right and not sys.stdout.isatty():
        return
    says = "as it should be" if proof.right else proof.trouble or proof.verdict.get("words", "")
    click.echo(f"{done}/{of} {proof.fault}: {says}")


def _named(name: str) -> Fault:
    try:
        return fault_named(name)
    except UnknownFault as error:
        raise click.ClickException(str(error)) from None


@contextmanager
def _in_one_line() -> Iterator[None]:
    try:
        yield
    except LabProblem as problem:
        raise click.ClickException(str(problem)) from None


def _noticed(fault: Fault) -> str:
    if not fault.noticed_by:
        return "Nobody may stir"
    return "To be noticed by " + ", ".join(f"{item} ({level.value})" for item, level in fault.noticed_by.items())
