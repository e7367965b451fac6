"""The assurance pack: twelve parts, figures that agree, and a sound Word file."""

import re
import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from mfauto.documents import assurance_pack
from mfauto.errors import UsageError
from mfauto.fitting import width
from mfauto.measures import Measures
from mfauto.model import Case, Example, Review
from mfauto.policy import Limit, Policy
from mfauto.process import review
from mfauto.settings import Settings
from mfauto.steps import STEP
from tests.documents.test_measures import demo
from tests.looking import failures
from tests.making import a_case, a_tracker
from tools import make_pack_template

AS_AT = date(2026, 10, 31)
MONTH = (2026, 10)
SETTINGS = Settings(folder=Path())
PARTS = [
    "Assurance",
    "In this pack",
    "Headlines",
    "Charts",
    "Timeliness of every step",
    "Movement between grades",
    "What is overdue",
    "Cases of concern",
    "Themes and good practice",
    "The next 30 days",
    "For a person to write",
    "Data quality",
    "Method",
]


@pytest.fixture(scope="module")
def found() -> Review:
    return review(demo(AS_AT), Policy(), AS_AT)


@pytest.fixture(scope="module")
def pack(found: Review, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("pack") / "2026-10.docx"
    assurance_pack(found, MONTH, SETTINGS, target)
    return target


def of(folder: Path, *cases: Case, settings: Settings = SETTINGS) -> Path:
    target = folder / "pack.docx"
    assurance_pack(review(a_tracker(*cases), Policy(), AS_AT), MONTH, settings, target)
    return target


def paragraphs(path: Path) -> list[str]:
    return [paragraph.text for paragraph in Document(str(path)).paragraphs]


def table(path: Path, caption: str) -> list[list[str]]:
    """Give the texts of the table with that title, without its header row."""
    for one in Document(str(path)).tables:
        found = one._tbl.tblPr.xpath("./w:tblCaption/@w:val")  # noqa: SLF001
        if found == [caption]:
            return [[cell.text for cell in row.cells] for row in one.rows[1:]]
    raise AssertionError(caption)


def words(path: Path) -> str:
    document = Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


def test_every_part_has_its_heading_in_order(pack: Path) -> None:
    headings = [
        paragraph.text
        for paragraph in Document(str(pack)).paragraphs
        if paragraph.style and paragraph.style.name == "Heading 2"
    ]
    assert headings == PARTS


def test_the_list_of_contents_leads_to_every_part(pack: Path) -> None:
    body = Document(str(pack)).element.body
    anchors = body.xpath(".//w:hyperlink/@w:anchor")
    assert anchors == body.xpath(".//w:bookmarkStart/@w:name")
    assert len(anchors) == len(PARTS) - 1


def test_the_document_checker_finds_nothing(pack: Path) -> None:
    assert not failures(pack, marking=SETTINGS.marking)


def test_made_again_it_is_the_same_to_the_byte(found: Review, pack: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.docx"
    assurance_pack(found, MONTH, SETTINGS, again)
    assert again.read_bytes() == pack.read_bytes()


def test_the_headlines_are_the_reviews_own_counts(found: Review, pack: Path) -> None:
    lines = {row[0]: row[1] for row in table(pack, "Headlines")}
    assert lines["All overdue steps"] == str(found.counts.overdue)
    assert table(pack, "Overdue by service")[-1][-1] == str(found.counts.overdue)
    counts = found.counts
    said = (
        f"{counts.rows_read} rows read = {counts.cases} in the process + {counts.outside} "
        f"outside it + {counts.excluded} left out."
    )
    assert said in paragraphs(pack)


def test_the_sum_of_the_month_adds_up_as_it_is_written(pack: Path) -> None:
    (said,) = [text for text in paragraphs(pack) if text.startswith("The sum:")]
    start, new, came, went, left, end = map(int, re.findall(r"\d+", said))
    assert start + new + came - went - left == end


def test_every_month_of_a_table_adds_up(pack: Path) -> None:
    for _, *numbers in table(pack, "Steps that fell due by month"):
        assert int(numbers[0]) == sum(map(int, numbers[1:]))
    for _, *numbers, _ in table(pack, "Timeliness of every step"):
        assert int(numbers[0]) == sum(map(int, numbers[1:]))


def test_child_safety_comes_first(found: Review, pack: Path) -> None:
    texts = paragraphs(pack)
    said = texts[texts.index("Assurance") + 1]
    unsafe = Measures(found, Policy()).unsafe
    assert said.startswith(f"The safety of {len(unsafe)} ")
    assert f"{unsafe[0].days} days" in said


def test_what_asks_for_no_entry_is_no_open_question(tmp_path: Path) -> None:
    slipped: dict[str, object] = {
        "case_ref": "MF-001",
        "ref": "AC-1",
        "action": "Visit",
        "owner": "Ada Example",
    }
    slipped |= {"original_due": date(2026, 11, 2), "due": date(2026, 12, 1), "status": "Open"}
    found = review(
        a_tracker(
            a_case(2, audited=date(2026, 10, 29), moderated_grade="Good"),
            a_case(3, ref="MF-002", audited=date(2026, 11, 5)),
            actions=[slipped],
            people=[{"name": "Ada Example", "email": "ada@example.org"}],
        ),
        Policy(),
        AS_AT,
    )
    target = tmp_path / "pack.docx"
    assurance_pack(found, MONTH, SETTINGS, target)
    said = paragraphs(target)
    questions = found.counts.query - 2
    assert questions > 0
    assert (
        "2 remarks need no entry: Audit date after the report date (1) and Action has slipped (1)."
    ) in said
    assert (
        f"{found.counts.query} queries of the command check = {questions} questions + 2 remarks."
    ) in said
    assurance_pack(found, MONTH, replace(SETTINGS, suppress_small_numbers=True), target)
    said = paragraphs(target)
    assert "Fewer than 5 remarks need no entry." in said
    assert not [text for text in said if "of the command check" in text]


OCTOBER, SEPTEMBER, AUGUST = date(2026, 10, 1), date(2026, 9, 1), date(2026, 8, 3)


@pytest.mark.parametrize(
    ("audited", "said"),
    [
        (
            [OCTOBER, SEPTEMBER],
            (
                "0 of 1 due this month were done in time. "
                "2 are overdue, 1 of them from an earlier month, the longest by 58 days."
            ),
        ),
        (
            [SEPTEMBER, AUGUST],
            "none was due this month. 2 are overdue from earlier months, the longest by 87 days.",
        ),
        (
            [SEPTEMBER],
            "none was due this month. 1 is overdue from an earlier month, by 58 days.",
        ),
        (
            [OCTOBER, OCTOBER],
            "0 of 2 due this month were done in time. 2 are overdue, the longest by 26 days.",
        ),
        (
            [date(2026, 10, 29), OCTOBER],
            "0 of 1 due this month were done in time. 1 is overdue, by 26 days.",
        ),
    ],
)
def test_what_is_overdue_from_earlier_months_is_told_apart(
    tmp_path: Path, audited: list[date], said: str
) -> None:
    cases = [a_case(row, ref=f"MF-{row}", audited=day) for row, day in enumerate(audited, start=2)]
    assert f"{STEP['assure_child_safety'].todo}: {said}" in paragraphs(of(tmp_path, *cases))


def test_a_step_open_on_its_last_day_is_told(tmp_path: Path) -> None:
    cases = [
        a_case(2, audited=date(2026, 9, 1), meeting_held=date(2026, 10, 3)),
        a_case(3, ref="MF-3", audited=date(2026, 9, 1), meeting_held=date(2026, 9, 20)),
    ]
    cases = [replace(one, caseload_review="Required") for one in cases]
    assert (
        "Complete the exception report: 0 of 2 due this month were done in time. "
        "1 is overdue, by 13 days. 1 is open on the last day."
    ) in paragraphs(of(tmp_path, *cases))


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ({}, "1 re-audit is past the process’s own limit of 3 months."),
        ({"re_audit": Limit(2, "months")}, "1 re-audit is past the local limit of 2 months."),
        ({"re_audit": Limit(9, "months")}, "No re-audit is past the local limit of 9 months."),
    ],
)
def test_the_first_page_says_whose_limit_re_audits_are_past(
    tmp_path: Path, limits: dict[str, Limit], said: str
) -> None:
    policy = Policy(limits={**Policy().limits, **limits})
    found = review(a_tracker(a_case(audited=date(2026, 7, 1))), policy, AS_AT)
    target = tmp_path / "pack.docx"
    assurance_pack(found, MONTH, replace(SETTINGS, policy=policy), target)
    (known,) = [text for text in paragraphs(target) if text.startswith("What we know.")]
    assert said in known


