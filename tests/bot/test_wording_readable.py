from __future__ import annotations

import pytest

from bot.wording import readable

FORMULAS = [
    (r"$\alpha$-helix and $\beta$-sheet", "α-helix and β-sheet"),
    (r"$10^{-3}$ M", "10⁻³ M"),
    (r"H$_2$O and CO$_2$", "H₂O and CO₂"),
    (r"in $\mathcal{O}(n \log n)$ time", "in O(n log n) time"),
    (r"$\mathbb{R}^n$ or $\mathbb R$", "ℝⁿ or ℝ"),
    (r"$L_1$ and $\ell_2$ norms", "L₁ and ℓ₂ norms"),
    (r"$\sim$5 and $\approx 7$", "∼5 and ≈7"),
    (r"$<$ 5, $>$7", "< 5, >7"),
    (r"3$\times$3 and $3 \times 3$", "3×3 and 3 × 3"),
    (r"5$\pm$2 or $5 \pm 2$", "5±2 or 5 ± 2"),
    (r"$\geq 3$ of them", "≥3 of them"),
    (r"\(x^2\) and \[y = 1\]", "x² and y = 1"),
    (r"$$a \leq b$$ holds", "a ≤ b holds"),
    (r"$p<0.05$ and p$<0.01$", "p < 0.05 and p<0.01"),
    (r"$n=5$, $N = 12$", "n = 5, N = 12"),
    (r"$\frac{a+b}{c}$ and $\frac{1}{2}$", "(a+b)/c and 1/2"),
    (r"$\sqrt{x}$, $\sqrt{x+1}$, $\sqrt[3]{n}$", "√x, √(x+1), ³√n"),
    (r"$x_{\max}$ and $T_{total}$", "xₘₐₓ and T_total"),
    (r"$x_i^2$ and $x^2_i$", "xᵢ² and x²ᵢ"),
    (r"$\hat{y}$ and $\bar x$ and $\vec{v}$", "ŷ and x̄ and v⃗"),
    (r"$\|x\|_2$", "‖x‖₂"),
    (r"$A^\top B$", "AᵀB"),
    (r"$f: X \to Y$", "f: X → Y"),
    (r"$\{0, 1\}^n$", "{0, 1}ⁿ"),
    (r"$\log_2 n$ and $\log(n)$", "log₂ n and log(n)"),
    (r"$95\%$ CI", "95% CI"),
    (r"$^{18}$F-FDG and ${}^{99m}$Tc", "¹⁸F-FDG and ⁹⁹ᵐTc"),
    (r"$30^\circ$ at 37$^{\circ}$C", "30° at 37°C"),
    (r"$\mu$m and $\,\mu m$", "μm and μm"),
    (r"$\epsilon$-greedy and $\eps$-close", "ε-greedy and eps-close"),
    (r"$\pi^2$-Bench", "π²-Bench"),
    (r"$\text{R}^2\text{ec}$", "R²ec"),
    (r"$\textit{New News}$: a title", "New News: a title"),
    (r"$\mathbf{\texttt{D}}$ual", "Dual"),
    (r"$\nabla$NABLA", "∇NABLA"),
    (r"$f'$ and $f''$", "f′ and f′′"),
    (r"$\left( \frac{n}{2} \right)$", "(n/2)"),
    (r"$\lfloor n/2 \rfloor$", "⌊n/2⌋"),
    (r"$\langle x, y \rangle$", "⟨x, y⟩"),
    (r"$\sum_{i=1}^{n} x_i$", "∑ᵢ₌₁ⁿ xᵢ"),
    (r"$\mathbb{F}_{2^m}$", "𝔽_2ᵐ"),
    (r"$\binom{n}{k}$", "binom(n, k)"),
    (r"$a \not= b$ and $x \not\in A$", "a ≠ b and x ∉ A"),
    (r"$\operatorname{arg\,max}$", "arg max"),
    (r"$\textcolor{red}{x}$", "x"),
    (r"$3{,}000$ cells", "3,000 cells"),
    (r"$\mathrm{CO}_2$", "CO₂"),
    (r"$L_{\infty}$ attack", "L_∞ attack"),
    (r"$\Theta(n^{1/2})$", "Θ(n^(1/2))"),
    (r"${\bf Q}$ and ${\rm eff}$", "Q and eff"),
    (r"K$α$LOS and Legal$Δ$", "KαLOS and LegalΔ"),
    (r"$\ce{H2SO4}$", "H₂SO₄"),
    (r"$\href{https://example.org/x}{this link}$", "this link (https://example.org/x)"),
]

