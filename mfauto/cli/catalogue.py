"""Commands that explain the rules."""

import argparse
import json
from typing import Final

from mfauto.calling import call
from mfauto.cli.command import Command
from mfauto.errors import UsageError
from mfauto.settings import Settings


def _rules(asked: argparse.Namespace, settings: Settings) -> int:
    from mfauto import terminal  # noqa: PLC0415 - it knows all rules, the help needs none

    if asked.format == "json":
        print(json.dumps(terminal.rules_json(settings.policy), ensure_ascii=False, indent=1))
    else:
        print(terminal.rules_text(settings.policy))
    return 0


def _explain(asked: argparse.Namespace, settings: Settings) -> int:
    from mfauto import terminal  # noqa: PLC0415

    said: str | None
    if asked.format == "json":
        found = terminal.explain_json(asked.id, settings.policy)
        said = json.dumps(found, ensure_ascii=False, indent=1) if found else None
    else:
        said = terminal.explain_text(asked.id, settings.policy)
    if said is None:
        raise UsageError(f'There is no rule "{asked.id}". To see them all: {call("rules")}')
    print(said)
    return 0


RULES: Final = Command("rules", "list the steps and the data rules", _rules)
EXPLAIN: Final = Command(
    "explain",
    "explain one rule: its clause, limit and fix",
    _explain,
    ((("id",), {"metavar": "ID", "help": "a code such as MF110, or a step such as re_audit"}),),
)
