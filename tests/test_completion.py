"""Completion: what a shell offers after Tab, asked of real shells in a real terminal."""

import os
import re
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mfauto.cli import commands, main, parser

SHELLS = ("bash", "zsh", "powershell")
UNIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no terminal of this kind")
PATIENCE = 20.0  # seconds until a shell must have answered


def script(shell: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["completion", shell]) == 0
    return capsys.readouterr().out


class Terminal:
    """A shell that somebody types into."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    def typed(self, keys: str, until: str) -> str:
        """Type `keys` and give what the screen shows, once it shows `until`."""
        os.write(self.descriptor, keys.encode())
        said, end = "", time.monotonic() + PATIENCE
        while until not in plain(said):
            ready, _, _ = select.select([self.descriptor], [], [], max(0, end - time.monotonic()))
            assert ready, f"{until} never came: {plain(said)!r}"
            said += os.read(self.descriptor, 4096).decode(errors="replace")
        return plain(said)


def plain(text: str) -> str:
    """Give what a screen shows: no colours, no bells, no moves of the cursor."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|[\x07\r]", "", text)


@contextmanager
def terminal(command: list[str], folder: Path) -> Iterator[Terminal]:
    import pty  # noqa: PLC0415 - Windows has none

    process, descriptor = pty.fork()
    if process == 0:  # pragma: no cover - the shell, in a process of its own
        os.chdir(folder)
        environment = {"PATH": os.environ["PATH"], "TERM": "dumb", "HOME": str(folder)}
        os.execvpe(command[0], command, {**environment, "PS1": "> "})  # noqa: S606
    try:
        yield Terminal(descriptor)
    finally:
        os.close(descriptor)
        os.waitpid(process, 0)


@UNIX
@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_a_real_shell_completes_commands_options_values_and_file_names(
    shell: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    (tmp_path / "completion").write_text(script(shell, capsys), encoding="utf-8")
    (tmp_path / "Quarterly tracker.xlsx").touch()
    bare = {"bash": ["bash", "--norc", "--noprofile", "-i"], "zsh": ["zsh", "-f", "-i"]}
    with terminal(bare[shell], tmp_path) as screen:
        screen.typed(". ./completion && echo read''y\n", "ready")
        screen.typed("mfauto temp\t", "mfauto templates ")
        screen.typed("fie\t", "fields ")
        screen.typed("--form\t", "--format ")
        screen.typed("js\t", "json ")
        screen.typed("\x15mfauto check --tra\t", "--tracker ")
        screen.typed("Quar\t", r"Quarterly\ tracker.xlsx")
        screen.typed("\x15mfauto letters --kind inv\t", "invitation ")
        screen.typed("\x15exit\n", "exit")


@pytest.mark.parametrize("shell", SHELLS)
def test_every_command_and_option_is_offered_and_each_offer_is_taken(
    shell: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = script(shell, capsys)
    assert text.isascii()
    for command in commands():
        line = next(
            line for line in text.splitlines() if re.match(rf" +'{command.name}'(\)| =)", line)
        )
        for names, options in command.arguments:
            offers = names if names[0].startswith("-") else options.get("choices", ())
            assert all(re.search(rf"(?<![\w-]){one}(?![\w-])", line) for one in offers), (
                command.name
            )
    assert parser().parse_args(["completion", shell]).shell == shell


def test_bash_itself_finds_no_fault_in_the_script(capsys: pytest.CaptureFixture[str]) -> None:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("bash is not installed")
    text = script("bash", capsys)
    checked = subprocess.run([bash, "-n"], input=text, text=True, capture_output=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_what_powershell_reads_is_whole(capsys: pytest.CaptureFixture[str]) -> None:
    """Not run in PowerShell: its quotes and brackets close, and every text stands in quotes."""
    text = script("powershell", capsys)
    outside = re.sub(r"'(?:[^']|'')*'|\"[^\"]*\"", "''", text)
    assert "'" not in outside.replace("''", "")
    for opening, closing in ("()", "{}", "[]"):
        assert outside.count(opening) == outside.count(closing)
    assert "'text', 'json'" in text
    table = [line for line in text.splitlines() if " = @(" in line and line.startswith("        '")]
    keys = [line.split(" = ")[0].strip().casefold() for line in table]
    assert len(keys) == len(set(keys)), "PowerShell takes small and capital letters for the same"