def test_the_first_page_calls_no_outstanding_case_a_case_that_did_not_come(tmp_path: Path) -> None:
    """The number of new cases is that of New Inadequate; others came in as well."""
    made = of(tmp_path, a_case(audited=date(2026, 10, 5), audit_grade="Outstanding"))
    (known,) = [text for text in paragraphs(made) if text.startswith("What we know.")]
    assert "0 new Inadequate cases came in" in known


def test_what_is_being_done_can_be_written_on_the_first_page(pack: Path) -> None:
    first = paragraphs(pack)[: paragraphs(pack).index("In this pack")]
    assert first[-2].startswith("What is being done. ")
    assert first[-1].startswith("To be written: ")


def test_each_limit_stands_in_the_method_and_nowhere_else(pack: Path) -> None:
    """Beside the step's figures stands only who set it."""
    limits = {row[0]: (row[2], row[4]) for row in table(pack, "Every limit and its source")}
    assert limits["Carry out the re-audit"] == ("3 months", "The process, C13")
    steps = [row[0] for row in table(pack, "Timeliness of every step")]
    steps += [row[0] for row in table(pack, "Steps that are not measured")]
    assert sorted(steps) == sorted(
        f"{step} ({source[0].lower()}{source[1:]})" for step, (_, source) in limits.items()
    )


