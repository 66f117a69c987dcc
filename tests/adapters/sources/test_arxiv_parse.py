"""What arXiv sends, read without a network."""

import gzip
import io
import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.sources.arxiv import Feed, parse_api, parse_oai, parse_rss, read_atom, read_oai
from adapters.sources.arxiv.fields import read_dois, read_id, split_names
from bot.errors import SourceError
from bot.model import Identifier, Kind, Record, Status
from bot.ports import Refusal

DATA = Path(__file__).parents[2] / "data" / "arxiv"
SHARED = Path(__file__).parents[4] / "shared" / "data"
needs_shared_data = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data is not here")


def data(name: str) -> bytes:
    return (DATA / name).read_bytes()


def by_id(feed: Feed) -> dict[str, Record]:
    return {record.source_id: record for record in feed.records}


# ---------------------------------------------------------------- the API


def test_an_entry_of_the_api_becomes_a_whole_record() -> None:
    feed = parse_api(data("api.xml"))
    assert (feed.total, feed.size, feed.error) == (5, 5, None)
    assert by_id(feed)["2611.01234"] == Record(
        source="arxiv",
        source_id="2611.01234",
        version=2,
        kind=Kind.PREPRINT,
        title="Lanterns at $T_c$: a made-up study & its limits",
        abstract="We invent lanterns and measure nothing.\nA second paragraph says so again.",
        authors=("Ada Example", "Zoë Ąmple"),
        url="https://arxiv.org/abs/2611.01234",
        pdf_url="https://arxiv.org/pdf/2611.01234",
        published=date(2026, 11, 2),
        entered=date(2026, 11, 2),
        venue="J. Made Up Res. 3 (2026) 7",
        categories=("eess.IV", "cs.LG"),
        revision="2026-11-20T09:30:00Z",
        identifiers=frozenset(
            {
                Identifier("arxiv", "2611.01234"),
                Identifier("doi", "10.9999/made.up.1"),
                Identifier("doi", "10.9999/made.up.2"),
            }
        ),
    )


def test_a_withdrawn_paper_is_told_from_one_that_speaks_of_withdrawal() -> None:
    records = by_id(parse_api(data("api.xml")))
    assert records["math/0309136"].status is Status.WITHDRAWN
    assert records["0711.2222"].status is None


def test_a_malformed_entry_is_refused_and_the_rest_goes_on() -> None:
    feed = parse_api(data("api.xml"))
    assert len(feed.records) == 3
    missing_date, missing_title = feed.refused
    assert missing_date.record == "http://arxiv.org/abs/2611.09999v1"
    assert "No date at all" in missing_date.raw
    assert missing_title.reason == "no title"


@pytest.mark.parametrize("digits", [40, 5000])
def test_numbers_without_end_refuse_their_entry_and_say_no_total(digits: int) -> None:
    number = b"9" * digits
    body = data("api.xml").replace(b"2611.01234v2", b"2611.01234v" + number)
    feed = parse_api(body.replace(b">5</opensearch:totalResults>", b">" + number + b"</opensearch:totalResults>"))
    assert (feed.total, feed.size, len(feed.refused)) == (None, 5, 3)
    revised = parse_oai(data("oai.xml").replace(b'version="v2"', b'version="v' + number + b'"'))
    assert "0804.2273" in revised.refused[0].record


def test_an_error_feed_is_an_error_and_no_paper() -> None:
    assert parse_api(data("api_error.xml")) == Feed((), error="incorrect id format for abc")


@pytest.mark.parametrize(
    "body", [b"", b" \n", b"Rate exceeded.", b"<html><body>Sorry</body></html>", b"<feed", b"<rss/>", b"\xff\xfe"]
)
def test_what_is_no_feed_is_a_source_error(body: bytes) -> None:
    with pytest.raises(SourceError):
        parse_api(body)


@given(st.binary() | st.text().map(lambda text: f"<feed>{text}</feed>".encode(errors="replace")))
def test_no_bytes_make_the_parsers_fail_in_another_way(body: bytes) -> None:
    for parse in (parse_api, parse_rss, parse_oai):
        try:
            feed = parse(body)
        except SourceError:
            continue
        assert feed.size == 0


def test_entities_are_not_expanded() -> None:
    bomb = b"""<!DOCTYPE feed [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
    <!ENTITY f SYSTEM "file:///etc/passwd">]>"""
    body = data("api.xml").replace(b"<feed", bomb + b"<feed", 1).replace(b"An old identifier", b"x &b; &f; y")
    title = by_id(parse_api(body.split(b"?>", 1)[1]))["math/0309136"].title
    assert "aaaa" not in title
    assert "root" not in title


