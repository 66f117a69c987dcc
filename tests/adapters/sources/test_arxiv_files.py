"""Files of arXiv's XML as people have them."""

import io
import re
from pathlib import Path

import pytest

from adapters.sources.arxiv import parse_api, parse_oai, read_atom, read_oai
from adapters.sources.arxiv.files import MAX_RECORD
from bot.errors import SourceError
from bot.model import Record
from bot.ports import Refusal

DATA = Path(__file__).parents[2] / "data" / "arxiv"
API, OAI = ((DATA / name).read_bytes() for name in ("api.xml", "oai.xml"))
DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'
RECORD = (
    b"<record><header><identifier>oai:arXiv.org:0704.%04d</identifier></header><metadata>"
    b'<arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>0704.%04d</id><created>2007-04-02</created>'
    b"<title>A made-up title</title><abstract>Made up.</abstract></arXiv></metadata></record>\n"
)
FEED = b'<feed xmlns="http://www.w3.org/2005/Atom">%s</feed>'
ERROR = (
    b"<entry><id>https://arxiv.org/api/errors#incorrect_id</id><title>Error</title>"
    b"<summary>incorrect id format for abc</summary></entry>"
)


def ids(items: list[Record | Refusal]) -> list[str]:
    return [item.source_id for item in items if isinstance(item, Record)]


def test_several_answers_one_after_another_are_read_as_one_file() -> None:
    feed, pages = parse_api(API), parse_oai(OAI)
    assert len(list(read_atom(io.BytesIO(API * 3)))) == 3 * feed.size
    assert list(read_oai(io.BytesIO(OAI + b"\n" + OAI))) == [*pages.records, *pages.refused] * 2


@pytest.mark.parametrize("before", range(0, 240, 7))
def test_a_declaration_may_stand_across_the_border_of_two_reads(before: int) -> None:
    record = DECLARATION + RECORD % (1, 1)
    padding = b" " * ((1 << 16) - before - len(record))
    assert ids(list(read_oai(io.BytesIO(record + padding + DECLARATION + RECORD % (2, 2))))) == [
        "0704.0001",
        "0704.0002",
    ]


def test_bare_records_and_the_answer_to_one_question_are_read() -> None:
    bare = b"".join(RECORD % (n, n) for n in range(1, 1001))
    assert len(ids(list(read_oai(io.BytesIO(bare))))) == 1000
    answer = b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><GetRecord>%s</GetRecord></OAI-PMH>'
    assert ids(list(read_oai(io.BytesIO(answer % (RECORD % (7, 7)))))) == ["0704.0007"]


def test_an_answer_without_papers_holds_nothing_and_is_no_mistake() -> None:
    assert list(read_atom(io.BytesIO(DECLARATION + FEED % b""))) == []
    nothing = b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><error code="%s">Sorry.</error></OAI-PMH>'
    assert list(read_oai(io.BytesIO(nothing % b"noRecordsMatch"))) == []
    with pytest.raises(SourceError, match=re.escape("arXiv answered with an error: badArgument: Sorry.")):
        list(read_oai(io.BytesIO(nothing % b"badArgument")))


def test_an_error_that_stands_for_an_entry_is_told_in_its_own_words() -> None:
    [refusal] = read_atom(io.BytesIO(FEED % ERROR))
    assert isinstance(refusal, Refusal)
    assert refusal.reason == "arXiv answered with an error: incorrect id format for abc"


@pytest.mark.parametrize("before", [b"", RECORD % (1, 1)])
def test_damage_near_the_end_is_told_like_any_other(before: bytes) -> None:
    items = read_oai(io.BytesIO(before + b'<record><header a="\n<b>c</b></header></record>'))
    if before:
        assert ids([next(items)]) == ["0704.0001"]
    with pytest.raises(SourceError, match="not the XML"):
        next(items)


@pytest.mark.parametrize("filling", [b"<link/>", b"text ", b"<a>"])
def test_a_record_that_never_ends_is_given_up_early(filling: bytes) -> None:
    stream = io.BytesIO(FEED % (b"<entry>" + filling * (5 * MAX_RECORD // len(filling))))
    with pytest.raises(SourceError):
        list(read_atom(stream))
    assert stream.tell() < 1.1 * MAX_RECORD


@pytest.mark.parametrize("body", [b"", b"no xml", b"<PubmedArticleSet/>", b"<html><body>Rate exceeded.</body></html>"])
def test_something_else_is_refused(body: bytes) -> None:
    for read in (read_atom, read_oai):
        with pytest.raises(SourceError, match="the file holds no <"):
            list(read(io.BytesIO(body)))
