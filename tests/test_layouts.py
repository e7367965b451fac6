"""Trackers kept in other ways than the template: found, mapped, or refused with what to do."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from mfauto.columns import CASES, SHEETS, Sheet
from mfauto.comparing import bare
from mfauto.errors import SettingsError, TrackerError
from mfauto.flags import flags
from mfauto.jobs import Run, flag
from mfauto.layout.headings import Top
from mfauto.messages.items import items
from mfauto.model import Tracker
from mfauto.policy import Policy
from mfauto.process import review
from mfauto.settings import Settings, read_settings
from mfauto.workbook import read_tracker
from mfauto.xlsx import Row, Unreadable, read_cells
from tests.making import a_workbook

Rows = list[list[Any]]

DAY = date(2026, 1, 31)
ROW: dict[str, Any] = {
    "ref": "MF-001",
    "audited": date(2026, 1, 5),
    "audit_grade": "Inadequate",
    "meeting_held": DAY,
}
PEOPLE = [["Name", "Role", "Email"], ["Ada Example", "Practitioner", "ada@example.org"]]


def kept(
    folder: Path,
    rows: Sequence[Sequence[Any]],
    *,
    merges: Sequence[str] = (),
    name: str = "Cases",
    **others: Any,
) -> Path:
    """Write a tracker with these rows on its first sheet, and on others by their name."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, content in {name: rows, **others}.items():
        sheet = book.create_sheet(title)
        for row in content:
            sheet.append(list(row))
    for area in merges:
        book.worksheets[0].merge_cells(area)
    path = folder / "Tracker.xlsx"
    book.save(path)
    return path


def settings(folder: Path, text: str) -> Settings:
    (folder / "mfauto.toml").write_text(text, encoding="utf-8")
    return read_settings(None, folder)


def refused(path: Path, settings: Settings | None = None) -> str:
    with pytest.raises(TrackerError) as caught:
        read_tracker(path, settings)
    return str(caught.value)


# -- headings in two rows

TWO_ROWS: Rows = [
    ["Case ref", "Audit", None, "Meeting", None, "Invited", None, "Notes"],
    [None, "Date", "Grade", "Booked for", "Held", "Practitioner", "Team Manager", None],
    ["MF-001", date(2026, 1, 5), "Inadequate", date(2026, 1, 30), DAY, DAY, DAY, "seen"],
]
TWO_ROWS_MERGED = ("A1:A2", "B1:C1", "D1:E1", "F1:G1", "H1:H2")
TWO_ROW_NAMES = """
[headings.Cases]
"Practitioner invited" = "Invited / Practitioner"
"Team Manager invited" = "Invited / Team Manager"
"""


@pytest.mark.parametrize("banner", [0, 1, 3])
def test_headings_in_two_rows_are_read_together(tmp_path: Path, banner: int) -> None:
    above: Rows = [["Moving Forward tracker 2026"], *([[]] * (banner - 1))]
    moved = [
        "".join(str(int(part) + banner) if part.isdigit() else part for part in split(area))
        for area in TWO_ROWS_MERGED
    ]
    path = kept(tmp_path, above[:banner] + TWO_ROWS, merges=moved)
    tracker = read_tracker(path, settings(tmp_path, TWO_ROW_NAMES))
    (case,) = tracker.cases
    assert (case.row, case.ref, case.audited) == (3 + banner, "MF-001", date(2026, 1, 5))
    assert (case.meeting_booked, case.meeting_held) == (date(2026, 1, 30), DAY)
    assert (case.practitioner_invited, case.team_manager_invited) == (DAY, DAY)
    assert (case.practitioner, case.notes) == (None, "seen")
    assert tracker.places["Cases"][0].header == 2 + banner


def split(area: str) -> list[str]:
    first, last = area.split(":")
    return [first[0], first[1:], ":", last[0], last[1:]]


def test_a_heading_over_two_rows_need_not_be_merged(tmp_path: Path) -> None:
    rows: Rows = [
        ["Case ref", "Audit date", "Audit grade", "Meeting", "Meeting"],
        [None, None, None, "Booked for", "Held"],
        ["MF-001", date(2026, 1, 5), "Inadequate", None, DAY],
    ]
    (case,) = read_tracker(kept(tmp_path, rows)).cases
    assert (case.ref, case.audit_grade, case.meeting_held) == ("MF-001", "Inadequate", DAY)


