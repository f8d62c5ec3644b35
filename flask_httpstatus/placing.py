"""Placing: where in the request a mistake is, in the request's own terms."""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Literal, NamedTuple, TypeAlias, cast
from urllib.parse import quote

from flask import has_request_context, request

from .issues import Issue

#: The part of the request that was validated.
Where: TypeAlias = Literal["body", "query", "form", "headers", "cookies"]

Step: TypeAlias = str | int

_PLACES: dict[Where, str] = {
    "query": "parameter",
    "form": "parameter",
    "headers": "header",
    "cookies": "cookie",
}
_FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}
#: What may stand in a fragment as it is, besides letters and digits (RFC 3986, Section 3.5).
_FRAGMENT = "!$&'()*+,;=:@?"
_NEUTRAL = "This value is not valid."
_NUMBER = r"(?<![\w.])-?[0-9]{1,40}(?:\.[0-9]{1,40})?(?!\w)"
#: Enough for any validator; more would let a body made for it take time.
_MOST_WAYS = 8


class Mistake(NamedTuple):
    """What a validator says about one value.

    :param steps: its own words for the place, from the outside in.
    :param doubtful: the steps that may be words of the validator even if the input has them.
    :param missing: the last step is what the input lacks.
    :param values: the input that is meant, where the validator tells.
    :param fixed: the text is made from the schema alone.
    :param where: the part of the request, where the validator tells.
    """

    detail: str
    steps: tuple[Step, ...] = ()
    code: str | None = None
    doubtful: frozenset[Step] = frozenset()
    missing: bool = False
    values: tuple[object, ...] = ()
    fixed: bool = False
    where: Where | None = None


def placed(mistakes: Iterable[Mistake], where: Where) -> list[Issue]:
    """Return the mistakes as issues, each in the place that the request has for it."""
    received: dict[Where, object] = {}
    issues: list[Issue] = []
    for mistake in mistakes:
        part = mistake.where or where
        if part == "body" and has_request_context() and request.mimetype in _FORMS:
            part = "form"
        if part not in received:
            received[part] = _received(part)
        issues.append(_issue(mistake, part, received[part]))
    return issues


def _received(where: Where) -> object:
    if not has_request_context():
        return None
    if where == "body":
        try:
            # Not get_json(), whose data a validator may have changed.
            return request.json_module.loads(request.get_data())
        except (ValueError, RecursionError):
            return None
    if where == "form":
        return {**request.files.to_dict(flat=False), **request.form.to_dict(flat=False)}
    if where == "headers":
        return {
            spelling: value
            for name, value in request.headers.items()
            for spelling in (name, name.lower())
        }
    parameters = request.args if where == "query" else request.cookies
    return parameters.to_dict(flat=False)


def _issue(mistake: Mistake, where: Where, received: object) -> Issue:
    path, value, _ = _located(mistake, received)
    detail = mistake.detail
    if not mistake.fixed and (not detail or _repeats(detail, mistake.values or value)):
        detail = _NEUTRAL
    if where == "body":
        return Issue(detail, pointer=_pointer(path), code=mistake.code)
    names = path or mistake.steps
    place = {_PLACES[where]: str(names[0])} if names else {}
    return Issue(detail, code=mistake.code, **place)


class _Way(NamedTuple):
    """A way into the input, and whether the last step was taken on it."""

    path: tuple[Step, ...]
    value: object
    arrived: bool


def _located(mistake: Mistake, received: object) -> _Way:
    """Return the way into the input that the steps mean."""
    ways = _ways(mistake, received)

    def is_meant(way: _Way) -> bool:
        if mistake.values:
            return way.value == mistake.values[0]
        return way.arrived or (mistake.missing and isinstance(way.value, dict))

    # Where only one way leads, there is nothing to compare.
    way = ways[0] if len(ways) == 1 else next(filter(is_meant, ways), ways[0])
    if mistake.missing and not way.arrived and isinstance(way.value, dict):
        way = way._replace(path=(*way.path, mistake.steps[-1]))
    return way


def _ways(mistake: Mistake, received: object) -> list[_Way]:
    """Return the ways on which each step is taken if the input has it, and skipped if not."""
    ways = [_Way((), received, arrived=False)]
    for step in mistake.steps:
        taken: list[_Way] = []
        skipped: list[_Way] = []
        for way in ways:
            key, value = _entry(way.value, step)
            if key is not None:
                taken.append(_Way((*way.path, key), value, arrived=True))
            if key is None or step in mistake.doubtful:
                skipped.append(_Way(way.path, way.value, arrived=False))
        ways = [*taken, *skipped][:_MOST_WAYS]
    return ways


def _entry(container: Any, step: Step) -> tuple[Step | None, object]:
    key = str(step)
    if isinstance(container, dict) and key in container:
        return key, cast("dict[str, object]", container)[key]
    if isinstance(container, list) and isinstance(step, int):
        entries = cast("list[object]", container)
        return (step, entries[step]) if 0 <= step < len(entries) else (None, None)
    return None, None


def _pointer(path: Iterable[Step]) -> str:
    """Return the path as a JSON Pointer in a URI fragment (RFC 6901, Section 6)."""
    escaped = (str(step).replace("~", "~0").replace("/", "~1") for step in path)
    return "".join(("#", *(f"/{quote(step, _FRAGMENT, errors='replace')}" for step in escaped)))


def _repeats(text: str, value: object) -> bool:
    """Tell whether the text repeats the value, or one inside of it."""
    numbers = {Decimal(number) for number in re.findall(_NUMBER, text)}
    for leaf in _leaves(value):
        if re.fullmatch(_NUMBER, leaf) and Decimal(leaf) in numbers:
            return True
        if _occurs(leaf, text) or _occurs(repr(leaf)[1:-1], text):
            return True
    return False


def _leaves(value: object) -> Iterator[str]:
    values = [value]
    while values:
        value = values.pop()
        if isinstance(value, Mapping):
            values.extend(cast("Mapping[object, object]", value).values())
        elif isinstance(value, (list, tuple, set, frozenset)):
            values.extend(cast("Iterable[object]", value))
        elif isinstance(value, str):
            yield from {value, value.strip()}
        elif isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
            yield str(value)


def _occurs(value: str, text: str) -> bool:
    """Tell whether the value stands in the text as a word; one or two letters only in quotes."""
    at = text.find(value) if value else -1
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(value) :][:1]
        if before == after and before in {"'", '"', "`", ""}:
            return True
        if len(value) > 2 and not before.isalnum() and not after.isalnum():
            return True
        at = text.find(value, at + 1)
    return False
