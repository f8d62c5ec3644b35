"""Members: how the values of extension members become JSON, and which JSON that is."""

import dataclasses
import math
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from functools import singledispatch
from typing import Any, TypeAlias, TypeVar
from uuid import UUID

from .issues import Issue
from .texts import encodable, writes_str

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"
Schema: TypeAlias = dict[str, Json]
W = TypeVar("W", bound=Callable[..., Json])


@singledispatch
def jsonable(value: Any) -> Json:
    """Return the value as JSON has it.

    Texts made when read (lazy strings) are read; times are ISO 8601, durations too; what JSON
    has no number for is null; sets are sorted.

    :raises TypeError: for a value of a type that is not in the table, and for an exception,
        which may tell secrets.
    """
    if not isinstance(value, (BaseException, type)):
        if dataclasses.is_dataclass(value):
            return {
                field.name: jsonable(getattr(value, field.name))
                for field in dataclasses.fields(value)
            }
        if callable(dump := getattr(value, "model_dump", None)):  # of pydantic, not imported here
            return jsonable(dump(mode="json", by_alias=True))
        if writes_str(value):
            return encodable(str(value))
    raise TypeError(f"{type(value).__qualname__} is not among the types of members")


@singledispatch
def _schema(_: object) -> Schema:
    return {}


def schema_of(class_: type) -> Schema:
    """Return the schema of what ``jsonable`` writes for a class, empty where that differs.

    Schemas are written so that OpenAPI 3.0 understands them and JSON Schema 2020-12 as well.
    """
    return dict(_schema.dispatch(class_)(None))


def _writes(*classes: type, **schema: Json) -> Callable[[W], W]:
    """Put rows into the table: classes, what writes them, and the schema of that."""

    def written(_: object) -> Schema:
        return schema

    def register(write: W) -> W:
        for class_ in classes:
            jsonable.register(class_, write)
            _schema.register(class_, written)
        return write

    return register


@_writes(type(None), enum=[None])
@_writes(bool, type="boolean")
def _same(value: bool | None) -> Json:
    return value


@_writes(str, type="string")
def _text(value: str) -> Json:
    return encodable(value)


@_writes(int, type="integer")
def _integer(value: int) -> Json:
    str(int(value))  # more digits than Python writes are a ValueError here and not in json
    return int(value)


@_writes(float, type="number")
def _number(value: float) -> Json:
    return float(value) if math.isfinite(value) else None


@_writes(Decimal, type="string", format="decimal")
def _decimal(value: Decimal) -> Json:
    # A string, for a float would change it.
    return str(value) if value.is_finite() else None


@_writes(datetime, type="string", format="date-time")
@_writes(date, type="string", format="date")
@_writes(time, type="string")
def _moment(value: datetime | date | time) -> Json:
    return value.isoformat()


@_writes(timedelta, type="string")
def _duration(value: timedelta) -> Json:
    sign = "-" if value < timedelta() else ""
    value = abs(value)
    seconds = f"{value.seconds}.{value.microseconds:06}".rstrip("0").rstrip(".")
    days = f"{value.days}D" if value.days else ""
    return f"{sign}P{days}T{seconds}S"


@_writes(
    Issue,
    type="object",
    required=["detail"],
    properties={name: {"type": "string"} for name in Issue.__slots__},
)
def _issue(value: Issue) -> Json:
    return {
        name: jsonable(text)
        for name in Issue.__slots__
        if (text := getattr(value, name)) is not None
    }


@_writes(UUID, type="string", format="uuid")
def _uuid(value: UUID) -> Json:
    return str(value)


@_writes(Enum)
def _enumerated(value: Enum) -> Json:
    return jsonable(value.value)


@_writes(Mapping, type="object")
def _mapping(value: Mapping[Any, Any]) -> Json:
    return {_key(key): jsonable(item) for key, item in value.items()}


@_writes(Sequence, type="array", items={})
def _sequence(value: Sequence[Any]) -> Json:
    return [jsonable(item) for item in value]


@_writes(AbstractSet, type="array", items={})
def _set(value: AbstractSet[Any]) -> Json:
    items: list[Any] = [jsonable(item) for item in value]
    try:
        return sorted(items)
    except TypeError:  # such as a str and an int
        return sorted(items, key=str)


@_writes(bytes, bytearray, memoryview)
def _bytes(_: bytes | bytearray | memoryview) -> Json:
    raise TypeError("bytes are not among the types of members; decode them")


def _key(key: object) -> str:
    if isinstance(key, Enum):
        key = key.value
    if key is None or isinstance(key, bool):
        return {None: "null", True: "true", False: "false"}[key]
    if isinstance(key, (str, int)):
        return encodable(str(key))
    raise TypeError(f"{type(key).__qualname__} is not among the types of keys")
