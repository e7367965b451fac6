"""Starts mfauto: `python run.py COMMAND`. The first start sets everything up."""

import sys

from mfauto import bootstrap

if __name__ == "__main__":
    if not bootstrap.ready() and not bootstrap.inside():
        sys.exit(bootstrap.hand_over([__file__, *sys.argv[1:]]))
    from mfauto.cli import main

    sys.exit(main())