LEFT_ALONE = [
    (r"$\unknown{x}$ stays", r"$\unknown{x}$ stays"),
    ("$a}$ and ${a$ and $x^$ stay", "$a}$ and ${a$ and $x^$ stay"),
    ("we propose \\method, a way", "we propose \\method, a way"),
    ("$5 vs $10", "$5 vs $10"),
    ("cost of $1,200 per patient ($800-$2,000)", "cost of $1,200 per patient ($800-$2,000)"),
    ("US$500 or US$700", "US$500 or US$700"),
    ("$5 million and $6 million", "$5 million and $6 million"),
    ("from $20/h to $30/h", "from $20/h to $30/h"),
    ("only $0.02 per query, $5 a day", "only $0.02 per query, $5 a day"),
    ("$US 200,000 per QALY", "$US 200,000 per QALY"),
    ("one $ alone", "one $ alone"),
    ("The launch of $Trump coin", "The launch of $Trump coin"),
    ("accuracy of 95% on CT", "accuracy of 95% on CT"),
    ("<0.5 mm", "<0.5 mm"),
    ("p < 0.05", "p < 0.05"),
    ("p<.001 and x>3", "p<.001 and x>3"),
    ("n<m>k", "n<m>k"),
    ("n<i>k", "n<i>k"),
    ("a<b>c", "a<b>c"),
    ("tokens like <think> and </think>", "tokens like <think> and </think>"),
    ("a <b, c> pair", "a <b, c> pair"),
    ("AT&T and R&D", "AT&T and R&D"),
    ("&unknown; stays", "&unknown; stays"),
    ("sets {0, 1} and {a, b}", "sets {0, 1} and {a, b}"),
    ("run with --help and -v", "run with --help and -v"),
    ("snake_case and __init__", "snake_case and __init__"),
    ("3~5 days, ~30%, p~0.05", "3~5 days, ~30%, p~0.05"),
    ("https://example.org/~user", "https://example.org/~user"),
    ("the `code` and 5'' screen", "the `code` and 5'' screen"),
    ("[18F]FDG and [11C]choline", "[18F]FDG and [11C]choline"),
    ("-----", "-----"),
]

PROSE = [
    (r"\textit{in vivo} and \emph{in \textbf{vitro}}", "in vivo and in vitro"),
    (r"{\em backdoor} and {\bf bold}", "backdoor and bold"),
    (r"\textsc{\small{gpt-20b}}", "gpt-20b"),
    (r"{\"o} and \"o and \"{o}", "ö and ö and ö"),
    (r"\'e and Poincar\'e and B\'{e}zier", "é and Poincaré and Bézier"),
    (r"na\"ive and na{\"\i}ve", "naïve and naïve"),
    (r"Gar\c{c}on, Fran\c cois, Do\v{s}en, Erd\H{o}s", "Garçon, François, Došen, Erdős"),
    (r"Mu\~niz and Mah\={a}n and F\`ux\`i", "Muñiz and Mahān and Fùxì"),
    (r"\L{}ukasz and \O rsted and stra\ss e", "Łukasz and Ø rsted and straß e"),
    (r"T{\"}ulu", "Tülu"),
    ("Fig.~2 and Table~I", "Fig. 2 and Table I"),
    ("5~mm", "5 mm"),
    ("one---two, 1--5, Navier--Stokes, a -- b", "one—two, 1–5, Navier–Stokes, a – b"),
    ("``quoted'' and `single' and ``mixed\"", "“quoted” and ‘single’ and “mixed”"),
    (r"5\% of R\&D, a\_b, \#1, \$9", "5% of R&D, a_b, #1, $9"),
    (r"at \url{https://example.org/a_b}", "at https://example.org/a_b"),
    (r"\href{https://example.org}{https://example.org}", "https://example.org"),
    (r"\href{https://example.org/x}{here}", "here (https://example.org/x)"),
    (r"as shown~\cite{a,b}, and \citep[see][p. 2]{c}.", "as shown, and."),
    (r"field\footnote{https://example.org/x}.", "field (https://example.org/x)."),
    (r"360{\deg} and {\mu}s and {\AA}", "360° and μs and Å"),
    (r"\b{eta}-chain and \k{appa}", "β-chain and κ"),
    (r"0.751 \pm 0.05", "0.751 ± 0.05"),
    (r"0.47~\mu\mathrm{m}", "0.47 μm"),
    (r"10^{-3}, CO_{2} and 10^-6 and R^2", "10⁻³, CO₂ and 10⁻⁶ and R²"),
    (r"15{,}729 images", "15,729 images"),
    (r"{BERT} and {T}ransformers", "BERT and Transformers"),
    (r"FA\textsuperscript{3}-CLIP, mAP\textsubscript{50}, 5\textsuperscript{th}", "FA³-CLIP, mAP₅₀, 5th"),
    (r"\noindent Memory is \xspace central", "Memory is central"),
    (r"\textcolor{blue}{We add this}", "We add this"),
    (r"a \rev{revised part} here", "a revised part here"),
    (r"(\ie, one; \eg, two)", "(i.e., one; e.g., two)"),
    (r"Pass\^{}1 of \~8B", "Pass¹ of ~8B"),
    (r"pre\-trained i.i.d.\@ data", "pretrained i.i.d. data"),
    (r"one\\ two", "one two"),
]

