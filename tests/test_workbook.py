"""Reading a tracker: every cell is a value, blank, or unreadable with its reason."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from mfauto.errors import TrackerError
from mfauto.model import Case, Flaw, Tracker
from mfauto.settings import Settings
from mfauto.workbook import read_tracker
from tests.making import a_workbook

DAY = date(2026, 1, 31)
ROW: dict[str, Any] = {
    "ref": "MF-001",
    "audited": datetime(2026, 1, 5),  # noqa: DTZ001 - as openpyxl writes days
    "audit_grade": "Inadequate",
}


def read(folder: Path, **fields: Any) -> Case:
    (case,) = read_tracker(a_workbook(folder / "t.xlsx", cases=[ROW | fields])).cases
    return case


def flaws(case: Case) -> dict[str, str]:
    return {flaw.field: flaw.kind for flaw in case.flaws}


def test_a_real_date_is_the_date_and_a_time_of_day_is_left_out(tmp_path: Path) -> None:
    case = read(
        tmp_path,
        managers_alerted=DAY,
        qa_notified=datetime(2026, 1, 31, 14, 30),  # noqa: DTZ001
    )
    assert (case.managers_alerted, case.qa_notified) == (DAY, DAY)
    assert not case.flaws


@pytest.mark.parametrize("text", ["31/01/2026", "31.1.26", "31st January 2026", "Sat 31 Jan 26"])
def test_a_date_typed_as_text_is_read_day_first_with_a_query(tmp_path: Path, text: str) -> None:
    case = read(tmp_path, meeting_held=text)
    assert case.meeting_held == DAY
    assert case.flaws == (Flaw("meeting_held", "text_date", text, unreadable=False),)


def test_a_plain_number_in_a_date_column_is_not_taken_as_a_day(tmp_path: Path) -> None:
    case = read(tmp_path, meeting_held=46053)
    assert case.meeting_held is None
    assert case.flaws == (Flaw("meeting_held", "number_for_date", "46053", "31 January 2026"),)


@pytest.mark.parametrize(
    ("text", "proposal"), [("01/31/2026", "31 January 2026"), ("TBC", None), ("w/c 2/2/26", None)]
)
def test_what_is_no_date_is_unreadable(tmp_path: Path, text: str, proposal: str | None) -> None:
    case = read(tmp_path, meeting_held=text)
    assert case.meeting_held is None
    assert case.flaws == (Flaw("meeting_held", "not_a_date", text, proposal),)


@pytest.mark.parametrize(
    ("day", "proposal"),
    [
        (date(2062, 3, 3), "3 March 2026"),  # two digits swapped
        (date(2206, 3, 3), "3 March 2026"),
        (date(2226, 3, 3), "3 March 2026"),  # one typed twice
        ("3/3/0206", "3 March 2026"),  # one left out
        ("29/2/2072", None),  # there is no such day in 2027
        (date(1900, 5, 5), None),
        (date(2126, 5, 5), None),
    ],
)
def test_a_day_far_outside_the_trackers_life_is_unreadable(
    tmp_path: Path, day: date | str, proposal: str | None
) -> None:
    case = read(tmp_path, meeting_held=day, managers_alerted=date(2026, 1, 6))
    assert case.meeting_held is None
    assert case.flaws == (Flaw("meeting_held", "implausible_date", day, proposal),)


@pytest.mark.parametrize(
    ("day", "proposal"),
    [
        (date(2062, 9, 1), "1 September 2026"),
        (date(1900, 9, 1), None),  # never the day itself
        (date(1926, 9, 1), None),
        ("1/9/0206", None),  # 2006, 2016, 2026: nothing in the tracker says which
    ],
)
def test_the_only_day_of_a_tracker_is_not_guessed_from_itself(
    tmp_path: Path, day: date | str, proposal: str | None
) -> None:
    path = a_workbook(tmp_path / "t.xlsx", cases=[ROW | {"audited": day}])
    (case,) = read_tracker(path).cases
    assert case.flaws == (Flaw("audited", "implausible_date", day, proposal),)


def test_a_slip_of_ten_years_shows_against_the_rest_of_the_tracker(tmp_path: Path) -> None:
    days = {
        name: date(2026, 1, 6 + place)
        for place, name in enumerate(
            (
                "managers_alerted",
                "qa_notified",
                "child_safety_assured",
                "moderation_completed",
                "meeting_booked",
                "practitioner_invited",
                "team_manager_invited",
                "service_manager_invited",
            )
        )
    }
    case = read(tmp_path, **days, meeting_held=date(2036, 1, 20))
    assert flaws(case) == {"meeting_held": "implausible_date"}


def test_an_excel_error_keeps_its_name(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "t.xlsx", cases=[ROW])
    book = load_workbook(path)
    cell = book["Cases"]["U2"]
    cell.value = "#N/A"
    cell.data_type = "e"
    book["Cases"]["V2"].value = "=1+1"
    book.save(path)
    (case,) = read_tracker(path).cases
    assert case.meeting_held is None
    assert [(flaw.field, flaw.kind, flaw.shown) for flaw in case.flaws] == [
        ("meeting_held", "excel_error", "#N/A"),
        ("audit_findings", "not_calculated", "not calculated"),
    ]


@pytest.mark.parametrize(
    "text", ["Requires improvement", " requires  IMPROVEMENT\xa0", "Requires\nimprovement"]
)
def test_case_and_spacing_of_a_list_value_do_not_matter(tmp_path: Path, text: str) -> None:
    case = read(tmp_path, audit_grade=text)
    assert case.audit_grade == "Requires improvement"
    assert not case.flaws


@pytest.mark.parametrize(
    ("text", "kind", "proposal"),
    [
        ("Inadequat", "unknown_value", '"Inadequate"'),
        ("Poor", "unknown_value", None),
        ("Inadequate?", "unknown_value", '"Inadequate"'),
        ("N/A", "unclear_answer", None),
        ("yes", "unclear_answer", None),
        ("TBC", "unclear_answer", None),
    ],
)
def test_a_value_that_is_not_in_the_list_is_not_guessed(
    tmp_path: Path, text: str, kind: str, proposal: str | None
) -> None:
    case = read(tmp_path, caseload_review="Required", audit_grade=text)
    assert case.audit_grade is None
    assert case.flaws == (Flaw("audit_grade", kind, text, proposal),)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("y", "Yes"), ("YES", "Yes"), (True, "Yes"), ("n", "No"), (False, "No"), ("No ", "No")],
)
def test_yes_and_no_are_read_where_the_list_makes_them_clear(
    tmp_path: Path, typed: str | bool, meant: str
) -> None:
    path = a_workbook(tmp_path / "t.xlsx", people=[{"name": "Ada Example", "active": typed}])
    (person,) = read_tracker(path).people
    assert person.active == meant


def test_refs_and_names_are_trimmed_and_texts_kept_as_typed(tmp_path: Path) -> None:
    case = read(
        tmp_path, ref="  MF-007\xa0", auditor="\u200bAud Example ", audit_findings="  Two\n\nlines "
    )
    assert case.ref == "MF-007"
    assert case.auditor == "Aud Example"
    assert case.audit_findings == "  Two\n\nlines "


def test_a_number_can_be_a_ref_and_a_date_cannot(tmp_path: Path) -> None:
    assert read(tmp_path, ref=1042).ref == "1042"
    case = read(tmp_path, ref=DAY)
    assert case.ref is None
    assert flaws(case) == {"ref": "not_text"}


@pytest.mark.parametrize("text", ["n/a", "N/A", "TBC", "nobody", "Not known", "-", "?", "12"])
def test_a_word_for_nobody_is_no_name_and_gets_a_query(tmp_path: Path, text: str) -> None:
    case = read(tmp_path, practitioner=text)
    assert case.practitioner is None
    assert case.flaws == (Flaw("practitioner", "nobody", text),)


@pytest.mark.parametrize("text", ["Nina A", "Ann / Bob", "Unknown Soldier", "O"])
def test_a_name_that_holds_such_a_word_is_a_name(tmp_path: Path, text: str) -> None:
    case = read(tmp_path, practitioner=text)
    assert (case.practitioner, case.flaws) == (text, ())


@pytest.mark.parametrize(
    "text", ["Ada \u202eelpmaxE", "Ada \u2066Example", "Ada\u0085Example", "Ada \u009bExample"]
)
def test_hidden_marks_get_a_query_and_stay_as_typed(tmp_path: Path, text: str) -> None:
    case = read(tmp_path, practitioner=text)
    assert case.practitioner == text
    assert flaws(case) == {"practitioner": "hidden_characters"}
    assert flaws(read(tmp_path, notes=text)) == {"notes": "hidden_characters"}


def test_a_cell_of_32767_characters_is_read_whole(tmp_path: Path) -> None:
    assert read(tmp_path, audit_findings="é" * 32_767).audit_findings == "é" * 32_767


def test_template_marks_and_xml_in_a_cell_are_only_text(tmp_path: Path) -> None:
    typed = "{{ 7*7 }} {% raw %} & < ]]> <w:p/> =1+1"
    assert read(tmp_path, notes=typed).notes == typed


def test_a_1904_workbook_is_read_in_its_own_calendar(tmp_path: Path) -> None:
    from openpyxl.utils.datetime import CALENDAR_MAC_1904  # noqa: PLC0415

    path = a_workbook(tmp_path / "t.xlsx", cases=[])
    book = load_workbook(path)
    book.epoch = CALENDAR_MAC_1904
    book["Cases"].append(["MF-001", datetime(2026, 1, 31), "Inadequate"])  # noqa: DTZ001
    book.save(path)
    (case,) = read_tracker(path).cases
    assert case.audited == DAY


def test_headings_are_found_below_banners_in_any_order_and_spelling(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "CASES "
    sheet.append(["Moving Forward tracker", None, "OFFICIAL"])
    sheet.append([])
    sheet.append(["Colour", "AUDIT\ngrade", "Meeting  held", "case\xa0REF", "audit date", "Wibble"])
    sheet.append(["blue", "Outstanding", DAY, "MF-001", DAY, 5])
    path = tmp_path / "t.xlsx"
    book.save(path)
    tracker = read_tracker(path)
    (case,) = tracker.cases
    assert (case.row, case.ref, case.audit_grade, case.meeting_held) == (
        4,
        "MF-001",
        "Outstanding",
        DAY,
    )
    assert tracker.places["Cases"][0].name == "CASES "


def test_rows_that_are_no_cases_are_passed_over(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "t.xlsx", cases=[ROW, {}, ROW | {"ref": "MF-002"}])
    book = load_workbook(path)
    sheet = book["Cases"]
    sheet["A7"] = "Note: cases before 2024 are on another sheet"
    sheet["AJ8"] = "a stray note"
    sheet["A9"] = "Total"
    sheet["AC9"] = 12
    sheet["B10"] = '=IF(A10="","",A10)'
    sheet["A11"] = "   "
    sheet["BZ12"] = "far away"
    book.save(path)
    assert [case.ref for case in read_tracker(path).cases] == ["MF-001", "MF-002"]


@pytest.mark.parametrize(
    ("refs", "lone", "counts"),
    [
        *((["MF-001", "MF-002"], note, False) for note in ("See notes", "On hold", "-----", "*")),
        (["MF-001", "MF-002"], "MF-003", True),
        (["MF-001", "MF-002"], " mf-12", True),
        (["MF-001", "MF-002"], "Week 3", False),
        (["MF-001", "MF-002"], 78, False),
        (["1041", 1042], 1043, True),
        (["Case 2026 01"], "Case 2026 02", True),
        ([], "MF-001", True),
        ([], "2026/1", True),
        ([], "See row 3", False),
        ([], "On hold", False),
        ([], "#####", False),
    ],
)
@pytest.mark.parametrize("sheet", ["Cases", "Actions"])
def test_a_row_with_nothing_but_a_note_where_a_ref_would_stand_is_no_row(
    tmp_path: Path,
    refs: list[object],
    lone: object,
    counts: bool,
    sheet: str,
) -> None:
    name, key, day = (
        ("cases", "ref", "audited") if sheet == "Cases" else ("actions", "case_ref", "due")
    )
    rows: Any = [*({key: ref, day: DAY} for ref in refs), {key: lone}]
    tracker = read_tracker(a_workbook(tmp_path / "t.xlsx", **{name: rows}))
    found = [row.row for row in getattr(tracker, name)]
    assert found == list(range(2, 2 + len(refs) + counts))


def test_data_without_a_ref_is_a_row_and_no_end(tmp_path: Path) -> None:
    rows = [ROW | {"ref": None}, ROW | {"ref": "MF-002"}]
    tracker = read_tracker(a_workbook(tmp_path / "t.xlsx", cases=rows))
    assert [(case.row, case.ref) for case in tracker.cases] == [(2, None), (3, "MF-002")]


def test_hidden_rows_count_and_are_told(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "t.xlsx", cases=[ROW, ROW | {"ref": "MF-002"}])
    book = load_workbook(path)
    book["Cases"].row_dimensions[3].hidden = True
    book["Cases"].column_dimensions["B"].hidden = True
    book["Cases"].sheet_state = "veryHidden"
    book.save(path)
    tracker = read_tracker(path)
    assert len(tracker.cases) == 2
    assert tracker.places["Cases"][0].hidden_rows == 1


def test_a_merged_cell_has_its_value_once_and_the_rest_get_a_query(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "t.xlsx", cases=[ROW, ROW | {"ref": "MF-002"}])
    book = load_workbook(path)
    book["Cases"]["U2"] = DAY
    book["Cases"].merge_cells("U2:U3")
    book.save(path)
    first, second = read_tracker(path).cases
    assert (first.meeting_held, second.meeting_held) == (DAY, None)
    assert flaws(second) == {"meeting_held": "merged"}


def refused(path: Path, settings: Settings | None = None) -> str:
    with pytest.raises(TrackerError) as caught:
        read_tracker(path, settings)
    assert caught.value.exit_code == 4
    return str(caught.value)


def test_a_workbook_without_cases_is_refused_with_what_it_has(tmp_path: Path) -> None:
    book = Workbook()
    book.worksheets[0].title = "Budget"
    book.save(tmp_path / "t.xlsx")
    said = refused(tmp_path / "t.xlsx")
    assert 'there is no sheet "Cases"' in said
    assert '"Budget"' in said


def test_a_renamed_heading_is_named_with_its_column(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "t.xlsx", cases=[ROW])
    book = load_workbook(path)
    book["Cases"]["U1"] = "Mtg held"
    book["Actions"]["F1"] = "Date due"
    book.save(path)
    said = refused(path)
    assert 'there is no heading "Meeting held".\nFound instead: "Mtg held" (column U).' in said
    assert 'sheet "Actions"' in said
    renamed = {"Cases": {"Meeting held": "Mtg held"}, "Actions": {"Due date": "Date due"}}
    tracker = read_tracker(path, Settings(folder=tmp_path, headings=renamed))
    assert tracker.places["Cases"][0].columns["meeting_held"] == 21


def test_a_heading_that_stands_twice_is_refused(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "t.xlsx", cases=[ROW])
    book = load_workbook(path)
    book["Cases"]["AZ1"] = "meeting held"
    book.save(path)
    assert "is there more than once in row 1, in columns U and AZ" in refused(path)


def test_two_heading_rows_are_refused(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "t.xlsx", cases=[ROW])
    book = load_workbook(path)
    headings = [cell.value for cell in book["Cases"][1]]
    book["Cases"].append(headings)
    book.save(path)
    assert "the headings are there more than once, in rows 1 and 3" in refused(path)


def test_a_renamed_sheet_is_known_by_its_headings(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "t.xlsx", cases=[ROW])
    book = load_workbook(path)
    book["Cases"].title = "Audits 2026"
    book.save(path)
    assert read_tracker(path).places["Cases"][0].name == "Audits 2026"
    book.copy_worksheet(book["Audits 2026"])
    book.save(path)
    assert "more than one sheet could be" in refused(path)
    chosen = Settings(folder=tmp_path, sheets={"Cases": "Audits 2026"})
    assert read_tracker(path, chosen).cases[0].ref == "MF-001"


def test_a_missing_sheet_is_left_out_of_the_places(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "t.xlsx", cases=[ROW])
    book = load_workbook(path)
    del book["Actions"]
    book.save(path)
    tracker: Tracker = read_tracker(path)
    assert "Actions" not in tracker.places
    assert tracker.actions == ()


def test_the_service_areas_are_those_of_the_sheet_lists(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "t.xlsx", cases=[ROW])
    assert read_tracker(path).areas == ()

    book = load_workbook(path)
    lists = book.create_sheet(" LISTS")
    for row in (
        ["Ours to change"],
        [],
        ["Grades", "Service areas"],
        ["Good", "Larkhill"],
        [None, "Wren Park"],
    ):
        lists.append(row)
    book.save(path)
    assert read_tracker(path).areas == ("Larkhill", "Wren Park")
