"""Read the catalogue of services that equipment contacts, and who says so.

A file below ``clouds/`` is about one maker, or about services that many share. A host name or a
network stands for one service only; a port is a hint and proves nothing.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection, Iterable
from datetime import date
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from camaudit.errors import PackError
from camaudit.model.clouds import Catalogue, CloudService, Ports, ServiceRole
from camaudit.model.ids import MakerId
from camaudit.model.packs import Source
from camaudit.model.words import Confidence

from .shipped import PackFiles
from .strict import Document, Path, parse, validate

FOLDER: Final = "clouds"

#: RFC 1123 2.1, with the underscore that services use; at least two labels.
_HOST: Final = re.compile(
    r"(?=.{4,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]"
)
_PORTS: Final = re.compile(r"(tcp|udp) ([0-9]{1,5})(?:-([0-9]{1,5}))?")
_PROTOCOLS: Final = {"tcp": 6, "udp": 17}
_LAST_PORT: Final = 65535
#: A name that ends so belongs to many who have nothing in common; ours, to catch slips.
_TOO_WIDE: Final = frozenset(
    {"amazonaws.com", "azure.com", "cloudapp.net", "cloudfront.net", "co.uk", "com.au", "com.cn",
     "googleapis.com", "myhuaweicloud.com", "net.cn", "windows.net"}
)  # fmt: skip

_Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=80)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Seen(_Strict):
    """What was seen of the other end: exactly one of the three."""

    host: str | None = None
    address: str | None = None
    port: str | None = None


class _Service(_Strict):
    id: _Slug
    role: Annotated[ServiceRole, Field(strict=False)]
    hosts: list[str] = []
    networks: list[str] = []
    ports: list[str] = []
    port_alone: bool = False
    confidence: Annotated[Confidence, Field(strict=False)]
    says: Annotated[str, Field(min_length=10, max_length=300)]
    source: str
    examples: Annotated[list[_Seen], Field(min_length=1)]
    not_examples: Annotated[list[_Seen], Field(min_length=1)]


class _Source(_Strict):
    title: str
    url: str | None = None
    read_on: date | None = None


class _File(_Strict):
    #: Absent: many makers use what the file lists.
    maker: _Slug | None = None
    sources: dict[str, _Source]
    services: Annotated[list[_Service], Field(min_length=1)]


class CloudFile:
    """One checked file of the catalogue; ``check_examples`` runs its own proof."""

    def __init__(self, document: Document, makers: Collection[str] | None = None) -> None:
        """``makers``: the ids that may be named; ``None``: any."""
        self._document = document
        self._raw = validate(document, _File)
        self.maker = MakerId(self._raw.maker) if self._raw.maker else None
        if makers is not None and self.maker is not None and self.maker not in makers:
            raise self.error(
                ("maker",), f"no maker is called {self.maker!r}; add a file below makers/"
            )
        self.services = tuple(
            self._service(raw, ("services", at)) for at, raw in enumerate(self._raw.services)
        )

    def _service(self, raw: _Service, path: Path) -> CloudService:
        source = self._raw.sources.get(raw.source)
        if source is None:
            raise self.error((*path, "source"), f"{raw.source!r} is not among this file's sources")
        if not (raw.hosts or raw.networks or (raw.ports and raw.port_alone)):
            raise self.error(path, "needs `hosts`, `networks`, or `ports` with `port_alone: true`")
        for at, host in enumerate(raw.hosts):
            self._check_host(host, (*path, "hosts", at))
        for at, network in enumerate(raw.networks):
            self._check_network(network, (*path, "networks", at))
        return CloudService(
            id=raw.id,
            maker=self.maker,
            role=raw.role,
            hosts=tuple(raw.hosts),
            networks=tuple(raw.networks),
            ports=tuple(
                self._ports(each, (*path, "ports", at)) for at, each in enumerate(raw.ports)
            ),
            port_alone=raw.port_alone,
            confidence=raw.confidence,
            says=raw.says,
            source=Source(
                id=raw.source, title=source.title, url=source.url, read_on=source.read_on
            ),
        )

    def _check_host(self, host: str, path: Path) -> None:
        if _HOST.fullmatch(host) is None:
            raise self.error(
                path, f"{host!r} is no host name in lower case with two labels or more; no `*.`"
            )
        if host in _TOO_WIDE:
            raise self.error(path, f"{host} belongs to many; name the host below it")

    def _check_network(self, network: str, path: Path) -> None:
        try:
            parsed = ipaddress.ip_network(network)
        except ValueError as error:
            raise self.error(path, f"{error}; write it as 192.0.2.0/24") from error
        if not parsed.is_global:
            raise self.error(path, f"{network} is no network of the internet")

    def _ports(self, text: str, path: Path) -> Ports:
        found = _PORTS.fullmatch(text)
        first = int(found[2]) if found else 0
        last = int(found[3] or first) if found else 0
        if found is None or not 0 < first <= last <= _LAST_PORT:
            raise self.error(path, f"{text!r} is no port; write `tcp 443` or `udp 10000-20000`")
        return Ports(protocol=_PROTOCOLS[found[1]], first=first, last=last)

    def error(self, path: Path, message: str) -> PackError:
        """Return (not raise) an error that points at ``path``."""
        return self._document.error(path, message)

    def check_examples(self, catalogue: Catalogue) -> int:
        """Look every example and counter-example up; return how many; raise on the first fault."""
        count = 0
        for at, raw in enumerate(self._raw.services):
            for name, seen, wanted in (
                *(("examples", each, True) for each in enumerate(raw.examples)),
                *(("not_examples", each, False) for each in enumerate(raw.not_examples)),
            ):
                number, what = seen
                path: Path = ("services", at, name, number)
                found = self._look_up(what, catalogue, path)
                if (found == raw.id) is not wanted:
                    raise self.error(path, f"finds {found or 'nothing'}: {_wanted(raw.id, wanted)}")
                count += 1
        return count

    def _look_up(self, seen: _Seen, catalogue: Catalogue, path: Path) -> str | None:
        if len(seen.model_fields_set) != 1:
            raise self.error(path, "give exactly one of `host`, `address`, `port`")
        if seen.port is not None:
            ports = self._ports(seen.port, (*path, "port"))
            found = catalogue.by_port(ports.protocol, ports.first)
        elif seen.address is not None:
            found = catalogue.by_address(seen.address)
        else:
            found = catalogue.by_host(seen.host or "")
        return found.id if found else None


def _wanted(service: str, wanted: bool) -> str:  # noqa: FBT001 - told apart by its caller
    return f"it should find {service}" if wanted else f"it should not find {service}"


def cloud_files(files: PackFiles, makers: Collection[str] | None = None) -> list[CloudFile]:
    """Load every file of the catalogue; raise ``PackError`` on the first fault."""
    found = [
        CloudFile(parse(content, files.places[name]), makers)
        for name, content in files.below(FOLDER).items()
        if name.endswith(".yaml")
    ]
    _check_unique(found)
    return found


def _check_unique(files: Iterable[CloudFile]) -> None:
    seen: dict[str, str] = {}
    for file in files:
        for at, service in enumerate(file.services):
            named: list[tuple[Path, str]] = [(("id",), f"id {service.id}")]
            named += [(("hosts", n), each) for n, each in enumerate(service.hosts)]
            named += [(("networks", n), each) for n, each in enumerate(service.networks)]
            for path, name in named:
                if name in seen:
                    raise file.error(
                        ("services", at, *path), f"{name} stands already in {seen[name]}"
                    )
                seen[name] = service.id


def load_clouds(files: PackFiles, makers: Collection[str] | None = None) -> Catalogue:
    """Load the catalogue in force; ``makers`` are the ids that may be named."""
    return catalogue_of(files, cloud_files(files, makers))


def catalogue_of(files: PackFiles, clouds: Iterable[CloudFile]) -> Catalogue:
    """Return what checked files come to."""
    services = tuple(service for file in clouds for service in file.services)
    return Catalogue(files.digest(FOLDER), services)
