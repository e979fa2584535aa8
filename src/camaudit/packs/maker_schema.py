"""What stands in a maker file and in a list of brands: fields and their shapes, no more."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from camaudit.model.words import Confidence

#: Longer patterns are lists that belong in several signatures.
MAX_PATTERN: Final = 1500

_Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=80)]
#: 2018-02-05, 2018-02 or 2018: as exactly as it is known.
_Day = (
    date | Annotated[str, Field(pattern=r"^\d{4}-\d{2}$")] | Annotated[int, Field(ge=1900, le=2199)]
)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class RawJurisdiction(_Strict):
    """Where an organisation is incorporated."""

    code: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    source: str


class RawTie(_Strict):
    """A relation to another maker."""

    to: _Slug
    tie: str
    firmness: str
    source: str
    scope: str | None = None
    kinds: list[str] = []
    models: Annotated[str | None, Field(max_length=MAX_PATTERN)] = None
    except_models: Annotated[str | None, Field(max_length=MAX_PATTERN)] = None
    from_: Annotated[_Day | None, Field(alias="from")] = None
    until: _Day | None = None
    confidence: str = Confidence.REPORTED.value


class RawExample(_Strict):
    """A text that a signature matches, and what its groups give."""

    text: str
    gives: dict[str, str] = {}
    field: str | None = None


class RawSignature(_Strict):
    """A pattern over fields, and its proof."""

    id: _Slug
    fields: Annotated[list[str], Field(min_length=1)]
    pattern: Annotated[str, Field(min_length=2, max_length=MAX_PATTERN)]
    proves: list[str]
    weight: str
    confidence: str
    says: Annotated[str, Field(min_length=10, max_length=300)]
    source: str
    examples: Annotated[list[RawExample], Field(min_length=1)]
    not_examples: Annotated[list[str], Field(min_length=1)]
    maker: _Slug | None = None
    group: str | None = None
    kinds: list[str] = []
    kind_weight: str | None = None
    capabilities: list[str] = []
    against: bool = False


class RawSource(_Strict):
    """Where statements come from."""

    title: str
    url: str | None = None
    read_on: date | None = None


class RawEntry(_Strict):
    """What a maker file and a row of a list of brands have in common."""

    id: _Slug
    kind: str
    names: Annotated[list[Annotated[str, Field(min_length=2)]], Field(min_length=1)]
    by_name: str
    jurisdiction: RawJurisdiction | None = None
    ties: list[RawTie] = []


class RawMaker(RawEntry):
    """A maker file; its signatures say how it is known, unless it says `by_name`."""

    by_name: str = "own"
    sources: dict[str, RawSource]
    signatures: list[RawSignature] = []


class RawBrand(RawEntry):
    """A row of a list of brands; its names say all there is to know it by."""

    kind: str = "brand"
    by_name: str = "anywhere"


class RawBrands(_Strict):
    """A file that lists brands, with the sources of them all."""

    sources: dict[str, RawSource]
    brands: Annotated[list[RawBrand], Field(min_length=1)]
