"""LaTeX's names of signs, letters, accents and fonts in Unicode (pure data)."""

from __future__ import annotations

from bot.wording.patterns import words

_SMALL = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho varsigma sigma tau upsilon"
    " phi chi psi omega"
)
_CAPITAL = "Gamma Delta - - - Theta - - Lambda - - Xi - Pi - - Sigma - Upsilon Phi - Psi Omega"
_GREEK = {
    name: chr(code)
    for first, names in ((0x3B1, _SMALL), (0x393, _CAPITAL))
    for code, name in enumerate(names.split(), first)
    if name != "-"
} | {"varepsilon": "ε", "varphi": "φ", "vartheta": "ϑ", "varrho": "ρ", "varpi": "π", "varkappa": "κ"}

_PAIRS = """
ell ℓ hbar ℏ partial ∂ nabla ∇ infty ∞ prime ′ Re ℜ Im ℑ aleph ℵ emptyset ∅ varnothing ∅ imath ı jmath ȷ wp ℘ times ×
cdot · bullet • pm ± mp ∓ div ÷ ast * star ⋆ bigstar ★ bigcirc ◯ blacktriangle ▲ textperthousand ‰ permil ‰ circ ∘
degree ° deg ° textdegree ° oplus ⊕ ominus ⊖ otimes ⊗ odot ⊙ cup ∪ cap ∩ sqcup ⊔ sqcap ⊓ vee ∨ lor ∨ wedge ∧ land ∧
neg ¬ lnot ¬ setminus ∖ wr ≀ amalg ⨿ diamond ⋄ ltimes ⋉ rtimes ⋊ dagger † dag † ddagger ‡ ddag ‡ bigcup ⋃ bigcap ⋂
bigoplus ⨁ bigotimes ⨂ bigvee ⋁ bigwedge ⋀ sum ∑ prod ∏ coprod ∐ int ∫ iint ∬ oint ∮ forall ∀ exists ∃ nexists ∄ top ⊤
bot ⊥ angle ∠ triangle △ square □ Box □ blacksquare ■ qed ∎ checkmark ✓ cmark ✓ xmark ✗ sharp ♯ flat ♭ natural ♮
clubsuit ♣ heartsuit ♥ spadesuit ♠ lozenge ◊ langle ⟨ rangle ⟩ lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ lvert | rvert | vert
| lVert ‖ rVert ‖ Vert ‖ lbrace { rbrace } lbrack [ rbrack ] backslash \\ slash / ldots … dots … dotsc … cdots ⋯ dotsb
⋯ vdots ⋮ ddots ⋱ colon : lt < gt > ss ß ae æ AE Æ oe œ OE Œ o ø O Ø l ł L Ł aa å AA Å i ı j ȷ dh ð DH Ð th þ TH Þ dj
đ DJ Đ ng ŋ NG Ŋ S § P ¶ copyright © textregistered ® texttrademark ™ pounds £ textsterling £ euro € texteuro € yen ¥
cents ¢ textasciitilde ~ textasciicircum ^ textbackslash \\ textunderscore _ textbar | textless < textgreater >
textdollar $ textmu μ micro μ ohm Ω textpm ± texttimes × textendash – textemdash — textellipsis … textquoteright ’
textquoteleft ‘ textquotedblleft “ textquotedblright ” textbullet • textperiodcentered · textquotesingle '
guillemotleft « ldq “ guillemotright » lq ‘ rq ’ percent % textpercent % And & LaTeX LaTeX TeX TeX LaTeXe LaTeX2e
BibTeX BibTeX eg e.g. ie i.e. etc etc. vs vs.
"""
_RELATION_PAIRS = """
le ≤ leq ≤ leqslant ≤ leqq ≤ ge ≥ geq ≥ geqslant ≥ geqq ≥ ne ≠ neq ≠ ll ≪ gg ≫ sim ∼ simeq ≃ approx ≈ cong ≅ equiv ≡
propto ∝ doteq ≐ triangleq ≜ coloneqq ≔ lesssim ≲ gtrsim ≳ lessapprox ⪅ gtrapprox ⪆ prec ≺ succ ≻ preceq ⪯ succeq ⪰ in ∈
notin ∉ ni ∋ subset ⊂ subseteq ⊆ subsetneq ⊊ supset ⊃ supseteq ⊇ sqsubseteq ⊑ perp ⊥ parallel ∥ mid | vdash ⊢ models ⊨
to → rightarrow → longrightarrow ⟶ leftarrow ← gets ← longleftarrow ⟵ leftrightarrow ↔ longleftrightarrow ⟷ Rightarrow ⇒
implies ⇒ Longrightarrow ⟹ Leftarrow ⇐ Leftrightarrow ⇔ iff ⇔ mapsto ↦ hookrightarrow ↪ twoheadrightarrow ↠
rightleftharpoons ⇌ leadsto ⇝ rightsquigarrow ⇝ nearrow ↗ searrow ↘ asymp ≍ bowtie ⋈ lhd ⊲ unlhd ⊴ rightharpoonup ⇀
"""


