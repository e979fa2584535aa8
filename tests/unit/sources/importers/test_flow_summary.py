"""camaudit.sources.importers.flow_summary: addresses are read as they are written elsewhere."""

from __future__ import annotations

import io

import pyarrow.parquet as pq
import pytest

from camaudit.errors import SourceError
from camaudit.model.traffic import Traffic
from camaudit.sources.importers.flow_summary.read import read
from camaudit.sources.spec import ReadOptions
from tests.traffic import talk, traffic


def read_of(*ends: tuple[str, str]) -> Traffic:
    table = traffic([talk(client, server) for client, server in ends]).conversations
    file = io.BytesIO()
    pq.write_table(table, file)
    (found,) = read(io.BytesIO(file.getvalue()), ReadOptions())
    assert isinstance(found, Traffic)
    return found


def test_addresses_are_written_in_one_form() -> None:
    found = read_of(("192.0.2.1", "2001:DB8:0::5"), ("2001:db8::5", "fe80::1%eth0"))
    assert found.conversations.column("client").to_pylist() == ["192.0.2.1", "2001:db8::5"]
    assert found.conversations.column("server").to_pylist() == ["2001:db8::5", "fe80::1"]


@pytest.mark.parametrize("nobody", ["", "camera", "300.1.1.1", "192.0.2.1/32"])
def test_what_is_no_address_is_refused_where_it_stands(nobody: str) -> None:
    with pytest.raises(SourceError, match=r"row 2, server: .* is no address"):
        read_of(("192.0.2.1", "192.0.2.2"), ("192.0.2.1", nobody))
