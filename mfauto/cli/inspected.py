"""What `inspect` says of a workbook, for people and for programs."""

import argparse
import json
from typing import TYPE_CHECKING, Any, Final

from mfauto import jobs, terminal
from mfauto.inspecting import FIRST, KEPT, LOOK, Inspection, Thing, inspect
from mfauto.settings import Settings
from mfauto.wording import counted

if TYPE_CHECKING:
    from pathlib import Path

_MOST: Final = 3  #: places that are spelt out
_TITLES: Final = {FIRST: "Know this first", LOOK: "Worth a look", KEPT: "Also there, kept as it is"}
_EDITABLE: Final = "mfauto can read it, and write Auto columns into it. All else is kept as it is."
_SIGNED: Final = "mfauto can read it. Writing into it would make its digital signature invalid."
_KILO: Final = 1_000
_MEGA: Final = 1_000_000
_LARGE: Final = 300_000  #: bytes from which on it is said what takes the room
_WIDEST: Final = 44  #: characters of the places


def told_of(asked: argparse.Namespace, settings: Settings) -> int:
    """Look a workbook through and print what is in it."""
    path: Path = asked.file if asked.file is not None else jobs.tracker_path(settings)
    found = inspect(path)
    if asked.format == "json":
        print(json.dumps(as_json(found), ensure_ascii=False, indent=1))
    else:
        print(as_text(found))
    return 0


def as_json(found: Inspection) -> dict[str, Any]:
    """Give what was found as the one object that `inspect --format json` prints."""
    return {
        "file": {
            "path": str(found.path),
            "sha256": found.sha256,
            "kind": found.kind,
            "size": found.size,
            "sheets": found.sheets,
            "rows": found.rows,
        },
        "editable": True,
        "signed": found.signed,
        "found": [
            {
                "id": thing.check.id,
                "group": thing.check.group,
                "count": thing.count,
                "what": _what(thing),
                "where": list(thing.where),
                "note": thing.check.note,
            }
            for thing in found.things
        ],
        "room": list(found.room),
    }


def as_text(found: Inspection) -> str:
    """Give what a person reads: what it is, what to know, what else is there."""
    size = f"{found.size / _MEGA:.1f} MB" if found.size >= _MEGA else f"{found.size / _KILO:.0f} kB"
    counts = f"{counted(found.sheets, 'sheet')}, {counted(found.rows, 'filled row')}"
    lines = [
        f"{found.path.name}: {found.kind}, {size}, {counts}.",
        _SIGNED if found.signed else _EDITABLE,
    ]
    for group, title in _TITLES.items():
        things = [thing for thing in found.things if thing.check.group == group]
        if things:
            lines += ["", title, _table(things, told=group != KEPT)]
    if found.room and found.size >= _LARGE:
        lines += ["", f"What takes the room: {', '.join(found.room)}."]
    return "\n".join(lines)


def _table(things: list[Thing], *, told: bool) -> str:
    if told:
        rows = [(_what(thing), _where(thing), thing.check.note) for thing in things]
        return terminal.table(("What", "Where", "What mfauto does"), rows)
    return terminal.table(("What", "Where"), [(_what(thing), _where(thing)) for thing in things])


def _what(thing: Thing) -> str:
    return counted(thing.count, thing.check.one, thing.check.many or None)


def _where(thing: Thing) -> str:
    """Spell out the first few places, as many as there is room for, and count the rest."""
    shown = [thing.where[0]] if thing.where else []
    for place in thing.where[1:_MOST]:
        if len(", ".join((*shown, place))) <= _WIDEST:
            shown.append(place)
    rest = len(thing.where) - len(shown)
    said = ", ".join(_short(place) for place in shown)
    return f"{said} and {rest:,} more" if rest else said


def _short(place: str) -> str:
    return place if len(place) <= _WIDEST else place[: _WIDEST - 1] + "…"
