"""What a rule is, what it may ask, and what it answers.

Produced by: packs (policies and the fact vocabulary), app (``FACTS``), policy (verdicts).
Read by: policy, reports, app.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, TypeAlias

import pyarrow as pa

from .ids import RequirementId
from .rule_words import ComponentDepth, Precedence
from .words import Basis, Confidence, Strength, VerdictCode

#: The facts that rules are judged on: one row a device. Null means unknown, except where
#: ``data/vocab/facts.yaml`` says otherwise.
FACTS: Final = pa.schema(
    [
        pa.field("body.kind", pa.string()),
        pa.field("device.surveillance", pa.bool_()),
        pa.field("device.kind", pa.string()),
        pa.field("device.producer", pa.string()),
        pa.field("device.producer.confidence", pa.float64()),
        pa.field("device.producer.aspect", pa.string()),
        pa.field("device.producer.clean", pa.bool_()),
        pa.field("device.producer.basis", pa.string()),
        pa.field("device.producer.confirmed", pa.bool_()),
        # ids of makers, between blanks
        pa.field("device.producer.others", pa.string()),
        pa.field("device.not_before", pa.date32()),
        pa.field("device.not_after", pa.date32()),
        pa.field("device.doubtful_dates", pa.bool_()),
        pa.field("device.present", pa.bool_()),
        pa.field("device.state", pa.string()),
        pa.field("device.networked", pa.bool_()),
        pa.field("device.core_connected", pa.bool_()),
        pa.field("device.core_basis", pa.string()),
        pa.field("device.core_note", pa.string()),
        pa.field("site.sensitivity", pa.string()),
        pa.field("event.kind", pa.string()),
        pa.field("use.purpose", pa.string()),
        pa.field("item.function", pa.string()),
        pa.field("device.acquired_not_before", pa.date32()),
        pa.field("device.acquired_not_after", pa.date32()),
        pa.field("device.made_not_before", pa.date32()),
        pa.field("device.made_not_after", pa.date32()),
        pa.field("device.made_in", pa.string()),
        pa.field("device.components", pa.string()),
        pa.field("device.certified", pa.bool_()),
        pa.field("device.internet", pa.bool_()),
        pa.field("device.data_flow", pa.string()),
        pa.field("supplier.representation", pa.string()),
        pa.field("supplier.debarment", pa.string()),
        pa.field("supplier.origin", pa.string()),
        # of a sale or an export: the other party, which no device tells
        pa.field("recipient.listed", pa.bool_()),
        pa.field("body.is_issuer", pa.bool_()),
        pa.field("body.relation", pa.string()),
        pa.field("device.owner", pa.string()),
        pa.field("site.lease_ends", pa.date32()),
        # components as ``place=maker`` between blanks; ``!`` before what is essential
        pa.field("device.parts", pa.string()),
        pa.field("device.parts_whole", pa.bool_()),
        # ids of what is on record and stands on that day, between blanks
        pa.field("decisions", pa.string()),
        pa.field("exceptions", pa.string()),
    ]
)

_WORD: Final = pa.dictionary(pa.int32(), pa.string())

#: The answers: one row for each distinct fact row and requirement. ``row`` points into
#: ``Evaluation.facts``; ``gaps`` names facts; ``branches`` is filled where a site's class is not
#: known and the requirement asks for it.
VERDICTS: Final = pa.schema(
    [
        pa.field("row", pa.int32(), nullable=False),
        pa.field("requirement", _WORD, nullable=False),
        pa.field("verdict", _WORD, nullable=False),
        pa.field("strength", _WORD, nullable=False),
        pa.field("described_as", _WORD),
        pa.field("basis", _WORD),
        pa.field("outstanding", pa.bool_(), nullable=False),
        pa.field("gaps", pa.list_(pa.string()), nullable=False),
        pa.field("if_sensitive", _WORD),
        pa.field("if_not", _WORD),
    ]
)


#: Strengths that ask for a decision: met by one that is recorded, and never breached.
CONSIDERED: Final = frozenset({Strength.CONSIDER, Strength.MAY})


class FactType(StrEnum):
    """What kind of value a fact has, and so which operators may ask it."""

    TEXT = "text"
    FLAG = "flag"
    NUMBER = "number"
    DATE = "date"
    INTERVAL = "interval"
    MAKER = "maker"
    PARTS = "parts"
    CONNECTION = "connection"
    RECORD = "record"
    #: Of the rule and not of a device; no column stands behind it.
    STATE = "state"


class Operator(StrEnum):
    """The closed list of questions that a rule can put to one fact."""

    IS = "is"
    IN = "in"
    IN_GROUP = "in_group"
    AT_LEAST = "at_least"
    BEFORE = "before"
    ON_OR_AFTER = "on_or_after"
    EXISTS = "exists"


class Check(StrEnum):
    """Who decides a requirement."""

    AUTOMATED = "automated"
    MANUAL = "manual"


class RuleState(StrEnum):
    """How a rule stands on a day."""

    NOT_YET = "not_yet"
    IN_FORCE = "in_force"
    SUSPENDED = "suspended"
    ENDED = "ended"
    UNKNOWN = "unknown"


class DeadlineKind(StrEnum):
    """Whether a date binds."""

    LEGAL = "legal"
    TARGET = "target"
    NONE = "none"


class Effort(StrEnum):
    """What one observation costs, roughly."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"


