"""How the pages of this folder become a site: `python -m tools.make_site`.

Nothing in the site asks the network: no fonts, scripts or pictures from elsewhere.
Which page stands behind which door is written once, in `DOORS`; a page that is in
none of them stands behind the last one, so that none is lost.
"""

from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).parent
#: a door, and the pages behind it in their order; a page that does not exist is passed over
DOORS: Final = {
    "sqa-officer": (
        "board",
        "calendar",
        "emails",
        "documents",
        "rules",
        "backups",
        "templates",
        "many-trackers",
    ),
    "head-of-service": ("director",),
    "install": ("adopt", "schedule", "delivery", "settings", "commands"),
    "it": ("privacy", "threats", "what-is-kept", "licences"),
    "developers": ("proofs", "speed"),
}

project = "mfauto"
copyright = ""  # noqa: A001 - the name that Sphinx asks for
language = "en_GB"
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
root_doc = "index"
myst_heading_anchors = 3
nitpicky = True
highlight_language = "none"

html_theme = "alabaster"
html_title = "mfauto"
html_theme_options = {
    "description": "Keeps the Moving Forward Process moving, from the Excel tracker.",
    "fixed_sidebar": True,
    "show_powered_by": False,
    "show_relbar_bottom": True,
    "sidebar_collapse": True,
}
html_static_path = ["_static"]
templates_path = ["_templates"]
html_css_files = ["mfauto.css"]
html_sidebars = {"**": ["about.html", "searchfield.html", "navigation.html"]}
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
html_show_sphinx = False


def behind(door: str) -> list[str]:
    """Give the pages behind a door that exist, in their order."""
    there = {page.stem for page in HERE.glob("*.md")} - {root_doc, *DOORS}
    pages = [page for page in DOORS[door] if page in there]
    if door == list(DOORS)[-1]:
        pages += sorted(there - {page for pages in DOORS.values() for page in pages})
    return pages


def add_pages(_: object, name: str, source: list[str]) -> None:
    """Put the list of its pages at the end of a door, and of the doors at the end of the index."""
    pages = list(DOORS) if name == root_doc else behind(name) if name in DOORS else []
    if not pages:
        return
    depth = ":maxdepth: 2\n:titlesonly:\n:hidden:" if name == root_doc else ":maxdepth: 1"
    title = "" if name == root_doc else "\n## Pages\n"
    listed = "\n".join(pages)
    source[0] += f"\n{title}\n```{{toctree}}\n{depth}\n\n{listed}\n```\n"


def setup(app: Any) -> None:  # noqa: ANN401 - Sphinx's own
    """Have each page pass by before it is read."""
    app.connect("source-read", add_pages)
