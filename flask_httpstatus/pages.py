"""Pages: the documentation that the type of a problem leads to."""

import json
import re
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from . import http
from .declarations import catalogue
from .examples import example
from .kinds import NotFound
from .members import Schema
from .negotiation import HTML, Format, negotiate
from .problems import PAGES, Problem, explanation_of
from .schemas import Schemas
from .settings import current
from .translations import LANGUAGES

__all__ = ["pages"]

JSON = Format("json", "application/json", frozenset({"application/problem+json", "text/json"}))
SCHEMA = Format("schema", "application/schema+json")

#: A page for each problem type of the application that it is registered with, and an index:
#: ``app.register_blueprint(pages, url_prefix="/problems")``.
pages: Blueprint = Blueprint("problems", __name__, template_folder="templates")


@pages.record
def _remember(state: BlueprintSetupState) -> None:
    prefix = (state.url_prefix or "").rstrip("/")
    if "<" in prefix:
        raise ValueError(f"url_prefix={prefix!r} has a variable; a type has to be one URI")
    state.app.extensions[PAGES] = prefix


@pages.get("/")
def index() -> ResponseReturnValue:
    """List the problem types of the application."""
    entries = [_entry(problem) for problem in catalogue(current_app)]
    if negotiate((HTML, JSON), _accept()) is HTML:
        return _page("index", entries=entries)
    return _json({"problems": entries}, JSON)


@pages.get("/<slug>")
def show(slug: str) -> ResponseReturnValue:
    """Explain a problem type to a person or a program."""
    found = {slug_of(problem): problem for problem in catalogue(current_app)}
    problem = NotFound.unless(found.get(slug), "There is no problem type of this name.")
    format_ = negotiate((HTML, JSON, SCHEMA), _accept())
    if format_ is SCHEMA:
        return _json(_schema(problem), SCHEMA)
    entry = _entry(problem)
    if format_ is JSON:
        return _json(entry, JSON)
    return _page("problem", problem=entry, dumps=_dumps)


def slug_of(problem: type[Problem]) -> str:
    """Return the last part of the path of a type's page."""
    *_, last = re.split(r"[/:?#]", problem.type.rstrip("/?#"))
    return last


def _entry(problem: type[Problem]) -> dict[str, Any]:
    facts = http.facts(problem.status)
    happened, to_do = explanation_of(problem)
    schemas = Schemas("#/$defs/")
    return {
        "type": problem.uri(),
        "title": problem.title,
        "status": int(problem.status),
        "phrase": facts.phrase,
        "explanation": happened,
        "what_to_do": to_do,
        "retryable": problem.retryable,
        "members": schemas.of_members(problem),
        "$defs": schemas.definitions,
        "example": example(problem, schemas),
        "page": url_for("problems.show", slug=slug_of(problem)),
    }


def _schema(problem: type[Problem]) -> Schema:
    schemas = Schemas("#/$defs/")
    reference = schemas.of_problem(problem)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **reference,
        "$defs": schemas.definitions,
    }


def _accept() -> str:
    return request.headers.get("Accept", "")


def _page(name: str, **context: Any) -> Response:
    language = LANGUAGES[current().languages[0]]
    # The frame is English; what the application has written is in its own language.
    words = {} if language.tag == "en" else {"lang": language.tag, "dir": language.direction}
    return _varying(render_template(f"problems/{name}.html", words=words, **context))


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _json(value: Mapping[str, Any], format_: Format) -> Response:
    return _varying(_dumps(value) + "\n", format_.media_type)


def _varying(body: str, media_type: str = HTML.media_type) -> Response:
    response = Response(body, mimetype=media_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.vary.add("Accept")
    return response
