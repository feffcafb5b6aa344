"""Where a message leads: to the report on the web, as the target file says where that is."""

from __future__ import annotations

from datetime import date

from hypercare.target_file.config import TargetConfig


def report_link(config: TargetConfig, day: date | None = None) -> str | None:
    """The address of the report of a day, or of the newest; None where none is told.

    `[reports] link` is an address of one's own and stands as it is; else it is the published page under
    `[publish] link`.
    """
    if config.reports.link is not None or config.publish is None:
        return config.reports.link
    return config.publish.link_to(day)
