"""The `mfauto.toml` of a new folder: every setting, those not chosen as comments.

Made from the table of settings, so that it never falls behind the program.
"""

import textwrap
from collections.abc import Iterator, Mapping
from typing import Final

from mfauto.policy import Limit
from mfauto.setting_words import GROUPS, OWN_NAMES, Setting, as_toml, settings_in_words
from mfauto.settings import Value

_WIDTH: Final = 96  # characters
_OPENING: Final = """\
# The settings of mfauto. Each line that begins with # is asleep: what it shows is what holds
# without it, or an example. To change a setting, take the # away and change the value.
# A heading such as [mail] must stay above its settings.
"""


def settings_file(chosen: Mapping[tuple[str, str], Value]) -> str:
    """Give the file's text; `chosen` are the settings that are awake, by section and key."""
    lines = [_OPENING]
    section = None
    for setting in settings_in_words():
        if setting.section != section:
            section = setting.section
            lines.append(_heading(section))
        lines += _lines(setting, chosen.get((setting.section, setting.key)))
    for name, (about, own, example) in OWN_NAMES.items():
        said = textwrap.wrap(f"{about}; the command adopt fills this in", _WIDTH - 2)
        lines += ["", *(f"# {line}" for line in said), f"# [{name}]"]
        lines.append(f"# {_key(own)} = {as_toml(example)}")
    return "\n".join(lines) + "\n"


def _heading(section: str) -> str:
    rule = "# " + "-" * (_WIDTH - 2)
    title = "\n".join(textwrap.wrap(GROUPS[section], _WIDTH - 2))
    said = textwrap.indent(title, "# ")
    return f"\n{rule}\n{said}\n" + (f"[{section}]\n" if section else "")


def _lines(setting: Setting, chosen: Value | None) -> Iterator[str]:
    said = f"{setting.meaning[0].upper()}{setting.meaning[1:]}"
    if setting.unit and not isinstance(setting.default, Limit):  # which says its unit itself
        said += f" ({setting.unit})"
    if setting.unset:
        said += f". Not set: {setting.unset}"
    if setting.default in (None, ()) and chosen is None:
        said += ". For example:"
    for line in textwrap.wrap(said, _WIDTH - 2):
        yield f"# {line}"
    shown = setting.default if setting.default not in (None, ()) else setting.example
    if chosen is not None:
        yield f"{setting.key} = {as_toml(chosen)}"
    else:
        assert shown is not None  # noqa: S101 - a setting without default has an example
        yield f"# {setting.key} = {as_toml(shown)}"


def _key(name: str) -> str:
    return name if name.isidentifier() else as_toml(name)
