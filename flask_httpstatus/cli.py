"""Cli: what an application's failures are, on the command line: flask failures ..."""

import difflib
import json
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup
from werkzeug.exceptions import HTTPException

from . import extension, http, preview
from .declarations import catalogue, duplicates
from .examples import example
from .failures import Failure
from .kinds import NotFound
from .negotiation import FORMATS
from .openapi import openapi
from .pages import slug_of
from .problems import Problem, explanation_of
from .registry import KINDS
from .rendering import RENDERERS
from .rendering import problem as rendered
from .schemas import Schemas
from .settings import Settings, current

failures: AppGroup = AppGroup("failures", help="Show, explain and check how the application fails.")
_as_json = click.option("--json", "as_json", is_flag=True, help="Write JSON.")


@failures.command("list")
@_as_json
def list_(*, as_json: bool) -> None:
    """List the problem types, with the views that declare them."""
    rows: list[dict[str, Any]] = [
        {
            "type": problem.uri(),
            "status": int(problem.status),
            "name": problem.__name__,
            "title": problem.title,
            "views": views,
        }
        for problem, views in catalogue(current_app).items()
    ]
    if as_json:
        _write(rows)
    for row in () if as_json else rows:
        click.echo("{status} {name} {type}".format_map(row))
        click.echo(f"    {row['title']}")
        click.echo(f"    {', '.join(row['views']) or '(no view)'}")


@failures.command()
@click.argument("what")
@_as_json
def explain(what: str, *, as_json: bool) -> None:
    """Explain a status, a kind or a problem type: 429, NotFound, out-of-credit."""
    kind = _find(what)
    facts = http.facts(int(what) if what.isdecimal() else kind.status)
    happened, to_do = facts.description, ""
    if issubclass(kind, Problem):
        happened, to_do = explanation_of(kind)
        shown = example(kind, Schemas())
    else:
        shown = json.loads(rendered(Failure(None, facts.status)))
    lines: dict[str, Any] = {
        "status": int(facts.status),
        "phrase": facts.phrase,
        "kind": kind.__name__,
        "title": kind.title or None,
        "meaning": happened,
        "what to do": to_do or None,
        "reference": facts.reference,
        "url": facts.url,
        "vendor": facts.vendor,
        "headers": {header.name: header.level for header in facts.required_headers},
        "retryable": kind.retryable,
        "example": shown,
    }
    if as_json:
        _write(lines)
        return
    click.echo(f"{lines.pop('status')} {lines.pop('phrase')}")
    for name, value in lines.items():
        if value not in (None, {}):
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            click.echo(f"{name}: {text}")


def _find(what: str) -> type[Failure]:
    if what.isdecimal() and 400 <= int(what) <= 599:
        return type(Failure(None, int(what)))
    kinds = [*KINDS.values(), *catalogue(current_app)]
    for kind in kinds:
        names = {kind.__name__}
        if issubclass(kind, Problem):
            names |= {kind.uri(), kind.type}
        if what in names:
            return kind
    near = difflib.get_close_matches(what, [kind.__name__ for kind in kinds], n=3)
    hint = f"; did you mean {', '.join(near)}?" if near else ""
    raise click.ClickException(f"{what!r} is no status from 400 to 599, kind or problem type{hint}")


@failures.command()
@click.option("--lock", default="failures.lock", show_default=True, help="The lock file.")
@click.option("--update", is_flag=True, help="Write the lock file anew.")
@_as_json
def check(lock: str, *, update: bool, as_json: bool) -> None:
    """Compare the problem types with the lock file, and look for mistakes."""
    found = list(_mistakes())
    try:
        now = sorted(map(_line, catalogue(current_app)))
    except (TypeError, ValueError) as error:
        raise click.ClickException(str(error)) from None
    path = Path(lock)
    if update:
        path.write_text("".join(f"{line}\n" for line in now), "utf-8")
    before = path.read_text("utf-8").splitlines() if path.exists() else []
    if now and not path.exists():
        found.append(f"there is no {lock}; write it with: flask failures check --update")
    diff = list(difflib.unified_diff(before, now, lock, "now", lineterm="", n=0))
    if as_json:
        _write({"mistakes": found, "diff": diff})
    else:
        for line in (*found, *diff):
            click.echo(line)
    if found or diff:
        raise click.exceptions.Exit(1)


def _line(problem: type[Problem]) -> str:
    schemas = Schemas()
    members = schemas.of_members(problem)
    if schemas.definitions:
        members["$defs"] = schemas.definitions
    facts = (problem.uri(), int(problem.status), problem.__name__)
    return " ".join([*map(str, facts), json.dumps(members, sort_keys=True)])


def _mistakes() -> Iterator[str]:
    app = current_app
    if extension.NAME not in app.extensions:
        yield "the application has no Failures; register the extension"
    else:
        handler: Any = app.error_handler_spec[None][None].get(HTTPException)
        if getattr(handler, "__module__", None) != extension.__name__:
            yield (
                f"{handler!r} replaces Failures as the handler for HTTPException; register it for "
                "the classes that it means"
            )
    try:
        Settings.read(app.config, {})
    except (TypeError, ValueError) as error:
        yield str(error)
    yield from _unwritten(current())
    yield from _unexplained(catalogue(app))


def _unwritten(settings: Settings) -> Iterator[str]:
    policies = (*settings.formats.prefixes.values(), *settings.blueprints.values())
    for format_ in {one for policy in policies for one in policy}:
        if format_ not in RENDERERS and format_ not in settings.renderers:
            yield f"nothing writes {format_.name!r}; register it with @failures.renderer"


def _unexplained(problems: Collection[type[Problem]]) -> Iterator[str]:
    yield from duplicates(problems)
    named: dict[str, list[str]] = {}
    for problem in problems:
        named.setdefault(slug_of(problem), []).append(problem.__name__)
    for slug, names in named.items():
        if len(names) > 1:
            yield f"{' and '.join(names)} share the page {slug!r}; end their types differently"
    for problem in problems:
        if not problem.written_title:
            yield f"{problem.__name__} has no title of its own; write one"
        if not explanation_of(problem)[0]:
            yield f"{problem.__name__} has no docstring, which explains it to those who meet it"


@failures.command("preview")
@click.argument("status", type=int)
@click.option("--format", "name", default="html", show_default=True, type=click.Choice([*FORMATS]))
@click.option("--language", help="One of FAILURES_LANGUAGES, by default the first.")
def preview_(status: int, name: str, language: str | None) -> None:
    """Write what is answered with a status, as the application's templates have it."""
    # A template may ask for the request, as it does when it is answered with.
    with current_app.test_request_context():
        try:
            failure = preview.specimen(status, language or current().languages[0])
        except NotFound as error:
            raise click.ClickException(error.message) from None
        click.echo(RENDERERS[FORMATS[name]](failure), nl=False)


@failures.command("openapi")
@click.argument("spec", type=click.File(encoding="utf-8"), required=False)
def openapi_(spec: Any) -> None:
    """Write an OpenAPI document with the failures of each view, or extend the JSON file SPEC."""
    _write(openapi(current_app, json.load(spec) if spec else None))


def _write(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
