"""Read the system group, and tables of neighbours, with the community that the operator gave."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

from camaudit.errors import DecodeError, LineError
from camaudit.model.observation import Seen
from camaudit.sources.spec import Dialogue, Intrusiveness, Line, Transport

from .codec import Binding, ValueKind, decode_response, encode_get, encode_get_bulk
from .observe import ARP, FORWARDING, LLDP, SYSTEM, observe, observe_table

_COMMUNITY: Final = "snmp.community"
_PORT: Final = 161
#: Ours. 24 objects fit into one datagram of 1500 bytes.
_REPETITIONS: Final = 24
#: Ours. A switch with 48 ports and a few hundred neighbours is read to its end.
_MAX_STEPS: Final = 48
_TABLES: Final = (ARP, FORWARDING, LLDP)


async def ask_system(line: Line, path: str) -> AsyncIterator[Seen]:
    """Yield what the system group says."""
    del path
    request = encode_get(tuple(SYSTEM), 1, line.given[_COMMUNITY])
    for seen in observe(decode_response(await line.exchange(request))):
        yield seen


async def ask_neighbours(line: Line, path: str) -> AsyncIterator[Seen]:
    """Yield the neighbours that the tables name."""
    del path
    for table in _TABLES:
        for seen in observe_table(table, await _walk(line, table)):
            yield seen


async def _walk(line: Line, table: str) -> tuple[Binding, ...]:
    """Return the rows of a table, as far as the device gives them in ascending order."""
    rows: list[Binding] = []
    at, last = table, _numbers(table)
    for step in range(_MAX_STEPS):
        request = encode_get_bulk(at, _REPETITIONS, step + 1, line.given[_COMMUNITY])
        try:
            answer = decode_response(await line.exchange(request))
        except (LineError, DecodeError):
            break
        for row in answer.bindings:
            numbers = _numbers(row.oid)
            # RFC 3416 4.2.3: each follows the one before; an agent that loops does not
            if row.kind is ValueKind.END or not row.oid.startswith(f"{table}.") or numbers <= last:
                return tuple(rows)
            rows.append(row)
            at, last = row.oid, numbers
        if not answer.bindings:
            break
    return tuple(rows)


def _numbers(oid: str) -> tuple[int, ...]:
    return tuple(int(part) for part in oid.split("."))


SYSTEM_DIALOGUE: Final = Dialogue(
    id="snmp.system",
    title="system description and object id",
    transport=Transport.UDP,
    ports=(_PORT,),
    intrusiveness=Intrusiveness.POLITE,
    requests=1,
    ask=ask_system,
    needs=_COMMUNITY,
)
NEIGHBOURS: Final = Dialogue(
    id="snmp.neighbours",
    title="tables of neighbours: ARP, forwarding, LLDP",
    transport=Transport.UDP,
    ports=(_PORT,),
    intrusiveness=Intrusiveness.PROBING,
    requests=_MAX_STEPS * len(_TABLES),
    ask=ask_neighbours,
    needs=_COMMUNITY,
)
