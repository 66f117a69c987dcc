"""Searches as people keep them for PubMed, and what a topic makes of them."""

# ruff: noqa: E501 - pasted searches are long

from __future__ import annotations

import pytest

from bot.query import MAX_LEAVES
from bot.translating import Effect, Translation, leaves, looks_foreign, read_search


def read(text: str) -> Translation:
    found = read_search(text)
    assert found is not None
    return found


def effects(text: str) -> list[tuple[str, Effect]]:
    return [(loss.text, loss.effect) for loss in read(text).losses]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        (
            '("deep learning"[tiab] OR "machine learning"[tiab]) AND (radiograph*[tiab] OR "chest x-ray"[tiab])',
            '("deep learning" OR "machine learning") (radiograph* OR "chest x-ray")',
        ),
        (
            '"Deep Learning"[Mesh] AND "Mammography"[Mesh]',
            '(category:"Deep Learning" OR "Deep Learning") (category:Mammography OR Mammography)',
        ),
        (
            '("Artificial Intelligence"[Mesh] OR "artificial intelligence"[tiab] OR "neural network*"[tiab]) AND ("Magnetic Resonance Imaging"[Mesh] OR MRI[tiab]) AND "Breast Neoplasms"[Mesh]',
            '(category:"Artificial Intelligence" OR "Artificial Intelligence" OR "neural network*") (category:"Magnetic Resonance Imaging" OR "Magnetic Resonance Imaging" OR MRI) (category:"Breast Neoplasms" OR "Breast Neoplasms")',
        ),
        ("large language model*[tiab] AND radiolog*[tiab]", '"large language model*" radiolog*'),
        (
            '"foundation model*"[ti] AND (imaging[ti] OR radiology[ti])',
            'title:"foundation model*" (title:imaging OR title:radiology)',
        ),
        (
            '(ChatGPT[tiab] OR GPT-4[tiab] OR "large language models"[tiab]) AND "radiology report*"[tiab]',
            '(ChatGPT OR GPT-4 OR "large language models") "radiology report*"',
        ),
        (
            'radiomics[tiab] AND ("lung"[tiab] OR pulmonary[tiab]) NOT review[pt]',
            "radiomics (lung OR pulmonary) NOT title:review",
        ),
        (
            'U-Net[tiab] AND segmentation[tiab] AND "Tomography, X-Ray Computed"[Mesh]',
            'U-Net segmentation (category:"Tomography, X-Ray Computed" OR "X-Ray Computed Tomography")',
        ),
        (
            '"photon counting"[tiab] AND ("computed tomography"[tiab] OR CT[tiab])',
            '"photon counting" ("computed tomography" OR CT)',
        ),
        (
            'stroke[MeSH Terms] AND "Diffusion Magnetic Resonance Imaging"[MeSH Terms:noexp]',
            '(category:stroke OR stroke) (category:"Diffusion Magnetic Resonance Imaging" OR "Diffusion Magnetic Resonance Imaging")',
        ),
        ('"Stroke/diagnostic imaging"[Mesh]', "category:Stroke OR Stroke"),
        (
            '"Prostatic Neoplasms/diagnosis"[majr] AND PI-RADS[tiab]',
            '(category:"Prostatic Neoplasms" OR "Prostatic Neoplasms") PI-RADS',
        ),
        (
            '("covid 19"[tiab] OR SARS-CoV-2[tiab]) AND ("chest ct"[tiab] OR radiograph*[tiab]) AND 2020:2024[dp]',
            '("covid 19" OR SARS-CoV-2) ("chest ct" OR radiograph*) after:2020-01-01 before:2025-01-01',
        ),
        ('"contrast media"[mh] AND gadolinium[nm]', '(category:"contrast media" OR "contrast media") gadolinium'),
        ('"federated learning"[tiab:~0] OR "privacy imaging"[tiab:~5]', "federated learning OR privacy imaging"),
        (
            'explainab*[ti] AND ("saliency map"[tiab] OR Grad-CAM[tiab] OR SHAP[tiab])',
            'title:explainab* ("saliency map" OR Grad-CAM OR SHAP)',
        ),
        (
            "(asthma[mh]) AND (randomized controlled trial[pt] OR controlled clinical trial[pt] OR randomized[tiab] OR placebo[tiab] OR drug therapy[sh] OR randomly[tiab] OR trial[tiab] OR groups[tiab]) NOT (animals[mh] NOT humans[mh])",
            '(category:asthma OR asthma) ("randomized controlled trial*" OR "randomised controlled trial*" OR "controlled clinical trial*" OR randomized OR placebo OR randomly OR trial OR groups) NOT (category:animals NOT category:humans)',
        ),
        (
            '"heart failure"[tiab] NOT (animals[mh] NOT humans[mh])',
            '"heart failure" NOT (category:animals NOT category:humans)',
        ),
        ("sepsis[ti] AND systematic[sb]", 'title:sepsis title:"systematic review"'),
        (
            "(sepsis[ti]) AND (meta-analysis[pt] OR systematic review[pt])",
            'title:sepsis (meta-analysis OR metaanalysis OR title:"systematic review")',
        ),
        ('"knee osteoarthritis"[tiab] AND (english[la] OR german[la]) AND humans[mh]', '"knee osteoarthritis"'),
        (
            'melanoma[mh] AND (sensitivity and specificity[mh] OR "predictive value of tests"[mh] OR accuracy[tiab])',
            '(category:melanoma OR melanoma) (category:"sensitivity and specificity" OR "sensitivity and specificity" OR category:"predictive value of tests" OR "predictive value of tests" OR accuracy)',
        ),
        (
            "(migraine[tiab]) AND (child[mh] OR adolescent[mh] OR pediatric*[tiab] OR paediatric*[tiab])",
            "migraine (category:child OR category:adolescent OR pediatric* OR paediatric*)",
        ),
        ("hypertension[mh] AND adult[mh] AND female[mh]", "category:hypertension OR hypertension"),
        (
            "depression[ti] NOT (editorial[pt] OR letter[pt] OR comment[pt])",
            "title:depression NOT (title:editorial OR title:letter OR title:comment)",
        ),
        ('psoriasis[tiab] AND hasabstract AND "last 5 years"[dp]', "psoriasis after:5y"),
        (
            'psoriasis[tiab] AND ("2020/01/01"[Date - Publication] : "3000"[Date - Publication])',
            "psoriasis after:2020-01-01",
        ),
        ("psoriasis[tiab] AND 2015/03:2015/06[pdat]", "psoriasis after:2015-03-01 before:2015-07-01"),
        ("(psoriasis[tiab] AND free full text[sb])", "psoriasis"),
        (
            'case reports[pt] AND "pulmonary embolism"[ti]',
            '(title:"case report" OR title:"case reports") title:"pulmonary embolism"',
        ),
        ("Preprint[pt] AND cancer[ti]", "type:preprint title:cancer"),
        ("cancer[ti] NOT preprint[pt]", "title:cancer NOT type:preprint"),
        (
            '("Neoplasms"[Mesh] OR cancer*[tiab] OR tumor*[tiab] OR tumour*[tiab] OR carcinoma*[tiab]) AND (sarcopeni*[tiab] OR "muscle mass"[tiab])',
            '(category:Neoplasms OR Neoplasms OR cancer* OR tumor* OR tumour* OR carcinoma*) (sarcopeni* OR "muscle mass")',
        ),
        ("mri[ti] OR ct[ti] AND brain[ti]", "(title:mri OR title:ct) title:brain"),
        ("brain[ti] AND mri[ti] OR ct[ti] NOT mouse[ti]", "(title:brain title:mri OR title:ct) NOT title:mouse"),
        ("(mri[tiab]) and (brain[tiab])", "mri brain"),
        ("(mri[tiab] or ct[tiab]) not mouse[tiab]", "(mri OR ct) NOT (title:mouse OR abstract:mouse)"),
        ("wit and humor[mh]", 'category:"wit and humor" OR "wit and humor"'),
        ("ear, nose and throat[ti]", 'title:"ear, nose and throat"'),
        ("mri[tiab] AND NOT mouse[tiab]", "mri NOT (title:mouse OR abstract:mouse)"),
        ("lung cancer screening AND ct[tiab]", "lung cancer screening ct"),
        ('"lung cancer" screening[ti]', '"lung cancer" title:screening'),
        ('lung cancer "low dose ct"[tiab]', 'lung cancer "low dose ct"'),
        ("“breast cancer”[tiab] AND „mri”[ti]", '"breast cancer" title:mri'),
        ("breast cancer[tiab].", '"breast cancer"'),
        ("((mri[tiab] AND (brain[tiab])", "mri brain"),
        ("mri[tiab])) OR ct[tiab]", "mri OR ct"),
        ('mri[tiab] AND "brain', "mri brain"),
        ("(mri OR ct)[tiab] AND brain[ti]", "(mri OR ct) title:brain"),
        ("mri[tiab] AND brain[nosuchtag]", "mri brain"),
        ("colo*r[tiab] OR hypertens*[tiab]", "colo* OR hypertens*"),
        ("x-ray*[tiab] OR CTs[tiab]", "x-ray OR x-rays OR CTs"),
        ('"breast ca*"[tiab] OR "breast cancer screen*"[tiab]', 'breast OR "breast cancer screen*"'),
        ("β-catenin[tiab] AND C++[tiab]", "β-catenin C++"),
        ("Smith JA[au]", 'author:"Smith JA"'),
        ('"Smith J"[Author] OR "Doe A"[au]', 'author:"Smith J" OR author:"Doe A"'),
        ("Smith, John A[fau]", 'author:"John A Smith"'),
        ("Smith J[1au] OR Doe A[lastau]", 'author:"Smith J" OR author:"Doe A"'),
        (
            '"Cochrane Haematological Malignancies Group"[cn] AND lymphoma[ti]',
            'author:"Cochrane Haematological Malignancies Group" title:lymphoma',
        ),
        ("Smith J[au] AND Charite[ad]", 'author:"Smith J"'),
        ('Charite[ad] OR "radiology report"[ti]', 'title:"radiology report"'),
        (
            '"Radiology"[ta] OR "Eur Radiol"[ta] OR "AJR Am J Roentgenol"[ta] OR "Invest Radiol"[ta]',
            "journal:Radiology OR journal:european journal:radiol* OR journal:ajr journal:american journal:journal journal:roentgenol* OR journal:invest* journal:radiol*",
        ),
        ('"N Engl J Med"[jour] AND trial[ti]', "journal:new journal:engl* journal:journal journal:medi* title:trial"),
        (
            '(lancet[ta] OR BMJ[ta] OR JAMA[ta] OR "Nat Med"[ta]) AND "artificial intelligence"[tiab]',
            '(journal:lancet OR journal:BMJ OR journal:JAMA OR journal:nature journal:medi*) "artificial intelligence"',
        ),
        (
            '"IEEE Trans Med Imaging"[Journal] OR "Med Image Anal"[Journal]',
            "journal:ieee* journal:trans* journal:medi* journal:imaging* OR journal:medi* journal:image* journal:anal*",
        ),
        (
            '"Proc Natl Acad Sci U S A"[ta] AND neuron*[ti]',
            "journal:proc* journal:national journal:acad* journal:scien* title:neuron*",
        ),
        ("31452104[pmid] OR 31452105[uid]", "id:31452104 OR id:31452105"),
        ("31452104,31452105[uid]", "id:31452104 OR id:31452105"),
        ("10.1148/radiol.2020191145[doi] OR 10.1000/x.1[aid]", "doi:10.1148/radiol.2020191145 OR doi:10.1000/x.1"),
        ("R01CA123456[gr] AND imaging[tiab]", "imaging"),
        ('"Magnetic Resonance Imaging"[ot]', 'category:"Magnetic Resonance Imaging" OR "Magnetic Resonance Imaging"'),
        ("NOT mri[ti]", "NOT title:mri"),
        ("mri[ti] NOT (ct[ti] AND humans[mh])", "title:mri NOT (title:ct category:humans)"),
        ("mri[ti] NOT young[tiab]", "title:mri NOT (title:young OR abstract:young)"),
        ("pain[tiab] NOT Neoplasms[mh]", "pain NOT category:Neoplasms"),
    ],
)
def test_a_pubmed_search_becomes_a_query(text: str, query: str) -> None:
    found = read(text)
    assert (str(found.query), found.problem, found.source) == (query, "", "pubmed")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mri[ti] AND english[la]", [("english[la]", Effect.BROADER)]),
        ("mri[ti] OR Charite[ad]", [("Charite[ad]", Effect.NARROWER)]),
        ("mri[ti] NOT english[la]", [("english[la]", Effect.BROADER)]),
        ("mri[ti] NOT (ct[ti] AND english[la])", [("english[la]", Effect.NARROWER)]),
        ("mri[ti] NOT (ct[ti] OR english[la])", [("english[la]", Effect.BROADER)]),
        ("mri[ti] OR (ct[ti] AND (english[la] OR german[la]))", [("english[la], german[la]", Effect.BROADER)]),
        (
            "mri[ti] OR (english[la] AND Charite[ad])",
            [("english[la]", Effect.NARROWER), ("Charite[ad]", Effect.NARROWER)],
        ),
        ("mri[ti] AND humans[mh]", [("humans", Effect.BROADER)]),
        ("mri[ti] AND stroke[mh]", [("stroke", Effect.NARROWER)]),
        ("mri[ti] AND stroke AND ct", [("words without a tag", Effect.NARROWER)]),
        ("mri[ti] NOT review[pt]", [("review[pt]", Effect.BROADER)]),
    ],
)
def test_what_is_lost_says_whether_more_or_less_is_found(text: str, expected: list[tuple[str, Effect]]) -> None:
    assert effects(text) == expected


