"""OpenAPI: the failures of each view, in a document of their own or in one that there is."""

from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from copy import deepcopy
from typing import Any

from flask import Flask, current_app, has_app_context
from werkzeug.routing import Rule

from . import http
from .declarations import Kinds, catalogue, duplicates, formats_of_view, of_view
from .examples import example
from .failures import Failure
from .headers import HOP_BY_HOP
from .members import Schema
from .negotiation import PROBLEM, Formats
from .operations import operation, path_of, routes
from .problems import Problem
from .schemas import GENERAL, Schemas
from .settings import settings_of

__all__ = ["openapi"]

#: Where nothing else is said; all that is written here is valid in 3.0 as well.
VERSION = "3.1.0"

_RANGES = {range(400, 500): "4XX", range(500, 600): "5XX", range(400, 600): "default"}
_OF_RANGES = {"4XX": "Client Error", "5XX": "Server Error", "default": "Any other failure"}


def openapi(app: Flask, spec: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return an OpenAPI document with the failures of each view.

    A view with ``@fails_with`` has a response for each status that it declares, with schemas and
    examples; every operation has a default response for the rest.

    :param app: the application, when it has all its routes.
    :param spec: a document to extend; it stays as it is. What is extended are the operations
        that it has; one without ``paths`` gets the operations of all views.
    :raises ValueError: for problem types that share a URI or a name, with each other or with
        something else in the document.
    """
    here = has_app_context() and current_app == app
    with nullcontext() if here else app.app_context():
        return _Writer(app).document(spec or {})


class _Writer:
    """Writes the document of an application."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._settings = settings_of(app)
        self._schemas = Schemas("#/components/schemas/")
        self._components: dict[str, Any] = {"schemas": self._schemas.definitions}
        self._problems = tuple(catalogue(app))

    def document(self, spec: Mapping[str, Any]) -> dict[str, Any]:
        """Return the document.

        :param spec: what there is already.
        """
        for sentence in duplicates(self._problems):
            raise ValueError(sentence)
        for problem in self._problems:
            self._example(problem)
        info = {"title": self._app.name, "version": "0.0.0"}
        document: dict[str, Any] = {"openapi": VERSION, "info": info, **deepcopy(dict(spec))}
        paths: dict[str, Any] = document.setdefault("paths", {})
        for rule, method in routes(self._app):
            view = self._app.view_functions[rule.endpoint]
            if "paths" not in spec:
                operations = paths.setdefault(path_of(rule), {})
                operations.setdefault(method.lower(), operation(rule, view, method))
            found = paths.get(path_of(rule), {}).get(method.lower())
            if found is not None:
                responses = found.get("responses", {})
                formats = formats_of_view(view, method) or self._formats(rule)
                declared = of_view(view, method)
                found["responses"] = self._responses(rule, declared, formats, responses)
        self._add_components(document)
        return document

    def _responses(
        self, rule: Rule, declared: Kinds, formats: Formats, there: Mapping[Any, Any]
    ) -> dict[str, Any]:
        responses: dict[str, Any] = {str(key): response for key, response in there.items()}
        # The extension answers all of a view's failures, whatever another tool says of them.
        kinds: dict[str, list[type[Failure]]] = {
            key: []
            for key, response in responses.items()
            if key[0] in "45" and (declared or not response.keys() & {"content", "$ref"})
        }
        if declared and "<" in rule.rule:  # a part of the path that may be wrong
            kinds.setdefault("404", [])
        for kind in declared:
            kinds.setdefault(_key(kind), []).append(kind)
        if declared or "default" not in responses:
            kinds.setdefault("default", [])
        for key, group in kinds.items():
            response = self._response(key, group, formats)
            if key == "default" and not group and PROBLEM in formats:
                responses[key] = self._component("responses", GENERAL, response)
            else:
                own: dict[str, Any] = responses.get(key, {})
                kept = {} if "$ref" in own else own
                responses[key] = {**response, **kept, "content": response["content"]}
        return responses

    def _formats(self, rule: Rule) -> Formats:
        name, within = rule.endpoint, list[object]()
        while name := name.rpartition(".")[0]:
            within.append(self._app.blueprints[name])
        return self._settings.formats_offered(within, rule.rule)

    def _response(self, key: str, kinds: list[type[Failure]], formats: Formats) -> dict[str, Any]:
        """Return the response of a status.

        :param kinds: what is declared with that status; nothing for any failure.
        """
        declared = tuple(kind for kind in kinds if issubclass(kind, Problem))
        problems = [problem for problem in self._problems if issubclass(problem, declared)]
        titles = [problem.title for problem in problems]
        schemas = [self._schemas.of_problem(problem) for problem in problems]
        examples = {problem.__name__: self._example(problem) for problem in problems}
        if not kinds or len(declared) < len(kinds):
            titles.append(_phrase(key))
            schemas.append(self._schemas.of_failures())
            if key.isdigit():
                value = {"title": _phrase(key), "status": int(key)}
                examples[key] = self._component("examples", key, {"value": value})
        content: dict[str, Any] = {
            one.media_type: {"schema": {"type": "string"}} for one in formats
        }
        if PROBLEM in formats:
            # The other formats say the same to people.
            schema = self._one_of(problems, schemas)
            content = {PROBLEM.media_type: {"schema": schema}}
            if examples:
                content[PROBLEM.media_type]["examples"] = examples
        headers = dict(self._headers(key, problems))
        response = {"description": "; ".join(dict.fromkeys(titles)), "content": content}
        return {**response, "headers": headers} if headers else response

    def _one_of(self, problems: list[type[Problem]], schemas: list[Schema]) -> dict[str, Any]:
        if len(schemas) == 1:
            return schemas[0]
        if len(schemas) > len(problems):
            # A failure without a type of its own may have any members, also those of a type.
            return {"anyOf": schemas}
        mapping = {
            problem.uri(): schema["$ref"] for problem, schema in zip(problems, schemas, strict=True)
        }
        return {"oneOf": schemas, "discriminator": {"propertyName": "type", "mapping": mapping}}

    def _headers(self, key: str, problems: list[type[Problem]]) -> Iterator[tuple[str, Any]]:
        known = http.facts(int(key)).required_headers if key.isdigit() else ()
        if any(problem.retry_after is not None for problem in problems):
            known = (*known, http.RequiredHeader("Retry-After", "MAY"))
        for header in known:
            must = header.level == "MUST" and not header.when
            # A hop-by-hop header is sent only where the server takes it.
            required = must and header.name.lower() not in HOP_BY_HOP
            component = {"schema": {"type": "string"}, "required": required}
            yield header.name, self._component("headers", header.name, component)

    def _example(self, problem: type[Problem]) -> dict[str, str]:
        value = example(problem, self._schemas)
        name = problem.__name__
        return self._component("examples", name, {"summary": problem.title, "value": value})

    def _component(self, section: str, name: str, component: dict[str, Any]) -> dict[str, str]:
        self._components.setdefault(section, {})[name] = component
        return {"$ref": f"#/components/{section}/{name}"}

    def _add_components(self, document: dict[str, Any]) -> None:
        for section, components in self._components.items():
            there = document.setdefault("components", {}).setdefault(section, {})
            for name, component in components.items():
                if there.setdefault(name, component) != component:
                    raise ValueError(
                        f"the document has something else at #/components/{section}/{name}; "
                        "rename one of the two"
                    )


def _key(kind: type[Failure]) -> str:
    return _RANGES[kind.statuses] if "statuses" in vars(kind) else str(int(kind.status))


def _phrase(key: str) -> str:
    return http.facts(int(key)).phrase if key.isdigit() else _OF_RANGES.get(key, "Failure")
