"""Secrets are known by the name of their column and by their form."""

from __future__ import annotations

import pytest

from camaudit.sources.tables.headers import normal
from camaudit.sources.tables.secrets import is_secret_header, strip_secrets, strip_userinfo

SECRET = [
    "Password",
    "Admin passwd",
    "PWD",
    "pw",
    "Device PIN",
    "PIN code",
    "Credentials",
    "Login details",
    "Client secret",
    "API key",
    "apikey",
    "ApiToken",
    "SNMP community",
    "Community string",
    "Kennwort",
    "Passwort (Admin)",
    "Mot de passe",
    "Contraseña",
    "Wachtwoord",
    "Hasło",
    "Verification code",
    "Cyfrinair",
]
OPEN = [
    "Pass / fail",
    "Site",
    "Pinhole camera",
    "Compass heading",
    "Key holder",
    "Model",
    "Passage",
]


@pytest.mark.parametrize("header", SECRET)
def test_a_column_of_secrets(header: str) -> None:
    assert is_secret_header(normal(header))


@pytest.mark.parametrize("header", OPEN)
def test_a_column_of_no_secrets(header: str) -> None:
    assert not is_secret_header(normal(header))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("rtsp://admin:12345@192.0.2.9/live", "rtsp://192.0.2.9/live"),
        ("rtsp://admin:p@ss@192.0.2.9/live", "rtsp://192.0.2.9/live"),
        ("pw: hunter2, on the gate", "pw: [removed], on the gate"),
        ("Admin password=hunter2", "Admin password=[removed]"),
        ("rtsp://192.0.2.9/?user=a&password=b&channel=1", "rtsp://192.0.2.9/?user=a&password=[removed]&channel=1"),
        ("mail helpdesk@example.org or see http://example.org/", None),
        ("http://example.org/?to=a@b.example", None),
        ("bypass: yes", None),
        ("12:30 AC=on", None),
    ],
)  # fmt: skip
def test_what_is_taken_out_of_text(text: str, kept: str | None) -> None:
    assert strip_secrets(text) == (text if kept is None else kept)
    assert strip_secrets(strip_secrets(text)) == strip_secrets(text)


def test_what_is_taken_out_of_bytes() -> None:
    assert strip_userinfo(b"\xffrtsp://a:b@h/ x@y") == b"\xffrtsp://h/ x@y"
