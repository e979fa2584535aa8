"""The identification string of an SSH server."""

from __future__ import annotations

from camaudit.model.observation import Seen

from .codec import SshGreeting, decode_greeting


def observe(message: SshGreeting) -> tuple[Seen, ...]:
    """Return what a greeting shows."""
    return (Seen("ssh", "banner", message.identification),)


def expand_response(value: bytes) -> tuple[Seen, ...]:
    """Read ``ssh.response``: what a server sent first; key exchange after it is ignored."""
    return observe(decode_greeting(value))
