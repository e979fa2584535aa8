"""A verification with everything in it that a page can show."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from camaudit.model.isolation import (
    Contact,
    Content,
    Coverage,
    Destination,
    Gap,
    Isolation,
    NameAsked,
    Separation,
    WatchProfile,
)
from camaudit.model.verification import Source, Verification, Verified

AT = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
HOSTILE = '"><script>alert(1)</script>\u202e'
QUIET, OPEN = Separation.ISOLATED, Separation.CANNOT_TELL


def contact(
    peer: str, destination: Destination, *, names: tuple[str, ...] = (), port: int = 443
) -> Contact:
    return Contact(
        peer=peer,
        peer_mac=None,
        destination=destination,
        because=f"it lies where {destination.value} lies",
        names=names,
        protocol=6,
        port=port,
        outbound=True,
        opened=True,
        external=destination is Destination.MAKER_CLOUD,
        bytes_sent=1_234,
        bytes_received=5_678_901,
        packets=12,
        first=AT,
        last=AT + timedelta(hours=3),
        content=Content.ENCRYPTED,
    )


def device(
    name: str,
    *answers: Separation,
    contacts: tuple[Contact, ...] = (),
    attempts: tuple[Contact, ...] = (),
) -> Verified:
    gap = Gap(start=AT + timedelta(hours=2), end=AT + timedelta(hours=3), why="no packet at all")
    return Verified(
        id=f"D-{len(name):08d}",
        name=name,
        kind="camera",
        maker="Hikvision",
        maker_confidence=0.93,
        addresses=("192.0.2.20",),
        macs=("44:19:b6:00:00:01",),
        isolation=Isolation(
            device=f"D-{len(name):08d}",
            answers=answers,
            because=("It talked to somebody.",),
            contacts=contacts,
            attempts=attempts,
            asked=(
                NameAsked(
                    name="dev.hik-connect.com",
                    service="hik-connect",
                    maker=None,
                    count=3,
                    first=AT,
                    last=AT,
                ),
            ),
            coverage=Coverage(
                vantage="mirror of switch 3",
                first=AT,
                last=AT + timedelta(hours=24),
                hours=23.0,
                gaps=(gap,),
                packets=1000,
                lost=0,
                sentinel_seen=True,
                restarts=(),
                interfaces=("wired",),
                lacking=("the device was not seen to start anew during the watch",),
            ),
            hours=tuple((AT + timedelta(hours=n), OPEN if n == 2 else QUIET) for n in range(24)),
            core=("198.51.100.0/24",),
            not_looked_at=("what was said in encrypted contacts",),
        ),
    )


def verification(*, name: str = "CAM-1, Hikvision DS-2CD2143G0-I") -> Verification:
    core = contact("198.51.100.3", Destination.CORE, port=8000)
    cloud = contact("203.0.113.9", Destination.MAKER_CLOUD, names=("dev.hik-connect.com",))
    tried = contact("203.0.113.10", Destination.UNKNOWN_EXTERNAL)
    return Verification(
        site="HQ",
        marking="OFFICIAL",
        pretend=True,
        at=AT,
        sources=(
            Source(
                name="mirror.pcapng",
                digest="ab" * 32,
                first=AT,
                last=AT + timedelta(hours=24),
                packets=1_000_000,
                lost=None,
                cut=0,
                damage=("a cut record (1, first at packet 7)",),
            ),
        ),
        devices=(
            device("CAM-2", Separation.ISOLATED),
            device(
                name,
                Separation.CONNECTED_TO_CORE,
                Separation.REACHES_MAKER_CLOUD,
                contacts=(core, cloud),
                attempts=(tried,),
            ),
            device("NVR", OPEN, contacts=(contact("192.0.2.30", Destination.SAME_ZONE, port=554),)),
        ),
        not_seen=(("D-00000099", "CAM-9, in the cellar"),),
        left_out={"hosts": 41, "conversations": 977},
        core=("198.51.100.0/24",),
        profile=WatchProfile(vantage="mirror of switch 3", sentinel="192.0.2.1"),
        vantage="mirror of switch 3",
    )
