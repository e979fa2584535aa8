"""Read the personas of the lab: what pretend devices say, on which ports, to whom.

1. A persona is one file below ``data/lab/personas``; longer replies stand below
   ``data/lab/replies``. Every file says that it is a pretence.
2. ``${name}`` in a reply stands for something of the device (its address, MAC, serial ...), of the
   request (its identifier), or of the persona's own ``values``. The names are closed lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from camaudit.errors import PackError
from camaudit.model.words import Kind

from .strict import parse, validate

FOLDER: Final = "lab"

#: What a device has: text, or octets in hexadecimal digits (``*_hex``).
OF_DEVICE: Final = frozenset(
    {
        "address", "address_hex", "gateway", "gateway_hex", "mac", "mac_bare", "mac_dash",
        "mac_upper", "mac_upper_bare", "mac_hex", "mask", "mask_hex", "model", "number",
        "serial", "serial_hex", "tail", "uuid",
    }
)  # fmt: skip
#: What is taken from the request: identifiers that a reply repeats, and the port that was asked.
OF_REQUEST: Final = frozenset({"cseq", "message_id", "port", "probe_uuid", "token_hex"})
#: What the frame of a reply counts.
OF_FRAME: Final = frozenset({"length"})

#: What is known of a datagram before its content is compared with ``contains``.
TAGS: Final = frozenset(
    {
        "broadcast", "multicast", "unicast",
        "soap11", "soap12", "wsd2005", "wsd2009",
        "types-empty", "types-device", "types-transmitter",
    }
)  # fmt: skip

_PLACEHOLDER: Final = re.compile(r"\$\{(\w+)\}")
_Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)]
_Port = Annotated[int, Field(ge=1, le=65535)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Piece(_Strict):
    """Some octets of a binary reply; ``at`` is their offset, or they follow the piece before."""

    at: int | None = None
    text: str = ""
    hex: str = ""


class Reply(_Strict):
    """What is sent back: text, a file of ``replies``, or octets at offsets."""

    text: str | None = None
    file: str | None = None
    layout: list[Piece] = []
    size: Annotated[int, Field(ge=0, le=65507)] = 0
    frame: Literal["none", "http", "dhip", "netip"] = "none"
    #: Quirks: NUL octets around it, only its first octets, and how often it is sent.
    pad_before: int = 0
    pad_after: int = 0
    cut: int | None = None
    repeat: Annotated[int, Field(ge=1, le=10_000)] = 1
    #: Of datagrams: back to the port that asked, to the group that was asked, or to a port.
    to: Literal["sender", "group", "port"] = "sender"
    to_port: _Port | None = None
    to_group: str | None = None

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if (self.text is not None) + (self.file is not None) + bool(self.layout) != 1:
            raise ValueError("a reply has one of `text`, `file` and `layout`")
        if self.to == "port" and self.to_port is None:
            raise ValueError("`to: port` needs `to_port`")
        return self


class Answer(_Strict):
    """A reply, and what a request must look like to get it."""

    starts: str = ""
    contains: list[str] = []
    lacks: list[str] = []
    contains_hex: str = ""
    tags: list[str] = []
    reply: Reply

    @model_validator(mode="after")
    def _known_tags(self) -> Self:
        if unknown := set(self.tags) - TAGS:
            raise ValueError(f"no such tag: {', '.join(sorted(unknown))}")
        return self


class Listener(_Strict):
    """A UDP port: the groups that it has joined, and what it answers."""

    port: _Port
    groups: list[str] = []
    answers: list[Answer] = []
    #: The answer is made by the lab from ``Persona.services``.
    mdns: bool = False


class Door(_Strict):
    """A TCP port: what it says at once, what it answers, and how it treats a connection."""

    port: _Port
    tls: bool = False
    greeting: Reply | None = None
    answers: list[Answer] = []
    otherwise: Reply | None = None
    #: Whether the connection stays open after an answer.
    keeps: bool = False
    #: A request ends at its first empty line; otherwise with what arrives in one piece.
    headed: bool = True
    #: A named misbehaviour instead of answers.
    hostile: str | None = None


class Service(_Strict):
    """A service that is told by mDNS."""

    type: str
    instance: str
    host: str
    port: _Port
    txt: list[str] = []


class Subject(_Strict):
    """The names in a certificate, in order; the issuer is the subject unless given."""

    subject: list[list[str]]
    issuer: list[list[str]] = []
    fault: Literal["none", "expired", "bad-signature"] = "none"


class LockOut(_Strict):
    """More than ``connections`` within ``seconds``: 423 once, then closed doors ``refusing``."""

    connections: int
    seconds: int
    refusing: int


class Truth(_Strict):
    """What the device really is: the yardstick."""

    #: The maker's id below ``data/makers``, where one is meant to be found.
    maker: str | None
    brand: str
    model: str
    kind: Annotated[Kind, Field(strict=False)]
    #: Declared channels of a recorder.
    channels: int = 0


class Persona(_Strict):
    """A kind of pretend device."""

    id: _Slug
    title: str
    pretend: Literal[True]
    truth: Truth
    mac: Annotated[str, Field(pattern=r"^([0-9a-f]{2}:){2}[0-9a-f]{2}$")]
    serial: str = "${tail}"
    weight: Annotated[int, Field(ge=1, le=100)] = 1
    delay_ms: Annotated[int, Field(ge=0, le=60_000)] = 0
    #: The only answer that it gives to a discovery search, where it gives only one.
    only: str | None = None
    values: dict[str, str] = {}
    listeners: list[Listener] = []
    doors: list[Door] = []
    services: list[Service] = []
    certificate: Subject | None = None
    lock_out: LockOut | None = None
    hostile: bool = False

    def door(self, port: int) -> Door | None:
        """Return the door at a TCP port, if it has one."""
        return next((each for each in self.doors if each.port == port), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Personas:
    """All personas, and the longer replies by file name."""

    personas: tuple[Persona, ...]
    replies: dict[str, bytes]

    def only(self, names: Iterable[str]) -> Personas:
        """Return some of them, in the order given."""
        by_id = {each.id: each for each in self.personas}
        return Personas(personas=tuple(by_id[name] for name in names), replies=self.replies)


def parse_personas(contents: dict[str, bytes], replies: dict[str, bytes]) -> Personas:
    """Build the personas from their files; raise ``PackError`` on the first fault."""
    found = []
    for name, content in sorted(contents.items()):
        file = f"{FOLDER}/personas/{name}"
        document = parse(content, file)
        persona = validate(document, Persona)
        if f"{persona.id}.yaml" != name:
            raise document.error(("id",), f"the file must be called {persona.id}.yaml")
        for reply in _replies_of(persona):
            _check_reply(persona, reply, replies, file)
        found.append(persona)
    return Personas(personas=tuple(found), replies=replies)


@cache
def load_personas() -> Personas:
    """Return the personas that ship with camaudit."""
    root = resources.files("camaudit.data") / FOLDER
    contents, replies = (
        {each.name: each.read_bytes() for each in (root / folder).iterdir() if each.is_file()}
        for folder in ("personas", "replies")
    )
    return parse_personas(contents, replies)


def _replies_of(persona: Persona) -> list[Reply]:
    answers = [each for listener in persona.listeners for each in listener.answers]
    answers += [each for door in persona.doors for each in door.answers]
    others = [each for door in persona.doors for each in (door.greeting, door.otherwise) if each]
    return [answer.reply for answer in answers] + others


def _check_reply(persona: Persona, reply: Reply, files: dict[str, bytes], place: str) -> None:
    if reply.file is not None and reply.file not in files:
        raise PackError(f"there is no reply {reply.file}", file=place, field="file")
    known = OF_DEVICE | OF_REQUEST | OF_FRAME | set(persona.values)
    for name in _PLACEHOLDER.findall(_text(reply, files)):
        if name not in known:
            raise PackError(f"${{{name}}} stands for nothing", file=place, field="reply")


def _text(reply: Reply, files: dict[str, bytes]) -> str:
    if reply.file is not None:
        return files[reply.file].decode("latin-1")
    return reply.text or " ".join(f"{piece.text} {piece.hex}" for piece in reply.layout)
