"""Adoption: what Werkzeug's exceptions say, and what abort() is given, as kinds."""

import inspect
import warnings
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, NoReturn

from flask import request
from werkzeug.datastructures import Headers
from werkzeug.exceptions import Aborter, HTTPException, default_exceptions
from werkzeug.routing import RoutingException

from . import http
from .failures import Failure
from .headers import OF_THE_BODY, checked_header
from .raising import FailureWarning, frames_to_caller
from .readers import issues_raised
from .registry import KINDS
from .texts import Text, checked_message

#: What Werkzeug's exceptions of a code know and the kinds take, and the header made of it.
_FACTS: Mapping[int | None, tuple[str, tuple[str, ...]]] = {
    401: ("WWW-Authenticate", ("www_authenticate",)),
    405: ("Allow", ("valid_methods",)),
    416: ("Content-Range", ("length", "units")),
    500: ("", ("original_exception",)),
}
_RETRY_AFTER = ("Retry-After", ("retry_after",))
#: Of MethodNotAllowed("read only") Werkzeug makes Allow: r, e, a, d; the length is such, too.
_MESSAGE_NOT_FIRST = frozenset({405, 416})


def adopted(exception: HTTPException) -> Failure | None:
    """Return the failure that says what the exception says, None for what passes through.

    Redirects pass, ready responses and other codes. Of another's exception the description
    becomes the message, unless that is one of Werkzeug's stock texts. What nobody caught stays in
    ``original_exception``, which is never shown; another service's failure in ``__cause__``.
    """
    if isinstance(exception, Failure):
        if exception.response is not None:
            return None
        failure = exception.answered_as or exception
    elif _fails(exception):
        failure = _adoption(exception)
    else:
        return None
    # webargs tells there why it aborted.
    if "exc" in vars(exception) and (errors := issues_raised(exception)):
        failure.members.setdefault("errors", errors)
    return failure


def _fails(exception: HTTPException) -> bool:
    code: object = exception.code
    return (
        isinstance(code, int)
        and 400 <= code <= 599
        # Not every subclass of HTTPException calls its __init__, which sets it.
        and getattr(exception, "response", None) is None
        and not isinstance(exception, RoutingException)
        # An exception of others that makes its response itself is as good as a ready one.
        and type(exception).get_response is HTTPException.get_response
    )


def _adoption(exception: HTTPException) -> Failure:
    message, headers = _message_of(exception), _headers_of(exception)
    header, names = _FACTS.get(exception.code, _RETRY_AFTER)
    facts: dict[str, Any] = {
        name: fact for name in names if (fact := getattr(exception, name, None)) is not None
    }
    kind, others = KINDS.get(exception.code or 0, Failure), headers
    if names[0] in facts:
        others = Headers(headers)
        # The kind makes it anew: Werkzeug drops a 0 and writes a timedelta as 0:00:30.
        others.remove(header)
    first = facts.get(names[0])
    if isinstance(first, str) and exception.code in _MESSAGE_NOT_FIRST:
        message, facts, headers = first, {}, others
    try:
        failure = kind(message, exception.code, headers=others, **facts)
    except (TypeError, ValueError):
        failure = kind(message, exception.code, headers=headers)
    failure.__cause__ = exception.__cause__
    failure.__context__ = exception.__context__
    failure.__suppress_context__ = exception.__suppress_context__
    return failure.with_traceback(exception.__traceback__)


def _message_of(exception: HTTPException) -> Text | None:
    message: Any = None
    with suppress(Exception):
        message = checked_message(exception.description)
    stock = default_exceptions.get(exception.code or 0)
    is_stock = isinstance(message, str) and stock is not None and message == stock.description
    return None if is_stock else message


def _headers_of(exception: HTTPException) -> Headers:
    headers = Headers()
    with suppress(Exception):
        for name, value in exception.get_headers(request.environ):
            # A name that is no text has no lower().
            with suppress(AttributeError, TypeError, ValueError):
                if name.lower() not in OF_THE_BODY:
                    headers.add(*checked_header(name, value))
    return headers


class LenientAborter(Aborter):
    """What ``abort()`` calls: it raises the kinds, and takes what people pass to Werkzeug's.

    ``abort(400, error)`` shows the text of the error in plain Flask. That may tell secrets, so it
    is left out, with a warning; a TypeError would make a 500 of it.
    """

    def __call__(self, code: Any, *args: Any, **kwargs: Any) -> NoReturn:
        """Raise the kind of the status."""
        text_alone = len(args) == 1 and isinstance(args[0], str)
        if args and not text_alone and code in KINDS:
            args = (*_lenient(code, args, kwargs),)
        kind = self.mapping.get(code) if isinstance(code, int) else None
        if kind is not None:
            # Werkzeug's own way, without its import statement, which costs 8 % of a request.
            raise kind(*args, **kwargs)
        super().__call__(code, *args, **kwargs)


def _lenient(code: int, args: Sequence[Any], kwargs: dict[str, Any]) -> Sequence[Any]:
    # For 416 Werkzeug takes the length first.
    is_length = code == http.RANGE_NOT_SATISFIABLE and isinstance(args[0], int)
    if is_length or (len(args) > 1 and code in default_exceptions):
        # What stands where, a response second for most, Werkzeug's own class knows.
        kwargs |= inspect.signature(default_exceptions[code]).bind_partial(*args).arguments
        args = [kwargs.pop("description", None)]
    # The methods of 405 are no text either, but meant.
    if args[0] is None or code == http.METHOD_NOT_ALLOWED:
        return args
    try:
        checked_message(args[0])
    except TypeError as error:
        warnings.warn(
            f"abort({int(code)}, ...) leaves its message out: {error}",
            FailureWarning,
            stacklevel=frames_to_caller(),
        )
        return [None, *args[1:]]
    return args
