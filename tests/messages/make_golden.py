"""Writes the golden emails anew: `python -m tests.messages.make_golden`. Read the difference."""

from tests.messages.sample import to
from tests.messages.test_words import BATCH, GOLDEN, NAMES

if __name__ == "__main__":
    for name in NAMES:
        message = to(BATCH, name)
        said = f"Subject: {message.subject}\n\n{message.text}"
        (GOLDEN / f"{name}.txt").write_text(said, encoding="utf-8", newline="\n")
