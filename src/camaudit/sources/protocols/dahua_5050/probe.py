"""The search that devices before DHIP answer; newer firmware answers both."""

from __future__ import annotations

from typing import Final

from camaudit.sources.spec import Intrusiveness, Search

from .codec import encode_search
from .observe import read_reply


def _requests(nonce: bytes) -> tuple[bytes, ...]:
    del nonce  # the protocol has none
    return (encode_search(),)


SEARCH: Final = Search(
    id="dahua-5050.search",
    title="search of the Dahua family's older discovery tool",
    port=5050,
    groups=("255.255.255.255",),
    unicast=False,
    intrusiveness=Intrusiveness.PROBING,
    requests=_requests,
    read=read_reply,
    reply_port=5050,
)
