"""The starter library: every topic can be copied, asked from the sources, and finds what it is for."""

import re
from collections import Counter
from collections.abc import Callable
from itertools import islice

import pytest

from adapters.files import read_file
from adapters.sources import arxiv, pubmed
from bot.library import StarterTopic, starter_topics
from bot.model import Change, Record, Topic
from bot.query import Query, parse
from storage.matching import BatchMatcher
from tests.examples import NOW, a_paper, a_record
from tests.real_data import ARXIV, PUBMED, needs_shared_data

TOPICS = starter_topics()
LONGEST_TERM = 3000
"""Characters of a compiled query: arXiv's stands in an address."""

each_topic = pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)


def test_there_are_about_twenty_five_with_names_of_their_own() -> None:
    assert 20 <= len(TOPICS) <= 30
    assert len({topic.name for topic in TOPICS}) == len({topic.title for topic in TOPICS}) == len(TOPICS)


def test_topics_of_one_field_stand_next_to_each_other() -> None:
    fields = [topic.field for topic in TOPICS]
    starts = [field for before, field in zip([None, *fields], fields, strict=False) if field != before]
    assert len(starts) == len(set(fields))


@each_topic
def test_a_topic_has_a_name_to_type_and_a_sentence(topic: StarterTopic) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", topic.name)
    assert topic.purpose.endswith(".")
    assert topic.title
    assert topic.field


@each_topic
def test_the_canonical_query_means_the_same(topic: StarterTopic) -> None:
    assert topic.query.ignored == ()
    assert parse(str(topic.query)) == topic.query
    assert str(parse(str(topic.query))) == str(topic.query)


@each_topic
@pytest.mark.parametrize("compile_query", [pubmed.compile_query, arxiv.compile_query], ids=["pubmed", "arxiv"])
def test_every_source_can_be_asked_for_it(topic: StarterTopic, compile_query: Callable[[Query], str | None]) -> None:
    term = compile_query(topic.query)
    assert term
    assert len(term) < LONGEST_TERM


async def test_no_topic_finds_just_any_paper() -> None:
    bees = a_paper(a_record(title="Bees", abstract="They fly.", authors=(), venue=None))
    topics = [Topic(n, topic.name, topic.query, NOW) for n, topic in enumerate(TOPICS)]
    assert await BatchMatcher().match([Change(bees, None)], topics, NOW) == []


# ---------------------------------------------------------------- on real abstracts

SAMPLE = 6_000
"""So many of the shared papers of arXiv, which are mostly of cs.CV, cs.CL and cs.AI."""

REPRESENTED = {
    "radiology-ai": 30,
    "breast-imaging": 8,
    "stroke-imaging": 2,
    "medical-segmentation": 45,
    "mri-reconstruction": 5,
    "digital-pathology": 20,
    "llm-in-medicine": 60,
    "federated-learning": 5,
    "alzheimer": 6,
    "antimicrobial-resistance": 2,
    "single-cell": 3,
    "gut-microbiome": 3,
    "surgical-robotics": 10,
    "graph-neural-networks": 9,
    "reinforcement-learning": 60,
}
"""At least how many of these and the PubMed set a topic finds."""


@needs_shared_data
async def test_topics_find_papers_of_their_field_and_no_flood() -> None:
    records = [*read_file(PUBMED, "pubmed-xml"), *islice(read_file(ARXIV, "jsonl"), SAMPLE)]
    papers = [a_paper(record, number=n) for n, record in enumerate(records, 1) if isinstance(record, Record)]
    topics = [Topic(n, topic.name, topic.query, NOW) for n, topic in enumerate(TOPICS)]
    matches = await BatchMatcher().match([Change(paper, None) for paper in papers], topics, NOW)
    found = Counter(match.topic.name for match in matches)
    assert {name: found[name] for name, least in REPRESENTED.items() if found[name] < least} == {}
    assert max(found.values()) < len(papers) / 30
