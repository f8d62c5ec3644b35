"""Operations: what the routes of an application tell OpenAPI of its views."""

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.routing.rules import parse_converter_args

from .members import Json, Schema

#: As in Werkzeug: <converter(arguments):name>
_VARIABLE = re.compile(
    r"<(?:(?P<converter>[a-zA-Z_]\w*)(?:\((?P<arguments>.*?)\))?:)?(?P<name>[a-zA-Z_]\w*)>"
)
_SIMPLE: Mapping[str, Schema] = {
    "float": {"type": "number"},
    "uuid": {"type": "string", "format": "uuid"},
}


def routes(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Yield the routes of the application's own views, each with its methods of HTTP."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions.get(rule.endpoint)
        ours = view is None or view.__module__.partition(".")[0] == __package__
        if not ours and rule.endpoint.rpartition(".")[2] != "static":
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule, method


def path_of(rule: Rule) -> str:
    """Return the path of a route as OpenAPI writes it."""
    return _VARIABLE.sub(r"{\g<name>}", rule.rule)


def operation(rule: Rule, view: Callable[..., Any], method: str) -> dict[str, Any]:
    """Return the operation as far as the route and the docstring of the view tell it."""
    handler = getattr(getattr(view, "view_class", None), method.lower(), view)
    summary, _, description = inspect.cleandoc(handler.__doc__ or "").partition("\n\n")
    described = {
        "summary": " ".join(summary.split()),
        "description": description.strip(),
        "parameters": list(_parameters(rule)),
    }
    return {
        **{key: value for key, value in described.items() if value},
        "responses": {"2XX": {"description": "Success"}},
    }


def _parameters(rule: Rule) -> Iterator[Json]:
    for variable in _VARIABLE.finditer(rule.rule):
        arguments, options = parse_converter_args(variable["arguments"] or "")
        schema = _schema(variable["converter"] or "string", arguments, options)
        yield {"name": variable["name"], "in": "path", "required": True, "schema": schema}


def _schema(converter: str, arguments: tuple[Any, ...], options: Mapping[str, Any]) -> Schema:
    if converter == "any":
        return {"type": "string", "enum": list(arguments)}
    if converter == "int":
        bounds = {"minimum": options.get("min"), "maximum": options.get("max")}
        if bounds["minimum"] is None and not options.get("signed"):
            bounds["minimum"] = 0
        return {"type": "integer", **_given(bounds)}
    if converter == "string":
        exactly = options.get("length")
        least = exactly or options.get("minlength", arguments[0] if arguments else 1)
        return {
            "type": "string",
            **_given({"minLength": least, "maxLength": exactly or options.get("maxlength")}),
        }
    return dict(_SIMPLE.get(converter, {"type": "string"}))


def _given(values: Mapping[str, Json]) -> Schema:
    return {key: value for key, value in values.items() if value is not None}