MARKUP = [
    ("<i>E. coli</i> in H<sub>2</sub>O", "E. coli in H₂O"),
    ("10<sup>-3</sup> and 10<sup>−3</sup>", "10⁻³ and 10⁻³"),
    ("Ca<sup>2+</sup> and SO<sub>4</sub><sup>2-</sup>", "Ca²⁺ and SO₄²⁻"),
    ("<sup>18</sup>F-FDG, <sup>99m</sup>Tc", "¹⁸F-FDG, ⁹⁹ᵐTc"),
    ("x<sub>max</sub>, p<sub>trend</sub>, GABA<sub>A</sub>", "xₘₐₓ, p_trend, GABA_A"),
    ("BL<sub>R</sub>Ts, <sub>V</sub>MLSS", "BLRTs, VMLSS"),
    ("the 25<sup>th</sup> day, 2<sup>nd</sup>", "the 25th day, 2nd"),
    ("Apoe<sup>-/-</sup> mice, CD4<sup>+</sup>", "Apoe⁻/⁻ mice, CD4⁺"),
    ("FirePlex<sup>™</sup> and X<sup>TM</sup>", "FirePlex™ and X™"),
    ("65<sup>∘</sup>, 37<sup>o</sup>C", "65°, 37°C"),
    ("Ni<sub>0.4</sub>Fe<sub>2-x</sub>", "Ni₀.₄Fe₂₋ₓ"),
    ("10<sup>5.5</sup>", "10^5.5"),
    ("Yb<sup>III</sup>", "Ybᴵᴵᴵ"),
    ("BRAF<sup>V600E</sup>", "BRAFⱽ⁶⁰⁰ᴱ"),
    ("x<sub><i>i</i></sub>", "xᵢ"),
    ("CO <sub>2</sub> ) and CH <sub>4</sub> .", "CO₂) and CH₄."),
    ("of <sup>11</sup>C", "of ¹¹C"),
    ("( <i>L. donovani</i> )", "(L. donovani)"),
    ("<jats:p>one</jats:p><jats:p>two</jats:p>", "one two"),
    ("<jats:title>Background</jats:title><jats:p>Text.</jats:p>", "Background: Text."),
    ("<h4>Aims</h4>To see.<h4>Results</h4>Seen.", "Aims: To see. Results: Seen."),
    ("a<br>b<br/>c</br>d", "a b c d"),
    ('<a href="https://example.org">link</a> <a href=https://example.org>two</a>', "link two"),
    ("<b>bold</b><u>under</u><sc>Caps</sc>", "boldunderCaps"),
    ("<!-- hidden -->shown<![CDATA[ data ]]>", "shown data"),
    ('<xref ref-type="bibr" rid="b1">1</xref>', "1"),
    ("&lt;i&gt;E. coli&lt;/i&gt;", "E. coli"),
    ("&amp;lt;0.5 mm &amp;amp; more", "<0.5 mm & more"),
    ("p&nbsp;&lt;&nbsp;0.05 and 5&#x2009;mm", "p < 0.05 and 5 mm"),
    ("&alpha;, &mgr;g, &#945;, &#x3b1;", "α, μg, α, α"),
    ("hy\u00adphen&shy;ated", "hyphenated"),
    ("aged [≥]18 years", "aged ≥18 years"),
    ("O_ST_ABSObjectiveC_ST_ABSTo see", "Objective: To see"),
    ("O_SCPCAPDC_SCPCAP-glucose", "D-glucose"),
    ("O_LIone C_LIO_LItwo C_LI", "one two"),
    (r"hypertension.\n\nMethods", "hypertension. Methods"),
]

