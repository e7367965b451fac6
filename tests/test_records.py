"""A record does what a frozen dataclass with slots does, and no more."""

import copy
import dataclasses
import pickle
from collections.abc import Callable, Mapping
from dataclasses import FrozenInstanceError, asdict, dataclass, fields, is_dataclass
from functools import cached_property

import pytest

from mfauto.records import field, record, replace


@record
class Visit:
    """One visit."""

    child: str
    room: int | None = None
    seen: tuple[str, ...] = ()
    facts: Mapping[str, int] = field(default_factory=dict)
    source: str = field(default="typed", repr=False, compare=False)

    @property
    def shown(self) -> str:
        """What a list shows of it."""
        return f"{self.child} in {self.room}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Model:
    """The same as a dataclass."""

    child: str
    room: int | None = None
    seen: tuple[str, ...] = ()
    facts: Mapping[str, int] = dataclasses.field(default_factory=dict)
    source: str = dataclasses.field(default="typed", repr=False, compare=False)


@record(kw_only=False)
class Span:
    """Given by position."""

    amount: int
    unit: str = "days"


def test_it_holds_what_it_was_given_and_its_defaults() -> None:
    visit = Visit(child="A", room=3)

    assert (visit.child, visit.room, visit.seen, visit.facts) == ("A", 3, (), {})
    assert visit.shown == "A in 3"
    assert Visit.__doc__ == "One visit."
    assert isinstance(visit, Visit)


def test_a_default_that_is_made_is_made_anew() -> None:
    assert Visit(child="A").facts is not Visit(child="A").facts


def test_nothing_in_it_can_be_changed_taken_away_or_added() -> None:
    visit = Visit(child="A")

    with pytest.raises(FrozenInstanceError):
        visit.room = 4  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del visit.room
    with pytest.raises(FrozenInstanceError):
        visit.other = 1  # type: ignore[attr-defined]
    assert not hasattr(visit, "__dict__")
    assert visit == Visit(child="A")


@pytest.mark.parametrize("given", [{}, {"room": 1}, {"child": "A", "rom": 1}])
def test_a_missing_or_unknown_field_is_refused(given: dict[str, object]) -> None:
    with pytest.raises(TypeError):
        Visit(**given)  # type: ignore[arg-type]


def test_fields_go_by_name_unless_the_class_says_otherwise() -> None:
    with pytest.raises(TypeError):
        Visit("A")  # type: ignore[call-arg]
    assert Span(3, "weeks") == Span(amount=3, unit="weeks")
    assert Span(3).unit == "days"


def test_it_is_equal_where_every_compared_field_is() -> None:
    one, other = Span(3), Span(3)

    assert one == other
    assert hash(one) == hash(other)
    assert one != Span(4)
    assert Visit(child="A").__eq__(Model(child="A")) is NotImplemented
    assert Visit(child="A", source="copied") == Visit(child="A")


def test_it_reads_as_a_dataclass_does() -> None:
    as_model = repr(Model(child="A", room=3)).replace("Model", "Visit")

    assert repr(Visit(child="A", room=3)) == as_model


def test_dataclasses_know_its_fields_and_give_a_changed_one() -> None:
    visit = Visit(child="A", room=3)

    assert [one.name for one in fields(visit)] == [one.name for one in fields(Model)]
    model = Model(child="A", room=3)
    assert asdict(visit) == asdict(model)
    assert dataclasses.replace(visit, room=4) == Visit(child="A", room=4)
    assert is_dataclass(Visit)


def test_a_changed_one_is_another_and_the_first_stays() -> None:
    visit = Visit(child="A", room=3)

    assert replace(visit, room=4) == Visit(child="A", room=4)
    assert replace(Span(3), unit="weeks") == Span(3, "weeks")
    assert visit.room == 3
    with pytest.raises(TypeError):
        replace(visit, rom=4)


@record
class Corridor:
    """What takes long to work out is kept."""

    rooms: tuple[str, ...]

    @cached_property
    def doors(self) -> list[str]:
        """Made once."""
        return [room.upper() for room in self.rooms]


def test_what_is_cached_is_made_once_and_is_no_field() -> None:
    corridor = Corridor(rooms=("a", "b"))

    assert corridor.doors is corridor.doors
    assert corridor.doors == ["A", "B"]
    assert corridor == Corridor(rooms=("a", "b"))
    assert [one.name for one in fields(corridor)] == ["rooms"]
    with pytest.raises(FrozenInstanceError):
        corridor.rooms = ()  # type: ignore[misc]


def _sent(visit: Visit) -> Visit:
    sent: Visit = pickle.loads(pickle.dumps(visit))  # noqa: S301 - our own, as to another process
    return sent


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, _sent])
def test_a_copy_is_equal_and_as_frozen(again: Callable[[Visit], Visit]) -> None:
    visit = Visit(child="A", seen=("x",), facts={"n": 1})
    other = again(visit)

    assert other == visit
    assert type(other) is Visit
    with pytest.raises(FrozenInstanceError):
        other.room = 1  # type: ignore[misc]
