"""Writes `docs/settings.md` from the table of settings. A test says that the page is what it makes.

Each setting stands with what it means, its unit, its default and how it is written.
"""

from collections.abc import Sequence
from pathlib import Path

from mfauto.setting_words import GROUPS, OWN_NAMES, Setting, as_toml, settings_in_words

TARGET = Path(__file__).parent.parent / "docs" / "settings.md"
OPENING = """# Settings

This page is made from the program by `python -m tools.make_settings_page`. Do not edit it.

Settings are in `mfauto.toml`, in the working folder. It is a text file: open it with Notepad.
Without it the defaults below serve. A name that is not known, or a value that cannot be used, is
told with what it may be. Nothing is done until it is put right.

The settings without a section are at the top of the file, before the first line in square
brackets. Passwords and other secrets never go here. They go into `.env`, beside it.
"""


def setting_text(setting: Setting) -> str:
    """Give one setting as a part of its section."""
    meaning = f"{setting.meaning[0].upper()}{setting.meaning[1:]}"
    facts = [f"In {setting.unit}." if setting.unit else ""]
    if setting.default is None:
        facts.append(f"Not set: {setting.unset}.")
    else:
        facts.append(f"Default: `{as_toml(setting.default)}`.")
    if setting.example != setting.default:
        facts.append(f"Example: `{setting.key} = {as_toml(setting.example)}`.")
    return f"\n### {setting.key}\n\n{meaning}.\n\n{' '.join(filter(None, facts))}\n"


def group_text(section: str, title: str, settings: Sequence[Setting]) -> str:
    """Give one section of the file: its title, and a part for each setting."""
    heading = f"The section `[{section}]`" if section else "The top of the file"
    parts = "".join(setting_text(one) for one in settings if one.section == section)
    return f"\n## {heading}\n\n{title}.\n{parts}"


def own_names_text() -> str:
    """Give the sections whose keys are names of the tracker's own."""
    made = "\n## Names of your own tracker\n\nThe command `adopt` writes these for you.\n"
    for section, (meaning, name, own) in OWN_NAMES.items():
        key = name if name.isidentifier() else as_toml(name)
        made += (
            f"\n### `[{section}]`\n\n{meaning}.\n\n"
            f"```toml\n[{section}]\n{key} = {as_toml(own)}\n```\n"
        )
    return made


def page() -> str:
    """Give the whole page."""
    settings = list(settings_in_words())
    groups = "".join(group_text(section, title, settings) for section, title in GROUPS.items())
    return f"{OPENING}{groups}{own_names_text()}"


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8", newline="\n")
