"""Writes the golden emails anew: `python -m tests.messages.make_golden`. Read the difference."""

from mfauto.messages import Message
from tests.messages import test_covering, test_safety
from tests.messages.sample import to
from tests.messages.test_words import BATCH, GOLDEN, NAMES


def golden() -> dict[str, Message]:
    """Give each golden email by the name of its file."""
    head, officer = test_safety.alerts(test_safety.FOUND).messages
    report = test_covering.report
    return {
        **{name: to(BATCH, name) for name in NAMES},
        "safety-head": head,
        "safety-officer": officer,
        "reports": test_covering.reports(report("MF-014")).messages[0],
        "reports-no-reader": test_covering.reports(report("MF-016"), head="Ann Other").messages[0],
        "pack": test_covering.the_pack().messages[0],
    }


if __name__ == "__main__":
    for name, message in golden().items():
        said = f"Subject: {message.subject}\n\n{message.text}"
        (GOLDEN / f"{name}.txt").write_text(said, encoding="utf-8", newline="\n")
