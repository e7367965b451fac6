"""Writes `mfauto/bank_holidays.txt` from the `holidays` library.

The library takes longer to load than a whole check of 500 cases. Its answer
for England is the same for everyone, so it is written down once.
A test compares the file with the library.
"""

from pathlib import Path

import holidays

FIRST, LAST = 2000, 2060  # years; dates outside are refused as implausible long before
TARGET = Path(__file__).parent.parent / "mfauto" / "bank_holidays.txt"


def bank_holidays() -> str:
    """Give one line a day: the date, a space, the name."""
    england = holidays.country_holidays("GB", subdiv="ENG", years=range(FIRST, LAST + 1))
    return "".join(f"{day.isoformat()} {england[day]}\n" for day in sorted(england))


if __name__ == "__main__":
    TARGET.write_text(bank_holidays(), encoding="utf-8", newline="\n")
