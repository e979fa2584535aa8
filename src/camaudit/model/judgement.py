"""What people and registers lay down: append-only, dated, with who said so.

Produced by: app. Read by: estate, app. A judgement's ``body`` is plain JSON; its shape by kind:

- ``body``, ``site``: the fields of ``Body`` and ``Site``; the latest row for an id holds.
- ``device_minted``: ``anchors``; rows for the same device add anchors.
- ``merged``: ``devices`` (the subject, which goes on, comes first; each with ``device`` and
  ``anchors``), ``reason``: these are one.
- ``split``: ``part`` and ``rest`` (anchors), ``reason``: the part is not the subject.
- ``undone``: ``seq``, ``reason``: that merge or split of the subject holds no more.
- ``state``: ``state``, ``on`` (ISO date), ``evidence``.
- ``role``: ``role`` (owner, operator, maintainer), ``of`` (a body id or a name), ``on``.
- ``parent``: ``recorder`` (a device id), ``channel``.
- ``decision``: ``policy``, ``requirement``, ``outcome``, ``reason``, ``on``, ``review_on``; the
  subject is ``device:<id>`` or ``class:<sensitivity>``.
- ``confirmation``: ``maker``, ``on``, ``evidence``: a person or document says who built it.
- ``erasure``: ``table``, ``seq``, ``reason``.
- ``permission``, ``exclusion``, ``blackout``, ``capture_permission``: the fields of the classes in
  ``model.permission``; the subject is a site.
- ``zones``: ``zones`` and ``profile`` (the fields of ``model.isolation.Zones`` and of
  ``WatchProfile``, seconds for spans) and ``unwatched`` (device id -> interfaces); the subject is
  a site, and the latest row holds.
- ``isolation``: ``answers``, ``contacts`` and ``attempts`` (listed ones by class of peer),
  ``unlisted``, ``lacking``, ``first``, ``last``, ``hours``, ``complete``, ``core``, ``sources``
  (digests), ``restates`` (``seq`` of the erased row that said the same at greater length); the
  subject is a device. Of a probe: ``by`` (``probe``) and ``because`` instead of the first four.
  Rows of before 26 November 2026 have ``because``, and lose it with the traffic.
- ``withdrawal``: ``seq`` of one of these four, ``reason``; the subject is the site.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .words import JudgementKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One row of human judgement; ``seq`` is 0 until it is stored."""

    kind: JudgementKind
    subject: str
    body: Mapping[str, Any]
    who: str
    #: When it became known to the estate (the date of knowledge).
    recorded_at: datetime
    seq: int = 0
