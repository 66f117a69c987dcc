from __future__ import annotations

import pytest

from bot.wording import abstract_parts, key_sentence
from bot.wording.sentences import sentences


def labels(abstract: str) -> list[str]:
    return [label for label, _ in abstract_parts(abstract)]


@pytest.mark.parametrize(
    ("abstract", "expected"),
    [
        ("BACKGROUND: One.\nMETHODS: Two.\nRESULTS: Three.", ["BACKGROUND", "METHODS", "RESULTS"]),
        ("Background: One. Methods: Two. Conclusions: Three.", ["Background", "Methods", "Conclusions"]),
        ("ObjectiveTo see. MethodsWe looked. ResultsOf 50, 3 fell.", ["Objective", "Methods", "Results"]),
        ("BACKGROUND Reading is slow. METHODS We read. RESULTS It was slow.", ["BACKGROUND", "METHODS", "RESULTS"]),
        ("Background. Reading is slow. Methods. We read. Results. Slow.", ["Background", "Methods", "Results"]),
        ("Background Reading is slow. Methods We read. Results It was.", ["Background", "Methods", "Results"]),
        ("<jats:title>Abstract</jats:title><jats:title>Aim</jats:title><jats:p>To see.</jats:p>", ["Aim"]),
        ("<h4>Background</h4>Slow.<h4>Methods</h4>Read.", ["Background", "Methods"]),
        ("<b>Purpose:</b> To see. <b>Results:</b> Seen.", ["Purpose", "Results"]),
        ("(1) Background: slow; (2) more. (2) Methods: we read.", ["Background", "Methods"]),
        ("Abstract Background: Slow. Results: Seen.", ["Background", "Results"]),
        ("ABSTRACT: We read films.", [""]),
        ("UNLABELLED: We read films.", [""]),
        ("O_ST_ABSBackgroundC_ST_ABSSlow.O_ST_ABSMethodsC_ST_ABSRead.", ["Background", "Methods"]),
        ("O_ST_ABSImportanceC_ST_ABS Slow.\n\nO_ST_ABSResultsC_ST_ABS Read.", ["Importance", "Results"]),
        (
            "Materials and Methods: We read. Main outcome measures: Time.",
            ["Materials and Methods", "Main outcome measures"],
        ),
        (
            "DESIGN, SETTING, AND PARTICIPANTS: A ward.\nEXPOSURES: Light.",
            ["DESIGN, SETTING, AND PARTICIPANTS", "EXPOSURES"],
        ),
        ("We have two aims: to see and to tell. It works: we saw.", [""]),
        ("Results show that reading is slow. Methods are needed.", [""]),
        ("The ratio was 3:1 in all. See below: it held.", [""]),
        ("Conclusion: It helped.", ["Conclusion"]),
        ("ISO/IEC 26515: a norm for writers.", [""]),
    ],
)
def test_labels_are_found_however_the_source_delivers_them(abstract: str, expected: list[str]) -> None:
    assert labels(abstract) == expected


def test_a_part_keeps_all_of_its_text() -> None:
    abstract = "Background: One <i>a</i>. It is $\\alpha$. Methods: Two &lt; 3.\nRESULTS: Four."
    assert abstract_parts(abstract) == [
        ("Background", "One a. It is α."),
        ("Methods", "Two < 3."),
        ("RESULTS", "Four."),
    ]


def test_wrapped_lines_of_markup_are_one_part() -> None:
    assert abstract_parts("<jats:p>one\n   two</jats:p>\n<jats:p>three</jats:p>") == [("", "one two"), ("", "three")]


def test_a_displayed_formula_stays_in_its_sentence() -> None:
    assert abstract_parts("The rule is\n\\[\n x_{t+1} = x_t\n\\]\nwhere $x$ is known.") == [
        ("", "The rule is xₜ₊₁ = xₜ where x is known.")
    ]


