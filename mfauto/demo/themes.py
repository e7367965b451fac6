"""What the made-up audits found, theme by theme, and what was agreed to put it right.

Sentences only. Nobody is named, no child is told apart, and the tone is one of support.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True, slots=True)
class Theme:
    """One theme of practice."""

    name: str
    findings: tuple[str, ...]  #: what an Inadequate audit found
    actions: tuple[tuple[str, str], ...]  #: what was agreed, and how one sees that it is done


THEMES: Final = (
    Theme(
        name="Management oversight",
        findings=(
            "Supervision was recorded twice in seven months, so drift went unnoticed.",
            "Management oversight is on file, but it repeats the plan and gives little direction.",
            "The decision to step the case down was made without the manager's reasons on file.",
        ),
        actions=(
            ("Hold monthly case supervision with a reflective record", "Three records on file"),
            ("Record a management decision on the present level of need", "Decision on file"),
            ("Agree a date for the next review of progress in supervision", "Date on file"),
            ("Dip sample two further records and share what is learnt", "Samples shared by email"),
            ("Bring the case to group supervision", "Group supervision note"),
        ),
    ),
    Theme(
        name="Child's voice",
        findings=(
            "The child's views are recorded in adult words, and it is hard to hear the child.",
            "The child was seen, but not alone, at four of the last six visits.",
            "Direct work took place early on. Its results do not inform the present plan.",
        ),
        actions=(
            ("See the child alone and record wishes and feelings", "Visit record seen by the TM"),
            ("Complete a piece of direct work on worries and hopes", "Direct work on file"),
            ("Write to the child to explain the plan in plain words", "Letter on file"),
            ("Ask the school which adult the child trusts most", "Conversation recorded"),
            ("Add the child's own words to the plan", "Updated plan seen by the TM"),
        ),
    ),
    Theme(
        name="Assessment quality",
        findings=(
            "The assessment describes events well but stops short of saying what they mean.",
            "The last assessment is 14 months old and was not updated after the family moved.",
            "History is listed, yet its effect on present parenting is not weighed.",
        ),
        actions=(
            ("Update the assessment, with history and its present effect", "Signed off by the TM"),
            ("Complete a cultural genogram with the family", "Genogram on file"),
            ("Include parenting capacity of both parents", "Addendum on file"),
            ("Set out in the analysis what life is like for the child", "Signed off by the TM"),
            ("Seek the health visitor's view on development", "Report received and on file"),
        ),
    ),
    Theme(
        name="Plans and reviews",
        findings=(
            "The plan has many tasks and few outcomes, so progress is difficult to judge.",
            "Two core groups were missed over the summer and were not rearranged.",
            "The plan does not say what would happen if change is not achieved.",
        ),
        actions=(
            ("Rewrite the plan with outcomes that can be measured", "Plan shared with the family"),
            ("Hold the overdue core group and send out the minutes", "Minutes on file"),
            ("Agree a contingency plan with the family", "Contingency plan on file"),
            ("Set review dates for the next six months", "Dates on file"),
            ("Share the plan with parents in a form they can use", "Parents' signed copy on file"),
        ),
    ),
    Theme(
        name="Visits and direct work",
        findings=(
            "Visits fell outside the expected frequency on five occasions.",
            "Visit records are brief and do not link to the worries in the plan.",
            "Visits were all announced, and bedrooms were not seen since the spring.",
        ),
        actions=(
            ("Set a visiting schedule with the Team Manager", "Schedule on file"),
            ("Make one unannounced visit and see the home conditions", "Visit record on file"),
            ("Write up outstanding visit records", "Records complete on ICS"),
            ("Use the visit template that links to the plan", "Two records checked by the TM"),
            ("Arrange a joint visit with the family support worker", "Joint visit recorded"),
        ),
    ),
    Theme(
        name="Working with partners",
        findings=(
            "The school and the health visitor were not asked for their view before the review.",
            "A strategy discussion was held without health, and their information came later.",
            "Partners hold helpful information that is not brought together on file.",
        ),
        actions=(
            ("Hold a professionals' meeting and record who does what", "Minutes on file"),
            ("Request an update from the school and adult mental health", "Replies on file"),
            ("Confirm with health who attends strategy discussions", "Email confirmation"),
            ("Share the updated plan with every partner", "Distribution recorded"),
            ("Ask the domestic abuse service to join the core group", "Attended the core group"),
        ),
    ),
    Theme(
        name="Chronology and recording",
        findings=(
            "The chronology ends eight months ago, and the pattern of incidents is easily missed.",
            "Important decisions sit in emails and are not on the child's record.",
            "Case summaries are out of date, which would be hard for a duty worker.",
        ),
        actions=(
            ("Bring the chronology up to date", "Chronology checked in supervision"),
            ("Upload emails that hold decisions", "Confirmed by business support"),
            ("Update the case summary", "Summary checked by the TM"),
            ("Add a note of significant events with the practitioner's view", "Note on file"),
            ("Block out two hours each week for recording", "Agreed in supervision"),
        ),
    ),
    Theme(
        name="Risk and analysis",
        findings=(
            "Risk from neglect builds up slowly here, and each incident was considered alone.",
            "The safety plan relies on one parent and was not tested.",
            "Signs of exploitation were recorded, but the screening tool was not used.",
        ),
        actions=(
            ("Complete the neglect tool with the family", "Tool on file, discussed with the TM"),
            ("Review the safety plan with the wider family network", "Signed plan on file"),
            ("Complete the exploitation screening tool", "Screening on file"),
            ("Hold a mapping session on danger and safety", "Map on file"),
            ("Consider legal planning and record the reasons", "Decision on file"),
        ),
    ),
    Theme(
        name="Fathers and wider family",
        findings=(
            "The father's views are missing, although he sees the child each week.",
            "Wider family could offer support and were not invited to a family meeting.",
            "A new partner moved in, and checks were started late.",
        ),
        actions=(
            ("Meet the father and record his views", "Meeting recorded"),
            ("Offer a family group conference", "Referral accepted"),
            ("Complete checks on the adult who joined the household", "Checks on file"),
            ("Add paternal family to the genogram", "Genogram on file"),
            ("Invite both parents to the next review", "Invitations on file"),
        ),
    ),
    Theme(
        name="Permanence and next steps",
        findings=(
            "Permanence planning started late, and the child waited longer than needed.",
            "The pathway plan does not yet speak about money, health and home.",
            "The move to the new team was not introduced to the young person.",
        ),
        actions=(
            ("Hold a permanence planning meeting", "Minutes on file"),
            ("Update the pathway plan together with the young person", "Plan signed"),
            ("Introduce the new worker at a joint visit", "Joint visit recorded"),
            ("Complete life story work with the carer", "First chapter on file"),
            ("Track permanence dates in supervision", "Dates on the tracker"),
        ),
    ),
)
