"""What Word and web pages put on the clipboard becomes rich text without changing its meaning."""

import pytest

from education.core.richtext import canonical_html, to_html, to_markdown
from tests.each import of_each


def point(words: str, *, level: int = 1, sign: str = "·", marker: str = "mso-list:Ignore") -> str:
    """A point of a list as Word writes it."""
    return (
        f"<p class=MsoListParagraphCxSpMiddle style='text-indent:-.25in;mso-list:l0 level{level} lfo1'>"
        f"<![if !supportLists]><span style='font-family:Symbol'><span style='{marker}'>{sign}"
        "<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>"
        f"{words}<o:p></o:p></p>"
    )


@of_each(
    [
        ("<p>0.5 mg <del>15 mg</del><ins>1.5 mg</ins></p>", "<p>0.5 mg 1.5 mg</p>"),
        ("<p>Go on. <s>Stop tramadol.</s></p>", "<p>Go on.</p>"),
        ("<p>Go on. <strike>Stop <strong>tramadol</strong>.</strike></p>", "<p>Go on.</p>"),
        ("<p>a <span style='text-decoration: line-through'>b <b>c</b></span> d</p>", "<p>a d</p>"),
        ("<p>a <span style='mso-hide:all;display:none'>b</span> c</p>", "<p>a c</p>"),
        ("<p>a <s>never closed</p><p>next</p>", "<p>a</p><p>next</p>"),
        ('<p>a<span class="MsoCommentReference"><a href="#_msocom_1">[AB1]</a></span></p>', "<p>a</p>"),
        ("<p>&lt;del&gt; is a tag, <s>x</s>&amp; this stays</p>", "<p>&lt;del&gt; is a tag, &amp; this stays</p>"),
    ]
)
def test_what_its_author_deleted_stays_deleted(case: tuple[str, str]) -> None:
    pasted, kept = case
    assert canonical_html(pasted) == kept


@of_each(
    [
        ("10<sup>6</sup> cells, 10<sup>−3</sup> L", "<p>10⁶ cells, 10⁻³ L</p>"),
        ("10<span style='vertical-align:super'>6</span>", "<p>10⁶</p>"),
        ("T<sub>3</sub> and T<sub>1/2</sub>", "<p>T₃ and T₁⁄₂</p>"),
        ("10<sup>0.5</sup>", "<p>10^0.5</p>"),
        ("the 5<sup>th</sup> day, C<sub>max</sub>", "<p>the 5th day, Cmax</p>"),
        ('so<sup><a href="#_ftn1">[1]</a></sup>.', "<p>so[1].</p>"),
    ]
)
def test_a_raised_figure_stays_raised(case: tuple[str, str]) -> None:
    pasted, kept = case
    assert canonical_html(pasted) == kept
    assert to_html(to_markdown(kept)) == kept


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("<td>5 mg</td><td>10 mg</td>", "<p>5 mg | 10 mg</p>"),
        (
            "<table><tr><th>Day<th>Dose</tr><tr><td><p>1</p></td><td>0.5<br>mg</td></tr></table><p>After.</p>",
            "<p>Day | Dose</p><p>1 | 0.5 mg</p><p>After.</p>",
        ),
        ("<table><tr><td><p>one</p><ul><li>x</li></ul></td></tr></table>", "<p>one</p><ul><li>x</li></ul>"),
    ],
)
def test_cells_stay_apart(pasted: str, kept: str) -> None:
    assert canonical_html(pasted) == kept
    assert to_html(to_markdown(kept)) == kept


@of_each(
    [
        (point("One") + point("Two") + "<p>After.</p>", "<ul><li>One</li><li>Two</li></ul><p>After.</p>"),
        (
            point("One") + point("Inner", level=2, sign="o") + point("Two"),
            "<ul><li>One<ul><li>Inner</li></ul></li><li>Two</li></ul>",
        ),
        (point("One", sign="1.") + point("Two", sign="2."), "<ol><li>One</li><li>Two</li></ol>"),
        (point("One", marker="") + point("Two", marker=""), "<ul><li>One</li><li>Two</li></ul>"),
        ("<p>·&nbsp;&nbsp; One</p><p>• <em>Two</em></p>", "<ul><li>One</li><li><em>Two</em></li></ul>"),
        ("<p>E. coli 5 · 6</p><p>1. March</p>", "<p>E. coli 5 · 6</p><p>1. March</p>"),
    ]
)
def test_a_list_from_word_is_a_list(case: tuple[str, str]) -> None:
    pasted, kept = case
    assert canonical_html(pasted) == kept


@of_each(["<![x[", "<![if", "<p>· </p><", "<s>", "</td></tr>", "<td>", "<sup>", "<p>·<p>•<td>"])
def test_what_is_no_html_does_no_harm(odd: str) -> None:
    assert canonical_html(f"<p>Before.</p>{odd}").startswith("<p>Before.</p>")
