"""Read raw replies, scopes and hardware addresses into the fields that signatures know.

Each distinct value is read once. What will not decode is no error here: the raw value still stands,
and the number of such values is reported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from camaudit.errors import DecodeError
from camaudit.model.batches import rows_by_field
from camaudit.model.observation import Seen
from camaudit.packs.mac_registry import MacRegistry, is_made_up
from camaudit.sources import protocols

#: A raw reply may hold a field that is itself raw (a SADP reply holds a hardware address).
MAX_ROUNDS: Final = 4
#: No message has more fields than this; beyond it something is being stuffed.
MAX_FIELDS: Final = 512

#: Fields whose whole value is a hardware address.
MAC_FIELDS: Final = ("mac.address", "onvif.scope_mac", "onvif.scope_macaddr", "sadp.MAC")

Reader = Callable[[bytes], Iterable[Seen]]


class Expander:
    """Derive further observations from raw ones."""

    def __init__(self, registry: MacRegistry, aliases: dict[str, str]) -> None:
        self._aliases = aliases
        self._exact: dict[str, Reader] = {}
        self._wild: list[tuple[str, str, Reader]] = []
        for spec in protocols.registry().values():
            for key, reader in spec.expands.items():
                start, star, end = key.partition("*")
                if star:
                    self._wild.append((start, end, reader))
                else:
                    self._exact[key] = reader
        for key in MAC_FIELDS:
            self._exact[key] = lambda value: _holder(registry, _mac(value))
        self._exact["mdns.txt_macaddress_prefix"] = lambda value: _organisation(
            registry.lookup_prefix(_mac(value))
        )
        self._readers: dict[str, Reader | None] = {}
        self.undecoded = 0

    def expand(self, batch: pa.RecordBatch) -> list[pa.RecordBatch]:
        """Return the batch and what was derived from it."""
        result = [batch]
        for _ in range(MAX_ROUNDS):
            derived = self._derive(result[-1])
            if derived is None:
                break
            result.append(derived)
        return result

    def _reader(self, protocol: str, field: str) -> Reader | None:
        key = f"{protocol}.{field}"
        key = self._aliases.get(key, key)
        if key not in self._readers:
            self._readers[key] = self._exact.get(key) or next(
                (
                    reader
                    for start, end, reader in self._wild
                    if len(key) >= len(start) + len(end)
                    and key.startswith(start)
                    and key.endswith(end)
                ),
                None,
            )
        return self._readers[key]

    def _derive(self, batch: pa.RecordBatch) -> pa.RecordBatch | None:
        origins: list[int] = []
        seen: list[Seen] = []
        for protocol, field, where in rows_by_field(batch):
            reader = self._reader(protocol, field)
            if reader is None:
                continue
            encoded = pc.dictionary_encode(batch.column("value").take(pa.array(where)))
            found = [self._read(reader, value) for value in encoded.dictionary.to_pylist()]
            for row, index in zip(where.tolist(), encoded.indices.to_pylist(), strict=True):
                for each in found[index]:
                    origins.append(row)
                    seen.append(each)
        if not seen:
            return None
        at = pa.array(origins, pa.int32())
        columns = {
            "protocol": pa.array([each.protocol for each in seen]).dictionary_encode(),
            "field": pa.array([each.field for each in seen]).dictionary_encode(),
            "value": pa.array([each.value for each in seen], pa.binary()),
        }
        arrays = [
            columns[name] if name in columns else batch.column(name).take(at)
            for name in batch.schema.names
        ]
        return pa.RecordBatch.from_arrays(arrays, schema=batch.schema)

    def _read(self, reader: Reader, value: bytes) -> list[Seen]:
        try:
            return list(reader(value))[:MAX_FIELDS]
        except (DecodeError, ModuleNotFoundError):
            # the light core has no reader of certificates, DNS and SNMP: the extra `scan` has
            self.undecoded += 1
            return []


def _mac(value: bytes) -> str:
    return value[:64].decode("ascii", "ignore").strip()


def _holder(registry: MacRegistry, mac: str) -> list[Seen]:
    """Return whom an address is registered to, or that its owner made it up."""
    found = _organisation(registry.lookup(mac))
    if not found and is_made_up(mac):
        return [Seen("mac", "administration", b"local")]
    return found


def _organisation(name: str | None) -> list[Seen]:
    return [Seen("mac", "organisation", name.encode())] if name else []
