"""Agreement: what an application offers and a request wants come to."""

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from .keeping import LONGEST, MOST
from .negotiation import HTML, Format, Formats, negotiate
from .page import POLICY
from .rendering import RENDERERS
from .translations import choose, spoken

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment
    from flask import Flask

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


def agreed(
    formats: Formats, languages: tuple[str, ...], environ: "WSGIEnvironment", app: "Flask"
) -> tuple[Agreement, Lines]:
    """Return the agreement, and the headers of an answer that is written by ours.

    :param formats: those that are offered.
    :param languages: those that are offered, where Flask-Babel does not know better.
    """
    by_language = len(languages) > 1
    if "babel" in app.extensions:
        languages, by_language = spoken(languages, app)
    accept = environ.get("HTTP_ACCEPT", "")
    accept_language = environ.get("HTTP_ACCEPT_LANGUAGE", "")
    short = len(accept) + len(accept_language) <= LONGEST
    agree = _agreed if short else _agreed.__wrapped__
    return agree(formats, languages, by_language, accept, accept_language)


@lru_cache(maxsize=MOST)
def _agreed(
    formats: Formats,
    languages: tuple[str, ...],
    by_language: bool,
    accept: str,
    accept_language: str,
) -> tuple[Agreement, Lines]:
    format_, language = negotiate(formats, accept), choose(languages, accept_language)
    agreement = Agreement(format_, language, len(formats) > 1, by_language)
    return agreement, agreement.lines()
