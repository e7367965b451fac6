"""A template as its officer sees it, whatever Word has left inside: made ready for docxtpl.

Tracked changes count as accepted. Within a tag, spaces are plain, signs without a width
are gone, and a tag that Word has spread over a link or a change stands in one place again.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from docx.oxml.ns import qn

_GONE_NAMES: Final = """
    del moveFrom moveFromRangeStart moveFromRangeEnd moveToRangeStart moveToRangeEnd
    rPrChange pPrChange sectPrChange tblPrChange tblPrExChange tblGridChange trPrChange
    tcPrChange numberingChange cellIns cellMerge
"""
_GONE: Final = tuple(qn(f"w:{name}") for name in _GONE_NAMES.split())
_KEPT: Final = (qn("w:ins"), qn("w:moveTo"))  # and what stands in them
_TAG: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_TOKEN: Final = re.compile(r"\"[^\"]*\"|'[^']*'|“[^”]*”|‘[^’]*’|.", re.DOTALL)
_QUOTES: Final = "\"'“‘"
_SPACES: Final = re.compile("[\xa0\u2000-\u200a\u202f\u205f\u3000\t\n]")
_NO_WIDTH: Final = re.compile("[\xad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")


def tidied(root: Any) -> Any:  # noqa: ANN401 - an lxml element
    """Change the XML of a part so that its tags can be read; give it back."""
    _accept(root)
    for paragraph in root.iter(qn("w:p")):
        _mend(list(_texts(paragraph)))
    return root


def has_changes(root: Any) -> bool:  # noqa: ANN401 - an lxml element
    """Say whether a part holds tracked changes."""
    return next(root.iter(*_GONE, *_KEPT), None) is not None


def _accept(root: Any) -> None:  # noqa: ANN401
    """Accept every tracked change: what was deleted goes, what was put in stays."""
    if not has_changes(root):
        return
    for row in list(root.iter(qn("w:tr"))):
        if row.find(f"{qn('w:trPr')}/{qn('w:del')}") is not None:
            row.getparent().remove(row)
    for cell in list(root.iter(qn("w:tc"))):
        if cell.find(f"{qn('w:tcPr')}/{qn('w:cellDel')}") is not None:
            cell.getparent().remove(cell)
    joined = [
        paragraph
        for paragraph in root.iter(qn("w:p"))
        if paragraph.find(f"{qn('w:pPr')}/{qn('w:rPr')}/{qn('w:del')}") is not None
    ]
    for element in list(root.iter(*_GONE)):
        if element.getparent() is not None:
            _take_out(element)
    for element in list(root.iter(*_KEPT)):
        _unwrap(element)
    for paragraph in reversed(joined):
        _join(paragraph)


def _take_out(element: Any) -> None:  # noqa: ANN401
    element.getparent().remove(element)


def _unwrap(element: Any) -> None:  # noqa: ANN401
    parent = element.getparent()
    place = parent.index(element)
    parent[place : place + 1] = list(element)


def _join(paragraph: Any) -> None:  # noqa: ANN401
    """Join a paragraph whose mark was deleted with the one after it."""
    following = paragraph.getnext()
    if following is None or following.tag != qn("w:p"):
        return
    start = 1 if following.find(qn("w:pPr")) is not None else 0
    kept = [child for child in paragraph if child.tag != qn("w:pPr")]
    following[start:start] = kept
    paragraph.getparent().remove(paragraph)


def _texts(paragraph: Any) -> Iterator[Any]:  # noqa: ANN401
    """Give the texts of a paragraph, but not those of a text box in it."""
    for child in paragraph:
        if child.tag == qn("w:t"):
            yield child
        elif child.tag not in (qn("w:p"), qn("w:txbxContent"), qn("w:pict"), qn("w:drawing")):
            yield from _texts(child)


def _mend(texts: list[Any]) -> None:
    """Make the tags of one paragraph readable."""
    whole = "".join(text.text or "" for text in texts)
    if "{" not in whole:
        return
    owners = [text for text in texts for _ in text.text or ""]
    kept: list[str] = list(whole)
    homes = list(owners)
    for tag in _TAG.finditer(whole):
        _plain(kept, tag)
        holders = dict.fromkeys(owners[tag.start() : tag.end()])
        if len({_parent(text) for text in holders}) > 1:
            for place in range(tag.start(), tag.end()):
                homes[place] = owners[tag.start()]
    if kept == list(whole) and homes == owners:
        return
    parts: dict[Any, list[str]] = {text: [] for text in texts}
    for sign, home in zip(kept, homes, strict=True):
        parts[home].append(sign)
    for text, signs in parts.items():
        made = "".join(signs)
        if made != (text.text or ""):
            text.text = made
            text.set(qn("xml:space"), "preserve")


def _parent(text: Any) -> Any:  # noqa: ANN401
    """Give what holds the run of a text: the paragraph, or a link within it."""
    return text.getparent().getparent()


def _plain(signs: list[str], tag: re.Match[str]) -> None:
    """Make the spaces of one tag plain, outside its quotations."""
    for token in _TOKEN.finditer(tag[0]):
        if token[0][0] in _QUOTES and len(token[0]) > 1:
            continue
        place = tag.start() + token.start()
        if _SPACES.fullmatch(token[0]):
            signs[place] = " "
        elif _NO_WIDTH.fullmatch(token[0]):
            signs[place] = ""
