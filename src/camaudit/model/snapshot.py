"""One assessment of an estate, ready to be told: plain values that every report is built from.

Produced by: app. Read by: reports. Makers are never accused: a device is "likely produced by X
(0.93), because ...". Every number has its denominator, every verdict its clause.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number, of what, out of how many, at which date; ``note`` says what it does not say."""

    id: str
    label: str
    value: int
    of: int
    of_label: str
    on: date
    note: str = ""
    #: True where a register entry says "about".
    approximate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationLine:
    """Where a rule stands."""

    id: str
    locator: str
    url: str
    quote: str
    retrieved: date
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One signal in a sentence; ``seen`` quotes the value, so redaction takes it away."""

    aspect: str
    maker: str | None
    text: str
    seen: str
    weight: str
    signature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictLine:
    """One requirement's answer for one device."""

    requirement: str
    clause: str
    title: str
    #: meets | breaches | cannot_tell | not_applicable
    verdict: str
    #: A duty to consider, without a recorded decision: shown as "decision outstanding".
    outstanding: bool
    strength: str
    #: "must since July 2023 (why, and in whose words)": up to the bracket it stands beside the
    #: strength; empty where nobody describes it otherwise.
    described_as: str
    basis: str | None
    not_examined: tuple[str, ...]
    sentence: str
    quote: str
    citations: tuple[CitationLine, ...]
    gaps: tuple[str, ...]
    #: "if sensitive: breaches", "if not: not applicable"; empty where the class is known.
    branches: tuple[str, ...]
    choices: tuple[str, ...]
    check: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AspectLine:
    """Who one aspect points to."""

    aspect: str
    maker: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WeaknessRecord:
    """One published weakness, or several with the same affected firmware, and who says so."""

    ids: tuple[str, ...]
    title: str
    maker: str
    maker_name: str
    #: yes | no | unknown, by the catalogue of that day
    exploited: str
    exploited_since: date | None
    catalogue_on: date | None
    exploited_note: str
    confidence: str
    source: str
    url: str | None
    read_on: date | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WeaknessLine:
    """What one record says of one device, by its version facts alone."""

    record: WeaknessRecord
    #: affected | not_affected | cannot_tell
    answer: str
    reason: str
    #: What would turn ``cannot_tell`` into an answer.
    settle: str
    #: The rule is the base vendor's, and the device bears another brand's build.
    base_vendor: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WeaknessCount:
    """How many device records a weakness is looked up for, and with which answer."""

    record: WeaknessRecord
    affected: int
    cannot_tell: int
    not_affected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceRow:
    """One device, with what is known of it and what each requirement asks of it."""

    id: str
    site: str | None
    site_name: str | None
    location: str | None
    addresses: tuple[str, ...]
    macs: tuple[str, ...]
    asset_ids: tuple[str, ...]
    serial: str | None
    recorder: str | None
    units: int
    approximate: bool
    kind: str
    kind_confidence: float | None
    capabilities: tuple[str, ...]
    brand: str | None
    model: str | None
    firmware_version: str | None
    maker: str | None
    maker_name: str | None
    maker_confidence: float | None
    maker_aspect: str | None
    band: str | None
    #: "Likely produced by Hikvision (0.99), because ..." or "Who produced it cannot be told: ...".
    sentence: str
    aspects: tuple[AspectLine, ...]
    reasons: tuple[Reason, ...]
    conflicts: tuple[str, ...]
    state: str
    #: "not before 2024-01-15 (serial number)"
    installed: str
    dating: tuple[str, ...]
    in_register: bool
    on_network: bool
    sighted: bool
    #: (role, who)
    people: tuple[tuple[str, str], ...]
    #: Every state that was recorded: (state, date, who, evidence).
    history: tuple[tuple[str, str, str, str], ...]
    body: str | None
    body_kind: str | None
    sensitivity: str
    zone: str | None
    verdicts: tuple[VerdictLine, ...]
    remarks: tuple[str, ...]
    #: How many cameras a recorder says that it takes, and how many hang under it on record.
    channels_declared: int | None = None
    channels_seen: int = 0
    #: Most urgent first.
    weaknesses: tuple[WeaknessLine, ...] = ()
    #: "site.sensitivity=yes": what the verdicts suppose, and nobody has on record.
    overridden: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyCount:
    """How the devices stand towards one requirement: each device is in exactly one column."""

    requirement: str
    clause: str
    title: str
    quote: str
    strength: str
    described_as: str
    breaches: int
    meets_evidenced: int
    meets_presumed: int
    meets_declared: int
    outstanding: int
    cannot_tell: int
    not_applicable: int
    manual: bool
    deadline: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """That facts are supposed to be otherwise, and what the rules say without that."""

    #: "site.sensitivity=yes"
    overridden: tuple[str, ...]
    #: The counts on record, in the order of ``Snapshot.duties``.
    before: tuple[DutyCount, ...]
    #: Requirements that are supposed to be extended to other sites, by id.
    extended: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many devices (for ``bases``: verdicts) share a word."""

    word: str
    label: str
    devices: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TieLine:
    """How one maker or label is tied to another, from when to when, and who says so."""

    of: str
    of_name: str
    to: str
    to_name: str
    #: made_by | owned_by | silicon_by | taken_over_from
    tie: str
    #: "from February 2018 to 24 November 2022"; empty where nobody says.
    when: str
    #: On the fact date: holds | ended | not_yet
    standing: str
    firmness: str
    scope: str
    confidence: str
    source: str
    url: str | None
    read_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A missing fact, what would obtain it, and how many verdicts wait for it."""

    fact: str
    question: str
    obtain: str
    verdicts: int
    settles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservationRow:
    """Something to find out, what it costs, and how many open verdicts that settles."""

    fact: str
    #: Set where the fact is a policy's own, such as a decision.
    policy: str | None
    missing: str
    question: str
    obtain: str
    #: device | site | body | estate
    each: str
    place: str
    #: How many devices have to be looked at; 1 for anything else.
    units: int
    #: minutes | hours | days, for each unit
    effort: str
    #: What that counts for, over all units.
    minutes: int
    #: Verdicts that it settles by itself, and after those ranked above it.
    alone: int
    after: int
    #: Verdicts settled up to here, and how many are open.
    settled: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRow:
    """One site, how many devices it has, and how many of these have at least one such verdict."""

    id: str
    name: str
    owner: str | None
    sensitivity: str
    zone: str | None
    devices: int
    breaches: int
    cannot_tell: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyLine:
    """The instrument, as the pack tells it."""

    id: str
    title: str
    issuer: str
    version: str
    digest: str
    as_of: date
    legal_force: str
    #: (question, how the pack answers it, who chose that)
    notes: tuple[tuple[str, str, str], ...]
    #: (question, option in force)
    choices: tuple[tuple[str, str], ...]
    citations: tuple[CitationLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Everything that a report may say."""

    estate: str
    #: The operator's protective marking; ``None``: not set, and every page says so.
    marking: str | None
    #: True for the bundled example: every page says "pretend".
    pretend: bool
    generated_at: datetime
    #: Rule date, fact date and date of knowledge are three dates.
    rules_on: date
    facts_on: date
    known_at: datetime
    collector: str
    policy: PolicyLine
    figures: tuple[Figure, ...]
    duties: tuple[DutyCount, ...]
    makers: tuple[Count, ...]
    kinds: tuple[Count, ...]
    states: tuple[Count, ...]
    bases: tuple[Count, ...]
    unknowns: tuple[Figure, ...]
    questions: tuple[Question, ...]
    sites: tuple[SiteRow, ...]
    devices: tuple[DeviceRow, ...]
    redacted: tuple[str, ...] = ()
    #: Words for confidences, each with its lower bound: ("probable", 0.8).
    bands: tuple[tuple[str, float], ...] = ()
    #: Ties of the labels and likely producers on record, and of those that these lead to.
    ties: tuple[TieLine, ...] = ()
    #: Published weaknesses of devices on record, most urgent first.
    weaknesses: tuple[WeaknessCount, ...] = ()
    weakness_figures: tuple[Figure, ...] = ()
    #: Of the records of weaknesses in force.
    advisory_digest: str = ""
    #: ``None`` where everything is as on record.
    what_if: WhatIf | None = None
