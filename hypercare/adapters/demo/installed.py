"""Whether the embedded system can be started here: it stands on packages that no other target needs."""

from __future__ import annotations

from hypercare.extras import install, missing
from hypercare.outcome.signals import MonitorFault


class EmbeddedProblem(MonitorFault):
    """The embedded system could not be prepared, started or advanced; the message is one line."""


def require_installed() -> None:
    """Raises EmbeddedProblem when something that it stands on is not installed."""
    lacking = missing("demo")
    if lacking:
        raise EmbeddedProblem(
            f"the embedded system needs {', '.join(lacking)}, not installed here",
            remedy=f"Install what it needs: {install('demo')}.",
        )
