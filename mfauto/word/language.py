"""The template language: jinja2 as docxtpl patches it, strict and in a sandbox.

A missing name is an error, data are always escaped, and nothing in a template can
reach a program, the clock or chance.
"""

import re
from typing import Any, Final

from jinja2 import StrictUndefined, Template, nodes
from jinja2.exceptions import TemplateSyntaxError

from mfauto.sandbox import Sandbox

_LINE: Final = re.compile(r"<w:p([ >])")
_LINE_ADDED: Final = re.compile(r"\n<w:p([ >])")
_MARKS: Final = (("{_{", "{{"), ("}_}", "}}"), ("{_%", "{%"), ("%_}", "%}"))


class Language(Sandbox):
    """What a tag may say."""

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=True)
        for filter_ in ("random", "urlize"):  # chance; links of web pages
            del self.filters[filter_]
        del self.globals["lipsum"]
        self.filters["safe"] = lambda value: value  # data stay data

    def getattr(self, obj: Any, attribute: str) -> Any:  # noqa: ANN401 - jinja2's own
        """Look a field up by its name before any method of the same name."""
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)

    def compiled(self, source: str) -> Template:
        """Compile the XML of a part, patched by docxtpl.

        Raises:
            TemplateSyntaxError: a tag is broken; its line is a paragraph of `marked_lines`.

        """
        tree = self.parse(marked_lines(source))
        for switch in tree.find_all((nodes.EvalContextModifier, nodes.ScopedEvalContextModifier)):
            raise TemplateSyntaxError(
                "text is always escaped, which cannot be turned off", switch.lineno
            )
        for data in tree.find_all(nodes.TemplateData):
            data.data = _as_meant(_LINE_ADDED.sub(r"<w:p\1", data.data))
        for output in tree.find_all(nodes.Output):
            for node in output.nodes:
                if isinstance(node, nodes.Const) and isinstance(node.value, str):
                    node.value = _as_meant(node.value)
        code = self.compile(tree)
        return Template.from_code(self, code, self.make_globals(None))


def marked_lines(source: str) -> str:
    """Put each paragraph on a line of its own, so that a line number tells where an error is."""
    return _LINE.sub(r"\n<w:p\1", source)


def _as_meant(written: str) -> str:
    """Give the braces that a template writes as `{_{` so that they are no tag."""
    for mark, meant in _MARKS:
        written = written.replace(mark, meant)
    return written