class ObservedOf(StrEnum):
    """What one observation is of."""

    DEVICE = "device"
    SITE = "site"
    BODY = "body"
    ESTATE = "estate"


@dataclass(frozen=True, slots=True, kw_only=True)
class FactWord:
    """One word of the closed fact vocabulary; ``columns`` are those of ``FACTS`` behind it."""

    name: str
    type: FactType
    columns: tuple[str, ...]
    #: The values it can have; empty where any text may stand.
    words: tuple[str, ...]
    #: Those of ``words`` that mean "not known".
    unknown: tuple[str, ...]
    #: Whether several of the words can hold at once; they stand in one cell, between blanks.
    several: bool = False
    says: str
    #: What is missing, as a phrase, when it is not known.
    gap: str
    question: str
    obtain: str
    #: What obtaining it once costs, and for what it is known then.
    effort: Effort
    each: ObservedOf
    #: A column with a remark on why it is not known.
    note: str | None
    #: Settings to try where it is not known: (value, label).
    branches: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A place in a document that was read, or of which a report was read."""

    id: str
    locator: str
    url: str
    retrieved: date
    quote: str
    confidence: Confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """A question to one fact.

    For ``in_group``, ``at_least`` is the band's lower bound; put to the parts of a device,
    ``depth`` says which of them count.
    """

    __test__ = False  # not a test case, whatever pytest makes of the name

    fact: str
    operator: Operator
    value: str | bool | float | date | tuple[str, ...]
    at_least: float = 0.0
    depth: ComponentDepth | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceIs:
    """True while an interpretation choice stands at ``option``."""

    choice: str
    option: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AllOf:
    """Every part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    """The part does not hold."""

    part: Condition


