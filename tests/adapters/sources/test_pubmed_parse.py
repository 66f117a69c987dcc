import gzip
from datetime import date
from pathlib import Path

import pytest

from adapters.sources.pubmed import parse, read
from adapters.sources.pubmed.parse import MAX_RECORD, parse_feed_title, parse_search
from bot.errors import SourceError
from bot.model import Identifier, Kind, Record, Status
from bot.ports import Refusal

FIXTURE = (Path(__file__).parents[2] / "data/pubmed/records.xml").read_bytes()
SHARED = Path(__file__).parents[3] / "../shared/data/pubmed"
HEAD = b'<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD" "https://x/y.dtd">\n<PubmedArticleSet>'


def record(pmid: str) -> Record:
    return next(record for record in parse(FIXTURE)[0] if record.source_id == pmid)


def minimal(pmid: object, title: str = "Invented", more: str = "") -> bytes:
    return (
        f'<PubmedArticle><MedlineCitation><PMID Version="1">{pmid}</PMID><Article>'
        f"<ArticleTitle>{title}</ArticleTitle>{more}</Article></MedlineCitation></PubmedArticle>\n"
    ).encode()


def a_set(*records: bytes) -> bytes:
    return HEAD + b"".join(records) + b"</PubmedArticleSet>"


def test_a_whole_record_is_mapped() -> None:
    assert record("40000001") == Record(
        source="pubmed",
        source_id="40000001",
        version=2,
        kind=Kind.ARTICLE,
        title="Uptake of ¹⁸F tracers at 3 m² in invented phantoms",
        abstract="BACKGROUND: We made up a tracer with CO₂.\nRESULTS: It glows (p < 0.05) at night.\nNobody was hurt.",
        authors=("Änne M Muster Jr", "QX Initial", "Invented Phantom Study Group"),
        url="https://pubmed.ncbi.nlm.nih.gov/40000001/",
        published=date(2026, 11, 9),
        entered=date(2026, 11, 10),
        venue="Journal of Invented Radiology",
        categories=("Phantoms, Imaging", "Humans", "glow"),
        language=None,
        status=Status.RETRACTED,
        pdf_url="https://pmc.ncbi.nlm.nih.gov/articles/PMC9000001/",
        identifiers=frozenset({Identifier("pmid", "40000001"), Identifier("doi", "10.9999/invented.1")}),
        same_work=frozenset({Identifier("pmid", "39000001")}),
        revision="2026-11-21",
    )


