"""PubMed and arXiv on loopback that answer with real, recorded records: the same ones whatever is asked."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from aiohttp import web
from lxml import etree

from tests.real_data import SHARED, pubmed_elements, pubmed_id

_SEARCH = (
    '<?xml version="1.0" encoding="UTF-8" ?>\n'
    '<!DOCTYPE eSearchResult PUBLIC "-//NLM//DTD esearch 20060628//EN" '
    '"https://eutils.ncbi.nlm.nih.gov/eutils/dtd/20060628/esearch.dtd">\n'
    "<eSearchResult><Count>{count}</Count><RetMax>{given}</RetMax><RetStart>{start}</RetStart><IdList>\n{ids}</IdList>"
    '<TranslationSet/><QueryTranslation>"biopython"[All Fields]</QueryTranslation></eSearchResult>'
)
_SET = '<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" \
"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n<PubmedArticleSet>\n'
_MOST_PER_SEARCH = 300
_MOST_PER_FEED = 12
_ENTRY = re.compile(r"  <entry>.*?</entry>\n", re.DOTALL)


@dataclass
class Replay:
    """While ``empty``, both answer as they do when nothing is found. Both send fewer than asked for at a time."""

    empty: bool = True

    def __post_init__(self) -> None:
        self.records = {pubmed_id(record): etree.tostring(record, encoding="unicode") for record in pubmed_elements()}
        self.no_pmids = (SHARED / "pubmed" / "raw" / "esearch8.xml").read_bytes()
        self.no_entries = _body("id_0000.0000_s0_*")
        pages = [_body(f"q_testing_{part}_*") for part in ("s0_m15", "s10_m10", "s20_m10")]
        self.entries = list(dict.fromkeys(entry for page in pages for entry in _ENTRY.findall(page)))
        self._feed = _ENTRY.sub("", pages[0])

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=2**22)
        app.add_routes([web.post("/eutils/esearch.fcgi", self._esearch), web.post("/eutils/efetch.fcgi", self._efetch)])
        app.add_routes([web.get("/api/query", self._query)])
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self.eutils_url, self.arxiv_url, self.rss_url = f"{url}/eutils", f"{url}/api/query", f"{url}/rss"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    async def _esearch(self, request: web.Request) -> web.Response:
        form = await request.post()
        if self.empty:
            return web.Response(body=self.no_pmids, content_type="text/xml")
        start = int(str(form["retstart"]))
        given = list(self.records)[start : start + min(int(str(form["retmax"])), _MOST_PER_SEARCH)]
        ids = "".join(f"<Id>{pmid}</Id>\n" for pmid in given)
        text = _SEARCH.format(count=len(self.records), given=len(given), start=start, ids=ids)
        return web.Response(text=text, content_type="text/xml")

    async def _efetch(self, request: web.Request) -> web.Response:
        wanted = str((await request.post())["id"]).split(",")
        text = _SET + "\n".join(self.records[pmid] for pmid in wanted) + "\n</PubmedArticleSet>"
        return web.Response(text=text, content_type="text/xml")

    async def _query(self, request: web.Request) -> web.Response:
        start, size = int(request.query["start"]), min(int(request.query["max_results"]), _MOST_PER_FEED)
        text = self.no_entries if self.empty else self._page(start, size)
        return web.Response(text=text, content_type="application/atom+xml")

    def _page(self, start: int, size: int) -> str:
        """The recorded feed with these entries in it, and the numbers to go with them."""
        numbers = {"itemsPerPage": size, "totalResults": len(self.entries), "startIndex": start}
        head = self._feed
        for name, number in numbers.items():
            head = re.sub(rf"(<opensearch:{name}>)\d+", rf"\g<1>{number}", head)
        return head.replace("</feed>", "".join(self.entries[start : start + size]) + "</feed>")


def _body(pattern: str) -> str:
    (file,) = (SHARED / "arxiv_api").glob(pattern)
    body: str = json.loads(file.read_text(encoding="utf-8"))["body"]
    return body