M = '<mml:math xmlns:mml="http://www.w3.org/1998/Math/MathML">'
MATHML = [
    ("<mml:msup><mml:mn>10</mml:mn><mml:mrow><mml:mo>-</mml:mo><mml:mn>3</mml:mn></mml:mrow></mml:msup>", "10⁻³"),
    ("<mml:msub><mml:mi>x</mml:mi><mml:mn>1</mml:mn></mml:msub>", "x₁"),
    (
        "<mml:mfrac><mml:mrow><mml:mi>a</mml:mi><mml:mo>+</mml:mo><mml:mi>b</mml:mi></mml:mrow><mml:mi>c</mml:mi></mml:mfrac>",
        "(a+b)/c",
    ),
    ("<mml:msqrt><mml:mi>x</mml:mi></mml:msqrt>", "√x"),
    ("<mml:mroot><mml:mi>x</mml:mi><mml:mn>3</mml:mn></mml:mroot>", "³√x"),
    ("<mml:mi>p</mml:mi><mml:mo>&lt;</mml:mo><mml:mn>0.05</mml:mn>", "p < 0.05"),
    ("<mml:mover><mml:mi>x</mml:mi><mml:mo>¯</mml:mo></mml:mover>", "x̄"),
    ("<mml:mfenced><mml:mi>a</mml:mi><mml:mi>b</mml:mi></mml:mfenced>", "(a, b)"),
    (
        "<mml:msubsup><mml:mtext>PO</mml:mtext><mml:mn>4</mml:mn><mml:mrow><mml:mo>-</mml:mo><mml:mn>3</mml:mn></mml:mrow></mml:msubsup>",
        "PO₄⁻³",
    ),
    (
        "<mml:mmultiscripts><mml:mi>He</mml:mi><mml:mprescripts/><mml:none/><mml:mn>3</mml:mn></mml:mmultiscripts>",
        "³He",
    ),
    (
        '<mml:semantics><mml:mi>α</mml:mi><mml:annotation encoding="x-tex">\\alpha</mml:annotation></mml:semantics>',
        "α",
    ),
]


@pytest.mark.parametrize(("source", "plain"), FORMULAS)
def test_a_formula_in_latex_becomes_unicode(source: str, plain: str) -> None:
    assert readable(source) == plain


@pytest.mark.parametrize(("source", "plain"), LEFT_ALONE)
def test_what_only_looks_like_markup_or_is_unknown_stays(source: str, plain: str) -> None:
    assert readable(source) == plain


@pytest.mark.parametrize(("source", "plain"), PROSE)
def test_latex_in_running_text_becomes_plain(source: str, plain: str) -> None:
    assert readable(source) == plain


@pytest.mark.parametrize(("source", "plain"), MARKUP)
def test_html_and_jats_and_the_servers_tokens_become_plain(source: str, plain: str) -> None:
    assert readable(source) == plain


@pytest.mark.parametrize(("inside", "plain"), MATHML)
def test_mathml_becomes_one_line(inside: str, plain: str) -> None:
    assert readable(f"of {M}{inside}</mml:math> here") == f"of {plain} here"


def test_a_formula_given_twice_is_shown_once() -> None:
    tex = r"<tex-math>\documentclass{m}\begin{document}$$x_1$$\end{document}</tex-math>"
    mathml = f"{M}<mml:msub><mml:mi>x</mml:mi><mml:mn>1</mml:mn></mml:msub></mml:math>"
    both = f"<inline-formula><alternatives>{tex}{mathml}</alternatives></inline-formula>"
    assert readable(f"of {both} here") == "of x₁ here"
    assert readable(f"of <inline-formula>{tex}</inline-formula> here") == "of x₁ here"


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        ("in\u202evert\u200b ed\x07 \ud800x\ue000", "invert ed x"),
        ("\ufeffa\u2066b\u2069\u2028c\x85d", "ab c d"),
        ("ra\u200cdio\u200dgraph", "radiograph"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d🔬 at work", "👩\u200d🔬 at work"),
        ("\u3164\u115f", ""),
    ],
)
def test_nothing_invisible_is_left_but_joiners_where_they_are_spelling(source: str, plain: str) -> None:
    assert readable(source) == plain


@pytest.mark.parametrize(
    "piece",
    [
        "$",
        "$$",
        "$a",
        r"\(",
        r"\[",
        r"\$",
        "~",
        "``",
        "<i>",
        "<sub>",
        "<math>",
        "<!--",
        "<a b=",
        "O_FIG",
        "O_ST_ABS",
        "&amp;",
        r"\cite{",
        r"\textbf{",
        "{{",
        r"{\bf ",
        r"\a{",
        "<h4>",
        r"\'",
        "_{",
        "^{a",
        "`a",
        "--",
        "[≥",
        "<<",
        "\ue000",
        "$$a$$\n",
    ],
)
def test_a_hostile_text_takes_linear_time(piece: str) -> None:
    readable(piece * (50_000 // len(piece)))
