"""What is kept on a pytest test while it runs."""

from __future__ import annotations

from typing import Any

import pytest

from hypercare.outcome.evidence import Attachment
from hypercare.outcome.result import CheckResult

FIGURES: pytest.StashKey[dict[str, Any]] = pytest.StashKey()
RESULT = pytest.StashKey[CheckResult]()
ATTACHMENTS = pytest.StashKey[list[Attachment]]()
