"""Keep of text that people set what a signature reads; the rest is theirs.

A camera's title, realm or name may say who made it, and may say "Anna's bedroom". Nobody knows
beforehand, so the signatures decide: text stays as far as it makes the same ones match.

1. Of each text the first of these is kept that the same signatures match, capturing the same:
   nothing, a word that stands for any, what they matched of it, the text. What another signature
   would match too is none: it would say what the device did not.
2. Addresses of mail are taken out of every value. No signature needs one.
3. Raw replies hold the names that a device was given a second time: these are crossed out there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple
from urllib.parse import quote_from_bytes, unquote_to_bytes

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from camaudit.model.batches import rows_by_field
from camaudit.model.clouds import Catalogue, ServiceRole
from camaudit.model.schemas import OBSERVATIONS, SIGNALS
from camaudit.signals import match

from .expand import Expander
from .packset import PackSet

#: Fields whose whole value people may set.
NAMES: Final = frozenset(
    {
        "bosch-rcp.friendly_name",
        "bosch-rcp.unit_name",
        "dahua-5050.name",
        "dhcp.hostname",
        "dhip.MachineName",
        "foscam.name",
        "http.title",
        "mdns.hostname",
        "mdns.instance",
        "onvif.hostname",
        "onvif.scope_location",
        "onvif.scope_name",
        "tvt-mhed.name",
        "ubiquiti.name",
        "upnp.friendly_name",
        "vstarcam.name",
        "xm-netip.HostName",
    }
)
#: RFC 7235 2.2: a realm, quoted or (against the grammar) bare.
_REALM: Final = re.compile(rb'(?i)\brealm\s{0,8}=\s{0,8}(?:"((?:[^"\\]|\\.)*)|([^\s",]+))')
#: RFC 8866 5.3 and 5.4: the name of a session, and information on it or on a medium.
_LINES: Final = re.compile(rb"(?m)^(?:s=([^\r\n]*)|i=([^\r\n]*))")
#: ONVIF Core, "Scope parameters". Firmware leaves blanks as they are: a word that begins no address
#: goes on with the one before.
_SCOPES: Final = re.compile(
    rb"(?is)onvif://www\.onvif\.org/(?:location|name)/(.*?)(?=\s{1,64}[a-z][a-z0-9+.-]{0,31}://|\s{0,64}\Z)"
)
#: What Chromecast, HomeKit and printers call themselves in records of services.
_TXT: Final = re.compile(rb"(?is)^(?:fn|n|nm|name|friendlyname|location|note|room|title)=(.*)$")
#: Fields of which people may set a part.
_PARTS: Final = {
    "http.www_authenticate": _REALM,
    "rtsp.www_authenticate": _REALM,
    "rtsp.sdp": _LINES,
    "ws-discovery.scopes": _SCOPES,
    "mdns.txt": _TXT,
}
#: Names that a device asks for: owners choose theirs below services for changing addresses.
_HOSTS: Final = ("dns.query", "http.host", "tls.sni")
#: RFC 8866 5.3: what stands for no name; a scope without a value would be none.
_NOTHING: Final = b"-"
#: Ours. It is no name of anything.
_ANY: Final = b"name"
_SESSION: Final = ("rtsp", "sdp")
_SCOPE_LIST: Final = ("ws-discovery", "scopes")
_REPLY: Final = "reply"

#: RFC 5321 4.5.3.1: at most 64 octets and 255. The last label is no number and no single letter, so
#: that neither a model such as ``HC121@TS8C-Z`` nor an address within a URL is taken for one.
_MAIL: Final = re.compile(
    rb"[^\s@<>\"'(),;:=/\\\[\]]{1,64}(?:@|%40)(?:[^\s@<>\"'(),;:=/\\\[\].]{1,63}\.){1,8}[A-Za-z]{2,63}"
)
#: Ours. A shorter name stands in a reply by chance.
_LEAST_NAME: Final = 3

Key = tuple[str, str]
#: What signatures read in a value: which, and what they captured.
Reading = frozenset[tuple[Any, ...]]


class _Text(NamedTuple):
    """A stretch of a value that people may have set."""

    start: int
    end: int


class FreeText:
    """Reduce observations; signals are the same before and after."""

    def __init__(self, packs: PackSet) -> None:
        self._index = packs.index
        self._expander = Expander(packs.registry, packs.index.aliases)
        self._parts = _PARTS | dict.fromkeys(_HOSTS, _below_owners(packs.clouds))

    def __call__(self, observations: pa.RecordBatch) -> pa.RecordBatch:
        """Return the rows without what people set and no signature reads; some become empty."""
        values = observations.column("value").to_pylist()
        names: dict[str, set[bytes]] = {}
        replies: list[tuple[Key, int]] = []
        for said in rows_by_field(observations):
            rows = said[2].tolist()
            word = self._index.key(*said[:2])
            protocol, _, field = word.partition(".")
            if field == _REPLY:
                replies += (((protocol, field), row) for row in rows)
            elif word in NAMES or word in self._parts:
                kept = self._reduced((protocol, field), {values[row] for row in rows})
                if word in NAMES:
                    _note_names(names, observations, values, kept, rows)
                for row in rows:
                    values[row] = kept[values[row]]
        if names:
            self._cross_out(observations, values, names, replies)
        values = [
            _MAIL.sub(b"", each) if b"@" in each or b"%40" in each else each for each in values
        ]
        at = observations.schema.get_field_index("value")
        return observations.set_column(at, OBSERVATIONS.field(at), pa.array(values, pa.binary()))

    def _reduced(self, key: Key, values: Iterable[bytes]) -> dict[bytes, bytes]:
        """Return what is kept of each distinct value of a field."""
        told = [(each, self._texts(key, each)) for each in sorted(values)]
        read = self._read(key, [value for value, _ in told])
        result = {value: value for value, _ in told}
        open_ = [(*each, reading) for each, reading in zip(told, read, strict=True) if each[1]]
        for form in (self._without, self._with_any, self._matched):
            shorter = [form(key, *each) for each in open_]
            again = self._read(key, shorter)
            left = []
            for each, short, reading in zip(open_, shorter, again, strict=True):
                if reading == each[2]:
                    result[each[0]] = short
                else:
                    left.append(each)
            open_ = left
        return result

    def _texts(self, key: Key, value: bytes) -> list[_Text]:
        word = ".".join(key)
        if word in NAMES:
            return [_Text(0, len(value))] if value else []
        found = self._parts[word].finditer(value)
        spans = (each.span(number) for each in found for number in range(1, each.re.groups + 1))
        return [_Text(start, end) for start, end in spans if end > start]

    def _without(self, key: Key, value: bytes, texts: Sequence[_Text], _reading: Reading) -> bytes:
        return _replaced(value, texts, [_nothing(key, value, text) for text in texts])

    def _with_any(self, _: Key, value: bytes, texts: Sequence[_Text], _reading: Reading) -> bytes:
        """Return a value with another word for each text: some signatures ask for no more."""
        return _replaced(value, texts, [_ANY] * len(texts))

    def _matched(self, key: Key, value: bytes, texts: Sequence[_Text], reading: Reading) -> bytes:
        """Return a value with as much of each text as the patterns that matched cover."""
        patterns = [self._index.pattern(number) for number in sorted({each[0] for each in reading})]
        words = []
        spans = _spans(value, patterns)
        for text in texts:
            word = _covered(value, text, spans)
            if key == _SCOPE_LIST:
                # signatures read a scope once its escapes are undone
                plain = unquote_to_bytes(value[text.start : text.end])
                word = _covered(plain, _Text(0, len(plain)), _spans(plain, patterns))
                word = quote_from_bytes(word, safe=b"/:;,()+").encode()
            words.append(word or _nothing(key, value, text))
        return _replaced(value, texts, words)

    def _cross_out(
        self,
        observations: pa.RecordBatch,
        values: list[bytes],
        names: dict[str, set[bytes]],
        replies: Iterable[tuple[Key, int]],
    ) -> None:
        """Cross names out of the raw replies of their devices, where no signature reads them."""
        devices = observations.column("device")
        crossed: dict[Key, dict[int, bytes]] = {}
        for key, row in replies:
            reply = values[row]
            for name in sorted(names.get(devices[row].as_py(), ()), key=len, reverse=True):
                reply = reply.replace(name, b"-" * len(name))
            if reply != values[row]:
                crossed.setdefault(key, {})[row] = reply
        for key, changed in crossed.items():
            before = self._read(key, [values[row] for row in changed], derived=False)
            after = self._read(key, list(changed.values()), derived=False)
            for row, was, now in zip(changed, before, after, strict=True):
                values[row] = changed[row] if was == now else values[row]

    def _read(self, key: Key, values: Sequence[bytes], *, derived: bool = True) -> list[Reading]:
        """Return what signatures read in each value, and in what is derived from it."""
        if not values:
            return []
        parts = [_batch(key, values)]
        if derived:
            parts = self._expander.expand(parts[0])
        found: list[set[tuple[Any, ...]]] = [set() for _ in values]
        for part in parts:
            hits = match(part, self._index)
            columns = [hits.signals.column(name).to_pylist() for name in _TOLD]
            said = list(zip(*columns, strict=True))
            devices = part.column("device").to_pylist()
            rows, signals = (
                hits.occurrences.column(name).to_pylist() for name in ("row", "signal")
            )
            for row, signal in zip(rows, signals, strict=True):
                found[int(devices[row])].add(said[signal])
        return [frozenset(each) for each in found]


#: The signature first; then the field and what was captured. The value is what changes.
_TOLD: Final = [name for name in SIGNALS.names if name not in ("value", "doubted")]


def _below_owners(clouds: Catalogue) -> re.Pattern[bytes]:
    """Return what finds the name that an owner chose below a service for changing addresses."""
    found = {h for each in clouds.services if each.role is ServiceRole.DDNS for h in each.hosts}
    hosts = b"|".join(re.escape(host.encode()) for host in sorted(found)) or rb"(?!)"
    return re.compile(rb"(?i)^([^\s]{1,253})\.(?:" + hosts + rb")\.?$")


def _nothing(key: Key, value: bytes, text: _Text) -> bytes:
    """Return what stands where a text was."""
    is_session = key == _SESSION and value[max(0, text.start - 2) : text.start] == b"s="
    return _NOTHING if is_session or key == _SCOPE_LIST else b""


def _spans(value: bytes, patterns: Iterable[re.Pattern[bytes]]) -> list[tuple[int, int]]:
    found = (pattern.search(value) for pattern in patterns)
    return [each.span() for each in found if each is not None]


def _covered(value: bytes, text: _Text, spans: Iterable[tuple[int, int]]) -> bytes:
    """Return as much of a text as spans reach into it, from the first to the last."""
    within = [(a, b) for a, b in spans if a < text.end and b > text.start]
    if not within:
        return b""
    first, last = min(a for a, _ in within), max(b for _, b in within)
    return value[max(text.start, first) : min(text.end, last)]


def _replaced(value: bytes, texts: Sequence[_Text], words: Sequence[bytes]) -> bytes:
    parts, at = [], 0
    for (start, end), word in zip(texts, words, strict=True):
        parts += [value[at:start], word]
        at = end
    return b"".join([*parts, value[at:]])


def _note_names(
    names: dict[str, set[bytes]],
    observations: pa.RecordBatch,
    values: Sequence[bytes],
    kept: dict[bytes, bytes],
    rows: Iterable[int],
) -> None:
    """Remember the names of each device of which not all is kept."""
    devices = observations.column("device")
    for row in rows:
        name = values[row]
        if kept[name] != name and len(name) >= _LEAST_NAME:
            names.setdefault(devices[row].as_py(), set()).add(name)


def _batch(key: Key, values: Sequence[bytes]) -> pa.RecordBatch:
    count = len(values)
    word = [pa.DictionaryArray.from_arrays(np.zeros(count, np.int32), pa.array([w])) for w in key]
    columns = [
        pa.array(map(str, range(count)), pa.string()),
        *word,
        pa.array(values, pa.binary()),
        pa.nulls(count, OBSERVATIONS.field("seen_at").type),
        pa.nulls(count, OBSERVATIONS.field("artefact").type),
        pa.nulls(count, pa.string()),
    ]
    return pa.RecordBatch.from_arrays(columns, schema=OBSERVATIONS)


def plain(observations: pa.Table, packs: PackSet) -> pa.Table:
    """Return a table of observations with free text reduced, without rows that say nothing more."""
    if not observations.num_rows:
        return observations
    (batch,) = observations.unify_dictionaries().combine_chunks().to_batches()
    found = FreeText(packs)(batch)
    said = pc.greater(pc.binary_length(found.column("value")), 0)
    return pa.Table.from_batches([found.filter(said)], OBSERVATIONS)
