"""The parts of a workbook and how they point to each other."""

import posixpath
from collections.abc import Mapping
from datetime import UTC, datetime

from mfauto.errors import TrackerError
from mfauto.records import record
from mfauto.xlsx.archive import Archive, Member, folded
from mfauto.xlsx.kinds import check_package, other_type
from mfauto.xlsx.markup import Element, tree
from mfauto.xlsx.refusals import damaged

_WORKBOOK = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml",
    "application/vnd.ms-excel.sheet.macroenabled.main+xml",
    "application/vnd.ms-excel.template.macroenabled.main+xml",
)
_LARGEST_WHOLE = 10_000_000  #: unpacked bytes of a part that is read whole


@record(kw_only=False)
class Link:
    """One relationship of a part."""

    kind: str  #: last word of its type, such as "worksheet"
    target: str  #: name of the part it points to


@record(kw_only=False)
class Sheet:
    """One sheet of a workbook."""

    name: str
    kind: str  #: "worksheet", "chartsheet", "dialogsheet" or "macrosheet"
    state: str  #: "visible", "hidden" or "veryHidden"
    part: str  #: name of its part


class Package:
    """A workbook's parts: relationships, the workbook part and the sheets it lists."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.file = archive.file
        names = {folded(member.name) for member in archive.members}
        mimetype = archive.find("mimetype")
        kind = archive.unpack(mimetype)[:200] if mimetype and mimetype.size < 1000 else b""  # noqa: PLR2004 - a type is short
        check_package(names, kind, self.file)
        self.signed = any(name.startswith("_xmlsignatures/") for name in names)
        self.workbook_part = self._workbook_part()
        self.links = self.links_of(self.workbook_part)
        self.workbook = self.tree(self.workbook_part)
        if self.workbook.name != "workbook":
            raise TrackerError(
                f"{self.file} is written in a form that only a test version of Excel used.\n"
                "Open it in Excel and use Save As, Excel Workbook (.xlsx)."
            )
        self.sheets = tuple(self._sheets())

    def member(self, part: str) -> Member:
        """Return the member that holds the part; a missing one means damage."""
        found = self._found(part)
        if found is None:
            raise damaged(self.file, f'its part "{part}" is missing')
        return found

    def _found(self, part: str) -> Member | None:
        """Return the member of that name; either may write signs as "%20" or as they are."""
        found = self.archive.find(part)
        if found is None and self._coded(part):
            from urllib.parse import unquote  # noqa: PLC0415 - hardly ever needed, slow to import

            wanted = folded(unquote(part))
            alike = (one for one in self.archive.members if folded(unquote(one.name)) == wanted)
            found = next(alike, None)
        return found

    def _coded(self, part: str) -> bool:
        return "%" in part or any("%" in member.name for member in self.archive.members)

    def tree(self, part: str) -> Element:
        """Read a small part whole; a large one is refused before it is unpacked."""
        member = self.member(part)
        if member.size > _LARGEST_WHOLE:
            raise TrackerError(
                f'{self.file}: its part "{part}" has {member.size / 1_000_000:,.0f} MB,'
                " far more than a tracker needs.\n"
                "It was not opened. Check where it comes from."
            )
        return tree(self.archive.unpack(member), self.file, part)

    def links_of(self, part: str) -> Mapping[str, Link]:
        """Relationships of a part ("" for the package), by id; those that lead outside left out."""
        folder, name = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        if self._found(rels) is None:
            return {}
        links = {}
        for element in self.tree(rels).each("Relationship"):
            if element.attributes.get("TargetMode") == "External":
                continue
            kind = element.attributes.get("Type", "").rpartition("/")[2]
            target = element.attributes.get("Target", "")
            links[element.attributes.get("Id", "")] = Link(kind, _resolved(folder, target))
        return links

    def linked(self, kind: str) -> str | None:
        """Name of the part of that kind which the workbook points to, if there is one."""
        for link in self.links.values():
            if link.kind.casefold() == kind.casefold():
                return link.target
        return None

    def _workbook_part(self) -> str:
        part = next(
            (link.target for link in self.links_of("").values() if link.kind == "officeDocument"),
            None,
        )
        if part is None:
            raise damaged(self.file, "nothing says which of its parts is the workbook")
        self.member(part)
        kind = self._content_type(part)
        if kind not in _WORKBOOK:
            raise other_type(kind, self.file)
        return part

    def _content_type(self, part: str) -> str:
        types = self.tree("[Content_Types].xml")
        for element in types.each("Override"):
            if folded(element.attributes.get("PartName", "")) == folded(part):
                return _type(element)
        ending = part.rpartition(".")[2].lower()
        for element in types.each("Default"):
            if element.attributes.get("Extension", "").lower() == ending:
                return _type(element)
        return ""

    def _sheets(self) -> list[Sheet]:
        sheets = []
        for element in self.workbook.each("sheets", "sheet"):
            name = element.attributes.get("name", "")
            link = self.links.get(element.attributes.get("r:id", ""))
            if link is None:
                raise damaged(self.file, f'the part of its sheet "{name}" is missing')
            kind = {"xlMacrosheet": "macrosheet", "xlIntlMacrosheet": "macrosheet"}.get(
                link.kind, link.kind
            )
            self.member(link.target)
            sheets.append(
                Sheet(name, kind, element.attributes.get("state", "visible"), link.target)
            )
        return sheets


def last_saved(package: Package) -> datetime | None:
    """Give the moment, in UTC, of which the core properties say that the file was saved then.

    None where they do not say so. The properties are no part of what a tracker holds, so nothing
    that is wrong with them stands against reading it.
    """
    try:
        links = package.links_of("").values()
        part = next((link.target for link in links if link.kind == "core-properties"), None)
        found = package.tree(part).children if part else []
        text = next((one.text for one in found if one.name.split(" ")[-1] == "modified"), "")
        moment = datetime.fromisoformat(text.strip())
    except (TrackerError, ValueError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _type(element: Element) -> str:
    """Content type in small letters, without parameters."""
    return element.attributes.get("ContentType", "").lower().partition(";")[0].strip()


def _resolved(folder: str, target: str) -> str:
    """Part name of a relationship's target: relative to the folder, or absolute."""
    target = target.replace("\\", "/")
    if target.startswith("/"):
        return target.lstrip("/")
    # from the root on, for ".." leads no higher
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
