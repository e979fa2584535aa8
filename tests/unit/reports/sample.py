"""A pretend estate, written by hand, that holds every state that a report must be able to say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final

from camaudit.model.snapshot import (
    AspectLine,
    CitationLine,
    Count,
    DeviceRow,
    DutyCount,
    Figure,
    PolicyLine,
    Question,
    Reason,
    SiteRow,
    Snapshot,
    TieLine,
    VerdictLine,
    WeaknessCount,
    WeaknessLine,
    WeaknessRecord,
)

ON: Final = date(2026, 11, 22)
NOT_EXAMINED: Final = ("components", "firmware origin", "cloud service")

#: What must not be left of a redacted report, by category. Tests search its bytes for each.
SECRETS: Final = {
    "sites": (
        "Wharfside House",
        "wharfside",
        "Quarry Annexe",
        "quarry-annexe",
        "Harbour Laboratory",
        "harbour-lab",
        "Millpond Depot",
        "millpond",
        "Larkfield School",
        "larkfield",
        "Old Customs Shed",
        "Department for Pretend Affairs",
    ),
    "addresses": (
        "192.0.2.14",
        "192.0.2.77",
        "198.51.100.9",
        "2001:db8:20::5",
        "44:19:b6:0d:5e:11",
        "e0:50:8b:77:20:01",
        "cam-lobby-3.pretend.example",
    ),
    "serials": ("QZ8841002317", "PX20240115AAWR77120", "CAM/0417", "CAM/0422"),
    "people": ("Facilities desk 4", "Night guard (post 2)", "Brightlens Upkeep"),
}


def weakness(name: str, answer: str, reason: str, settle: str = "", **record: Any) -> WeaknessLine:
    given: dict[str, Any] = {
        "ids": (name,),
        "title": "A pretend weakness of the web server.",
        "maker": "hikvision",
        "maker_name": "Hikvision",
        "exploited": "no",
        "exploited_since": None,
        "catalogue_on": date(2025, 8, 25),
        "exploited_note": "",
        "confidence": "verified",
        "source": "A pretend record",
        "url": "https://weaknesses.example/",
        "read_on": ON,
        "note": "",
    }
    return WeaknessLine(
        record=WeaknessRecord(**(given | record)),
        answer=answer,
        reason=reason,
        settle=settle,
        base_vendor=answer == "affected",
    )


EXPLOITED = weakness(
    "CVE-2020-10001",
    "affected",
    "Firmware 5.7.3 of Wharfside House at 192.0.2.14 is within what the record lists.",
    exploited="yes",
    exploited_since=date(2022, 1, 10),
    confidence="reported",
)
OPEN = weakness(
    "CVE-2020-10002",
    "cannot_tell",
    "The version 5.7.3 tells no build date; the unit is PX20240115AAWR77120.",
    "the build date of the firmware",
    note="The pretend record names more models.",
)
FREE = weakness("CVE-2020-10003", "not_affected", "Firmware 5.7.3 is outside what it lists.")
WEAKNESSES = tuple(
    WeaknessCount(
        record=each.record,
        affected=int(each.answer == "affected"),
        cannot_tell=int(each.answer == "cannot_tell"),
        not_affected=int(each.answer == "not_affected"),
    )
    for each in (EXPLOITED, OPEN, FREE)
)


def citation(name: str, confidence: str = "verified") -> CitationLine:
    return CitationLine(
        id=name,
        locator=f"Pretend written statement, part {name}",
        url=f"https://statements.example/{name}",
        quote="departments have been instructed",
        retrieved=date(2026, 11, 20),
        confidence=confidence,
    )


STATEMENT: Final = citation("statement", "reported")
ANSWER: Final = citation("answer-2023")

_CLAUSES: Final = {
    "a": (
        "No new deployment on sensitive sites",
        "must_not",
        "",
        "cease deployment of such equipment",
    ),
    "b": (
        "Keep off departmental core networks",
        "should",
        "must since July 2023 (two ministerial answers; an answer does not amend the statement)",
        "no such equipment should be connected to departmental core networks",
    ),
    "c": (
        "Consider removal from sensitive sites",
        "consider",
        "",
        "consider whether they should remove and replace such equipment",
    ),
    "d": (
        "Consider extending to other sites",
        "consider",
        "",
        "consider whether there are sites outside the definition",
    ),
    "e": ("Government keeps the risk under review", "may", "", "keep this risk under review"),
}


def verdict(clause: str, code: str, sentence: str, **changes: Any) -> VerdictLine:
    title, strength, described_as, quote = _CLAUSES[clause]
    line = VerdictLine(
        requirement=clause,
        clause=clause,
        title=title,
        verdict=code,
        outstanding=False,
        strength=strength,
        described_as=described_as,
        basis=None,
        not_examined=(),
        sentence=sentence,
        quote=quote,
        citations=(STATEMENT, ANSWER) if described_as else (STATEMENT,),
        gaps=(),
        branches=(),
        choices=(),
        check="manual" if clause == "e" else "automated",
    )
    return replace(line, **changes)


def outside(clauses: str, why: str) -> tuple[VerdictLine, ...]:
    return tuple(verdict(clause, "not_applicable", why) for clause in clauses)


def reason(aspect: str, maker: str | None, text: str, seen: str, weight: str = "strong") -> Reason:
    return Reason(
        aspect=aspect,
        maker=maker,
        text=text,
        seen=seen,
        weight=weight,
        signature=f"{maker or 'kind'}-{aspect.split(',', 1)[0]}-1",
    )


def device(name: str, **changes: Any) -> DeviceRow:
    row = DeviceRow(
        id=name,
        site="wharfside",
        site_name="Wharfside House",
        location=None,
        addresses=(),
        macs=(),
        asset_ids=(),
        serial=None,
        recorder=None,
        units=1,
        approximate=False,
        kind="camera",
        kind_confidence=0.97,
        capabilities=(),
        brand=None,
        model=None,
        firmware_version=None,
        maker=None,
        maker_name=None,
        maker_confidence=None,
        maker_aspect=None,
        band=None,
        sentence="Who produced it cannot be told: no signal names a maker.",
        aspects=(),
        reasons=(),
        conflicts=(),
        state="in_service",
        installed="not known",
        dating=(),
        in_register=True,
        on_network=False,
        sighted=False,
        people=(),
        history=(),
        body="Department for Pretend Affairs",
        body_kind="department",
        sensitivity="yes",
        zone=None,
        verdicts=(),
        remarks=(),
    )
    return replace(row, **changes)


def made_by(maker: str, label: str, confidence: float, aspect: str = "firmware") -> dict[str, Any]:
    text = f"The web server answers with a name that {label} devices use."
    return {
        "maker": maker,
        "maker_name": label,
        "maker_confidence": confidence,
        "maker_aspect": aspect,
        "band": "strong" if confidence >= 0.95 else "probable",
        "sentence": f"Likely produced by {label} ({confidence:.2f}), because t{text[1:]}",
        "reasons": (reason(aspect, maker, text, f"web server is “{label}-Webs”"),),
    }


def _devices() -> tuple[DeviceRow, ...]:
    e = outside("e", "This is the Government's own undertaking.")
    return (
        device(
            "D-K3QW7PLM",
            **made_by("hikvision", "Hikvision", 0.99)
            | {
                "reasons": (
                    reason(
                        "firmware",
                        "hikvision",
                        "The web server answers with a name that Hikvision devices use.",
                        "web server is “App-webs/” at 192.0.2.14",
                    ),
                    reason(
                        "badge",
                        "annke",
                        "The label or register says Annke.",
                        "maker in the register is “ANNKE, lobby of Wharfside House”",
                        "moderate",
                    ),
                    reason("kind", None, "It answers as a network camera.", "device type is “IPC”"),
                )
            },
            location="Lobby, second pillar, Wharfside House",
            addresses=("192.0.2.14", "cam-lobby-3.pretend.example"),
            macs=("44:19:b6:0d:5e:11",),
            asset_ids=("CAM/0417",),
            serial="PX20240115AAWR77120",
            brand="Annke",
            model="C800",
            firmware_version="5.7.3",
            weaknesses=(EXPLOITED, OPEN, FREE),
            capabilities=("ptz", "audio", "wireless"),
            aspects=(
                AspectLine(aspect="badge", maker="Annke", confidence=0.96),
                AspectLine(aspect="firmware", maker="Hikvision", confidence=0.99),
                AspectLine(aspect="hardware", maker="Hikvision", confidence=0.88),
            ),
            installed="not before 2024-01-15",
            dating=(
                "made on 2024-01-15 (serial number PX20240115AAWR77120), so not there before",
                "the register says installed between 2024-01-01 and 2024-12-31",
            ),
            on_network=True,
            sighted=True,
            people=(
                ("owner", "Department for Pretend Affairs"),
                ("maintainer", "Brightlens Upkeep"),
            ),
            history=(("in_service", "2026-11-02", "Night guard (post 2)", "saw it, photo 12"),),
            zone="core",
            verdicts=(
                verdict(
                    "a",
                    "breaches",
                    "Likely produced by Hikvision (0.99), a company that the pretend statement "
                    "covers, and deployed on a sensitive site on or after 24 November 2022.",
                    basis="evidenced",
                ),
                verdict(
                    "b",
                    "breaches",
                    "Likely produced by Hikvision (0.99), and connected to a departmental core "
                    "network (192.0.2.0/24, declared).",
                    basis="declared",
                ),
                verdict(
                    "c",
                    "cannot_tell",
                    "No decision whether to remove it is on record.",
                    outstanding=True,
                    gaps=("What was decided on clause c, by whom and why?",),
                ),
                *outside("d", "The site is a sensitive site, so clauses a and c apply to it."),
                *e,
            ),
            remarks=("lens cleaned by Brightlens Upkeep",),
        ),
        device(
            "D-7TRA2VVE",
            **made_by("dahua", "Dahua", 0.93),
            site="quarry-annexe",
            site_name="Quarry Annexe",
            kind="recorder",
            brand="Amcrest",
            model="NV4108",
            addresses=("198.51.100.9",),
            macs=("e0:50:8b:77:20:01",),
            asset_ids=("CAM/0422",),
            sensitivity="unknown",
            zone="isolated",
            on_network=True,
            installed="between 2019-01-01 and 2024-06-30",
            verdicts=(
                verdict(
                    "a",
                    "cannot_tell",
                    "It is not known whether the site is sensitive, and when it was installed.",
                    gaps=(
                        "Is this site a sensitive site? The department's security team decides.",
                        "When was this device installed?",
                    ),
                    branches=("if sensitive: cannot tell", "if not: not applicable"),
                ),
                verdict(
                    "b",
                    "cannot_tell",
                    "It is not known which network it is connected to.",
                    gaps=("Which network is it connected to? (198.51.100.9 is declared isolated)",),
                ),
                verdict(
                    "c",
                    "cannot_tell",
                    "It is not known whether the site is a sensitive site.",
                    branches=("if sensitive: decision outstanding", "if not: not applicable"),
                    gaps=("Is this site a sensitive site?",),
                ),
                verdict(
                    "d",
                    "cannot_tell",
                    "It is not known whether the site is a sensitive site.",
                    branches=("if sensitive: not applicable", "if not: decision outstanding"),
                    gaps=("Is this site a sensitive site?",),
                ),
                *e,
            ),
        ),
        device(
            "D-PP4XH6ZB",
            **made_by("axis", "Axis", 0.98, "badge"),
            site="harbour-lab",
            site_name="Harbour Laboratory",
            brand="Axis",
            model="P3245-LVE",
            addresses=("2001:db8:20::5",),
            serial="QZ8841002317",
            on_network=True,
            aspects=(AspectLine(aspect="badge", maker="Axis", confidence=0.98),),
            installed="on 2023-05-02",
            verdicts=(
                *(
                    verdict(
                        clause,
                        "meets",
                        "Likely produced by Axis (0.98), which is not subject to the National "
                        "Intelligence Law as this pack reads it.",
                        basis="presumed",
                        not_examined=NOT_EXAMINED,
                        choices=("Is a non-ministerial department bound? bound",),
                    )
                    for clause in "abc"
                ),
                *outside("d", "The site is a sensitive site, so clauses a and c apply to it."),
                *e,
            ),
        ),
        device(
            "D-M2N5RQ7C",
            **made_by("bosch", "Bosch", 0.99, "hardware"),
            site="millpond",
            site_name="Millpond Depot",
            sensitivity="no",
            brand="Bosch",
            model="NDE-5503-A",
            kind="camera",
            capabilities=("thermal",),
            sighted=True,
            installed="on 2021-03-09",
            verdicts=(
                *outside("ac", "The site is not a sensitive site."),
                *(
                    verdict(
                        clause,
                        "meets",
                        "Confirmed as produced by Bosch, which is not subject to the National "
                        "Intelligence Law as this pack reads it.",
                        basis="evidenced",
                    )
                    for clause in "bd"
                ),
                *e,
            ),
        ),
        device(
            "D-AB7GZ3TY",
            kind="camera",
            kind_confidence=0.6,
            site="millpond",
            site_name="Millpond Depot",
            sensitivity="no",
            location="perimeter",
            units=12,
            approximate=True,
            remarks=("the register says: camera, 4MP, approx 12",),
            verdicts=(
                *outside("ac", "The site is not a sensitive site."),
                *(
                    verdict(
                        clause,
                        "cannot_tell",
                        "Who made it is not known.",
                        gaps=("Who made this device, whatever its label and its invoice say?",),
                    )
                    for clause in "bd"
                ),
                *e,
            ),
        ),
        device(
            "D-ZC5DWN4U",
            kind="not_surveillance",
            kind_confidence=0.99,
            brand="Kyocera",
            model="ECOSYS M2540dn",
            on_network=True,
            sentence="Likely a printer; who produced it is not asked.",
            verdicts=outside("abcde", "It is not visual surveillance equipment."),
        ),
        device(
            "D-SCH0OL42",
            **made_by("hikvision", "Hikvision", 0.97),
            site="larkfield",
            site_name="Larkfield School",
            sensitivity="no",
            body="Larkfield School",
            body_kind="education",
            brand="Hikvision",
            model="DS-2CD1143",
            verdicts=outside(
                "abcde",
                "The statement binds central government departments. A body of this kind is free "
                "to make its own choice; it may choose to follow.",
            ),
        ),
        device(
            "D-H5YD6LQA",
            **made_by("hikvision", "Hikvision", 0.96, "badge_tie"),
            site="harbour-lab",
            site_name="Harbour Laboratory",
            brand="HiLook",
            model="IPC-B140H",
            state="disconnected",
            zone="isolated",
            installed="not after 2020-06-30",
            history=(
                ("in_service", "2020-06-30", "register", "row 14"),
                (
                    "disconnected",
                    "2023-09-04",
                    "Facilities desk 4",
                    "work order in Harbour Laboratory",
                ),
            ),
            verdicts=(
                *outside(
                    "a", "It was already there before 24 November 2022, so it falls to clause c."
                ),
                verdict(
                    "b",
                    "meets",
                    "It is recorded as not connected to a departmental core network.",
                    basis="declared",
                    not_examined=("network traffic",),
                ),
                verdict(
                    "c",
                    "meets",
                    "A decision whether to remove it is on record.",
                    basis="declared",
                ),
                *outside("d", "The site is a sensitive site, so clauses a and c apply to it."),
                *e,
            ),
        ),
        device(
            "D-RM0VED77",
            **made_by("dahua", "Dahua", 0.98),
            site="harbour-lab",
            site_name="Harbour Laboratory",
            brand="Dahua",
            model="IPC-HDW1230",
            state="removed",
            history=(("removed", "2024-02-11", "Facilities desk 4", "skip certificate"),),
            verdicts=outside("abcde", "It is not in service (removed)."),
        ),
        device(
            "D-C0NFL1CT",
            kind="camera",
            site="wharfside",
            conflicts=("firmware: Hanwha or Dahua",),
            brand="Hanwha",
            recorder="D-7TRA2VVE",
            on_network=True,
            in_register=False,
            addresses=("192.0.2.77",),
            sentence=(
                "Who produced it cannot be told: the signals contradict each other (firmware: "
                "Hanwha or Dahua)."
            ),
            reasons=(
                reason(
                    "badge", "hanwha", "The label or register says Hanwha.", "label is “Wisenet”"
                ),
                reason(
                    "firmware", "dahua", "It answers in Dahua's own protocol.", "magic is “DHIP”"
                ),
            ),
            verdicts=(
                *(
                    verdict(
                        clause,
                        "cannot_tell",
                        "Who made it is not known: its signals contradict each other.",
                        gaps=("Does anything about it point to another maker than its label?",),
                    )
                    for clause in "abc"
                ),
                *outside("d", "The site is a sensitive site, so clauses a and c apply to it."),
                *e,
            ),
        ),
        device(
            "D-UNVC0RE5",
            **made_by("uniview", "Uniview", 0.95),
            site="millpond",
            site_name="Millpond Depot",
            sensitivity="no",
            brand="Uniview",
            model="IPC2124",
            zone="core",
            on_network=True,
            capabilities=("face_recognition",),
            installed="on 2022-02-01",
            verdicts=(
                *outside("a", "The site is not a sensitive site."),
                verdict(
                    "b",
                    "breaches",
                    "Likely produced by Uniview (0.95), and connected to a core network.",
                    basis="evidenced",
                ),
                *outside("c", "The site is not a sensitive site, so it falls to clause d."),
                verdict(
                    "d",
                    "cannot_tell",
                    "No decision whether to extend the mitigation is on record.",
                    outstanding=True,
                    gaps=("What was decided on clause d, by whom and why?",),
                ),
                *e,
            ),
        ),
        device(
            "D-H0ST1LE9",
            site=None,
            site_name="Old Customs Shed",
            body=None,
            body_kind=None,
            brand='=HYPERLINK("http://192.0.2.1/")',
            model="<script>alert('1')</script>",
            location="gate\u202e\u001b[2Jx",
            kind="unknown",
            kind_confidence=None,
            sensitivity="withheld",
            verdicts=(
                *(
                    verdict(
                        clause,
                        "cannot_tell",
                        "The body that owns or runs it is not known.",
                        gaps=("Which body owns or runs it? Record it with `camaudit body`",),
                    )
                    for clause in "abcd"
                ),
                *e,
            ),
        ),
    )


DEVICES: Final = _devices()


def duty(clause: str, devices: tuple[DeviceRow, ...]) -> DutyCount:
    """Count by hand what the devices' verdicts say, so that the sample adds up."""
    lines = [line for each in devices for line in each.verdicts if line.clause == clause]
    title, strength, described_as, quote = _CLAUSES[clause]

    def number(code: str, basis: str | None = None) -> int:
        return sum(
            line.verdict == code and not line.outstanding and (not basis or line.basis == basis)
            for line in lines
        )

    return DutyCount(
        requirement=clause,
        clause=clause,
        title=title,
        quote=quote,
        strength=strength,
        described_as=described_as,
        breaches=number("breaches"),
        meets_evidenced=number("meets", "evidenced"),
        meets_presumed=number("meets", "presumed"),
        meets_declared=number("meets", "declared"),
        outstanding=sum(line.outstanding for line in lines),
        cannot_tell=number("cannot_tell"),
        not_applicable=number("not_applicable"),
        manual=clause == "e",
        deadline="A target, not a legal deadline: April 2025." if clause == "c" else "",
    )


