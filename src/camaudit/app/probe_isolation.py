"""A negative test of reachability: what of a site's equipment answers from the core side.

An answer, a refusal too, shows a path. Silence shows none: a filter, a device that is switched off
and a missing path look the same, so silence never becomes "isolated".
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from camaudit.errors import UsageError
from camaudit.model.ids import DeviceId
from camaudit.model.isolation import PROBE, Separation
from camaudit.model.judgement import Judgement
from camaudit.model.scan import Reach
from camaudit.model.words import JudgementKind
from camaudit.packs.scan_policy import ScanPolicy
from camaudit.sources.scan.targets import AddressSet
from camaudit.sources.scan.vantage import vantages
from camaudit.store import EstateStore

from .coverage import coverage
from .estate import need_site
from .packset import PackSet
from .scan import Prepared, Progress, ScanRequest, prepare
from .scan import run as run_scan
from .survey import survey
from .verify_isolation import label_of
from .watching import perhaps
from .zones import completed, declared

#: What shows that something is there: a reply, a connection, or a refusal of one's own.
_REACHED = frozenset({Reach.ANSWERED, Reach.PRESENT, Reach.STOPPED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What would be asked, of whom, from where."""

    prepared: Prepared
    #: Address -> the device that has it.
    devices: Mapping[str, DeviceId]
    labels: Mapping[DeviceId, str]
    #: An address of this machine, and the declared core network that it lies in.
    vantage: str
    core: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """What came of asking one device."""

    device: DeviceId
    name: str
    address: str
    reach: Reach
    reached: bool
    says: str


def prepare_probe(
    store: EstateStore,
    packs: PackSet,
    policy: ScanPolicy,
    site: str,
    who: str,
    at: datetime,
    *,
    rate: float | None = None,
) -> Probe:
    """Check where this machine stands and what is permitted; nothing is sent.

    Raises:
        UsageError: This machine is on no declared core network, the site has no equipment with
            an address, or the scan is not permitted.
    """
    known = survey(store, packs)
    place = need_site(known.sites, site)
    declaration = completed(declared(known.judgements, place.id), known.sites, place.id)
    vantage, core = _vantage(declaration.zones.core, place.id)
    devices = {
        address: device.id
        for device in known.devices
        if device.site == place.id
        and perhaps(known.attributions[device.id].kind, known.attributions[device.id].surveillance)
        for address in device.addresses
    }
    if not devices:
        raise UsageError(f"site {place.id} has no surveillance equipment with an address on record")
    request = ScanRequest(
        site=place.id,
        targets=tuple(sorted(devices)),
        groups=False,
        limits={} if rate is None else {"rate": rate},
        who=who,
    )
    return Probe(
        prepared=prepare(store, policy, request, at),
        devices=devices,
        labels={
            device.id: label_of(device, known.attributions[device.id], packs.names)
            for device in known.devices
        },
        vantage=vantage,
        core=core,
    )


def probe(
    store: EstateStore,
    prepared: Probe,
    now: Callable[[], datetime],
    tell: Callable[[Progress], None] = lambda _progress: None,
) -> list[Probed]:
    """Ask, record what answered, and return what came of each device.

    Raises:
        UsageError: The scan did not come to its end; its journal keeps what was heard.
    """
    done = run_scan(store, prepared.prepared, now, tell)
    if done.how != "complete":
        raise UsageError(f"the probe was {done.how}; what was heard is kept in {done.journal}")
    told = [
        (reach, reason, AddressSet.parse(ranges))
        for reach, reason, ranges in coverage(store, done.run).told
    ]
    found = [
        _probed(prepared, address, device, told)
        for address, device in sorted(prepared.devices.items())
    ]
    _record(store, prepared, found, now())
    return found


def _vantage(core: tuple[str, ...], site: str) -> tuple[str, str]:
    if not core:
        raise UsageError(
            f"no core network is declared for site {site}: camaudit isolation declare {site} "
            "--core CIDR ..."
        )
    networks = [ipaddress.ip_network(each) for each in core]
    for each in vantages():
        address = ipaddress.ip_address(each.address.partition("%")[0])
        for network in networks:
            if address in network:
                return str(address), str(network)
    raise UsageError(
        f"this machine has no address in {', '.join(core)}: a probe from elsewhere says nothing "
        "about the core network; run it on a host that stands there"
    )


def _probed(
    prepared: Probe,
    address: str,
    device: DeviceId,
    told: list[tuple[Reach, str, AddressSet]],
) -> Probed:
    reach, reason = next(
        ((reach, reason) for reach, reason, held in told if address in held),
        (Reach.SKIPPED, "not asked"),
    )
    reached = reach in _REACHED
    where = f"{prepared.vantage} in {prepared.core}, which is declared core"
    if reached:
        says = f"It could be reached at {address} from {where}."
    elif reach is Reach.SKIPPED:
        says = f"It was not asked at {address}: {reason}."
    else:
        says = (
            f"Nothing of it came from {address} to {where}"
            f"{f' ({reason})' if reason else ''}. A filter, a device that is off and a missing "
            "path look the same."
        )
    return Probed(
        device=device,
        name=prepared.labels[device],
        address=address,
        reach=reach,
        reached=reached,
        says=says,
    )


def _record(store: EstateStore, prepared: Probe, found: list[Probed], at: datetime) -> None:
    by_device: dict[DeviceId, list[Probed]] = {}
    for each in found:
        by_device.setdefault(each.device, []).append(each)
    with store.writing() as connection:
        store.add_judgements(
            connection,
            (
                Judgement(
                    kind=JudgementKind.ISOLATION,
                    subject=device,
                    body={
                        "by": PROBE,
                        "answers": [
                            Separation.CONNECTED_TO_CORE.value
                            if any(each.reached for each in probed)
                            else Separation.CANNOT_TELL.value
                        ],
                        "because": [each.says for each in probed],
                        "first": prepared.prepared.started.isoformat(),
                        "last": at.isoformat(),
                        "hours": 0,
                        "complete": False,
                        "core": [prepared.core],
                        "sources": [prepared.prepared.run],
                    },
                    who="camaudit",
                    recorded_at=at,
                )
                for device, probed in by_device.items()
            ),
        )
