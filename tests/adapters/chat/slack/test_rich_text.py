"""The layout's vocabulary as blocks."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.chat.slack.rich_text import draw

BOLD = {"style": {"bold": True}}


def text(words: str, **more: Any) -> dict[str, Any]:
    return {"type": "text", "text": words, **more}


def link(url: str, words: str, **more: Any) -> dict[str, Any]:
    return {"type": "link", "url": url, "text": words, **more}


def section(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": list(elements)}


def rich_text(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text", "elements": list(elements)}


def bullets(*items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text_list", "style": "bullet", "elements": list(items)}


def small_print(words: str) -> dict[str, Any]:
    return {"type": "context", "elements": [{"type": "plain_text", "text": words}]}


def test_a_headline_is_a_header_and_what_stands_under_it_is_small() -> None:
    assert draw('<header><h2>Muted  here</h2><p class="count">3 mutes</p><p class="aside">Since May.</p></header>') == [
        {"type": "header", "text": {"type": "plain_text", "text": "Muted here"}},
        small_print("3 mutes\nSince May."),
    ]


def test_a_title_that_is_linked_is_bold_text_for_a_header_has_no_links() -> None:
    title = '<h2><strong class="status">Retracted</strong> <a href="https://doi.org/10.1/x">Knees</a> [German]</h2>'
    [block] = draw(f"<article>{title}<p class='byline'>Journal<span hidden> · </span><span>P1</span></p></article>")
    assert block == rich_text(
        section(
            text("Retracted ", **BOLD),
            link("https://doi.org/10.1/x", "Knees", **BOLD),
            text(" [German]", **BOLD),
            text("\nJournal · P1"),
        )
    )


def test_paragraphs_share_a_section_with_as_few_elements_as_possible() -> None:
    assert draw("<p>One.</p>\n<p><span>Two</span> <span>and</span> <em>three</em>.</p>") == [
        rich_text(section(text("One.\nTwo and "), text("three", style={"italic": True}), text(".")))
    ]


def test_a_list_of_papers_is_one_section_with_gaps() -> None:
    papers = "".join(
        f'<li class="paper"><p class="title"><span class="number">{n}.</span> <a href="https://x.org/{n}">T{n}</a></p>'
        f'<p class="byline">Journal</p><p class="key">Key {n}.</p></li>'
        for n in (1, 2)
    )
    assert draw(f'<ol class="papers">{papers}</ol>') == [
        rich_text(
            section(
                text("1. "),
                link("https://x.org/1", "T1"),
                text("\nJournal\nKey 1.\n\n2. "),
                link("https://x.org/2", "T2"),
                text("\nJournal\nKey 2."),
            )
        )
    ]


def test_the_parts_of_an_abstract_have_their_labels_on_lines_of_their_own() -> None:
    labelled = (
        "<p>By Ann</p><h3>METHODS</h3><p class='abstract'>We looked.</p><h3>RESULTS</h3><p class='abstract'>Ten.</p>"
    )
    assert draw(labelled) == [
        rich_text(
            section(
                text("By Ann\n\n"), text("METHODS", **BOLD), text("\nWe looked.\n\n"), text("RESULTS", **BOLD),
                text("\nTen."),
            )
        )
    ]  # fmt: skip
    assert draw("<p>By Ann</p><p class='abstract'>We looked.</p>") == [rich_text(section(text("By Ann\n\nWe looked.")))]


def test_a_list_has_bullets_and_its_items_have_lines_and_what_follows_stands_apart() -> None:
    rows = (
        '<li><p class="row"><strong>mri</strong> <span>3 papers</span></p><p><code>knee mri</code></p></li><li>ct</li>'
    )
    assert draw(f"<p>Here:</p><ul>{rows}<li></li></ul><p>That is all.</p>") == [
        rich_text(
            section(text("Here:")),
            bullets(
                section(text("mri", **BOLD), text(" 3 papers\n"), text("knee mri", style={"code": True})),
                section(text("ct")),
            ),
        ),
        rich_text(section(text("That is all."))),
    ]


def test_a_label_stands_above_its_papers() -> None:
    papers = '<ol class="papers"><li class="paper"><p class="title">1. T</p></li></ol>'
    assert draw(f"<h3>Newest</h3>{papers}") == [rich_text(section(text("Newest", **BOLD), text("\n1. T")))]


def test_preformatted_text_keeps_its_blanks() -> None:
    assert draw("<pre>mri AND (\n        ^</pre>") == [
        rich_text({"type": "rich_text_preformatted", "elements": [text("mri AND (\n        ^")]})
    ]


def test_a_person_is_a_mention_and_a_person_of_elsewhere_is_a_name() -> None:
    assert draw('<p>By <span class="person" data-user="U01AB">U01AB</span>.</p>') == [
        rich_text(section(text("By "), {"type": "user", "user_id": "U01AB"}, text(".")))
    ]
    assert draw('<p>By <span class="person" data-user="ann">ann</span>.</p>') == [rich_text(section(text("By ann.")))]


def test_small_print_with_a_person_or_code_in_it_is_text() -> None:
    assert draw('<p class="aside">Ignored: <code>+</code></p>') == [
        rich_text(section(text("Ignored: "), text("+", style={"code": True})))
    ]


def test_what_other_platforms_show_is_left_out_and_what_is_for_the_eye_stays() -> None:
    assert draw("<p hidden>+ 3 more</p>") == []
    assert draw('<p><button class="opener"><span data-silent>Open </span>P9</button></p>') == [
        rich_text(section(text("P9")))
    ]
    assert draw('<p><span data-silent aria-hidden="true">▁█ </span>Busy.</p>') == [rich_text(section(text("▁█ Busy.")))]


def test_a_command_to_type_is_code() -> None:
    assert draw('<p><button class="command" data-command="/papers help">help</button> tells</p>') == [
        rich_text(section(text("help", style={"code": True}), text(" tells")))
    ]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "#m12", "https://user@evil.example/", "https://x.org/ y", ""])
def test_what_leads_not_simply_to_the_web_is_no_link(url: str) -> None:
    assert draw(f'<p><a href="{url}">there</a></p>') == [rich_text(section(text("there")))]


def test_a_link_holds_nothing_that_markup_could_use() -> None:
    [block] = draw("<p><a href=\"https://x.org/a|b<c>'d'\">there</a></p>")
    assert block["elements"][0]["elements"][0]["url"] == "https://x.org/a%7Cb%3Cc%3E%27d%27"


def test_a_long_text_is_split_where_nobody_sees_it() -> None:
    [block] = draw(f"<p>{'x' * 7000}</p>")
    assert [len(element["text"]) for element in block["elements"][0]["elements"]] == [3000, 3000, 1000]


def test_two_characters_that_no_tree_may_hold_are_left_out() -> None:
    assert draw("<p>a\ufffeb\uffffc</p>") == [rich_text(section(text("abc")))]


def test_nothing_to_show_makes_no_blocks() -> None:
    assert draw("") == draw("<p> </p><ul></ul><header><h2></h2></header><pre></pre>") == []