def figure(name: str, label: str, value: int, of: int, of_label: str, **more: Any) -> Figure:
    return Figure(id=name, label=label, value=value, of=of, of_label=of_label, on=ON, **more)


def tied(name: str, tie: str, to: str, **more: Any) -> TieLine:
    given: dict[str, Any] = {
        "when": "",
        "standing": "holds",
        "firmness": "firm",
        "scope": "",
        "confidence": "reported",
        "source": "A pretend catalogue",
        "url": None,
        "read_on": ON,
    }
    slugs = {"of": name.casefold(), "to": to.casefold()}
    named = {"of_name": name, "to_name": to, "tie": tie}
    return TieLine(**(given | slugs | named | more))


TIES = (
    tied("Amcrest", "made_by", "Dahua", scope="most lines"),
    tied("Annke", "made_by", "Hikvision", firmness="mixed", scope="some recorders by others"),
    tied("Axis", "owned_by", "Canon", when="since 2015"),
    tied("HiLook", "made_by", "Hikvision"),
    tied("HiLook", "owned_by", "Hikvision"),
    tied(
        "Bosch",
        "made_by",
        "Dahua",
        firmness="past",
        when="from 2013 to November 2022",
        standing="ended",
        confidence="unverified",
    ),
)


def sample(**changes: Any) -> Snapshot:
    """Return the whole pretend estate."""
    snapshot = Snapshot(
        estate="Pretend estate of the Department for Pretend Affairs",
        marking="OFFICIAL-SENSITIVE",
        pretend=True,
        generated_at=datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
        rules_on=ON,
        facts_on=ON,
        known_at=datetime(2026, 11, 22, 9, 0, tzinfo=UTC),
        collector="camaudit 0.1.0",
        policy=PolicyLine(
            id="pretend-statement",
            title="Pretend statement on surveillance equipment",
            issuer="Pretend Office",
            version="2026.1",
            digest="5f" * 32,
            as_of=ON,
            legal_force="internal",
            notes=(
                (
                    "What does “produced by” rest on when the label and the maker differ?",
                    "The likely producer: hardware, then firmware, then the label's known maker.",
                    "pack authors",
                ),
            ),
            choices=(("Is an executive agency bound?", "bound"),),
            citations=(STATEMENT, ANSWER, citation("rumour", "unverified")),
        ),
        figures=(
            figure("sites", "sites in the register", 5, 5, "sites in the register"),
            figure(
                "sites-classified",
                "sites classified as sensitive or not",
                4,
                5,
                "sites in the register",
                note="sites whose class is unknown or withheld are not counted",
            ),
            figure(
                "sites-with", "sites with such equipment still there", 5, 5, "sites with a device"
            ),
            figure(
                "units",
                "units that the records stand for",
                23,
                23,
                "units",
                approximate=True,
                note="one entry of the register says about 12",
            ),
            figure("such", "devices likely produced by covered companies", 6, 12, "device records"),
            figure(
                "disconnected",
                "of these recorded as disconnected",
                1,
                6,
                "such devices",
                note="recorded by a person; not verified from traffic",
            ),
            figure("removed", "of these recorded as removed", 1, 6, "such devices"),
        ),
        duties=tuple(duty(clause, DEVICES) for clause in "abcde"),
        makers=(
            Count(word="hikvision", label="Hikvision", devices=3),
            Count(word="", label="cannot tell", devices=3),
            Count(word="dahua", label="Dahua", devices=2),
            Count(word="axis", label="Axis", devices=1),
            Count(word="bosch", label="Bosch", devices=1),
            Count(word="uniview", label="Uniview", devices=1),
        ),
        kinds=(
            Count(word="camera", label="camera", devices=9),
            Count(word="recorder", label="recorder", devices=1),
            Count(word="not_surveillance", label="not surveillance", devices=1),
            Count(word="unknown", label="unknown", devices=1),
        ),
        states=(
            Count(word="in_service", label="in service", devices=10),
            Count(word="disconnected", label="disconnected", devices=1),
            Count(word="removed", label="removed", devices=1),
        ),
        bases=(
            Count(word="evidenced", label="evidenced", devices=4),
            Count(word="presumed", label="presumed", devices=3),
            Count(word="declared", label="declared", devices=3),
        ),
        unknowns=(
            figure("cannot-tell", "verdicts that cannot be given", 17, 48, "verdicts"),
            figure("no-maker", "devices whose producer cannot be told", 4, 12, "device records"),
        ),
        questions=(
            Question(
                fact="site.sensitivity",
                question="Is this site a sensitive site? The department's security team decides.",
                obtain="record it with `camaudit site`",
                verdicts=7,
                settles=3,
            ),
            Question(
                fact="device.producer",
                question="Who made this device, whatever its label says?",
                obtain="photograph its type plate and record a sighting",
                verdicts=5,
                settles=5,
            ),
        ),
        sites=(
            site("wharfside", "Wharfside House", "yes", "core"),
            site("quarry-annexe", "Quarry Annexe", "unknown", "isolated"),
            site("harbour-lab", "Harbour Laboratory", "yes", None),
            site("millpond", "Millpond Depot", "no", "internet"),
            site("larkfield", "Larkfield School", "no", None, owner="Larkfield School"),
        ),
        devices=DEVICES,
        bands=(("weak", 0.5), ("probable", 0.8), ("strong", 0.95)),
        ties=TIES,
        weaknesses=WEAKNESSES,
        weakness_figures=(
            figure("weak", "devices whose version has a weakness", 1, 12, "pretend cameras"),
        ),
        advisory_digest="ad" * 32,
    )
    return replace(snapshot, **changes)


