"""Readers: validators' errors and forms as issues."""

import logging
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias, cast, get_args

from .issues import Issue
from .placing import Mistake, Step, Where, placed

__all__ = ["issues"]

log: logging.Logger = logging.getLogger(__package__)

Reader: TypeAlias = Callable[[Any], Iterable[Mistake]]


def issues(source: object, where: Where = "body") -> list[Issue]:
    """Return the mistakes in the input that a validator's error or a form tells of.

    Their texts do not repeat the input, and their places are those of the request: pointers into
    the body that was sent, names of parameters, headers and cookies.

    :param source: an error of pydantic, marshmallow, webargs, jsonschema or msgspec, or a
        validated form of WTForms or Flask-WTF.
    :param where: the part of the request that was validated; forms and webargs know it.
    :raises TypeError: for anything else.
    :raises ValueError: for a part that a request does not have.
    """
    checked_where(where)
    reader = _reader(source)
    if reader is None:
        raise TypeError(
            f"{type(source).__name__} is neither a validator's error nor a form; make each "
            "Issue('what is wrong', pointer='#/age') by hand"
        )
    return placed(reader(source), where)


def issues_raised(error: BaseException, where: Where = "body") -> list[Issue]:
    """Return the issues of an exception, none for one that is of no validator.

    A validator that has changed its ways must not turn the client's mistake into the server's.
    """
    try:
        reader = _reader(error)
        return [] if reader is None else placed(reader(error), where)
    except Exception:
        log.exception("Reading the issues of %s failed", type(error).__name__)
        return []


def is_of_validator(exception: type[Exception]) -> bool:
    """Tell whether exceptions of this class may be a validator's errors."""
    return any(
        issubclass(exception, class_) or issubclass(class_, exception)
        for class_, _ in _loaded_readers()
    )


def checked_where(where: object) -> None:
    """Check that a request has this part.

    :raises ValueError: for one that it does not have.
    """
    if where not in get_args(Where):
        raise ValueError(f"where={where!r} is none of {', '.join(get_args(Where))}")


def _reader(source: object) -> Reader | None:
    return next(
        (reader for class_, reader in _loaded_readers() if isinstance(source, class_)), None
    )


def _loaded_readers() -> Iterator[tuple[type, Reader]]:
    # What the application has not imported it cannot have raised.
    for (module, name), reader in _READERS.items():
        class_ = getattr(sys.modules.get(module), name, None)
        if isinstance(class_, type):
            yield class_, reader


def _pydantic(error: Any) -> Iterator[Mistake]:
    fixed = get_args(sys.modules["pydantic_core.core_schema"].ErrorType)
    for one in error.errors(include_url=False):
        code, steps = one["type"], one["loc"]
        detail = one["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ")
        yield Mistake(
            detail,
            steps,
            code,
            # Names of a union's branches and its tags stand among them.
            doubtful=frozenset(steps),
            missing=code in {"missing", "missing_argument", "missing_keyword_only_argument"},
            values=(one["input"],),
            fixed=code in fixed and one.get("ctx", {}).keys().isdisjoint({"error", "tag"}),
        )


def _marshmallow(error: Any) -> Iterator[Mistake]:
    return _nested(error.messages, ())


def _nested(messages: object, steps: tuple[Step, ...]) -> Iterator[Mistake]:
    if isinstance(messages, dict):
        for step, found in cast("dict[Step, object]", messages).items():
            yield from _nested(found, steps if step == "_schema" else (*steps, step))
    elif isinstance(messages, (list, tuple)):
        for found in cast("list[object]", messages):
            yield from _nested(found, steps)
    else:
        detail = str(messages)
        fixed = detail == "Missing data for required field."
        # A key and a value of a dict are steps of their own, and names that a field may have.
        last = steps[-1] if steps else 0
        missing = isinstance(last, str) and (fixed or last not in {"key", "value"})
        doubtful = frozenset[Step]({"key", "value"})
        yield Mistake(detail, steps, doubtful=doubtful, missing=missing, fixed=fixed)


def _webargs(exception: Any) -> Iterator[Mistake]:
    messages = getattr(getattr(exception, "exc", None), "messages", None)
    if isinstance(messages, dict):
        for location, found in cast("dict[str, object]", messages).items():
            part = _LOCATIONS.get(location, "query")
            yield from (mistake._replace(where=part) for mistake in _nested(found, ()))


def _jsonschema(error: Any) -> Iterator[Mistake]:
    steps, detail, code = tuple(error.absolute_path), error.message, error.validator
    if not isinstance(code, str):
        yield Mistake(detail, steps)
        return
    value = repr(error.instance)
    required = error.validator_value if code == "required" else ()
    missing = [name for name in required if detail.startswith(f"{name!r} is a required")]
    yield Mistake(
        detail.removeprefix(value).strip(),
        (*steps, *missing[:1]),
        code,
        missing=bool(missing),
        values=(error.instance,),
        fixed=bool(missing) or detail.startswith(value),
    )


def _msgspec(error: Any) -> Iterator[Mistake]:
    detail, _, path = str(error).rpartition(" - at `")
    if not detail:
        detail, path = str(error), ""
    # The path of a dict's value ends at the dict, for it does not tell the key.
    path = path.rpartition("`$")[2].rstrip("`").partition("[...]")[0]
    steps = tuple(
        int(index) if index else name
        for name, index in re.findall(r"([^.$`\[\]]+)(?=[.\[]|$)|\[(\d+)\]", path)
    )
    missing = re.findall(r"^Object missing required field `(.+)`$", detail)
    yield Mistake(detail, (*steps, *missing), missing=bool(missing), fixed=bool(missing))


def _wtforms(form: Any) -> Iterator[Mistake]:
    yield from (Mistake(str(error), where="form") for error in form.form_errors)
    for field in form:
        yield from _field(field)


def _field(field: Any) -> Iterator[Mistake]:
    if hasattr(field, "form") and hasattr(field, "form_class"):
        yield from _wtforms(field.form)
        return
    for entry in getattr(field, "entries", ()):
        yield from _field(entry)
    for error in field.errors:
        # A list of fields has its entries' errors among its own.
        if not isinstance(error, (list, tuple, dict)):
            values = (field.data, field.raw_data)
            yield Mistake(str(error), (field.name,), values=values, where="form")


_READERS: dict[tuple[str, str], Reader] = {
    ("pydantic_core", "ValidationError"): _pydantic,
    ("marshmallow", "ValidationError"): _marshmallow,
    ("werkzeug.exceptions", "HTTPException"): _webargs,
    ("jsonschema", "ValidationError"): _jsonschema,
    ("msgspec", "ValidationError"): _msgspec,
    ("wtforms.form", "BaseForm"): _wtforms,
}

_LOCATIONS: dict[str, Where] = {
    "json": "body",
    "json_or_form": "body",
    "form": "form",
    "files": "form",
    "headers": "headers",
    "cookies": "cookies",
}
