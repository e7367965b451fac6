"""What is wrong with the tags of a template, all of it at once, without filling it.

Each tag is read by itself, and each name in it is looked for in an example of what the
template may use. So one broken tag hides no other.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any, Final

from jinja2 import TemplateSyntaxError, nodes

from mfauto.word.faults import likely
from mfauto.word.language import Language
from mfauto.word.opened import MOMENT, TITLE, Opened, Source

_TAG: Final = re.compile(r"\{\{(.*?)\}\}|\{%(.*?)%\}|\{#.*?#\}|(\{\{|\{%|\{#)", re.DOTALL)
_MARKUP: Final = re.compile(r"<[^>]*>")
_PARAGRAPH: Final = re.compile(r"<w:p[ >]")
_AROUND: Final = 40  # characters shown on either side
_ANYTHING: Final = object()  # a value of which nothing is known
_BLOCKS: Final = {
    "if": "{% if REST %}{% endif %}",
    "for": "{% for REST %}{% endfor %}",
    "filter": "{% filter REST %}{% endfilter %}",
    "with": "{% with REST %}{% endwith %}",
    "macro": "{% macro REST %}{% endmacro %}",
    "call": "{% call REST %}{% endcall %}",
}
_BETWEEN: Final = {
    "elif": "{% if true %}{% elif REST %}{% endif %}",
    "else": "{% if true %}{% else REST %}{% endif %}",
}
_ALONE: Final = ("set", "do", "import", "from", "include", "extends", "print", "autoescape")
_OF_ROWS: Final = {"tr": "a table row", "tc": "a table cell", "p": "a paragraph", "r": "a run"}
_SAME_ITEMS: Final = ("sort", "reverse", "unique", "list", "select", "reject", "default", "d")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a template, as a person can put it right."""

    place: str  #: "the page", "the header"
    near: str  #: the words around it; empty where there are none
    said: str  #: what is wrong, and what to do
    stops: bool = True  #: no document can be made until it is put right


def problems(template: Opened, example: Mapping[str, Any]) -> list[Problem]:
    """Give everything wrong with the tags of a template, in the order of its pages.

    `example` holds a value for each name that the template may use.
    """
    found: list[Problem] = []
    if template.changes:
        said = "the template holds tracked changes; documents are made as if they were accepted"
        found.append(Problem("the page", "", said, stops=False))
    for source in template.sources:
        found += _Reader(source, example).problems()
    for name, data in template.members.items():
        if name == "word/comments.xml" and b"<w:comment " in data:
            said = "the template holds comments, which every document will show. Delete them"
            found.append(Problem("the page", "", said, stops=False))
        if name.startswith("word/") and name.endswith(".xml"):
            found += _not_filled(name, data.decode("utf-8", "replace"))
    return found


def _not_filled(name: str, xml: str) -> Iterator[Problem]:
    text = unescape(_MARKUP.sub("", xml))
    for tag in re.finditer(r"\{\{.*?\}\}|\{%.*?%\}", text):
        kind = name.removeprefix("word/").removesuffix(".xml")
        said = "a tag here is not filled: move it into the text, a header, a footer or a footnote"
        yield Problem(f"the part {kind}", tag[0][: 2 * _AROUND], said)