# ---------------------------------------------------------------- the daily feeds


def test_an_item_of_the_daily_feed_becomes_a_partial_record() -> None:
    record = by_id(parse_rss(data("daily_atom.xml")))["2611.13426"]
    assert record.partial
    assert record.version == 1
    assert record.abstract == "We announce a lantern. Abstract: is a word that may come again."
    assert record.authors == ("Ada Example", "Bo Example Jr.", "Cy Example")
    assert (record.published, record.entered) == (None, date(2026, 11, 20))
    assert record.categories == ("cs.CV", "eess.IV")
    assert record.venue == "J. Made Up Res. 4 (2026) 1"
    assert Identifier("doi", "10.9999/made.up.7") in record.identifiers


def test_only_a_new_paper_is_dated_by_the_feed() -> None:
    records = by_id(parse_rss(data("daily_atom.xml")))
    assert records["2605.00002"].entered == date(2026, 5, 1)
    assert records["math/9903001"].entered == date(1999, 3, 1)
    assert records["math/9903001"].version == 3


def test_rss_and_atom_say_the_same() -> None:
    feed = parse_rss(data("daily_rss.xml"))
    (record,) = feed.records
    assert (record.source_id, record.version, record.entered) == ("2611.13426", 1, date(2026, 11, 20))
    assert record.authors == ("Ada Example", "Bo Example")
    assert record.categories == ("cs.CV", "eess.IV")
    assert record.abstract == "We announce a lantern."
    assert len(feed.refused) == 1


def test_a_feed_that_reports_an_error_is_no_quiet_day() -> None:
    assert parse_rss(data("daily_error.xml")).error == (
        "Bad archive 'foo'. Valid archive names are: astro-ph, cond-mat, cs."
    )


# ---------------------------------------------------------------- OAI-PMH


def test_the_three_oai_formats_are_read() -> None:
    feed = parse_oai(data("oai.xml"))
    plain, raw, dublin = feed.records
    assert (plain.source_id, plain.version, plain.revision) == ("0711.0002", 2, "2008-12-13")
    assert plain.title == "Lanterns in the arXiv format"
    assert plain.authors == ("Ada Example Jr", "Lantern Collaboration")
    assert plain.identifiers == {Identifier("arxiv", "0711.0002"), Identifier("doi", "10.9999/made.3")}
    assert (plain.published, plain.venue) == (date(2007, 11, 2), "J. Made Up Res. 1 (2008)")
    assert plain.categories == ("math.CO", "cs.CG")

    assert (raw.source_id, raw.version, raw.revision) == ("0804.2273", 2, "2008-04-15T01:02:03Z")
    assert raw.published == date(2008, 4, 14)
    assert raw.authors == ("Ada Example", "Bo Example", "Cy Example")

    assert (dublin.source_id, dublin.version, dublin.revision) == ("math/0306266", 2, "2004-01-02")
    assert dublin.authors == ("Ada B. von Example", "Lantern Collaboration")
    assert dublin.identifiers == {Identifier("arxiv", "math/0306266"), Identifier("doi", "10.9999/made.4")}
    assert (dublin.abstract, dublin.venue) == ("Made up, once more.", "J. Made Up Res. 2 (2005) 1-2")
    assert dublin.status is Status.WITHDRAWN


def test_an_oai_record_without_metadata_is_refused_by_name() -> None:
    (refusal,) = parse_oai(data("oai.xml")).refused
    assert (refusal.record, refusal.reason) == ("oai:arXiv.org:0711.0009", "no metadata")


def test_no_records_on_a_quiet_day_is_no_error_and_other_oai_errors_are() -> None:
    answer = b"<OAI-PMH xmlns='http://www.openarchives.org/OAI/2.0/'><error code='%s'>so it is</error></OAI-PMH>"
    assert parse_oai(answer % b"noRecordsMatch") == Feed(())
    assert parse_oai(answer % b"badArgument").error == "badArgument: so it is"


# ---------------------------------------------------------------- files


def test_files_are_read_entry_by_entry_like_answers() -> None:
    atom = list(read_atom(io.BytesIO(data("api.xml"))))
    assert [entry for entry in atom if isinstance(entry, Record)] == list(parse_api(data("api.xml")).records)
    assert [entry for entry in atom if isinstance(entry, Refusal)] == list(parse_api(data("api.xml")).refused)
    assert list(read_atom(io.BytesIO(data("daily_atom.xml")))) == list(parse_rss(data("daily_atom.xml")).records)
    oai = parse_oai(data("oai.xml"))
    assert list(read_oai(io.BytesIO(data("oai.xml")))) == [*oai.records, *oai.refused]


