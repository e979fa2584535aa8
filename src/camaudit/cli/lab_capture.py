"""``camaudit lab capture``: write what a sensor would have seen of a pretend site."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import click
import msgspec

from camaudit.errors import UsageError

from .terminal import busy, print_json

_OUTAGE: Final = re.compile(r"(\d{1,5}(?:\.\d{1,3})?)h?\+(\d{1,5}(?:\.\d{1,3})?)(h|m)")
_EXAMPLES: Final = """\b
Examples:
  camaudit lab capture small.pcap
  camaudit lab capture week.pcapng --days 7 --packets 10000000 --outage 80+1h --relay
  camaudit lab capture mixed.pcap --days 0.05 --packets 300000 --vlan tag --ipv6 --mapping
"""


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """What was written."""

    pretend: bool = True
    file: str
    truth: str
    packets: int
    octets: int
    devices: int
    lost: int


def _options(command: Any) -> Any:
    options: tuple[Callable[[Any], Any], ...] = (
        click.option("--packets", type=click.IntRange(1), default=20_000, show_default=True,
                     help="At least so many; video and downloads fill up."),
        click.option("--days", type=click.FloatRange(min=0, min_open=True), default=1.0,
                     show_default=True, help="How long the sensor watched."),
        click.option("--devices", type=click.IntRange(1), default=54, show_default=True,
                     help="Cameras, recorders, and everything else at the site."),
        click.option("--seed", default=0, show_default=True, help="Which of many sites."),
        click.option("--start", default="2026-01-05T00:00:00", show_default=True,
                     type=click.DateTime(["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"]), help="In UTC."),
        click.option("--frame-bytes", "size", type=int, default=1_000, show_default=True,
                     help="Octets of large frames."),
        click.option("--snaplen", type=click.IntRange(64), default=262_144, show_default=True,
                     help="Octets of a frame that are kept."),
        click.option("--vlan", "tags", type=click.Choice(["none", "tag", "qinq"]), default="none",
                     show_default=True, help="How networks are told apart in frames."),
        click.option("--ipv6", is_flag=True, help="A part of it in IPv6."),
        click.option("--outage", "outages", multiple=True, metavar="HOUR+LENGTH",
                     help="The sensor saw nothing: `80+1h`, `2.5+20m` (repeatable)."),
        click.option("--lost", type=click.FloatRange(0, 0.9), default=0.0, show_default=True,
                     help="The share of the mass that the sensor lost; pcapng tells it."),
        click.option("--restarts", type=click.IntRange(0), default=3, show_default=True,
                     help="How many cameras (then recorders) start anew, with DHCP and greetings."),
        click.option("--relay", is_flag=True,
                     help="One contact of three packets with a maker's relay."),
        click.option("--relay-at", type=click.FloatRange(0, 0.99), default=0.61,
                     show_default=True, help="When, as a share of the time."),
        click.option("--clouds", type=click.IntRange(0), default=1, show_default=True,
                     help="How many cameras talk to their maker's cloud."),
        click.option("--core", type=click.IntRange(0), default=0, show_default=True,
                     help="How many cameras talk to a host of the core network."),
        click.option("--dual-homed", type=click.Choice(["no", "two-ports", "one-port"]),
                     default="no", show_default=True, help="A recorder in the core network too."),
        click.option("--mapping", is_flag=True, help="A recorder asks for a port by UPnP."),
        click.option("--sentinel", type=click.Choice(["ping", "ntp", "none"]), default="ping",
                     show_default=True, help="What proves each minute that the sensor works."),
        click.option("--chatter", type=click.FloatRange(0, 0.9), default=0.05, show_default=True,
                     help="About the share of packets that are DNS, TLS, discovery and the like."),
        click.option("--video", type=click.FloatRange(0, 1), default=0.8, show_default=True,
                     help="Of the others, the share that is video."),
        click.option("--json", "as_json", is_flag=True, help="Say what was written as JSON."),
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


@click.command("capture", epilog=_EXAMPLES)
@click.argument("out", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@_options
def capture_command(
    *, out: Path, start: datetime, outages: tuple[str, ...], as_json: bool, **wanted: Any
) -> None:
    """Write what a sensor saw of a pretend site to OUT, and the truth beside it.

    OUT ends in .pcap or .pcapng, or in one of these and .gz. OUT.truth.json tells what happened.
    """
    from camaudit.lab.traffic.site import Settings
    from camaudit.lab.traffic.write import truth_path, write_capture

    name = out.name.removesuffix(".gz")
    if not name.endswith((".pcap", ".pcapng")):
        raise UsageError(f"{out}: a capture is called .pcap, .pcapng, .pcap.gz or .pcapng.gz")
    begin = start.replace(tzinfo=UTC)
    settings = Settings(
        start=_microseconds(begin),
        outages=tuple(_outage(each, begin) for each in outages),
        pcapng=name.endswith(".pcapng"),
        compress=name != out.name,
        **wanted,
    )
    with busy(f"writing {out}"):
        truth = write_capture(out, settings)
    written = Written(
        file=str(out),
        truth=str(truth_path(out)),
        packets=truth.packets,
        octets=out.stat().st_size,
        devices=len(truth.devices),
        lost=truth.lost,
    )
    if as_json:
        print_json([written])
        return
    click.echo(f"PRETEND: {written.packets} packets of {written.devices} devices in {out}")
    click.echo(f"what happened stands in {written.truth}")


def _microseconds(at: datetime) -> int:
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _outage(text: str, begin: datetime) -> tuple[int, int]:
    found = _OUTAGE.fullmatch(text)
    if found is None:
        raise UsageError(f"--outage {text}: want hours from the start and a length, e.g. 80+1h")
    unit = timedelta(hours=1) if found[3] == "h" else timedelta(minutes=1)
    first = begin + float(found[1]) * timedelta(hours=1)
    return _microseconds(first), _microseconds(first + float(found[2]) * unit)
