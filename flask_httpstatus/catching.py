"""Catching: catching_failure, translate."""

import inspect
from collections.abc import Callable, Coroutine, Iterable, Iterator
from functools import partial
from itertools import dropwhile, islice
from typing import Any, ParamSpec, TypeVar, overload

from flask import Flask, Response, current_app, request
from flask.globals import app_ctx
from werkzeug.exceptions import HTTPException

from .adoption import adopted
from .answering import FORMATS_OF_VIEW, respond
from .conversion import guarded, makes_failures
from .failures import Failure
from .negotiation import Formats, formats_named
from .readers import is_of_validator
from .texts import Text

P = ParamSpec("P")
R = TypeVar("R")

_FORMATS = "_httpstatus_formats"


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
            failure = adopted(error)
            return None if failure is None else respond(failure, app_ctx.app, formats)
        # What is no failure yet, such as a translated exception or a bug, is answered by Flask's
        # handlers, in the view's formats too.
        if formats is not None:
            request.environ[FORMATS_OF_VIEW] = formats
        return None

    catching = guarded(view, handle)
    # Of several the innermost answers; its formats have come with wraps().
    vars(catching).setdefault(_FORMATS, formats)
    return catching
