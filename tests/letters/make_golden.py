"""Writes the golden letters anew: `python -m tests.letters.make_golden`. Read the difference."""

from tests.letters.sample import GOLDEN
from tests.letters.test_letters import EVERYTHING

if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for name, message in EVERYTHING.items():
        said = f"Subject: {message.subject}\n\n{message.text}"
        (GOLDEN / f"{name}.txt").write_text(said, encoding="utf-8", newline="\n")
