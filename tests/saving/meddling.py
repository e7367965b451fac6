"""Runs commands in processes of their own, and meddles with what they ask of the system.

A helper process imports the product once and forks for each run. In the fork, the calls
that touch the working folder are counted, below the product's own code: looking, opening, reading,
writing, truncating, flushing to the disk, renaming, linking, removing, making folders,
changing modes, the exchange of two files, and each statement to SQLite. At one of them the
process is killed, the call fails, a person saves the tracker, or another run comes along.
"""

import builtins
import contextlib
import errno
import importlib
import io
import json
import os
import select
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

PROJECT: Final = Path(__file__).parent.parent.parent
_BY_PATH: Final = (
    "mkdir",
    "rmdir",
    "unlink",
    "remove",
    "rename",
    "replace",
    "link",
    "symlink",
    "chmod",
    "truncate",
    "utime",
    "listdir",
    "scandir",
    "stat",
    "statvfs",
)
_BY_HANDLE: Final = ("write", "read", "fsync", "fdatasync", "ftruncate", "fchmod", "lseek")
_LONGEST: Final = 60  #: seconds; no run takes as long
TRACKER: Final = "Tracker.xlsx"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a run went."""

    code: int  #: exit code; minus the signal's number where one ended it
    said: str  #: both of its outputs
    calls: list[str]  #: the calls that touched the folder, in order; [] where it was killed
    other: "Outcome | None" = None  #: the run that came along


class Helper:
    """The process that forks the runs."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.saving.meddling"],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.communicate()

    def run(self, folder: Path, *arguments: str, **meddling: Any) -> Outcome:
        """Run a command in `folder`; `meddling` is what `_Meddler` takes.

        With `along`, the folder of another run: that one runs while this one waits.
        """
        order = {"folder": str(folder), "arguments": arguments, "meddling": meddling}
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return _outcome(json.loads(self._process.stdout.readline()))

    def race(self, folder: Path, *arguments: str) -> list[Outcome]:
        """Run the same command twice at once."""
        outcome = self.run(folder, *arguments, race=True)
        assert outcome.other
        return [outcome, outcome.other]


def _outcome(told: Mapping[str, Any]) -> Outcome:
    other = _outcome(told["other"]) if told.get("other") else None
    return Outcome(code=told["code"], said=told["said"], calls=told["calls"], other=other)


# What follows runs in the helper and its forks.