@pytest.mark.parametrize("piece", [b"<!--", b"<?", b"<!DOCTYPE", b"<DeleteCitation>", b"<!DOCTYPE" + b" " * 200_000])
def test_what_is_opened_again_and_again_and_never_closed_is_refused_once(piece: bytes) -> None:
    for ending in (b"", b"x"):
        records, refused = parse(a_set(minimal(1), piece * (200_000 // len(piece) + 1) + ending, minimal(2)))
        assert [found.source_id for found in records] == ["1", "2"]
        assert [refusal.reason for refusal in refused] == ["there is text outside of any record"]


def test_what_may_stand_around_records_is_refused_for_nothing() -> None:
    around = b"\n<!-- a --><?b?>\n<DeleteCitation><PMID>3</PMID></DeleteCitation><!DOCTYPE x [ <!ENTITY a 'b'> ] >"
    assert parse(a_set(minimal(1), around, minimal(2), around))[1] == []


def test_an_error_that_is_never_closed_is_told() -> None:
    with pytest.raises(SourceError, match="PubMed answered with an error: busy"):
        parse_search(b"<ERROR>busy" + b"<ERROR>" * 30_000)


def test_every_record_of_the_set_is_read_and_a_deleted_one_is_none() -> None:
    records, refused = parse(FIXTURE)
    assert [found.source_id for found in records] == ["40000001", "40000002", "40000003", "40000004", "40000005"]
    assert refused == []


def test_an_arxiv_preprint_has_its_arxiv_id_and_leads_to_its_article_but_has_no_doi_of_a_reference() -> None:
    preprint = record("40000002")
    assert preprint.kind is Kind.PREPRINT
    assert preprint.identifiers == {Identifier("pmid", "40000002"), Identifier("arxiv", "2611.01234")}
    assert preprint.same_work == {Identifier("pmid", "41000002")}
    assert preprint.status is Status.CONCERN


def test_without_a_complete_date_of_publication_the_day_pubmed_had_it_counts() -> None:
    assert record("40000002").published == date(2026, 11, 14)
    assert record("40000002").entered == date(2026, 11, 15)
    assert record("40000004").published is None


def test_a_translated_title_loses_its_brackets_and_a_notice_of_retraction_is_not_retracted() -> None:
    notice = record("40000003")
    assert notice.title == "A translated title (author's transl)"
    assert (notice.status, notice.language, notice.same_work) == (None, None, frozenset())
    assert Identifier("arxiv", "2611.05678") in notice.identifiers
    assert Identifier("doi", "10.48550/arxiv.2611.05678") in notice.identifiers


def test_a_record_without_an_english_title_has_the_original_one() -> None:
    assert (record("40000004").title, record("40000004").language) == ("Nur auf Deutsch", "ger")


def test_a_book_chapter_without_a_title_has_its_books() -> None:
    chapter = record("40000005")
    assert (chapter.title, chapter.venue) == ("The Invented Handbook", "The Invented Handbook")
    assert chapter.abstract == "Aims: A chapter about nothing."
    assert chapter.authors == ("Charlie Chapter",)
    assert chapter.published == date(2026, 10, 30)
    assert Identifier("doi", "10.9999/book.5") in chapter.identifiers


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("", "[No title]"),
        ("[18F]FDG and [11C]choline.", "[18F]FDG and [11C]choline"),
        ("[About [18F]FDG.]", "About [18F]FDG"),
        ("And then...", "And then..."),
        ("Is it?", "Is it?"),
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
    ],
)
def test_titles_are_tidied(written: str, shown: str) -> None:
    assert parse(a_set(minimal(1, written)))[0][0].title == shown


@pytest.mark.parametrize(
    ("month", "expected"),
    [("Jun", 6), ("06", 6), ("June", 6), ("Jun-Jul", None), ("Spring", None), ("13", None), ("", None)],
)
def test_odd_months_are_no_errors(month: str, expected: int | None) -> None:
    more = f"<ArticleDate><Year>2026</Year><Month>{month}</Month><Day>7</Day></ArticleDate>"
    assert parse(a_set(minimal(1, more=more)))[0][0].published == (date(2026, expected, 7) if expected else None)


@pytest.mark.parametrize("number", ["9" * 40, "9" * 5000, "0"])
def test_a_number_that_cannot_be_is_no_date_and_no_version(number: str) -> None:
    revised = f"<DateRevised><Year>{number}</Year><Month>1</Month><Day>1</Day></DateRevised>"
    body = (
        minimal(1)
        .replace(b'Version="1"', f'Version="{number}"'.encode())
        .replace(b"<Article>", revised.encode() + b"<Article>")
    )
    [read_back], refused = parse(a_set(body))
    assert (read_back.version, read_back.revision, refused) == (1, "", [])


@pytest.mark.parametrize("count", ["9" * 5000, "-1", "²"])
def test_a_count_that_cannot_be_is_a_failure_of_the_search(count: str) -> None:
    with pytest.raises(SourceError, match="instead of"):
        parse_search(f"<eSearchResult><Count>{count}</Count></eSearchResult>".encode())


def test_a_damaged_record_is_refused_and_the_others_come() -> None:
    damaged = minimal(2).replace(b"</ArticleTitle>", b"</Artikel>")
    records, refused = parse(a_set(minimal(1), damaged, minimal(3)))
    assert [found.source_id for found in records] == ["1", "3"]
    assert [refusal.record for refusal in refused] == ["2"]
    assert "well-formed" in refused[0].reason
    assert refused[0].raw.startswith("<PubmedArticle>")


def test_a_record_whose_end_is_lost_does_not_take_the_next_one_with_it() -> None:
    records, refused = parse(a_set(minimal(1).replace(b"</PubmedArticle>", b""), minimal(2)))
    assert [found.source_id for found in records] == ["2"]
    assert [refusal.record for refusal in refused] == ["1"]


def test_a_record_whose_beginning_is_lost_is_refused() -> None:
    records, refused = parse(a_set(minimal(1), minimal(2).replace(b"<PubmedArticle>", b"<Pubm"), minimal(3)))
    assert [found.source_id for found in records] == ["1", "3"]
    assert [refusal.record for refusal in refused] == ["2"]


@pytest.mark.parametrize("pmid", ["", "abc", "0"])
def test_a_record_without_a_pmid_is_refused(pmid: str) -> None:
    records, refused = parse(a_set(minimal(pmid), minimal(7)))
    assert [found.source_id for found in records] == ["7"]
    assert refused[0].reason == "it has no PMID"


def test_a_record_without_an_article_is_refused() -> None:
    empty = b"<PubmedArticle><MedlineCitation><PMID>5</PMID></MedlineCitation></PubmedArticle>"
    assert [(r.record, r.reason) for r in parse(a_set(empty))[1]] == [("5", "it has no Article")]


@pytest.mark.parametrize("closed", [True, False])
def test_a_record_that_is_too_long_is_refused_once_and_the_others_come(closed: bool) -> None:
    long = minimal(2, "x" * (MAX_RECORD + 200_000))
    records, refused = parse(a_set(minimal(1), long, minimal(3)) if closed else a_set(minimal(1)) + long[:-30])
    assert [found.source_id for found in records] == (["1", "3"] if closed else ["1"])
    assert [refusal.record for refusal in refused if "longer" in refusal.reason] == ["2"]
    assert all(len(refusal.raw) < 10_000 for refusal in refused)


@pytest.mark.parametrize("cut", [b"<PubmedArticle>", b"</PubmedArticleSet>", b"<PMID"])
def test_a_set_that_is_cut_off_says_so(cut: bytes) -> None:
    body = a_set(minimal(1), minimal(2))
    records, refused = parse(body[: body.rindex(cut)])
    assert records[0].source_id == "1"
    assert len(refused) == 1


def test_an_entity_is_never_expanded() -> None:
    bomb = (
        b'<!DOCTYPE PubmedArticleSet [<!ENTITY a "boom"><!ENTITY b SYSTEM "file:///etc/hostname">]><PubmedArticleSet>'
    )
    records, refused = parse(bomb + minimal(1, "&a;&b;") + minimal(2) + b"</PubmedArticleSet>")
    assert [found.source_id for found in records] == ["2"]
    assert [refusal.record for refusal in refused] == ["1"]


def test_an_empty_set_is_no_error() -> None:
    assert parse(a_set()) == ([], [])
    assert parse(b"<PubmedArticleSet/>") == ([], [])


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "no XML"),
        (b'{"error":"API rate limit exceeded","api-key":"s3cret"}', "no XML"),
        (b"<html><body><p>Down</html>", "an HTML page"),
        (b"<head> <title>NCBI/eutils202 - WWW Error 500 Diagnostic</title></head> <body>", "an HTML page"),
        (
            b"<eFetchResult>\n\t<ERROR>Search Backend failed:\n shut down</ERROR>\n</eFetchResult>",
            "Search Backend failed: shut",
        ),
        (b"<rss><channel/></rss>", "<rss> instead of <PubmedArticleSet>"),
    ],
)
def test_what_is_no_set_of_records_is_an_error(body: bytes, says: str) -> None:
    with pytest.raises(SourceError, match=says) as caught:
        parse(body)
    assert "s3cret" not in str(caught.value)


