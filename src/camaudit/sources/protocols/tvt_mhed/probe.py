"""The MHED search: devices answer, and announce themselves, on a group of their own."""

from __future__ import annotations

from typing import Final

from camaudit.sources.spec import Intrusiveness, Search

from .codec import encode_search
from .observe import read_reply

SEARCH: Final = Search(
    id="tvt-mhed.search",
    title="TVT search (MHED)",
    port=23456,
    groups=("234.55.55.55",),
    # Answers go to the group, never to the port that asked.
    unicast=False,
    intrusiveness=Intrusiveness.PROBING,
    requests=lambda _nonce: (encode_search(),),
    read=read_reply,
    reply_port=23456,
    reply_groups=("234.55.55.56",),
)