def test_data_with_blank_cells_under_the_headings_is_no_second_heading_row(tmp_path: Path) -> None:
    tracker = read_tracker(a_workbook(tmp_path / "t.xlsx", cases=[ROW, {"ref": "MF-002"}]))
    assert [case.row for case in tracker.cases] == [2, 3]


NO_WORD = ("-", "—", ".", "?", "…", "*", "()", "/", "✓", "\u200b", "😀")


@pytest.mark.parametrize("text", NO_WORD)
def test_a_first_row_with_cells_of_no_word_is_data(tmp_path: Path, text: str) -> None:
    shown = dict.fromkeys(("notes", "themes", "support_agreed", "auditor"), text)
    action = {"ref": "A1", "case_ref": "MF-001", "evidence": text, "notes": text}
    tracker = read_tracker(a_workbook(tmp_path / "t.xlsx", cases=[ROW | shown], actions=[action]))
    assert [case.ref for case in tracker.cases] == ["MF-001"]
    assert [action.ref for action in tracker.actions] == ["A1"]


def test_a_first_row_that_repeats_the_headings_it_stands_under_is_data(tmp_path: Path) -> None:
    """Somebody typed the role where the name belongs; the ref is a number."""
    roles = {"practitioner": "Practitioner", "team_manager": "team manager", "auditor": "Auditor"}
    tracker = read_tracker(a_workbook(tmp_path / "t.xlsx", cases=[ROW | roles | {"ref": 101}]))
    assert [(case.row, case.team_manager) for case in tracker.cases] == [(2, "team manager")]


def test_a_first_row_that_adds_headings_below_others_is_data_where_it_holds_a_day(
    tmp_path: Path,
) -> None:
    rows: Rows = [
        ["Case ref", "Audit date", "Audit grade", "Seen by", "Checked by"],
        [101, date(2026, 1, 5), None, "Team Manager", "Auditor"],
        ["MF-002", date(2026, 1, 5), "Inadequate", "Team Manager", "Auditor"],
    ]
    tracker = read_tracker(kept(tmp_path, rows))
    assert (tracker.places["Cases"][0].header, [case.row for case in tracker.cases]) == (1, [2, 3])


WORDS = [column.heading for sheet in SHEETS for column in sheet.columns]
AWKWARD = st.one_of(
    st.none(),
    st.sampled_from((*NO_WORD, "Column1", "invited", "MF-001", "n/a", " ", "x" * 32767)),
    st.text(max_size=5),
    st.sampled_from((DAY, 0.0, 46053.0, True, Unreadable("#REF!", "#REF!"))),
)


@st.composite
def sheets_with_data(draw: st.DrawFn) -> tuple[Sheet, int, list[Row]]:
    """Draw a sheet with all its headings in one row, and rows of data right below them.

    A row of data may hold as many headings as still make no second heading row.
    """
    sheet = draw(st.sampled_from(SHEETS))
    width = len(sheet.columns)
    banners: tuple[list[dict[int, Any]], ...] = ([], [{}], [{1: "Tracker", 5: "OFFICIAL"}])
    contents = [*draw(st.sampled_from(banners))]
    contents.append({at: column.heading for at, column in enumerate(sheet.columns, start=1)})
    header = len(contents)
    columns = st.integers(1, width + 3)
    few = (6 * width - 1) // 10
    for _ in range(draw(st.integers(1, 3))):
        filled = {at: draw(AWKWARD) for at in range(1, width + 4)}
        words = st.dictionaries(columns, st.sampled_from(WORDS), max_size=few)
        filled |= draw(words)
        contents.append({at: value for at, value in filled.items() if value is not None})
    return (
        sheet,
        header,
        [Row(number, cells, frozenset(), False) for number, cells in enumerate(contents, start=1)],  # noqa: FBT003
    )


@given(sheets_with_data())
def test_no_data_changes_which_row_is_the_heading_row(
    drawn: tuple[Sheet, int, list[Row]],
) -> None:
    sheet, header, rows = drawn
    found = Top.of(rows).heading_rows([bare(column.heading) for column in sheet.columns])
    assert [(head.row, len(head.columns([bare(CASES.columns[0].heading)]))) for head in found] == [
        (header, int("Case ref" in [column.heading for column in sheet.columns]))
    ]


