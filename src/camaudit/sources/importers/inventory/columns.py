"""Read one cell of a known column into observations, remarks and refusals."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from camaudit.sources.tables.addresses import parse_addresses, parse_ip, parse_mac
from camaudit.sources.tables.cells import cell_text, is_placeholder, is_rounded, yes_or_no
from camaudit.sources.tables.dates import Doubt, Order, read_date
from camaudit.sources.tables.layout import quoted
from camaudit.sources.tables.secrets import REMOVED, strip_secrets

from .headers import KEYS

_NOTHING: Final = "says only that nothing is known; read as blank"

#: ``Hikvision DS-2CD2143G0-I``: letters, then a word with a digit in it.
_NAME_AND_CODE: Final = re.compile(
    r"([^\W\d_][^\d\n]{0,40}?)(?:[\s:/,]{1,8}|\s-\s)(\S{0,40}\d\S{0,60}(?:\s.*)?)", re.DOTALL
)
_NAME_ONLY: Final = re.compile(r"[^\W\d_][^\d\n]{0,40}")

#: Words for what a device is, which therefore are no maker's name.
_GENERIC: Final = frozenset(
    {
        "camera", "cameras", "cam", "cctv", "dome", "bullet", "turret", "ptz", "fixed", "nvr",
        "dvr", "recorder", "encoder", "ip", "network", "analogue", "analog", "hd", "indoor",
        "outdoor", "internal", "external", "video", "kamera", "door", "intercom", "system", "unit",
        "wireless", "unknown", "various", "mixed", "old", "new",
    }
)  # fmt: skip

#: "4MP", "1080p", "16ch": what a device can do, not what it is called.
_FEATURE: Final = re.compile(
    r"(?i)\d+(?:\.\d+)?\s*(?:mp|mpx|megapixel|k|p|tb|gb|ch|way|channel|mm|m)\b.*"
)

_NUMBER: Final = re.compile(r"(\d{1,3}(?:,\d{3})+|\d{1,6})(?:\.0+)?")
_ABOUT_NUMBER: Final = re.compile(
    r"(?i)(?:approx(?:imately|\.)?|about|circa|ca\.?|c\.?|around|roughly|est(?:imated|\.)?|some|"
    r"over|more than|at least|up to|nearly|almost|~|>=?|<=?|\+/-|etwa|environ|unos|tua)\s*"
    r"(\d{1,6})(?:\s*[\w ]{0,20})?|(\d{1,6})\s*(?:\+|\?|ish|approx\.?|\(approx\.?\)|or so|plus)"
)
_RANGE: Final = re.compile(r"(\d{1,6})\s*(?:-|\u2013|to|or)\s*(\d{1,6})")
_COUNTED: Final = re.compile(
    r"(?i)(\d{1,6})\s*(?:x|no\.?|nos\.?|off|cameras?|units?|devices?|pcs|pieces)"
)
_WORD_NUMBERS: Final = {
    word: str(number)
    for number, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
        ]
    )
} | {"a dozen": "~12", "dozen": "~12", "about a dozen": "~12", "a couple": "~2"}

_ANALOGUE: Final = frozenset(
    ["analogue", "analog", "analogue/coax", "coax", "cvbs", "ahd", "tvi", "cvi", "standalone"]
)
_NETWORK: Final = frozenset(
    ["ip", "network", "networked", "ethernet", "lan", "poe", "digital", "wifi", "wireless"]
)

_ZONES: Final = {
    "core": "core core_network corporate corporate_network corporate_lan main main_network "
    "business departmental enterprise office office_network it_network",
    "isolated": "isolated isolated_network standalone stand_alone separate separate_network "
    "segregated segregated_network closed closed_network closed_circuit air_gapped airgapped "
    "dedicated dedicated_network dedicated_cctv_network cctv_network cctv_lan security_network "
    "security_lan private_network vlan_isolated",
    "internet": "internet public public_internet cloud broadband adsl 4g 5g internet_facing "
    "direct_internet",
}  # fmt: skip
_ZONE_OF: Final = {
    word.replace("_", " "): zone for zone, words in _ZONES.items() for word in words.split()
}


class Reading(NamedTuple):
    """What one cell gives."""

    pairs: tuple[tuple[str, bytes], ...] = ()
    #: Remarks: the value was taken, with an assumption.
    assumed: tuple[str, ...] = ()
    #: Refusals: (message, reason), something was left out.
    refused: tuple[tuple[str, str], ...] = ()


Reader = Callable[[object], Reading]


def reader_for(word: str, order: Order) -> Reader:
    """Return the function that reads a cell of the column."""
    inner = _readers(order).get(word) or _plain_reader(KEYS[word])
    bare_address = _bare_address if word in ("mac", "ip") else None

    def read(cell: object) -> Reading:
        text = cell_text(cell)
        if not text:
            return Reading()
        # Nearly every cell of these columns is one plain address, and differs from the others.
        if bare_address is not None and (quick := bare_address(text)):
            return quick
        if is_placeholder(text):
            return Reading(assumed=(f"{quoted(text)} {_NOTHING}",))
        clean = strip_secrets(text)
        reading = inner(clean)
        if clean == text:
            return reading
        remark = f"a user name, password or other secret in the cell was taken out ({REMOVED})"
        return reading._replace(assumed=(*reading.assumed, remark))

    return read


def _readers(order: Order) -> dict[str, Callable[[str], Reading]]:
    dates = {word: _date_reader(KEYS[word], order) for word in ("installed_on", "invoiced_on")}
    codes = {
        word: _code_reader(KEYS[word]) for word in ("asset_id", "serial", "recorder", "channel")
    }
    return {
        **dates,
        **codes,
        "mac": _addresses,
        "ip": _addresses,
        "zone": _zone,
        "networked": _networked,
        "quantity": _quantity,
        "in_use": _in_use,
        "make_model": _make_model,
        "manufacturer": _name_reader(KEYS["manufacturer"]),
        "model": _model,
    }


def _pair(key: str, text: str) -> tuple[str, bytes]:
    return key, text.encode("utf-8", "replace")


def _plain_reader(key: str) -> Callable[[str], Reading]:
    return lambda text: Reading((_pair(key, text),))


def _refuse(text: str, reason: str) -> Reading:
    return Reading(refused=((f"{quoted(text)} {reason}", reason),))


def _code_reader(key: str) -> Callable[[str], Reading]:
    """Read an identifier; a spreadsheet that took it for a number has spoilt it."""

    def read(text: str) -> Reading:
        if is_rounded(text):
            return _refuse(
                text,
                "is a number that the spreadsheet has rounded: digits are lost; format the column "
                "as text in the original and export it again",
            )
        return Reading((_pair(key, text),))

    return read


def _name_reader(key: str) -> Callable[[str], Reading]:
    """Read a name; where a model stands behind it, the whole cell is also a description."""

    def read(text: str) -> Reading:
        pairs = [_pair(key, text)]
        if _NAME_AND_CODE.fullmatch(text):
            pairs.append(_pair(KEYS["text"], text))
        return Reading(tuple(pairs))

    return read


def _model(text: str) -> Reading:
    if is_rounded(text):
        return _code_reader(KEYS["model"])(text)
    return _name_reader(KEYS["model"])(text)


def _make_model(text: str) -> Reading:
    """Read "make and model": the cell as model, and both parts where they are plain to see."""
    pairs = [_pair(KEYS["model"], text)]
    found = _NAME_AND_CODE.fullmatch(text)
    name = found[1].strip() if found else text
    if not _GENERIC.isdisjoint(re.findall(r"[a-z]+", name.casefold())):
        return Reading((*pairs, _pair(KEYS["text"], text)))
    if found and not _FEATURE.fullmatch(found[2]):
        pairs += [_pair(KEYS["manufacturer"], name), _pair(KEYS["model"], found[2])]
        pairs.append(_pair(KEYS["text"], text))
    elif _NAME_ONLY.fullmatch(text):
        pairs.append(_pair(KEYS["manufacturer"], text))
    return Reading(tuple(pairs))


def _bare_address(text: str) -> Reading | None:
    if mac := parse_mac(text):
        return Reading(((KEYS["mac"], mac.encode()),))
    if text.count(".") == 3 and text.replace(".", "").isdigit() and parse_ip(text) == text:
        return Reading(((KEYS["ip"], text.encode()),))
    return None


def _addresses(text: str) -> Reading:
    if is_rounded(text):
        return _code_reader(KEYS["mac"])(text)
    found = parse_addresses(text)
    pairs = [_pair(KEYS["mac"], mac) for mac in found.macs]
    pairs += [_pair(KEYS["ip"], ip) for ip in found.ips]
    reason = "is not an address"
    return Reading(
        tuple(dict.fromkeys(pairs)),
        ("leading zeros were read as decimal padding",) if found.padded else (),
        tuple((f"{quoted(other)} {reason}", reason) for other in found.others),
    )


def _date_reader(key: str, order: Order) -> Callable[[str], Reading]:
    def read(text: str) -> Reading:
        found = read_date(text, order)
        if found is None:
            return _refuse(text, "is not a date that is understood; write it as 2021-03-31")
        doubts = tuple(_doubt(doubt, order) for doubt in found.doubts)
        return Reading((_pair(key, found.text()),), doubts)

    return read


def _doubt(doubt: Doubt, order: Order) -> str:
    if doubt is Doubt.ORDER:
        return f"{doubt.value}: read {order.value.replace('_', ' ')}"
    return doubt.value


def _zone(text: str) -> Reading:
    word = re.sub(r"[\s\-_]+", " ", text.casefold()).strip()
    zone = _ZONE_OF.get(word) or _ZONE_OF.get(word.removesuffix(" network"))
    if zone is None:
        return _refuse(text, "is no zone; write core, isolated or internet")
    return Reading((_pair(KEYS["zone"], zone),))


def _networked(text: str) -> Reading:
    word = text.casefold()
    answer = yes_or_no(word)
    if word in _NETWORK:
        answer = True
    elif word in _ANALOGUE:
        answer = False
    if answer is None:
        return _refuse(text, "is neither yes nor no")
    return Reading((_pair(KEYS["networked"], "yes" if answer else "no"),))


def _in_use(text: str) -> Reading:
    answer = yes_or_no(text)
    words = {True: "in service", False: "not in service", None: text}
    return Reading((_pair(KEYS["status"], words[answer]),))


def _quantity(text: str) -> Reading:
    key = KEYS["quantity"]
    if found := _NUMBER.fullmatch(text) or _COUNTED.fullmatch(text):
        return Reading((_pair(key, str(int(found[1].replace(",", "")))),))
    if word := _WORD_NUMBERS.get(text.casefold()):
        return Reading((_pair(key, word),), ("a number in words",))
    if found := _ABOUT_NUMBER.fullmatch(text):
        return Reading(
            (_pair(key, f"~{int(found[1] or found[2])}"),), ("an estimate, not a count",)
        )
    if found := _RANGE.fullmatch(text):
        return Reading(
            (_pair(key, f"~{int(found[1])}"),), ("a range is read as about its lower end",)
        )
    return _refuse(text, "is not a number of devices")


def looks_like_quantity(text: str) -> bool:
    """Tell whether a text counts something."""
    return bool(_quantity(text).pairs)


def looks_like_zone(text: str) -> bool:
    """Tell whether a text names a zone."""
    return bool(_zone(text).pairs)


def looks_like_networked(text: str) -> bool:
    """Tell whether a text says whether a device is on a network."""
    return bool(_networked(text).pairs)


def looks_like_address(text: str) -> bool:
    """Tell whether a text holds an address of either sort."""
    found = parse_addresses(text)
    return bool(found.macs or found.ips) or is_rounded(text)


def looks_like_date(text: str) -> bool:
    """Tell whether a text is a date."""
    return read_date(text) is not None