def test_a_table_of_grades_says_for_how_long_it_counts(pack: Path) -> None:
    said = paragraphs(pack)
    for section in ("Grades at re-audit, by round", "Audit grade against moderated grade"):
        assert "the last 12 months" in said[said.index(section) + 1]


def test_nobody_but_a_head_of_service_is_named(found: Review, pack: Path) -> None:
    said = words(pack)
    heads = {case.head_of_service for case in found.tracker.cases}
    others = {
        name
        for case in found.tracker.cases
        for name in (case.practitioner, case.team_manager, case.service_manager, case.auditor)
        if name
    } - heads
    assert others
    assert not [name for name in others if name in said]


def test_every_chart_holds_its_figures_and_says_what_it_shows(pack: Path) -> None:
    with zipfile.ZipFile(pack) as parts:
        charts = [name for name in parts.namelist() if name.startswith("word/charts/chart")]
        assert len(charts) == 4
        book = load_workbook(BytesIO(parts.read("word/embeddings/chart1.xlsx")))
        rows = list(book.worksheets[0].iter_rows(values_only=True))
    months = table(pack, "Open Inadequate cases by month")
    assert [row[3] for row in rows[1:]] == [int(row[-1]) for row in months]
    said = Document(str(pack)).element.body.xpath(".//wp:docPr/@descr")
    assert len(said) == 4
    assert all(40 < len(one) <= 300 for one in said)


def test_no_sentence_is_long(pack: Path) -> None:
    for text in paragraphs(pack):
        for sentence in re.split(r"(?<=[.?!:;])\s", text):
            if "=" not in sentence:  # a sum is no sentence
                assert len(sentence.split()) <= 25, sentence


