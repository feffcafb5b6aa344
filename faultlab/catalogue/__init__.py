"""Every fault that the lab knows, by area."""

from __future__ import annotations

from difflib import get_close_matches

from faultlab.adoption import attendance, old_ways, people_at_work
from faultlab.catalogue import (
    api,
    api_at_times,
    backups,
    branches,
    certificates,
    clocks,
    costs,
    damage,
    database,
    declared,
    disk,
    doors,
    duplicates,
    figures,
    figures_lost,
    hours,
    incidents,
    integrity,
    isolation,
    issues,
    jobs,
    logs,
    mobile_app,
    network,
    past_sales,
    plain_sense,
    production,
    rotation,
    sales,
    standstill,
    states,
    switched_off,
    unusual,
    users,
    waiting,
    web_app,
)
from faultlab.error_sources import faults as error_sources
from faultlab.fault import Fault
from faultlab.report_faults import first_days, in_one_go, plausible, production_report, promises, sales_report
from faultlab.technical_faults import crashes, downtime, response_history, slow_statements, sources_read

CATALOGUE: tuple[Fault, ...] = (
    *sales.FAULTS,
    *sales_report.FAULTS,
    *duplicates.FAULTS,
    *unusual.FAULTS,
    *switched_off.FAULTS,
    *production.FAULTS,
    *production_report.FAULTS,
    *promises.FAULTS,
    *first_days.FAULTS,
    *costs.FAULTS,
    *states.FAULTS,
    *plain_sense.FAULTS,
    *past_sales.FAULTS,
    *branches.FAULTS,
    *figures.FAULTS,
    *figures_lost.FAULTS,
    *database.FAULTS,
    *integrity.FAULTS,
    *declared.FAULTS,
    *damage.FAULTS,
    *disk.FAULTS,
    *users.FAULTS,
    *attendance.FAULTS,
    *people_at_work.FAULTS,
    *old_ways.FAULTS,
    *hours.FAULTS,
    *jobs.FAULTS,
    *issues.FAULTS,
    *in_one_go.FAULTS,
    *plausible.FAULTS,
    *incidents.FAULTS,
    *standstill.FAULTS,
    *logs.FAULTS,
    *rotation.FAULTS,
    *waiting.FAULTS,
    *response_history.FAULTS,
    *crashes.FAULTS,
    *downtime.FAULTS,
    *sources_read.FAULTS,
    *error_sources.FAULTS,
    *slow_statements.FAULTS,
    *clocks.FAULTS,
    *backups.FAULTS,
    *api.FAULTS,
    *api_at_times.FAULTS,
    *isolation.FAULTS,
    *doors.FAULTS,
    *web_app.FAULTS,
    *mobile_app.FAULTS,
    *network.FAULTS,
    *certificates.FAULTS,
)


class UnknownFault(Exception):
    """No fault has this id; the message is one line and names the nearest."""


def fault_named(name: str) -> Fault:
    """Raises UnknownFault."""
    for fault in CATALOGUE:
        if fault.id == name:
            return fault
    near = get_close_matches(name, [fault.id for fault in CATALOGUE], n=1, cutoff=0.4)
    raise UnknownFault(f"no fault is called {name!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