def test_a_search_gives_its_count_and_pmids_and_takes_remarks_for_no_failure() -> None:
    found = parse_search(
        b"<eSearchResult><Count>63</Count><RetMax>2</RetMax><RetStart>0</RetStart><IdList><Id>41</Id><Id>40</Id></IdList>"
        b"<ErrorList><PhraseNotFound>x</PhraseNotFound><FieldNotFound>qq</FieldNotFound></ErrorList>"
        b"<WarningList><OutputMessage>No items found.</OutputMessage></WarningList></eSearchResult>"
    )
    assert (found.count, found.pmids, found.unknown_tags) == (63, ("41", "40"), ("qq",))


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (
            b"<eSearchResult><ERROR>Search Backend failed: Database is not supported: pubmed</ERROR></eSearchResult>",
            "Backend",
        ),
        (b"<eSearchResult><Count>0</Count><ERROR>broken</ERROR></eSearchResult>", "broken"),
        (b"<eSearchResult></eSearchResult>", "<eSearchResult>"),
        (b"<html><p>sorry</html>", "an HTML page"),
        (b'{"error":"API rate limit exceeded"}', "no XML"),
        (b"", "no XML"),
    ],
)
def test_a_failure_of_a_search_is_never_taken_for_no_results(body: bytes, says: str) -> None:
    with pytest.raises(SourceError, match=says):
        parse_search(body)


class Trickle:
    """A large file that exists only as it is read; ``given`` counts its bytes."""

    def __init__(self, records: int) -> None:
        self.left = iter([HEAD, *(minimal(n, "x" * 5000) for n in range(1, records + 1)), b"</PubmedArticleSet>"])
        self.given = 0

    def read(self, _size: int, /) -> bytes:
        chunk = next(self.left, b"")
        self.given += len(chunk)
        return chunk


def test_a_file_is_read_as_it_streams() -> None:
    stream = Trickle(1000)
    results = read(stream)
    assert isinstance(next(results), Record)
    assert stream.given < 20_000
    assert sum(isinstance(result, Record) for result in results) == 999


def test_real_records_of_all_ages_are_read() -> None:
    path = SHARED / "articles.xml.gz"
    if not path.exists():
        pytest.skip("the shared data with real answers is not here")
    with gzip.open(path) as stream:
        results = list(read(stream))
    assert len(results) == 798
    assert [result for result in results if isinstance(result, Refusal)] == []
    records = [result for result in results if isinstance(result, Record)]
    assert all(found.title and "  " not in found.abstract for found in records)
    assert sum(found.published is not None for found in records) > 790
    assert sum(found.status is Status.RETRACTED for found in records) == 3


def test_recorded_answers_are_judged() -> None:
    if not (SHARED / "raw").exists():
        pytest.skip("the shared data with real answers is not here")
    assert parse_search((SHARED / "raw/esearch1.xml").read_bytes()).count == 63
    assert parse_search((SHARED / "raw/esearch8.xml").read_bytes()).pmids == ()
    assert parse((SHARED / "raw/duplicate.xml").read_bytes()) == ([], [])
    assert parse((SHARED / "raw/no_title_abstract.xml").read_bytes())[0][0].title == "Pere Barceló"
    for other in ("epost1.xml", "no_pubmedarticleset.xml"):
        with pytest.raises(SourceError):
            parse((SHARED / "raw" / other).read_bytes())


@pytest.mark.parametrize(
    "body", [b"", b"<html><title>Busy</title></html>", b"<rss><channel><title> </title></channel></rss>"]
)
def test_what_is_no_feed_has_no_title(body: bytes) -> None:
    with pytest.raises(SourceError):
        parse_feed_title(body)