@pytest.mark.parametrize(
    ("abstract", "sentence"),
    [
        (
            "RESULTS: It rose.\nCONCLUSIONS: Reading by two people halves the misses. Further studies are needed.",
            "Reading by two people halves the misses.",
        ),
        (
            "CONCLUSIONS: Further research is needed in this field. Two readers miss less than one.",
            "Two readers miss less than one.",
        ),
        ("CONCLUSION: More trials are needed to confirm this.", "More trials are needed to confirm this."),
        (
            "METHODS: We looked.\nINTERPRETATION: Two readers miss less than one.\nFUNDING: A fund.",
            "Two readers miss less than one.",
        ),
        (
            "CONCLUSIONS AND RELEVANCE: Two readers miss less than one.\nREGISTRATION: ClinicalTrials.gov NCT01234567.",
            "Two readers miss less than one.",
        ),
        (
            "We studied readers. In conclusion, two readers miss less than one. This was a small ward, however.",
            "In conclusion, two readers miss less than one.",
        ),
        (
            "We studied readers. It was hard. These results suggest that two readers miss less. © 2026 The Authors.",
            "These results suggest that two readers miss less.",
        ),
        (
            "We propose a network. Experiments show that it reads twice as fast. Code is available at https://a.b.",
            "Experiments show that it reads twice as fast.",
        ),
        (
            "Reading is slow. In this paper, we present a corpus of films. It holds many kinds of films.",
            "In this paper, we present a corpus of films.",
        ),
        ("Reading is slow in the dark wards. Nobody knows exactly why that is.", "Nobody knows exactly why that is."),
        (
            "Misses fell in both of the wards. (Funded by a fund; ClinicalTrials.gov number, NCT01234567.)",
            "Misses fell in both of the wards.",
        ),
        (
            "Misses fell in both of the wards. J. Made-up Radiol. 2026;12:1-9. Published by Elsevier Inc.",
            "Misses fell in both of the wards.",
        ),
        ("Misses fell in both of the wards. LEVEL OF EVIDENCE: 2.", "Misses fell in both of the wards."),
        (
            "Misses fell in both of the wards. Supplementary data are available online.",
            "Misses fell in both of the wards.",
        ),
        (
            "Background: Slow. Conclusion: Two readers (see Fig. 2) miss less, p = 0.05. It may last.",
            "Two readers (see Fig. 2) miss less, p = 0.05.",
        ),
        ("We saw that misses fell in both wards. We hope that this helps.", "We saw that misses fell in both wards."),
        (".", ""),
        ("", ""),
        ("Code is available at https://example.org/x.", ""),
    ],
)
def test_the_key_sentence_states_the_finding(abstract: str, sentence: str) -> None:
    assert key_sentence(abstract) == sentence


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One rose. Two fell.", ["One rose.", "Two fell."]),
        ("Seen by Wang et al. in two wards.", ["Seen by Wang et al. in two wards."]),
        ("As did Wang et al. The rest fell.", ["As did Wang et al.", "The rest fell."]),
        ("It was p = 0.05. The rest fell.", ["It was p = 0.05.", "The rest fell."]),
        ("It rose (see Fig. 2 and Eq. 3). Next.", ["It rose (see Fig. 2 and Eq. 3).", "Next."]),
        ("Use, e.g., MRI, i.e. a scan. Next.", ["Use, e.g., MRI, i.e. a scan.", "Next."]),
        ("CT vs. MRI. Next.", ["CT vs. MRI.", "Next."]),
        ("In the U.S. Army it rose.", ["In the U.S. Army it rose."]),
        ("They live in the U.S. The rest fell.", ["They live in the U.S.", "The rest fell."]),
        ("S. aureus and E. coli grew.", ["S. aureus and E. coli grew."]),
        ("By J. R. Smith in part. Next.", ["By J. R. Smith in part.", "Next."]),
        ("Dr. Smith saw No. 5 of approx. 20 mg.", ["Dr. Smith saw No. 5 of approx. 20 mg."]),
        ("It fell. p53 rose. mRNA too.", ["It fell.", "p53 rose.", "mRNA too."]),
        ("(It fell. It rose.) Next.", ["(It fell. It rose.)", "Next."]),
        ("它下降。它上升！完了", ["它下降。", "它上升！", "完了"]),
        ("Is it so? Yes! Done.", ["Is it so?", "Yes!", "Done."]),
        ("It fell in all.Experiments show why.", ["It fell in all.", "Experiments show why."]),
        ("extend by c. 600 km. Next.", ["extend by c. 600 km.", "Next."]),
    ],
)
def test_sentences_end_where_readers_think_they_do(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize(
    "piece",
    [
        "Methods: ",
        "MethodsWe ",
        "METHODS ",
        "Methods. ",
        "Methods We ",
        "(",
        "A. (",
        "e.g. ",
        "1. ",
        "。",
        "We show ",
        "further ",
        "results of ",
        "$\n$",
        "O_ST_ABS\n",
    ],
)
def test_a_hostile_abstract_takes_linear_time(piece: str) -> None:
    key_sentence(piece * (50_000 // len(piece)))
