"""What PubMed and arXiv answer when they do not answer properly, as reported by those who met it."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass

from tests.fakes.literature import FakeLiterature, Reply, promising

KEY = "0a1b2c3d4e5f"
CAP = 2**20
ESEARCH, EFETCH, API, FEED = "esearch.fcgi", "efetch.fcgi", "/api/query", "/rss/atom/"
PROGRAMS = (ESEARCH, EFETCH, API, FEED)
ATOM = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True)
class Case:
    """What a program answers, and what the error must say of it (a regular expression)."""

    name: str
    says: str
    status: int = 200
    body: str | bytes = ""
    kind: str = "text/html"
    headers: tuple[tuple[str, str], ...] = ()
    programs: tuple[str, ...] = PROGRAMS
    drop: bool = False
    reply: Reply | None = None

    def befall(self, literature: FakeLiterature, program: str) -> None:
        if self.reply is not None:
            literature.answer_next(program, self.reply, times=99)
        else:
            headers = {"Content-Type": self.kind, **dict(self.headers)}
            literature.fail_next(program, status=self.status, body=self.body, headers=headers, drop=self.drop, times=99)


HTML = "<!DOCTYPE html><html><head><title>Maintenance</title></head><body>We are busy.</body></html>"
TOO_MANY = json.dumps({"error": "API rate limit exceeded", "api-key": KEY, "count": "26", "limit": "3"})
NOT_HERE = "<eSearchResult><ERROR>Search Backend failed: Database is not supported: pubmed</ERROR></eSearchResult>"
WITH_KEY = f"<eSearchResult><ERROR>API key invalid: {KEY}</ERROR></eSearchResult>"
TOO_FAR = json.dumps({"header": {"type": "esearch"}, "esearchresult": {"ERROR": "'retstart' cannot be larger"}})
FEWER = "<eSearchResult><Count>7</Count><RetMax>0</RetMax><RetStart>0</RetStart><IdList/></eSearchResult>"
NO_FETCH = '<?xml version="1.0"?><eFetchResult><ERROR>Unable to obtain query #1</ERROR></eFetchResult>'
CUT_SHORT = '<?xml version="1.0"?>\n<PubmedArticleSet>\n<PubmedArticle><MedlineCitation><PMI'
EMPTY_PAGE = (
    f'<feed xmlns="{ATOM}" xmlns:o="http://a9.com/-/spec/opensearch/1.1/"><title>arXiv Query</title>'
    "<o:totalResults>214881</o:totalResults><o:startIndex>0</o:startIndex></feed>"
)
ERROR_FEED = (
    f'<feed xmlns="{ATOM}" xmlns:o="http://a9.com/-/spec/opensearch/1.1/"><o:totalResults>1</o:totalResults><entry>'
    "<id>https://arxiv.org/api/errors#x</id><title>Error</title><summary>incorrect id format for x</summary>"
    "</entry></feed>"
)
BAD_ARCHIVE = (
    "<rss version='2.0'><channel><title>Feed error for query: http://rss.arxiv.org/rss/foo</title>"
    "<description>Bad archive 'foo'.</description></channel></rss>"
)
XML = "text/xml; charset=UTF-8"

CASES = [
    Case("too many requests", "429", 429, TOO_MANY, "application/json"),
    Case("rate exceeded", "429", 429, "Rate exceeded.", headers=(("Server", "Google Frontend"),)),
    Case("a server error", "500", 500, "<head> <title>NCBI/eutils202 - WWW Error 500 Diagnostic</title></head>"),
    Case("a bad gateway", "502", 502, HTML),
    Case("unavailable for ten minutes", "503", 503, HTML, headers=(("Retry-After", "600"),)),
    Case("forbidden", "403", 403, HTML),
    Case("not found", "404", 404, HTML),
    Case("an HTML page", "HTML|html|not XML", 200, HTML),
    Case("nothing", "no XML|empty answer", 200, "", XML),
    Case("JSON", "no XML|not XML|ERROR", 200, TOO_FAR, "application/json"),
    Case("another XML", "<sitemap> instead of", 200, "<sitemap/>", XML),
    Case("a cut connection", "connection was cut", drop=True),
    Case("a connection cut half-way", "broke off", reply=promising(10**6, b"<x>" * 10, cut=True)),
    Case("10 GB promised", "larger than 1 MB", reply=promising(10 * 2**30, b"<x>" * 10, pause=0.01)),
    Case("a bomb", "larger than 1 MB", 200, gzip.compress(bytes(8 * CAP)), XML, (("Content-Encoding", "gzip"),)),
    Case("no gzip at all", "broke off|decompressed", 200, "plain", XML, (("Content-Encoding", "gzip"),)),
    Case("a redirect to itself", "redirected more than 5 times", 307, headers=(("Location", "?again"),)),
    Case(
        "a redirect inside",
        "10.0.0.8.*public internet|to another host",
        301,
        headers=(("Location", "http://10.0.0.8/"),),
    ),
    Case(
        "a redirect to a file", "redirected to .* not a web address", 303, headers=(("Location", "file:///etc/passwd"),)
    ),
    Case("a redirect without a place", "302", 302),
    Case("an outage inside of a 200", "Database is not supported", 200, NOT_HERE, XML, programs=(ESEARCH,)),
    Case("an echo of the key", "API key invalid", 200, WITH_KEY, XML, programs=(ESEARCH,)),
    Case("fewer than promised", "promised 7 records", 200, FEWER, XML, programs=(ESEARCH,)),
    Case("an error in place of records", "Unable to obtain", 200, NO_FETCH, XML, programs=(EFETCH,)),
    Case("an error feed", "incorrect id format for x", 400, ERROR_FEED, "application/atom+xml", programs=(API,)),
    Case("an error feed of old", "incorrect id format for x", 200, ERROR_FEED, "application/atom+xml", programs=(API,)),
    Case("an empty page", "counts 214881 papers", 200, EMPTY_PAGE, "application/atom+xml", programs=(API,)),
    Case("a bad archive", "Bad archive 'foo'", 400, BAD_ARCHIVE, "application/rss+xml", programs=(FEED,)),
]
SLOW = [
    Case("a slow drip", "within 0.5 s", reply=promising(10**6, b"<x>", pause=0.05), programs=(EFETCH,)),
    Case("silence", "within 0.5 s", reply=promising(10**6, b"<x>", pause=5), programs=(API,)),
]
