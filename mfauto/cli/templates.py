"""The command for people who restyle templates: what is wrong with them, what they may use."""

import argparse
import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from mfauto.cli.command import Command, plain
from mfauto.errors import TemplateError
from mfauto.settings import Settings
from mfauto.wording import counted

if TYPE_CHECKING:
    from mfauto.templating import Checked, Fields  # loads Word, which other commands do without

_WIDTH: Final = 30  # characters of a tag, so that the examples stand below each other


def _templates(asked: argparse.Namespace, settings: Settings) -> int:
    return _fields(asked) if asked.what == "fields" else _check(asked, settings)


def _check(asked: argparse.Namespace, settings: Settings) -> int:
    from mfauto.templating import check  # noqa: PLC0415 - Word is not always needed

    checked = check(settings.templates)
    if asked.format == "json":
        said = {"folder": str(settings.templates), "templates": [plain(one) for one in checked]}
        print(json.dumps(said, ensure_ascii=False, indent=1))
    else:
        shown = [one for one in checked if one.faults] if asked.quiet else checked
        if shown:
            print("\n".join(_told(shown)))
    return 0 if all(one.sound for one in checked) else TemplateError.exit_code


def _told(checked: "Sequence[Checked]") -> Iterator[str]:
    for one in checked:
        if not one.faults:
            yield f"{one.template}: in order."
        for fault in one.faults:
            place = f" in {fault.place}" if fault.place else ""
            near = f', near "{fault.near}"' if fault.near else ""
            said = fault.said.removeprefix(f"{one.template}: ").rstrip(".")
            yield f"{one.template}{place}{near}: {said}."
    broken = [one for one in checked if not one.sound]
    if broken:
        yield ""
        yield (
            f"{counted(len(broken), 'template')} of {len(checked)} cannot be filled. "
            "Correct the words named above in Word. All other documents are still made."
        )


def _fields(asked: argparse.Namespace) -> int:
    from mfauto.templating import fields  # noqa: PLC0415 - Word is not always needed

    listed = fields()
    if asked.format == "json":
        print(
            json.dumps({"templates": [plain(one) for one in listed]}, ensure_ascii=False, indent=1)
        )
    else:
        print("\n".join(line for one in listed for line in _lines(one)))
    return 0


def _lines(fields: "Fields") -> Iterator[str]:
    yield fields.template
    for field in fields.fields:
        if field.each:
            yield f"  {{%tr for line in {field.name} %}}"
            for inner in field.each:
                yield f"    {_tag(inner.name)}{inner.example}"
            yield "  {%tr endfor %}"
        else:
            yield f"  {_tag(field.name)}{field.example}"
    yield ""


def _tag(name: str) -> str:
    return f"{{{{ {name} }}}}".ljust(_WIDTH) + " "


TEMPLATES: Final = Command(
    "templates",
    "check the Word templates, or list the fields that each may use",
    _templates,
    (
        (
            ("what",),
            {
                "choices": ("check", "fields"),
                "nargs": "?",
                "default": "check",
                "help": "check: everything wrong, at once. fields: each field with an example",
            },
        ),
    ),
)
