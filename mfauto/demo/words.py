"""The other sentences of the demo: strengths, context, support, safety, decisions, examples.

Made up throughout. Nobody is named, and no place is real.
"""

from typing import Final

#: two banks each: a first and a second sentence, taken in turn, so that few texts are alike
STRENGTHS: Final = (
    (
        "A warm and steady relationship with the child.",
        "Visits are made on time, and the home is described with care.",
        "A family network meeting early on brought in wider family.",
        "The practitioner knows the family well and speaks of them with respect.",
        "Difficult conversations were not avoided, and were held with kindness.",
        "Direct work was creative and fitted the child's age.",
        "Culture, language and faith were explored with curiosity.",
        "The response to the last incident was quick and proportionate.",
        "Health needs are followed up closely with the paediatrician.",
        "Honest recording of what has not worked so far.",
        "The practitioner asked for help early and used the advice.",
    ),
    (
        "The mother says she feels listened to.",
        "School describes the practitioner as easy to reach.",
        "An interpreter was used throughout.",
        "Letters to the family are clear and free of jargon.",
        "The child remembers the practitioner by name.",
        "Partners say that they know the plan.",
        "This is a strong base to build on.",
    ),
)
CONTEXT: Final = (
    (
        "Third social worker in a year. The practitioner took over nine weeks before the audit.",
        "The team carried two vacancies over the summer, with a caseload of 24.",
        "Newly qualified, in the assessed and supported year.",
        "The practitioner was on planned leave, and duty workers covered for five weeks.",
        "A large sibling group with different plans. Court work took most of the time.",
        "The Team Manager changed in the spring.",
        "Long involvement. Records from before the change of system are hard to find.",
        "Stable team and a manageable caseload of 16.",
        "The family moved twice between areas, and partners changed each time.",
        "The practitioner returned from a period of absence on a phased plan.",
        "Transferred from another team with gaps in the record.",
    ),
    (
        "Supervision was interrupted.",
        "Protected time was not always kept.",
        "The practitioner raised this before the audit.",
        "Reflective supervision gave way to urgent work.",
        "The learning is about analysis more than capacity.",
        "Recording fell behind first, visits did not.",
        "The practitioner found the audit conversation helpful.",
    ),
)
SUPPORT: Final = (
    (
        "Weekly check-in with the Team Manager for six weeks.",
        "Protected recording time on Thursday mornings.",
        "Place on the analysis and risk workshop.",
        "Co-working of the next assessment, with feedback on two drafts.",
        "Coaching on plans with outcomes. Worked example shared.",
        "Shadowing of a colleague's direct work.",
        "Monthly supervision moved to a fixed day.",
        "Business support to bring the chronology up to date.",
        "No new cases for four weeks.",
        "Group supervision on neglect.",
        "Advice session with the legal team.",
    ),
    (
        "Mentoring by an advanced practitioner.",
        "Two cases reallocated.",
        "Reflective session with the practice lead.",
        "The Service Manager joins every second supervision.",
        "A family support worker is allocated.",
        "Joint visits with the Team Manager for the first month.",
        "Workload review with the Service Manager each month.",
    ),
)
SAFETY: Final = (
    (
        "Read the file and spoke to the Team Manager.",
        "Visit made with the Team Manager on the same day.",
        "Strategy discussion held with police and health.",
        "Spoke with the school safeguarding lead.",
        "Health professional saw the child on the day.",
        "Unannounced visit made.",
        "Child seen alone and says home feels safe.",
        "Read the file together with the Service Manager.",
        "Spoke with the carers and the reviewing officer.",
    ),
    (
        "No immediate risk found, visits weekly for now.",
        "Safety plan is in place and understood by the family.",
        "Home conditions are safe, family support starts this week.",
        "Attends daily, no new worries.",
        "A grandparent stays with the family until the review.",
        "Risk is managed within the present plan.",
        "Next visit is in the diary.",
    ),
)
SUMMARIES: Final = (
    "Practice on the other cases is sound. One plan needed updating and this was done.",
    "Recording is behind on four cases. Visits are in time and children are safe.",
    "Analysis is the common thread. Coaching agreed, to be looked at again in eight weeks.",
    "Two cases need an updated assessment. No immediate safety concern found.",
    "Good relationships throughout. Chronologies are short in most of the cases seen.",
    "Supervision gaps affect the whole team. A plan for the team is agreed.",
    "Three cases lacked a contingency plan. All three are now in place.",
    "Work with fathers is uneven. Team session booked, cases to be dip sampled.",
)
LEFT: Final = (
    (
        "Better analysis and a plan with outcomes.",
        "The child's voice is now clear throughout.",
        "Visits in time, and supervision gives direction.",
        "Panel thanked practitioner and manager.",
        "The family describes a real change.",
    ),
    (
        "Case leaves Inadequate.",
        "Case leaves Inadequate, learning to be shared with the team.",
        "Case leaves Inadequate, the manager keeps an eye on the plan.",
    ),
)
STAYS: Final = (
    (
        "The plan is stronger, but oversight is still thin.",
        "Visits are now in time. Analysis needs more support.",
        "A change of worker slowed progress.",
        "Half of the actions are complete.",
        "Direct work has begun and does not yet inform the plan.",
    ),
    (
        "Remains Inadequate, support plan renewed.",
        "Remains Inadequate, Service Manager to chair the next review.",
        "Remains Inadequate, next round agreed.",
    ),
)
OUTSTANDING_FINDINGS: Final = (
    "Purposeful work from the first visit. The assessment is analytical and easy to read.",
    "The child's experience is at the centre of each record, and decisions follow from it.",
    "Excellent planning with the family. Progress is visible from one review to the next.",
    "Timely, thoughtful practice. Oversight is reflective and shows challenge and support.",
    "Strong work with partners. Everyone knows the plan and their own part in it.",
    "Permanence was achieved early, with the young person taking part in every step.",
    "Persistence built trust with a family who had not worked with services before.",
)
OUTSTANDING_STRENGTHS: Final = (
    "Creative direct work. The child drew the plan, and the drawing is used at each review.",
    "Supervision is reflective. Hypotheses are tested and changed when new facts come.",
    "Letters to the child that they can read later in life. Kind, honest and clear.",
    "The father and both grandmothers take part. Family plan written in the family's words.",
    "Risk is named plainly, and so is what is going well. The family can repeat both.",
    "Partners say that meetings are short, prepared and lead to change.",
    "Identity, faith and language are woven through the whole record.",
)
OUTSTANDING_CONTEXT: Final = (
    "Stable team with a caseload of 15. Monthly reflective supervision throughout.",
    "Practitioner in the second year. The Team Manager modelled direct work at joint visits.",
    "Complex case in court. The team shared out tasks so that visits could go on as planned.",
    "Long involvement. A fresh mapping session gave the work a new direction.",
    "Small team with much experience. Peer challenge is part of every week.",
    "The practitioner came from another council and brought a new tool, now used by the team.",
)
#: theme and example: what was done, and why it was good
EXAMPLES: Final = (
    (
        "Child's voice",
        (
            "A letter after each review told the child what had changed because of them. "
            "The child asked for the next one.\n"
            "Others can use: a letter of one page after each review, in the child's own words."
        ),
    ),
    (
        "Assessment quality",
        (
            "The analysis set out three explanations and tested each of them. "
            "The plan followed from the one that held."
        ),
    ),
    (
        "Management oversight",
        (
            "Supervision notes recorded the question, the debate and the decision. "
            "A new worker could take over within a day."
        ),
    ),
    (
        "Working with partners",
        (
            "A ten-minute call each Friday kept school, health and home together. "
            "No core group was missed."
        ),
    ),
    (
        "Fathers and wider family",
        (
            "The father was met at his workplace, at a time that suited him. "
            "He has come to every review since."
        ),
    ),
    (
        "Plans and reviews",
        (
            "Each outcome had a picture scale, filled in with the family every month. "
            "Progress could be seen at a glance."
        ),
    ),
    (
        "Visits and direct work",
        (
            "Play with puppets let a young child show what bedtime is like. "
            "The safety plan changed because of it."
        ),
    ),
    (
        "Permanence and next steps",
        (
            "A moving-in book with photos prepared the child for a new home. "
            "The first week went calmly."
        ),
    ),
    (
        "Risk and analysis",
        (
            "A mapping session separated danger from what only makes life harder. "
            "The family could repeat both."
        ),
    ),
    (
        "Child's voice",
        "The young person chaired the first part of their own review. Adults kept to plain words.",
    ),
    (
        "Management oversight",
        (
            "The manager observed a visit and gave written feedback in the same week. "
            "Both learnt from it."
        ),
    ),
    (
        "Assessment quality",
        (
            "One page for the family said what we worry about and what works well. "
            "Relatives used it to offer help."
        ),
    ),
    (
        "Plans and reviews",
        "The family network wrote the contingency plan itself. It was used once, and it worked.",
    ),
    (
        "Working with partners",
        (
            "Partners shared one chronology and took turns to update it. "
            "A pattern of missed appointments came to light."
        ),
    ),
    (
        "Fathers and wider family",
        (
            "A family tree made with grandparents found a safe weekend carer. "
            "A short-term placement was not needed."
        ),
    ),
    (
        "Visits and direct work",
        "A memory box made over six visits holds the story of each move. The carer continues it.",
    ),
    (
        "Permanence and next steps",
        "The young person met the new worker twice before the change. Trust carried over.",
    ),
    (
        "Chronology and recording",
        (
            "A short summary opened each month's record with what had changed and why. "
            "Duty workers found what they needed."
        ),
    ),
    (
        "Child's voice",
        "The child chose where to meet: a walk with the dog. More was said than in any office.",
    ),
    (
        "Risk and analysis",
        (
            "The safety plan was rehearsed with the family, phone calls included. "
            "Everyone knew their part."
        ),
    ),
)
OUTSTANDING_ACTIONS: Final = (
    ("Present the work at the practice forum", "Slides shared with the service"),
    ("Share the supervision record as a worked example", "Used in the managers' workshop"),
    ("Offer a shadowing day to newly qualified colleagues", "Two colleagues attended"),
)
SUPPORT_NEEDED: Final = (
    "Mentor time, one hour a week",
    "Template from the practice lead",
    "Two protected mornings",
    "Interpreter for the visit",
    "Advice from the legal team",
    "Joint visit with the Team Manager",
    "Help from business support",
)
CANCELLED: Final = "No longer needed: the family moved to another council, transfer completed."
SLIPPED: Final = (
    "Put off once: the family was away.",
    "Put off: waiting for a report from health.",
    "New date agreed in supervision after sick leave.",
    "Put off once, as the review was moved.",
)
NOTES: Final = (
    "Practitioner asked for the notes of the meeting in advance.",
    "Interpreter needed at the meeting.",
    "Linked to a sibling's case. Re-audits to be done together.",
    "Auditor offers a feedback conversation.",
    "Team Manager attends online.",
)
LOCATIONS: Final = ("Video call", "Civic Hub, Room 4", "Video call", "Larkmere Centre, Room 2")