Condition: TypeAlias = Test | ChoiceIs | AllOf | AnyOf | Not


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A condition, and the sentence for when it is not fulfilled."""

    when: Condition
    otherwise: str
    citations: tuple[str, ...] = ()
    not_examined: tuple[str, ...] = ()
    #: Unknown here is ``cannot_tell``, even where the forbidden state is absent.
    settle_first: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A question that the instrument leaves open, and how it is answered unless told otherwise."""

    id: str
    question: str
    #: (option, what it means)
    options: tuple[tuple[str, str], ...]
    default: str
    chosen_by: str
    date: date
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InterpretationNote:
    """How the pack reads words that the instrument does not define."""

    question: str
    choice: str
    chosen_by: str
    date: date
    alternatives: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Days from ``start`` to ``end``, both included; an absent end is open."""

    start: date
    end: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contested:
    """Days on which it is not known whether a rule holds, and the sentence that says why."""

    start: date
    end: date | None
    says: str
    citations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionTo:
    """An exception that the instrument states; it counts while one is on record."""

    id: str
    title: str
    applies_to: tuple[RequirementId, ...]
    approver: str
    evidence: str
    citations: tuple[str, ...]
    #: The last day on which it can be used at all.
    expires: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Validity:
    """When the instrument holds."""

    announced: date
    in_force_from: date
    in_force_to: date | None
    suspended: tuple[Interval, ...]
    superseded_by: str | None
    #: Days on which it is not known whether it holds, and why.
    contested: tuple[Contested, ...] = ()
    #: What is said on days on which it does not hold; ``None``: the sentence of the instrument.
    not_yet_says: str | None = None
    ended_says: str | None = None
    suspended_says: str | None = None


class Reach(StrEnum):
    """How far an instrument reaches beyond the companies that it names or describes."""

    EXACT = "exact"
    #: Those that a covered one controls, too.
    CONTROLLED = "controlled"
    #: And those that are under common control with a covered one.
    AFFILIATED = "affiliated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A maker that an instrument names, and from when to when; both days are included."""

    maker: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Include:
    """A group of another pack, taken over as it stood on a day, or as it stands."""

    policy: str
    group: str
    on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Which makers the instrument covers: those that it names, or a predicate."""

    id: str
    says: str
    #: Empty where the instrument has a predicate.
    named: tuple[Named, ...] = ()
    includes: tuple[Include, ...] = ()
    reach: Reach = Reach.CONTROLLED
    law_subject_to: str | None = None
    #: ISO 3166 codes where incorporation alone makes a maker covered.
    incorporated_in: tuple[str, ...] = ()
    #: Codes for which the answer is a named choice: (code, choice).
    open_codes: tuple[tuple[str, str], ...] = ()
    #: The choice of the day on which ownership counts; the rule date where there is none.
    owned_on: str | None = None
    #: The share of ownership from which the instrument speaks of control, as it writes it.
    threshold: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """How a later document describes a requirement's strength, which it does not amend."""

    strength: Strength
    since: date
    citations: tuple[str, ...]
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A date by which something is to be done, and what kind of date it is."""

    kind: DeadlineKind
    day: date | None
    announced: date | None
    status: str
    citations: tuple[str, ...]
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One clause, as a rule: within ``scope``, all of ``forbidden`` at once must not be."""

    id: RequirementId
    clause: str
    title: str
    quote: str
    citations: tuple[str, ...]
    action: str
    strength: Strength
    #: The choice that lets a later description decide the strength, if the pack has one.
    strength_choice: str | None
    described_as: tuple[Description, ...]
    deadline: Deadline
    events: tuple[str, ...]
    check: Check
    manual_verdict: VerdictCode | None
    manual_says: str
    scope: tuple[Part, ...]
    forbidden: tuple[Part, ...]
    met_by: Part | None
    breach_says: str
    can_give: tuple[VerdictCode, ...]
    #: Its own days, where they are not those of the instrument.
    validity: Validity | None = None
    outranked_by: tuple[Precedence, ...] = ()

    @property
    def shown_by_record(self) -> bool:
        """Whether only a record shows that it is done, so that without one it is outstanding.

        So it is with a duty to consider, and with any other duty to decide or to assess whose
        ``can_give`` leaves ``breaches`` out: what is not on record here may be done all the same.
        """
        recorded = self.met_by is not None and VerdictCode.BREACHES not in self.can_give
        return self.strength in CONSIDERED or recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One instrument as a checked pack."""

    id: str
    version: str
    digest: str
    title: str
    jurisdiction: str
    issuer: str
    instrument_kind: str
    legal_force: str
    as_of: date
    supersedes: tuple[str, ...]
    clauses: tuple[str, ...]
    citations: tuple[Citation, ...]
    interpretation_notes: tuple[InterpretationNote, ...]
    choices: tuple[Choice, ...]
    validity: Validity
    not_yet_says: str
    ended_says: str
    #: What the regime tests: an item, a supplier, a contractor's use, a data flow, a certificate.
    tests: str
    relation: tuple[str, ...]
    #: The kind of body that an order is judged for where none is named.
    usual_body: str
    groups: tuple[Group, ...]
    exceptions: tuple[ExceptionTo, ...]
    #: The device kinds that the pack counts as covered equipment.
    equipment_kinds: tuple[str, ...]
    component_depth: str
    site_definition: tuple[str, ...]
    evidence: tuple[str, ...]
    requirements: tuple[Requirement, ...]
    facts: tuple[FactWord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyPacks:
    """Every policy pack in force, with the digest of the files that they were read from."""

    digest: str
    facts: tuple[FactWord, ...]
    policies: tuple[Policy, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A fact that is missing, and what would obtain it."""

    fact: str
    missing: str
    question: str
    obtain: str
    note: str | None
    #: How many verdicts it holds up, and how many it would settle alone.
    verdicts: int
    settles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FactUsed:
    """A fact that a verdict read; ``value`` is ``None`` where it is not known."""

    name: str
    says: str
    value: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceUsed:
    """An interpretation choice without which the verdict would have been another."""

    id: str
    question: str
    option: str
    says: str
    alternatives: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """What the verdict would be if an unknown fact stood so."""

    label: str
    verdict: VerdictCode
    outstanding: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One requirement's answer for one row of facts, with everything it rests on."""

    requirement: RequirementId
    clause: str
    title: str
    verdict: VerdictCode
    #: A duty to consider, without a recorded decision.
    outstanding: bool
    strength: Strength
    described_as: tuple[Description, ...]
    basis: Basis | None
    not_examined: tuple[str, ...]
    sentence: str
    quote: str
    citations: tuple[Citation, ...]
    facts: tuple[FactUsed, ...]
    gaps: tuple[Gap, ...]
    branches: tuple[Branch, ...]
    choices: tuple[ChoiceUsed, ...]
    deadline: Deadline | None
    check: Check
    policy: str
    version: str
    digest: str
    at: date
    #: What is to be done: the requirement's action, or ``negotiate`` where the device is another's.
    action: str = ""
    #: For ``negotiate``: the last day of the lease, if it is known.
    lease_ends: date | None = None
    outranked_by: tuple[Precedence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """A pack's answers for a table of facts.

    ``facts`` holds the distinct rows of the input, ``row_of`` leads from an input row to one of
    them, ``verdicts`` has the schema ``VERDICTS``.
    """

    policy: str
    digest: str
    at: date
    facts: pa.Table
    row_of: pa.Array
    verdicts: pa.Table
