"""Closed word lists that code branches on; the lists that only data uses are in ``data/vocab``.

Enum values are lower snake case and are what the store keeps.
"""

from __future__ import annotations

from enum import StrEnum


class Aspect(StrEnum):
    """What a signal proves."""

    BADGE = "badge"
    FIRMWARE = "firmware"
    HARDWARE = "hardware"
    SILICON = "silicon"
    CLOUD = "cloud"
    SELLER = "seller"


class Kind(StrEnum):
    """What a device is; readers of the output must accept new kinds."""

    CAMERA = "camera"
    RECORDER = "recorder"
    ENCODER = "encoder"
    INTERCOM = "intercom"
    BODY_WORN = "body_worn"
    VIDEO_MANAGEMENT = "video_management"
    ACCESS_CONTROL = "access_control"
    DRONE = "drone"
    NETWORK = "network"
    DISPLAY = "display"
    ACCESSORY = "accessory"
    SERVICE = "service"
    NOT_SURVEILLANCE = "not_surveillance"
    UNKNOWN = "unknown"


#: Kinds that refine "not surveillance".
OUTSIDE_KINDS = frozenset({Kind.NETWORK, Kind.DISPLAY, Kind.ACCESSORY, Kind.NOT_SURVEILLANCE})


class Confidence(StrEnum):
    """How well a fact in a pack is supported."""

    VERIFIED = "verified"
    REPORTED = "reported"
    UNVERIFIED = "unverified"


class Firmness(StrEnum):
    """How far a brand's label alone tells who made the device."""

    FIRM = "firm"
    MIXED = "mixed"
    PAST = "past"
    LISTED = "listed"


class TieKind(StrEnum):
    """What binds a brand or a maker to another one; only ``made_by`` leads to a producer."""

    MADE_BY = "made_by"
    OWNED_BY = "owned_by"
    SILICON_BY = "silicon_by"
    #: A line of business, and not the whole company, came from the other one.
    TAKEN_OVER_FROM = "taken_over_from"


class Precision(StrEnum):
    """How exactly an end of a tie is known; an unknown day is the outermost of its span."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class MakerKind(StrEnum):
    """What the subject of a maker file is."""

    BRAND = "brand"
    MANUFACTURER = "manufacturer"
    COMPONENT_MAKER = "component_maker"
    #: Holds makers, and puts its name on no such devices.
    OWNER = "owner"


class BodyKind(StrEnum):
    """What kind of organisation a body is, for deciding which instrument binds it."""

    DEPARTMENT = "department"
    NON_MINISTERIAL_DEPARTMENT = "non_ministerial_department"
    EXECUTIVE_AGENCY = "executive_agency"
    ARMS_LENGTH_BODY = "arms_length_body"
    DEVOLVED = "devolved"
    POLICE = "police"
    COUNCIL = "council"
    NHS = "nhs"
    EDUCATION = "education"
    US_FEDERAL_AGENCY = "us_federal_agency"
    US_DEFENSE_AGENCY = "us_defense_agency"
    US_FEDERAL_CONTRACTOR = "us_federal_contractor"
    US_GRANT_RECIPIENT = "us_grant_recipient"
    US_LOUISIANA_BODY = "us_louisiana_body"
    CA_FEDERAL_BODY = "ca_federal_body"
    CA_QUEBEC_BODY = "ca_quebec_body"
    CA_QUEBEC_MUNICIPALITY = "ca_quebec_municipality"
    EU_PARLIAMENT = "eu_parliament"
    LT_PROTECTED_BUYER = "lt_protected_buyer"
    CZ_REGULATED_BODY = "cz_regulated_body"
    TW_AGENCY = "tw_agency"
    TW_CONTRACTOR = "tw_contractor"
    IN_GOVERNMENT_BUYER = "in_government_buyer"
    AU_FEDERAL_ENTITY = "au_federal_entity"
    NZ_AGENCY = "nz_agency"
    JP_MINISTRY = "jp_ministry"
    UA_BODY = "ua_body"
    PRIVATE = "private"
    UNKNOWN = "unknown"


class Sensitivity(StrEnum):
    """Whether a site is in the sensitive class of the instrument that judges it."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    WITHHELD = "withheld"


class Zone(StrEnum):
    """The network that a site or device is *declared* to be on."""

    CORE = "core"
    ISOLATED = "isolated"
    INTERNET = "internet"


class Tenure(StrEnum):
    """By what right a body holds a site."""

    OWNED = "owned"
    LEASED = "leased"
    SHARED = "shared"
    LANDLORD = "landlord"
    UNKNOWN = "unknown"


class DeviceState(StrEnum):
    """Where in its life a device is."""

    IN_SERVICE = "in_service"
    DISCONNECTED = "disconnected"
    IN_STORAGE = "in_storage"
    REMOVED = "removed"
    DISPOSED = "disposed"
    SEEN_AGAIN = "seen_again"


class VerdictCode(StrEnum):
    """The four answers that a requirement can give."""

    MEETS = "meets"
    BREACHES = "breaches"
    CANNOT_TELL = "cannot_tell"
    NOT_APPLICABLE = "not_applicable"


class Strength(StrEnum):
    """How hard a requirement presses, in the instrument's own word."""

    MUST_NOT = "must_not"
    MUST = "must"
    SHOULD = "should"
    CONSIDER = "consider"
    MAY = "may"
    #: Binds nobody: a listing, a warning, a position. It can never be breached.
    INFORMATION = "information"


class Basis(StrEnum):
    """What a verdict rests on."""

    EVIDENCED = "evidenced"
    PRESUMED = "presumed"
    DECLARED = "declared"


class JudgementKind(StrEnum):
    """What a person, or the register they keep, has laid down."""

    BODY = "body"
    SITE = "site"
    DEVICE_MINTED = "device_minted"
    MERGED = "merged"
    SPLIT = "split"
    UNDONE = "undone"
    STATE = "state"
    ROLE = "role"
    PARENT = "parent"
    DECISION = "decision"
    #: An exception that an instrument states, granted by who may grant it.
    WAIVER = "waiver"
    CONFIRMATION = "confirmation"
    ERASURE = "erasure"
    PERMISSION = "permission"
    EXCLUSION = "exclusion"
    BLACKOUT = "blackout"
    CAPTURE_PERMISSION = "capture_permission"
    #: What the operator declares of a site's networks, and of the watch that shall count.
    ZONES = "zones"
    #: What a watch showed of a device's separation; recorded by the program.
    ISOLATION = "isolation"
    WITHDRAWAL = "withdrawal"