def test_the_same_word_under_two_headings_is_refused_until_the_whole_name_is_given(
    tmp_path: Path,
) -> None:
    rows: Rows = [
        ["", "", "", "People", "", "Told", ""],
        ["Case ref", "Audit date", "Audit grade", "Practitioner", "Auditor", "Practitioner", "X"],
        ["MF-001", date(2026, 1, 5), "Inadequate", "Ada Example", "Aud Example", DAY, 1],
    ]
    path = kept(tmp_path, rows, merges=("D1:E1", "F1:G1"))
    assert 'the heading "Practitioner" is there more than once in row 2' in refused(path)
    named = settings(tmp_path, '[headings.Cases]\nPractitioner = "People / Practitioner"\n')
    (case,) = read_tracker(path, named).cases
    assert case.practitioner == "Ada Example"


def test_a_table_with_headings_of_its_own_and_the_true_ones_below(tmp_path: Path) -> None:
    rows: Rows = [
        [f"Column{number}" for number in range(1, 5)],
        ["Case ref", "Audit date", "Audit grade", "Meeting held"],
        ["MF-001", date(2026, 1, 5), "Inadequate", DAY],
    ]
    tracker = read_tracker(kept(tmp_path, rows))
    assert [(case.row, case.ref, case.meeting_held) for case in tracker.cases] == [
        (3, "MF-001", DAY)
    ]


def test_a_heading_that_can_only_mean_one_of_ours_is_known(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "t.xlsx", cases=[ROW | {"head_of_service": "Hana Example"}])
    book = load_workbook(path)
    book["Cases"]["A1"] = "Case reference"
    book["Cases"]["J1"] = "HoS"
    book.save(path)
    (case,) = read_tracker(path).cases
    assert (case.ref, case.head_of_service) == ("MF-001", "Hana Example")
    book["Cases"]["AZ1"] = "Head of Service"
    book.save(path)
    (case,) = read_tracker(path).cases
    assert case.head_of_service is None  # our own heading goes before what only means it


def test_an_ampersand_in_a_heading_is_the_word_and(tmp_path: Path) -> None:
    path = a_workbook(
        tmp_path / "t.xlsx", cases=[ROW | {"managers_alerted": DAY, "qa_notified": DAY}]
    )
    book = load_workbook(path)
    book["Cases"]["L1"] = "SM & HoS alerted"
    book["Cases"]["M1"] = "QA&SQA Notified"
    book.save(path)
    (case,) = read_tracker(path).cases
    assert (case.managers_alerted, case.qa_notified) == (DAY, DAY)


# -- copies, and a sheet for each year


@pytest.mark.parametrize("copy", ["Cases (2)", "Copy of Cases", "cases - Copy"])
def test_a_copy_of_a_sheet_in_use_is_refused_until_one_is_named(tmp_path: Path, copy: str) -> None:
    path = a_workbook(tmp_path / "t.xlsx", cases=[ROW])
    book = load_workbook(path)
    book.copy_worksheet(book["Cases"]).title = copy
    book.save(path)
    said = refused(path)
    assert f'more than one sheet could be "Cases": "Cases" and "{copy}"' in said
    chosen = settings(tmp_path, '[sheets]\nCases = "Cases"\n')
    assert len(read_tracker(path, chosen).cases) == 1


def test_another_sheet_with_the_same_headings_is_told_and_not_read(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "t.xlsx", cases=[ROW])
    book = load_workbook(path)
    book.copy_worksheet(book["Cases"]).title = "Archive 2024"
    book.save(path)
    tracker = read_tracker(path)
    assert len(tracker.cases) == 1
    found = [f for f in review(tracker, Policy(), DAY).findings if f.sheet == "Archive 2024"]
    assert [(f.level, f.message) for f in found] == [
        ("query", 'Sheet "Archive 2024" looks like Cases, and is not read.')
    ]


YEARS = '[sheets]\nCases = ["2025", "2026"]\n'
HEADINGS = [column.heading for column in CASES.columns]


def a_year(*cases: dict[str, Any]) -> Rows:
    return [HEADINGS, *([case.get(column.field) for column in CASES.columns] for case in cases)]


def of_years(folder: Path, first: dict[str, Any], second: dict[str, Any]) -> Path:
    years: dict[str, Any] = {"2026": a_year(second)}
    return kept(folder, a_year(first), name="2025", **years)


