"""The rules about cells: what could not be read, or only with a question.

The reader notices these faults (`model.Flaw.kind`); here stands what people
are told about each of them.
"""

from mfauto.catalogue import ERROR, QUERY, reading

reading(
    "MF001",
    "not_a_date",
    level=ERROR,
    title="Not a date",
    why="A day that cannot be read starts no clock and ends none.",
    put_right="Enter one date, such as 31/01/2026. Put anything else under Notes.",
)
reading(
    "MF002",
    "number_for_date",
    level=ERROR,
    title="A number where a date was expected",
    why="Excel may have lost the date format. The number is not taken as a day.",
    put_right="Enter the date again, such as 31/01/2026.",
)
reading(
    "MF003",
    "implausible_date",
    level=ERROR,
    title="Implausible date",
    why="A day so far from the tracker's other days is almost always a slip of the keys.",
    put_right="Correct the year.",
)
reading(
    "MF004",
    "excel_error",
    level=ERROR,
    title="Excel shows an error here",
    why="The cell has no value that could be used.",
    put_right="Correct the formula, or type the value itself.",
)
reading(
    "MF005",
    "not_calculated",
    level=ERROR,
    title="Formula not calculated",
    why="The file holds the formula but not its result.",
    put_right="Open the tracker in Excel and save it, or type the value itself.",
)
reading(
    "MF006",
    "unknown_value",
    level=ERROR,
    title="Value not in its list",
    why="A word that is not in the list cannot be counted anywhere.",
    put_right="Choose a value from the drop-down list.",
)
reading(
    "MF007",
    "text_date",
    level=QUERY,
    title="Date stored as text",
    why="It was read day first. Excel itself cannot sort or filter it as a date.",
    put_right="Enter the date again so that Excel stores it as a date.",
)
reading(
    "MF008",
    "hidden_characters",
    level=QUERY,
    title="Hidden characters",
    why="Characters that nobody sees can make text read differently from what it is.",
    put_right="Type the text again instead of pasting it.",
)
reading(
    "MF009",
    "merged",
    level=QUERY,
    title="Merged cells",
    why="Only the first of merged cells has a value. The others count as blank.",
    put_right="Unmerge the cells and fill in each row.",
)
reading(
    "MF010",
    "not_a_whole_number",
    level=ERROR,
    title="Not a whole number",
    why="The number cannot be used.",
    put_right="Enter a whole number, such as 1.",
)
reading(
    "MF011",
    "unclear_answer",
    level=QUERY,
    title="Unclear answer",
    why="The answer is none of the list, so the cell counts as blank.",
    put_right="Choose a value from the drop-down list, or clear the cell.",
)
reading(
    "MF012",
    "not_text",
    level=ERROR,
    title="Not a reference or a name",
    why="Excel has turned what was typed into a date or a yes or no.",
    put_right="Format the cell as text, then type it again.",
)
reading(
    "MF013",
    "no_value",
    level=ERROR,
    title="Cell cannot be read",
    why="What the file holds here is no value that Excel could show.",
    put_right="Type the value again.",
)
reading(
    "MF014",
    "nobody",
    level=QUERY,
    title="Nobody is named",
    why="The word names no person, so the cell counts as blank.",
    put_right="Enter one name, as on People, or clear the cell.",
)
reading(
    "MF067",
    "absent_heading",
    level=ERROR,
    title="Heading not found",
    why="Every cell of that column counts as blank, so steps look open that may be done.",
    put_right="If another column holds it, name that one with adopt or in mfauto.toml under "
    "[headings]. If none does, add the heading.",
)
reading(
    "MF068",
    "absent_sheet",
    level=ERROR,
    title="Sheet not found",
    why="Nothing on it can be chased or counted.",
    put_right="Add the sheet with its headings, or set its name in mfauto.toml under [sheets].",
)
reading(
    "MF077",
    "unread_sheet",
    level=QUERY,
    title="Sheet not read",
    why="It has the headings of a sheet that is read, so it may have rows that nobody chases.",
    put_right="If its rows count, name it in mfauto.toml under [sheets]; if not, leave it.",
)
