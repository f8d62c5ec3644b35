"""Extension: Failures, its registration with an application, and a Flask that registers."""

import logging
import sys
import warnings
from collections.abc import Callable, Iterable
from typing import Any, Protocol, TypeVar, cast
from weakref import WeakSet

import flask
from flask import Blueprint, Response
from flask.globals import app_ctx
from werkzeug.exceptions import Aborter, HTTPException, default_exceptions

from . import preview
from .adoption import LenientAborter, adopted
from .answering import respond
from .catching import Translation, check_translatable, handlers_for
from .failures import Failure
from .negotiation import FORMATS, Format, Formats, formats_named
from .preparing import PREPARED
from .raising import FailureWarning, frames_to_caller
from .registry import KINDS
from .reporting import stamp_unhandled
from .settings import KEY, Renderer, Settings
from .texts import Text

NAME = "httpstatus"
_REGISTERED = "httpstatus.registered"


class Extension(Protocol):
    """What Flask calls an extension: something with an ``init_app``."""

    def init_app(self, app: Any, /) -> Any:
        """Set the extension up for the application."""


E = TypeVar("E", bound=Extension)
F = TypeVar("F", bound=Renderer)
X = TypeVar("X", bound=Exception)


class Failures:
    """Answers every failure of an application in the right status, format and headers.

    :param app: registers at once; without it, call ``init_app``.
    :param settings: as in ``app.config``, in lower case and without the prefix ``FAILURES_``:
        ``Failures(app, formats=["problem"])``. They win over ``app.config``.
    """

    def __init__(self, app: flask.Flask | None = None, **settings: Any) -> None:
        self._given = settings
        self._renderers: dict[Format, Renderer] = {}
        self._blueprints: dict[object, Formats] = {}
        self._translations: dict[type[Exception], Callable[..., Any]] = {}
        self._apps: WeakSet[flask.Flask] = WeakSet()
        if app is not None:
            self.init_app(app)
        else:
            self._settings({})

    def _settings(self, config: dict[str, Any], **given: Any) -> Settings:
        return Settings.read(
            config, self._given | given, renderers=self._renderers, blueprints=self._blueprints
        )

    def init_app(self, app: flask.Flask, **settings: Any) -> None:
        """Answer the failures of this application, too.

        :param app: the application, at any time before its first request.
        :param settings: as in the constructor; they win over those.
        :raises RuntimeError: if the application has the extension already.
        :raises ValueError: for a setting with a wrong value.
        :raises TypeError: for a setting that there is not, and for what is no application.
        """
        _check_app(app)
        if NAME in app.extensions:
            raise RuntimeError(
                f"{app.name} has Failures already; register it once, or say what differs with "
                "failures.formats(blueprint, ...) and FAILURES_FORMATS"
            )
        read = self._settings(app.config, **settings)
        replaced = app.error_handler_spec[None][None].get(HTTPException)
        if replaced is not None:
            warnings.warn(
                f"Failures replaces {replaced!r}, the application's handler for HTTPException; "
                "remove it, or register it for the classes that it means",
                FailureWarning,
                stacklevel=frames_to_caller(),
            )
        app.register_error_handler(HTTPException, self._handler(app))
        for exception, handler in self._translations.items():
            _register(app, exception, handler)
        # Only now, so that whoever mends what was refused can try again.
        app.extensions[KEY] = read
        app.extensions[NAME] = self
        # A view that was called before, as in a test, has failed with other settings.
        app.extensions.pop(PREPARED, None)
        self._apps.add(app)
        # Applications of one name share a logger, which takes the same filter once.
        logging.getLogger(app.name).addFilter(stamp_unhandled)
        if type(app.aborter) is Aborter:
            app.aborter = LenientAborter(app.aborter.mapping)
        for code, kind in KINDS.items():
            if app.aborter.mapping.get(code) is default_exceptions.get(code):
                app.aborter.mapping[code] = kind
        if app.debug:
            preview.register(app)

    def _handler(self, app: flask.Flask) -> Callable[[HTTPException], Any]:
        def answer(exception: HTTPException) -> Any:
            failure = adopted(exception)
            if failure is None:
                return exception
            # Flask traps what was raised, but not the 500 that it makes of what nobody caught.
            if exception is sys.exception() and app.trap_http_exception(exception):
                raise exception
            if failure is not exception:
                # Flask has looked for the other's class; the application may have asked for ours.
                handler = next(handlers_for(failure, app))
                if handler is not answer:
                    return app.ensure_sync(handler)(failure)
            return respond(failure, app)

        return answer

    def respond(self, failure: HTTPException) -> Response:
        """Return the answer to a failure that was not raised, for other extensions' callbacks.

        :param failure: a failure, or any HTTPException with a code from 400 to 599.
        :raises TypeError: for what is no exception of HTTP, such as a text.
        :raises ValueError: for an exception that is no failure, such as a redirect.
        """
        if not isinstance(failure, HTTPException):
            raise TypeError(
                f"respond() takes a failure such as NotFound('no such user'), not {failure!r}"
            )
        ours = adopted(failure)
        if ours is None:
            raise ValueError(f"{failure!r} is no failure; its code has to be 400 to 599")
        return respond(ours, app_ctx.app)

    def formats(self, blueprint: Blueprint, formats: Iterable[str]) -> None:
        """Offer these formats for the failures of a blueprint's views, in this order.

        :param blueprint: the blueprint; one within it that has none of its own offers them, too.
        :param formats: their names, or the media types of the application's own.
        :raises TypeError: for what is no blueprint, such as its name.
        :raises ValueError: for a format that there is not.
        """
        _check_blueprint(blueprint)
        self._blueprints[blueprint] = formats_named(formats)

    def translate(
        self,
        exception: type[X],
        kind: type[Failure] | Callable[[X], Failure | None],
        message: Text | None = None,
        *,
        blueprint: Blueprint | None = None,
    ) -> None:
        """Answer a foreign exception, wherever it is raised, as a failure of this kind.

        It becomes a handler of Flask's own, in production, testing and debug alike. The original
        is the ``__cause__``: logged where the log has causes, never shown.

        :param exception: the class; those below it are meant, too.
        :param kind: a kind, or a function that gets the exception and returns the failure; None
            lets the exception go on as if nothing had been registered.
        :param message: the message, for a kind.
        :param blueprint: translates only what this blueprint's views raise.
        :raises TypeError: for what is no blueprint, and for an exception that any bug raises;
            ``NotFound.on(KeyError)`` around the line that is meant is the way for those.
        :raises RuntimeError: if the exception has a handler already.
        """
        check_translatable(exception)
        handler = Translation(exception, kind, message)
        if blueprint is not None:
            _check_blueprint(blueprint)
            _register(blueprint, exception, handler)
            return
        if exception in self._translations:
            raise RuntimeError(f"{exception.__name__} is translated already; remove one of the two")
        self._translations[exception] = handler
        for app in self._apps:
            _register(app, exception, handler)

    def renderer(self, media_type: str) -> Callable[[F], F]:
        """Register a format of one's own, negotiated like the others.

        The function gets the failure, its message read, and returns a str, bytes, or what
        ``app.json`` can write.

        :param media_type: what it is sent as, and its name in policies.
        :raises ValueError: for what is no media type, or one that is there already.
        """
        (format_,) = formats_named([media_type])
        taken = {one.media_type for one in (*FORMATS.values(), *self._renderers)}
        if format_.media_type in taken:
            raise ValueError(f"{media_type!r} has a renderer; choose another media type")

        def register(function: F) -> F:
            self._renderers[format_] = function
            return function

        return register