def _paired(text: str) -> dict[str, str]:
    names = text.split()
    return dict(zip(names[::2], names[1::2], strict=True))


RELATIONS = _paired(_RELATION_PAIRS)
"""Those with a blank on each side."""
SIGNS = _GREEK | RELATIONS | {"uparrow": "↑", "downarrow": "↓", "Uparrow": "⇑", "Downarrow": "⇓"} | _paired(_PAIRS)
SIGNS |= {"etal": "et al.", "iid": "i.i.d."}

WORDS = words("""
    log ln lg exp min max sup inf lim limsup liminf arg argmin argmax sin cos tan cot sec csc sinh cosh tanh arcsin
    arccos arctan det dim ker rank Pr gcd hom tr Tr diag sign sgn span poly polylog softmax bmod mod
""")
"""Names of functions: a blank keeps them from what they are applied to."""

FONTS = words("""
    mathrm mathbf mathit mathsf mathtt mathcal mathscr mathfrak mathnormal boldsymbol bm pmb bold mathord mathbin
    mathrel mathop operatorname operatorname* text textit textbf textrm textsf texttt textsc textnormal textup
    textmd textsl emph underline uline mbox hbox fbox boxed ensuremath smash underbrace overbrace mathds mathbbm bb
    mathbold num unit si textls overrightarrow overleftarrow substack lowercase uppercase cancel
""")
"""Macros that change the look of their argument only."""

SWITCHES = words("""
    rm bf it tt sf sc sl em cal mit bfseries itshape rmfamily sffamily ttfamily scshape slshape upshape mdseries
    normalfont displaystyle textstyle scriptstyle scriptscriptstyle tiny scriptsize footnotesize small normalsize
    large Large LARGE huge Huge big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr bigm limits nolimits
    left right middle nonumber noindent indent xspace protect par newline linebreak centering boldmath unboldmath
    medskip smallskip bigskip nobreak relax hfill vfill ignorespaces unskip leavevmode allowbreak selectfont
""")
"""Macros without argument that show nothing."""

ACCENTS = {
    "hat": "\u0302", "widehat": "\u0302", "bar": "\u0304", "overline": "\u0304", "tilde": "\u0303",
    "widetilde": "\u0303", "vec": "\u20d7", "dot": "\u0307", "ddot": "\u0308", "check": "\u030c", "breve": "\u0306",
    "acute": "\u0301", "grave": "\u0300", "mathring": "\u030a",
}  # fmt: skip
TEXT_ACCENTS = {
    "'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "c": "\u0327", "v": "\u030c", "u": "\u0306", "H": "\u030b", "k": "\u0328", "r": "\u030a", "d": "\u0323",
    "b": "\u0331",
}  # fmt: skip
BLACKBOARD = dict(zip("CHNPQRZEFTK1", "ℂℍℕℙℚℝℤ𝔼𝔽𝕋𝕂𝟙", strict=True))
SPACES = {",": " ", ";": " ", ":": " ", ">": " ", " ": " ", "quad": " ", "qquad": " ", "!": "", "/": "", "@": "",
          "-": "", "\\": " ", "enspace": " ", "thinspace": " ", "space": " ", "hspace": " "}  # fmt: skip
ESCAPED = frozenset("%$&_#{}")
NEGATED = {"=": "≠", "∈": "∉", "≡": "≢", "⊂": "⊄", "⊆": "⊈", "∼": "≁", "≈": "≉", "<": "≮", ">": "≯", "∃": "∄", "|": "∤"}
