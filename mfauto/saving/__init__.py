"""Files put in place safely: verified backups, locks of others, replacement in one step.

Knows nothing of what the files hold. Nobody's work is lost: not to a stopped run, not
to a full drive, not to a person who saves at the same moment.
"""

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
from mfauto.saving.siblings import Siblings, siblings

__all__ = [
    "BACKUPS",
    "Backup",
    "Siblings",
    "all_backups",
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