class _Reader:
    def __init__(self, source: Source, example: Mapping[str, Any]) -> None:
        self.source = source
        self.language = Language()
        known = dict.fromkeys([*self.language.globals, TITLE, MOMENT], _ANYTHING)
        self.scopes: list[dict[str, Any]] = [{**known, **example}]
        self.open: list[tuple[str, str, str]] = []  # word, the tag, the words around it
        self.found: list[Problem] = []

    def problems(self) -> list[Problem]:
        raw = False
        for tag in _TAG.finditer(self.source.xml):
            word = (tag[2] or "").strip("-+ \n").partition(" ")[0]
            if raw:
                raw = word != "endraw"
            elif word == "raw":
                raw = True
            elif tag[3]:
                self._say(tag, f'"{tag[3]}" has no end. Write both ends of the tag')
            elif tag[1] is not None:
                self._value(tag, tag[1])
            elif tag[2] is not None:
                self._order(tag, word, tag[2].strip("-+ \n").partition(" ")[2].strip())
        for word, told, near in self.open:
            said = f"{told} has no {{% end{word} %}} after it. Add one"
            self.found.append(Problem(self.source.place, near, said))
        return self.found

    # -- one tag

    def _value(self, tag: re.Match[str], inner: str) -> None:
        if inner[:2] in ("p ", "r ") or inner[:3] in ("tr ", "tc "):
            self._say(tag, _of_rows(inner.partition(" ")[0]))
            return
        tree = self._parsed(tag, "{{" + inner + "}}")
        for output in tree.find_all(nodes.Output) if tree else ():
            for node in output.nodes:
                self._known(tag, node)

    def _order(self, tag: re.Match[str], word: str, rest: str) -> None:
        if word.startswith("end"):
            self._end(tag, word.removeprefix("end"))
        elif word in _OF_ROWS:
            self._say(tag, _of_rows(word))
        elif word in _BETWEEN:
            if not self.open or self.open[-1][0] not in ("if", "for"):
                self._say(tag, f"{{% {word} %}} is outside {{% if %}}. Take it out")
            self._expression(tag, self._parsed(tag, _BETWEEN[word].replace("REST", rest)))
        elif word in _BLOCKS or (word == "set" and "=" not in rest):
            self._begin(tag, word, rest)
        elif word in _ALONE:
            tree = self._parsed(tag, tag[0])
            self._expression(tag, tree)
            for one in tree.find_all(nodes.Assign) if tree else ():
                self._bind(one.target, self._known(tag, one.node))
        else:
            near = likely(word, [*_BLOCKS, *_BETWEEN, "endif", "endfor", "set"])
            meant = f'Did you mean "{near}"?' if near else "Tags begin with if, for or set"
            self._say(tag, f'there is no tag "{word}". {meant}')

    def _begin(self, tag: re.Match[str], word: str, rest: str) -> None:
        self.open.append((word, " ".join(tag[0].split()), self._near(tag)))
        scope: dict[str, Any] = {}
        self.scopes.append(scope)
        if word == "set":
            self.scopes[-2][rest.partition("|")[0].strip()] = _ANYTHING
            return
        tree = self._parsed(tag, _BLOCKS[word].replace("REST", rest))
        for loop in tree.find_all(nodes.For) if tree else ():
            items = self._known(tag, loop.iter)
            if isinstance(items, str | int | float):
                self._say(tag, f'"{_spelt(loop.iter)}" is not a list. Loop over a list of fields')
            first = items[0] if isinstance(items, list) and items else _ANYTHING
            scope["loop"] = _ANYTHING
            self._bind(loop.target, first)
            if loop.test is not None:
                self._known(tag, loop.test)
            return
        for held in tree.find_all((nodes.With, nodes.Macro)) if tree else ():
            names: list[nodes.Node] = getattr(held, "targets", None) or getattr(held, "args", [])
            for name in names:
                self._bind(name, _ANYTHING)
            return
        self._expression(tag, tree)

    def _end(self, tag: re.Match[str], word: str) -> None:
        if not self.open:
            self._say(tag, f"{{% end{word} %}} has no {{% {word} %}} before it. Take it out")
            return
        if self.open[-1][0] == word:
            self.open.pop()
            self.scopes.pop()
            return
        self._say(tag, f"{{% end{word} %}} is where {{% end{self.open[-1][0]} %}} should be")
        while self.open and any(begun == word for begun, _, _ in self.open):
            self.scopes.pop()
            if self.open.pop()[0] == word:
                break

    def _parsed(self, tag: re.Match[str], source: str) -> nodes.Template | None:
        try:
            tree = self.language.parse(unescape(_MARKUP.sub("", source)))
        except TemplateSyntaxError as error:
            said = (error.message or "").rstrip(".")
            self._say(tag, f"the tag is broken: {said}. Correct it in Word")
            return None
        return tree

    # -- the names in it

    def _expression(self, tag: re.Match[str], tree: nodes.Template | None) -> None:
        for block in tree.body if tree else ():
            for node in block.iter_child_nodes():
                if isinstance(node, nodes.Expr):
                    self._known(tag, node)
            if isinstance(block, nodes.If):
                for one in block.elif_:
                    self._known(tag, one.test)

    def _known(self, tag: re.Match[str], node: nodes.Node) -> Any:  # noqa: ANN401
        """Give the example value of an expression; name what it asks for in vain."""
        if isinstance(node, nodes.Name):
            return self._named(tag, node.name) if node.ctx == "load" else _ANYTHING
        if isinstance(node, nodes.Getattr):
            return self._field(tag, self._known(tag, node.node), node.attr, _spelt(node.node))
        if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
            return self._item(tag, node, node.arg.value)
        if isinstance(node, nodes.Const):
            return node.value
        if isinstance(node, nodes.Filter | nodes.Test):
            return self._filtered(tag, node)
        for child in node.iter_child_nodes():
            self._known(tag, child)
        return _ANYTHING

    def _named(self, tag: re.Match[str], name: str) -> Any:  # noqa: ANN401
        for scope in reversed(self.scopes):
            if name in scope:
                return scope[name]
        told = [
            one for scope in self.scopes for one, value in scope.items() if value is not _ANYTHING
        ]
        self._unknown(tag, name, name, told)
        return _ANYTHING

    def _field(self, tag: re.Match[str], value: Any, field: str, owner: str) -> Any:  # noqa: ANN401
        if isinstance(value, Mapping):
            if field in value:
                return value[field]
            if not hasattr(value, field):
                self._unknown(tag, f"{owner}.{field}", field, list(value))
        elif isinstance(value, list):
            said = f'"{owner}" is a list. Loop over it: {{% for line in {owner} %}}'
            self._say(tag, said)
        elif value is not _ANYTHING and not hasattr(value, field):
            self._say(tag, f'"{owner}" is a text and has no "{field}". Write {{{{ {owner} }}}}')
        return _ANYTHING

    def _item(self, tag: re.Match[str], node: nodes.Getitem, key: Any) -> Any:  # noqa: ANN401
        value = self._known(tag, node.node)
        if isinstance(key, str):
            return self._field(tag, value, key, _spelt(node.node))
        if isinstance(value, list) and isinstance(key, int):
            return value[0] if value else _ANYTHING
        return _ANYTHING

    def _filtered(self, tag: re.Match[str], node: Any) -> Any:  # noqa: ANN401
        known = self.language.filters if isinstance(node, nodes.Filter) else self.language.tests
        if node.name not in known:
            near = likely(node.name, known)
            meant = f'Did you mean "{near}"?' if near else "Leave it out"
            self._say(tag, f'there is no filter "{node.name}". {meant}')
        value = self._known(tag, node.node) if node.node is not None else _ANYTHING
        for one in node.args:
            self._known(tag, one)
        return value if node.name in _SAME_ITEMS else _ANYTHING

    def _bind(self, target: nodes.Node, value: Any) -> None:  # noqa: ANN401
        if isinstance(target, nodes.Name):
            self.scopes[-1][target.name] = value
        for name in target.find_all(nodes.Name):
            self.scopes[-1].setdefault(name.name, _ANYTHING)

    # -- saying it

    def _unknown(self, tag: re.Match[str], told: str, name: str, known: list[str]) -> None:
        near = likely(name, known)
        meant = f'Did you mean "{near}"?' if near else f"It may be: {', '.join(sorted(known))}"
        self._say(tag, f'there is nothing called "{told}". {meant}')

    def _say(self, tag: re.Match[str], said: str) -> None:
        self.found.append(Problem(self.source.place, self._near(tag), said))

    def _near(self, tag: re.Match[str]) -> str:
        """Give the words around a tag, from its own paragraph where it stands in one."""
        xml = self.source.xml
        starts = [found.start() for found in _PARAGRAPH.finditer(xml, 0, tag.start())]
        start = (
            starts[-1] if starts and "</w:p>" not in xml[starts[-1] : tag.start()] else tag.start()
        )
        end = xml.find("</w:p>", tag.end())
        before = _words(xml[start : tag.start()])[-_AROUND:]
        after = _words(xml[tag.end() : end if end >= 0 else None])[:_AROUND]
        return " ".join(f"{before}{_words(tag[0])}{after}".split())


def _of_rows(mark: str) -> str:
    return f"a tag with {mark} must be in {_OF_ROWS[mark]}. Move it there"


def _words(xml: str) -> str:
    return unescape(_MARKUP.sub("", xml))


def _spelt(node: nodes.Node) -> str:
    """Give a name as the tag spells it."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        return f"{_spelt(node.node)}.{node.attr}"
    return "it"
