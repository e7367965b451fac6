"""The command that prints what lets a shell complete commands and options.

Made from the table of commands, so that it knows what they know. Where nothing of ours fits,
each shell completes file names as ever.
"""

import argparse
import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from mfauto.cli.command import Command
from mfauto.records import record
from mfauto.settings import Settings

_BASH: Final = """\
# Completes mfauto in bash. Made by: mfauto completion bash
_mfauto() {
    local current="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}"
    local command='' known='' place=1
    while [ "$place" -lt "$COMP_CWORD" ]; do
        case "${COMP_WORDS[place]}" in
            @COMMANDS@) command="${COMP_WORDS[place]}"; break ;;
        esac
        place=$((place + 1))
    done
    case "$command $before" in
@CHOICES@
        *) case "$command" in
@WORDS@
        esac ;;
    esac
    COMPREPLY=( $(compgen -W "$known" -- "$current") )
}
complete -o default -F _mfauto mfauto
"""
_ZSH: Final = """\
# Completes mfauto in zsh. Made by: mfauto completion zsh
autoload -Uz compinit bashcompinit
(( $+functions[compdef] )) || compinit
bashcompinit
"""
_POWERSHELL: Final = """\
# Completes mfauto in PowerShell. Made by: mfauto completion powershell
Register-ArgumentCompleter -Native -CommandName mfauto, mfauto.cmd, mfauto.exe -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $known = @{
@WORDS@
    }
    $choices = @{
@CHOICES@
    }
    $help = @{
@HELP@
    }
    $words = @($commandAst.CommandElements | Select-Object -Skip 1 |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { "$_" })
    $command = "$($words | Where-Object { $known.ContainsKey($_) } | Select-Object -First 1)"
    $before = if ($words.Count) { $words[-1] } else { '' }
    $found = $known[$command]
    if ($choices.ContainsKey("$command $before")) { $found = $choices["$command $before"] }
    $found | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
        $told = if ($help.ContainsKey("$command $_")) { $help["$command $_"] } else { $_ }
        [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $told)
    }
}
"""


@record(kw_only=False)
class _Known:
    """What may be typed after one command."""

    words: tuple[str, ...]
    choices: Mapping[str, tuple[str, ...]]  #: by option that takes a value; empty: file names
    help: Mapping[str, str]


def _completion(asked: argparse.Namespace, _: Settings) -> int:
    from mfauto.cli import COMMON, commands  # noqa: PLC0415 - they hold this one

    known = {one.name: _known((*one.arguments, *COMMON)) for one in commands()}
    first = _known(COMMON)
    helps = {one.name: one.does for one in commands()}
    known = {"": _Known((*known, *first.words), first.choices, helps | dict(first.help)), **known}
    script = {"bash": _bash, "zsh": _zsh, "powershell": _powershell}[asked.shell](known)
    if asked.format == "json":
        said = {"command": "completion", "shell": asked.shell, "script": script}
        print(json.dumps(said, ensure_ascii=False, indent=1))
    else:
        print(script, end="")
    return 0


def _known(arguments: Iterable[tuple[tuple[str, ...], Mapping[str, Any]]]) -> _Known:
    words: list[str] = []
    choices: dict[str, tuple[str, ...]] = {}
    helps: dict[str, str] = {}
    for names, options in arguments:
        allowed = tuple(map(str, options.get("choices", ())))
        if not names[0].startswith("-"):
            words += allowed
            continue
        words += names
        helps |= dict.fromkeys(names, str(options.get("help", "")))
        if "action" not in options:
            choices |= dict.fromkeys(names, allowed)
    return _Known((*words, "--help"), choices, helps)


def _bash(known: Mapping[str, _Known]) -> str:
    common = known[""].choices
    choices = [
        f"        '{command} {option}') known='{' '.join(allowed)}' ;;"
        for command, one in known.items()
        for option, allowed in one.choices.items()
        if option not in common
    ]
    for option, allowed in common.items():
        choices.append(f"        *' {option}') known='{' '.join(allowed)}' ;;")
    words = [
        f"            '{command}') known='{' '.join(one.words)}' ;;"
        for command, one in known.items()
    ]
    filled = _BASH.replace("@COMMANDS@", "|".join(name for name in known if name))
    return filled.replace("@CHOICES@", "\n".join(choices)).replace("@WORDS@", "\n".join(words))


def _zsh(known: Mapping[str, _Known]) -> str:
    return _ZSH + _bash(known).partition("\n")[2]


def _powershell(known: Mapping[str, _Known]) -> str:
    words = "\n".join(
        f"        {_quoted(command)} = {_listed(one.words)}" for command, one in known.items()
    )
    choices = "\n".join(
        f"        {_quoted(f'{command} {option}')} = {_listed(allowed)}"
        for command, one in known.items()
        for option, allowed in one.choices.items()
    )
    helps = "\n".join(
        f"        {_quoted(f'{command} {word}')} = {_quoted(said)}"
        for command, one in known.items()
        for word, said in one.help.items()
        if said
    )
    filled = _POWERSHELL.replace("@WORDS@", words)
    return filled.replace("@CHOICES@", choices).replace("@HELP@", helps)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _listed(words: Iterable[str]) -> str:
    return f"@({', '.join(map(_quoted, words))})"


COMPLETION: Final = Command(
    "completion",
    "print what lets a shell complete commands and options",
    _completion,
    ((("shell",), {"choices": ("powershell", "bash", "zsh"), "help": "the shell"}),),
    lenient=True,
)
