"""Declarations: the failures that views promise, fails_with, and an application's catalogue."""

import inspect
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias, TypeVar, cast

from flask import Flask, current_app, has_request_context, request
from werkzeug.exceptions import HTTPException

from .adoption import adopted
from .catching import Translation, formats_of_function, handlers_for
from .conversion import guarded
from .failures import Failure
from .negotiation import Formats
from .problems import Problem
from .raising import FailureWarning, warn_at_raise
from .settings import settings_of

V = TypeVar("V", bound=Callable[..., Any])

_DECLARED = "_httpstatus_declared"
Kinds: TypeAlias = tuple[type[Failure], ...]


class UndeclaredFailure(FailureWarning):
    """A view fails in a way that its ``@fails_with`` does not declare."""


def fails_with(*kinds: type[Failure]) -> Callable[[V], V]:
    """Declare how a view fails: documented in OpenAPI, and checked.

    For plain and async functions, methods, and class-based views with all their methods; below
    ``@app.route``. What passes through and is not declared issues an ``UndeclaredFailure`` that
    points at the raise; the answer stays as it is. Unhandled exceptions and redirects are no
    failures that a view declares.

    :param kinds: kinds and problem types; their subclasses are declared with them.
    :raises TypeError: for what is no kind, or a problem type without one.
    """
    for kind in kinds:
        if not isinstance(kind, type) or not issubclass(kind, Failure):
            raise TypeError(f"@fails_with takes kinds such as NotFound, not {kind!r}")
        if issubclass(kind, Problem) and kind.code is None:
            raise TypeError(f"{kind.__name__} has no kind and is never raised; name those below it")

    def declare(view: V) -> V:
        viewed: Any = view
        dispatch: Any = getattr(view, "dispatch_request", None)
        if not callable(dispatch or view) or inspect.isclass(dispatch or view):
            raise TypeError(f"@fails_with is for views, not {view!r}")
        if dispatch is None:
            return cast("V", _checking(view, (*kinds, *of_function(view))))
        viewed.dispatch_request = declare(dispatch)
        return view

    return declare


def of_function(function: object) -> Kinds:
    """Return what is declared of the function itself."""
    declared: Kinds = getattr(function, _DECLARED, ())
    return declared


def of_view(view: Callable[..., Any], method: str) -> Kinds:
    """Return what is declared of a view, as the application has it, for a method of HTTP."""
    return tuple(dict.fromkeys(kind for part in _parts(view, method) for kind in of_function(part)))


def formats_of_view(view: Callable[..., Any], method: str) -> Formats | None:
    """Return the formats that ``catching_failure`` offers for a view and a method of HTTP."""
    parts = map(formats_of_function, reversed(_parts(view, method)))
    return next(filter(None, parts), None)


def _parts(view: Callable[..., Any], method: str) -> list[Callable[..., Any]]:
    view_class: Any = getattr(view, "view_class", None)
    if view_class is None:
        return [view]
    handler = getattr(view_class, method.lower(), None)
    if handler is None and method == "HEAD":
        handler = getattr(view_class, "get", None)
    parts = [view, view_class.dispatch_request, handler]
    return [part for part in parts if part is not None]


def _checking(view: Callable[..., Any], declared: Kinds) -> Callable[..., Any]:
    checking = guarded(view, lambda error: _check(error, checking))
    setattr(checking, _DECLARED, declared)
    return checking


def _check(error: Exception, function: Callable[..., Any]) -> None:
    failure = _failure_of(error)
    if failure is None:
        return
    foreign = failure is not error and isinstance(error, HTTPException)
    name, declared = _promise(function)
    if not any(
        isinstance(failure, kind) or (foreign and kind.code == failure.code) for kind in declared
    ):
        warn_at_raise(
            failure,
            f"{name} fails with {type(failure).__name__}, which its @fails_with "
            "does not declare; declare it, or answer it in another way",
            UndeclaredFailure,
        )


def _failure_of(error: Exception) -> Failure | None:
    if isinstance(error, HTTPException):
        return adopted(error)
    if has_request_context():
        for handler in handlers_for(error, current_app):
            if not isinstance(handler, Translation):
                break
            failure = handler.failure(error)
            if failure is not None:
                return failure
    return None


def _promise(function: Callable[..., Any]) -> tuple[str, Kinds]:
    """Return who promises what: the view, where the function is its core or one of its methods."""
    if has_request_context() and request.endpoint is not None:
        view = current_app.view_functions[request.endpoint]
        core = inspect.unwrap(function)
        if any(inspect.unwrap(part) is core for part in _parts(view, request.method)):
            return request.endpoint, of_view(view, request.method)
    return function.__qualname__, of_function(function)


def catalogue(app: Flask) -> dict[type[Problem], list[str]]:
    """Return the problem types of an application by name, with the endpoints that declare them."""
    found: dict[type[Problem], list[str]] = {}
    for kind in settings_of(app).problems:
        found[cast("type[Problem]", kind)] = []
    for rule in app.url_map.iter_rules():
        view: Any = app.view_functions.get(rule.endpoint)
        for method in sorted(rule.methods or ()) if view else ():
            for kind in of_view(view, method):
                if issubclass(kind, Problem) and rule.endpoint not in found.setdefault(kind, []):
                    found[kind].append(rule.endpoint)
    return dict(sorted(found.items(), key=lambda one: one[0].__name__))


def duplicates(kinds: Iterable[type[Problem]]) -> Iterator[str]:
    """Yield a sentence for each two problem types that have a URI or a name in common."""
    seen: dict[str, type[Problem]] = {}
    for kind in kinds:
        for fact in (kind.uri(), kind.__name__):
            other = seen.setdefault(fact, kind)
            if other is not kind:
                yield (
                    f"{_path(other)} and {_path(kind)} are both {fact}; "
                    "give one another type, or another name"
                )


def _path(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"
