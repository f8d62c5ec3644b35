"""Page: the failure as a page for a person."""

import base64
import hashlib
import logging
import pkgutil
import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote

from flask import Flask, Request, has_request_context, render_template
from flask.globals import app_ctx
from jinja2 import Environment, FunctionLoader, Template
from markupsafe import Markup

from . import http
from .document import document
from .failures import Failure
from .overrides import BROKEN, PAGE, Overrides, source
from .pieces import PIECES, Shown
from .settings import Site, current, current_request, settings_of
from .texts import printable
from .translations import LANGUAGES, Language

__all__ = ["STYLE_SOURCE"]

log: logging.Logger = logging.getLogger(__package__)

_KEY = "httpstatus.page"
_MARK = "\0"
#: The style sheet of the page.
STYLE = (pkgutil.get_data(__name__, "templates/failures/page.css") or b"").decode()
_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()

#: The source of the page's style, for the ``style-src`` of an application's own policy.
STYLE_SOURCE = f"'sha256-{_HASH}'"
#: All that the page needs is in the page (CSP Level 3).
POLICY = f"default-src 'none'; style-src {STYLE_SOURCE}"

_MAKERS = tuple(PIECES.values())
_UNTRANSLATED = frozenset({"status", "site", "home", "nonce", "style"})


class Search(NamedTuple):
    """Where to search.

    :param action: the address without its query.
    :param name: of the parameter that takes the words.
    :param others: further parameters.
    """

    action: str
    name: str
    others: tuple[tuple[str, str], ...]


class Frame(NamedTuple):
    """What the pages of a status have in common.

    :param home: where the home page is, None if there is none.
    """

    status: int
    title: str
    language: Language
    site: Site
    home: str | None

    @property
    def style(self) -> Markup:
        """The style sheet."""
        return Markup(STYLE)  # noqa: S704 - our own file

    @property
    def actions(self) -> list[tuple[str, str]]:
        """Where the person can go from here: addresses and labels."""
        login = self.site.login if self.status == http.UNAUTHORIZED else None
        return [
            (url, label)
            for url, label in ((login, "Sign in"), (self.home, "Home page"))
            if url is not None
        ]

    @property
    def search(self) -> Search | None:
        """Where the person can search for what is not found."""
        if self.site.search is None or self.status != http.NOT_FOUND:
            return None
        action, _, query = self.site.search.partition("?")
        *others, (name, _) = parse_qsl(query, keep_blank_values=True)
        return Search(action, name, tuple(others))


class Surroundings(NamedTuple):
    """What a page depends on beside the failure.

    :param language: the application's own.
    :param home: where the home page is, None if there is none.
    :param template: the application's own, None for the built-in one.
    :param nonce: what lets the style through a policy that wants a nonce, None for others.
    """

    language: str
    site: Site
    home: str | None
    template: Template | None = None
    nonce: str | None = None


class _Reading:
    """What a template reads under the name ``page``: the frame, and the pieces between.

    :param piece: makes the piece of that name, when it is read.
    """

    def __init__(self, frame: Frame, piece: Callable[[str], str]) -> None:
        self._frame = frame
        self._piece = piece
        self.translated = False

    def __getattr__(self, name: str) -> Any:
        self.translated |= name not in _UNTRANSLATED
        if name in PIECES:
            return Markup(self._piece(name))  # noqa: S704 - the pieces are escaped
        return getattr(self._frame, name)


def html(failure: Failure) -> str:
    """Write the failure as a page, with the problem document embedded in it."""
    app = app_ctx.app if has_request_context() else None
    return page(failure, surroundings(failure.code or 500, app))[0]


def surroundings(code: int, app: Flask | None) -> Surroundings:
    """Return what the page of a failure depends on beside it.

    :param code: the status of the failure.
    :param app: the application whose request it is, None outside of requests.
    """
    if app is None:
        settings = current()
        return Surroundings(settings.languages[0], settings.site, settings.site.home or None)
    request = current_request()
    template = _asked(app).overrides.template_for(code)
    return _around(app, request.root_path)._replace(template=template, nonce=nonce_of(request))


def built_in_surroundings(code: int, app: Flask, root_path: str) -> Surroundings | None:
    """Return what the built-in page of a status depends on, but for a nonce.

    None where the application has templates of its own, or may get some.

    :param root_path: where the application is, as the request has it.
    """
    return _around(app, root_path) if _asked(app).overrides.is_built_in(code) else None


def _around(app: Flask, root_path: str) -> Surroundings:
    settings = settings_of(app)
    home = settings.site.home
    if home == "" and _asked(app).has_home:
        home = _root(root_path)
    return Surroundings(settings.languages[0], settings.site, home or None)


def nonce_of(request: Request) -> str | None:
    """Return the nonce of the answer's policy, where Flask-Talisman has it."""
    nonce: str | None = vars(request).get("csp_nonce")
    return nonce


def page(failure: Failure, around: Surroundings) -> tuple[str, bool | None]:
    """Return the page of the failure: of the application's template, or of the built-in one.

    A template that fails is logged, and the built-in one is taken. With it comes, for a template
    of the application's, whether any of it is in the language of the answer; None for ours.
    """
    language = LANGUAGES[failure.language]
    foreign = failure.language != around.language
    shown = Shown(failure, document(failure), language, foreign, around.nonce)
    title = printable(str(shown.members["title"]))
    frame = Frame(int(failure.status), title, language, around.site, around.home)
    own = around.template and _of_template(around.template, frame, shown)
    if own:
        return own
    text = list(_parts(frame))
    text[1::2] = [piece(shown) for piece in _MAKERS]
    return "".join(text), None


class _Application:
    """What the page asks of an application, once.

    :param app: when it answers its first failure, so that it has all its routes.
    """

    def __init__(self, app: Flask) -> None:
        self.overrides = Overrides(app)
        self.has_home = any(
            rule.rule == "/" and "GET" in (rule.methods or ()) for rule in app.url_map.iter_rules()
        )


def _asked(app: Flask) -> _Application:
    if _KEY not in app.extensions:
        app.extensions[_KEY] = _Application(app)
    application: _Application = app.extensions[_KEY]
    return application


def _root(path: str) -> str:
    root = path.strip("/\\")
    return f"/{quote(root)}/" if root else "/"


def _of_template(template: Template, frame: Frame, shown: Shown) -> tuple[str, bool] | None:
    failure = shown.failure
    reading = _Reading(frame, lambda name: PIECES[name](shown))
    try:
        text = render_template(template, failure=failure, incident=failure.incident, page=reading)
    except Exception:
        log.exception(BROKEN, frame.status)
        return None
    return text, reading.translated


@lru_cache(maxsize=256)
def _parts(frame: Frame) -> tuple[str, ...]:
    """Return the page in parts, of which every second one is the gap for a piece.

    A template rendered per failure would cost more than all the rest of the answer.
    """
    text = _template().render(page=_Reading(frame, lambda _: _MARK))
    return tuple(re.split(f"({_MARK})", text))


@cache
def _template() -> Template:
    pages = Environment(loader=FunctionLoader(source), autoescape=True, keep_trailing_newline=True)
    return pages.get_template(PAGE)
