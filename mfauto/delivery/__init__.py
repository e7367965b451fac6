"""How an email leaves: as a draft, held for a release, by a mail server or by Microsoft Graph.

`open_transport` gives the way that the settings name. Nothing leaves this computer
without `live = true`, allowed domains and the gate in `guard`.
"""

from mfauto.delivery.channels import is_live, open_channel, open_transport, tracer
from mfauto.delivery.guard import Guarded
from mfauto.delivery.mime import as_bytes
from mfauto.delivery.naming import begun_name, file_name, is_begun, is_email
from mfauto.delivery.outbox import Held, Outbox
from mfauto.delivery.probe import Tried, try_delivery
from mfauto.delivery.transport import (
    HELD,
    OUTBOX,
    NotDeliveredError,
    Receipt,
    Transport,
    UnsureError,
)

__all__ = [
    "HELD",
    "OUTBOX",
    "Guarded",
    "Held",
    "NotDeliveredError",
    "Outbox",
    "Receipt",
    "Transport",
    "Tried",
    "UnsureError",
    "as_bytes",
    "begun_name",
    "file_name",
    "is_begun",
    "is_email",
    "is_live",
    "open_channel",
    "open_transport",
    "tracer",
    "try_delivery",
]
