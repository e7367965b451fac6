"""The command that says whether everything is set up, and what to do where it is not."""

import argparse
import json
import sys
import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from mfauto.cli.command import Command
from mfauto.settings import Settings
from mfauto.tables import width_of
from mfauto.wording import listed

if TYPE_CHECKING:
    from mfauto.doctor import Result

_WIDTH: Final = 100  #: characters of a line at most
_LEAST: Final = 40
_VERDICT: Final = 14  # characters of the column of verdicts
_SAID: Final = {
    "wrong": "wrong",
    "look at this": "to look at",
    "in order": "in order",
    "not checked": "not checked",
}


def _doctor(asked: argparse.Namespace, settings: Settings) -> int:
    from mfauto.doctor import Situation, examine, exit_code  # noqa: PLC0415

    situation = Situation(
        settings,
        as_at=asked.as_at,
        now=asked.now,
        trouble=asked.trouble,
        config=asked.config,
        dry_run=asked.dry_run,
    )
    results = list(examine(situation))
    code = exit_code(results)
    if asked.format == "json":
        said = {
            "command": "doctor",
            "exit_code": code,
            "checks": [
                {
                    "check": one.check.name,
                    "group": one.check.group,
                    "title": one.check.title,
                    "verdict": one.found.verdict,
                    "said": one.found.said,
                    "fix": one.found.fix or None,
                    "next": one.found.command or None,
                }
                for one in results
            ],
        }
        print(json.dumps(said, ensure_ascii=False, indent=1))
    else:
        shown = [one for one in results if one.found.fix] if asked.quiet else results
        if shown:
            width = max(_LEAST, min(_WIDTH, width_of(sys.stdout)))
            print("\n".join(_told(shown, width)))
    return code


def _told(results: "Sequence[Result]", width: int) -> Iterator[str]:
    group = ""
    for one in results:
        if one.check.group != group:
            yield from ([""] if group else [])
            group = one.check.group
            yield group
        verdict = one.found.verdict
        shown = verdict.upper() if one.found.fix else verdict
        yield from _lines(f"  {shown:{_VERDICT}}", f"{one.check.title}: {one.found.said}", width)
        if one.found.fix:
            yield from _lines(" " * (_VERDICT + 2), f"What to do: {one.found.fix}", width)
        if one.found.command:
            yield " " * (_VERDICT + 4) + one.found.command  # whole, so that it can be copied
    yield ""
    counts = {
        words: sum(one.found.verdict == verdict for one in results)
        for verdict, words in _SAID.items()
    }
    yield f"{listed([f'{number} {words}' for words, number in counts.items() if number])}."


def _lines(start: str, text: str, width: int) -> Iterator[str]:
    indent = " " * len(start)
    for place, line in enumerate(
        textwrap.wrap(text, width - len(start), break_long_words=False, break_on_hyphens=False)
    ):
        yield (indent if place else start) + line


DOCTOR: Final = Command(
    "doctor",
    "say whether everything is set up, with the fix where it is not",
    _doctor,
    lenient=True,
)
