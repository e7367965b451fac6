"""Makes the pages of `docs` into a site: `python -m tools.make_site [FOLDER]`.

Each warning is an error. The site works from the folder, without a server and without a network.
"""

import sys
from pathlib import Path

from sphinx.cmd.build import main as build

PROJECT = Path(__file__).parent.parent


def make(target: Path) -> int:
    """Make the site in `target`; give 0 where nothing is wrong."""
    quiet_and_strict = ["--quiet", "--fail-on-warning", "--fresh-env", "--builder", "html"]
    source, notes = PROJECT / "docs", target.with_name(f"{target.name}-notes")
    return build([*quiet_and_strict, "--doctree-dir", str(notes), str(source), str(target)])


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else PROJECT / "build" / "site"
    code = make(folder)
    if not code:
        print(f"Open {folder / 'index.html'}")
    sys.exit(code)
