"""camaudit.packs.vocabulary: the word lists that packs are written in."""

from __future__ import annotations

import pytest

from camaudit.errors import PackError
from camaudit.model.packs import Vocabulary
from camaudit.model.words import Firmness
from camaudit.packs.vocabulary import FILES, load_vocabulary
from tests.small_packs import files, words


def changed(name: str, old: str, new: str) -> Vocabulary:
    contents = {each: files().contents[f"vocab/{each}"] for each in FILES}
    assert old.encode() in contents[name]
    contents[name] = contents[name].replace(old.encode(), new.encode(), 1)
    return load_vocabulary(contents)


def test_the_shipped_words_are_read() -> None:
    assert [band.id for band in words().bands] == ["weak", "probable", "strong"]
    assert [band.at_least for band in words().bands] == [0.5, 0.8, 0.95]
    assert [weight.id for weight in words().weights] == [
        "slight", "weak", "moderate", "strong", "decisive",
    ]  # fmt: skip
    assert {word for word, _ in words().firmness} == set(Firmness)


def test_hearsay_stays_below_strong() -> None:
    assert words().reported_cap < 0.95


def test_the_contracts_field_words_are_all_there() -> None:
    """Issue 2 promises these keys to other tools."""
    keys = {word.key for word in words().fields}
    promised = (
        "mac.address inventory.manufacturer inventory.model inventory.text tls.subject tls.issuer",
        "snmp.sysDescr snmp.sysObjectID mdns.txt dhcp.hostname dhcp.parameter_request_list",
        "http.set_cookie http.body sip.server ssh.banner rtsp.sdp",
    )
    assert set(" ".join(promised).split()) <= keys


def test_no_word_is_in_two_groups_and_no_alias_hides_a_word() -> None:
    keys = [word.key for word in words().fields]
    assert len(set(keys)) == len(keys) > 100
    aliases = dict(words().aliases)
    assert aliases
    assert not set(aliases) & set(keys)
    assert set(aliases.values()) <= set(keys)


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("fields.yaml", "    - onvif.model\n", "    - onvif.modle\n", "unknown field onvif.modle"),
        ("fields.yaml", ": dhcp.hostname\n", ": dhcp.hostnmae\n", "does not lead from a new word"),
        ("weights.yaml", "  firm:", "  sure:", "must name exactly firm, mixed, past, listed"),
        ("weights.yaml", "reported_cap:", "reported_cup:", "reported_c"),
        ("bands.yaml", "at_least: 0.50", "at_least: half", "number"),
        ("capabilities.yaml", "capabilities:", "capability:", "capabilit"),
        ("doubts.yaml", "weight: slight", "weight: huge", "'huge' is none of"),
        ("doubts.yaml", "[inventory.text", "[inventory.txet", "unknown field inventory.txet"),
        ("doubts.yaml", "patterns:\n", "patterns:\n  - '('\n", "does not compile"),
    ],
)
def test_a_fault_is_refused(name: str, old: str, new: str, says: str) -> None:
    with pytest.raises(PackError) as error:
        changed(name, old, new)
    assert error.value.file == f"vocab/{name}"
    assert error.value.line > 0
    assert says in str(error.value)


def test_an_alias_of_a_word_that_is_there_is_refused() -> None:
    with pytest.raises(PackError, match="does not lead from a new word"):
        changed("fields.yaml", "aliases:\n", "aliases:\n  http.server: http.title\n")
