r"""Read fingerprints in the XML form that recog documents.

``<fingerprints matches="http_header.server"><fingerprint pattern="..." flags="REG_ICASE">
<description/><example/><param pos="0" name="hw.vendor" value="..."/></fingerprint>``: ``pos`` 0 is
a constant, any other the group of that number. Only fingerprints are used whose vendor is a maker
of ours, or whose device is of a kind that we know.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from xml.etree.ElementTree import Element

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from camaudit.errors import PackError
from camaudit.model.ids import MakerId
from camaudit.model.packs import Maker
from camaudit.model.words import Aspect, Kind

from .hints import Hints, names_of, plain_name

#: Ours. Files and fingerprints of a collection several times as large as any.
MAX_FILE_BYTES: Final = 32 << 20
MAX_FINGERPRINTS: Final = 50_000

#: What a file's patterns are matched against, and the field that it is for us.
_FIELDS: Final = {
    "dhcp.vendor_class": "dhcp.vendor_class",
    "favicon.md5": "http.favicon_md5",
    "ftp.banner": "ftp.banner",
    "html_title": "http.title",
    "http_header.cookie": "http.set_cookie",
    "http_header.server": "http.server",
    "http_header.wwwauth": "http.www_authenticate",
    "rtsp_header.server": "rtsp.server",
    "sip_header.server": "sip.server",
    "sip_header.user_agent": "sip.user_agent",
    "snmp.sys_description": "snmp.sysDescr",
    "snmp.sys_object_id": "snmp.sysObjectID",
    "ssdp_header.server": "ssdp.server",
    "ssh.banner": "ssh.banner",
    "telnet.banner": "telnet.banner",
    "x509.issuer": "tls.issuer",
    "x509.subject": "tls.subject",
}

#: Words for devices, folded, and the kinds that they are for us.
_KINDS: Final = {
    "access control": Kind.ACCESS_CONTROL,
    "camera": Kind.CAMERA,
    "ip camera": Kind.CAMERA,
    "network camera": Kind.CAMERA,
    "security camera": Kind.CAMERA,
    "web cam": Kind.CAMERA,
    "webcam": Kind.CAMERA,
    "digital video recorder": Kind.RECORDER,
    "dvr": Kind.RECORDER,
    "network video recorder": Kind.RECORDER,
    "nvr": Kind.RECORDER,
    "video encoder": Kind.ENCODER,
    "video server": Kind.ENCODER,
    "door phone": Kind.INTERCOM,
    "intercom": Kind.INTERCOM,
    "broadband router": Kind.NETWORK,
    "firewall": Kind.NETWORK,
    "router": Kind.NETWORK,
    "switch": Kind.NETWORK,
    "wap": Kind.NETWORK,
    "multifunction device": Kind.NOT_SURVEILLANCE,
    "nas": Kind.NOT_SURVEILLANCE,
    "print server": Kind.NOT_SURVEILLANCE,
    "printer": Kind.NOT_SURVEILLANCE,
    "voip": Kind.NOT_SURVEILLANCE,
}

#: Whose word counts first, and what it is about.
_VENDORS: Final = (("hw.vendor", Aspect.BADGE), ("os.vendor", Aspect.FIRMWARE))

#: What groups are called for us.
_CAPTURES: Final = {
    "hw.product": "model",
    "hw.serial_number": "serial",
    "hw.version": "version",
    "os.version": "version",
}

_FLAGS: Final = {"REG_ICASE": "i", "REG_DOT_NEWLINE": "s", "REG_MULTILINE": "s"}

#: A group that counts: not ``(?:``, not escaped, not within a class.
_PAREN: Final = re.compile(r"\\.|\[\^?\]?(?:[^\]\\]|\\.)*\]|\((?!\?)", re.DOTALL)


def read_recog(files: Mapping[str, bytes], makers: Iterable[Maker]) -> Hints:
    """Return the hints of a directory's XML files, by name.

    Raises:
        PackError: A file is no XML, defines entities, or none has fingerprints.
    """
    hints, names, count = Hints(), names_of(makers), 0
    for file, content in sorted(files.items()):
        root = _parse(file, content)
        if root.tag != "fingerprints":
            hints.left_out["files that are no fingerprints"] += 1
            continue
        prints = root.findall("fingerprint")
        count += len(prints)
        if count > MAX_FINGERPRINTS:
            raise PackError(f"more than {MAX_FINGERPRINTS:,} fingerprints", file=file)
        field = _FIELDS.get(root.get("matches", ""))
        if field is None:
            hints.left_out[f"matches={root.get('matches', '')[:40]!r}"] += len(prints)
            continue
        stem = re.sub(r"[^a-z0-9]+", "-", file.rpartition("/")[2].removesuffix(".xml").lower())
        for at, each in enumerate(prints, start=1):
            _take(each, f"recog-{stem}-{at}", field, names, hints)
    if not count:
        raise PackError("holds no fingerprint; give the directory of recog's XML files")
    return hints


def _parse(file: str, content: bytes) -> Element:
    if len(content) > MAX_FILE_BYTES:
        raise PackError(f"larger than {MAX_FILE_BYTES} bytes", file=file)
    try:
        root: Element = fromstring(content)
    except ParseError as error:
        raise PackError(f"is no XML: {error}", file=file, line=error.position[0]) from error
    except DefusedXmlException as error:
        raise PackError(
            "defines entities, which fingerprints have no need of", file=file
        ) from error
    except (ValueError, LookupError) as error:
        raise PackError(f"cannot be decoded: {error}", file=file) from error
    return root


def _take(each: Element, name: str, field: str, names: Mapping[str, MakerId], hints: Hints) -> None:
    params = [(p.get("name", ""), p.get("pos", ""), p.get("value", "")) for p in each.iter("param")]
    told = {key: value for key, pos, value in params if pos == "0"}
    found = (
        (names[plain_name(told[key])], aspect)
        for key, aspect in _VENDORS
        if plain_name(told.get(key, "")) in names
    )
    maker, aspect = next(found, (None, Aspect.BADGE))
    kind = _KINDS.get(told.get("hw.device", "").casefold())
    if maker is None and kind is None:
        hints.left_out["fingerprints of makers and kinds that are not among ours"] += 1
        return
    groups = {
        int(pos): _CAPTURES[key]
        for key, pos, _ in params
        if key in _CAPTURES and re.fullmatch(r"[1-9]\d?", pos)
    }
    pattern = _renamed(each.get("pattern", ""), groups)
    if field == "ssh.banner" and pattern.startswith("^"):
        pattern = r"^SSH-[0-9.]+-" + pattern[1:]
    flags = "".join(sorted(set(_flags(each.get("flags", "")))))
    described = " ".join((each.findtext("description") or "").split())[:200]
    hints.add(
        name,
        f"(?{flags}){pattern}" if flags else pattern,
        (field,),
        maker=maker,
        aspect=aspect,
        kind=kind,
        says=f"A second opinion (recog): {described or 'not described'}",
    )


def _flags(words: str) -> Iterator[str]:
    for word in re.split(r"[,\s|]+", words):
        if word in _FLAGS:
            yield _FLAGS[word]


def _renamed(pattern: str, groups: Mapping[int, str]) -> str:
    """Name the groups of a pattern; of two with one name the first has it."""
    pieces: list[str] = []
    done = number = 0
    used: set[str] = set()
    for found in _PAREN.finditer(pattern):
        if found[0] != "(":
            continue
        number += 1
        word = groups.get(number)
        if word and word not in used:
            used.add(word)
            pieces += [pattern[done : found.end()], f"?P<{word}>"]
            done = found.end()
    return "".join([*pieces, pattern[done:]])
