"""A file put in the place of another in one step, so that nobody's work is lost.

It is written beside its target, flushed to the disk, and then takes the target's
name; whoever looks sees the old file or the new one, never half of one. Both must
be in one folder.
"""

import errno
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from mfauto.calling import call
from mfauto.errors import TrackerError, TrackerSavedError
from mfauto.saving.exchanging import StrandedError, flush_folder, traded
from mfauto.saving.leftovers import own_name, released, remove_unfinished
from mfauto.saving.locks import lock_holder
from mfauto.saving.patience import patiently
from mfauto.saving.reading import sha256
from mfauto.saving.refusals import is_open, is_read_only, numbers, read_only, refused

_WHAT: Final = "cannot be written"
_SECONDS: Final = 1.0  #: how long another program, such as a virus scanner, may hold a file
#: a drive that has no flushing of folders, or a folder that may not be opened
_NO_FLUSHING: Final = numbers("EINVAL", "ENOTSUP", "EACCES", "EPERM")
_NO_LINKS: Final = numbers("EPERM", "EACCES", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK")


@contextmanager
def made_beside(target: Path, chunks: Iterable[bytes | memoryview]) -> Iterator[Path]:
    """Write a file next to its target and flush it to the disk; remove it if it stays there.

    Raises:
        TrackerError: it could not be written; the target stands as it was.

    """
    made = own_file(target.parent)
    try:
        try:
            write_flushed(made, chunks, target)
        except OSError as error:
            raise refused(target, _WHAT, error) from error
        yield made
    finally:
        drop(made)


def own_file(folder: Path) -> Path:
    """Give a name for a file of this process in the folder; `drop` it in the end."""
    remove_unfinished(folder)
    return folder / own_name("tmp")


def write_flushed(made: Path, chunks: Iterable[bytes | memoryview], like: Path) -> None:
    """Write a new file, open to the same people as the file `like`, and flush it to the disk."""
    with made.open("xb") as file:
        _give_rights(made, like)  # before anything stands in it
        for chunk in chunks:
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())


def drop(made: Path) -> None:
    """Remove a file of this process if it is still there; the next run does where this cannot."""
    with suppress(OSError):
        patiently(lambda: made.unlink(missing_ok=True), _SECONDS)
    released(made)


def replace_file(made: Path, target: Path, expected_sha256: str) -> None:
    """Put `made` in the place of `target`, unless somebody has saved `target` meanwhile.

    The two trade places, so that a save in the very moment of replacing shows as well:
    what came out is not what was expected, and goes back.

    Raises:
        TrackerSavedError: somebody saved meanwhile; their file stands.
        TrackerBusyError: somebody has it open.
        TrackerError: it cannot be written, and says how things stand.

    """
    if is_read_only(target):
        raise read_only(target, _WHAT)
    holder = lock_holder(target)  # somebody may have opened it while the new file was made
    if holder is not None:
        raise is_open(target, holder)
    try:
        wanted = sha256(made)
        if sha256(target) != expected_sha256:
            raise saved_meanwhile(target)
    except OSError as error:
        raise refused(target, _WHAT, error) from error
    aside = target.with_name(own_name("swap", wanted, target.name))
    spare = target.with_name(own_name("spare", wanted, target.name))
    try:
        _replace(made, target, expected_sha256, wanted, (aside, spare))
    finally:
        for out in (aside, spare):
            _remove_known(out, {wanted, expected_sha256})
        released(aside, spare)
    _confirm(target)


def _replace(
    made: Path, target: Path, expected: str, wanted: str, names: tuple[Path, Path]
) -> None:
    """Let the files trade places, and trade back where what came out was saved meanwhile.

    `names` are two that nothing has: one is given to `made`, the old file may get the other.
    """
    aside, spare = names
    try:
        _give_rights(made, target)
        patiently(lambda: made.rename(aside), _SECONDS)
        out = traded(aside, target, spare)
        if out is None:
            aside.replace(target)  # the hash was compared a moment ago; this drive allows no more
            return
    except StrandedError as error:
        raise _stranded(error) from error
    except OSError as error:
        raise refused(target, _WHAT, error) from error
    try:
        if sha256(out) == expected:
            return
        back = _traded_back(out, target, names)
        if sha256(back) != wanted:
            _traded_back(back, target, names)  # saved once more: the latest stays
    except StrandedError as error:
        raise _stranded(error) from error
    except OSError as error:
        raise TrackerError(
            f"{target.name} was written, but what stood there before could not be looked at "
            f"({error.strerror}).\nIt is kept as {out.name} beside it. "
            "The next run puts it into the folder backups. Compare the two."
        ) from error
    raise saved_meanwhile(target)


