"""Agendas: who and what is on the list of a meeting or a panel, and a briefing for each case."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from mfauto.agenda import next_day, types_on
from mfauto.cli import main
from mfauto.documents import agenda
from mfauto.fitting import width
from mfauto.measures import Measures
from mfauto.model import Case, Flaw, Review
from mfauto.policy import Policy
from mfauto.process import review
from mfauto.settings import Settings
from tests.documents.reading import headings, paragraphs, table, tables, words
from tests.documents.test_measures import demo
from tests.looking import failures
from tests.making import a_case, a_tracker, a_workbook
from tools import make_agenda_template

AS_AT = date(2025, 3, 31)
DAY = date(2025, 4, 8)
MEETING, PANEL = "Moving Forward Meeting", "Panel Review"
SETTINGS = Settings(folder=Path())


def listed(kind: str = MEETING, day: date = DAY, **fields: Any) -> dict[str, Any]:
    return {"held": day, "type": kind, "starts": "10:00", "location": "Room 4", **fields}


def moderated(row: int = 2, **fields: Any) -> Case:
    return a_case(
        row,
        **{
            "ref": f"MF-{row:03d}",
            "child_safety_assured": date(2025, 1, 7),
            "moderation_completed": date(2025, 3, 3),
            **fields,
        },
    )


def of(*cases: Case, **rows: Any) -> Review:
    return review(a_tracker(*cases, **{"meetings": [listed()], **rows}), Policy(), AS_AT)


def made(folder: Path, found: Review, kind: str = MEETING) -> Path:
    target = folder / "agenda.docx"
    agenda(found, DAY, kind, SETTINGS, target)
    return target


def test_the_cases_booked_for_the_day_are_on_the_agenda(tmp_path: Path) -> None:
    found = of(
        moderated(2, meeting_booked=DAY),
        moderated(3, meeting_booked=date(2025, 4, 22)),
        moderated(4, meeting_booked=DAY, audit_grade="Good"),
        moderated(5, meeting_booked=DAY, meeting_held=date(2025, 3, 25)),
        moderated(6, meeting_booked=DAY, audit_grade="Outstanding"),
    )
    path = made(tmp_path, found)
    assert [row[0] for row in table(path, "Cases booked")] == ["MF-002", "MF-006"]
    assert headings(path, 2)[-2:] == ["Briefing: MF-002", "Briefing: MF-006"]


def test_the_cases_that_should_be_booked_are_those_moderated_without_a_meeting(
    tmp_path: Path,
) -> None:
    found = of(
        moderated(2),
        moderated(3, moderation_completed=date(2025, 3, 28)),
        moderated(4, moderation_completed=None),
        moderated(5, meeting_booked=DAY),
        moderated(6, audit_grade="Good"),
    )
    assert [
        (row[0], row[4]) for row in table(made(tmp_path, found), "Cases that should be booked")
    ] == [
        ("MF-002", "10 March 2025, 21 days overdue"),
        ("MF-003", "4 April 2025"),
    ]


@pytest.mark.parametrize(
    ("places", "said"),
    [
        ([4], "1 case booked, 4 places: 3 left."),
        ([1], "1 case booked, 1 place: 0 left."),
        ([0], "1 case booked, 1 more than the 0 places."),
        ([2, 2], "1 case booked, 4 places: 3 left."),
        ([None], "1 case booked. The number of places is not recorded."),
    ],
)
def test_the_places_left_are_counted(tmp_path: Path, places: list[int | None], said: str) -> None:
    found = of(
        moderated(2, meeting_booked=DAY), meetings=[listed(places=number) for number in places]
    )
    assert f"Places: {said}" in paragraphs(made(tmp_path, found))


def test_who_is_not_invited_and_what_is_missing_is_said(tmp_path: Path) -> None:
    case = moderated(
        2,
        meeting_booked=DAY,
        practitioner_invited=date(2025, 3, 27),
        team_manager_invited=date(2025, 4, 1),
        service_manager=None,
        moderation_completed=None,
        child_safety_assured=None,
    )
    path = made(tmp_path, of(case))
    assert table(path, "Who is invited") == [
        ["MF-002", "Practitioner", "Ada Example", "27 March 2025"],
        ["MF-002", "Team Manager", "Tom Example", "Not invited"],
        ["MF-002", "Service Manager", "Not recorded (Cases!I2)", "Not invited"],
    ]
    said = paragraphs(path)
    assert "MF-002: moderation is missing, so the grade can still change." in said
    assert ("MF-002: not invited yet: Team Manager and Service Manager. Due 1 April 2025.") in said
    assert "MF-002: nobody is named as Service Manager." in said
    assert "MF-002: child safety is not yet recorded as assured." in said


def test_a_child_whose_safety_is_not_assured_comes_before_all_that_is_missing(
    tmp_path: Path,
) -> None:
    found = of(
        moderated(2, meeting_booked=DAY),
        moderated(3, meeting_booked=DAY, child_safety_assured=None),
    )
    said = paragraphs(made(tmp_path, found))
    first = said[said.index("Before the meeting") + 1]
    assert first == "MF-003: child safety is not yet recorded as assured."


@pytest.mark.parametrize(
    ("template", "caption", "fields"),
    [
        (make_agenda_template.meeting, "Cases that should be booked", ("moderated",)),
        (make_agenda_template.panel, "Re-audits to share", ("audited",)),
        (make_agenda_template.panel, "Rounds of re-audit", ("audited", "panel")),
    ],
)
def test_a_day_stands_on_one_line_and_no_word_is_broken(
    template: Callable[[], bytes], caption: str, fields: tuple[str, ...]
) -> None:
    padding, size = 8, 12
    one = next(
        one
        for one in Document(BytesIO(template())).tables
        if one._tbl.tblPr.xpath("./w:tblCaption/@w:val") == [caption]  # noqa: SLF001
    )
    for heading, cell in zip(one.rows[0].cells, one.rows[2].cells, strict=True):
        assert cell.width is not None
        room = cell.width.pt - padding
        assert all(width(word, size, bold=True) <= room for word in heading.text.split())
        if cell.text in [f"{{{{ line.{field} }}}}" for field in fields]:
            assert width("28 September 2026", size) <= room
        longest = {"{{ line.before }}": "improvement,", "{{ line.grade }}": "improvement"}
        if cell.text in longest and template is make_agenda_template.panel:
            assert width(longest[cell.text], size) <= room


def test_a_booking_that_has_passed_without_a_meeting_is_brought_up(tmp_path: Path) -> None:
    path = made(tmp_path, of(moderated(2, meeting_booked=date(2025, 3, 25))))
    assert table(path, "Booked before, not recorded as held") == [
        ["MF-002", "Inadequate", "25 March 2025"]
    ]


def test_a_briefing_gives_findings_strengths_context_and_the_prompts_of_its_grade(
    tmp_path: Path,
) -> None:
    found = of(
        moderated(
            2, meeting_booked=DAY, audit_findings="Late visits.\nNo plan.", strengths="Kind."
        ),
        moderated(3, meeting_booked=DAY, audit_grade="Outstanding"),
    )
    said = paragraphs(made(tmp_path, found))
    inadequate, outstanding = said.index("Briefing: MF-002"), said.index("Briefing: MF-003")
    first, second = said[inadequate:outstanding], said[outstanding:]
    assert first[first.index("What the audit found") + 1 :][:2] == ["Late visits.", "No plan."]
    assert first[first.index("Strengths") + 1] == "Kind."
    assert "To be written from the audit: practice context (Cases!X2)." in first
    assert "Practice context" not in first
    assert "What support does the practitioner need, and who will give it?" in first
    assert "What support does the practitioner need, and who will give it?" not in second
    assert "How was it achieved? What did the practitioner and the managers do?" in second
    said_once = [text for text in second if "to be written from" in text.casefold()]
    assert said_once == [
        "To be written from the audit: findings, strengths, practice context (Cases!V3 to X3)."
    ]
    assert not [text for text in second if "Not recorded (Cases!V3)" in text]


def test_findings_that_cannot_be_read_are_not_to_be_written_again(tmp_path: Path) -> None:
    flaw = Flaw("strengths", "excel_error", "#REF!")
    path = made(tmp_path, of(moderated(2, meeting_booked=DAY, flaws=(flaw,))))
    said = paragraphs(path)
    assert "Cannot be read (Cases!W2)" in said
    assert "To be written from the audit: findings, practice context (Cases!V2 and X2)." in said


@pytest.mark.parametrize("kind", [MEETING, PANEL])
def test_whoever_hands_out_briefings_is_told_to_give_each_person_only_theirs(
    tmp_path: Path, kind: str
) -> None:
    line = "Give each person only their own case’s briefing."
    held = {"meeting_held": date(2024, 10, 1)} if kind == PANEL else {"meeting_booked": DAY}
    found = of(
        moderated(2, **held),
        meetings=[listed(kind)],
        reaudits=re_audited(2, (date(2025, 3, 3), "Good", None)),
    )
    said = paragraphs(made(tmp_path, found, kind))
    assert said.index(line) < said.index("Where: Room 4.") + 2
    assert line not in paragraphs(made(tmp_path, of(meetings=[listed(kind)]), kind))


def re_audited(row: int, *rounds: tuple[date, str | None, date | None]) -> list[dict[str, Any]]:
    return [
        {
            "case_ref": f"MF-{row:03d}",
            "round": number,
            "audited": day,
            "grade": grade,
            "panel_held": shared,
        }
        for number, (day, grade, shared) in enumerate(rounds, start=1)
    ]


def test_a_briefing_for_a_panel_says_what_is_left_of_a_step(tmp_path: Path) -> None:
    told = {"hos_informed": date(2025, 3, 10), "practitioner_informed": date(2025, 3, 10)}
    found = of(
        moderated(2, meeting_held=date(2024, 10, 1), audited=date(2024, 9, 2), **told),
        meetings=[listed(PANEL)],
        reaudits=re_audited(2, (date(2025, 3, 3), "Good", DAY)),
    )
    said = "\n".join(paragraphs(made(tmp_path, found, PANEL)))

    assert "Tell the Service Manager: due " in said
    assert "Tell the Head of Service" not in said


def test_a_panel_sees_the_re_audits_that_no_panel_has_seen(tmp_path: Path) -> None:
    held = {"meeting_held": date(2024, 10, 1), "audited": date(2024, 9, 2)}
    found = of(
        *(moderated(row, **held) for row in range(2, 7)),
        meetings=[listed(PANEL)],
        reaudits=[
            *re_audited(
                2,
                (date(2024, 12, 2), "Inadequate", date(2024, 12, 10)),
                (date(2025, 3, 3), "Inadequate", None),
            ),
            *re_audited(3, (date(2025, 3, 3), "Good", DAY)),
            *re_audited(4, (date(2025, 3, 3), "Good", date(2025, 3, 11))),
            *re_audited(5, (date(2025, 3, 4), None, None)),
            *re_audited(6, (date(2025, 4, 2), "Good", None)),
        ],
    )
    path = made(tmp_path, found, PANEL)
    assert [row[:5] for row in table(path, "Re-audits to share")] == [
        ["MF-002", "Round 2", "3 March 2025", "Inadequate", "Inadequate"],
        ["MF-003", "Round 1", "3 March 2025", "Inadequate", "Good"],
    ]
    said = paragraphs(path)
    assert (
        "MF-005, round 1: the grade of the re-audit of 4 March 2025 is not recorded ("
        in "\n".join(said)
    )
    assert (
        "The re-audit was graded Inadequate, so the case stays in the process. "
        "Round 3 is due 3 June 2025."
    ) in said
    rounds, _ = tables(path, "Rounds of re-audit")
    assert [row[2] for row in rounds] == ["Inadequate", "Inadequate"]
    assert [row[3] for row in rounds] == ["10 December 2024", "Not shared yet"]


@pytest.mark.parametrize(
    ("places", "said"),
    [
        ([3], "2 re-audits to share, 3 places: 1 left."),
        ([1], "2 re-audits to share, 1 more than the 1 place."),
        ([0, 2], "2 re-audits to share, 2 places: 0 left."),
        ([3, None], "2 re-audits to share. The number of places is not recorded."),
    ],
)
def test_a_panel_hears_how_many_places_are_left(
    tmp_path: Path, places: list[int | None], said: str
) -> None:
    found = of(
        moderated(2, meeting_held=date(2025, 1, 13)),
        moderated(3, meeting_held=date(2025, 1, 13)),
        meetings=[listed(PANEL, places=number) for number in places],
        reaudits=[*waiting(2), *waiting(3)],
    )
    assert f"Places: {said}" in paragraphs(made(tmp_path, found, PANEL))


def waiting(row: int, shared: date | None = None) -> list[dict[str, Any]]:
    return re_audited(row, (date(2025, 3, 3), "Inadequate", shared))


def test_a_re_audit_that_missed_its_panel_is_expected_at_the_next_one(tmp_path: Path) -> None:
    """The agenda and the pack ask the same; a panel entered ahead has not been held yet."""
    found = of(
        *(moderated(row, meeting_held=date(2025, 1, 13)) for row in (2, 3, 4)),
        meetings=[
            listed(PANEL, date(2025, 3, 11)),  # neither went there
            listed(PANEL),
            listed(PANEL, date(2025, 5, 6)),
        ],
        reaudits=[
            *waiting(2),
            *waiting(3, shared=date(2025, 5, 6)),
            *waiting(4, shared=date(2025, 3, 11)),
        ],
    )
    shown = [row[0] for row in table(made(tmp_path, found, PANEL), "Re-audits to share")]
    assert shown == ["MF-002", "MF-003"]
    ahead = Measures(found, Policy()).occasions_ahead
    assert [(one.held, one.expected) for one in ahead] == [(DAY, 2), (date(2025, 5, 6), 0)]


@pytest.mark.parametrize("as_at", [date(2026, 10, 31), date(2026, 11, 30)])
def test_the_pack_expects_at_each_meeting_what_its_agenda_lists(
    tmp_path: Path, as_at: date
) -> None:
    found = review(demo(date(2026, 11, 30)), Policy(), as_at)
    ahead = Measures(found, Policy()).occasions_ahead
    for kind in (MEETING, PANEL):
        following = next(one for one in ahead if one.type == kind)
        path = tmp_path / f"{kind}.docx"
        assert agenda(found, following.held, kind, SETTINGS, path) == following.expected
    assert sum(one.expected for one in ahead) > 0


def test_a_panel_hears_which_actions_and_steps_are_open(tmp_path: Path) -> None:
    case = moderated(2, meeting_held=date(2025, 1, 13), meeting_booked=date(2025, 1, 13))
    actions = [
        {"ref": "AC-1", "case_ref": "MF-002", "action": "Visit", "owner": "Ada", "status": "Open"}
        | {"original_due": date(2025, 2, 3), "due": date(2025, 3, 3)},
        {"ref": "AC-2", "case_ref": "MF-002", "action": "Plan", "status": "Complete"}
        | {"due": date(2025, 3, 3)},
    ]
    found = of(
        case,
        meetings=[listed(PANEL)],
        actions=actions,
        reaudits=re_audited(2, (date(2025, 3, 3), "Good", None)),
    )
    path = made(tmp_path, found, PANEL)
    assert table(path, "Open actions") == [
        ["AC-1", "Visit", "Ada", "3 March 2025, 28 days overdue; it was 3 February 2025"]
    ]
    said = paragraphs(path)
    assert "2 actions: 1 done or cancelled, 1 open, 1 of them overdue." in said
    assert [text for text in said if text.startswith("Upload the re-audit to ICS: due 10 March")]
    assert not [text for text in said if text.startswith("Share the re-audit at a Panel")]


def test_nothing_to_meet_about_is_said_in_words(tmp_path: Path) -> None:
    assert "No case is booked for this meeting." in paragraphs(made(tmp_path, of()))
    empty = made(tmp_path, of(meetings=[listed(PANEL)]), PANEL)
    assert "No re-audit is waiting for this panel." in paragraphs(empty)


@pytest.mark.parametrize("kind", [MEETING, PANEL])
def test_the_document_checker_finds_nothing(tmp_path: Path, kind: str) -> None:
    found = review(demo(date(2026, 10, 31)), Policy(), date(2026, 10, 31))
    days = sorted(one.held for one in found.tracker.meetings if one.type == kind and one.held)
    day = next(day for day in days if day > found.as_at)
    path = tmp_path / "agenda.docx"
    assert agenda(found, day, kind, SETTINGS, path) > 0
    assert not failures(path, marking=SETTINGS.marking)
    first = path.read_bytes()
    agenda(found, day, kind, SETTINGS, path)
    assert path.read_bytes() == first


def test_the_next_meeting_is_the_first_from_the_report_date_on() -> None:
    found = of(meetings=[listed(day=date(2025, 3, 30)), listed(PANEL), listed(), listed("Other")])
    assert next_day(found) == DAY
    assert types_on(found, DAY) == [MEETING, PANEL]
    assert next_day(of(meetings=[listed(day=AS_AT)])) == AS_AT
    assert next_day(of(meetings=[])) is None


def a_folder(folder: Path, *meetings: dict[str, Any]) -> list[str]:
    case = {"ref": "MF-001", "audited": date(2025, 1, 6), "audit_grade": "Inadequate"}
    tracker = a_workbook(folder / "Tracker.xlsx", cases=[case], meetings=list(meetings))
    (folder / "mfauto.toml").write_text(f'tracker = "{tracker.name}"\n', encoding="utf-8")
    return ["--config", str(folder / "mfauto.toml"), "--as-at", AS_AT.isoformat()]


def test_two_meetings_on_a_day_have_an_agenda_each(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = a_folder(tmp_path, listed(PANEL), listed())
    assert main(["agenda", *options]) == 0
    assert sorted(path.name for path in (tmp_path / "agendas").iterdir()) == [
        f"2025-04-08 {MEETING}.docx",
        f"2025-04-08 {PANEL}.docx",
    ]
    capsys.readouterr()
    assert main(["history", *options]) == 0
    assert capsys.readouterr().out.count("agenda ") == 2


def test_where_no_meeting_is_listed_a_sentence_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = a_folder(tmp_path)
    assert main(["agenda", *options]) == 0
    assert "Meetings lists no meeting from 31 March 2025 on" in capsys.readouterr().out
    assert main(["agenda", "--meeting", "2025-04-08", *options]) == 2
    assert "Meetings lists no meeting on 8 April 2025." in capsys.readouterr().err
    assert main(["agenda", "--meeting", "8 April", *options]) == 2
    assert not (tmp_path / "agendas").exists()


def test_a_meeting_without_a_type_is_told_with_its_cell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = a_folder(tmp_path, listed("", date(2025, 4, 1)), listed())
    said = "Meetings!B2: the meeting on 1 April 2025 has no type, so it has no agenda."
    assert main(["agenda", *options]) == 0
    assert said in capsys.readouterr().out
    assert [path.name for path in (tmp_path / "agendas").iterdir()] == [
        f"2025-04-08 {MEETING}.docx"
    ]
    assert main(["agenda", "--meeting", "2025-04-01", *options]) == 0
    assert said in capsys.readouterr().out
    assert main(["agenda", "--meeting", "2025-04-08", *options]) == 0
    assert said not in capsys.readouterr().out


def test_a_dry_run_makes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = a_folder(tmp_path, listed())
    assert main(["agenda", "--dry-run", *options]) == 0
    assert "would be made" in capsys.readouterr().out
    assert not (tmp_path / "agendas").exists()


def test_a_child_is_never_named(tmp_path: Path) -> None:
    path = made(tmp_path, of(moderated(2, meeting_booked=DAY, notes="Layla")))
    assert "Layla" not in words(path)


@pytest.mark.parametrize("target", make_agenda_template.MADE, ids=lambda path: path.name)
def test_a_template_is_what_its_tool_makes(target: Path) -> None:
    assert target.read_bytes() == make_agenda_template.MADE[target]()


@pytest.mark.parametrize("kind", [MEETING, PANEL])
def test_no_row_of_a_table_is_longer_than_a_page(tmp_path: Path, kind: str) -> None:
    endless = "Word and more words " * 1600
    people = dict.fromkeys(("service_area", "team", "practitioner", "themes", "auditor"), endless)
    found = of(
        moderated(2, meeting_booked=DAY, audit_findings=endless, **people),
        meetings=[listed(kind)],
        actions=[{"ref": "AC-1", "case_ref": "MF-002", "action": endless, "owner": endless}],
        reaudits=[
            {**row, "panel_decision": endless, "reauditor": endless}
            for row in re_audited(2, (date(2025, 3, 3), "Inadequate", None))
        ],
    )
    path = made(tmp_path, found, kind)
    cells = [cell for one in Document(str(path)).tables for row in one.rows for cell in row.cells]
    assert max(len(cell.text) for cell in cells) < 600
    assert "It goes on in Actions!C2." in words(path)
    assert not failures(path, marking=SETTINGS.marking)
