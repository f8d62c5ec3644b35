"""Agreement: what an application offers and a request wants come to, and what follows from it."""

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from .failures import Failure
from .keeping import LONGEST, MOST
from .negotiation import HTML, PROBLEM, TEXT, Format, Formats, negotiate
from .page import POLICY, Surroundings, lasting, page
from .rendering import RENDERERS
from .settings import Settings, settings_of
from .translations import choose, spoken

if TYPE_CHECKING:
    from flask import Flask, Request

#: Under this key an application remembers what has been prepared with its settings.
PREPARED = "httpstatus.prepared"
# Of the private use area, which has no place in the texts of an answer.
_A_MESSAGE = "\ue000"
#: The formats that have most messages as they are, and how often.
_HAVE_MESSAGES = {PROBLEM: 1, HTML: 2, TEXT: 1}
#: What one of these formats writes otherwise, beside what is not printable.
NOT_AS_IT_IS = re.compile(r"[<>&\"\\]")

#: Names and values of headers.
Lines: TypeAlias = tuple[tuple[str, str], ...]


class Agreement(NamedTuple):
    """In which format and language a failure is answered.

    :param by_accept: whether another Accept could have got another format.
    :param by_language: whether another Accept-Language could have got another language.
    """

    format: Format
    language: str
    by_accept: bool
    by_language: bool

    def lines(self, template: bool | None = None) -> Lines:
        """Return the headers that describe the body.

        :param template: as from ``page()``.
        """
        media_type, html = self.format.media_type, self.format is HTML
        # Of the other formats only the title is translated: the message is as it was written.
        translated = self.format in RENDERERS and template is not False
        text = "; charset=utf-8" if media_type.startswith("text/") else ""
        varies = [
            name
            for name, does in (
                ("Accept", self.by_accept),
                ("Accept-Language", self.by_language and translated),
            )
            if does
        ]
        lines = {
            "Content-Type": media_type + text,
            "X-Content-Type-Options": "nosniff",
            "Vary": ", ".join(varies),
            "Content-Language": self.language if translated and html else "",
            "Content-Security-Policy": POLICY if html and template is None else "",
        }
        return tuple((name, value) for name, value in lines.items() if value)


class Prepared(NamedTuple):
    """What is known of an answer by its status and its request, before one looks at the failure.

    :param lines: the headers of an answer that is written by ours.
    :param parts: the texts between which the message stands, if nothing else is said of the
        failure; None where that is not known.
    """

    agreement: Agreement
    lines: Lines
    parts: tuple[bytes, ...] | None


def prepared(
    code: int | None, offered: Formats, settings: Settings, request: "Request", app: "Flask"
) -> Prepared:
    """Return what is known of the answer to a failure of this status.

    :param offered: the formats that are offered.
    """
    prepare = app.extensions.get(PREPARED) or _preparing(app)
    environ = request.environ
    babel = spoken(settings.languages, app) if "babel" in app.extensions else None
    accept = environ.get("HTTP_ACCEPT", "")
    accept_language = environ.get("HTTP_ACCEPT_LANGUAGE", "")
    if len(accept) + len(accept_language) > LONGEST:
        prepare = prepare.__wrapped__
    known: Prepared = prepare(code, offered, babel, accept, accept_language, request.root_path)
    return known


def _preparing(app: "Flask") -> Any:
    """Return what prepares, and have the application remember what that has found."""
    settings = settings_of(app)

    @lru_cache(maxsize=MOST)
    def prepare(
        code: int | None,
        offered: Formats,
        babel: tuple[tuple[str, ...], bool] | None,
        accept: str,
        accept_language: str,
        _: str,
    ) -> Prepared:
        languages, by_language = babel or (settings.languages, len(settings.languages) > 1)
        format_, language = negotiate(offered, accept), choose(languages, accept_language)
        agreement = Agreement(format_, language, len(offered) > 1, by_language)
        parts = None
        if format_ in _HAVE_MESSAGES and code not in settings.incident:
            around = lasting(code, app) if format_ is HTML else None
            if around is not None or format_ is not HTML:
                parts = _parts(format_, code, language, around)
        return Prepared(agreement, agreement.lines(), parts)

    app.extensions[PREPARED] = prepare
    return prepare


@lru_cache(maxsize=256)
def _parts(
    format_: Format, code: int | None, language: str, around: Surroundings | None
) -> tuple[bytes, ...] | None:
    failure = Failure(_A_MESSAGE, code)
    failure.language = language
    text = RENDERERS[format_](failure) if around is None else page(failure, around)[0]
    parts = tuple(text.encode().split(_A_MESSAGE.encode()))
    # The texts of a site may have the mark, too, as a logo of an icon font may.
    return parts if len(parts) == 1 + _HAVE_MESSAGES[format_] else None
