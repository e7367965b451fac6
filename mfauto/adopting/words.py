"""Other words for our headings, as councils write them, and how alike two headings are.

Pure. What stands here is a strong hint, never proof: the values of the column must agree.
"""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Final

from mfauto.columns import ALIASES
from mfauto.comparing import same

#: by sheet and heading: what else people call it
KNOWN_AS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "Cases": {
        "Case ref": (
            *("Our ref", "Ref", "Reference", "Ref no", "Case no", "Case number", "Case ID"),
            *("Audit ref", "Audit no", "Audit ID", "Unique ref", "Tracker ref", "ID"),
        ),
        "Audit date": ("Date of audit", "Date audited", "Audited", "Audited on", "Audit done"),
        "Audit grade": (
            *("Grade", "Overall grade", "Judgement", "Overall judgement", "Audit judgement"),
            *("Audit outcome", "Grading", "Auditor grade", "Original grade", "Audit rating"),
        ),
        "Moderated grade": (
            *("Moderation grade", "Grade after moderation", "Final grade", "Regraded"),
            *("Moderated judgement", "Moderation outcome"),
        ),
        "Service area": ("Service", "Area", "Directorate area", "Division"),
        "Team": ("Team name", "Social work team"),
        "Practitioner": ("Social worker", "SW", "Allocated worker", "Worker", "Allocated SW"),
        "Team Manager": ("Manager", "Line manager", "Team leader"),
        "Service Manager": ("Service lead",),
        "Head of Service": ("HOS name", "Head of Service name"),
        "Auditor": ("Audited by", "Name of auditor", "Auditor name"),
        "SM and HoS alerted": (
            *("Managers alerted", "Date managers alerted", "SM/HoS alerted", "Alert sent"),
            *("Managers informed", "HoS/SM alerted", "Date SM and HoS alerted"),
        ),
        "QA and SQA notified": ("QA notified", "SQA notified", "QA informed", "QA/SQA notified"),
        "Child safety assured": (
            *("Safety assured", "HoS assurance", "Child safe", "Safeguarding assurance"),
            *("HoS assured", "Date child safety assured", "Assurance of safety"),
        ),
        "Child safety note": ("Safety note", "Assurance note", "Safety comments"),
        "Moderation completed": (
            *("Moderation date", "Date moderated", "Moderated on", "Mod date", "Moderated"),
            *("Date moderation completed",),
        ),
        "Meeting booked for": (
            *("MFM booked", "MFM date booked", "Meeting booked", "Date of booked meeting"),
            *("Booked for", "MF meeting booked for", "Planned meeting date"),
        ),
        "Practitioner invited": ("SW invited", "Social worker invited"),
        "Team Manager invited": ("TM invite sent",),
        "Service Manager invited": ("SM invite sent",),
        "Meeting held": (
            *("MFM held", "Date MFM held", "Meeting took place", "Date meeting held"),
            *("Date MF meeting held", "MF meeting held", "Mtg held", "Held on"),
        ),
        "Audit findings": ("Findings", "What the audit found", "Key findings"),
        "Strengths": ("What went well", "Good practice seen"),
        "Practice context": ("Context", "Context of practice"),
        "Support agreed": ("Support", "Support plan", "Support for practitioner"),
        "Caseload review": ("Caseload review required", "Review of caseload", "Review required"),
        "Caseload reviewer": ("Reviewer", "Review by", "Reviewed by"),
        "Cases reviewed": ("No of cases reviewed", "Number of cases reviewed"),
        "Exception summary": ("Summary of exception report", "Exception report summary"),
        "Exception report completed": (
            *("Exception report date", "Exception report done", "ER completed"),
            *("Date exception report completed", "Exception report sent"),
        ),
        "Left Inadequate on": ("Left Inadequate", "Date left Inadequate", "Moved out on"),
        "HoS informed": ("HoS told",),
        "SM informed": ("SM told",),
        "Practitioner informed": ("SW informed", "Social worker informed"),
        "Re-audit on ICS": ("Uploaded to ICS", "On ICS", "ICS upload"),
        "Themes": ("Theme", "Learning themes"),
        "Notes": ("Comments", "Note", "Remarks"),
    },
    "Actions": {
        "Action ref": ("Action no", "Action number", "Action ID", "Ref"),
        "Case ref": (
            *("Case", "Our ref", "Ref", "Reference", "Case no", "Case number", "Case ID"),
            *("Audit ref", "Audit no"),
        ),
        "Action": ("Action agreed", "What", "Task", "Action required", "What needs to happen"),
        "Owner": (
            *("Who", "By whom", "Person responsible", "Responsible", "Lead", "Action owner"),
            *("Assigned to", "Responsible person"),
        ),
        "Original due date": ("Original date", "First due", "Original target date"),
        "Due date": (
            *("Due", "By when", "When", "Target date", "Deadline", "Due by", "Date due"),
            *("Complete by", "Timescale"),
        ),
        "Status": ("Progress", "State", "Action status"),
        "Completed on": ("Completed", "Date completed", "Done on", "Date closed", "Closed on"),
        "Support needed": ("Support required",),
        "Evidence": ("Evidence of completion",),
        "Notes": ("Comments", "Update", "Remarks"),
    },
    "Re-audits": {
        "Case ref": ("Case", "Our ref", "Ref", "Reference", "Case no", "Case number", "Case ID"),
        "Round": ("Re-audit no", "Re-audit number", "No", "Cycle"),
        "Re-audit date": (
            *("Re-audit", "Reaudit", "Date of re-audit", "Date re-audited", "Re-audited on"),
            *("Date",),
        ),
        "Re-auditor": ("Re-audited by", "Auditor", "By"),
        "Grade": ("Re-audit grade", "Outcome", "Re-audit outcome", "New grade", "Judgement"),
        "Panel review date": ("Panel", "Panel date", "Panel held", "Date of panel"),
        "Panel decision": ("Decision", "Outcome of panel", "Panel outcome"),
        "Notes": ("Comments", "Remarks"),
    },
    "Good practice": {
        "Example ref": ("Example no", "Example ID", "Ref"),
        "Case ref": ("Case", "Our ref", "Case no", "Case number", "Reference"),
        "Example": ("Good practice", "Good practice example", "What was done", "Description"),
        "Theme": ("Themes", "Topic"),
        "Reviewed on": ("Reviewed", "Date reviewed"),
        "Anonymised on": ("Anonymised", "Date anonymised"),
        "Uploaded on": ("Uploaded", "Date uploaded", "In library since"),
        "Library link": ("Link", "URL"),
        "Service email sent on": ("Email sent", "Announced", "Announced on", "Service told"),
        "Notes": ("Comments", "Remarks"),
    },
    "Meetings": {
        "Date": ("Meeting date", "Date of meeting", "When"),
        "Type": ("Meeting type", "Meeting", "Kind"),
        "Start time": ("Time", "Start", "Starts"),
        "Places": ("Slots", "Spaces", "Capacity"),
        "Location": ("Venue", "Room", "Where"),
        "Notes": ("Comments", "Remarks"),
    },
    "People": {
        "Name": ("Full name", "Person", "Staff member", "Who"),
        "Role": ("Job title", "Job", "Post", "Position"),
        "Email": ("E-mail", "Mail", "Work email"),
        "Team": ("Team name",),
        "Service area": ("Service", "Area"),
        "Reports to": ("Manager", "Managed by"),
        "Active": ("Still here", "Current", "In post"),
    },
}
#: forms above that may mean something else as well: a person is asked, whatever the values say
_MAYBE: Final = frozenset(
    (
        *("ref", "reference", "ref no", "id", "case", "no", "number", "case id"),
        *("grade", "grading", "final grade", "outcome", "judgement", "moderation outcome"),
        *("manager", "line manager", "managed by", "worker", "team leader", "auditor"),
        *("reviewer", "review by", "reviewed by", "review required", "reviewed"),
        *("service", "area", "division", "context", "support", "findings", "themes", "theme"),
        *("by", "by whom", "who", "lead", "when", "by when", "due", "date", "deadline"),
        *("what", "task", "description", "timescale", "completed", "done on", "uploaded"),
        *("panel", "decision", "outcome of panel", "cycle", "re-audit", "by", "topic"),
        *("meeting", "kind", "time", "start", "slots", "spaces", "room", "where"),
        *("person", "post", "position", "job", "mail", "current", "link", "email sent"),
        *("progress", "state", "what went well", "good practice", "good practice seen"),
        *("booked for", "held on", "moved out on", "original grade", "regraded", "moderated"),
        *("audited", "alert sent", "on ics", "safety note", "announced", "review of caseload"),
    )
)
_SHORT: Final = {
    "hos": "head of service",
    "sm": "service manager",
    "tm": "team manager",
    "sw": "practitioner",
    "mfm": "moving forward meeting",
    "mtg": "meeting",
    "mtng": "meeting",
    "mod": "moderation",
    "dt": "date",
    "no.": "number",
    "reaudit": "re-audit",
}
#: of a child or a family; never read into anything, and no sample of it is ever shown
_ASKED: Final = 0.85  # alike enough to be proposed, never enough to be taken unasked
_PRIVATE: Final = re.compile(
    r"\b(?:d\.?o\.?b\.?|birth|born|child(?:'s|s|ren's)? (?:first |sur|full |last )?names?|"
    r"names? of (?:the )?(?:child|young person|yp|family)|initials|gender|religion|school|"
    r"(?:young person|yp|family|parent|mother|father|carer)(?:'s|s)? (?:first |sur|full )?names?|"
    r"nhs(?: (?:no|number))?|address|postcode|phone|mobile|ethnicity|surname of child)\b",
    re.IGNORECASE,
)


