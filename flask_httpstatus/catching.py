"""Catching: catching_failure, translate."""

import inspect
import warnings
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from itertools import dropwhile, islice
from typing import Any, NoReturn, ParamSpec, TypeVar, overload

from flask import Flask, Response, current_app, request
from flask.globals import app_ctx
from werkzeug.datastructures import Headers
from werkzeug.exceptions import Aborter, HTTPException, default_exceptions
from werkzeug.routing import RoutingException

from . import http
from .answering import FORMATS_OF_VIEW, respond
from .conversion import guarded, makes_failures
from .failures import KINDS, Failure
from .headers import checked_header
from .negotiation import Formats, formats_named
from .raising import FailureWarning, frames_to_caller
from .readers import is_of_validator, issues_raised
from .texts import Text, checked_message

P = ParamSpec("P")
R = TypeVar("R")

_FORMATS = "_httpstatus_formats"


def is_answerable(exception: HTTPException) -> bool:
    """Tell a failure from what passes through: redirects, ready responses, other codes."""
    code: object = exception.code
    return (
        isinstance(code, int)
        and 400 <= code <= 599
        # Not every subclass of HTTPException calls its __init__, which sets it.
        and getattr(exception, "response", None) is None
        and not isinstance(exception, RoutingException)
        # An exception of others that makes its response itself is as good as a ready one.
        and (
            isinstance(exception, Failure)
            or type(exception).get_response is HTTPException.get_response
        )
    )


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


def adopted(exception: HTTPException) -> Failure:
    """Return the failure that says what another's exception says, with its headers.

    Its description becomes the message, unless that is one of Werkzeug's stock texts. What
    nobody caught stays in ``original_exception``, which is never shown; another service's failure
    stays in ``__cause__``.
    """
    failure = exception.for_answer() if isinstance(exception, Failure) else _adoption(exception)
    # webargs tells there why it aborted.
    if "exc" in vars(exception) and (errors := issues_raised(exception)):
        failure.members.setdefault("errors", errors)
    return failure


def _adoption(exception: HTTPException) -> Failure:
    message, headers = _message_of(exception), _headers_of(exception)
    header, names = _FACTS.get(exception.code, _RETRY_AFTER)
    facts: dict[str, Any] = {
        name: fact for name in names if (fact := getattr(exception, name, None)) is not None
    }
    others = Headers(headers)
    if names[0] in facts:
        # The kind makes it anew: Werkzeug drops a 0 and writes a timedelta as 0:00:30.
        others.remove(header)
    first = facts.get(names[0])
    if isinstance(first, str) and exception.code in _MESSAGE_NOT_FIRST:
        message, facts, headers = first, {}, others
    try:
        failure = Failure(message, exception.code, headers=others, **facts)
    except (TypeError, ValueError):
        failure = Failure(message, exception.code, headers=headers)
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
            with suppress(TypeError, ValueError):
                headers.add(*checked_header(name, value))
    return headers


class LenientAborter(Aborter):
    """What ``abort()`` calls: it raises the kinds, and takes what people pass to Werkzeug's.

    ``abort(400, error)`` shows the text of the error in plain Flask. That may tell secrets, so it
    is left out, with a warning; a TypeError would make a 500 of it.
    """

    def __call__(self, code: Any, *args: Any, **kwargs: Any) -> NoReturn:
        """Raise the kind of the status."""
        werkzeugs = default_exceptions.get(code) if isinstance(code, int) else None
        if len(args) > 1 and werkzeugs is not None and code in KINDS:
            # What stands second, a response for most, Werkzeug's own class knows.
            kwargs |= inspect.signature(werkzeugs).bind_partial(*args).arguments
            args = (kwargs.pop("description", None),)
        # The methods of 405 are no text either, but meant.
        if args and code in KINDS and code != http.METHOD_NOT_ALLOWED:
            try:
                checked_message("" if args[0] is None else args[0])
            except TypeError as error:
                warnings.warn(
                    f"abort({int(code)}, ...) leaves its message out: {error}",
                    FailureWarning,
                    stacklevel=frames_to_caller(),
                )
                args = (None, *args[1:])
        super().__call__(code, *args, **kwargs)


