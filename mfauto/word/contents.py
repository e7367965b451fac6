"""What a Word template may hold: checked before any of it is read.

Its zip file is held to the same rules as a tracker's, and is far smaller. Sizes are bytes.
"""

from typing import Final, Never
from xml.parsers import expat

from mfauto.errors import TrackerError
from mfauto.xlsx.archive import Archive

_LARGEST: Final = 50_000_000  #: all parts together, unpacked; a letterhead with pictures has 5 MB
_LARGEST_XML: Final = 10_000_000  #: one part of XML


def check_contents(template: bytes) -> None:
    """Check sizes, checksums and that no part declares a document type.

    Raises:
        ValueError: it holds what no Word template needs.

    """
    try:
        archive = Archive(template, "template")
        if sum(member.size for member in archive.members) > _LARGEST:
            raise ValueError("too large")
        for member in archive.members:
            part = archive.unpack(member)
            if len(part) > _LARGEST_XML and member.name.endswith((".xml", ".rels")):
                raise ValueError("too large")
            _check_no_document_type(part)
    except TrackerError as error:
        raise ValueError("not a sound zip file") from error


def _check_no_document_type(part: bytes) -> None:
    def refuse(*_: object) -> Never:
        raise ValueError("a document type")

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(part, True)  # noqa: FBT003 - the last piece
    except expat.ExpatError:
        return  # a picture, or XML that whoever reads it will find fault with
