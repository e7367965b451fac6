"""Records: frozen data with named fields, quick to define and quick to make.

A record is what `@dataclass(frozen=True, kw_only=True, slots=True)` makes, and `fields`,
`replace` and `asdict` of `dataclasses` know it. A dataclass has up to eight functions written and
compiled for it at every start, and sets each field of a frozen instance by a call. Here one
function is compiled, once the class is used; it fills an instance in while it is still a draft,
and then freezes it. Defining takes less than a fifth of the time, and making half of it.

`dataclasses` itself takes a tenth of a short command's time to load. So a record has a `field`
and a `replace` of its own, and `dataclasses` is loaded where somebody asks it about a record.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeVar, dataclass_transform, overload

if TYPE_CHECKING:
    from dataclasses import Field

_Record = TypeVar("_Record")
_MISSING: Final = object()


class _Field:
    """What is said of one field."""

    __slots__ = ("compare", "default", "factory", "shown")

    def __init__(self, default: object, factory: object, *, shown: bool, compare: bool) -> None:
        self.default = default
        self.factory = factory
        self.shown = shown
        self.compare = compare


def field(
    *,
    default: Any = _MISSING,  # noqa: ANN401 - of the field's own type
    default_factory: Callable[[], Any] | object = _MISSING,
    repr: bool = True,  # noqa: A002 - as for a dataclass
    compare: bool = True,
) -> Any:  # noqa: ANN401 - it stands where the field's value will
    """Say more of a field than its default, as for a dataclass."""
    return _Field(default, default_factory, shown=repr, compare=compare)


def replace(one: _Record, **changed: Any) -> _Record:  # noqa: ANN401 - each of its field's type
    """Give a copy of a record in which some fields are others. TypeError for an unknown field."""
    made: Any = one
    return one.__class__(**{name: getattr(one, name) for name in made.__fields__} | changed)


@overload
def record(cls: type[_Record]) -> type[_Record]: ...
@overload
def record(*, kw_only: bool) -> Callable[[type[_Record]], type[_Record]]: ...
@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(field,))
def record(
    cls: type[_Record] | None = None, *, kw_only: bool = True
) -> type[_Record] | Callable[[type[_Record]], type[_Record]]:
    """Make a record of a class that lists its fields, as for a dataclass."""
    if cls is None:
        return lambda listing: _record(listing, kw_only=kw_only)
    return _record(cls, kw_only=kw_only)


def _record(cls: type[_Record], *, kw_only: bool) -> type[_Record]:
    names = tuple(cls.__annotations__)
    stated = {name: vars(cls)[name] for name in names if name in vars(cls)}
    fields = {name: _as_field(stated.get(name, _MISSING)) for name in names}
    left_out = {*stated, "__dict__", "__weakref__"}
    own = {name: value for name, value in vars(cls).items() if name not in left_out}
    cached = any(isinstance(value, cached_property) for value in own.values())
    # Both have the slots of `base` and none of their own, so that one can turn into the other.
    base = type(cls.__name__, (), {"__slots__": (*names, "__dict__") if cached else names})
    draft = type(cls.__name__, (base,), {"__slots__": ()})
    shared = {
        "__slots__": (),
        "__match_args__": () if kw_only else names,
        "__draft__": draft,
        "__fields__": fields,
        "__compared__": tuple(name for name, one in fields.items() if one.compare),
        "__kw_only__": kw_only,
        "__new__": _make_first,
    }
    made: type[_Record] = type(cls.__name__, (base,), {**_SHARED, **own, **shared})
    return made


def defaults(cls: type[Any]) -> dict[str, Any]:
    """Give the value of each field where none is given; None where one has to be given."""
    fields: Mapping[str, _Field] = cls.__fields__
    return {name: None if one.default is _MISSING else one.default for name, one in fields.items()}


def filler(cls: type[_Record]) -> Callable[[Iterable[Any]], _Record]:
    """Give what makes an instance from the values of all its fields in their order.

    For whoever makes thousands: it takes a third of the time of naming the fields.
    """
    made: Any = cls
    known: dict[str, Any] = {"new": object.__new__, "draft": made.__draft__, "cls": cls}
    fields = ", ".join(f"self.{name}" for name in made.__fields__)
    text = (
        "def filled(values):\n"
        f" self = new(draft)\n {fields} = values\n self.__class__ = cls\n return self\n"
    )
    exec(text, known)  # noqa: S102 - of the names of a class of our own
    filled: Callable[[Iterable[Any]], _Record] = known["filled"]
    return filled


def _as_field(stated: object) -> _Field:
    if isinstance(stated, _Field):
        return stated
    return _Field(stated, _MISSING, shown=True, compare=True)


def _make_first(cls: Any, *given: Any, **named: Any) -> Any:  # noqa: ANN401 - any record
    """Make the first instance, and the function for all others: many classes never have one."""
    cls.__new__ = staticmethod(_maker(cls.__fields__, cls.__draft__, kw_only=cls.__kw_only__))
    return cls.__new__(cls, *given, **named)


def _maker(fields: Mapping[str, _Field], draft: type, *, kw_only: bool) -> Callable[..., object]:
    """Write the function that makes an instance."""
    known: dict[str, Any] = {"MISSING": _MISSING, "new": object.__new__, "draft": draft}
    parameters = ["cls", "*"] if kw_only else ["cls"]
    lines = []
    for name, one in fields.items():
        value = name
        if one.default is not _MISSING:
            known[f"{name}_default"] = one.default
            parameters.append(f"{name}={name}_default")
        elif one.factory is not _MISSING:
            known[f"{name}_factory"] = one.factory
            parameters.append(f"{name}=MISSING")
            value = f"{name}_factory() if {name} is MISSING else {name}"
        else:
            parameters.append(name)
        lines.append(f" self.{name} = {value}\n")
    text = (
        f"def __new__({', '.join(parameters)}):\n"
        f" self = new(draft)\n{''.join(lines)} self.__class__ = cls\n return self\n"
    )
    exec(text, known)  # noqa: S102 - of the names of a class of our own
    made: Callable[..., object] = known["__new__"]
    return made


class _AsDataclass:
    """What `dataclasses` asks a class for; seldom, so it is made when it is asked for."""

    def __get__(self, _: object, cls: type[Any]) -> "Mapping[str, Field[Any]]":
        """Give the fields of a dataclass with the same names and defaults."""
        import dataclasses  # noqa: PLC0415 - seldom needed, and long to load

        types: Mapping[str, Any] = cls.__annotations__
        fields: Mapping[str, _Field] = cls.__fields__
        given = []
        for name, one in fields.items():
            values = {"default": one.default, "default_factory": one.factory}
            stated: Any = {what: it for what, it in values.items() if it is not _MISSING}
            alike: Any = dataclasses.field(**stated, repr=one.shown, compare=one.compare)
            given.append((name, types[name], alike))
        made: Any = dataclasses.make_dataclass(
            cls.__name__, given, init=False, repr=False, eq=False
        )
        found: Mapping[str, Field[Any]] = made.__dataclass_fields__
        cls.__dataclass_fields__ = found  # from now on without asking here
        return found


def _compared(self: Any) -> tuple[Any, ...]:  # noqa: ANN401 - any record
    return tuple([getattr(self, name) for name in self.__compared__])


def _equal(self: object, other: object) -> object:
    if other.__class__ is not self.__class__:
        return NotImplemented
    return _compared(self) == _compared(other)


def _hash(self: object) -> int:
    return hash(_compared(self))


def _shown(self: Any) -> str:  # noqa: ANN401 - any record
    shown = [name for name, one in self.__fields__.items() if one.shown]
    values = ", ".join(f"{name}={getattr(self, name)!r}" for name in shown)
    return f"{self.__class__.__qualname__}({values})"


def _refused(_self: object, name: str, *_value: object) -> NoReturn:
    from dataclasses import FrozenInstanceError  # noqa: PLC0415 - nearly never needed

    raise FrozenInstanceError(f"cannot change field {name!r}")


def _reduced(self: Any) -> tuple[object, ...]:  # noqa: ANN401 - any record
    """Say how a copy is made, also in another process."""
    return _again, (self.__class__, {name: getattr(self, name) for name in self.__fields__})


def _again(cls: type[_Record], values: Mapping[str, Any]) -> _Record:
    return cls(**values)


_SHARED: Mapping[str, Any] = {
    "__dataclass_fields__": _AsDataclass(),
    "__eq__": _equal,
    "__hash__": _hash,
    "__repr__": _shown,
    "__setattr__": _refused,
    "__delattr__": _refused,
    "__reduce__": _reduced,
}
