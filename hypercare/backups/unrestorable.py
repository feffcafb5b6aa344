"""What is said of a backup that does not bring anything back."""


class Unrestorable(Exception):
    """A backup does not restore; `reason` is a few plain words, `detail` what the tool said."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail
