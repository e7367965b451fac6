"""What makes the project's own files: pages, pictures, templates, proofs.

Started with a Python that lacks what they need, it hands over to `.venv`, as the tests do.
"""

import sys

from mfauto import bootstrap

if not bootstrap.ready(bootstrap.DEVELOPING) and not bootstrap.inside():
    sys.exit(bootstrap.hand_over(sys.orig_argv[1:], lock="requirements-dev.lock"))
