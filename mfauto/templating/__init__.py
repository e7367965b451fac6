"""Templates for the people who restyle them: what is wrong with each, and what each may use.

Everything wrong with every template is told at once; a broken one stops only its own document.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from mfauto.errors import TemplateError
from mfauto.templating.examples import examples
from mfauto.word import filled, problems

__all__ = ["Checked", "Fault", "Field", "Fields", "check", "fields"]

_DAY: Final = date(2026, 10, 30)  # any day: the trial is thrown away
_LONGEST: Final = 60  # characters of an example


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a template."""

    place: str  #: "the page", "the header"; empty for the file as a whole
    near: str  #: the words around it; empty where there are none
    said: str  #: what is wrong, and what to do
    stops: bool  #: the document cannot be made until it is put right


@dataclass(frozen=True, slots=True)
class Checked:
    """One template, checked."""

    template: str  #: its file name
    faults: tuple[Fault, ...]

    @property
    def sound(self) -> bool:
        """Say whether its document can be made."""
        return not any(fault.stops for fault in self.faults)


@dataclass(frozen=True, slots=True)
class Field:
    """One name that a template may use."""

    name: str  #: as a tag spells it, such as "line.owner"
    example: str  #: empty for a list
    each: "tuple[Field, ...]" = ()  #: of a list: the names of one of its lines


@dataclass(frozen=True, slots=True)
class Fields:
    """What one template may use."""

    template: str
    fields: tuple[Field, ...]


def check(templates: Path) -> Sequence[Checked]:
    """Check every template that the product fills from a folder."""
    return [
        Checked(name, tuple(_faults(templates / name, example)))
        for name, example in examples().items()
    ]


def fields() -> Sequence[Fields]:
    """List what each template may use, with an example from made-up data."""
    return [Fields(name, tuple(_listed(example))) for name, example in examples().items()]


def _faults(template: Path, example: Mapping[str, Any]) -> list[Fault]:
    try:
        found = [
            Fault(one.place, one.near, one.said, one.stops) for one in problems(template, example)
        ]
    except TemplateError as error:
        return [_whole(error)]
    if any(fault.stops for fault in found):
        return found
    for context in (example, _emptied(example)):
        try:
            filled(template, context, title="Trial", as_at=_DAY)
        except TemplateError as error:
            return [*found, _whole(error)]
    return found


def _whole(error: TemplateError) -> Fault:
    return Fault("", "", str(error), stops=True)


def _emptied(value: Any) -> Any:  # noqa: ANN401 - any value of a context
    """Give a context of which every list is empty: the least there may be to tell."""
    if isinstance(value, Mapping):
        return {name: _emptied(inner) for name, inner in value.items()}
    return [] if isinstance(value, list) else value


def _listed(example: Mapping[str, Any], before: str = "") -> list[Field]:
    found: list[Field] = []
    for name, value in example.items():
        spelt = f"{before}{name}"
        if isinstance(value, Mapping):
            found += _listed(value, f"{spelt}.")
        elif isinstance(value, list):
            found.append(_list(spelt, value))
        else:
            found.append(Field(spelt, _shown(value)))
    return found


def _list(name: str, values: Sequence[Any]) -> Field:
    first = values[0] if values else None
    if isinstance(first, Mapping):
        return Field(name, "", tuple(_listed(first, "line.")))
    return Field(name, "", (Field("line", _shown(first)),))


def _shown(value: object) -> str:
    if value is None:
        return "(empty here)"
    said = " ".join(str(value).split())
    said = "".join(sign if sign.isprintable() else "" for sign in said)
    return said if len(said) <= _LONGEST else f"{said[: _LONGEST - 1].rstrip()}…"
