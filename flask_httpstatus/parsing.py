"""Parsing: JSON into values of the types that the members of a problem declare."""

import dataclasses
import inspect
import json
import re
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,
    Required,
    TypeVar,
    Union,
    get_args,
    get_origin,
)
from uuid import UUID

from .annotations import fields_of, required_of
from .members import jsonable

_DURATION = re.compile(
    r"(?P<sign>-?)P(?:(?P<days>\d{1,9})D)?(?:T(?:(?P<hours>\d{1,9})H)?(?:(?P<minutes>\d{1,9})M)?"
    r"(?:(?P<seconds>\d{1,9}(?:\.\d{1,6})?)S)?)?"
)


def parse(value: Any, annotation: Any) -> Any:
    """Return the JSON value as one of the annotated type: what ``jsonable`` made it from.

    :raises ValueError: for a value that is none of it.
    :raises TypeError: likewise, and for a type that is not in the table.
    """
    origin, arguments = get_origin(annotation), get_args(annotation)
    if annotation in (Any, object) or isinstance(annotation, TypeVar):
        return value
    if origin in {Annotated, Required, NotRequired}:
        return parse(value, arguments[0])
    for alias in ("__supertype__", "__value__"):  # of NewType, and of what Python 3.12 calls type
        if hasattr(annotation, alias):
            return parse(value, getattr(annotation, alias))
    if origin in {Union, types.UnionType}:
        return _first_that_fits(value, arguments)
    if origin is Literal:
        return _one_of(value, arguments)
    class_: Any = type(None) if annotation is None else origin or annotation
    if not isinstance(class_, type):
        raise TypeError(f"{annotation!r} is not among the types of members")
    return _of_class(value, class_, arguments)


def _of_class(value: Any, class_: Any, arguments: tuple[Any, ...]) -> Any:
    made: Any
    if class_ in _SCALARS:
        made = _SCALARS[class_](value)
    elif issubclass(class_, Enum):
        made = _one_of(value, class_)
    elif hasattr(class_, "model_validate"):  # of pydantic, not imported here
        made = class_.model_validate(value)
    elif dataclasses.is_dataclass(class_) or typing.is_typeddict(class_):
        made = _object(_a(dict, value), class_)
    elif issubclass(class_, Mapping):
        keys, values = arguments or (Any, Any)
        made = {_key(key, keys): parse(item, values) for key, item in _a(dict, value).items()}
    elif issubclass(class_, Iterable):
        made = _items(_a(list, value), class_, arguments)
    else:
        raise TypeError(f"{class_!r} is not among the types of members")
    return made


def _object(members: Mapping[str, Any], class_: Any) -> Any:
    make: Any = class_
    fields = fields_of(class_, lenient=True)
    missing = required_of(class_, fields) - members.keys()
    if typing.is_typeddict(class_) and missing:
        raise ValueError(f"{', '.join(missing)} is missing")
    if dataclasses.is_dataclass(class_):
        fields = {one.name: fields[one.name] for one in dataclasses.fields(class_) if one.init}
    return make(**{name: parse(members[name], fields[name]) for name in fields if name in members})


def _items(items: list[Any], class_: Any, arguments: tuple[Any, ...]) -> Any:
    make: Any = class_
    if issubclass(class_, tuple) and arguments[1:] != (Ellipsis,):
        return _row(items, make, arguments)
    if inspect.isabstract(make):
        make = frozenset if issubclass(make, AbstractSet) else list
    return make(parse(item, arguments[0] if arguments else Any) for item in items)


def _row(items: list[Any], class_: Any, arguments: tuple[Any, ...]) -> Any:
    fields = fields_of(class_, lenient=True)
    if not arguments and not fields:
        return tuple(items)
    each = zip(items, arguments or fields.values(), strict=True)
    parts = [parse(item, annotation) for item, annotation in each]
    return class_(*parts) if fields else tuple(parts)


def _key(key: str, annotation: Any) -> Any:
    try:
        return parse(key, annotation)
    except (TypeError, ValueError):
        return parse(json.loads(key), annotation)  # names are texts, of a number too


def _first_that_fits(value: Any, annotations: Iterable[Any]) -> Any:
    for annotation in annotations:
        try:
            return parse(value, annotation)
        except (TypeError, ValueError):
            continue
    raise ValueError(f"{value!r} fits none of {annotations!r}")


def _one_of(value: Any, choices: Iterable[Any]) -> Any:
    for choice in choices:
        written = jsonable(choice)
        if type(written) is type(value) and written == value:  # True is no 1
            return choice
    raise ValueError(f"{value!r} is none of {choices!r}")


def _a(class_: type, value: Any) -> Any:
    # Not isinstance(), for True is no number.
    if type(value) is not class_:
        raise TypeError(f"{class_.__name__} is wanted, not {type(value).__name__}")
    return value


def _number(value: object) -> float:
    return float(value if isinstance(value, float) else _a(int, value))


def _integer(value: object) -> int:
    # 1.0 is an integer, says JSON Schema.
    return int(value) if isinstance(value, float) and value.is_integer() else _a(int, value)


def _decimal(value: object) -> Decimal:
    try:
        return Decimal(value if isinstance(value, str) else _a(int, value))
    except InvalidOperation:
        raise ValueError(f"{value!r} is no number") from None


def _duration(value: object) -> timedelta:
    parts = _DURATION.fullmatch(_a(str, value))
    if parts is None or not any(parts.groups()[1:]):
        raise ValueError(f"{value!r} is no duration")
    sign, *amounts = parts.groups("0")
    days, hours, minutes, seconds = map(Decimal, amounts)
    try:
        whole = timedelta(days=int(days), hours=int(hours), minutes=int(minutes))
        duration = whole + timedelta(microseconds=int(seconds * 1_000_000))
    except OverflowError as error:
        raise ValueError(str(error)) from None
    return -duration if sign == "-" else duration


def _read(read: Callable[[str], Any]) -> Callable[[object], Any]:
    return lambda value: read(_a(str, value))


def _just(class_: type) -> Callable[[object], Any]:
    return lambda value: _a(class_, value)


_SCALARS: Mapping[Any, Callable[[object], Any]] = {
    type(None): _just(type(None)),
    bool: _just(bool),
    str: _just(str),
    int: _integer,
    float: _number,
    Decimal: _decimal,
    datetime: _read(datetime.fromisoformat),
    date: _read(date.fromisoformat),
    time: _read(time.fromisoformat),
    timedelta: _duration,
    UUID: _read(UUID),
}