@dataclass(kw_only=True)
class _Meddler:
    """Counts the calls that touch a folder, and does something at one of them."""

    folder: str
    at: int | None = None  #: number of the call, from 0; None: only counts
    kill: bool = False
    error: int | None = None  #: `errno` that the call fails with
    lasting: bool = False  #: whether every later call that needs room fails too
    save: str | None = None  #: how a person saves: "in place", "as Excel", "by rename" or "slowly"
    data: str | None = None  #: path of what the person saves
    wait: tuple[int, int] | None = None  #: pipes to tell that it waits, and to wait on
    race: bool = False
    calls: list[str] = field(default_factory=list)
    handles: set[int] = field(default_factory=set)
    away: bool = False

    def called(self, name: str) -> None:
        if self.at is None:
            self.calls.append(name)
            return
        number = len(self.calls)
        self.calls.append(name)
        if number == self.at:
            self._act()
        elif self.away and number > self.at + 1:
            self._back()
        elif self.lasting and number > self.at and name in {"write", "open", "mkdir", "sqlite"}:
            self._fail()

    def _fail(self) -> None:
        assert self.error
        raise OSError(self.error, os.strerror(self.error))

    def _act(self) -> None:
        if self.kill:
            os.kill(os.getpid(), signal.SIGKILL)
        if self.error is not None:
            self._fail()
        if self.save is not None:
            with _real():
                self._save()
        if self.wait is not None:
            _REAL["write"](self.wait[0], b"!")
            _REAL["read"](self.wait[1], 1)

    def _save(self) -> None:
        assert self.data
        tracker, temporary = Path(self.folder, TRACKER), Path(self.folder, "8A4F2C00")
        data = Path(self.data).read_bytes()
        if self.save == "in place":
            with tracker.open("r+b") as file:
                file.write(data)
                file.truncate()
            return
        temporary.write_bytes(data)
        if self.save == "by rename":
            temporary.replace(tracker)
            return
        tracker.unlink(missing_ok=True)
        if self.save == "slowly":
            self.away = True
        else:
            temporary.rename(tracker)

    def _back(self) -> None:
        self.away = False
        with _real():
            Path(self.folder, "8A4F2C00").replace(Path(self.folder, TRACKER))

    def finish(self) -> None:
        """Let a person who is still saving end."""
        if self.away:
            self._back()

    def inside(self, path: Any) -> bool:
        if isinstance(path, int):
            return path in self.handles
        return Path(os.fsdecode(path)).absolute().is_relative_to(self.folder)

    def install(self) -> None:
        """Take the place of the system's calls."""
        for name in _BY_PATH:
            setattr(os, name, self._by_path(name))
        for name in _BY_HANDLE:
            setattr(os, name, self._by_handle(name))
        replacing = importlib.import_module("mfauto.saving.replacing")
        for owner, name, call in (
            (os, "open", self._open),
            (os, "close", self._close),
            (io, "open", self._open_file),
            (builtins, "open", self._open_file),
            (sqlite3, "connect", self._connect),
            (replacing, "traded", self._traded(replacing.traded)),
        ):
            setattr(owner, name, call)

    def _traded(self, real: Callable[..., Path | None]) -> Callable[..., Path | None]:
        def traded(*paths: Path) -> Path | None:
            self.called("exchange")
            return real(*paths)

        return traded

    def _by_path(self, name: str) -> Callable[..., Any]:
        def call(path: Any = ".", *rest: Any, **named: Any) -> Any:
            if self.inside(path):
                self.called(name)
            return _REAL[name](path, *rest, **named)

        return call

    def _by_handle(self, name: str) -> Callable[..., Any]:
        def call(handle: int, *rest: Any) -> Any:
            if handle in self.handles:
                self.called(name)
            return _REAL[name](handle, *rest)

        return call

    def _open(self, path: Any, *rest: Any, **named: Any) -> int:
        if not self.inside(path):
            return int(_REAL["open"](path, *rest, **named))
        self.called("open")
        handle = int(_REAL["open"](path, *rest, **named))
        self.handles.add(handle)
        return handle

    def _close(self, handle: int) -> None:
        self.handles.discard(handle)
        _REAL["close"](handle)

    def _open_file(self, file: Any, mode: str = "r", *rest: Any, **named: Any) -> Any:
        if isinstance(file, int) or not self.inside(file):
            return _REAL_OPEN(file, mode, *rest, **named)
        self.called("open")
        raw = _Raw(os.fspath(file), mode.replace("b", "").replace("t", ""))
        raw.meddler = self
        self.handles.add(raw.fileno())
        buffered: Any
        if "+" in mode:
            buffered = io.BufferedRandom(raw)
        else:
            buffered = io.BufferedReader(raw) if "r" in mode else io.BufferedWriter(raw)
        if "b" in mode:
            return buffered
        return io.TextIOWrapper(buffered, encoding=named.get("encoding") or "utf-8")

    def _connect(self, *rest: Any, **named: Any) -> sqlite3.Connection:
        made: _Connection = _REAL_CONNECT(*rest, factory=_Connection, **named)
        made.meddler = self
        try:
            made.called()
        except sqlite3.OperationalError:
            made.close()
            raise
        return made


class _Raw(io.FileIO):
    """A file whose every read and write is counted."""

    meddler: _Meddler

    def write(self, data: Any, /) -> int:
        self.meddler.called("write")
        return super().write(data) or 0

    def readinto(self, buffer: Any, /) -> int:
        self.meddler.called("read")
        return super().readinto(buffer) or 0

    def readall(self) -> bytes:
        self.meddler.called("read")
        return super().readall() or b""

    def close(self) -> None:
        if not self.closed:
            self.meddler.handles.discard(self.fileno())
        super().close()


