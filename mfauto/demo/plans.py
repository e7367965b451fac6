"""Which cases the demo has, and how far each one has come.

One line a case, the oldest first. Ages count working days before the report date.
The words in a plan say what has not been done: "alert" and "qa" (C01, C02), "safety"
(C03), "moderation" and "booking" (C04), "invite" (C05), "record" (C06), "review" and
"exception" or "required" (C09), "action" or "actions" (C07), "panel" (C13), "inform"
and "ics" (C14), "examine", "anonymise", "upload" and "announce" (C10, C11). The others
add to a case: "ahead" books a meeting that is still to come, "tbc" types that word for
its day, "example" shares practice from a case that left, "fresh" starts sharing lately,
"outside action" leaves an action on a case outside the process.
"""

from dataclasses import dataclass
from typing import Final

INADEQUATE: Final = "Inadequate"
OUTSTANDING: Final = "Outstanding"
GOOD: Final = "Good"
IMPROVE: Final = "Requires improvement"
_GRADES: Final = {"I": INADEQUATE, "O": OUTSTANDING, "G": GOOD, "R": IMPROVE}


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """How one made-up case goes."""

    age: int  #: working days from the audit to the report date
    grade: str
    moderated: str  #: the grade after moderation
    reaudits: tuple[str, ...] = ()  #: the grade of each round so far
    latest: int | None = None  #: age of the last of them; None: about 80 days after the one before
    missing: frozenset[str] = frozenset()  #: words as above


def _plan(age: int, grades: str, missing: str = "", latest: int | None = None) -> Plan:
    """Read "IR:IIG": audited Inadequate, moderated to Requires improvement, then three rounds."""
    first, _, rounds = grades.partition(":")
    return Plan(
        age=age,
        grade=_GRADES[first[0]],
        moderated=_GRADES[first[-1]],
        reaudits=tuple(_GRADES[grade] for grade in rounds),
        latest=latest,
        missing=frozenset(missing.split()),
    )


PLANS: Final = (
    _plan(324, "I:IIR"),
    _plan(318, "O"),
    _plan(312, "I:R"),
    _plan(306, "I:IIII", "panel", latest=4),
    _plan(299, "G"),
    _plan(294, "I:G", "example"),
    _plan(287, "I:IIR"),
    _plan(281, "O"),
    _plan(276, "I:R"),
    _plan(270, "I:IR"),
    _plan(266, "IR"),
    _plan(259, "I:R", "example"),
    _plan(254, "I:III", latest=56),
    _plan(249, "O"),
    _plan(243, "I:IG"),
    _plan(238, "R"),
    _plan(232, "I:R"),
    _plan(226, "I:III", latest=36),
    _plan(221, "I:G"),
    _plan(215, "O"),
    _plan(209, "I:IIR", "leaving action", latest=4),
    _plan(204, "I:R"),
    _plan(198, "RI:II", latest=50),
    _plan(193, "G"),
    _plan(187, "I:R", "example"),
    _plan(181, "OG"),
    _plan(176, "I:II", "actions", latest=40),
    _plan(170, "I:R"),
    _plan(165, "O"),
    _plan(159, "I:R"),
    _plan(154, "I:G"),
    _plan(149, "I:R"),
    _plan(144, "O"),
    _plan(139, "I:R"),
    _plan(134, "I:I", "actions", latest=47),
    _plan(130, "R"),
    _plan(126, "I:R"),
    _plan(121, "I:R", "ics", latest=4),
    _plan(117, "I:I", "panel", latest=14),
    _plan(112, "I"),
    _plan(108, "O"),
    _plan(103, "I:R", "inform", latest=3),
    _plan(99, "I:I", "panel", latest=3),
    _plan(95, "I:G", "inform ics", latest=2),
    _plan(91, "I:R", latest=16),
    _plan(88, "I:I", "panel", latest=5),
    _plan(85, "I:I", latest=11),
    _plan(81, "I", "actions"),
    _plan(77, "G"),
    _plan(73, "I"),
    _plan(69, "I", "exception"),
    _plan(65, "O", "announce"),
    _plan(61, "I"),
    _plan(57, "IR", "outside action"),
    _plan(54, "I", "actions"),
    _plan(51, "I"),
    _plan(50, "O", "upload"),
    _plan(48, "I", "review"),
    _plan(45, "O", "examine"),
    _plan(42, "I", "required"),
    _plan(39, "I", "record"),
    _plan(37, "R"),
    _plan(35, "O", "fresh anonymise"),
    _plan(33, "I", "required"),
    _plan(22, "I", "ahead"),
    _plan(18, "O", "ahead"),
    _plan(17, "I", "ahead invite"),
    _plan(15, "I", "booking"),
    _plan(13, "I", "moderation"),
    _plan(12, "O", "booking"),
    _plan(11, "I", "booking tbc"),
    _plan(9, "I", "moderation safety"),
    _plan(7, "O", "moderation"),
    _plan(5, "I", "moderation"),
    _plan(4, "G"),
    _plan(2, "I", "moderation qa"),
    _plan(1, "O", "moderation qa safety"),
    _plan(0, "I", "moderation qa safety alert"),
)
