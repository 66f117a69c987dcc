"""The labels that structured abstracts use (pure data)."""

from __future__ import annotations

from bot.wording.patterns import any_of

_WORD = any_of(r"""
    backgrounds?
    context
    introduction
    rationale
    motivation
    importance
    problem
    question
    research question
    (?:study |primary |main |research )?(?:aims?|objectives?|goals?|purpose|hypothes[ie]s)
    (?:aims?|objectives?|purpose) of (?:the )?(?:study|review)
    (?:study |trial |research )?(?:design|setting|population|selection|methods?|participants|patients|subjects|cohort)
    design,? (?:and )?settings?(?:,? and (?:participants|patients|subjects))?
    design and methods?
    (?:materials?|patients?|subjects|participants|data|design|methodology) (?:and|&) methods?
    methods? (?:and|&) (?:materials?|results|findings|analysis)
    methodology
    experimental (?:design|approach)
    approach
    data (?:sources?|extraction|collection|synthesis|analysis)(?:,? and (?:extraction|synthesis|analysis))?
    data sources?,? (?:and )?study selection
    search (?:strategy|methods)
    (?:selection|eligibility) criteria
    interventions?(?:\(s\))?
    exposures?
    main (?:outcomes?|outcome measures?|results?|findings)
    (?:main |primary |secondary )?outcomes?(?: measures?)?(?: and measures)?
    main outcomes? (?:and|&) measures?
    measurements?(?: and main results)?
    statistical analysis
    analysis
    case (?:report|presentation|description)
    cases?
    (?:main |key |principal |primary )?(?:findings?|results?)(?: and discussion| and conclusions?)?
    observations?
    discussion(?: and conclusions?)?
    limitations?
    strengths and limitations
    comparison with existing methods?
    interpretation
    significance
    relevance
    implications?(?: for practice)?
    clinical (?:relevance|significance|implications?)
    clinical (?:impact|trial registration(?: number)?)
    translational (?:relevance|significance|perspective)
    (?:author'?s'? |authors['’] |main |major |general |overall )?conclusions?
    conclusions? and (?:relevance|implications?|significance)
    summary
    highlights?
    key (?:words|points|messages?)
    keywords
    impact
    novelty
    contributions?
    level of evidence
    (?:trial |study |clinical )?registration(?: number)?
    prospero registration
    funding(?: sources?)?
    (?:data |code )?availability(?: and implementation)?
    supplementary (?:information|data|materials?)
    contact
    plain language summary
    ethics(?: and dissemination)?
    dissemination
    (?:evidence|study) (?:acquisition|synthesis)
    advances in knowledge
    scope of review
    recent findings
    purpose of review
    what is (?:already )?known
    issue addressed
    so what\??
    what this study adds
""")
LABEL = rf"(?i:(?:{_WORD})(?:\s?(?:/|&|and)\s?(?:{_WORD}))?)"
"""A pattern for a known label, or two that are joined, in any case."""
CAPITALS = r"(?=[^a-z:.\d]{3,80}:)[A-Z][^a-z:.\d]{2,79}"
"""A pattern for any label in capitals, as PubMed has them."""