def is_private(heading: str) -> bool:
    """Say whether a column is about who a child is."""
    return _PRIVATE.search(same(heading)) is not None


@cache
def called(sheet: str, heading: str) -> tuple[str, ...]:
    """Give every form that a heading is known by, our own first."""
    also = (*ALIASES.get(heading, ()), *KNOWN_AS.get(sheet, {}).get(heading, ()))
    return tuple(dict.fromkeys(plain(name) for name in (heading, *also)))


@cache
def plain(heading: str) -> str:
    """Give a heading as it is compared: small letters, no marks, short forms written out."""
    words = re.sub(r"[^\w\s.-]|_", " ", same(heading)).replace("re audit", "re-audit").split()
    return " ".join(_SHORT.get(word, word.strip(".")) for word in words).strip()


@lru_cache(maxsize=65536)
def alike(sheet: str, heading: str, theirs: str, *, told: bool = False) -> float:
    """Say from 0 to 1 how alike their heading is to one of ours; 1 for our own.

    `told`: the heading itself says what kind of record it belongs to, as "Action 1 due" does.
    """
    from rapidfuzz import fuzz  # noqa: PLC0415 - only where a mapping is proposed

    own = plain(theirs)
    if not own:
        return 0.0
    forms = called(sheet, heading)
    if own == forms[0]:
        return 1.0
    if own in forms:
        return _ASKED if own in _MAYBE and not told else 0.97
    sure = [forms[0], *(form for form in forms[1:] if form not in _MAYBE)]
    best = max(fuzz.token_sort_ratio(own, form) for form in sure) / 100
    parts = {plain(part) for part in theirs.split(" / ")[1:]}
    return max(best * 0.9, _ASKED if parts & set(forms) else 0.0)