def _traded_back(out: Path, target: Path, names: tuple[Path, Path]) -> Path:
    """Let what came out take the target's place again; give where that one is then."""
    spare = next(name for name in names if name != out)
    back = traded(out, target, spare)
    if back is None:  # it could a moment ago
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
    return back


def put_in_place(made: Path, target: Path) -> None:
    """Give `made` the name of `target` in one step, keeping the target's access rights."""
    try:
        if target.exists():
            if is_read_only(target):
                raise read_only(target, _WHAT)
            _give_rights(made, target)
            _replace_unseen(made, target)
        else:
            made.replace(target)
    except OSError as error:
        raise refused(target, _WHAT, error) from error
    _confirm(target)


def put_new(made: Path, target: Path) -> None:
    """Give `made` the name of `target`, which nothing has; never replaces a file.

    Raises:
        TrackerSavedError: somebody has made a file of that name meanwhile.

    """
    try:
        rename_new(made, target)
    except FileExistsError as error:
        raise saved_meanwhile(target) from error
    except OSError as error:
        raise refused(target, _WHAT, error) from error
    _confirm(target)


if sys.platform == "win32":

    def _replace_unseen(made: Path, target: Path) -> None:
        """`os.replace` would give the target the access rights of the new file."""
        spare = target.with_name(own_name("tmp"))
        try:
            traded(made, target, spare)
        except StrandedError as error:
            raise _stranded(error) from error
        finally:
            drop(spare)

    def rename_new(made: Path, target: Path) -> None:
        """Give `made` a name that nothing has; FileExistsError where something has it."""
        made.rename(target)

else:

    def _replace_unseen(made: Path, target: Path) -> None:
        made.replace(target)

    def rename_new(made: Path, target: Path) -> None:
        """Give `made` a name that nothing has; FileExistsError where something has it.

        A rename would replace the target; a link does not.
        """
        try:
            os.link(made, target)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            if target.exists():
                raise FileExistsError from error
            made.rename(target)
        else:
            made.unlink()


def _give_rights(made: Path, like: Path) -> None:
    """Let the same people read the new file who may read the one it stands for."""
    try:
        known = like.stat()
    except FileNotFoundError:
        return
    if sys.platform != "win32":
        now = made.stat()
        if (now.st_uid, now.st_gid) != (known.st_uid, known.st_gid):
            with suppress(PermissionError):  # only an administrator gives files away
                os.chown(made, known.st_uid, known.st_gid)
    made.chmod(stat.S_IMODE(known.st_mode) | stat.S_IWUSR)


def _remove_known(aside: Path, known: set[str]) -> None:
    """Remove what came out of the exchange; what nobody else has is left for the next run."""
    with suppress(OSError):
        if aside.exists() and sha256(aside) in known:
            patiently(aside.unlink, _SECONDS)


def _confirm(target: Path) -> None:
    """Make the new name last through a power cut."""
    try:
        flush_folder(target.parent)
    except OSError as error:
        if error.errno not in _NO_FLUSHING:
            raise TrackerError(
                f"{target.name} was written, but the drive did not confirm it "
                f"({error.strerror}).\n"
                f"Open it and look. If it is not whole, put back a backup: {call('restore')}"
            ) from error


def saved_meanwhile(target: Path) -> TrackerSavedError:
    """Give the error for a file that is not the one that was read."""
    return TrackerSavedError(
        f"{target.name} was saved by someone else in the meantime.\n"
        "Nothing was written. Run the command again."
    )


def _stranded(error: StrandedError) -> TrackerError:
    return TrackerError(
        f"{error.target.name} is called {error.spare.name} in {error.target.parent} now: "
        "Windows stopped half-way in replacing it.\n"
        f"It is whole. Rename it to {error.target.name}; the next run does so by itself."
    )
