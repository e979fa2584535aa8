"""The Sony search: a broadcast, answered to whoever asked."""

from __future__ import annotations

from typing import Final

from camaudit.sources.spec import Intrusiveness, Search

from .codec import encode_search
from .observe import read_reply

SEARCH: Final = Search(
    id="sony.search",
    title="Sony search",
    port=2380,
    groups=("255.255.255.255",),
    unicast=False,
    intrusiveness=Intrusiveness.PROBING,
    requests=lambda _nonce: (encode_search(),),
    read=read_reply,
)