def test_a_file_that_breaks_off_gives_what_it_held_and_then_an_error() -> None:
    entries = read_oai(io.BytesIO(data("oai.xml").partition(b"<resumptionToken")[0]))
    assert len([next(entries) for _ in range(4)]) == 4
    with pytest.raises(SourceError, match="not the XML"):
        next(entries)


def test_a_file_of_something_else_is_refused_whole() -> None:
    with pytest.raises(SourceError, match="holds no <record>"):
        list(read_oai(io.BytesIO(data("api.xml"))))


# ---------------------------------------------------------------- pieces


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("http://arxiv.org/abs/2202.12139v1", ("2202.12139", 1)),
        ("https://arxiv.org/abs/0704.1412v12", ("0704.1412", 12)),
        ("oai:arXiv.org:astro-ph/0601001v1", ("astro-ph/0601001", 1)),
        ("math.GT/0309136", ("math/0309136", None)),
    ],
)
def test_ids_are_read_in_every_form(written: str, read: tuple[str, int | None]) -> None:
    assert read_id(written) == read


def test_what_is_no_id_is_refused() -> None:
    with pytest.raises(ValueError, match="not an arXiv id"):
        read_id("https://arxiv.org/api/errors#incorrect_id_format")


def test_dois_are_cleaned_and_arxivs_own_is_left_out() -> None:
    assert read_dois("doi: 10.1/x 10.1000/A; https://dx.doi.org/10.1000/b, 10.48550/arXiv.2611.00001") == [
        "10.1000/a",
        "10.1000/b",
    ]


def test_parentheses_however_deep_or_lonely_cannot_keep_us_busy() -> None:
    assert split_names("A. One " + "(" * 100_000 + "x" + ")" * 100_000) == ["A. One"]
    assert split_names("A. One) (B. Two (C. Three)" + "(" * 100_000) == ["A. One B. Two"]


def test_commas_inside_affiliations_do_not_split_names() -> None:
    assert split_names("A. One (Dept (X, Y), Z), B. Two, Jr., C. Three and D. Four (W)") == [
        "A. One",
        "B. Two, Jr.",
        "C. Three",
        "D. Four",
    ]


# ---------------------------------------------------------------- real answers


@needs_shared_data
def test_every_recorded_answer_of_the_api_is_read() -> None:
    for path in sorted((SHARED / "arxiv_api").glob("*.json")):
        answer = json.loads(path.read_text())
        feed = parse_api(_as_sent(answer["body"]))
        assert not feed.refused
        assert (feed.error is not None) == (answer["status_code"] == 400)
        assert len(feed.records) == answer["body"].count("<entry>") - (feed.error is not None)


@needs_shared_data
def test_every_recorded_daily_feed_is_read() -> None:
    for path in (SHARED / "arxiv_rss").iterdir():
        feed = parse_rss(path.read_bytes())
        assert not feed.refused
        assert len(feed.records) == path.read_bytes().count(b"<entry>")
        assert all(record.abstract and record.authors and record.entered for record in feed.records)


@needs_shared_data
def test_every_recorded_oai_answer_is_read() -> None:
    for path in (SHARED / "arxiv_oai").iterdir():
        body = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        feed = parse_oai(body)
        assert not feed.refused
        assert len(feed.records) == body.count(b"<record>")
        assert all(record.abstract and record.authors and record.published for record in feed.records)


@needs_shared_data
def test_every_recorded_failure_of_arxiv_is_recognised() -> None:
    cases = {case["name"]: case["body"].encode() for case in json.loads((SHARED / "http_error_cases.json").read_text())}
    for name in ("arxiv_429", "arxiv_200_blank"):
        with pytest.raises(SourceError):
            parse_api(cases[name])
    assert parse_api(cases["arxiv_400_error_feed"]).error == "incorrect id format for abc"
    empty = parse_api(cases["arxiv_200_unexpected_empty_page"])
    assert (empty.size, empty.total) == (0, 214881)
    assert "Bad archive 'foo'" in (parse_rss(cases["arxiv_rss_400"]).error or "")
    assert parse_oai(cases["arxiv_oai_norecords"]) == Feed(())


def _as_sent(body: str) -> bytes:
    try:
        return body.encode("latin-1")
    except UnicodeEncodeError:
        return body.encode()
