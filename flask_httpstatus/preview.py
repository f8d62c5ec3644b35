"""Preview: every status, format and language to look at, while an application is being made."""

import pkgutil
from typing import Final

from flask import Flask, Response, current_app, request
from flask.globals import app_ctx
from jinja2 import Environment
from markupsafe import Markup

from . import http
from .answering import body_of
from .failures import Failure
from .issues import Issue
from .kinds import NotFound
from .negotiation import FORMATS, HTML, Format
from .page import POLICY, STYLE
from .registry import KINDS
from .settings import current
from .translations import LANGUAGES

PREFIX: Final = "/_failures/"

_INCIDENT: Final = "00000000-0000-4000-8000-000000000000"


def register(app: Flask) -> None:
    """Add the routes of the preview to an application that is being debugged."""
    app.add_url_rule(PREFIX, "failures_preview", _index)
    app.add_url_rule(f"{PREFIX}<int:status>/<path:format>", "failure_preview", _one)


def specimen(status: int, language: str) -> Failure:
    """Return a failure that has what failures of this status may have.

    :raises NotFound: for a status that is none of a failure, and a language that there is not.
    """
    if not 400 <= status <= 599 or language not in current().languages:
        raise NotFound("There is no such failure.")
    headers = {header.name for header in http.facts(status).required_headers}
    failure = Failure(None, status, retry_after=90 if "Retry-After" in headers else None)
    if hasattr(failure, "errors"):
        failure.members["errors"] = [
            Issue("must be 18 or more", pointer="#/person/age", code="too_small"),
            Issue("is not an e-mail address", parameter="email"),
        ]
    if status in current().incident:
        failure.incident = _INCIDENT
    failure.language = language
    return failure


def _formats() -> dict[str, Format]:
    return {**FORMATS, **{format_.name: format_ for format_ in current().renderers}}


def _one(status: int, format: str) -> Response:
    format_ = _formats().get(format)
    if not current_app.debug or format_ is None:
        raise NotFound
    failure = specimen(status, request.args.get("language", current().languages[0]))
    text, template = body_of(failure, format_, current(), app_ctx.app)
    # As text, which a browser shows, whereas it would save a document of its own type.
    response = Response(text, mimetype=None if format_ is HTML else "text/plain")
    if format_ is HTML and template is None:
        response.headers["Content-Security-Policy"] = POLICY
    return response


def _index() -> str:
    if not current_app.debug:
        raise NotFound
    languages = current().languages
    language = request.args.get("language", languages[0])
    if language not in languages:
        raise NotFound
    template = (pkgutil.get_data(__name__, "templates/failures/preview.html") or b"").decode()
    return (
        Environment(autoescape=True)
        .from_string(template)
        .render(
            language=LANGUAGES[language],
            languages=languages,
            formats=list(_formats()),
            titles={code: http.facts(code).phrase for code in KINDS},
            style=Markup(STYLE),  # noqa: S704 - our own file
        )
    )
