"""The shape of a policy pack's file: the normal form, field by field, unknown fields refused."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from camaudit.model.policy import Check, DeadlineKind, Reach
from camaudit.model.rule_words import ComponentDepth
from camaudit.model.words import BodyKind, Confidence, Strength, VerdictCode

#: Longer quotes are copying, not citing.
MAX_QUOTE_WORDS: Final = 25
#: A day outside these years is a slip, or an open end that somebody wrote as a day.
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2100


def _short(text: str) -> str:
    if len(text.split()) > MAX_QUOTE_WORDS:
        raise ValueError(f"quote at most {MAX_QUOTE_WORDS} words")
    return text


def _undecided(verdict: VerdictCode) -> VerdictCode:
    if verdict not in {VerdictCode.CANNOT_TELL, VerdictCode.NOT_APPLICABLE}:
        raise ValueError(
            "a program cannot say this of a manual check: cannot_tell or not_applicable"
        )
    return verdict


def _plausible(day: dt.date) -> dt.date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(
            f"is no day of an instrument: give one from {FIRST_YEAR} to {LAST_YEAR}, "
            "and null where an end is open"
        )
    return day


Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=80)]
Sentence = Annotated[str, Field(min_length=10, max_length=600)]
Quote = Annotated[str, Field(min_length=5), AfterValidator(_short)]
Day = Annotated[dt.date, AfterValidator(_plausible)]
Code = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]


class Strict(BaseModel):
    """Refuses unknown fields and conversions."""

    model_config = ConfigDict(extra="forbid", strict=True)


class RawCitation(Strict):
    """A place in a document."""

    id: Slug
    locator: Sentence
    url: Annotated[str, Field(pattern=r"^https?://\S+$")]
    retrieved: Day
    quote: Quote | None
    confidence: Annotated[Confidence, Field(strict=False)]


class RawNote(Strict):
    """How the pack reads an undefined word."""

    question: Sentence
    choice: Sentence
    chosen_by: str
    date: Day
    alternatives: Annotated[list[str], Field(min_length=1)]


class RawHead(Strict):
    """The instrument."""

    id: Slug
    version: str
    title: str
    jurisdiction: str
    issuer: str
    instrument_kind: Literal[
        "statute",
        "regulation",
        "court_judgment",
        "administrative_instruction",
        "guidance",
        "listing",
        "resolution",
    ]
    legal_force: Literal["binding", "internal", "advisory", "reputational"]
    as_of: Day
    #: What decides: the item's maker, the supplier, what a contractor uses, where data flow, or
    #: whether the model is certified.
    tests: Literal["item", "supplier", "contractor_use", "data_flow", "certified_model"]
    supersedes: list[Slug]
    clauses: Annotated[list[Slug], Field(min_length=1)]
    citations: Annotated[list[RawCitation], Field(min_length=1)]
    interpretation_notes: list[RawNote]


class RawInterval(Strict):
    """Days from and to, both included."""

    from_: Annotated[Day, Field(alias="from")]
    to: Day | None = None


class RawContested(RawInterval):
    """Days on which it is not known whether the rule holds."""

    says: Sentence
    citations: list[Slug] = []


class RawDays(Strict):
    """When one requirement holds, where that is not when the instrument does."""

    in_force_from: Day
    in_force_to: Day | None = None
    suspended: list[RawInterval] = []
    contested: list[RawContested] = []
    #: What is said on days on which it does not hold; without one, the instrument's sentence.
    not_yet: Sentence | None = None
    ended: Sentence | None = None
    while_suspended: Sentence | None = None


class RawValidity(Strict):
    """When the instrument holds."""

    announced: Day
    in_force_from: Day
    in_force_to: Day | None
    suspended: list[RawInterval]
    contested: list[RawContested] = []
    superseded_by: Slug | None
    not_yet: Sentence
    ended: Sentence
    #: To be suspended is not to have ended.
    while_suspended: Sentence | None = None


class RawChoice(Strict):
    """A question that the instrument leaves open."""

    question: Sentence
    options: dict[Slug, str]
    default: Slug
    chosen_by: str
    date: Day
    note: Sentence


class RawPart(Strict):
    """A condition (read by ``conditions``) and the sentence for when it is not fulfilled."""

    when: object
    otherwise: Sentence
    citations: list[Slug] = []
    not_examined: list[str] = []
    settle_first: bool = False


class RawParts(Strict):
    """What every section of the normal form may hold: conditions in order."""

    parts: list[RawPart] = []


class RawBinds(RawParts):
    """Whom the instrument addresses."""

    relation: Annotated[
        list[Literal["owner", "operator", "tenant", "contractor", "grant_recipient", "supplier"]],
        Field(min_length=1),
    ]
    #: The kind of body that an order is judged for where none is named.
    usual: Annotated[BodyKind, Field(strict=False)]


class RawNamed(Strict):
    """A maker that the instrument names."""

    maker: Slug
    from_: Annotated[Day | None, Field(alias="from")] = None
    to: Day | None = None


class RawInclude(Strict):
    """A group of another pack, as it stood on a day, or (no day) as it stands."""

    policy: Slug
    group: Slug
    on: Day | None


class RawGroup(Strict):
    """Which makers are covered: named ones, those of another pack, or a predicate."""

    says: Sentence
    named: list[RawNamed] = []
    includes: list[RawInclude] = []
    reach: Annotated[Reach, Field(strict=False)] = Reach.CONTROLLED
    law_subject_to: str | None = None
    incorporated_in: list[Code] = []
    open_codes: dict[Code, Slug] = {}
    owned_on: Slug | None = None
    threshold: str | None = None


class RawEquipment(RawParts):
    """Which devices are covered."""

    kinds: Annotated[list[str], Field(min_length=1)]
    component_depth: Annotated[ComponentDepth, Field(strict=False)]
    networked: Literal["any", "yes", "no"]


class RawSite(RawParts):
    """Which sites are covered, and how the instrument defines the class."""

    definition: list[str] = []
    citations: list[Slug] = []


class RawEvent(RawParts):
    """What triggers the rule."""

    triggers: list[
        Literal[
            "deploy",
            "procure",
            "contract",
            "renew",
            "connect",
            "possess",
            "import",
            "market",
            "spend_grant",
        ]
    ] = []


class RawDateTest(RawParts):
    """Which date is compared, and with what."""

    compares: Literal[
        "event date",
        "acquisition date",
        "installation date",
        "authorisation date",
        "lease renewal date",
    ]


class RawDescription(Strict):
    """How a later document describes the strength."""

    strength: Annotated[Strength, Field(strict=False)]
    from_: Annotated[Day, Field(alias="from")]
    citations: Annotated[list[Slug], Field(min_length=1)]
    says: Sentence


class RawDeadline(Strict):
    """A date by which something is to be done."""

    kind: Annotated[DeadlineKind, Field(strict=False)]
    date: Day | None = None
    announced: Day | None = None
    status: str = ""
    citations: list[Slug] = []
    says: str = ""


class RawObligation(Strict):
    """What is asked, and how hard."""

    action: Literal[
        "prohibit_new",
        "prohibit_procure",
        "prohibit_use",
        "disconnect",
        "isolate",
        "remove",
        "replace",
        "assess_risk",
        "consider_remove",
        "consider_extend",
        "report",
        "represent",
        "certify",
        "reject_bid",
        "review",
    ]
    strength: Annotated[Strength, Field(strict=False)]
    deadline: RawDeadline
    strength_choice: Slug | None = None
    described_as: list[RawDescription] = []


class RawManual(Strict):
    """What is said of a requirement that no program decides."""

    verdict: Annotated[VerdictCode, Field(strict=False), AfterValidator(_undecided)]
    says: Sentence


class RawPrecedence(Strict):
    """Another instrument, or one of its requirements, that goes before where both apply."""

    policy: Slug
    requirement: Slug | None = None
    says: Sentence
    citations: Annotated[list[Slug], Field(min_length=1)]


class RawRequirement(Strict):
    """One clause, or one part of it."""

    id: Slug
    clause: Slug
    title: Sentence
    quote: Quote
    citations: Annotated[list[Slug], Field(min_length=1)]
    obligation: RawObligation
    check: Annotated[Check, Field(strict=False)]
    event: RawEvent | None = None
    date_test: RawDateTest | None = None
    site: RawParts | None = None
    forbidden: list[RawPart] = []
    met_by: RawPart | None = None
    breaches: Sentence | None = None
    can_give: list[Annotated[VerdictCode, Field(strict=False)]] = []
    manual: RawManual | None = None
    validity: RawDays | None = None
    #: How deep this clause looks; it then asks for the makers of parts wherever it asks for the
    #: maker, and none of them may be unknown.
    component_depth: Annotated[ComponentDepth | None, Field(strict=False)] = None
    outranked_by: list[RawPrecedence] = []


class RawEvidence(Strict):
    """What the body must hold."""

    hold: list[str]
    retention: str | None
    signed_by: str | None
    note: str


class RawException(Strict):
    """A stated exception: while one is on record, the requirements do not apply."""

    id: Slug
    title: Sentence
    applies_to: Annotated[list[Slug], Field(min_length=1)]
    approver: str
    evidence: Sentence
    citations: Annotated[list[Slug], Field(min_length=1)]
    expires: Day | None


class RawPack(Strict):
    """The whole file."""

    pack: RawHead
    validity: RawValidity
    choices: dict[Slug, RawChoice]
    binds: RawBinds
    entities: dict[Slug, RawGroup]
    equipment: RawEquipment
    site: RawSite
    event: RawEvent
    requirements: Annotated[list[RawRequirement], Field(min_length=1)]
    exceptions: list[RawException]
    evidence: RawEvidence
