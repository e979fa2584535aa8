"""The guards of tests/conftest.py: a guard that does not bite is no guard."""

from __future__ import annotations

import socket
import warnings

import pytest

pytest_plugins = ["pytester"]

PLACED = """
[pytest]
markers =
    system
    browser
    bench
    spark
    fuzz
"""


@pytest.mark.parametrize("host", ["192.0.2.1", "10.0.0.1", "2001:db8::1"])
def test_a_connection_beyond_loopback_is_refused(host: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with (
        socket.socket(family, socket.SOCK_STREAM) as stream,
        pytest.raises(AssertionError, match="loopback only"),
    ):
        stream.connect((host, 80))


def test_a_datagram_beyond_loopback_is_refused() -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams,
        pytest.raises(AssertionError, match="loopback only"),
    ):
        datagrams.sendto(b"x", ("239.255.255.250", 3702))


def test_a_name_is_not_looked_up() -> None:
    with pytest.raises(AssertionError, match="loopback only"):
        socket.getaddrinfo("camera.example", 80)


def test_loopback_is_open() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
    ):
        assert client.getpeername() == server.getsockname()


def test_a_warning_is_an_error() -> None:
    with pytest.raises(UserWarning, match="planted"):
        warnings.warn("planted", stacklevel=1)


@pytest.fixture
def guarded(pytester: pytest.Pytester, request: pytest.FixtureRequest) -> pytest.Pytester:
    """A test directory of its own under the same conftest."""
    conftest = request.config.rootpath / "tests" / "conftest.py"
    tests = pytester.mkdir("tests")
    (tests / "conftest.py").write_text(conftest.read_text())
    pytester.makefile(".ini", pytest=PLACED)
    return pytester


def test_a_thread_left_running_fails_its_test(guarded: pytest.Pytester) -> None:
    (guarded.path / "tests" / "test_it.py").write_text(
        "import threading\n"
        "def test_it():\n"
        "    threading.Thread(target=threading.Event().wait, daemon=True, name='stray').start()\n"
    )
    result = guarded.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*left threads running: stray*"])


@pytest.mark.parametrize(
    "skipping",
    [
        "import pytest\ndef test_it():\n    pytest.skip('no nmap')\n",
        "import pytest\n@pytest.mark.skip(reason='no nmap')\ndef test_it():\n    pass\n",
        "import pytest\npytest.skip('no nmap', allow_module_level=True)\n",
        "import pytest\npytest.importorskip('no_such_module')\ndef test_it():\n    pass\n",
    ],
    ids=["call", "mark", "module", "import"],
)
def test_a_system_test_may_not_skip(guarded: pytest.Pytester, skipping: str) -> None:
    (guarded.path / "tests" / "system").mkdir()
    (guarded.path / "tests" / "system" / "test_it.py").write_text(skipping)
    result = guarded.runpytest_subprocess("-p", "no:cacheprovider", "-m", "system")
    assert result.ret != 0
    result.stdout.fnmatch_lines(["*skipped, and may not*"])
    assert "skipped" not in result.parseoutcomes()


def test_an_ordinary_test_may_skip(guarded: pytest.Pytester) -> None:
    (guarded.path / "tests" / "test_it.py").write_text(
        "import pytest\ndef test_it():\n    pytest.skip('another platform')\n"
    )
    guarded.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(skipped=1)
