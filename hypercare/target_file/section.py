"""What every part of the target file is made of."""

from __future__ import annotations

import typing
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.fields import FieldInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import core_schema

from hypercare.target_file.duration import parsed_duration
from hypercare.target_file.expression import check_expression, check_pattern
from hypercare.target_file.request_pattern import check_request_pattern

Duration = Annotated[timedelta, BeforeValidator(parsed_duration)]
Expression = Annotated[str, AfterValidator(check_expression)]
Pattern = Annotated[str, AfterValidator(check_pattern)]
RequestPattern = Annotated[str, AfterValidator(check_request_pattern)]


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


def one_or_more(value: Any) -> Any:
    """Lets a list of one be written without its brackets."""
    return value if isinstance(value, list | tuple) or value is None else [value]


def as_words(value: Any) -> Any:
    """One value or several, each as text: `true`, `3` and "open" may all be states."""
    return tuple(word(one) for one in one_or_more(value) or ())


def word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) or value is None else str(value)


_Word = str | int | bool
Words = Annotated[tuple[str, ...], BeforeValidator(as_words, json_schema_input_type=_Word | tuple[_Word, ...])]


@dataclass(frozen=True)
class Later:
    """Marks a field whose model ("module:Class") is only built for a target file that has such a section.

    Most have not, and a check at the desk should not wait for the models of those that have.
    """

    place: str

    @property
    def model(self) -> type[BaseModel]:
        module, _, name = self.place.partition(":")
        model: type[BaseModel] = getattr(import_module(module), name)
        return model

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self._checked)

    def __get_pydantic_json_schema__(self, _: Any, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return handler(self.model.__pydantic_core_schema__)

    def _checked(self, value: Any) -> Any:
        return None if value is None else self.model.model_validate(value)


def model_of(field: FieldInfo) -> type[BaseModel] | None:
    """The model behind a field, be it in a list, in a table or built later; None for a plain value."""
    later = next((mark for mark in field.metadata if isinstance(mark, Later)), None)
    return later.model if later else _model_in(field.annotation)


def is_table_of(field: FieldInfo) -> bool:
    """Whether the file gives the keys of this field's table their names."""
    return typing.get_origin(field.annotation) is dict


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, Later):
        return annotation.model
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for one in typing.get_args(annotation) if (model := _model_in(one))), None)
