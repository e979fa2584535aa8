"""Leave out of an order's answers what their readers may not have, before anything is written.

1. What people typed (descriptions, what suppliers state) may hold anything, so any redaction takes
   all of it away. Brand and model stay: they are what is judged.
2. Sites, bodies and suppliers keep an opaque label each, so that lines can still be told apart.
3. Lines keep their number and their place: they are what the office looks a line up by.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from camaudit.model.orders import Item, ItemAnswer, LineAnswer, OrderLine
from camaudit.model.policy import Verdict

from .redact import ADDRESSES, PEOPLE, SITES, insist_known, numbered
from .scrub import REDACTED, Scrubber


def redact_order(answers: Sequence[LineAnswer], what: Collection[str]) -> tuple[LineAnswer, ...]:
    """Return the answers without ``what``, some of ``sites addresses serials people``.

    Raises:
        UsageError: a category is not one of these.
    """
    insist_known(what)
    return _Redaction(answers, frozenset(what)).answers() if what else tuple(answers)


@dataclass(frozen=True, slots=True)
class _Own:
    """A line's own secrets, which are taken out of its sentences inside words too."""

    texts: tuple[str, ...]
    scrubber: Scrubber

    def __call__(self, text: str) -> str:
        return self.scrubber.text(text, *self.texts)

    def each(self, texts: Iterable[str]) -> tuple[str, ...]:
        return tuple(map(self, texts))


class _Redaction:
    def __init__(self, answers: Sequence[LineAnswer], what: frozenset[str]) -> None:
        self._answers = answers
        lines = [answer.line for answer in answers]
        places, people = SITES in what, PEOPLE in what
        self._sites = _labels((line.site for line in lines), "site") if places else {}
        self._bodies = _labels((line.body for line in lines), "body") if places else {}
        self._suppliers = _labels((line.supplier for line in lines), "supplier") if people else {}
        secrets = (*self._sites, *self._bodies, *self._suppliers)
        self._scrubber = Scrubber(secrets, addresses=ADDRESSES in what)

    def answers(self) -> tuple[LineAnswer, ...]:
        return tuple(map(self._answer, self._answers))

    def _answer(self, answer: LineAnswer) -> LineAnswer:
        own = _Own(tuple(self._secrets(answer)), self._scrubber)
        return replace(
            answer,
            line=self._line(answer.line, own),
            items=tuple(_item_answer(each, own) for each in answer.items),
            reasons=own.each(answer.reasons),
            ask_supplier=own.each(answer.ask_supplier),
        )

    def _line(self, line: OrderLine, own: _Own) -> OrderLine:
        return replace(
            line,
            line=own(line.line),
            position=own(line.position),
            description=_named(line.brand, line.model, own),
            brand=own(line.brand) if line.brand else None,
            model=own(line.model) if line.model else None,
            supplier=self._suppliers.get(line.supplier or "", line.supplier),
            quantity=own(line.quantity) if line.quantity else None,
            site=self._sites.get(line.site or "", line.site),
            purpose=own(line.purpose) if line.purpose else None,
            body=self._bodies.get(line.body or "", line.body),
            attestation=None,
        )

    def _secrets(self, answer: LineAnswer) -> Iterable[str]:
        line = answer.line
        for name, labels in (
            (line.site, self._sites),
            (line.body, self._bodies),
            (line.supplier, self._suppliers),
        ):
            if name and name in labels:
                yield name
        typed = (line.description, line.attestation, *(each.item.text for each in answer.items))
        # A single word ("camera") says nothing about anybody, and stands in other sentences.
        yield from (text.strip() for text in typed if text and len(text.split()) > 1)


def _labels(names: Iterable[str | None], word: str) -> Mapping[str, str]:
    return numbered({name for name in names if name}, word)


def _named(brand: str | None, model: str | None, own: _Own) -> str:
    return own(" ".join(filter(None, (brand, model)))) or REDACTED


def _item_answer(answer: ItemAnswer, own: _Own) -> ItemAnswer:
    return replace(
        answer,
        item=_item(answer.item, own),
        brand=own(answer.brand) if answer.brand else None,
        model=own(answer.model) if answer.model else None,
        verdicts={
            policy: tuple(_verdict(each, own) for each in several)
            for policy, several in answer.verdicts.items()
        },
    )


def _item(item: Item, own: _Own) -> Item:
    return replace(
        item,
        text=_named(item.brand, item.model, own),
        brand=own(item.brand) if item.brand else None,
        model=own(item.model) if item.model else None,
    )


def _verdict(verdict: Verdict, own: _Own) -> Verdict:
    return replace(
        verdict,
        sentence=own(verdict.sentence),
        facts=tuple(
            replace(fact, value=own(fact.value) if fact.value else fact.value)
            for fact in verdict.facts
        ),
        gaps=tuple(
            replace(gap, question=own(gap.question), note=own(gap.note) if gap.note else None)
            for gap in verdict.gaps
        ),
    )
