"""Covering notes: which document goes to whom, attached or not, in which words."""

from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path, PurePosixPath

import pytest

from mfauto.delivery import as_bytes
from mfauto.messages import Covers, Document, Known, Message, cover_pack, cover_reports
from tests.messages.sample import PEOPLE, SETTINGS, improving, mail, reviewed, unsafe
from tests.messages.test_words import Page

GOLDEN = Path(__file__).parent / "golden"
PLACE = PurePosixPath("/moving-forward/exception-reports")
DIRECTORS = [
    *PEOPLE,
    {
        "name": "Dee Crown",
        "role": "Director",
        "email": "dee.crown@council.example",
        "active": "Yes",
    },
    {
        "name": "Eve Dale",
        "role": "Executive Director",
        "email": "eve.dale@council.example",
        "active": "Yes",
    },
]


def report(ref: str, data: bytes | None = None) -> Document:
    return Document(path=PLACE / f"{ref}.docx", data=data, case=ref)  # type: ignore[arg-type]


def reports(*documents: Document, head: str | None = "Jo Bright") -> Covers:
    found = reviewed(
        improving(2), improving(3, ref="MF-015"), improving(4, ref="MF-016", head_of_service=head)
    )
    return cover_reports(found, SETTINGS, Known(), documents, "2026-W45")


def the_pack(data: bytes | None = None, people: object = DIRECTORS, **fields: object) -> Covers:
    document = Document(path=PLACE / "2026-10.docx", data=data)  # type: ignore[arg-type]
    found = reviewed(unsafe(), people=people)  # type: ignore[arg-type]
    return cover_pack(found, mail(**fields), Known(), document, (2026, 10))


def test_a_head_of_service_gets_one_note_for_all_their_reports() -> None:
    (note,) = reports(report("MF-014"), report("MF-015")).messages

    assert note.recipient == "jo.bright@council.example"
    assert note.subject == "2 exception reports are ready: please check and sign"
    assert "Report: MF-014.docx" in note.text
    assert "The reports come from Priya Shah." in note.text
    assert "They are in the folder exception-reports, on the computer that" in note.text
    assert "/moving-forward" not in note.text + note.html
    assert note.attachments == ()


def reviewed_by(*reviewers: str | None) -> Message:
    cases = [
        improving(n, ref=f"MF-01{n}", caseload_reviewer=name) for n, name in enumerate(reviewers, 2)
    ]
    documents = [report(case.ref or "") for case in cases]
    (note,) = cover_reports(reviewed(*cases), SETTINGS, Known(), documents, "2026-W45").messages
    return note


@pytest.mark.parametrize(
    ("reviewers", "subject", "said"),
    [
        (
            ["Sam Okoro"],
            "1 exception report: please check and sign once the review is done",
            (
                "Sam Okoro completes the review. Please check and sign the report once that is "
                "done. Then send it to the Assistant Executive Director."
            ),
        ),
        (
            ["Sam Okoro", "Una Pell"],
            "2 exception reports: please check and sign once the reviews are done",
            (
                "Sam Okoro and Una Pell complete the reviews. Please check and sign each report "
                "once that is done."
            ),
        ),
        (
            ["jo  bright", None, "Sam Okoro"],
            "3 exception reports are ready: please check and sign",
            (
                "Where the table names somebody who completes the review, please check and sign "
                "once that is done."
            ),
        ),
    ],
)
def test_a_head_of_service_waits_for_whoever_completes_the_review(
    reviewers: list[str | None], subject: str, said: str
) -> None:
    note = reviewed_by(*reviewers)

    assert note.subject == subject
    assert said in note.text
    assert note.text.count("Sam Okoro completes the review.\n  Due date") == 1


def test_a_head_of_service_who_completes_the_review_reads_of_nobody_else() -> None:
    assert "completes the review" not in reviewed_by("Jo Bright", None).text


def test_reports_go_along_only_where_they_may() -> None:
    (note,) = reports(report("MF-014", b"one"), report("MF-015", b"two")).messages

    email = message_from_bytes(as_bytes(note, draft=True), policy=policy.default)
    assert [(one.get_filename(), one.get_content()) for one in email.iter_attachments()] == [
        ("MF-014.docx", b"one"),
        ("MF-015.docx", b"two"),
    ]
    assert "They are attached." in note.text
    assert "/moving-forward/" not in note.text
    assert as_bytes(note, draft=True) == as_bytes(note, draft=True)


def test_a_report_without_a_reader_goes_to_the_officer_with_the_reason() -> None:
    officer, head = sorted(
        reports(report("MF-014"), report("MF-016"), head="Ann Other").messages,
        key=lambda one: not one.recipient.startswith("priya"),
    )

    assert officer.subject == "1 exception report could not be addressed: please pass it on"
    assert "Ann Other is not on People." in officer.text
    assert "1 exception report could not be addressed" in officer.text
    assert head.recipient.startswith("jo")


def test_a_report_that_reaches_nobody_is_named() -> None:
    found = reviewed(improving(head_of_service=None), people=PEOPLE[1:])
    covers = cover_reports(found, SETTINGS, Known(), [report("MF-014")], "2026-W45")

    assert covers.messages == ()
    assert covers.stranded == (
        "MF-014: No owner is named. Nobody on People is an active SQA Officer.",
    )


def test_the_note_gives_no_number_away_that_its_pack_keeps_back() -> None:
    document = Document(path=PLACE / "2026-10.docx")  # type: ignore[arg-type]
    hiding = replace(mail(), suppress_small_numbers=True)
    found = reviewed(unsafe(), people=DIRECTORS)
    note = cover_pack(found, hiding, Known(), document, (2026, 10)).messages[0]
    assert "child safety was not yet assured in some cases. The pack begins" in note.text


def test_the_pack_goes_to_the_director_and_the_executive_director() -> None:
    covers = the_pack()

    assert [one.recipient.split(".")[0] for one in covers.messages] == ["dee", "eve"]
    assert {one.subject for one in covers.messages} == {
        "Moving Forward assurance pack for October 2026"
    }
    assert "child safety was not yet assured in 1 case" in covers.messages[0].text
    assert covers.stranded == ()


def test_a_pack_without_a_director_goes_to_the_officer() -> None:
    covers = the_pack(people=PEOPLE)

    (note,) = covers.messages
    assert note.recipient.startswith("priya")
    assert "Nobody on People is an active Director." in note.text
    assert "Nobody on People is an active Executive Director." in note.text


def test_the_pack_goes_along_only_where_it_may() -> None:
    (note, _) = the_pack(b"pack").messages

    assert [(one.name, one.data) for one in note.attachments] == [("2026-10.docx", b"pack")]
    assert "It is attached." in note.text


@pytest.mark.parametrize(
    ("note", "name"),
    [
        (reports(report("MF-014")).messages[0], "reports"),
        (reports(report("MF-016"), head="Ann Other").messages[0], "reports-no-reader"),
        (the_pack().messages[0], "pack"),
    ],
    ids=["reports", "reports-no-reader", "pack"],
)
def test_the_golden_text(note: object, name: str) -> None:
    said = f"Subject: {note.subject}\n\n{note.text}"  # type: ignore[attr-defined]

    assert said == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")


def test_notes_are_read_well_by_machines_and_name_no_case_in_the_subject() -> None:
    for note in (*reports(report("MF-014")).messages, *the_pack().messages):
        tags = [tag for tag, _ in Page(note.html).tags]
        assert [tag for tag in tags if tag in ("h1", "h2")] == ["h1", "h2"]
        assert "MF-0" not in note.subject
