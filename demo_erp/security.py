"""Passwords, sessions and the lock after too many wrong passwords."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from demo_erp.schema import Activity, LoginAttempt, User
from demo_erp.schema import Session as SignedIn

SCRYPT_COST, SCRYPT_BLOCK, SCRYPT_PARALLEL = 2**12, 8, 1
WRONG_PASSWORDS_ALLOWED = 5
LOCKED_FOR = timedelta(minutes=15)
SESSION_LASTS = timedelta(hours=12)


@dataclass(frozen=True)
class LoginResult:
    """What came of an attempt to log in. ``token`` is given out once; ``reason`` says why there is none."""

    user: User | None
    token: str | None
    expires_at: datetime | None
    reason: str = ""  # "", "unknown_user", "wrong_password", "locked", "disabled"

    @property
    def succeeded(self) -> bool:
        return self.token is not None


def hash_password(password: str, salt: bytes | None = None) -> str:
    """ "scrypt$cost$salt$key", salt and key in base64."""
    salt = salt or secrets.token_bytes(16)
    return f"scrypt${SCRYPT_COST}${_encode(salt)}${_encode(_derive(password, salt, SCRYPT_COST))}"


def verify_password(password: str, stored: str) -> bool:
    """Compared in constant time; a stored hash that is none matches nothing."""
    try:
        scheme, cost, salt, key = stored.split("$")
        if scheme != "scrypt":
            return False
        return hmac.compare_digest(_derive(password, base64.b64decode(salt), int(cost)), base64.b64decode(key))
    except ValueError:
        return False


def new_token() -> str:
    """An opaque session token; only its hash is ever stored."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def log_in(
    session: Session,
    *,
    username: str,
    password: str,
    channel: str,
    address: str,
    now: datetime,
    trace_id: str = "",
) -> LoginResult:
    """Try to log in. The attempt is recorded either way, so commit after a failure too."""
    username = username.strip().lower()
    found = session.scalar(
        select(User).where(User.username == username).options(joinedload(User.branch)).with_for_update(of=User)
    )
    reason = _refusal(found, password, now)
    session.add(
        LoginAttempt(
            username=username[:60],
            user_id=found.id if found else None,
            succeeded=not reason,
            reason=reason,
            channel=channel,
            address=address,
            at=now,
        )
    )
    if found is None or reason:
        if found is not None and reason == "wrong_password":
            _count_failure(found, now)
        return LoginResult(found, None, None, reason)
    found.failed_logins, found.locked_until = 0, None
    token = new_token()
    signed_in = SignedIn(
        token_hash=token_hash(token),
        user_id=found.id,
        channel=channel,
        address=address,
        created_at=now,
        expires_at=now + SESSION_LASTS,
    )
    session.add(signed_in)
    session.flush()
    session.add(_activity(found, "login", signed_in.id, channel, trace_id, now))
    return LoginResult(found, token, signed_in.expires_at)


def signed_in(session: Session, token: str, now: datetime) -> tuple[SignedIn, User] | None:
    """The session and user that a token stands for, while both are good."""
    row = session.execute(
        select(SignedIn, User)
        .join(User, User.id == SignedIn.user_id)
        .where(SignedIn.token_hash == token_hash(token))
        .options(joinedload(User.branch))
    ).one_or_none()
    if row is None:
        return None
    found, user = row
    if not user.active or found.revoked_at is not None or found.expires_at <= now:
        return None
    return found, user


def log_out(session: Session, token: str, now: datetime, *, trace_id: str = "") -> None:
    """End the session of a token; an unknown one is no error."""
    found = signed_in(session, token, now)
    if found is not None:
        record, user = found
        record.revoked_at = now
        session.add(_activity(user, "logout", record.id, record.channel, trace_id, now))


def _refusal(user: User | None, password: str, now: datetime) -> str:
    if user is None:
        verify_password(password, _NOBODY)  # takes as long as a real one: names cannot be guessed by time
        return "unknown_user"
    if user.locked_until is not None and user.locked_until > now:
        return "locked"
    if not verify_password(password, user.password_hash):
        return "wrong_password"
    return "" if user.active else "disabled"


def _count_failure(user: User, now: datetime) -> None:
    if user.locked_until is not None:  # an earlier lock has run out: counting starts anew
        user.failed_logins, user.locked_until = 0, None
    user.failed_logins += 1
    if user.failed_logins >= WRONG_PASSWORDS_ALLOWED:
        user.locked_until = now + LOCKED_FOR


def _activity(user: User, action: str, entity_id: int, channel: str, trace_id: str, now: datetime) -> Activity:
    return Activity(
        user_id=user.id,
        branch_id=user.branch_id,
        action=action,
        entity="session",
        entity_id=entity_id,
        channel=channel,
        trace_id=trace_id,
        at=now,
    )


def _derive(password: str, salt: bytes, cost: int) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=cost, r=SCRYPT_BLOCK, p=SCRYPT_PARALLEL, dklen=32)


def _encode(data: bytes) -> str:
    return base64.b64encode(data).decode()


_NOBODY = hash_password("nobody")
