"""What a capture or a flow log shows, and what of it was damaged or lost.

Produced by: sources (captures, flow logs). Read by: isolation, app.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import pyarrow as pa

from .traffic_schemas import HEARD

#: Stands for every host of the internet where a network is told.
INTERNET: Final = "internet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """One sort of damage, how often it was met, and where first."""

    what: str
    count: int
    first: str
    #: Whether whole packets or records were lost to it, so that whom they went to is not known.
    hides: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """All that one artefact shows; tables have the schemas of ``model.traffic_schemas``."""

    conversations: pa.Table
    names: pa.Table
    events: pa.Table
    activity: pa.Table
    #: ``model.schemas.OBSERVATIONS``; the device is a MAC address in lower case with colons. Empty
    #: in what importers yield: they give observations as batches before it.
    observations: pa.Table
    packets: int
    first: datetime | None
    last: datetime | None
    #: Packets that the sensor says it lost (pcapng interface statistics); None: it does not say.
    lost: int | None
    #: Packets whose content was cut by the sensor (snaplen).
    cut: int = 0
    damage: tuple[Damage, ...] = ()
    #: Addresses that each hardware address used as source, with packets: mac -> address -> count.
    addresses: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    #: Of hardware addresses that pass on what others sent: under how many addresses. Minimisation
    #: leaves these out, and what is kept of such an interface is not all that it carried.
    carried: Mapping[str, int] = field(default_factory=dict)
    #: Of peers of those that are kept, by address: the networks of hosts that they talk to besides,
    #: and ``INTERNET`` for all of that. Who these hosts are is left out.
    beyond: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: ``HEARD``: when the sentinel that was declared when this was read was heard.
    heard: pa.Table = field(default_factory=lambda: pa.Table.from_batches([], HEARD))
