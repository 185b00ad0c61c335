"""What all records share: the frozen base, and the small types their fields are made of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictFloat,
    StrictInt,
    StringConstraints,
)
from pydantic.annotated_handlers import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticCustomError, core_schema

from evidencekb.model.dates import check_date


class Record(BaseModel):
    """A frozen record. Unknown fields are refused, so that a misspelt field is never silently lost."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, hide_input_in_errors=False, validate_default=False
    )

    def __dir__(self) -> list[str]:
        """Fields and what we add to them, without the dozens of names of the library below: what completion offers."""
        ours = (name for kind in type(self).__mro__ if issubclass(kind, Record) for name in vars(kind))
        return sorted({*type(self).model_fields, *(n for n in ours if not n.startswith("_") and n != "model_config")})


@dataclass(frozen=True, slots=True)
class RefersTo:
    """Marks a text field as the id of another record; ``words`` are the values that are not ids."""

    kinds: tuple[str, ...]
    words: tuple[str, ...] = ()


def _date(value: Any) -> Any:
    """A date as text. A bare year is a number in YAML; a date field takes it as the year it is."""
    if isinstance(value, int) and not isinstance(value, bool) and 1000 <= value <= 2999:
        return str(value)
    return check_date(value)


class _OneOrMany:
    """A single term where a list is expected is a list of one, for readers and in the JSON Schema."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_before_validator_function(self._as_many, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        array = handler(schema)
        return {"anyOf": [array["items"], array]}

    @staticmethod
    def _as_many(value: Any) -> Any:
        return (value,) if isinstance(value, str) else value


_LARGEST = 10**15
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def _printable(value: str) -> str:
    if found := _CONTROLS.search(value):
        raise ValueError(f"holds the control character {found[0]!r}; take it out")
    return value


def _bounded(value: float) -> float:
    if not -_LARGEST <= value <= _LARGEST:
        raise PydanticCustomError("beyond", "beyond what a figure can be")
    return value


def _not_sample(value: str) -> str:
    if value == "sample":
        raise ValueError("'sample' means the sample size in 'prints' and cannot name an estimate")
    return value


Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]*$", max_length=120)]
CiteKey = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9:._/+-]*$", max_length=200)]
EstimateId = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*$", max_length=60), AfterValidator(_not_sample)
]
Text = Annotated[
    str, StringConstraints(min_length=1, max_length=4000, strip_whitespace=True), AfterValidator(_printable)
]
Number = Annotated[StrictInt | StrictFloat, AfterValidator(_bounded)]
Year = Annotated[int, Field(ge=1000, le=2999)]
Date = Annotated[str, BeforeValidator(_date, json_schema_input_type=str | Year)]
OneOrMany = _OneOrMany()

SourceRef = Annotated[str, RefersTo(("source",))]
FindingRef = Annotated[str, RefersTo(("finding",))]
CohortRef = Annotated[str, RefersTo(("cohort",))]
DefinitionRef = Annotated[str, RefersTo(("definition",))]
ConceptRef = Annotated[str, RefersTo(("concept",))]
OrganizationRef = Annotated[str, RefersTo(("organization",))]
SubjectRef = Annotated[str, RefersTo(("concept", "cohort"))]
SourceOrEditorial = Annotated[str, RefersTo(("source",), ("editorial",))]

EDITORIAL = "editorial"
NONE_NAMED = "none_named"
UNKNOWN = "unknown"


class Code(Record):
    """A class of an official scheme."""

    scheme: Text = Field(description="Name of the scheme, for example SOC, ISCO or ISO 3166-1.")
    version: Text | None = Field(None, description="Edition of the scheme, for example '2018'.")
    code: Text = Field(description="The code as the scheme writes it; quote it.")


class SearchedPlace(Record):
    """One recorded search: where, for what, when, by whom."""

    where: Text = Field(description="Data base, page or shelf that was searched.")
    query: Text | None = Field(None, description="What was typed, or none.")
    on: Date = Field(description="Day of the search.")
    by: Text = Field(description="Who searched; 'curator' for the pack's own.")


class Nearest(Record):
    """A finding that comes close, and how it differs."""

    finding: FindingRef = Field(description="Id of the finding.")
    differs: Text = Field(description="What it is about instead, in own words.")


_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))


def print_the_same(one: str, other: str) -> bool:
    """Whether two texts print the same; white space and the kinds of dash aside.

    Examples:
        >>> print_the_same("187–192", "187--192"), print_the_same("26.8%", "26%")
        (True, False)
    """
    first, second = (" ".join(text.translate(_DASHES).replace("--", "-").split()) for text in (one, other))
    return first == second


def by_name(value: dict[str, str]) -> dict[str, str]:
    """Names in one order, so that the same content has the same digest however it was written."""
    return dict(sorted(value.items()))
