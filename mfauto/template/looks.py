"""How the tracker looks: one accent colour, quiet tints, Arial, widths and heights.

Colours are RGB; each pair of text and ground has a contrast of 4.5:1 or more.
Widths count characters; heights are points.
"""

from collections.abc import Mapping
from typing import Final, Literal

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.header_footer import HeaderFooter, HeaderFooterItem
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.theme import theme_xml

INK: Final = "12324A"
TEXT: Final = "1F2A37"
QUIET: Final = "4A5763"
ACCENT: Final = "1D5B8A"
TINTS: Final = ("E6EEF4", "CFDFEB")  #: of headings, in turn from one group to the next
AUTO_TINT: Final = "E4E5E7"
AUTO_GROUND: Final = "F5F6F7"
LINE: Final = "D5DDE4"
WHITE: Final = "FFFFFF"
RED: Final = "A3182B"
RED_TINT: Final = "FBE3E6"
AMBER: Final = ("4D3300", "FFE8B3")  #: text and ground

#: what Auto RAG says, with the colours of text and ground
RAG: Final[Mapping[str, tuple[str, str]]] = {
    "Red": (WHITE, RED),
    "Amber": ("4D3300", "FFD166"),
    "Green": ("0F4A2B", "CDE9D8"),
    "Complete": (INK, "D9E4EE"),
    "Outside": (QUIET, "ECEEF0"),
}

FONT: Final = "Arial"
SIZE: Final = 11
DATE: Final = "dd/mm/yyyy"
TIME: Final = "hh:mm"
TEXT_FORMAT: Final = "@"  #: so that Excel keeps a ref such as 0012 or 3-4 as it was typed
WHOLE: Final = "0"
MARKING: Final = "OFFICIAL-SENSITIVE"

#: Arial, and the accent first among the colours that Excel offers
THEME: Final = (
    theme_xml.replace("Calibri", FONT)
    .replace("Cambria", FONT)
    .replace("1F497D", INK)
    .replace("EEECE1", TINTS[0])
    .replace("4F81BD", ACCENT)
)


def font(colour: str = TEXT, size: float = SIZE, *, bold: bool = False) -> Font:
    """Give Arial in a colour."""
    return Font(name=FONT, size=size, color=colour, bold=bold)


def ground(colour: str) -> PatternFill:
    """Give a plain ground; `bgColor` is what a conditional format reads."""
    return PatternFill(fill_type="solid", fgColor=colour, bgColor=colour)


def rule(colour: str = LINE, style: Literal["thin", "medium", "thick"] = "thin") -> Border:
    """Give a line below."""
    return Border(bottom=Side(style=style, color=colour))


def top(*, wrap: bool = True) -> Alignment:
    """Give text that starts at the top left, a little in so that columns stay apart."""
    return Alignment(horizontal="left", vertical="top", wrap_text=wrap, indent=1)


def set_page(
    sheet: Worksheet, *, landscape: bool = True, pages_wide: int = 1, pages_high: int = 0
) -> None:
    """Set A4, the protective marking above, the page number below; 0: as many as it takes."""
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.fitToWidth = pages_wide
    sheet.page_setup.fitToHeight = pages_high
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    margins = sheet.page_margins
    margins.left = margins.right = 0.5
    margins.top = margins.bottom = 0.75
    margins.header = margins.footer = 0.3
    header, footer = HeaderFooterItem(), HeaderFooterItem()
    header.left.text = f'&"{FONT},Bold"&10Moving Forward tracker: &A'
    header.right.text = f'&"{FONT},Bold"&10{MARKING}'
    footer.left.text = f'&"{FONT},Regular"&10&F'
    footer.right.text = f'&"{FONT},Regular"&10Page &P of &N'
    sheet.HeaderFooter = HeaderFooter(oddHeader=header, oddFooter=footer)