def test_small_numbers_are_kept_back_where_the_council_says_so(
    found: Review, tmp_path: Path
) -> None:
    target = tmp_path / "pack.docx"
    assurance_pack(found, MONTH, replace(SETTINGS, suppress_small_numbers=True), target)
    for caption in (
        "Headlines",
        "Open Inadequate cases by month",
        "Steps that fell due by month",
        "Overdue by service",
        "Audit grade against moderated grade",
        "Themes of the audits",
    ):
        for _, *cells in table(target, caption):
            numbers = [text for text in cells if not text.endswith((" more", " fewer"))]
            assert not [text for text in numbers if re.search(r"\b[1-4]\b", text)], caption
    assert "fewer than 5" in words(target)
    # "hidden" alone stands in tables; a sentence says "a hidden number"
    hidden = re.compile(r"(?<!a )(?<!read )\bhidden\b", re.IGNORECASE)
    alone = [text for text in paragraphs(target) if hidden.search(text)]
    assert alone == []
    with zipfile.ZipFile(target) as parts:
        assert not [name for name in parts.namelist() if "chart" in name]
    assert not failures(target, marking=SETTINGS.marking)


@pytest.mark.parametrize("hidden", [False, True])
def test_no_word_of_a_table_is_wider_than_its_column(
    found: Review, tmp_path: Path, *, hidden: bool
) -> None:
    """A column as narrow as its usual numbers broke the word "hidden" in two."""
    target = tmp_path / "pack.docx"
    assurance_pack(found, MONTH, replace(SETTINGS, suppress_small_numbers=hidden), target)
    padding, size = 8, 12
    for one in Document(str(target)).tables:
        for number, row in enumerate(one.rows):
            for cell in row.cells:
                assert cell.width is not None
                for word in cell.text.split():
                    needed = width(word, size, bold=number == 0) + padding
                    assert needed <= cell.width.pt, (row.cells[0].text, word)


def test_what_is_overdue_begins_on_the_page_of_its_first_table(pack: Path) -> None:
    said = Document(str(pack)).paragraphs
    begun = next(
        place
        for place, one in enumerate(said)
        if one.text == "By service and Head of Service at "
        "31 October 2026, the longest overdue first."
    )
    ends = next(
        place
        for place, one in enumerate(said)
        if place > begun and one.style is not None and one.style.name == "Heading 3"
    )
    for one in said[begun:ends]:
        assert one.paragraph_format.keep_with_next, one.text


def test_an_example_is_named_where_no_line_ends_within_its_ref(found: Review, pack: Path) -> None:
    named = [
        row[1]
        for due in found.overdue
        if isinstance(due.subject, Example)
        for one in Document(str(pack)).tables
        for row in [[cell.text for cell in line.cells] for line in one.rows]
        if due.item and row[0] == due.case.ref and str(due.item) in row[1]
    ]
    assert named
    assert all(re.match(r"GP-\d+: ", one) for one in named)


def test_what_a_list_of_meetings_leaves_out_stands_right_below_it() -> None:
    """Below "2 more than the 6 places", "And 2 more" read as two more cases."""
    said = [one.text for one in Document(BytesIO(make_pack_template.template())).paragraphs]
    assert said.index("{{ meetings_more }}") < said.index("{%p for text in meetings_too_few %}")


def test_an_empty_tracker_makes_a_sound_pack(tmp_path: Path) -> None:
    made = of(tmp_path)
    assert not failures(made, marking=SETTINGS.marking)
    assert "There is nothing to draw this month." in paragraphs(made)


def test_strange_text_in_the_tracker_stays_text(tmp_path: Path) -> None:
    strange = '=1+1 & <b> {{ 7 * 7 }} "\x07'
    made = of(
        tmp_path,
        a_case(
            ref="MF-1 & <2>",
            audited=date(2026, 10, 1),
            service_area=strange,
            head_of_service="{% if %}",
            themes="{{ x }}; <i>",
        ),
    )
    said = words(made)
    assert "MF-1 & <2>" in said
    assert '=1+1 & <b> {{ 7 * 7 }} "' in said
    assert not failures(made, marking=SETTINGS.marking, skip=["template-tags"])