def test_a_sheet_for_each_year_is_one_tracker(tmp_path: Path) -> None:
    path = of_years(tmp_path, ROW, ROW | {"ref": "MF-002", "meeting_held": None})
    assert 'more than one sheet could be "Cases": "2025" and "2026"' in refused(path)

    found = review(read_tracker(path, settings(tmp_path, YEARS)), Policy(), date(2026, 6, 30))

    assert [(position.case, position.row) for position in found.positions] == [
        ("MF-001", 2),
        ("MF-002", 2),
    ]
    late = {f.case: f.cell for f in found.findings if f.step == "assure_child_safety"}
    assert late == {"MF-001": "'2025'!N2", "MF-002": "'2026'!N2"}
    stages = {cell: value for cell, value in flags(found).items() if cell[1] == "AL2"}
    assert stages == {("2025", "AL2"): "Improving", ("2026", "AL2"): "Identified"}


def test_the_same_ref_on_two_years_is_one_ref_too_many(tmp_path: Path) -> None:
    tracker = read_tracker(of_years(tmp_path, ROW, ROW), settings(tmp_path, YEARS))
    found = review(tracker, Policy(), date(2026, 6, 30))
    twice = [f.cell for f in found.findings if f.rule == "MF023"]
    assert twice == ["'2025'!A2", "'2026'!A2"]
    assert found.counts.excluded == 2


def test_flags_go_to_the_sheet_of_each_year(tmp_path: Path) -> None:
    path = of_years(tmp_path, ROW, ROW | {"ref": "MF-002", "meeting_held": None})
    chosen = settings(tmp_path, f'tracker = "{path.name}"\n' + YEARS)
    now = datetime.fromisoformat("2026-06-30T07:00:00+01:00")
    flag(Run(settings=chosen, as_at=now.date(), now=now))
    for sheet, stage in (("2025", "Improving"), ("2026", "Identified")):
        assert {c.ref: c.value for c in read_cells(path, sheet)}["AL2"] == stage


def test_a_sheet_that_the_settings_name_must_be_there(tmp_path: Path) -> None:
    path = of_years(tmp_path, ROW, ROW)
    said = refused(path, settings(tmp_path, '[sheets]\nCases = ["2025", "2027"]\n'))
    assert 'there is no sheet "2027", which mfauto.toml names for Cases' in said


# -- one wide sheet

WIDE: Rows = [
    [
        *("Case ref", "Audit date", "Audit grade", "Meeting held", "Notes"),
        *("Action 1", "Who 1", "By when 1", "Action 2", "Who 2", "By when 2"),
        *("Re-audit 1", "Outcome 1", "Re-audit 2", "Outcome 2"),
    ],
    [
        *("MF-001", date(2025, 6, 2), "Inadequate", date(2025, 7, 1), "a note"),
        *("Visit plan", "Ada Example", date(2025, 8, 1), "Chronology", "Bo Example", None),
        *(date(2025, 9, 30), "Inadequate", date(2025, 12, 19), "Good"),
    ],
    ["MF-002", date(2025, 6, 2), "Inadequate", date(2025, 7, 1)],
    ["Total", None, None, None, None, 2],
]
WIDE_NAMES = """
[sheets]
Actions = "Cases"
Re-audits = "Cases"
[headings.Actions]
Action = ["Action 1", "Action 2"]
Owner = ["Who 1", "Who 2"]
"Due date" = ["By when 1", "By when 2"]
[headings.Re-audits]
"Re-audit date" = ["Re-audit 1", "Re-audit 2"]
Grade = ["Outcome 1", "Outcome 2"]
"""


def wide(folder: Path) -> Tracker:
    return read_tracker(kept(folder, WIDE, People=PEOPLE), settings(folder, WIDE_NAMES))


def test_one_wide_sheet_holds_actions_and_rounds_beside_each_case(tmp_path: Path) -> None:
    tracker = wide(tmp_path)
    assert [(a.case_ref, a.action, a.owner, a.due) for a in tracker.actions] == [
        ("MF-001", "Visit plan", "Ada Example", date(2025, 8, 1)),
        ("MF-001", "Chronology", "Bo Example", None),
    ]
    assert [(r.case_ref, r.round, r.audited, r.grade) for r in tracker.reaudits] == [
        ("MF-001", 1, date(2025, 9, 30), "Inadequate"),
        ("MF-001", 2, date(2025, 12, 19), "Good"),
    ]
    assert all(action.notes is None for action in tracker.actions)
    assert [case.ref for case in tracker.cases] == ["MF-001", "MF-002"]


