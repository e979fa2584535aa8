"""Know a secret by its column's name or its form, and take it out.

VMS exports carry passwords: Milestone's hardware export has a column ``Password`` between the
user name and the driver number. A register of cameras must not become a register of passwords.
"""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

#: What stands where a secret stood.
REMOVED: Final = "[removed]"

#: Found anywhere in the squashed header (letters and digits only, folded).
_PARTS: Final = (
    "password", "passwd", "passwort", "passphrase", "passcode", "kennwort", "motdepasse",
    "contrasena", "contrasenya", "wachtwoord", "parolachiave", "palavrapasse", "losenord",
    "adgangskode", "passord", "salasana", "cyfrinair", "credential", "logindetail", "apikey",
    "accesskey", "privatekey", "encryptionkey", "secretkey", "licensekey", "licencekey",
    "activationkey", "wifikey", "networkkey", "presharedkey", "snmpcommunity", "communitystring",
    "communityname", "verificationcode", "securitycode", "safetycode", "unlockcode", "alarmcode",
    "accesscode", "entrycode", "doorcode", "activationcode", "registrationcode",
)  # fmt: skip

#: Found as a whole word of the header.
_WORDS: Final = frozenset(
    [
        "pwd",
        "pw",
        "pass",
        "pin",
        "pincode",
        "pins",
        "secret",
        "secrets",
        "token",
        "tokens",
        "psk",
        "mdp",
        "clave",
        "claves",
        "senha",
        "haslo",
        "heslo",
        "jelszo",
        "community",
        "parola",
        "geheimnis",
        "segredo",
        "auth",
    ]
)

#: ``scheme://user:secret@host`` (RFC 3986 section 3.2.1 deprecates it; cameras live on it).
_USERINFO: Final = re.compile(r"(?<=://)[^/\s\"'<>]{1,512}@(?=[^\s@])")
_USERINFO_BYTES: Final = re.compile(rb"(?<=://)[^/\s\"'<>]{1,512}@(?=[^\s@])")
#: The same, but it begins with what is quick to find.
_MAY_BE_USERINFO: Final = re.compile(rb"://[^/\s\"'<>]{1,512}@")

#: ``password=...`` and ``pw: ...`` in free text and in the query of a stream address.
_ASSIGNED: Final = re.compile(
    r"(?i)(\b(?:\w{0,16}(?:password|passwd|passwort)|pass(?:phrase|code)?|pwd|pw|pin|kennwort|"
    r"mot de passe|mdp|contraseña|wachtwoord|senha|has[lł]o|token|secret|api[ _-]?key|"
    r"snmp[ _-]?community|community string)\s{0,3}[:=]\s{0,3})(?!\[removed\])([^\s&;,]{1,512})"
)


def is_secret_header(words: str) -> bool:
    """Tell whether a header, in normal form, announces secrets."""
    squashed = words.replace(" ", "")
    if any(part in squashed for part in _PARTS):
        return True
    # "Pass / fail" is the result of a test.
    return not _WORDS.isdisjoint(words.split()) and "fail" not in words.split()


def strip_secrets(text: str) -> str:
    """Take user information out of addresses, and values that are called secrets out of text."""
    if "://" in text and "@" in text:
        text = _USERINFO.sub("", text)
    if "=" in text or ":" in text:
        text = _ASSIGNED.sub(rf"\1{REMOVED}", text)
    return text


def strip_userinfo(value: bytes) -> bytes:
    """Take user information out of the addresses in a raw value; all else stays as it was."""
    return _USERINFO_BYTES.sub(b"", value)


def strip_userinfo_all(values: pa.Array) -> pa.Array:
    """Take user information out of the addresses in many raw values (``binary``)."""
    held = values.buffers()[2]
    if held is None or not len(values):
        return values
    # Few inputs hold any: to look at all bytes at once is far quicker than value by value. What
    # is found across the end of a value is none, as it turns out when that value is looked at.
    ends = np.frombuffer(values.buffers()[1], np.int32)[
        values.offset : values.offset + len(values) + 1
    ]
    bytes_ = memoryview(held)[ends[0] : ends[-1]]
    starts = [found.start() for found in _MAY_BE_USERINFO.finditer(bytes_)]
    if not starts:
        return values
    places = np.unique(np.searchsorted(ends[1:] - ends[0], starts, side="right"))
    may = np.zeros(len(values), np.bool_)
    may[places] = True
    stripped = [strip_userinfo(value) for value in values.take(pa.array(places)).to_pylist()]
    return pc.replace_with_mask(values, pa.array(may), pa.array(stripped, pa.binary()))
