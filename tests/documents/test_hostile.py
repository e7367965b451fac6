"""What people type comes out as typed, whatever it is, and nothing of it runs.

2,000 hostile texts go through every field of a document and are read back by lxml alone.
The one exception: signs that XML cannot hold are left out, and page and line feeds
become line breaks.
"""

import contextlib
import io
import random
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from lxml import etree

from mfauto.documents import exception_report
from mfauto.errors import TemplateError
from mfauto.policy import Policy
from mfauto.process import review
from mfauto.report import Report
from mfauto.settings import Settings
from mfauto.word import filled
from tests.documents.any_case import AS_AT, LATIN, PEOPLE, TEXTS
from tests.documents.minimal import a_small_template
from tests.making import a_case, a_tracker

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NUMBER = 2_000
SEEDS: Sequence[str] = (
    "{{ 7*7 }}",
    "{% for x in y %}",
    "{# gone? #}",
    "{{",
    "}}",
    "{%",
    "%}",
    "{_{",
    "%_}",
    "{%p if x %}",
    "{{r x }}",
    "<w:p/>",
    "</w:t></w:r></w:p>",
    "<!-- -->",
    "<![CDATA[ x ]]>",
    "<?xml?>",
    "&amp; &lt; &#65; &",
    "]]>",
    "\"'`“”‘’",
    "=1+1",
    "@SUM(A1)",
    "-2+3",
    "\\u0041\\n\\x41",
    "%s {0} ${x} $(id) `id`",
    "../../etc/passwd",
    "C:\\Windows\\System32",
    "javascript:alert(1)",
    "'; DROP TABLE cases;--",
    "  two  spaces  ",
    "\ttab\t",
    "one\ntwo\r\nthree\rfour",
    "\x0b\x0c",
    "\x00\x01\x07\x1b\x1f",
    "\x7f\x85\x9f",
    "\ufffe\uffff\ud800",
    "\ufeff\u200b\u200d\u202e\u2066\u2028\u2029\xad",
    "😀👨‍👩‍👧‍👦🇬🇧",
    "中文 العربية שלום हिन्दी",
    "e\u0301\u0335\u0336",
    "\U000e0041\U0010fffd",
    "None nan NaT null undefined",
    "[object Object] <class 'x'>",
    "__class__.__mro__",
    "MF-001",
)
#: what code in a template or in a cell would have to reach
PAYLOADS: Sequence[str] = (
    "''.__class__.__mro__[1].__subclasses__()",
    "''.__class__.__base__",
    "''.__class__",
    "().__class__.__bases__[0]",
    "[].__class__",
    "{}.__class__",
    "ref.__class__",
    "ref.__init__",
    "ref.__doc__",
    "ref.__len__()",
    "ref.__reduce__()",
    "ref.__getattribute__('__class__')",
    "ref|attr('__class__')",
    "ref|attr('__cl' ~ 'ass__')",
    "ref['__class__']",
    "ref['__cl' ~ 'ass__']",
    "lines.__class__",
    "lines.append(1)",
    "lines.clear()",
    "lines.pop()",
    "lines.sort()",
    "case.update({'owner': 1})",
    "case.clear()",
    "case.pop('owner')",
    "case.setdefault('x', 1)",
    "case.__setitem__('owner', 1)",
    "self.__init__.__globals__",
    "self._TemplateReference__context",
    "self.__class__",
    "cycler.__init__.__globals__.os.popen('id').read()",
    "cycler.__init__",
    "joiner.__init__.__globals__",
    "namespace.__init__.__globals__",
    "lipsum.__globals__['os'].popen('id').read()",
    "lipsum()",
    "range.__class__",
    "dict.__class__",
    "dict.mro()",
    "config",
    "request.application.__globals__",
    "__import__('os').system('id')",
    "open('/etc/passwd').read()",
    "eval('1')",
    "exec('1')",
    "globals()",
    "'{0.__class__}'.format(ref)",
    "'{0.__class__.__mro__}'.format_map({'0': ref})",
    "'%s' % ref.__class__",
    "range(1000000000)|list",
    "'x' * 1000000000",
    "[1] * 1000000000",
    "9 ** 9 ** 9",
    "ref|map('__class__')|list",
    "lines|map(attribute='__class__')|list",
    "lines|sum(attribute='__class__')",
    "lines|groupby('__class__')",
    "ref.encode().decode.__self__",
    "(ref|string).__class__",
    "ref.format.__globals__",
    "caller.__globals__",
)
CONTEXT: Mapping[str, Any] = {"ref": "MF-001", "lines": [{"due": "x"}], "case": {"owner": "Ada"}}


def hostile(number: int) -> list[str]:
    """Give hostile texts: each seed alone, then seeds joined by chance."""
    chance = random.Random(7)  # noqa: S311 - made-up texts, not secrets
    made = dict.fromkeys([*SEEDS, *PAYLOADS, *LATIN.values()])
    while len(made) < number:
        pieces = chance.choices(SEEDS, k=chance.randrange(1, 6))
        made[chance.choice(["", " ", "x", "\n"]).join(pieces)] = None
    return list(made)[:number]


