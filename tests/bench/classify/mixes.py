"""Two streams of observations, the same each time: as estates give it, and against the grain."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Final

import yaml

from camaudit.app.packset import PackSet
from camaudit.model.packs import Signature

MAKERS: Final = Path(__file__).parents[3] / "src" / "camaudit" / "data" / "makers"

#: What most hosts on any network say; none of it names a maker of cameras.
COMMON: Final = (
    ("http.server", "nginx"),
    ("http.server", "Apache/2.4.57 (Debian)"),
    ("http.server", "Microsoft-IIS/10.0"),
    ("http.server", "lighttpd/1.4.69"),
    ("http.title", "Welcome to nginx!"),
    ("http.title", "Login"),
    ("http.title", "Document"),
    ("ssh.banner", "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3"),
    ("ftp.banner", "220 (vsFTPd 3.0.3)"),
    ("telnet.banner", "login: "),
    ("tls.subject", "CN=localhost"),
    ("tls.issuer", "CN=R11,O=Let's Encrypt,C=US"),
    ("snmp.sysDescr", "Linux gateway 6.1.0-26-amd64 #1 SMP Debian x86_64"),
    ("rtsp.server", "GStreamer RTSP server"),
    ("dns.hostname", "host.example"),
)
_BLOCKS: Final = ("00:40:8c", "44:19:b6", "3c:ef:8c", "00:09:18", "3c:d9:2b", "f4:b8:5e")
_COMMON_EACH: Final = 4


class Numbers:
    """Numbers that look like chance and are the same each time (Numerical Recipes' generator)."""

    def __init__(self, seed: int) -> None:
        self._state = seed

    def below(self, end: int) -> int:
        """Return a number from 0 to ``end`` - 1."""
        self._state = (self._state * 1_664_525 + 1_013_904_223) & 0xFFFF_FFFF
        return (self._state >> 8) % end


def shown(packs: PackSet) -> Iterator[tuple[Signature, str]]:
    """Yield each example that a maker file gives of each shipped signature."""
    texts: dict[str, list[str]] = {}
    for file in sorted(MAKERS.glob("*.yaml")):
        for signature in yaml.safe_load(file.read_text(encoding="utf-8")).get("signatures", ()):
            texts[signature["id"]] = [str(each["text"]) for each in signature["examples"]]
    for each in packs.makers.signatures:
        for text in texts.get(each.id, ()):
            yield each, text


def examples(packs: PackSet) -> list[tuple[str, str]]:
    """Return a field and a text for each example of each shipped signature."""
    return [(signature.fields[0], text) for signature, text in shown(packs)]


def realistic(found: list[tuple[str, str]], observations: int) -> Iterator[tuple[str, str, str]]:
    """Yield device, field and value: an example, some common banners and an address each."""
    numbers = Numbers(1)
    devices = observations // (_COMMON_EACH + 2)
    for number, (field, text) in zip(range(devices), cycle(found), strict=False):
        device = f"d{number}"
        yield device, field, text
        for _ in range(_COMMON_EACH):
            yield device, *COMMON[numbers.below(len(COMMON))]
        low = number & 0xFF_FFFF
        tail = f"{low >> 16:02x}:{low >> 8 & 255:02x}:{low & 255:02x}"
        yield device, "mac.address", f"{_BLOCKS[number % len(_BLOCKS)]}:{tail}"


def adversarial(found: list[tuple[str, str]], observations: int) -> Iterator[tuple[str, str, str]]:
    """Yield values of which no two are the same: pieces of examples, joined by unique words."""
    numbers = Numbers(2)
    for number in range(observations):
        field, text = found[numbers.below(len(found))]
        _, other = found[numbers.below(len(found))]
        cut, start = numbers.below(len(text) + 1), numbers.below(len(other) + 1)
        yield f"d{number // 6}", field, f"{text[:cut]} {number:x} {other[start:][:200]}"


def write(path: Path, rows: Iterable[tuple[str, str, str]]) -> int:
    """Write observations as JSON Lines; return how many."""
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for device, key, value in rows:
            protocol, _, field = key.partition(".")
            line = {"device": device, "protocol": protocol, "field": field, "value": value}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
            count += 1
    return count


def first(path: Path, count: int, to: Path) -> None:
    """Write the first lines of a file to another one."""
    with path.open(encoding="utf-8") as source, to.open("w", encoding="utf-8") as sink:
        sink.writelines(islice(source, count))
