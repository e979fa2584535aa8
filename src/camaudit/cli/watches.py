"""``camaudit isolation capture``, ``watches``, ``purge``: traffic in, listed, and blanked."""

from __future__ import annotations

import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

import click
from rich.table import Table

from camaudit.app import clock
from camaudit.app.estate import need_site, open_estate, sites_of
from camaudit.app.ingest import Imported, Request, ingest
from camaudit.app.packset import load_packs
from camaudit.app.permission import capture_allowed
from camaudit.app.watching import listed, purge
from camaudit.errors import UsageError
from camaudit.sources.captures.live import record

from .options import Day, estate_option, overlay_option, overlays_for, who_option
from .terminal import busy, print_json, screen, warn_problems

#: Enough of a packet for every passive codec; pictures are longer, and are cut.
SNAPLEN: Final = 2048
_MIB: Final = 1 << 20


@click.command(
    "capture",
    epilog="""\b
Examples:
  sudo camaudit isolation capture eth1 --site HQ --minutes 60
  sudo camaudit isolation capture eth1 --site HQ --minutes 1440 --keep-until 2026-12-24""",
)
@click.argument("interface")
@click.option("--site", required=True, help="The site whose traffic passes this interface.")
@click.option(
    "--minutes", type=click.FloatRange(0.01, 60 * 24 * 31), default=60.0, show_default=True
)
@click.option(
    "--megabytes",
    type=click.IntRange(1, 100_000),
    default=2_000,
    show_default=True,
    help="End when this much was recorded.",
)
@click.option(
    "--keep-until", type=Day(), help="The last day on which it is kept. [default: 30 days]"
)
@who_option
@overlay_option
@estate_option
def capture_command(
    *,
    interface: str,
    site: str,
    minutes: float,
    megabytes: int,
    keep_until: date | None,
    who: str,
    overlays: tuple[Path, ...],
    estate: Path,
) -> None:
    """Listen to an interface for a while, and keep what concerns surveillance equipment.

    Needs a record of who allows it, on what lawful basis and until when: `camaudit site
    permit-capture`. What passes stands in a file without a name until it is read, and is gone
    then: only what `camaudit import` would keep reaches the estate. Stop it early with Ctrl-C.
    """
    store, now = open_estate(estate), clock.now()
    with store.reading() as connection:
        judgements = store.judgements(connection)
    place = need_site(sites_of(judgements), site)
    allowed = capture_allowed(judgements, place.id, interface, now.date())
    click.echo(
        f"listening to {interface} for {minutes:g} minutes, by permission {allowed.number} of "
        f"{allowed.by} ({allowed.lawful_basis})",
        err=True,
    )
    with tempfile.TemporaryFile() as held, _stopped() as stopped:
        sink = cast(BinaryIO, held)
        with busy(f"listening to {interface}"):
            seen = record(
                interface,
                sink,
                seconds=minutes * 60,
                snaplen=SNAPLEN,
                most_bytes=megabytes * _MIB,
                now_ns=_now_ns,
                stopped=stopped,
            )
        sink.flush()
        click.echo(f"{seen.packets:,} packets, {seen.dropped:,} lost", err=True)
        request = Request(
            path=Path(f"/proc/self/fd/{held.fileno()}"),
            name=f"{interface} at {now:%Y-%m-%d %H:%M}Z",
            importer="pcap",
            site=place.id,
            who=who,
            keep_until=keep_until,
            packs=partial(load_packs, overlays_for(estate, overlays)),
        )
        result = ingest(store, request, clock.now())
    _tell(result)


def _tell(result: Imported) -> None:
    others = result.left_out.hosts if result.left_out else 0
    click.echo(
        f"{result.observations} observations kept; {result.devices} devices in the estate "
        f"({result.new_devices} new); of {others} other hosts nothing but counts"
    )
    warn_problems(result.problems, result.rejected)


def _now_ns() -> int:
    return int(clock.now().timestamp() * 1e6) * 1_000


@contextmanager
def _stopped() -> Iterator[Callable[[], bool]]:
    """Let Ctrl-C end the recording and not the work that follows it."""
    asked: list[int] = []

    def stop(number: int, _frame: Any) -> None:
        asked.append(number)

    before = {each: signal.signal(each, stop) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: bool(asked)
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


@click.command("watches", epilog="Example: camaudit isolation watches --site HQ --json")
@click.option("--site", help="Only those of this site.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON Lines.")
@estate_option
def watches_command(*, site: str | None, as_json: bool, estate: Path) -> None:
    """List the captures and flow logs that the estate holds, and until when."""
    found = listed(open_estate(estate), site)
    if as_json:
        print_json(found)
        return
    table = Table("Number", "Site", "File", "From", "To", "Packets", "Kept until")
    for each in found:
        packets = "purged" if each["purged"] else f"{each['packets']:,}"
        if each["superseded"]:
            packets = f"{packets}; imported again since"
        table.add_row(
            str(each["number"]),
            each["site"] or "",
            each["file"] or "",
            _shown(each["first"]),
            _shown(each["last"]),
            packets,
            each["keep_until"],
        )
    screen().print(table)


def _shown(at: str | None) -> str:
    return at[:16].replace("T", " ") if at else ""


@click.command(
    "purge",
    epilog="""\b
Examples:
  camaudit isolation purge --due
  camaudit isolation purge --number 3 --reason 'request 2026-14'""",
)
@click.option("--due", is_flag=True, help="All whose last day is over.")
@click.option("--number", "numbers", type=int, multiple=True, help="This one (repeatable).")
@click.option("--reason", default="its last day is over", help="Why; kept beside the tombstone.")
@who_option
@estate_option
def purge_command(
    *, due: bool, numbers: tuple[int, ...], reason: str, who: str, estate: Path
) -> None:
    """Blank the traffic of captures and flow logs; a digest of each stays.

    Devices stay, with what they said of themselves: `camaudit devices erase` is for those. Answers
    that rested on the traffic stay, with counts of peers by class and no peer by name or address;
    they cannot be computed again.
    """
    if due == bool(numbers):
        raise UsageError("say which: --due, or --number")
    store, now = open_estate(estate), clock.now()
    only = frozenset(numbers) if numbers else None
    gone = purge(store, now.date(), who, reason, now, only=only)
    missing = sorted(set(numbers) - set(gone))
    if missing:
        raise UsageError(
            f"no watch with content has number {', '.join(map(str, missing))}; "
            "see `camaudit isolation watches`"
        )
    click.echo(f"purged: {len(gone)}; their digests and a record of this stay")
