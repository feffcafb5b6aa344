"""A round's reports put where others read them, as [publish] of the target file says."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator

from hypercare.publishing.problem import PublishProblem
from hypercare.publishing.publishing import publish_as_configured
from hypercare.reports.words import counted
from hypercare.suite.session import SuiteSession

_LOG = logging.getLogger(__name__)


class HandingOut:
    """Publishes in a thread of its own, since a place that does not answer must not keep people from being told.

    Never raises: whatever is wrong with the place, the round has its report and its status.
    """

    def __init__(self, suite: SuiteSession) -> None:
        self._suite = suite
        self._running: threading.Thread | None = None
        self._trouble = ""
        self._copied = 0

    def publish(self, *, says_where: bool) -> Iterator[str]:
        """Publish what is there by now, and wait for it within the limit.

        Yields:
            what went wrong, in a sentence, or on demand where people find it.
        """
        section = self._suite.config.publish
        if section is None or self._suite.rehearses:
            return
        limit_s = section.limit.total_seconds()
        if self._running is not None and self._running.is_alive():
            self._running.join(limit_s)
            if self._running.is_alive():
                yield "The reports are not published: the place that [publish] names does not answer."
                return
        self._trouble, self._copied = "", 0
        self._running = threading.Thread(target=self._publish, name="publish", daemon=True)
        self._running.start()
        self._running.join(limit_s)
        if self._running.is_alive():
            yield f"The reports are still being published after {limit_s:g} s."
        elif self._trouble:
            yield f"The reports are not published: {self._trouble}"
        elif says_where:
            at = section.link_to(None)
            yield f"Published, {counted(self._copied, 'file')} copied" + (f": {at}" if at else ".")

    def _publish(self) -> None:
        try:
            self._copied = publish_as_configured(self._suite.reports, self._suite.config).copied
        except PublishProblem as problem:
            self._trouble = f"{problem}."
        except Exception as error:  # noqa: BLE001 - a round that held must not end as one that failed
            _LOG.warning("publishing broke", exc_info=error)
            self._trouble = f"{type(error).__name__}: {error}"
