"""The mapping in `mfauto.toml`: only its own entries change, whatever else a person wrote there."""

from collections import defaultdict
from pathlib import Path

import tomlkit
from tomlkit.exceptions import ParseError

from mfauto.adopting.proposing import Proposal
from mfauto.columns import ACTIONS, SHEETS
from mfauto.comparing import bare
from mfauto.errors import SettingsError
from mfauto.saving import made_beside, put_in_place
from mfauto.settings import CONFIG, read_settings

_OWN: tuple[str, ...] = ("sheets", "headings", "lines")
_HEAD = "# Settings of mfauto. The parts [sheets], [headings] and [lines] were made by adopt.\n"


def settings_text(before: str, tracker: str, proposal: Proposal) -> str:
    """Give the settings file `before` with the mapping in it; comments and order stay.

    Raises:
        SettingsError: `before` cannot be read.

    """
    try:
        document = tomlkit.parse(before or _HEAD)
    except ParseError as error:
        raise SettingsError(f"{CONFIG}: it cannot be read: {error}.\nCorrect that line.") from error
    document["tracker"] = tracker
    for name in _OWN:
        document.pop(name, None)
    sheets = tomlkit.table()
    for ours, own in proposal.sheets.items():
        sheets[ours] = own[0] if len(own) == 1 else list(own)
    document["sheets"] = sheets
    headings = tomlkit.table(is_super_table=True)
    for ours in proposal.sheets:
        table = tomlkit.table()
        for heading, names in _names(ours, proposal).items():
            table[heading] = names[0] if len(names) == 1 else names
        if table:
            headings[ours] = table
    if headings:
        document["headings"] = headings
    if proposal.lines is not None:
        lines = tomlkit.table()
        lines[ACTIONS.name] = proposal.lines.heading
        document["lines"] = lines
    return tomlkit.dumps(document)


def _names(ours: str, proposal: Proposal) -> dict[str, list[str]]:
    """Give the own headings by ours, those of groups in their order.

    Our very own are left out, but for those that a row needs: with them the settings say
    that the whole sheet was looked at, so that no heading is taken for a misspelt one.
    """
    key = next(sheet.key for sheet in SHEETS if sheet.name == ours)
    found: dict[str, list[str]] = defaultdict(list)
    for match in sorted(proposal.of(ours), key=lambda match: match.group):
        own, heading = match.found.heading, match.column.heading
        if match.group or match.column.field in key or bare(own) != bare(heading):
            found[heading].append(own)
    return found


def write_settings(path: Path, text: str) -> Path:
    """Put a settings file in place, keep the one before beside it as `.bak`, and read it back.

    Raises:
        SettingsError: what was written cannot be read back; the one before is put back.

    """
    before = path.read_bytes() if path.exists() else None
    if before is not None:
        _put(path.with_name(f"{path.name}.bak"), before)
    _put(path, text.encode())
    try:
        read_settings(path, path.parent)
    except SettingsError:
        if before is None:
            path.unlink()
        else:
            _put(path, before)
        raise
    return path


def _put(path: Path, data: bytes) -> None:
    with made_beside(path, [data]) as made:
        put_in_place(made, path)
