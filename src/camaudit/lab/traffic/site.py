"""Who is at the pretend site: hosts, their addresses, and what they are.

Addresses come from RFC 1918 and RFC 3849 within the site, and from RFC 5737 and RFC 3849 beyond it.
A hardware address has a real maker's prefix and a made-up tail, or is locally administered.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Final, Literal

from camaudit.errors import UsageError
from camaudit.lab.plan import Device, Plan
from camaudit.packs.lab import Persona, Personas

from .bulk import SIZES
from .chance import Chance
from .frames import End

Tags = Literal["none", "tag", "qinq"]

#: The most cameras that the cameras' network has room for.
_MOST: Final = 200
#: The fewest devices that make a site: two cameras, and one of each of the others.
FEWEST: Final = 20
_DAY_US: Final = 86_400_000_000
_CARRIER_TAG: Final = 100

#: Cameras in the order in which places are filled. The first ones matter to what may be asked for:
#: one with a relay, some with a cloud.
CAMERAS: Final = (
    "reolink-camera", "dahua-camera", "hikvision-camera", "xiongmai-camera", "axis-camera",
    "hanwha-camera", "uniview-camera", "tvt-camera", "bosch-camera", "vivotek-camera",
    "panasonic-camera", "sony-camera", "tiandy-camera", "amcrest-camera", "annke-camera",
    "lorex-camera", "hikvision-camera", "dahua-camera",
)  # fmt: skip
RECORDERS: Final = ("hikvision-recorder", "dahua-recorder")
#: Known prefixes for what has no persona: Dell, Intel; phones make their addresses up.
_VMS_PREFIX: Final = "f8:bc:12"
_LAPTOP_PREFIX: Final = "3c:a9:f4"


@dataclass(frozen=True, slots=True)
class Segment:
    """One network of the site."""

    name: str
    network: IPv4Network
    network6: IPv6Network
    vlan: int


SEGMENTS: Final = {
    each.name: each
    for each in (
        Segment("cameras", IPv4Network("192.168.20.0/24"), IPv6Network("2001:db8:20::/64"), 20),
        Segment("office", IPv4Network("192.168.10.0/24"), IPv6Network("2001:db8:10::/64"), 10),
        Segment("core", IPv4Network("10.20.0.0/24"), IPv6Network("2001:db8:30::/64"), 30),
    )
}
#: RFC 5737 and RFC 3849: where names beyond the site stand.
BEYOND: Final = (
    IPv4Network("203.0.113.0/24"), IPv4Network("198.51.100.0/24"), IPv4Network("192.0.2.0/24"),
)  # fmt: skip
BEYOND6: Final = IPv6Network("2001:db8:ffff::/48")


@dataclass(frozen=True, slots=True)
class Port:
    """One network port: a hardware address and its addresses in one network."""

    mac: bytes
    segment: Segment
    address: IPv4Address

    @property
    def address6(self) -> IPv6Address:
        """Return its address of IPv6."""
        return self.segment.network6[int(self.address) & 0xFF]

    def end(self, *, six: bool = False) -> End:
        """Return it as the end of a conversation."""
        return End(self.mac, self.address6.packed if six else self.address.packed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """A device of the site; ``ports`` has a second entry where it stands in two networks."""

    name: str
    role: str
    number: int
    ports: tuple[Port, ...]
    hostname: str = ""
    device: Device | None = None

    @property
    def port(self) -> Port:
        """Return its first port."""
        return self.ports[0]

    @property
    def mac(self) -> bytes:
        """Return the hardware address of its first port."""
        return self.port.mac

    @property
    def private(self) -> bool:
        """Return whether it is somebody's own: what it says must not be kept."""
        return self.role in ("phone", "laptop")

    @property
    def watched(self) -> bool:
        """Return whether it is a camera, or records and shows what cameras see."""
        return self.role in ("camera", "recorder", "vms")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What is asked for. Times are in microseconds since 1970; ``outages`` are pairs of them."""

    packets: int = 20_000
    days: float = 1.0
    devices: int = 54
    seed: int = 0
    start: int = int(datetime(2026, 1, 5, tzinfo=UTC).timestamp()) * 1_000_000
    pcapng: bool = False
    compress: bool = False
    size: int = 1_000
    snaplen: int = 262_144
    tags: Tags = "none"
    ipv6: bool = False
    outages: tuple[tuple[int, int], ...] = ()
    #: The share of bursts that the sensor loses.
    lost: float = 0.0
    #: How many cameras start anew; a recorder and a VMS too, where it is more than there are.
    restarts: int = 3
    #: One contact of three packets, by the camera of a maker with relays.
    relay: bool = False
    #: When, as a share of the time.
    relay_at: float = 0.61
    #: How many cameras talk to their maker's cloud.
    clouds: int = 1
    #: How many cameras talk to a host of the core network.
    core: int = 0
    #: How a recorder stands in the core network too: not, by a second port, by the same port.
    dual_homed: Literal["no", "two-ports", "one-port"] = "no"
    mapping: bool = False
    sentinel: Literal["ping", "ntp", "none"] = "ping"
    #: Of all frames, the share of small talk, and of the mass the share that is video.
    chatter: float = 0.05
    video: float = 0.8

    def __post_init__(self) -> None:
        if self.days <= 0 or self.packets < 1:
            raise UsageError(
                "a capture needs a time and packets; give --days and --packets above 0"
            )
        if not FEWEST <= self.devices <= _MOST:
            raise UsageError(f"--devices {self.devices}: a site has {FEWEST} to {_MOST} devices")
        if self.size not in SIZES or self.size % 2:
            raise UsageError(
                f"--frame-bytes {self.size}: want an even number from {SIZES[0]} to {SIZES[-1]}"
            )
        for first, last in self.outages:
            if not self.start <= first < last <= self.end:
                raise UsageError("--outage: it must lie within the time of the capture")

    @property
    def end(self) -> int:
        """Return when it ends."""
        return self.start + round(self.days * _DAY_US)

    def watched(self, at: int) -> bool:
        """Return whether the sensor works."""
        return not any(first <= at < last for first, last in self.outages)


@dataclass(slots=True)
class Site:
    """All hosts, by role, and what names stand for beyond the site."""

    settings: Settings
    chance: Chance
    plan: Plan
    hosts: list[Host] = field(default_factory=list)
    _beyond: dict[str, int] = field(default_factory=dict)

    def of(self, *roles: str) -> Iterator[Host]:
        """Yield the hosts that have one of these roles."""
        return (each for each in self.hosts if each.role in roles)

    def one(self, role: str) -> Host:
        """Return the one host of a role."""
        return next(self.of(role))

    def router(self, segment: Segment) -> Port:
        """Return the router's place in a network."""
        return Port(self.one("router").mac, segment, segment.network[1])

    def vlans(self, segment: Segment) -> tuple[int, ...]:
        """Return the tags that frames of a network carry."""
        match self.settings.tags:
            case "none":
                return ()
            case "tag":
                return (segment.vlan,)
        return (_CARRIER_TAG, segment.vlan)

    def beyond(self, name: str, *, six: bool = False) -> IPv4Address | IPv6Address:
        """Return what a name stands for: always the same, and none of it real."""
        number = self._beyond.setdefault(name, len(self._beyond))
        if six:
            return BEYOND6[number + 1]
        return BEYOND[number // 250 % len(BEYOND)][number % 250 + 2]


def make_site(settings: Settings, personas: Personas) -> Site:
    """Return the site of some settings."""
    network = SEGMENTS["cameras"].network
    wanted = sorted({*CAMERAS, *RECORDERS})
    plan = Plan(personas=personas.only(wanted), network=network, count=1, seed=settings.seed)
    site = Site(settings, Chance(settings.seed), plan)
    by_id = {each.id: each for each in personas.personas}
    _add_own(site, by_id)
    phones, laptops = settings.devices // 8, settings.devices // 10
    for number in range(phones):
        hostname = f"visitors-iPhone-{number:02d}-{site.chance.digits(6, 'phone', number)}"
        _add(site, "phone", "office", 50 + number, hostname=hostname)
    for number in range(laptops):
        hostname = f"staff-MacBook-{number:02d}-{site.chance.digits(6, 'laptop', number)}"
        _add(site, "laptop", "office", 120 + number, prefix=_LAPTOP_PREFIX, hostname=hostname)
    for number in range(settings.devices - len(site.hosts)):
        name = CAMERAS[number % len(CAMERAS)]
        _add(site, "camera", "cameras", 20 + number, persona=by_id[name], hostname=f"cam{number}")
    return site


def _add_own(site: Site, by_id: dict[str, Persona]) -> None:
    """Add what every site has: its router first, because all others look for it."""
    _add(site, "router", "cameras", 1, persona=by_id["router"])
    _add(site, "sensor", "cameras", 2)
    second = site.settings.dual_homed
    for number, name in enumerate(RECORDERS):
        _add(site, "recorder", "cameras", 10 + number, persona=by_id[name],
             hostname=f"recorder{number}", second=second if number == 0 else "no")  # fmt: skip
    _add(site, "vms", "cameras", 5, prefix=_VMS_PREFIX, hostname="viewing")
    _add(site, "server", "core", 53, prefix=_VMS_PREFIX, hostname="core-server")
    _add(site, "file_server", "core", 60, persona=by_id["file-server"], hostname="store")
    _add(site, "building_control", "core", 70, persona=by_id["building-control"])
    for number in range(2):
        _add(site, "printer", "office", 20 + number, persona=by_id["printer"])
    _add(site, "desk_phone", "office", 30, persona=by_id["phone"])
    _add(site, "television", "office", 40, persona=by_id["television"])


def _add(
    site: Site, role: str, segment: str, place: int, *, persona: Persona | None = None,
    prefix: str = "", hostname: str = "", second: str = "no",
) -> None:  # fmt: skip
    number = len(list(site.of(role)))
    net = SEGMENTS[segment]
    address = net.network[place]
    tail = site.chance.number(1 << 23, "tail", role, number) << 1
    device = None
    if persona is not None:
        device = Device(len(site.hosts), int(address), tail, persona)
        prefix = persona.mac
    elif not prefix:
        own = site.chance.octets(3, "own", role, number)
        prefix = bytes((own[0] & 0xFC | 0x02, *own[1:])).hex(":")
    mac = bytes.fromhex(prefix.replace(":", "")) + tail.to_bytes(3, "big")
    ports = [Port(mac, net, address)]
    if second != "no":
        other = mac[:5] + bytes((mac[5] + 1,)) if second == "two-ports" else mac
        core = SEGMENTS["core"]
        ports.append(Port(other, core, core.network[100 + number]))
    site.hosts.append(
        Host(name=f"{role}-{number:02d}", role=role, number=number, ports=tuple(ports),
             hostname=hostname, device=device)
    )  # fmt: skip
