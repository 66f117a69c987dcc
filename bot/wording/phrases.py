"""How sentences of abstracts begin and end: conclusions, results, aims, boilerplate (pure data)."""

from __future__ import annotations

import re

from bot.wording.patterns import any_of

CONCLUSION = re.compile(r"conclusion|interpretation", re.IGNORECASE)
NEARLY_CONCLUSION = re.compile(
    r"\b(?:significance|implications?|relevance|discussion|summary|key (?:points|messages?)|impact|advances|findings?"
    r"|results?)\b",
    re.IGNORECASE,
)
NOT_CONTENT = re.compile(
    r"registration|funding|key ?words?|supplement|copyright|availability|identifier|contact|level of evidence|ethics"
    r"|dissemination|conflict|disclosure|already known|limitations?",
    re.IGNORECASE,
)
"""Labels whose text says nothing of what was found."""

_OPENINGS = any_of(r"""
    ©|\(c\)|copyright
    key ?words|index terms|video abstract|graphical abstract|translation:|for the \w+ translation
    published (?:by|under|in)|volume \d+,|accepted (?:at|by|to|for)|to appear
    supplement\w* (?:material|information|data)
    level (?:of evidence)?:?\s*[IV\d]|\(?level [IV]+
    (?:clinical )?trial regist|registration|prospero|chictr
    this (?:trial|study|review) (?:is|was) (?:registered|funded|supported)|funded by|funding
    this article is protected|proprietary or commercial
    (?:our|the|all) (?:source )?(?:code|data(?:set)?s?|models?|implementation)\b.{0,80}\bcan be (?:found|accessed)
    (?:our|the|all) (?:source )?(?:code|project page|demo)\b.{0,80}\b(?:is|are|will be)
    code(?: and \w+)?\s?(?:is|are|will|:|at\b)|project (?:page|website|homepage)|website:
    (?:elsevier|wiley|springer|the authors?)\b.{0,40}$
""")
_ANYWHERE = any_of(r"""
    available (?:at|on|from|via|in|online|under|upon)|publicly (?:available|released?)|made available
    clinicaltrials\.gov|NCT\d{8}
    https?://|www\.|github\.(?:com|io)
    all rights reserved|see supplementary|published by|creative commons|cc[- ]by|protected by copyright
    open[- ]sourced?
    (?:19|20)\d\d\s?[;:]\s?\d
    will (?:be )?(?:made )?(?:publicly )?releas
    (?:code|software|weights|models?|data(?:sets?)?|benchmark)\b.{0,200}\b(?:available|released?)
""")
BOILERPLATE = re.compile(rf"^\W*(?:{_OPENINGS})|\b(?:{_ANYWHERE})", re.IGNORECASE)
"""Registration, funding, copyright, citations, and where to find the code."""

_WORK = r"(?:research|stud(?:y|ies)|trials?|investigations?|work|evidence|data|evaluation|validation)"
MODEST = re.compile(
    r"\b(?:further|additional|future|more|larger?|long-term|prospective|randomi[sz]ed|well-designed)\b.{0,80}"
    rf"\b{_WORK}\b.{{0,60}}\b(?:needed|required|warranted|necessary|should|must|recommended|merited|essential)"
    r"|^(?:finally, )?we (?:hope|believe|envision|plan|expect)\b|^we conclude (?:with|by)\b"
    r"|\bwarrants? further|\bremains? to be (?:determined|seen|elucidated|established)",
    re.IGNORECASE,
)
"""Hopes, and what is still to be done."""

_STUDIED = any_of(r"""
    aim\w*|investigat\w+|examin\w+|evaluat\w+|assess\w+|describ\w+|stud(?:y|ied)|explor\w+
    discuss\w*|review\w*|compar\w+|to|sought|set out|consider\w*|ask
""")
AIM = re.compile(
    r"^(?:(?:in|with) (?:this|the present|the current) \w+(?: \w+)?,? )?"
    r"(?:we|this (?:study|paper|article|work|review)|the (?:aim|purpose|objective|goal)\w*)"
    rf" (?:have |here |was |of this \w+ (?:was|is) )?(?:{_STUDIED})\b",
    re.IGNORECASE,
)

_SUMMING_UP = any_of(r"""
    in (?:conclusion|summary|sum|short)\b|to (?:conclude|summari[sz]e|sum up)
    (?:we|the authors?) (?:therefore |thus )?conclude|(?:it (?:is|was|can be)|we) (?:therefore |thus )?concluded
    conclusions?\b|(?:taken|considered) together|collectively|altogether
    (?:overall|thus|therefore|hence|consequently),?\s
""")
_THESE = (
    r"(?:(?:overall|together|further(?:more)?|moreover|finally|additionally|here),? )?"
    r"(?:these|our|the(?: present| current| above)?|this|such) (?:\w+[ -]){0,3}?"
)
_RESULTS = (
    r"(?:results?|findings?|data|study|observations?|analys[ei]s|work|experiments?|review|evidence|paper|insights?)"
)
_SUGGEST = any_of(r"""
    suggest|show|demonstrat|indicat|reveal|highlight|provid|support|establish|confirm|underscor|imply|implies|emphasi
    point|identif|illustrat|offer|open|pave|validat|contribut|advance|mean|prove
""")
_FOUND = any_of(r"""
    show|demonstrat|find|found|reveal|prove|confirm|indicat|observ|validat|establish|illustrat
""")
_BETTER = any_of(r"""
    outperform\w*|state-of-the-art|achiev(?:es|ed|ing)|improv(?:es|ed|ing)|surpass\w*|significantly|reduc(?:es|ed|ing)
""")
_MADE = any_of(r"""
    propos|present|introduc|develop|describ|provid|report|offer|contribut|deriv|construct|design|argue|study|investigat
    analy[sz]|examin|explor|review|survey
""")
CONCLUDING = re.compile(rf"^(?:{_SUMMING_UP})", re.IGNORECASE)
SUGGESTING = re.compile(rf"^{_THESE}{_RESULTS}(?: \w+){{0,6}}? (?:{_SUGGEST})", re.IGNORECASE)
RESULT = re.compile(
    rf"\b(?:(?:results|experiments?|evaluations?|we|analys[ei]s|simulations?|studies)\b.{{0,120}}?\b(?:{_FOUND})\w*"
    rf"|{_BETTER})\b",
    re.IGNORECASE,
)
CONTRIBUTION = re.compile(
    r"\b(?:we|this (?:paper|work|article|study|report|survey|review)|the (?:paper|article))\b"
    rf".{{0,40}}?\b(?:{_MADE})\w*",
    re.IGNORECASE,
)