def as_typed(text: str) -> str:
    """Give what XML can hold of a text, as lxml must read it back."""
    text = re.sub("\r\n|[\r\x0b\x0c]", "\n", text)
    return re.sub("[\x00-\x08\x0e-\x1f\ufffe\uffff\ud800-\udfff]", "", text)


def read_back(paragraph: Any) -> str:
    """Give the text of a paragraph: lxml alone, with tabs and breaks as they were typed."""
    said = {f"{W}tab": "\t", f"{W}br": "\n"}
    return "".join(
        node.text or "" if node.tag == f"{W}t" else said[node.tag]
        for node in paragraph.iter(f"{W}t", f"{W}tab", f"{W}br")
        if node.getparent().tag == f"{W}r"
    )


def page(document: bytes, part: str = "word/document.xml") -> Any:
    with zipfile.ZipFile(io.BytesIO(document)) as parts:
        return etree.fromstring(parts.read(part))


def a_template(folder: Path, *paragraphs: str) -> Path:
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    document.sections[0].header.paragraphs[0].text = "{{ texts[0] }}"
    path = folder / "own.docx"
    document.save(str(path))
    return path


def test_2_000_hostile_texts_come_out_as_typed(tmp_path: Path) -> None:
    path = a_template(tmp_path, "{%p for text in texts %}", "{{ text }}|", "{%p endfor %}")
    texts = hostile(NUMBER)
    assert len(set(texts)) == NUMBER
    made = filled(path, {"texts": texts}, title="T", as_at=date(2026, 3, 3))
    told = [read_back(one) for one in page(made).iter(f"{W}p")]
    assert len(told) == NUMBER
    for typed, out in zip(texts, told, strict=True):
        assert out == f"{as_typed(typed)}|"


def test_a_hostile_title_and_header_come_out_as_typed(tmp_path: Path) -> None:
    path = a_template(tmp_path, "x")
    for text in SEEDS:
        made = filled(path, {"texts": [text]}, title=text, as_at=date(2026, 3, 3))
        assert read_back(page(made, "word/header1.xml")) == as_typed(text)
        title = page(made, "docProps/core.xml").find("{http://purl.org/dc/elements/1.1/}title")
        assert (title.text or "") == as_typed(text)


def test_every_field_of_the_report_tells_what_was_typed(tmp_path: Path) -> None:
    """Each text stands in a long field and in a short one; line breaks become spaces there."""
    texts = [text for text in hostile(NUMBER) if one_line(text)]
    settings = Settings(folder=tmp_path)
    for start in range(0, len(texts), len(TEXTS)):
        long = dict(zip(TEXTS, texts[start:], strict=False))
        short = dict(zip(PEOPLE, texts[start:], strict=False))
        case = a_case(audited=date(2026, 8, 3), **long, **short)  # type: ignore[arg-type]
        found = review(a_tracker(case), Policy(), AS_AT)
        exception_report(found, "MF-001", settings, tmp_path / "x.docx")
        made = page((tmp_path / "x.docx").read_bytes())
        whole = "\n".join(read_back(one) for one in made.iter(f"{W}p"))
        for text in long.values():
            assert one_line(text) in whole, repr(text)
        for name, text in short.items():
            assert whole.count(one_line(text)) > 1 or f"… (Cases!{PEOPLE[name]}2)" in whole


def one_line(text: str) -> str:
    return re.sub("[ \t\n\x85\u2028\u2029]+", " ", as_typed(text)).strip(" ")


def test_code_in_a_cell_is_only_text(tmp_path: Path) -> None:
    path = a_small_template(
        tmp_path / "own.docx", *(f"{{{{ texts[{n}] }}}}" for n in range(len(PAYLOADS)))
    )
    typed = [f"{{{{ {payload} }}}} {{% print({payload}) %}}" for payload in PAYLOADS]
    made = filled(path, {"texts": typed}, title=typed[0], as_at=date(2026, 3, 3))
    assert [read_back(one) for one in page(made).iter(f"{W}p")] == typed


@pytest.mark.parametrize("payload", PAYLOADS)
def test_code_in_a_template_reaches_nothing(tmp_path: Path, payload: str) -> None:
    path = a_small_template(tmp_path / "own.docx", f"{{{{ {payload} }}}}")
    context = {**CONTEXT}
    said = ""
    with contextlib.suppress(TemplateError):
        made = filled(path, context, title="T", as_at=date(2026, 3, 3))
        said = "".join(read_back(one) for one in page(made).iter(f"{W}p"))
    assert said in ("", "x", "[]", "[Undefined]", "[(Undefined, [{'due': 'x'}])]")
    assert context["lines"] == [{"due": "x"}]
    assert context["case"] == {"owner": "Ada"}


def test_every_field_of_the_report_is_in_its_template() -> None:
    """No fact is worked out and then shown to nobody; the title is the file's own."""
    template = Settings(folder=Path()).templates / "exception_report.docx"
    with zipfile.ZipFile(template) as parts:
        names = ("document", "header1", "footer1")
        whole = "".join(parts.read(f"word/{name}.xml").decode() for name in names)
    missing = [field.name for field in fields(Report) if field.name not in whole]
    assert missing == ["title"]
