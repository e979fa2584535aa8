"""The inquiry of the maker's discovery tool, and whoever answers it."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from camaudit.sources.spec import Intrusiveness, Search

from .codec import encode_inquiry
from .observe import read_reply

#: Replies are themselves sent to the group, to the port that devices listen on (UniversalScanner,
#: hikvision-tooling); some firmware answers the sender as well.
_GROUP: Final = "239.255.255.250"
_PORT: Final = 37020


def _requests(nonce: bytes) -> tuple[bytes, ...]:
    return (encode_inquiry(UUID(bytes=nonce)),)


INQUIRY: Final = Search(
    id="sadp.inquiry",
    title="inquiry of the Hikvision family's discovery tool",
    port=_PORT,
    groups=(_GROUP,),
    unicast=True,
    intrusiveness=Intrusiveness.PROBING,
    requests=_requests,
    read=read_reply,
    reply_port=_PORT,
    reply_groups=(_GROUP,),
)
