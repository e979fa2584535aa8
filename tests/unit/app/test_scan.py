"""The sink of a scan: what goes into the journal besides what a reply's own protocol reads."""

from __future__ import annotations

import io
from datetime import UTC, datetime

from camaudit.app.scan import Progress, _Sink
from camaudit.model.observation import Seen
from camaudit.model.scan import Heard
from camaudit.sources.scan.journal import HeardLine, ScanLine, read_lines

OPENING = ScanLine(
    v=1, run="r", started=datetime(2026, 11, 25, tzinfo=UTC), site=None, permission=None,
    right=None, profile="polite", ceiling="polite", limits={}, ports=[], searches=[], dialogues=[],
    withheld=[], targets="192.0.2.1", left_out=[], vantages=[], collector="x",
)  # fmt: skip


def written(*seen: Seen) -> list[tuple[str, str, str]]:
    """Return the fields of one reply as they stand in the journal."""
    stream = io.BytesIO()
    told: list[int] = []
    sink = _Sink(stream, Progress(targets=1), lambda progress: told.append(progress.heard))
    sink.put(OPENING)
    sink.heard(
        Heard(
            subject="host:192.0.2.1",
            address="192.0.2.1",
            probe="ws-discovery.probe",
            port=3702,
            seen=seen,
            at=datetime(2026, 11, 25, tzinfo=UTC),
        )
    )
    assert told == [1]
    stream.seek(0)
    (line,) = [line for _, line in read_lines(stream) if isinstance(line, HeardLine)]
    return [(protocol, field, value) for protocol, field, value in line.f]


def test_the_hardware_address_in_a_scope_is_kept_for_identity() -> None:
    scopes = b"onvif://www.onvif.org/MAC/58:50:ed:00:00:01 onvif://www.onvif.org/hardware/X"
    fields = written(Seen("ws-discovery", "scopes", scopes))
    assert ("ws-discovery", "scopes", scopes.decode()) in fields
    assert ("mac", "address", "58:50:ed:00:00:01") in fields
    assert ("onvif", "scope_hardware", "X") in fields


def test_what_cannot_be_read_further_stands_as_it_is() -> None:
    assert written(Seen("ws-discovery", "scopes", b"nonsense")) == [
        ("ws-discovery", "scopes", "nonsense")
    ]


def test_nothing_is_written_twice() -> None:
    seen = (
        Seen("ws-discovery", "scopes", b"onvif://www.onvif.org/hardware/X"),
        Seen("onvif", "scope_hardware", b"X"),
    )
    assert len(written(*seen)) == 2
