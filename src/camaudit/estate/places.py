"""Where a subject is: as written, as the operator said of its file, or by its address."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from camaudit.model.ids import SiteId
from camaudit.model.observation import Site

from .subjects import Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """What is known of whole files, by the prefix of their subjects."""

    #: The site that the operator named for everything in it.
    sites: Mapping[str, str] = field(default_factory=dict)
    #: The day on which it was first imported.
    listed_on: Mapping[str, date] = field(default_factory=dict)


class Places:
    """The sites of an estate; each subject is looked up once."""

    def __init__(self, sites: Sequence[Site], files: Files) -> None:
        self.files = files
        self.sites = {site.id: site for site in sites}
        #: Sites as written that the estate does not know, with how many devices say so.
        self.unknown: dict[str, int] = {}
        self._by_name: dict[str, SiteId] = {}
        for site in sites:
            self._by_name.setdefault(site.name.casefold(), site.id)
        self._by_name |= {site.id.casefold(): site.id for site in sites}
        #: (IP version, host bits) -> network without its host bits -> sites that have it.
        self._networks: dict[tuple[int, int], dict[int, set[SiteId]]] = {}
        for site in sites:
            for text in site.networks:
                network = ipaddress.ip_network(text, strict=False)
                bits = network.max_prefixlen - network.prefixlen
                same_length = self._networks.setdefault((network.version, bits), {})
                start = int(network.network_address) >> bits
                same_length.setdefault(start, set()).add(site.id)
        self._known: dict[str, SiteId | None] = {}

    def site_of(self, subject: Subject) -> SiteId | None:
        """Return the site of a subject; what is written outranks what its address says."""
        if subject.name not in self._known:
            written = self.written(subject)
            self._known[subject.name] = (
                self._by_address(subject.addresses)
                if written is None
                else self._by_name.get(written.casefold())
            )
        return self._known[subject.name]

    def written(self, subject: Subject) -> str | None:
        """Return the site as the file, or the operator for the whole file, calls it."""
        return subject.sites[0] if subject.sites else self.files.sites.get(subject.file)

    def _by_address(self, addresses: Sequence[str]) -> SiteId | None:
        """Return the one site whose networks hold the addresses; overlapping ones tell nothing."""
        if not self._networks:
            return None
        found: set[SiteId] = set()
        for text in addresses:
            address = ipaddress.ip_address(text)
            for (version, bits), networks in self._networks.items():
                if version == address.version:
                    found |= networks.get(int(address) >> bits, set())
        return found.pop() if len(found) == 1 else None

    def note_unknown(self, text: str) -> None:
        """Count a device at a site that the estate does not know."""
        self.unknown[text] = self.unknown.get(text, 0) + 1
