"""The made-up language of the benchmark's papers: words with Zipf weights, stems, phrases (deterministic)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate, product

FIELDS = 80


def _words(text: str) -> list[str]:
    return text.split()


FUNCTION = _words(
    "the of and in to a with for is was were by that on as from we at are this an be or which these not between "
    "has have using can our than both been its after more also may however during two all into into their but it "
    "such most used other there when one each among only while no over three under they who"
)
GENERAL = _words(
    "patients study results data model method analysis treatment learning performance group clinical effect risk "
    "level rate disease cells response system time approach training image control high age network outcome test "
    "function cancer accuracy years significant increased associated observed compared potential evidence features"
)
STEMS = _words(
    "neuro cardio immuno radio micro hemato gastro hepato nephro dermato onco patho pharmaco cyto histo angio osteo "
    "thermo photo electro hydro chemo ferro nano quantum poly multi inter trans super"
)
ENDINGS = _words(
    "genesis logy graphy metry plasty pathy toxic active static dynamic genic gram scopic form phase cyte lytic "
    "tropic plasm vascular sensitive degenerative muscular chemical imaging protective"
)
_COLLOCATIONS = """
deep learning, neural network, machine learning, breast cancer, magnetic resonance, blood pressure, risk
factors, gene expression, stem cells, random forest, lung nodule, contrast agent, support vector, confidence
interval, mental health, immune system, bone marrow, transfer learning, heart failure, public health, language
model, computed tomography, amino acid, white matter, graph neural, wave function, quality assurance, time
series, reinforcement learning, spinal cord, oxidative stress, point cloud, body mass, insulin resistance,
federated learning, density functional, prostate cancer, image segmentation, primary care, black hole, side
effects, energy consumption, cell proliferation, false positive, ground truth, emergency department, knee joint,
quantum dots, attention mechanism, lymph node, phase transition, object detection, signal processing, kidney
injury, air pollution, drug delivery, optical coherence, visual acuity, domain adaptation, liver fibrosis, wound
healing, food intake, muscle strength, vaccine uptake, dark matter, sleep apnea, binding affinity, natural
language, knowledge graph, protein folding, surface roughness, magnetic field, rural areas, skin lesion, growth
factor, soft tissue, diffusion tensor, motor cortex, birth weight, radiation dose, fuzzy logic, genetic
algorithm, edge computing, carbon dioxide, water quality, climate change, plant growth, soil moisture, smart
grid, power system, heat flux, fluid dynamics, crack propagation, thin film, mass spectrometry, ionic liquid,
catalytic activity, oral cavity, dental implant, retinal vessel, hearing loss, smoking cessation, palliative
care, informed consent, nursing home, medical students, decision making, social media, health literacy, cost
effectiveness, waiting list, clinical trial, tumor margin, needle biopsy, brain atlas, chest radiograph,
fracture healing, hip replacement, gut microbiome, antibiotic stewardship
"""
_ONSETS = _words("b br c ch d dr f fl g gr h k l m n p ph pr qu r s st t th tr v w x z")
_VOWELS = _words("a e i o u ae ia io ou y")
_CODAS = ("", "n", "r", "s", "l", "t", "x", "nd", "st")
_SYLLABLES = tuple("".join(parts) for parts in product(_ONSETS, _VOWELS, _CODAS))
_SPREAD = 7919  # prime to the number of syllable triples, so that neighbours in number look unlike
_FIELD_WORDS, _GENERAL_WORDS, _STEMMED = 3_000, 1_500, 12

PHRASES = tuple(" ".join(phrase.split()) for phrase in _COLLOCATIONS.split(","))
"""Words that stand together in many papers; the first ones in most."""


def word(number: int) -> str:
    """The made-up word of a number; another number gives another word, nearly always."""
    base = len(_SYLLABLES)
    mixed = number * _SPREAD % base**2
    return _SYLLABLES[mixed % base] + _SYLLABLES[mixed // base] + "aeiou"[number % 5]


def zipf(count: int, share: float, shift: float = 2.0) -> list[float]:
    """Weights of ``count`` ranks that fall as 1 / (rank + shift) and sum to ``share``."""
    raw = [1 / (rank + shift) for rank in range(count)]
    total = sum(raw)
    return [share * weight / total for weight in raw]


def field_words(field: int) -> tuple[list[str], list[float]]:
    """All words that a field's papers are written in, and their cumulative weights."""
    own = [*_stemmed(field), *(word(10_000 + field * _FIELD_WORDS + n) for n in range(_FIELD_WORDS - _STEMMED))]
    general = [*GENERAL, *map(word, range(_GENERAL_WORDS))]
    weights = [*zipf(len(FUNCTION), 0.36), *zipf(len(general), 0.30, 40), *zipf(len(own), 0.34, 20)]
    return [*FUNCTION, *general, *own], list(accumulate(weights))


def _stemmed(field: int) -> Iterator[str]:
    for n in range(_STEMMED):
        place = field * _STEMMED + n
        yield STEMS[place % len(STEMS)] + ENDINGS[place // len(STEMS) % len(ENDINGS)]
