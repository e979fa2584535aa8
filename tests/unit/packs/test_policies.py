"""Policy packs load whole or are refused with file, line and field; their examples are proof."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from camaudit.errors import PackError
from camaudit.model.policy import Check, Interval, Operator, Policy, Test
from camaudit.model.words import VerdictCode
from camaudit.packs.load import vocabulary
from camaudit.packs.policies import PolicyFile, load_policies, policy_files, verify_policy
from camaudit.packs.shipped import PackFiles, find_pack_files
from camaudit.policy import judge

STATEMENT = "policies/uk-2022-statement"
PACK, EXAMPLES = f"{STATEMENT}/pack.yaml", f"{STATEMENT}/examples.yaml"
FACTS = "vocab/facts.yaml"
SHIPPED = find_pack_files()
POLICIES = [file.policy for file in policy_files(SHIPPED, vocabulary(SHIPPED))]


def changed(name: str, old: str, new: str) -> PackFiles:
    """Return the shipped files with the first ``old`` of one of them replaced."""
    text = SHIPPED.contents[name].decode()
    assert old in text, f"{old!r} is not in {name}"
    contents = {**SHIPPED.contents, name: text.replace(old, new, 1).encode()}
    return replace(SHIPPED, contents=contents)


def line_of(name: str, text: str) -> int:
    lines = SHIPPED.contents[name].decode().splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def refused(name: str, old: str, new: str) -> PackError:
    with pytest.raises(PackError) as caught:
        load_policies(changed(name, old, new), vocabulary(SHIPPED))
    return caught.value


def statement(files: PackFiles = SHIPPED) -> PolicyFile:
    (found,) = (
        file
        for file in policy_files(files, vocabulary(SHIPPED))
        if file.policy.id == "uk-2022-statement"
    )
    return found


def disproved(old: str, new: str, name: str = EXAMPLES) -> PackError:
    with pytest.raises(PackError) as caught:
        verify_policy(statement(changed(name, old, new)), judge)
    return caught.value


def test_packs_are_shipped() -> None:
    assert "uk-2022-statement" in [policy.id for policy in POLICIES]


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.id)
def test_every_clause_of_the_instrument_is_there(policy: Policy) -> None:
    assert {each.clause for each in policy.requirements} == set(policy.clauses)


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.id)
def test_every_pack_proves_itself(policy: Policy) -> None:
    (file,) = (
        each for each in policy_files(SHIPPED, vocabulary(SHIPPED)) if each.policy.id == policy.id
    )
    counts = verify_policy(file, judge)
    automated = [each for each in policy.requirements if each.check is Check.AUTOMATED]
    assert counts.examples > 0
    assert counts.requirements == len(policy.requirements)
    assert counts.verdicts >= counts.examples * len(automated)
    shown = {key for key, count in counts.by_verdict.items() if count}
    assert shown >= {(each.id, verdict) for each in automated for verdict in each.can_give}


def test_the_statement_is_what_it_is() -> None:
    policy = statement().policy
    assert [(each.clause, each.action, each.strength) for each in policy.requirements] == [
        ("a", "prohibit_new", "must_not"),
        ("b", "disconnect", "should"),
        ("c", "consider_remove", "consider"),
        ("d", "consider_extend", "consider"),
        ("e", "review", "may"),
    ]
    assert policy.legal_force == "internal"
    assert policy.validity.in_force_from.isoformat() == "2022-11-24"
    assert {choice.id: choice.default for choice in policy.choices} == {
        "executive_agency": "bound",
        "non_ministerial_department": "bound",
        "arms_length_body": "not_bound",
        "core_network_strength": "as_written",
        "hong_kong_and_macau": "unknown",
        "portable_equipment": "included",
    }
    assert len(policy.site_definition) == 4
    assert all(note.alternatives for note in policy.interpretation_notes)
    assert VerdictCode.BREACHES not in policy.requirements[2].can_give


def test_the_digest_follows_the_files() -> None:
    policies = load_policies(SHIPPED, vocabulary(SHIPPED))
    other = load_policies(changed(PACK, "2026.1", "2026.2"), vocabulary(SHIPPED))
    assert re.fullmatch("[0-9a-f]{64}", policies.digest)
    assert policies.digest != other.digest
    pairs = zip(policies.policies, other.policies, strict=True)
    assert [each.id for each, changed_one in pairs if each.digest != changed_one.digest] == [
        "uk-2022-statement"
    ]


MET_BY = """met_by:
      when: {fact: decision.c, is: true}
      otherwise: A decision whether to remove it is on record."""

#: File, what is replaced, by what; then the field, and words of the message.
FAULTS = [
    (PACK, "id: uk-2022-statement", "id: uk-2023", "pack.id", "folder's name"),
    (PACK, "as_of: 2026-11-22", "as-of: 2026-11-22", "pack.as-of", "no such field"),
    (PACK, "as_of: 2026-11-22", "as_of: soon", "pack.as_of", "date"),
    (PACK, "legal_force: internal", "legal_force: strong", "pack.legal_force", "internal"),
    (PACK, "clauses: [a, b, c, d, e]", "clauses: [a, b, c, d, e, f]",
     "pack.clauses[5]", "clause f"),
    (PACK, "clauses: [a, b, c, d, e]", "clauses: [a, b, c, d]",
     "requirements[4].clause", "clauses"),
    (PACK, "- id: hcws386-press", "- id: hcws386", "pack.citations[1].id", "twice"),
    (PACK, "quote: are free", "quote: " + "word " * 26, "pack.citations[3].quote", "25 words"),
    (PACK, "confidence: reported", "confidence: sure", "pack.citations[0].confidence", "verified"),
    (PACK, "in_force_to: null", "in_force_to: 2021-01-01", "validity.in_force_to", "before"),
    (
        PACK,
        "suspended: []",
        "suspended: [{from: 2023-02-01, to: 2023-01-01}]",
        "validity.suspended[0].to",
        "before",
    ),
    (PACK, "default: bound", "default: maybe", "choices.executive_agency.default", "options"),
    (PACK, '{"HK": hong_kong_and_macau', '{"HK": nobody',
     "entities.subject_to_law.open_codes.HK", "unknown"),
    (PACK, "kinds: [camera,", "kinds: [cameras,", "equipment.kinds[0]", "none of"),
    (PACK, "kinds: [camera,", "colour: red\n  kinds: [camera,",
     "equipment.colour", "no such field"),
    (PACK, "{fact: body.kind, is: department}", "{fact: body.sort, is: department}",
     "binds.parts[0].when.any[0].fact", "unknown fact"),
    (PACK, "{fact: body.kind, is: department}", "{fact: body.kind, is: ministry}",
     "binds.parts[0].when.any[0].is", "none of"),
    (PACK, "{fact: body.kind, is: department}", "{fact: body.kind, is: unknown}",
     "binds.parts[0].when.any[0].is", "not known"),
    (PACK, "{fact: body.kind, is: department}", "{fact: body.kind, is: 3}",
     "binds.parts[0].when.any[0].is", "word"),
    (PACK, "{fact: body.kind, is: department}", "{fact: body.kind, like: department}",
     "binds.parts[0].when.any[0].like", "exactly one of"),
    (PACK, "{fact: body.kind, is: department}", "{fact: body.kind}",
     "binds.parts[0].when.any[0]", "exactly one of"),
    (PACK, "{fact: body.kind, is: department}", "{fact: [body.kind], is: department}",
     "binds.parts[0].when.any[0].fact", "unknown fact"),
    (PACK, "{fact: body.kind, is: department}", "{}", "binds.parts[0].when.any[0]", "condition"),
    (PACK, "{fact: body.kind, is: department}", "{none: []}",
     "binds.parts[0].when.any[0].none", "unknown word"),
    (PACK, "{fact: body.kind, is: department}", "{all: []}",
     "binds.parts[0].when.any[0].all", "at least one"),
    (PACK, "{fact: body.kind, is: department}", "{all: [], any: []}",
     "binds.parts[0].when.any[0]", "alone"),
    (PACK, "{fact: body.kind, is: department}", "{not: " * 10 + "{}" + "}" * 10,
     "binds.parts[0].when.any[0]" + ".not" * 8, "nested deeper"),
    (PACK, "{choice: executive_agency, is: bound}", "{choice: agency, is: bound}",
     "binds.parts[0].when.any[1].all[0].choice", "no choice"),
    (PACK, "{choice: executive_agency, is: bound}", "{choice: executive_agency, is: tied}",
     "binds.parts[0].when.any[1].all[0].is", "none of"),
    (PACK, "{choice: executive_agency, is: bound}", "{choice: executive_agency, in: bound}",
     "binds.parts[0].when.any[1].all[0]", "`is`"),
    (PACK, "surveillance, is: true}", "surveillance, is: \"yes\"}",
     "equipment.parts[0].when.is", "true or false"),
    (PACK, "surveillance, is: true}", "surveillance, at_least: 1}",
     "equipment.parts[0].when.at_least", "cannot be asked"),
    (PACK, "in: [body_worn, drone]", "in: body_worn",
     "equipment.parts[1].when.any[1].not.in", "list"),
    (PACK, "in: [in_service,", "in: [lost,", "event.parts[1].when.in", "none of"),
    (PACK, "on_or_after: 2022-11-24", "on_or_after: true",
     "requirements[0].date_test.parts[0].when.on_or_after", "date"),
    (PACK, "in_group: subject_to_law, band", "in_group: bad_makers, band",
     "requirements[0].forbidden[0].when.in_group", "none of"),
    (PACK, "band: probable", "band: likely", "requirements[0].forbidden[0].when.band", "none of"),
    (PACK, ", band: probable", "", "requirements[0].forbidden[0].when", "band"),
    (PACK, "fact: decision.c, is", "band: weak, fact: decision.c, is",
     "requirements[2].met_by.when", "band"),
    (PACK, "({confidence})", "({chance})", "requirements[0].forbidden[0].otherwise", "filled in"),
    (PACK, "citations: [hcws386-press, hcws386]", "citations: [hcws387]",
     "requirements[0].citations[0]", "not among"),
    (PACK, "strength: must_not", "strength: mustnt",
     "requirements[0].obligation.strength", "must_not"),
    (PACK, "deadline: {kind: none}", "deadline: {kind: legal}",
     "requirements[0].obligation.deadline.date", "a date"),
    (PACK, "strength_choice: core_network_strength", "strength_choice: executive_agency",
     "requirements[1].obligation.strength_choice", "as_written"),
    (PACK, "  - id: b\n", "  - id: a\n", "requirements[1].id", "twice"),
    (PACK, "can_give: [meets, cannot_tell,", "can_give: [meets, breaches, cannot_tell,",
     "requirements[2].can_give", "never breached"),
    (PACK, "can_give: [meets, breaches, cannot_tell, not_applicable]",
     "can_give: [meets, cannot_tell, not_applicable]",
     "requirements[0].can_give", "never breached"),
    (PACK, MET_BY, "met_by: null", "requirements[2]", "recorded decision"),
    (PACK, "check: manual", "check: automated", "requirements[4].check", "automated"),
    (PACK, "check: automated", "check: manual", "requirements[0].manual", "manual"),
    (PACK, "verdict: not_applicable", "verdict: meets", "requirements[4].manual.verdict", "manual"),
    (PACK, "exceptions: []",
     ("exceptions: [{id: x, title: an exception nobody knows, applies_to: [z], approver: y, "
      "evidence: a letter by nobody, citations: [hcws386], expires: null}]"),
     "exceptions[0].applies_to[0]", "no requirement"),
    (PACK, "in_force_to: null", "in_force_to: 2020-01-01", "validity.in_force_to", "before"),
    (PACK, "suspended: []",
     "suspended: [{from: 2023-01-01, to: 2023-02-01}, {from: 2023-02-01, to: 2023-03-01}]",
     "validity.suspended[1].from", "one state"),
    (PACK, "suspended: []",
     "suspended: [{from: 2023-01-01}]\n  contested: [{from: 2023-05-01, says: nobody knows yet}]",
     "validity.contested[0].from", "one state"),
    (PACK, "tests: item", "tests: supplier", "requirements[0]", "asks device.producer"),
    (PACK, 'incorporated_in: ["CN"]', 'named: [{maker: x}]\n    incorporated_in: ["CN"]',
     "entities.subject_to_law", "either"),
    (FACTS, "columns: [device.not_before,", "columns: [device.not_after,", "facts", "not_before"),
    (FACTS, "columns: [device.not_before,", "columns: [device.age,",
     "facts.device.installed.columns", "no column"),
    (FACTS, "type: interval", "type: date", "facts.device.installed.columns", "needs columns"),
    (FACTS, "type: interval", "type: duration", "facts.device.installed.type", "interval"),
    (FACTS, "type: flag\n", "type: flag\n    words: [one]\n",
     "facts.device.surveillance.words", "only a fact of type text"),
    (FACTS, "unknown: [unknown]", "unknown: [dunno]", "facts.body.kind.unknown[0]", "not among"),
    (FACTS, "effort: minutes", "effort: moments", "facts.body.kind.effort", "minutes"),
    (FACTS, "    effort: minutes\n", "", "facts.body.kind.effort", "required"),
    (FACTS, "each: body", "each: town", "facts.body.kind.each", "estate"),
    (FACTS, 'value: "yes"', "value: perhaps", "facts.site.sensitivity.branches[0]", "not among"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "field", "message"), FAULTS)
def test_a_slip_is_refused_where_it_stands(
    name: str, old: str, new: str, field: str, message: str
) -> None:
    error = refused(name, old, new)
    assert (error.file, error.field) == (name, field)
    assert message in str(error)
    assert error.line > 0


def test_the_line_is_the_line() -> None:
    error = refused(PACK, "in: [in_service,", "in: [lost,")
    assert error.line == line_of(PACK, "in: [in_service,")


@pytest.mark.parametrize("file", ["pack.yaml", "examples.yaml", "SOURCES.md"])
def test_a_folder_has_three_files(file: str) -> None:
    contents = {
        name: data for name, data in SHIPPED.contents.items() if name != f"{STATEMENT}/{file}"
    }
    with pytest.raises(PackError, match="is missing") as caught:
        load_policies(replace(SHIPPED, contents=contents), vocabulary(SHIPPED))
    assert caught.value.file == f"{STATEMENT}/{file}"


def test_a_policy_is_a_folder() -> None:
    contents = {**SHIPPED.contents, "policies/loose.yaml": b"x: 1"}
    with pytest.raises(PackError, match="is a folder") as caught:
        load_policies(replace(SHIPPED, contents=contents), vocabulary(SHIPPED))
    assert caught.value.file == "policies/loose.yaml"


def test_no_policy_at_all_is_a_fault() -> None:
    contents = {n: data for n, data in SHIPPED.contents.items() if not n.startswith("policies/")}
    with pytest.raises(PackError, match="no policy pack"):
        load_policies(replace(SHIPPED, contents=contents), vocabulary(SHIPPED))


#: What is replaced in the examples, by what; then the field, and words of the message.
DISPROOFS = [
    ("a: {verdict: breaches, strength: must_not", "a: {verdict: meets, strength: must_not",
     "examples[0].expect.a", "verdict is breaches, not meets"),
    ("strength: must_not, basis: evidenced", "strength: must, basis: evidenced",
     "examples[0].expect.a", "strength is must_not, not must"),
    ("basis: evidenced, gaps: []", "basis: presumed, gaps: []",
     "examples[0].expect.a", "basis is evidenced, not presumed"),
    ("gaps: [device.core_network], branches: {}", "gaps: [], branches: {}",
     "examples[0].expect.b", "gaps is device.core_network, not none"),
    ("outstanding: true", "outstanding: false", "examples[0].expect.c", "outstanding is True"),
    ("branches: {if sensitive: breaches,", "branches: {if sensitive: meets,",
     "examples[32].expect.a", "branches is if sensitive: breaches"),
    ("described_as: must, choices", "described_as: should, choices",
     "examples[4].expect.b", "described_as is must, not should"),
    ("choices: [core_network_strength]", "choices: [executive_agency]",
     "examples[4].expect.b", "choices is core_network_strength"),
    ("      d: not_applicable\n      e: not_applicable\n", "      e: not_applicable\n",
     "examples[0].expect", "says nothing of d"),
    ("      e: not_applicable\n", "      f: not_applicable\n",
     "examples[0].expect.f", "no requirement"),
    ("      d: not_applicable\n", "      d: passes\n",
     "examples[0].expect.d", "'passes' is none of"),
    ("      d: not_applicable\n", "      d: {verdict: passes}\n",
     "examples[0].expect.d.verdict", "meets"),
    ("a: {verdict: breaches, strength", "a: {result: breaches, strength",
     "examples[0].expect.a.result", "no such field"),
    ("facts: {device.present: true}", "facts: {device.here: true}",
     "examples[1].facts.device.here", "no column"),
    ("facts: {device.present: true}", "facts: {device.present: perhaps}",
     "examples[1].facts.device.present", "is not a bool"),
    ("facts: {device.state: removed,", "facts: {device.state: lost,",
     "examples[47].facts.device.state", "is none of"),
    ("device.kind: camera", "device.kind: 7", "usual.device.kind", "is not a string"),
    ("choices: {core_network_strength: as_described}", "choices: {colour: red}",
     "examples[5].choices", "no choice colour"),
    ("at: 2023-08-01", "on: 2023-08-01", "examples[0].on", "no such field"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "field", "message"), DISPROOFS)
def test_an_example_that_does_not_hold_is_pointed_at(
    old: str, new: str, field: str, message: str
) -> None:
    error = disproved(old, new)
    assert (error.file, error.field) == (EXAMPLES, field)
    assert message in str(error)
    assert error.line > 1


def test_a_verdict_without_an_example_is_a_fault() -> None:
    """A pack that says it can breach must show one breach."""
    text = SHIPPED.contents[EXAMPLES].decode()
    cut = text[: text.index("  - name: the same device the day before")]
    files = replace(SHIPPED, contents={**SHIPPED.contents, EXAMPLES: cut.encode()})
    with pytest.raises(PackError, match="no example shows that a can give meets") as caught:
        verify_policy(statement(files), judge)
    assert (caught.value.file, caught.value.field) == (EXAMPLES, "examples")


def test_a_verdict_that_the_pack_does_not_own_up_to_is_a_fault() -> None:
    old = "can_give: [meets, breaches, cannot_tell, not_applicable]"
    error = disproved(old, "can_give: [breaches, cannot_tell, not_applicable]", PACK)
    assert "a gives meets, which its `can_give` leaves out" in str(error)


def test_a_whole_number_and_a_suspension_are_read() -> None:
    old, new = (
        "{fact: device.surveillance, is: true}",
        "{fact: device.producer.confidence, at_least: 1}",
    )
    (part, *_) = (
        part
        for part in statement(changed(PACK, old, new)).policy.requirements[0].scope
        if part.otherwise.startswith("It is not visual")
    )
    assert part.when == Test(
        fact="device.producer.confidence", operator=Operator.AT_LEAST, value=1.0
    )
    files = changed(PACK, "suspended: []", "suspended: [{from: 2023-02-01, to: 2023-03-01}]")
    assert statement(files).policy.validity.suspended == (
        Interval(start=date(2023, 2, 1), end=date(2023, 3, 1)),
    )


def test_a_duty_of_any_strength_may_be_one_that_only_a_record_shows() -> None:
    """Such a duty has `met_by`, and `can_give` without `breaches`."""
    found = statement(changed(PACK, "strength: consider", "strength: must")).policy
    (rule,) = (each for each in found.requirements if each.id == "c")
    assert (rule.strength, rule.shown_by_record) == ("must", True)
    assert not next(each for each in found.requirements if each.id == "a").shown_by_record


def test_an_overlay_may_choose_the_stricter_reading() -> None:
    stricter = statement(changed(PACK, "default: as_written", "default: as_described")).policy
    verdicts = judge(stricter, (), date(2023, 8, 1), {}, {})
    assert [each.strength for each in verdicts] == [
        "must_not",
        "must",
        "consider",
        "consider",
        "may",
    ]


def test_a_requirement_may_say_why_it_does_not_hold_on_its_own_days() -> None:
    name = "policies/us-bis-entity-list/pack.yaml"
    files = changed(name, "while_suspended: >-", "while_suspended: >-\n        ({at} {state})")
    (policy,) = (
        each.policy
        for each in policy_files(files, vocabulary(SHIPPED))
        if each.policy.id == "us-bis-entity-list"
    )
    (days,) = (each.validity for each in policy.requirements if each.validity)
    assert days.suspended_says is not None
    assert days.suspended_says.startswith("({at} {state})")
    error = refused(name, "while_suspended: >-", "while_suspended: >-\n        {nobody}")
    assert error.field == "requirements[1].validity.while_suspended"
    assert "cannot be filled in" in str(error)
