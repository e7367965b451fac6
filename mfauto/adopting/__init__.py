"""A tracker kept in another way, mapped once: looked at, proposed, and saved in the settings."""

from mfauto.adopting.looking import Found, Seen, look
from mfauto.adopting.proposing import CERTAIN, Match, Proposal, propose
from mfauto.adopting.saving import settings_text, write_settings
from mfauto.adopting.showing import as_json, shown, told

__all__ = [
    "CERTAIN",
    "Found",
    "Match",
    "Proposal",
    "Seen",
    "as_json",
    "look",
    "propose",
    "settings_text",
    "shown",
    "told",
    "write_settings",
]
