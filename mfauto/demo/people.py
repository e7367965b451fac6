"""The made-up staff of a made-up council: who works where, and for whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

AREAS: Final = ("Larkmere", "Fernbeck", "Quillstead", "Marlowfield", "Hollinbrae")
DOMAIN: Final = "example.org"  # reserved: it can never be anybody's address

_HEADS: Final = (
    "Margaret Winterfold",
    "Samuel Achterby",
    "Parveen Lakehurst",
    "Colin Damselfry",
)
_HEAD_OF: Final = (0, 1, 2, 3, 3)  # by service area
_SERVICE_MANAGERS: Final = (
    ("Helena Stormcastle", 0),
    ("Idris Meadowfen", 0),
    ("Catherine Bellwethers", 1),
    ("Rajesh Thornapple", 1),
    ("Yvonne Saltmarshall", 2),
    ("Dominic Ferngate", 2),
    ("Olufemi Greywaters", 3),
    ("Judith Ravensbeck", 4),
)  # with the service area
#: Team Manager and practitioners of each team; two teams an area, in the areas' order
_TEAMS: Final = (
    ("Bethan Larkspurr", ("Amira Fenwhistle", "Tobias Quellham", "Priya Marlowen")),
    ("Desmond Appleyarrow", ("Kwame Ostrabel", "Siobhan Tarlewick")),
    ("Ingrid Coppersmythe", ("Mei Lindorran", "Gareth Ploverton", "Zainab Corlindale")),
    ("Farid Juniperson", ("Rhys Underwillow", "Ewa Brackenzie")),
    ("Louise Hazelgrift", ("Daniel Osmarrow", "Fatima Gillespont", "Callum Wrenfeather")),
    ("Terrence Oakenfell", ("Nadia Harrowmere", "Oliver Tansybrook")),
    ("Sunita Willowbane", ("Chidi Farthinglow", "Hannah Mossington", "Yusuf Kettlewode")),
    ("Martin Peverstone", ("Grace Pendrillo", "Marta Silverthwaite")),
    ("Abena Cloverdene", ("Lewis Candlebury", "Aisha Thistledene", "Owen Bramblecroft")),
    ("Patrick Foxgloam", ("Leila Nettlewick", "Jakub Rowanstead")),
)
AUDITORS: Final = (
    "Rosalind Penhallowe",
    "Victor Emberlyn",
    "Shabnam Duskerton",
    "Neil Cobblestane",
)
QA_MANAGERS: Final = ("Frances Quillington", "Anton Merriwold")
_SQA: Final = ("Josie Tallowmere", "Ben Hartlewisp")
_EXECUTIVE: Final = "Eleanor Vanstable"
_DIRECTOR: Final = "Jonathan Brightwaters"
LEAVER: Final = "Gareth Ploverton"  #: has left, and is still named on older cases


@dataclass(frozen=True, kw_only=True, slots=True)
class Post:
    """A practitioner with everyone above."""

    practitioner: str
    team: str
    service_area: str
    team_manager: str
    service_manager: str
    head_of_service: str


def posts() -> Sequence[Post]:
    """Give every practitioner's post, team by team."""
    made: list[Post] = []
    for place, (manager, practitioners) in enumerate(_TEAMS):
        area = place // 2
        above = [name for name, of in _SERVICE_MANAGERS if of == area]
        made += [
            Post(
                practitioner=practitioner,
                team=f"{AREAS[area]} {place % 2 + 1}",
                service_area=AREAS[area],
                team_manager=manager,
                service_manager=above[place % 2 % len(above)],
                head_of_service=_HEADS[_HEAD_OF[area]],
            )
            for practitioner in practitioners
        ]
    return made


def staff() -> list[dict[str, object]]:
    """Give the rows of People, the most senior first."""
    rows = [
        _person(_DIRECTOR, "Director"),
        _person(_EXECUTIVE, "Executive Director", reports_to=_DIRECTOR),
    ]
    rows += [_person(name, "Head of Service", reports_to=_EXECUTIVE) for name in _HEADS]
    rows += [
        _person(name, "Service Manager", area=AREAS[of], reports_to=_HEADS[_HEAD_OF[of]])
        for name, of in _SERVICE_MANAGERS
    ]
    rows += [_person(name, "QA Team Manager", reports_to=_EXECUTIVE) for name in QA_MANAGERS]
    rows += [_person(name, "SQA Officer", reports_to=QA_MANAGERS[0]) for name in _SQA]
    rows += [_person(name, "Auditor", reports_to=QA_MANAGERS[1]) for name in AUDITORS]
    seen: set[str] = set()
    for post in posts():
        if post.team_manager not in seen:
            seen.add(post.team_manager)
            rows.append(
                _person(
                    post.team_manager,
                    "Team Manager",
                    team=post.team,
                    area=post.service_area,
                    reports_to=post.service_manager,
                )
            )
        rows.append(
            _person(
                post.practitioner,
                "Practitioner",
                team=post.team,
                area=post.service_area,
                reports_to=post.team_manager,
            )
        )
    return rows


def _person(
    name: str,
    role: str,
    *,
    reports_to: str | None = None,
    team: str | None = None,
    area: str | None = None,
) -> dict[str, object]:
    return {
        "name": name,
        "role": role,
        "email": f"{name.lower().replace(' ', '.')}@{DOMAIN}",
        "team": team,
        "service_area": area,
        "reports_to": reports_to,
        "active": "No" if name == LEAVER else "Yes",
    }
