"""What a person can put right, each kind with its exit code.

Everything else that goes wrong is a bug. A message says where, what was found
and what to do. It never holds a child's name.
"""


class MfautoError(Exception):
    """Something a person can put right. `str(error)` is shown as it stands."""

    exit_code = 2


class UsageError(MfautoError):
    """The command was given something it cannot use, such as a day that does not exist."""


class SettingsError(MfautoError):
    """`mfauto.toml` or `.env` holds something that cannot be used."""


class TemplateError(MfautoError):
    """A document template cannot be filled; the other documents are still made."""


class TrackerError(MfautoError):
    """The tracker could not be read or written; it stands as it was."""

    exit_code = 4


class TrackerBusyError(TrackerError):
    """The tracker is open elsewhere, or was saved meanwhile; nothing was written."""


class TrackerSavedError(TrackerBusyError):
    """Somebody saved the tracker while a run was at work; the run may start again from it."""


class TrackerDamagedError(TrackerError):
    """The tracker is not a whole workbook any more; a backup may be put back."""


class TrackerLayoutError(TrackerError):
    """The sheets or headings are others than expected; `adopt` can map them."""


class TrackerMissingError(TrackerError):
    """There is no tracker where it should be; a backup may be put back."""


class FewerRowsError(TrackerError):
    """Too many rows are gone since the last run; nothing was written or sent."""


class DeliveryError(MfautoError):
    """Some emails could not be delivered."""

    exit_code = 5


class UndecidedError(DeliveryError):
    """Some emails may have arrived; only a person can say, so trying again would never end."""