def handlers_for(exception: Exception, app: Flask) -> Iterator[Callable[[Any], Any]]:
    """Yield the handlers for the exception in Flask's order: code, then blueprint, then class."""
    kind = type(exception)
    own: int | None = kind.code if issubclass(kind, HTTPException) else None
    for code in dict.fromkeys((own, None)):
        for name in (*request.blueprints, None):
            handlers = app.error_handler_spec[name][code]
            yield from (handlers[one] for one in kind.__mro__ if one in handlers)


class Translation:
    """A handler of Flask's that answers a foreign exception as the failure it becomes.

    The failure then takes the way that it would have taken if it had been raised.

    :param class_: the foreign exception.
    :param kind: a kind, or a function that gets the exception and returns the failure.
    :param message: the message, for a kind.
    :raises TypeError: for what is neither a kind nor a function without a message.
    """

    def __init__(self, class_: type[Exception], kind: object, message: Text | None) -> None:
        if makes_failures(kind) and message is None:
            self._conversion = Failure.on(class_, kind)
        elif isinstance(kind, type) and issubclass(kind, Failure):
            self._conversion = kind.on(class_, message)
        else:
            raise TypeError(
                f"{kind!r} is neither a kind, which takes a message, nor a function that returns a "
                "failure, which takes none"
            )

    def failure(self, exception: Exception) -> Failure | None:
        """Return what the exception becomes, None if it is not meant."""
        failure = self._conversion.convert(exception)
        if failure is not None:
            failure.__cause__ = exception
            failure.with_traceback(exception.__traceback__)
        return failure

    def __call__(self, exception: Exception) -> Any:
        """Answer the exception, or leave it to the next handler."""
        app = current_app
        failure = self.failure(exception)
        if failure is None:
            handlers = dropwhile(lambda one: one is not self, handlers_for(exception, app))
            for handler in islice(handlers, 1, 2):
                return app.ensure_sync(handler)(exception)
            raise exception
        for handler in islice(handlers_for(failure, app), 1):
            return app.ensure_sync(handler)(failure)
        return failure


def check_translatable(exception: object) -> None:
    """Check that every exception of this class may be taken for a failure.

    :raises TypeError: for what is no class of exceptions, for an HTTPException, which says its
        status itself, for validators' errors, and for what any bug raises.
    """
    if not isinstance(exception, type) or not issubclass(exception, Exception):
        raise TypeError(f"{exception!r} is no class of exceptions such as sqlite3.IntegrityError")
    if issubclass(exception, HTTPException):
        raise TypeError(
            f"{exception.__name__} has a status already; register an errorhandler to change it"
        )
    if exception.__module__ == "builtins" and not (
        issubclass(exception, OSError) and exception is not OSError
    ):
        raise TypeError(
            f"any bug may raise {exception.__name__}, which would blame the client; wrap the line "
            f"that you mean: with NotFound.on({exception.__name__}, ...)"
        )
    if is_of_validator(exception):
        raise TypeError(
            f"data of the server's own may raise {exception.__name__} as well, which would blame "
            "the client; wrap the line that reads the input: with UnprocessableContent.on("
            f"{exception.__name__}, ...)"
        )


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

    :param view: the function; left out where a format is given.
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


def formats_of_function(function: object) -> Formats | None:
    """Return the formats in which ``catching_failure`` answers for the function itself."""
    formats: Formats | None = getattr(function, _FORMATS, None)
    return formats


def _catching(view: Callable[..., Any], formats: Formats | None) -> Callable[..., Any]:
    if not callable(view) or inspect.isclass(view):
        raise TypeError(f"@catching_failure is for views, not {view!r}; decorate their methods")

    def handle(error: Exception) -> Response | None:
        if isinstance(error, HTTPException):
            return respond(adopted(error), app_ctx.app, formats) if is_answerable(error) else None
        # What is no failure yet, such as a translated exception or a bug, is answered by Flask's
        # handlers, in the view's formats too.
        if formats is not None:
            request.environ[FORMATS_OF_VIEW] = formats
        return None

    catching = guarded(view, handle)
    # Of several the innermost answers; its formats have come with wraps().
    vars(catching).setdefault(_FORMATS, formats)
    return catching
