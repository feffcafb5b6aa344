"""How reports are made and kept."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator

from hypercare.extras import install, missing
from hypercare.target_file.section import Section


class ReportsSection(Section):
    """`keep_days` is how long the folders of earlier days stay; `mask_personal_data` applies to samples.

    `people` says how people stand in what is told of how they work, by items that are `about = "people"` in the
    checklist: by their "names", by "pseudonyms" that stay the same from round to round, as "counts" without any of
    them, or as "groups", as a works council asks: nothing of a group of fewer than five, and of nobody by themselves.
    With the last three no evidence of these items is attached.

    `language` is that of reports, pages and messages: English, or German ("de", which needs the extra "languages").
    What is stored, `summary.json` among it, stays English.
    """

    keep_days: int = Field(default=60, ge=1)
    mask_personal_data: bool = True
    people: Literal["names", "pseudonyms", "counts", "groups"] = "names"
    link: str | None = None
    language: Literal["de", "en"] = "en"

    @field_validator("language")
    @classmethod
    def _is_there(cls, language: str) -> str:
        if language != "en" and missing("languages"):
            raise ValueError(f"needs what is not installed here: {install('languages')}")
        return language
