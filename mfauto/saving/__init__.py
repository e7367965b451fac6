"""Files put in place safely: verified backups, locks of others, replacement in one step.

Knows nothing of what the files hold. Nobody's work is lost: not to a stopped run, not
to a full drive, not to a person who saves at the same moment.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mfauto.saving.backups import (
        BACKUPS,
        Backup,
        all_backups,
        back_up,
        backups_of,
        outdated,
        settle,
        thin,
    )
    from mfauto.saving.locks import lock_holder
    from mfauto.saving.neighbours import Siblings, siblings
    from mfauto.saving.readiness import check_writable
    from mfauto.saving.reading import followed, read_whole, sha256
    from mfauto.saving.refusals import refused
    from mfauto.saving.replacing import (
        made_beside,
        put_in_place,
        put_new,
        replace_file,
        saved_meanwhile,
    )
    from mfauto.saving.versions import Versions, as_made

__all__ = [
    "BACKUPS",
    "Backup",
    "Siblings",
    "Versions",
    "all_backups",
    "as_made",
    "back_up",
    "backups_of",
    "check_writable",
    "followed",
    "lock_holder",
    "made_beside",
    "outdated",
    "put_in_place",
    "put_new",
    "read_whole",
    "refused",
    "replace_file",
    "saved_meanwhile",
    "settle",
    "sha256",
    "siblings",
    "thin",
]

#: where each name stands; who only reads a file imports only what reads it
_HOMES: Final = {
    "backups": (
        "BACKUPS",
        "Backup",
        "all_backups",
        "back_up",
        "backups_of",
        "outdated",
        "settle",
        "thin",
    ),
    "locks": ("lock_holder",),
    "neighbours": ("Siblings", "siblings"),
    "readiness": ("check_writable",),
    "reading": ("followed", "read_whole", "sha256"),
    "refusals": ("refused",),
    "replacing": ("made_beside", "put_in_place", "put_new", "replace_file", "saved_meanwhile"),
    "versions": ("Versions", "as_made"),
}
_HOME: Final = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    """Import a part where it is first asked for: `check` reads one file and saves none."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
