"""The search of the Dahua family's discovery tool, and whoever answers it.

Devices that can be reached from the internet answer any single byte with some 800 bytes (code
index 1180738884): they amplify. The scan's rate and its permission keep us from being misused.
"""

from __future__ import annotations

from typing import Final

from camaudit.sources.spec import Intrusiveness, Search

from .codec import encode_search
from .observe import read_reply


def _requests(nonce: bytes) -> tuple[bytes, ...]:
    del nonce  # the protocol has none
    return (encode_search(),)


SEARCH: Final = Search(
    id="dhip.search",
    title="search of the Dahua family's discovery tool",
    port=37810,
    groups=("239.255.255.251", "255.255.255.255"),
    unicast=True,
    intrusiveness=Intrusiveness.PROBING,
    requests=_requests,
    read=read_reply,
)
