"""What will be asked: chosen from the protocols' own declarations, before anything is sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from camaudit.errors import UsageError
from camaudit.sources.spec import Dialogue, Intrusiveness, ProtocolSpec, Search, Transport

from .limits import Limits

#: From mildest to strongest; ``credentialed`` does not exist as a question.
_ORDER: Final = (Intrusiveness.PASSIVE, Intrusiveness.POLITE, Intrusiveness.PROBING)
#: Ports that most cameras have come first, so that a silent address is recognised early.
_FIRST: Final = (80, 554, 443, 8000, 8080, 8554, 8443, 8899, 81)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The questions of a scan."""

    searches: tuple[Search, ...]
    dialogues: tuple[Dialogue, ...]
    #: TCP ports in the order in which they are tried.
    ports: tuple[int, ...]
    #: Questions that the ceiling keeps back.
    withheld: tuple[str, ...]

    def at(self, port: int) -> tuple[Dialogue, ...]:
        """Return the dialogues over TCP and TLS that a port is for."""
        return tuple(
            d for d in self.dialogues if d.transport is not Transport.UDP and port in d.ports
        )

    def over_datagrams(self) -> Iterator[tuple[int, Dialogue]]:
        """Yield each dialogue over UDP with its port."""
        for dialogue in self.dialogues:
            if dialogue.transport is Transport.UDP:
                for port in dialogue.ports:
                    yield port, dialogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of packet that a scan would send, and how many of it at the most."""

    probe: str
    title: str
    transport: str
    to: str
    intrusiveness: str
    most: int


def make_plan(
    protocols: Mapping[str, ProtocolSpec],
    ceiling: Intrusiveness,
    *,
    given: Iterable[str] = (),
    ports: tuple[int, ...] = (),
    only: tuple[str, ...] = (),
) -> Plan:
    """Choose the questions that the ceiling allows.

    ``ports`` keeps only these TCP ports of the protocols; ``only`` the protocols of these ids.
    ``UsageError`` for a port that no question is for.
    """
    allowed = _ORDER[: _ORDER.index(ceiling) + 1]
    named = [spec for spec in protocols.values() if not only or spec.id in only]
    searches = [s for spec in named for s in spec.searches]
    dialogues = [d for spec in named for d in spec.dialogues if not d.needs or d.needs in given]
    chosen = tuple(d for d in dialogues if d.intrusiveness in allowed)
    own = {p for d in chosen if d.transport is not Transport.UDP for p in d.ports}
    wanted = set(ports) or own
    for port in sorted(wanted - own):
        known = ", ".join(map(str, sorted(own)))
        raise UsageError(f"no question is known for port {port}; there are: {known}")
    return Plan(
        searches=tuple(s for s in searches if s.intrusiveness in allowed),
        dialogues=chosen,
        ports=tuple(sorted(wanted, key=_rank)),
        withheld=tuple(
            sorted(
                [s.id for s in searches if s.intrusiveness not in allowed]
                + [d.id for d in dialogues if d.intrusiveness not in allowed]
            )
        ),
    )


def dry_run(plan: Plan, limits: Limits, targets: int, interfaces: int) -> tuple[Kind, ...]:
    """Return every kind of packet with the most that the plan can send of it."""
    return (*_of_searches(plan, limits, targets, interfaces), *_of_dialogues(plan, limits, targets))


def _of_searches(plan: Plan, limits: Limits, targets: int, interfaces: int) -> Iterator[Kind]:
    for search in plan.searches:
        datagrams = len(search.requests(bytes(16))) * limits.repeats
        if search.groups and interfaces:
            yield Kind(
                probe=search.id,
                title=search.title,
                transport="udp",
                to=", ".join(f"{group} port {search.port}" for group in search.groups),
                intrusiveness=search.intrusiveness.value,
                most=datagrams * len(search.groups) * interfaces,
            )
        if search.unicast and targets:
            yield Kind(
                probe=search.id,
                title=search.title,
                transport="udp",
                to=f"each address, port {search.port}",
                intrusiveness=search.intrusiveness.value,
                most=datagrams * targets,
            )


def _of_dialogues(plan: Plan, limits: Limits, targets: int) -> Iterator[Kind]:
    for dialogue in plan.dialogues:
        datagram = dialogue.transport is Transport.UDP
        ports = [p for p in dialogue.ports if datagram or p in plan.ports]
        if not ports and dialogue.follows is None:
            continue
        times = limits.repeats if datagram else 1
        where = ", ".join(map(str, ports))
        if dialogue.follows:
            where = f"{where} and " if where else ""
            where += f"where {dialogue.follows} points to"
        yield Kind(
            probe=dialogue.id,
            title=dialogue.title,
            transport=dialogue.transport.value,
            to=f"each address, {'port' if len(ports) == 1 else 'ports'} {where}",
            intrusiveness=dialogue.intrusiveness.value,
            most=dialogue.requests * max(len(ports), 1) * targets * times,
        )


def _rank(port: int) -> tuple[int, int]:
    return (_FIRST.index(port) if port in _FIRST else len(_FIRST), port)
