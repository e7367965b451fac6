"""What is looked for in a workbook: a table, most important first in each group.

FIRST is what a person wants to know before a tool touches the file; LOOK is worth a
look; KEPT is everything else, which mfauto leaves as it is.
"""

from dataclasses import dataclass
from typing import Final

from mfauto.inspecting import finding
from mfauto.inspecting.finding import Find, extended, linked, listed_in, one_if, parts, tagged

FIRST: Final = "first"
LOOK: Final = "look"
KEPT: Final = "kept"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to look for."""

    id: str  #: for programs; never changes
    group: str  #: FIRST, LOOK or KEPT
    find: Find
    one: str  #: its noun
    many: str = ""  #: of several; the noun with an "s" unless given
    note: str = "kept as it is"  #: what mfauto does with it


CHECKS: Final = (
    Check("macros", FIRST, one_if(r".*vbaproject\.bin"), "macro project", note="never run; kept"),
    Check("macro_sheets", FIRST, finding.macro_sheets, "macro sheet", note="never run; kept"),
    Check(
        "signature",
        FIRST,
        finding.signed,
        "digital signature",
        note="any change makes it invalid: let mfauto read it only, or have it signed again",
    ),
    Check(
        "revisions",
        FIRST,
        one_if(r"xl/revisions/.*"),
        "history of changes (shared workbook)",
        note="kept, and our cells do not appear in it; no columns can be added",
    ),
    Check("labels", FIRST, finding.labels, "sensitivity label"),
    Check(
        "external_links",
        FIRST,
        finding.external_links,
        "link to another workbook",
        "links to other workbooks",
        note="never followed; kept",
    ),
    Check(
        "connections",
        FIRST,
        listed_in(r"xl/connections\.xml", "connection"),
        "data connection",
        note="never refreshed; kept",
    ),
    Check(
        "queries",
        FIRST,
        finding.queries,
        "query",
        "queries",
        note="never refreshed; kept; no columns are added to a table that one fills",
    ),
    Check(
        "data_model",
        FIRST,
        one_if(r"xl/model/.*"),
        "data model (Power Pivot)",
        note="kept as it is",
    ),
    Check(
        "very_hidden",
        FIRST,
        finding.states("veryHidden"),
        "sheet hidden from Excel's Unhide list",
        "sheets hidden from Excel's Unhide list",
        note="read like any other if the tracker needs it",
    ),
    Check(
        "hidden_sheets",
        FIRST,
        finding.states("hidden"),
        "hidden sheet",
        note="read like any other if the tracker needs it",
    ),
    Check(
        "hidden_rows",
        FIRST,
        finding.hidden_rows,
        "hidden row with data",
        "hidden rows with data",
        note="read and checked like any other",
    ),
    Check(
        "hidden_columns",
        FIRST,
        finding.hidden_columns,
        "hidden column with data",
        "hidden columns with data",
        note="read like any other",
    ),
    Check(
        "protected_sheets",
        FIRST,
        finding.protected_sheets,
        "protected sheet",
        note="protection is kept; no columns can be added there",
    ),
    Check(
        "protected_workbook",
        FIRST,
        finding.protected_workbook,
        "lock on the list of sheets",
        "locks on the list of sheets",
    ),
    Check(
        "write_reserved",
        FIRST,
        finding.write_reserved,
        "request to open it read-only",
        "requests to open it read-only",
        note="kept; ask its owner before mfauto writes",
    ),
    Check(
        "embedded",
        FIRST,
        parts(r"xl/embeddings/.+"),
        "embedded file",
        note="never opened; kept",
    ),
    Check("add_ins", FIRST, parts(r"xl/webextensions/webextension\d*\.xml"), "Office add-in"),
    Check(
        "errors",
        LOOK,
        finding.errors,
        "cell with an error value",
        "cells with an error value",
        note="a row that depends on one is listed as cannot be judged",
    ),
    Check(
        "uncalculated",
        LOOK,
        finding.uncalculated,
        "formula without a result",
        "formulas without a result",
        note="open and save it in Excel once",
    ),
    Check(
        "names_nowhere",
        LOOK,
        finding.names_nowhere,
        "name that points nowhere",
        "names that point nowhere",
        note="kept; repair in Excel under Formulas, Name Manager",
    ),
    Check(
        "merged",
        LOOK,
        finding.merged,
        "merged area",
        note="read as its first cell; the others are never written",
    ),
    Check(
        "epoch_1904", LOOK, finding.epoch_1904, "calendar from 1904", note="dates are read as meant"
    ),
    Check("tables", KEPT, finding.tables, "table"),
    Check("filters", KEPT, finding.filters, "filter"),
    Check("formulas", KEPT, finding.formulas, "formula"),
    Check("drop_downs", KEPT, tagged("dataValidation"), "drop-down or other entry rule"),
    Check(
        "drop_downs_x14",
        KEPT,
        extended("dataValidation"),
        "drop-down from another sheet (newer kind)",
        "drop-downs from another sheet (newer kind)",
    ),
    Check("formats", KEPT, tagged("conditionalFormatting"), "conditional format"),
    Check(
        "formats_x14",
        KEPT,
        extended("conditionalFormatting"),
        "conditional format (newer kind)",
        "conditional formats (newer kind)",
    ),
    Check("threads", KEPT, finding.threads, "comment in a thread", "comments in threads"),
    Check("notes", KEPT, finding.notes, "note"),
    Check(
        "charts",
        KEPT,
        linked(r"(xl/)?charts/chart(ex)?\d*\.xml", "chart", "chartEx"),
        "chart",
    ),
    Check(
        "pivot_tables",
        KEPT,
        linked(r"(xl/)?pivottables/pivottable\d*\.xml", "pivotTable"),
        "pivot table",
    ),
    Check(
        "pivot_caches",
        KEPT,
        parts(r"(xl/)?pivotcache/pivotcachedefinition\d*\.xml"),
        "copy of data behind pivot tables",
        "copies of data behind pivot tables",
    ),
    Check("slicers", KEPT, listed_in(r"xl/slicers/[^/]+\.xml", "slicer"), "slicer"),
    Check("timelines", KEPT, listed_in(r"xl/timelines/[^/]+\.xml", "timeline"), "timeline"),
    Check("sparklines", KEPT, extended("sparkline"), "sparkline"),
    Check("pictures", KEPT, linked(r"xl/media/.+", "image"), "picture"),
    Check(
        "drawings",
        KEPT,
        linked(r"xl/drawings/drawing[^/]*\.xml", "drawing"),
        "sheet with drawings",
        "sheets with drawings",
    ),
    Check("diagrams", KEPT, parts(r"xl/diagrams/data\d*\.xml"), "SmartArt diagram"),
    Check(
        "form_controls",
        KEPT,
        parts(r"xl/(ctrlprops/ctrlprop|activex/activex)\d*\.xml"),
        "button or other control",
        "buttons and other controls",
        note="never pressed; kept",
    ),
    Check(
        "rich_data",
        KEPT,
        one_if(r"xl/(richdata/.+|metadata\.xml)"),
        "set of pictures in cells, linked data or spilling formulas",
    ),
    Check("custom_xml", KEPT, parts(r"customxml/item\d*\.xml"), "part of custom XML"),
    Check("xml_maps", KEPT, one_if(r"xl/xmlmaps\.xml"), "XML map"),
    Check("names", KEPT, finding.names, "name for cells", "names for cells"),
    Check("properties", KEPT, finding.properties, "custom property", "custom properties"),
    Check("views", KEPT, tagged("customSheetView"), "custom view of a sheet"),
    Check(
        "personal",
        KEPT,
        finding.personal,
        "property that names people",
        "properties that name people",
    ),
    Check("together", KEPT, finding.together, "trace of AutoSave", "traces of AutoSave"),
    Check("strict", KEPT, finding.strict, "strict file format (ISO)"),
    Check(
        "unread",
        LOOK,
        finding.unread,
        "part that cannot be read",
        "parts that cannot be read",
        note="kept byte for byte; they hold no cells",
    ),
)
