"""Secrets by reference: the target file says where a secret is, never what it is."""

from __future__ import annotations

import json
import os
import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

from hypercare.outcome.redaction import ALL_SECRETS


class MissingSecret(Exception):
    """A referenced secret is not there; the message is one line and holds no secret."""


class SecretReference(BaseModel):
    """`{ env = "NAME" }`, `{ file = "path" }` (its whole text) or `{ file = "path.json", key = "name" }`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    env: str | None = None
    file: Path | None = None
    key: str | None = None

    @model_validator(mode="after")
    def _one_source(self) -> SecretReference:
        if (self.env is None) == (self.file is None):
            raise ValueError('a secret is given as { env = "NAME" } or { file = "path" }')
        return self

    def resolve(self) -> str:
        """The secret itself, known to the own log's redactor from now on.

        Raises:
            MissingSecret: the variable, the file or the key in it is not there.
        """
        secret = self._resolved()
        ALL_SECRETS.learn([secret, secret.strip()])
        return secret

    def _resolved(self) -> str:
        if self.env is not None:
            value = os.environ.get(self.env)
            if not value:
                raise MissingSecret(f"the environment variable {self.env} is not set")
            return value
        assert self.file is not None
        try:
            text = self.file.read_text(encoding="utf-8")
        except OSError as error:
            raise MissingSecret(f"the secret file {self.file} cannot be read: {error.strerror}") from None
        return text.strip() if self.key is None else self._keyed(text)

    def _keyed(self, text: str) -> str:
        assert self.file is not None
        try:
            content: dict[str, Any] = tomllib.loads(text) if self.file.suffix == ".toml" else json.loads(text)
            return str(content[str(self.key)])
        except (ValueError, KeyError, TypeError):
            raise MissingSecret(f"the secret file {self.file} has no key {self.key!r}") from None
