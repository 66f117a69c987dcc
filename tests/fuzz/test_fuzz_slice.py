"""A small part of ``make fuzz``, always the same."""

from contextlib import nullcontext
from dataclasses import replace
from random import Random

import pytest

from tests.fuzz.markup import harm_in
from tests.fuzz.running import run
from tests.fuzz.targets import TARGETS


@pytest.mark.parametrize("name", TARGETS)
def test_no_generated_input_makes_anything_fail(name: str) -> None:
    tally = run(name, 2611, range(TARGETS[name].few))
    assert "\n".join(finding for finding in tally.findings if " took " not in finding) == ""
    assert tally.runs == TARGETS[name].few


@pytest.mark.parametrize(
    ("fragment", "harm"),
    [
        ('<p class="x">a <a href="https://example.org/">b</a></p>', []),
        ("<p>&lt;script&gt;</p>", []),
        ("<p>a<script>b</script></p>", ["<script>"]),
        ('<p onclick="x">a</p>', ["<p onclick>"]),
        ('<ul><li><a href="javascript:x">a</a></ul>', ["<a href='javascript:x'>"]),
        ("<p>a<!-- b --></p>", ["<comment or instruction>"]),
    ],
)
def test_harm_in_a_message_is_seen(fragment: str, harm: list[str]) -> None:
    assert harm_in(fragment) == harm


def test_an_input_that_makes_something_fail_is_a_finding_that_says_how_to_see_it_again() -> None:
    broken = replace(TARGETS["tokens"], open=lambda: nullcontext(lambda given: given.no_such_method()))
    tally = run("broken", 7, range(3, 9), targets={"broken": broken})
    assert tally.runs == len(tally.findings) == 5
    assert tally.findings[0].startswith("--target broken --seed 7 --first 3 --runs 1\n  AttributeError")


def test_the_same_seed_and_number_give_the_same_input() -> None:
    for target in TARGETS.values():
        assert repr(target.generate(Random("1"))) == repr(target.generate(Random("1")))