def test_findings_of_a_wide_sheet_name_the_cell_of_their_group(tmp_path: Path) -> None:
    found = review(wide(tmp_path), Policy(), date(2026, 1, 31))
    assert [(f.row, f.item, f.cell) for f in found.findings if f.step == "action"] == [
        (2, None, None)  # there is no column for Completed on
    ]
    no_due = [f.cell for f in found.findings if f.level == "error" and f.column == "Due date"]
    assert no_due == ["Cases!K2"]
    assert next(p.stage for p in found.positions) == "Leaving"


def test_an_item_of_an_email_is_told_with_the_action_of_its_own_group(tmp_path: Path) -> None:
    rows: Rows = [[*WIDE[0]], [*WIDE[1]]]
    rows[1][7] = rows[1][10] = date(2025, 8, 1)
    rows[1][6] = rows[1][9] = "Ada Example"
    tracker = read_tracker(kept(tmp_path, rows, People=PEOPLE), settings(tmp_path, WIDE_NAMES))
    found = items(review(tracker, Policy(), date(2025, 8, 10)), "overdue", "here")
    told = [item for item in found if item.finding.step == "action"]
    assert sorted(item.what for item in told) == ["Chronology", "Visit plan"]
    assert len({item.key for item in told}) == 2


def test_a_group_whose_heading_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    text = WIDE_NAMES.replace('"Who 2"', '"Who two"')
    said = refused(kept(tmp_path, WIDE), settings(tmp_path, text))
    assert 'there is no heading "Who two".\nIt is named in mfauto.toml' in said


def test_a_shared_sheet_needs_its_headings_named(tmp_path: Path) -> None:
    said = refused(kept(tmp_path, WIDE), settings(tmp_path, '[sheets]\nActions = "Cases"\n'))
    assert "Name them in mfauto.toml under [headings.Actions]" in said


# -- actions typed in a cell

LINES = '[lines]\nActions = "Actions agreed"\n'


def lined(folder: Path, text: Any) -> Tracker:
    rows: Rows = [
        ["Case ref", "Audit date", "Audit grade", "Meeting held", "Actions agreed"],
        ["MF-001", date(2025, 6, 2), "Inadequate", date(2025, 7, 1), text],
        ["MF-002", date(2025, 6, 2), "Inadequate", date(2025, 7, 1), None],
    ]
    return read_tracker(kept(folder, rows, People=PEOPLE), settings(folder, LINES))


def test_each_line_of_a_cell_is_an_action_at_that_cell(tmp_path: Path) -> None:
    text = "1. Visit plan - Ada Example - by 1 August 2025\n2. Chronology by 30/02/2026\n3. Review"
    tracker = lined(tmp_path, text)
    assert [(a.case_ref, a.line, a.action, a.owner, a.due) for a in tracker.actions] == [
        (
            "MF-001",
            1,
            "Visit plan - Ada Example - by 1 August 2025",
            "Ada Example",
            date(2025, 8, 1),
        ),
        ("MF-001", 2, "Chronology by 30/02/2026", None, None),
        ("MF-001", 3, "Review", None, None),
    ]
    found = review(tracker, Policy(), date(2025, 8, 10))
    late = [f for f in found.findings if f.step == "action"]
    assert [(f.cell, f.owner, f.due) for f in late] == [
        ("Cases!E2", "Ada Example", date(2025, 8, 1))
    ]
    unclear = [f for f in found.findings if f.column == "Due date" and f.level == "error"]
    assert {f.cell for f in unclear} == {"Cases!E2"}
    assert len(unclear) == 2


def test_the_heading_of_the_lines_must_be_there(tmp_path: Path) -> None:
    path = kept(tmp_path, WIDE)
    said = refused(path, settings(tmp_path, LINES))
    assert 'the heading "Actions agreed" is not there.\nIt is named in mfauto.toml' in said


# -- the settings of a mapping


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[sheets]\nCases = []",
            "It must be the name of a sheet in the tracker, or a list of them",
        ),
        ("[sheets]\nCases = [1]", "or a list of them"),
        ('[headings.Cases]\n"Case ref" = 5', "It must be a heading in the tracker, or a list"),
        ('[lines]\nCases = "x"', '"[lines] Cases" is not a setting. It may be one of Actions.'),
        ("[lines]\nActions = 5", "It must be a heading in the tracker."),
    ],
)
def test_a_mapping_that_cannot_be_used_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        settings(tmp_path, text)
    assert said in str(caught.value)
