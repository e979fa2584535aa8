"""The HTML report as a document: whole, self-contained, escaped, and within bounds."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from camaudit.reports import registry
from camaudit.reports.html.build import MOST_DEVICES, MOST_SITES

from .sample import DEVICES, empty, large, sample

VOID = frozenset({"meta", "br", "img", "input", "link", "hr"})
#: What HTML calls a request, besides a link that a person follows.
FETCHING = frozenset({"src", "srcset", "data", "poster", "action", "formaction", "background"})


class Page(HTMLParser):
    """A page's elements, its ids and references, and whether it nests properly."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.faults: list[str] = []
        self.feed(html)
        self.faults += [f"<{each}> is never closed" for each in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")

    def all(self, *tags: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.elements if tag in tags]


def html(snapshot: object = None) -> str:
    return b"".join(registry()["html"].build(snapshot or sample())).decode()  # type: ignore[arg-type]


@pytest.fixture(scope="module", params=["sample", "empty", "unmarked"])
def page(request: pytest.FixtureRequest) -> Page:
    made = {"sample": sample(), "empty": empty(), "unmarked": sample(marking=None)}
    return Page(html(made[request.param]))


def test_it_nests_properly(page: Page) -> None:
    assert page.faults == []


def test_ids_are_unique_and_every_reference_leads_to_one(page: Page) -> None:
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    hrefs = {a["href"][1:] for a in page.all("a", "use") if a["href"].startswith("#")}
    named = {
        name
        for _, attributes in page.elements
        for name in attributes.get("aria-labelledby", "").split()
    }
    fills = {a["fill"][5:-1] for a in page.all("rect") if a.get("fill", "").startswith("url(#")}
    assert hrefs
    assert sorted((hrefs | named | fills) - set(ids)) == []


def test_it_asks_for_nothing_and_runs_nothing(page: Page) -> None:
    assert page.all("script", "link", "iframe", "object", "embed", "img", "base") == []
    fetching = [
        (tag, name) for tag, attributes in page.elements for name in attributes if name in FETCHING
    ]
    assert fetching == []
    inline = [
        (tag, name)
        for tag, attributes in page.elements
        for name in attributes
        if name == "style" or name.startswith("on")
    ]
    assert inline == []  # the page's own policy would block them


def test_its_policy_allows_its_one_style_and_nothing_else() -> None:
    text = html()
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)
    assert policy.split("; ") == [
        "default-src 'none'",
        f"style-src 'sha256-{digest}'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    assert "url(" not in style
    assert "@import" not in style


def test_headings_begin_at_one_and_skip_no_level(page: Page) -> None:
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))


def test_tables_have_captions_and_header_cells_a_scope(page: Page) -> None:
    assert len(page.all("caption")) == len(page.all("table"))
    assert [attributes for attributes in page.all("th") if "scope" not in attributes] == []


def test_the_language_is_british_english_and_the_skip_link_comes_first(page: Page) -> None:
    assert page.all("html")[0]["lang"] == "en-GB"
    assert page.all("a")[0] == {"class": "skip", "href": "#answer"}


def test_charts_have_a_title_and_a_description() -> None:
    page = Page(html())
    charts = [a for a in page.all("svg") if a.get("role") == "img"]
    assert len(charts) == 2 + 3  # and a picture of ties for each of three families
    assert len(page.all("title")) == 1 + len(charts)
    assert len(page.all("desc")) == len(charts)
    assert [
        a for a in page.all("svg") if a.get("role") != "img" and a.get("aria-hidden") != "true"
    ] == []


def test_the_chart_tells_its_numbers_in_words() -> None:
    (told,) = re.findall(r'<desc id="chart-duties-told">(.*?)</desc>', html())
    assert "Clause a: must not, of 12: breaches 1, cannot tell 3, meets (presumed) 1" in told
    assert "Clause b: should (described as must since July 2023), of 12: breaches 2" in told


def test_a_device_s_text_is_escaped() -> None:
    text = html()
    assert "<script>" not in text
    assert "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;" in text


@pytest.mark.parametrize("marking", ['"}</style><script>x()</script>', "a\\22 b;}", "ÖFFENTLICH"])
def test_a_marking_cannot_leave_its_place_in_the_style(marking: str) -> None:
    text = html(sample(marking=marking))
    assert "<script>" not in text
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    contents = re.findall(r'content:"([^"]*)"', style)
    assert len(contents) == 3
    spelt = re.sub(r"\\([0-9a-f]+) ", lambda found: chr(int(found[1], 16)), contents[0])
    assert spelt == f"{marking} · pretend estate"


def test_printed_pages_carry_the_marking_at_the_top_and_at_the_bottom() -> None:
    style = html()
    assert re.search(r"@top-center\{content:\"OFFICIAL\\2d SENSITIVE", style)
    assert re.search(r"@bottom-center\{content:\"OFFICIAL\\2d SENSITIVE", style)


def test_each_clause_that_applies_stands_with_its_quote_and_its_citation() -> None:
    text = html()
    lines = [line for each in DEVICES for line in each.verdicts]
    assert text.count('<li class="verdict">') == len(lines)
    heads = re.findall(r'<p class="verdict-head">.*?<b>Clause ([a-e]): ', text)
    assert len(heads) == len(lines)
    sources = re.findall(r'<p class="source">The text: <q>([^<]+)</q> <a href="#cite-', text)
    assert len(sources) == len(lines)


def test_an_address_that_is_no_web_page_is_no_link() -> None:
    policy = sample().policy
    odd = replace(policy.citations[0], url="javascript:alert(1)")
    text = html(sample(policy=replace(policy, citations=(odd, *policy.citations[1:]))))
    assert 'href="javascript:' not in text
    assert "javascript:alert(1)" in text


def test_what_stands_out_is_told_with_its_denominator() -> None:
    text = re.sub(r"<[^>]+>", "", html())
    assert "1 of 12 device records breaches clause a, must not: no new deployment" in text
    assert "2 of 12 device records breach clause b, should (described as must since" in text
    assert "1 of 12 device records has a decision outstanding on clause c" in text
    assert "no verdict can be given on 3 under clause a, 4 under clause b, 3 under" in text


def test_devices_come_worst_first() -> None:
    order = re.findall(r'id="device-(D-[A-Z0-9]+)"', html())
    assert order[:2] == ["D-K3QW7PLM", "D-UNVC0RE5"]
    assert sorted(order) == sorted(each.id for each in DEVICES)


def test_a_large_estate_shows_the_devices_that_matter_and_counts_the_rest() -> None:
    text = html(large(MOST_DEVICES + 1_000))
    assert text.count('<article class="device"') == MOST_DEVICES
    assert "The 2,000 of 3,000 device records that matter most" in text
    left = [
        int(each.replace(",", "")) for each in re.findall(r"<b>([\d,]+) of [\d,]+</b> in", text)
    ]
    assert sum(left) == 1_000


def test_many_sites_are_cut_and_counted() -> None:
    sites = sample().sites * 500
    text = html(sample(sites=sites))
    assert f"<b>{len(sites) - MOST_SITES:,} of {len(sites):,} sites</b>" in text


def test_a_page_for_ten_thousand_devices_stays_below_16_megabytes() -> None:
    size = sum(map(len, registry()["html"].build(large(10_000))))
    assert size < 16_000_000
