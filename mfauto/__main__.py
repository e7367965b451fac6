"""Starts mfauto where it is installed: `python -m mfauto COMMAND`."""

import sys

from mfauto.cli import main

if __name__ == "__main__":
    sys.exit(main())
