"""Preparing: the answers to all failures of a status, but for the message."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from . import http
from .agreement import Agreement, Lines
from .document import redundant
from .failures import Failure
from .keeping import LONGEST, MOST
from .negotiation import HTML, PROBLEM, TEXT, Format, Formats, negotiate
from .page import Surroundings, built_in_surroundings, nonce_of, page
from .rendering import RENDERERS
from .settings import Settings, settings_of
from .translations import choose, spoken

if TYPE_CHECKING:
    from flask import Flask, Request

#: Under this key an application remembers what has been prepared with its settings.
PREPARED = "httpstatus.prepared"
# Stands for the message. Of the private use area: it is rare, and looked for below.
_MARK = "\ue000"
# How often the message stands in each format that can be prepared.
_TIMES: Mapping[Format, int] = {PROBLEM: 1, HTML: 2, TEXT: 1}
# What one of these formats escapes, beside what is not printable.
_ESCAPED = re.compile(r"[<>&\"\\]")


class Body:
    """The body of an answer but for the message.

    :param redundant: the messages, case folded, that add nothing to the phrase of the status.
    :param silent: the whole body for one of those.
    :param parts: what stands before, between and after any other message.
    """

    def __init__(self, redundant: tuple[str, str], silent: bytes, parts: tuple[bytes, ...]) -> None:
        self.redundant = redundant
        self.silent = silent
        self.parts = parts


class Prepared:
    """All of an answer that its status and its request decide.

    :param body: None where the failures of a status have none in common, as with an incident.
    """

    def __init__(self, agreement: Agreement, body: Body | None) -> None:
        self.agreement = agreement
        self.lines: Lines = agreement.lines()
        self.body = body

    def written(self, failure: Failure, request: "Request") -> bytes | None:
        """Return the body for a failure that has nothing but a simple message, else None.

        Between ready parts a page is written in a tenth of the time.
        """
        body = self.body
        # Read once: a class may make another one every time, with markup that nobody looked for.
        message: object = failure.message
        if (
            body is None
            or type(message) is not str
            or not message.isprintable()
            or _ESCAPED.search(message)
            or failure.incident is not None
            or failure.type_uri is not None
            or vars(failure).get("members")
            or (
                self.agreement.format is HTML
                and (failure.retry_after is not None or nonce_of(request) is not None)
            )
        ):
            return None
        if message.casefold() in body.redundant:
            return body.silent
        return message.encode().join(body.parts)


def prepared(
    code: int, offered: Formats, settings: Settings, request: "Request", app: "Flask"
) -> Prepared:
    """Return what is prepared for the failures of this status and for this request.

    :param offered: the formats that are offered.
    """
    prepare = app.extensions.get(PREPARED) or _preparing(app)
    environ, root_path = request.environ, request.root_path
    babel = spoken(settings.languages, app) if "babel" in app.extensions else None
    accept = environ.get("HTTP_ACCEPT", "")
    accept_language = environ.get("HTTP_ACCEPT_LANGUAGE", "")
    if len(accept) + len(accept_language) + len(root_path) > LONGEST:
        prepare = prepare.__wrapped__
    known: Prepared = prepare(code, offered, babel, (accept, accept_language), root_path)
    return known


def _preparing(app: "Flask") -> Any:
    """Return the application's cache of what is prepared; it is made at the first failure.

    What is new to it costs little, as long as the caches of formats, languages and bodies know it.
    """
    settings = settings_of(app)

    @lru_cache(maxsize=MOST)
    def prepare(
        code: int,
        offered: Formats,
        babel: tuple[tuple[str, ...], bool] | None,
        wanted: tuple[str, str],
        root_path: str,
    ) -> Prepared:
        accept, accept_language = wanted
        languages, by_language = babel or (settings.languages, len(settings.languages) > 1)
        format_, language = negotiate(offered, accept), choose(languages, accept_language)
        agreement = Agreement(
            format_, language, by_accept=len(offered) > 1, by_language=by_language
        )
        around = built_in_surroundings(code, app, root_path) if format_ is HTML else None
        body = None
        if code not in settings.incident and (around is not None or format_ is not HTML):
            body = _body(format_, code, language, around)
        return Prepared(agreement, body)

    app.extensions[PREPARED] = prepare
    return prepare


@lru_cache(maxsize=256)
def _body(format_: Format, code: int, language: str, around: Surroundings | None) -> Body | None:
    if format_ not in _TIMES:
        return None

    def written(message: str) -> bytes:
        failure = Failure(message, code)
        failure.language = language
        text = RENDERERS[format_](failure) if around is None else page(failure, around)[0]
        return text.encode()

    parts = written(_MARK).split(_MARK.encode())
    # The texts of a site may have the mark, too, as a logo of an icon font may.
    if len(parts) != 1 + _TIMES[format_]:
        return None
    return Body(redundant(http.facts(code).phrase), written(""), tuple(parts))