def test_a_chart_of_many_services_still_fits_its_page(tmp_path: Path) -> None:
    name = "A service with a very long name indeed, "
    cases = [
        a_case(row=n, ref=f"MF-{n}", audited=date(2026, 10, 1), service_area=f"{n}: {name * 4}")
        for n in range(2, 42)
    ]
    made = of(tmp_path, *cases)
    heights = Document(str(made)).element.body.xpath(".//wp:extent/@cy")
    assert max(int(height) for height in heights) / 12_700 < 500  # points
    with zipfile.ZipFile(made) as parts:
        charts = [parts.read(name).decode() for name in parts.namelist() if "/charts/chart" in name]
    assert any("28 other services" in chart for chart in charts)
    assert len(table(made, "Overdue by service")) == 41


def test_only_a_row_that_cannot_be_used_is_told_as_left_out(tmp_path: Path) -> None:
    later = a_case(audited=date(2026, 11, 5))
    assert "Every row audited by then is counted." in words(of(tmp_path, later))
    twice = (a_case(audited=date(2026, 10, 1)), a_case(row=3, audited=date(2026, 10, 1)))
    assert "2 rows are left out of every figure" in words(of(tmp_path, *twice))


def test_no_figure_is_written_on_a_part_too_thin_to_hold_it(pack: Path) -> None:
    with zipfile.ZipFile(pack) as parts:
        (steps,) = [
            text
            for text in (parts.read(f"word/charts/chart{n}.xml").decode() for n in range(1, 5))
            if "Steps that fell due" in text
        ]
    totals = [int(row[1]) for row in table(pack, "Steps that fell due by month")]
    assert f"[&lt;{-(-max(totals) * 7 // 100)}]" in steps


def test_a_case_without_a_service_is_counted_all_the_same(tmp_path: Path) -> None:
    case = a_case(audited=date(2026, 10, 1), service_area=None, head_of_service=None)
    said = words(of(tmp_path, case))
    assert "Service not recorded: Head of Service not recorded" in said


@pytest.mark.parametrize("day", [date(2026, 11, 23), date(2026, 9, 1)])
def test_from_any_report_date_the_pack_of_a_month_is_the_same(
    found: Review, pack: Path, tmp_path: Path, day: date
) -> None:
    today = review(found.tracker, Policy(), day)
    assurance_pack(today, "2026-10", SETTINGS, tmp_path / "pack.docx")
    assert (tmp_path / "pack.docx").read_bytes() == pack.read_bytes()


@pytest.mark.parametrize("month", ["2026-13", "October-26", (2026, 0)])
def test_what_is_no_month_is_refused(
    found: Review, tmp_path: Path, month: tuple[int, int] | str
) -> None:
    with pytest.raises(UsageError, match="is not a month"):
        assurance_pack(found, month, SETTINGS, tmp_path / "pack.docx")


def test_the_template_is_what_its_tool_makes() -> None:
    assert make_pack_template.TARGET.read_bytes() == make_pack_template.template()


def test_the_workbook_of_a_chart_opens_in_other_programs_and_holds_no_formula(
    tmp_path: Path,
) -> None:
    name = '=1+1 & "<b>"'
    made = of(tmp_path, a_case(audited=date(2026, 10, 1), service_area=name))
    with zipfile.ZipFile(made) as parts:
        names = sorted(one for one in parts.namelist() if one.startswith("word/embeddings/"))
        assert len(names) == 3  # nothing has left Inadequate
        for part in names:
            book = tmp_path / Path(part).name
            book.write_bytes(parts.read(part))
            rows = CalamineWorkbook.from_path(str(book)).get_sheet_by_index(0).to_python()
            assert rows == [
                list(row) for row in load_workbook(book).worksheets[0].iter_rows(values_only=True)
            ]
    assert rows[1][0] == name


def test_an_endless_name_is_cut_in_a_table(tmp_path: Path) -> None:
    endless = "Word and more words " * 1600
    case = a_case(
        audited=date(2026, 10, 1), service_area=endless, head_of_service=endless, themes=endless
    )
    made = of(tmp_path, case)
    cells = [cell for one in Document(str(made)).tables for row in one.rows for cell in row.cells]
    assert max(len(cell.text) for cell in cells) < 250
    assert not failures(made, marking=SETTINGS.marking)
