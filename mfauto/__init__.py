"""mfauto keeps the Moving Forward Process moving, from the tracker people already use."""

__version__ = "0.1.0"
