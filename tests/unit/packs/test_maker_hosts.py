"""The domains that captures watch, and the signatures on names of hosts, stand or fall together."""

from __future__ import annotations

import re

import pytest
import yaml

from camaudit.model.words import OUTSIDE_KINDS
from camaudit.packs.load import maker_packs
from camaudit.packs.shipped import find_pack_files
from camaudit.sources.captures.passive_hosts import TELLING_HOSTS, is_below

FIELDS = {"@host", "dns.query", "tls.sni", "http.host"}


def texts() -> list[str]:
    """Return what each signature on the names of hosts gives as an example."""
    files = find_pack_files().contents
    found = []
    for name, content in files.items():
        if name.startswith("makers/") and b"@host" in content:
            for signature in yaml.safe_load(content)["signatures"]:
                if FIELDS & set(signature["fields"]):
                    found += [each["text"] for each in signature["examples"]]
    return found


def test_a_name_that_a_signature_knows_becomes_an_observation() -> None:
    assert len(texts()) > 40
    unseen = [
        each for each in texts() if not is_below(each.lower().removesuffix("."), TELLING_HOSTS)
    ]
    assert unseen == []


def test_no_domain_is_watched_without_a_signature() -> None:
    """A name that no signature reads would leave its table for nothing."""
    examples = [each.lower().removesuffix(".") for each in texts()]
    patterns = [
        re.compile(signature.pattern)
        for signature in maker_packs(find_pack_files()).signatures
        if "dns.query" in signature.fields
    ]
    idle = [
        domain
        for domain in TELLING_HOSTS
        if not any(is_below(each, frozenset({domain})) for each in examples)
        and not any(pattern.search(f"x.{domain}") for pattern in patterns)
    ]
    assert idle == []


def test_a_name_that_telephones_ask_for_as_well_is_no_more_than_a_weak_sign_of_a_camera() -> None:
    """One sign of a telephone outweighs it: else all that this says would be kept as a camera's."""
    guilty = [
        signature.id
        for signature in maker_packs(find_pack_files()).signatures
        if FIELDS & set(signature.fields) and signature.kinds and "telephone" in signature.says
    ]
    weights = {
        signature.id: signature.kind_weight
        for signature in maker_packs(find_pack_files()).signatures
        if signature.id in guilty and not set(signature.kinds) <= OUTSIDE_KINDS
    }
    assert len(weights) > 5
    assert {name: weight for name, weight in weights.items() if weight != "weak"} == {}


@pytest.mark.parametrize("name", ["example.org", "a.example.org", "a.b.example.org"])
def test_a_domain_and_what_lies_below_it(name: str) -> None:
    assert is_below(name, frozenset({"example.org"}))


@pytest.mark.parametrize(
    "name", ["notexample.org", "example.org.evil.example", "org", "", "." * 50, "example.org."]
)
def test_what_only_looks_like_it(name: str) -> None:
    assert not is_below(name, frozenset({"example.org"}))
