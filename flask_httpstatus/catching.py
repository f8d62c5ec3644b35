"""Catching: catching_failure, translate, fails_with."""

import inspect
from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress
from functools import partial, wraps
from typing import Any, ParamSpec, TypeVar, overload

from flask import Response, request
from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException, MethodNotAllowed, default_exceptions
from werkzeug.routing import RoutingException

from .answering import respond
from .failures import Failure
from .headers import checked_header, checked_methods, checked_retry_after
from .negotiation import Formats, formats_named
from .settings import current

P = ParamSpec("P")
R = TypeVar("R")


def is_answerable(exception: HTTPException) -> bool:
    """Tell a failure from what passes through: redirects, ready responses, other codes."""
    code: object = exception.code
    return (
        isinstance(code, int)
        and 400 <= code <= 599
        # Not every subclass of HTTPException calls its __init__, which sets it.
        and getattr(exception, "response", None) is None
        and not isinstance(exception, RoutingException)
    )


def adopted(exception: HTTPException) -> Failure:
    """Return the failure that says what another's exception says, with its headers.

    Its description becomes the message, unless that is one of Werkzeug's stock texts. What
    nobody caught stays in ``original_exception``, which is never shown.
    """
    if isinstance(exception, Failure):
        return exception
    facts: dict[str, Any] = {}
    message: object = exception.description
    stock = default_exceptions.get(exception.code or 0)
    if stock is not None and message == stock.description:
        message = None
    headers = _headers_of(exception)
    if isinstance(exception, MethodNotAllowed):
        headers.remove("Allow")
        methods: Any = exception.valid_methods
        if isinstance(methods, str):
            # Werkzeug takes the first argument for the methods: MethodNotAllowed("read only")
            message = methods
        elif methods is not None:
            with suppress(ValueError, TypeError):
                facts["allowed"] = checked_methods(methods)
    with suppress(ValueError, TypeError):
        # Werkzeug drops 0 and writes a timedelta as 0:00:30.
        facts["retry_after"] = checked_retry_after(getattr(exception, "retry_after", None))
        headers.remove("Retry-After")
    original = getattr(exception, "original_exception", None)
    if original is not None:
        facts["original_exception"] = original
    text = message if isinstance(message, str) else None
    failure = Failure(text, exception.code, headers=headers, **facts)
    failure.__cause__ = exception.__cause__
    failure.__context__ = exception.__context__
    failure.__suppress_context__ = exception.__suppress_context__
    return failure.with_traceback(exception.__traceback__)


def _headers_of(exception: HTTPException) -> Headers:
    headers = Headers()
    with suppress(Exception):
        for name, value in exception.get_headers(request.environ):
            with suppress(ValueError):
                headers.add(*checked_header(name, value))
    return headers


@overload
def catching_failure(
    view: Callable[P, Coroutine[Any, Any, R]], /
) -> Callable[P, Coroutine[Any, Any, R | Response]]: ...
@overload
def catching_failure(view: Callable[P, R], /) -> Callable[P, R | Response]: ...
@overload
def catching_failure(
    *, format: str | Iterable[str] | None = None
) -> Callable[[Callable[P, R]], Callable[P, R | Response]]: ...
def catching_failure(
    view: Callable[..., Any] | None = None, /, *, format: str | Iterable[str] | None = None
) -> Any:
    """Answer the failures of this view, with or without the extension.

    For plain and async functions, methods, and ``decorators`` of class-based views; below
    ``@app.route``. It is nearest to the view, so it wins over every error handler.

    :param format: the format of the answers, or several to choose from by Accept; otherwise
        those of the blueprint, the URL prefix or the application.
    :raises ValueError: for a format that there is not.
    :raises TypeError: for a view that is none.
    """
    formats = None
    if format is not None:
        formats = formats_named([format] if isinstance(format, str) else format)
    if view is None:
        return partial(_catching, formats=formats)
    return _catching(view, formats)


def _catching(view: Callable[..., Any], formats: Formats | None) -> Callable[..., Any]:
    if not callable(view) or inspect.isclass(view):
        raise TypeError(f"@catching_failure is for views, not {view!r}; decorate their methods")
    if inspect.iscoroutinefunction(view):

        @wraps(view)
        async def catching_async(*args: Any, **kwargs: Any) -> Any:
            try:
                return await view(*args, **kwargs)
            except HTTPException as exception:
                return _answered(exception, formats)

        return catching_async

    @wraps(view)
    def catching(*args: Any, **kwargs: Any) -> Any:
        try:
            return view(*args, **kwargs)
        except HTTPException as exception:
            return _answered(exception, formats)

    return catching


def _answered(exception: HTTPException, formats: Formats | None) -> Response:
    if not is_answerable(exception):
        raise exception
    return respond(adopted(exception), current(), formats)
