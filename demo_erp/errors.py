"""What can go wrong in the service layer, each with the HTTP status and the code that clients see."""

from __future__ import annotations


class ErpError(Exception):
    """A request that cannot be fulfilled; the message is written for the person who made it."""

    status = 400
    code = "bad_request"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotSignedIn(ErpError):
    status = 401
    code = "not_signed_in"


class NotAllowed(ErpError):
    status = 403
    code = "not_allowed"


class NotFound(ErpError):
    status = 404
    code = "not_found"


class Conflict(ErpError):
    """The record is not in a state in which this can be done."""

    status = 409
    code = "conflict"


class Invalid(ErpError):
    status = 422
    code = "invalid"


class Locked(ErpError):
    """The account is locked after too many wrong passwords."""

    status = 423
    code = "locked"


class SetupProblem(Exception):
    """Bad input to a command, or a state folder that cannot be used: one clear line, exit status 4."""
