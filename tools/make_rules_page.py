"""Writes `docs/rules.md` from the catalogue. A test says that the page is what this makes."""

from pathlib import Path

from mfauto.catalogue import Rule
from mfauto.limits import limit_words
from mfauto.policy import Policy
from mfauto.rules import RULES
from mfauto.steps import STEPS, Step

TARGET = Path(__file__).parent.parent / "docs" / "rules.md"
OPENING = """# Steps and rules

This page is made from the program by `python -m tools.make_rules_page`. Do not edit it.

A **step** is one obligation of the process, with a due date. A **data rule** looks for cells that
are blank, unknown, impossible or in doubt. An *error* must be put right before the row can be
used in full. A *query* asks somebody to look. Clauses are those of the Moving Forward Process.

Two limits are the process's own. Every other limit is local policy, set in `mfauto.toml`.

## Steps
"""


def step_text(step: Step, policy: Policy) -> str:
    """Give one step as a section of the page."""
    limit = limit_words(step, policy)
    grades = f"{step.grade} cases" if step.grade else "Both grades"
    return (
        f"\n### {step.rule}: {step.title}\n\n"
        f"`{step.id}`, clause {step.clause}. {grades}. Limit: {limit}.\n\n"
        f"{step.why}\n\nWhat to do: {step.put_right}\n"
    )


def rule_text(rule: Rule) -> str:
    """Give one data rule as a section of the page."""
    clause = f", clause {rule.clause}" if rule.clause else ""
    return (
        f"\n### {rule.code}: {rule.title}\n\n{rule.level.capitalize()}{clause}.\n\n"
        f"{rule.why}\n\nWhat to do: {rule.put_right}\n"
    )


def page() -> str:
    """Give the whole page."""
    steps = "".join(step_text(step, Policy()) for step in STEPS)
    rules = "".join(rule_text(RULES[code]) for code in sorted(RULES))
    return f"{OPENING}{steps}\n## Data rules\n{rules}"


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8", newline="\n")
