"""A pretend order, written by hand, that holds every answer that a writer must be able to say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, Final

from camaudit.model.ids import MakerId, RequirementId
from camaudit.model.orders import Function, Item, ItemAnswer, LineAnswer, OrderLine
from camaudit.model.policy import Check, Citation, Gap, Verdict
from camaudit.model.words import Basis, Confidence, Kind, Strength, VerdictCode
from camaudit.reports.orders import OrderAbout

BREACHES: Final = VerdictCode.BREACHES
CANNOT_TELL: Final = VerdictCode.CANNOT_TELL
MEETS: Final = VerdictCode.MEETS
NOT_APPLICABLE: Final = VerdictCode.NOT_APPLICABLE

AT: Final = date(2026, 11, 26)
ABOUT: Final = OrderAbout(
    order="orders/2026 north.csv",
    version="0.1.0",
    makers={"hikvision": "Hikvision", "axis": "Axis", "dahua": "Dahua"},
    policies={"pretend-ban": "A pretend ban", "pretend-list": "A pretend list"},
)

#: Text that steers a screen, breaks XML, forms links, placeholders and markup.
HOSTILE: Final = (
    "\x1b[2J\x1b]0;title\x07cam\u202eera\x00 ]]> <script>alert(1)</script> & \"'\n"
    "[x](https://e.example) {0} \ufffe\uffff\ud800 \u2028 =1+1 `code` **bold** [bold red]x[/]"
)

STATUTE: Final = Citation(
    id="statute",
    locator="Pretend Act, section 9(1)",
    url="https://statutes.example/9",
    retrieved=date(2026, 11, 20),
    quote="no covered equipment may be bought",
    confidence=Confidence.VERIFIED,
)


def gap(question: str) -> Gap:
    return Gap(
        fact="device.producer",
        missing="who produced it",
        question=question,
        obtain="ask the supplier",
        note=None,
        verdicts=1,
        settles=1,
    )


def verdict(code: VerdictCode, sentence: str, requirement: str = "buy", **changes: Any) -> Verdict:
    made = Verdict(
        requirement=RequirementId(requirement),
        clause="9(1)" if requirement == "buy" else "9(2)",
        title="Do not buy covered equipment" if requirement == "buy" else "Prefer other equipment",
        verdict=code,
        outstanding=False,
        strength=Strength.MUST_NOT if requirement == "buy" else Strength.SHOULD,
        described_as=(),
        basis=Basis.EVIDENCED if code in {BREACHES, MEETS} else None,
        not_examined=(),
        sentence=sentence,
        quote="no covered equipment may be bought",
        citations=(STATUTE,),
        facts=(),
        gaps=(),
        branches=(),
        choices=(),
        deadline=None,
        check=Check.AUTOMATED,
        policy="pretend-ban",
        version="2026.1",
        digest="5f" * 32,
        at=AT,
    )
    return replace(made, **changes)


def item(
    text: str, *verdicts: Verdict, maker: str | None = None, share: float | None = None, **more: Any
) -> ItemAnswer:
    by_policy: dict[str, tuple[Verdict, ...]] = {}
    for each in verdicts:
        by_policy[each.policy] = (*by_policy.get(each.policy, ()), each)
    made = ItemAnswer(
        item=Item(text=text, function=Function.EQUIPMENT),
        brand=None,
        model=None,
        maker=MakerId(maker) if maker else None,
        maker_confidence=share,
        kind=Kind.CAMERA,
        verdicts=by_policy,
    )
    return replace(made, **more)


def line(number: int, description: str, *items: ItemAnswer, **changes: Any) -> LineAnswer:
    order_line = OrderLine(
        line=str(number),
        position=f"row {number + 1}",
        description=description,
        supplier="Brightlens Supplies",
    )
    of_line = {key: changes.pop(key) for key in [*changes] if key in OrderLine.__dataclass_fields__}
    made = LineAnswer(
        line=replace(order_line, **of_line),
        items=items,
        verdicts={"pretend-ban": MEETS},
        basis=None,
        not_examined=(),
        reasons=(),
        ask_supplier=(),
    )
    return replace(made, **changes)


BREACHING: Final = line(
    1,
    "DS-2CD2143G2 dome camera",
    item(
        "DS-2CD2143G2 dome camera",
        verdict(BREACHES, "Likely produced by Hikvision (0.97), which the Act names."),
        verdict(BREACHES, "Likely produced by Hikvision (0.97).", "prefer", basis=Basis.DECLARED),
        maker="hikvision",
        share=0.97,
        brand="Hikvision",
        model="DS-2CD2143G2",
    ),
    quantity="4",
    verdicts={"pretend-ban": BREACHES},
    basis=Basis.DECLARED,
    reasons=("The model number is one that Hikvision gives.",),
    ask_supplier=("Which build of the firmware is delivered?",),
)
OPEN: Final = line(
    2,
    "8 channel recorder kit",
    item(
        "recorder",
        verdict(
            CANNOT_TELL,
            "Not enough is known to tell. Missing: who produced it.",
            gaps=(gap("Who produced this recorder?"),),
        ),
        verdict(NOT_APPLICABLE, "The advice is on cameras.", "prefer"),
    ),
    item(
        "cable",
        verdict(NOT_APPLICABLE, "A cable is no covered equipment."),
        verdict(NOT_APPLICABLE, "The advice is on cameras.", "prefer"),
        kind=Kind.ACCESSORY,
    ),
    verdicts={"pretend-ban": CANNOT_TELL},
    reasons=("The line names no model.",),
    ask_supplier=(
        "Which build of the firmware is delivered?",
        "Which model is the recorder of this kit?",
    ),
)
MEETING: Final = line(
    3,
    "P3245-LVE",
    item(
        "P3245-LVE",
        verdict(
            MEETS,
            "Likely produced by Axis (0.98), which the Act does not name.",
            basis=Basis.PRESUMED,
            not_examined=("components", "firmware_origin"),
        ),
        verdict(MEETS, "Likely produced by Axis (0.98).", "prefer", basis=Basis.EVIDENCED),
        maker="axis",
        share=0.98,
        brand="Axis",
    ),
    basis=Basis.PRESUMED,
    not_examined=("components", "firmware_origin"),
    supplier="Other Trading",
)
OUTSIDE: Final = line(
    4,
    "Cleaning of windows",
    item(
        "Cleaning of windows",
        verdict(NOT_APPLICABLE, "Cleaning is neither equipment nor a service for it."),
        verdict(NOT_APPLICABLE, "The advice is on cameras.", "prefer"),
        kind=Kind.NOT_SURVEILLANCE,
    ),
    verdicts={"pretend-ban": NOT_APPLICABLE},
    supplier=None,
)
ORDER: Final = (BREACHING, OPEN, MEETING, OUTSIDE)


def hostile() -> LineAnswer:
    """Return a line of which every text from outside is hostile."""
    return line(
        9,
        HOSTILE,
        item(
            HOSTILE,
            verdict(CANNOT_TELL, HOSTILE, title=HOSTILE, quote=HOSTILE, gaps=(gap(HOSTILE),)),
            maker=HOSTILE,
            share=0.5,
            brand=HOSTILE,
            model=HOSTILE,
        ),
        line=HOSTILE,
        position=HOSTILE,
        supplier=HOSTILE,
        quantity=HOSTILE,
        verdicts={"pretend-ban": CANNOT_TELL},
        reasons=(HOSTILE,),
        ask_supplier=(HOSTILE,),
    )


def long() -> LineAnswer:
    """Return a line of which every text is a million characters long."""
    huge = "x" * 1_000_000
    return line(
        9,
        huge,
        item(huge, verdict(CANNOT_TELL, huge, gaps=(gap(huge),)), brand=huge),
        line=huge,
        position=huge,
        verdicts={"pretend-ban": CANNOT_TELL},
        reasons=tuple(f"{number} {huge}" for number in range(100)),
        ask_supplier=(huge,),
    )