def site(
    name: str,
    label: str,
    sensitivity: str,
    zone: str | None,
    owner: str = "Department for Pretend Affairs",
) -> SiteRow:
    here = [each for each in DEVICES if each.site == name]

    def having(code: str) -> int:
        return sum(any(line.verdict == code for line in each.verdicts) for each in here)

    return SiteRow(
        id=name,
        name=label,
        owner=owner,
        sensitivity=sensitivity,
        zone=zone,
        devices=len(here),
        breaches=having("breaches"),
        cannot_tell=having("cannot_tell"),
    )


def large(devices: int) -> Snapshot:
    """Return the sample with its devices repeated under new ids until there are ``devices``."""
    rows = tuple(
        replace(DEVICES[number % len(DEVICES)], id=f"D-{number:08d}") for number in range(devices)
    )
    return sample(devices=rows, duties=tuple(duty(clause, rows) for clause in "abcde"))


def empty() -> Snapshot:
    """Return an estate in which nothing is on record yet."""
    return sample(
        devices=(),
        sites=(),
        questions=(),
        makers=(),
        kinds=(),
        states=(),
        bases=(),
        ties=(),
        weaknesses=(),
        weakness_figures=(),
        duties=tuple(duty(clause, ()) for clause in "abcde"),
    )


def small() -> Snapshot:
    """Return three devices, for the examples that stand beside each report."""
    rows = (DEVICES[0], DEVICES[1], DEVICES[2])
    return sample(
        devices=rows,
        sites=sample().sites[:3],
        duties=tuple(duty(clause, rows) for clause in "abcde"),
        figures=(
            figure("sites", "sites in the register", 3, 3, "sites in the register"),
            figure("such", "devices likely produced by covered companies", 2, 3, "device records"),
        ),
        unknowns=(figure("cannot-tell", "verdicts that cannot be given", 5, 12, "verdicts"),),
        weakness_figures=(
            figure("weak", "devices whose version has a weakness", 1, 3, "pretend cameras"),
        ),
        questions=(replace(sample().questions[0], verdicts=4, settles=2),),
        makers=(
            Count(word="axis", label="Axis", devices=1),
            Count(word="dahua", label="Dahua", devices=1),
            Count(word="hikvision", label="Hikvision", devices=1),
        ),
        kinds=(
            Count(word="camera", label="camera", devices=2),
            Count(word="recorder", label="recorder", devices=1),
        ),
        states=(Count(word="in_service", label="in service", devices=3),),
        bases=(
            Count(word="presumed", label="presumed", devices=3),
            Count(word="declared", label="declared", devices=1),
            Count(word="evidenced", label="evidenced", devices=1),
        ),
    )