def test_nothing_is_lost_of_plain_words_in_titles_and_abstracts() -> None:
    found = read('("deep learning"[tiab] OR neural*[ti]) AND mri[ab] NOT review[ti]')
    assert (found.losses, found.read) == ((), ())


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Charite[ad]", "does not keep affiliations"),
        ("#1 AND #2 AND mri[ti]", "#1, #2"),
        ("1. mri[ti]\n2. ct[ti]\n3. 1 AND 2", "numbered"),
        ("exp Stroke/ and mri.ti,ab.", "Ovid"),
        ("'stroke'/exp AND mri:ti,ab", "Embase"),
        ("TITLE-ABS-KEY ( mri )", "Scopus"),
        ("TS=(mri AND ct)", "Web of Science"),
        ("AND[ti]", "nothing"),
        ("(" * 80 + "mri[ti]" + ")" * 80, "too deep"),
        ("mri[ti] " + "x" * 20_000, "20,000"),
    ],
)
def test_what_cannot_be_read_says_why(text: str, part: str) -> None:
    found = read(text)
    assert found.query is None
    assert part in found.problem


def test_too_long_a_strategy_says_how_many_words_it_has() -> None:
    found = read(" OR ".join(f"word{n}[tiab]" for n in range(MAX_LEAVES + 37)))
    assert found.query is None
    assert f"{MAX_LEAVES + 37} words" in found.problem


def test_a_long_strategy_looks_for_headings_as_words_only() -> None:
    found = read(" OR ".join(f'"Heading {n}"[mh]' for n in range(60)))
    assert found.query is not None
    assert leaves(found.query.root) == 60
    assert any("words only" in loss.reason for loss in found.losses)


def test_many_alternations_without_parentheses_are_refused_not_a_crash() -> None:
    found = read("mri[ti]" + " OR a[ti] AND b[ti]" * 900)
    assert "too deep" in found.problem


@pytest.mark.parametrize(
    "text",
    ["mri AND ct", "title:mri [review]", "author:smith", '"a [b] c"', "mri https://example.org/", "10.1/x", ""],
)
def test_our_own_language_is_not_foreign(text: str) -> None:
    assert not looks_foreign(text)
    assert read_search(text) is None
