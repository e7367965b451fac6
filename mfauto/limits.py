"""How the limit of a step reads, and whose it is: the one wording for lists, reports and emails."""

from mfauto.policy import Policy
from mfauto.steps import AFTER, BEFORE, NEXT_PANEL, ON, OWN, Step


def limit_words(step: Step, policy: Policy) -> str:
    """Give a step's limit and whose it is, such as "28 days after Meeting held (C09)"."""
    if step.due == ON:
        return f"on the day under {step.start_name}"
    limit = policy.limits.get(step.id)
    if limit is None:
        return f"the day under {step.start_name}"
    source = f"the process's own, {limit.source}" if limit.is_source else "local policy"
    words = {
        AFTER: f"{limit} after {step.start_name}",
        BEFORE: f"{limit} before {step.start_name}",
        NEXT_PANEL: f"the next Panel Review after {step.start_name}, none listed: {limit}",
    }[step.due]
    return f"{words} ({source})"


def limit_parts(step: Step, policy: Policy) -> tuple[str, str]:
    """Give a step's limit without its start, and who set it, for two columns of a table."""
    limit = policy.limits.get(step.id)
    if step.due == OWN or (limit is None and step.due != ON):
        return "Its own due date", "Agreed at the meeting"
    if step.due == ON or limit is None:
        return "On the booked day", "Follows from the booking"
    source = f"The process, {limit.source}" if limit.is_source else "Local policy"
    if step.due == NEXT_PANEL:
        return f"The next panel, or {limit} where none is listed", source
    return f"{limit}{' ahead' if step.due == BEFORE else ''}", source
