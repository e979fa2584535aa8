"""Take the lines of an order apart: which things a line asks for, and what each is.

Words decide only what a thing is, never who made it. What no word tells stays unknown: a model
number alone is looked up later, and is never called an accessory here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from camaudit.model.orders import Function, Item, OrderLine

#: Ours. Things of one line; a longer list is no line of an order.
MAX_ITEMS: Final = 40
#: Ours. Text of one line that is looked at.
MAX_TEXT: Final = 2_000


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"(?i)\b(?:{'|'.join(patterns)})\b")


_SERVICE: Final = _words(
    r"maintenance", r"servic(?:e|ing)(?! pack)", r"installation", r"install(?:ing)?", r"labou?r",
    r"commissioning", r"configuration", r"training", r"warrant(?:y|ies)", r"guarantee",
    r"support(?! mural| de fixation)",
    r"subscription", r"monitoring", r"call[- ]?out", r"delivery", r"shipping", r"freight",
    r"hosting",
    r"cloud storage", r"survey", r"project management", r"site visit", r"programming",
    r"removal", r"decommissioning", r"disposal", r"hire of", r"rental", r"wartung\w*", r"montage",
    r"installationsarbeiten", r"inbetriebnahme", r"schulung", r"lieferung", r"einrichtung",
    r"garantie(?:verl\w+)?", r"entretien", r"mise en service", r"livraison", r"formation",
)  # fmt: skip
_SOFTWARE: Final = _words(
    r"licen[cs]es?", r"software", r"vms", r"upgrade plan", r"smart search", r"analytics pack\w*",
    r"lizenz(?:en)?", r"\w*lizenz(?:en)?", r"licences?", r"logiciel", r"app",
)  # fmt: skip
_STORAGE: Final = _words(
    r"hard ?d(?:isk|rive)s?", r"hdds?", r"ssds?", r"sd[- ]?cards?", r"micro ?sd\w*",
    r"memory cards?",
    r"sdxc", r"wd ?purple", r"purple pro", r"skyhawk", r"solid state", r"festplatten?",
    r"speicherkarten?",
    r"disques? durs?", r"cartes? m[ée]moire", r"surveillance (?:hard )?(?:disk|drive)s?",
)  # fmt: skip
_ACCESSORY: Final = _words(
    r"\w*brackets?", r"mounts?", r"mounting (?:kit|plate|base|adapt[eo]r|box)s?",
    r"junction box(?:es)?",
    r"back ?box(?:es)?", r"conduit box(?:es)?", r"housings?", r"enclosures?",
    r"power (?:supply|supplies|pack|adapt[eo]r)s?",
    r"psus?", r"injectors?", r"midspans?", r"cables?", r"cabling", r"connectors?",
    r"patch (?:lead|cord|panel)s?",
    r"lens(?:es)?", r"microphones?", r"monitors?", r"screens?", r"displays?", r"keyboards?",
    r"joysticks?",
    r"poles?", r"sun ?shields?", r"gaskets?", r"racks?", r"cabinets?", r"rack shelf", r"shelves",
    r"ups",
    r"batter(?:y|ies)", r"surge protect\w*", r"covers?", r"adapt[eo]rs?", r"baluns?", r"extenders?",
    r"transceivers?", r"sfps?", r"illuminators?", r"speakers?", r"signs?", r"signage", r"screws?",
    r"spacers?",
    r"skin cover", r"trim ring", r"chargers?", r"docking stations?", r"\w*halter(?:ung(?:en)?)?",
    r"netzteile?", r"kabel", r"stecker", r"geh[äa]use", r"wandarm", r"abzweigdosen?",
    r"anschlussdosen?",
    r"bildschirme?", r"supports? (?:mural|de fixation)", r"c[âa]bles?", r"alimentations?",
    r"bo[iî]tiers?",
    r"[ée]crans?",
)  # fmt: skip
_EQUIPMENT: Final = _words(
    r"\w*cameras?", r"cam", r"domes?", r"mini-?domes?", r"turrets?", r"bullets?", r"eyeballs?",
    r"fisheyes?",
    r"ptzs?", r"nvrs?", r"dvrs?", r"xvrs?", r"hvrs?", r"recorders?", r"encoders?", r"decoders?",
    r"video servers?",
    r"intercoms?", r"door ?stations?", r"video door\w*", r"door ?bells?", r"switch(?:es)?",
    r"routers?",
    r"access points?", r"gateways?", r"firewalls?", r"radios?", r"walkie[- ]talkies?",
    r"repeaters?",
    r"body[- ]?worn", r"dash ?cams?", r"drones?", r"anpr", r"lpr", r"appliances?",
    r"workstations?", r"servers?",
    r"webcams?", r"\w*kameras?", r"\w*rekorder", r"t[üu]rstation(?:en)?", r"cam[ée]ras?",
    r"enregistreurs?",
    r"thermal imagers?", r"multi-?sensors?", r"panoramics?", r"kits?",
)  # fmt: skip
_COMPONENT: Final = _words(
    r"(?:camera|sensor|wi-?fi|lte|cellular|radio) modules?", r"system on (?:a )?chip", r"socs?",
    r"mainboards?",
    r"circuit boards?", r"pcbs?", r"image sensors?",
)  # fmt: skip
_OTHER: Final = _words(
    r"printers?", r"laptops?", r"notebooks?", r"desks?", r"chairs?", r"stationery", r"paper",
    r"toners?",
    r"telephones?", r"headsets?", r"tablets?", r"locks?", r"keys?", r"paint", r"cleaning",
)  # fmt: skip

_OR_EQUAL: Final = re.compile(
    r"(?i)\bor (?:an? )?(?:approved )?(?:equal|equivalent|similar)\b(?: approved)?"
    r"|\bor approved equal\b|\boder gleichwertig\w*|\bou [ée]quivalente?s?\b|\(or eq\.?\)"
)
#: What an accessory or a service is for does not say what is ordered.
_FOR: Final = re.compile(
    r"(?i)\b(?:for|of|to suit|suitable for|compatible with|to fit|f[üu]r|zu|von|pour|de)\b"
)
_PART: Final = re.compile(
    r"""(?ix)
    \s*[\r\n;]+\s* | \s+\+\s+ | \s*[•·▪]\s* |
    \s*(?:,\s*)?\b(?:with|incl(?:uding|udes|\.)?|comprising|consisting\ of|contains?|plus|and|
        mit|inkl(?:usive|\.)?|bestehend\ aus|und|avec|compris|comprenant|et)\b[\s:.]*
        (?=(?:an?\s+)?(?:\d{1,3}\s*(?:x|nos?\.?|pcs?\.?|off|st(?:k|ck)?\.?|\u00d7)?\s*)?[a-z0-9]) |
    \s*[,/]\s*(?=\d{1,3}\s*(?:x|\u00d7|no\.?|pcs?)\s*[a-z])
    """
)
#: "camera bracket", "dome housing", "NVR rack": the last word says what it is.
_COMPOUND: Final = re.compile(
    r"^[\s-]*(?:and\s+)?(?:wall|ceiling|pole|corner|corridor|pendant|pan)?[\s-]*$"
)


def items_of(line: OrderLine) -> tuple[Item, ...]:
    """Return the things that a line asks for; at least one."""
    text = " ".join(line.description[:MAX_TEXT].split(" "))
    or_equal = bool(_OR_EQUAL.search(text))
    parts = list(_parts(_OR_EQUAL.sub(" ", text)))[:MAX_ITEMS] or [text]
    single = len(parts) == 1
    return tuple(
        Item(
            text=part,
            function=function_of(part),
            brand=line.brand if single or at == 0 else None,
            model=line.model if single or at == 0 else None,
            or_equal=or_equal,
        )
        for at, part in enumerate(parts)
    )


def function_of(text: str) -> Function:
    """Return what a thing is by its words; what is ordered stands before "for" and "of"."""
    cut = _FOR.search(text)
    head = text[: cut.start()] if cut and cut.start() > 2 else text
    for part in (head, text) if head != text else (text,):
        found = _function(part)
        if found is not Function.UNKNOWN:
            return found
    return Function.UNKNOWN


def _function(text: str) -> Function:
    equipment = _EQUIPMENT.search(text)
    start = equipment.start() if equipment else len(text) + 1
    for pattern, function in (
        (_COMPONENT, Function.COMPONENT),
        (_SERVICE, Function.SERVICE),
        (_SOFTWARE, Function.SOFTWARE),
        (_STORAGE, Function.STORAGE),
        (_ACCESSORY, Function.ACCESSORY),
    ):
        found = pattern.search(text)
        if found is None:
            continue
        if found.start() <= start or _says_what(text, pattern):
            return function
    if equipment:
        return Function.EQUIPMENT
    return Function.OTHER if _OTHER.search(text) else Function.UNKNOWN


def _says_what(text: str, pattern: re.Pattern[str]) -> bool:
    """Tell whether the word stands right behind one for equipment, and so is what is meant."""
    ends = [match.end() for match in _EQUIPMENT.finditer(text)]
    return any(
        _COMPOUND.match(text[end : found.start()])
        for found in pattern.finditer(text)
        for end in ends
        if end <= found.start()
    )


def _parts(text: str) -> Iterator[str]:
    """Yield the parts of a text, each a thing; what names nothing stays with its neighbour."""
    pieces = [piece.strip(" ,.:-") for piece in _PART.split(text)]
    pieces = [piece for piece in pieces if piece]
    joined: list[str] = []
    for piece in pieces:
        if joined and (not _is_thing(piece) or _goes_on(joined[-1], piece)):
            joined[-1] = f"{joined[-1]}, {piece}"
        else:
            joined.append(piece)
    # "Kit consisting of ...": the kit itself is what it holds
    yield from (each for each in joined if len(joined) == 1 or not _JUST_A_KIT.match(each))


def _goes_on(before: str, piece: str) -> bool:
    """Tell whether a piece only goes on with what was said: installation and commissioning."""
    function = function_of(piece)
    same = function in {Function.SERVICE, Function.ACCESSORY} and function is function_of(before)
    return same and not _MODEL_LIKE.search(before) and not _MODEL_LIKE.search(piece)


_JUST_A_KIT: Final = re.compile(r"(?i)^(?:kit|bundle|set|package|system|paket|lot)$")
_MODEL_LIKE: Final = re.compile(
    r"\b(?=[A-Z0-9-]*\d)(?=[A-Z0-9-]*[A-Z])[A-Z0-9]{2,}-[A-Z0-9-]{3,}\b"
)


def _is_thing(piece: str) -> bool:
    return function_of(piece) is not Function.UNKNOWN or bool(_MODEL_LIKE.search(piece))