def _register(
    scope: flask.Flask | Blueprint, exception: type[Exception], handler: Callable[..., Any]
) -> None:
    if exception in scope.error_handler_spec[None][None]:
        raise RuntimeError(
            f"{scope.name} has a handler for {exception.__name__} already; remove one of the two"
        )
    scope.register_error_handler(exception, handler)


def _check_app(app: object) -> None:
    if not isinstance(app, flask.Flask):
        raise TypeError(f"{app!r} is no application; pass what flask.Flask(__name__) returned")


def _check_blueprint(blueprint: object) -> None:
    if not isinstance(blueprint, Blueprint):
        raise TypeError(f"{blueprint!r} is no blueprint; pass the Blueprint itself")


def register_extension(app: flask.Flask, extension: E) -> E:
    """Initialise an extension for the application and return it.

    :param app: the application, of whatever class.
    :param extension: anything with ``init_app(app)``.
    :raises TypeError: for what is no extension, and for what is no application.
    :raises RuntimeError: for a second one of the same class.
    """
    _check_app(app)
    kind = type(extension)
    if isinstance(extension, type) or not callable(getattr(extension, "init_app", None)):
        raise TypeError(f"{extension!r} has no init_app(app); pass an instance of an extension")
    registered: set[type] = app.extensions.setdefault(_REGISTERED, set())
    if kind in registered:
        raise RuntimeError(
            f"{app.name} has a {kind.__name__} already; if it really needs two, call the "
            "second one's init_app(app)"
        )
    extension.init_app(app)
    registered.add(kind)
    return extension


class ExtensionHost:
    """Gives a Flask class ``register_extension``: ``class App(ExtensionHost, Flask): ...``."""

    def register_extension(self, extension: E) -> E:
        """Initialise an extension for this application and return it.

        :param extension: anything with ``init_app(app)``.
        :raises TypeError: for what is no extension.
        :raises RuntimeError: for a second one of the same class.
        """
        return register_extension(cast("flask.Flask", self), extension)


class Flask(ExtensionHost, flask.Flask):
    """Flask with ``register_extension``."""
