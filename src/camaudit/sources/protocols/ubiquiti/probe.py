"""The Ubiquiti search: to a group, by broadcast, or to one address."""

from __future__ import annotations

from typing import Final

from camaudit.sources.spec import Intrusiveness, Search

from .codec import encode_search
from .observe import read_reply

SEARCH: Final = Search(
    id="ubiquiti.search",
    title="Ubiquiti search",
    port=10001,
    groups=("233.89.188.1", "255.255.255.255"),
    unicast=True,
    intrusiveness=Intrusiveness.PROBING,
    requests=lambda _nonce: (encode_search(),),
    read=read_reply,
    reply_port=10001,
    reply_groups=("233.89.188.1",),
)