class _Connection(sqlite3.Connection):
    """A connection whose every statement is counted; a failing drive is SQLite's own error."""

    meddler: _Meddler

    def called(self) -> None:
        try:
            self.meddler.called("sqlite")
        except OSError as error:
            full = error.errno == errno.ENOSPC
            said = "database or disk is full" if full else "disk I/O error"
            raise sqlite3.OperationalError(said) from error

    def execute(self, *rest: Any) -> sqlite3.Cursor:
        self.called()
        return super().execute(*rest)

    def commit(self) -> None:
        self.called()
        super().commit()


_REAL: Final = {name: getattr(os, name) for name in (*_BY_PATH, *_BY_HANDLE, "open", "close")}
_REAL_OPEN: Final = io.open
_REAL_CONNECT: Final[Any] = sqlite3.connect


@contextlib.contextmanager
def _real() -> Iterator[None]:
    """Give the system's calls back for a moment: a person uses them too."""
    meddled = {name: getattr(os, name) for name in _REAL}
    opened = io.open
    for name, call in _REAL.items():
        setattr(os, name, call)
    io.open = builtins.open = _REAL_OPEN
    try:
        yield
    finally:
        for name, call in meddled.items():
            setattr(os, name, call)
        io.open = builtins.open = opened


class _Fork:
    """One run in a process of its own."""

    def __init__(self, folder: str, arguments: list[str], meddling: Mapping[str, Any]) -> None:
        self._out, inner = os.pipe()
        self.process = os.fork()
        if self.process:
            os.close(inner)
            return
        os.close(self._out)
        code, said, calls = _run(folder, arguments, meddling)
        told = json.dumps({"code": code, "said": said, "calls": calls}).encode()
        with _REAL_OPEN(inner, "wb") as pipe:
            pipe.write(told)
        os._exit(0)

    def ended(self) -> dict[str, Any]:
        """Wait for its end; a run that hangs is a fault of its own."""
        told = b""
        while select.select([self._out], [], [], _LONGEST)[0]:
            more = os.read(self._out, 1 << 20)
            if not more:
                break
            told += more
        else:
            os.kill(self.process, signal.SIGKILL)
        os.close(self._out)
        _, status = os.waitpid(self.process, 0)
        if os.WIFSIGNALED(status):
            return {"code": -os.WTERMSIG(status), "said": "", "calls": []}
        told_plainly: dict[str, Any] = json.loads(told)
        return told_plainly


def _run(
    folder: str, arguments: list[str], meddling: Mapping[str, Any]
) -> tuple[int, str, list[str]]:
    from mfauto.cli import main  # noqa: PLC0415 - imported before, in the helper

    os.chdir(folder)
    said = io.StringIO()
    meddler = _Meddler(folder=folder, **meddling)
    meddler.install()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = main(arguments)
    meddler.finish()
    return code, said.getvalue(), meddler.calls


def _ordered(order: Mapping[str, Any]) -> dict[str, Any]:
    folder, arguments = order["folder"], order["arguments"]
    meddling = dict(order["meddling"])
    if meddling.pop("race", False):
        both = [_Fork(folder, arguments, {}) for _ in range(2)]
        first, second = (fork.ended() for fork in both)
        return {**first, "other": second}
    along = meddling.pop("along", None)
    if along is None:
        return _Fork(folder, arguments, meddling).ended()
    waits, waiting = os.pipe()
    goes, going = os.pipe()
    first_run = _Fork(folder, arguments, {**meddling, "wait": (waiting, goes)})
    os.close(waiting)
    other = None
    if os.read(waits, 1):
        other = _Fork(along, arguments, {}).ended()
    os.write(going, b"!")
    for pipe in (waits, goes, going):
        os.close(pipe)
    return {**first_run.ended(), "other": other}


def _serve() -> None:
    for name in ("cli", "delivery", "ledger", "sending", "xlsx.writing"):
        importlib.import_module(f"mfauto.{name}")  # once, for every run
    for line in sys.stdin:
        sys.stdout.write(json.dumps(_ordered(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve()
