"""Schemas: what the documents of problem types hold, as JSON Schema and OpenAPI say it."""

import dataclasses
import re
from collections.abc import Callable, Iterable
from enum import Enum, Flag
from types import UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    NewType,
    NotRequired,
    Required,
    Union,
    get_args,
    get_origin,
    is_typeddict,
)

from .annotations import fields_of, hints_of, required_of
from .issues import Issue
from .members import Json, Schema, jsonable, schema_of
from .problems import Problem, explanation_of

#: The name of the schema of every failure that is no declared problem type.
GENERAL = "Failure"

_STANDARD: Schema = {
    "type": {"type": "string", "format": "uri-reference"},
    "title": {"type": "string"},
    "status": {"type": "integer"},
    "detail": {"type": "string"},
    "instance": {"type": "string", "format": "uri-reference"},
}


class Schemas:
    """Makes the schemas of types, and keeps those that have a name.

    They are such that OpenAPI 3.0 understands them and JSON Schema 2020-12 as well.

    :param place: where the names stand: in the schema itself, or ``#/components/schemas/``.
    """

    def __init__(self, place: str = "#/$defs/") -> None:
        self.definitions: dict[str, Json] = {}
        self._place = place
        self._named: dict[str, object] = {}

    def of_failures(self) -> Schema:
        """Return a reference to the schema of failures in general (RFC 9457, Section 3)."""
        issues: Schema = {"type": "array", "items": self.of(Issue)}
        return self._reference(
            GENERAL,
            Problem,
            lambda: {
                "description": "What went wrong (RFC 9457).",
                "type": "object",
                "required": ["title", "status"],
                "properties": {**_STANDARD, "errors": issues},
            },
        )

    def of_problem(self, problem: type[Problem]) -> Schema:
        """Return a reference to the schema of the documents of a problem type."""
        return self._reference(problem.__name__, problem, lambda: self._problem(problem))

    def _problem(self, problem: type[Problem]) -> Schema:
        fixed: Schema = {
            "type": {"type": "string", "enum": [problem.uri()]},
            "title": {"type": "string"},
            "status": {"type": "integer", "enum": [int(problem.status)]},
        }
        if says_retryable(problem):
            fixed["retryable"] = {"type": "boolean"}
        members = self.of_members(problem)
        optional: Schema = {}
        if hasattr(problem, "errors") and "errors" not in members:
            optional["errors"] = {"type": "array", "items": self.of(Issue)}
        happened, to_do = explanation_of(problem)
        return {
            "title": problem.title,
            "description": f"{happened}\n\n{to_do}".strip() or problem.title,
            "type": "object",
            "required": [*fixed, *members],
            "properties": {**_STANDARD, **fixed, **optional, **members},
        }

    def of_members(self, problem: type[Problem]) -> Schema:
        """Return the schema of each member of a problem type, by the name under which it is sent.

        :raises TypeError: for an annotation with a name that is not there at run time.
        """
        hints = hints_of(problem)
        return {member.sent_as: self.of(hints[name]) for name, member in problem.declared.items()}

    def of(self, annotation: Any) -> Schema:
        """Return the schema of what ``jsonable`` makes of values that are annotated so."""
        origin, arguments = get_origin(annotation), get_args(annotation)
        if origin is Annotated:
            return _described(self.of(arguments[0]), arguments[1:])
        if origin in {Union, UnionType}:
            return _any_of(self.of(one) for one in arguments)
        if origin is Literal:
            return {"enum": [jsonable(one) for one in arguments]}
        if isinstance(annotation, NewType) or origin in {Required, NotRequired}:
            return self.of(arguments[0] if arguments else annotation.__supertype__)
        alias = origin or annotation
        if hasattr(alias, "__value__"):  # what Python 3.12 calls a type alias
            return self._reference(alias.__name__, alias, lambda: self.of(alias.__value__))
        class_ = type(None) if annotation is None else alias
        return self._of_class(class_, arguments) if isinstance(class_, type) else {}

    def _of_class(self, class_: type[Any], arguments: tuple[Any, ...]) -> Schema:
        if issubclass(class_, Enum):
            flags = issubclass(class_, Flag)
            return {"type": "integer"} if flags else {"enum": [jsonable(one) for one in class_]}
        if _has_fields(class_):
            return self._reference(class_.__name__, class_, lambda: self._object(class_))
        if hasattr(class_, "model_json_schema"):
            return self._reference(class_.__name__, class_, lambda: self._model(class_))
        schema = schema_of(class_)
        if schema.get("type") == "array":
            return self._array(class_, arguments)
        if schema.get("type") == "object" and arguments:
            schema["additionalProperties"] = self.of(arguments[1])
        writes: object = class_.__str__
        if not schema and writes is not object.__str__:
            schema["type"] = "string"  # what writes itself, such as a lazy text
        return schema

    def _array(self, class_: type[Any], arguments: tuple[Any, ...]) -> Schema:
        if tuple not in class_.__mro__ or arguments[1:] == (Ellipsis,):
            return {"type": "array", "items": self.of(arguments[0] if arguments else Any)}
        row = [self.of(one) for one in arguments or fields_of(class_).values()]
        if not row:
            return {"type": "array", "items": {}}
        size = len(row)
        return {"type": "array", "items": _any_of(row), "minItems": size, "maxItems": size}

    def _object(self, class_: type[Any]) -> Schema:
        fields = fields_of(class_)
        always = required_of(class_, fields)
        required: list[Json] = [name for name in fields if name in always]
        properties: Schema = {name: self.of(hint) for name, hint in fields.items()}
        schema: Schema = {"type": "object", "properties": properties}
        return {**schema, "required": required} if required else schema

    def _model(self, class_: Any) -> Schema:
        schema: Schema = class_.model_json_schema(
            mode="serialization", ref_template=self._place + "{model}"
        )
        others: Any = schema.pop("$defs", {})
        for name, definition in others.items():
            if self.definitions.setdefault(name, definition) not in ({}, definition):
                raise ValueError(f"two types are called {name}; rename one")
        itself: Schema = others.get(class_.__name__, schema)
        return itself

    def _reference(self, name: str, what: object, make: Callable[[], Schema]) -> Schema:
        name = re.sub(r"[^A-Za-z0-9._-]", "_", name)
        if self._named.setdefault(name, what) is not what:
            raise ValueError(f"{what!r} and {self._named[name]!r} are both {name}; rename one")
        if name not in self.definitions:
            self.definitions[name] = {}  # for those that contain themselves
            self.definitions[name] = make()
        return {"$ref": self._place + name}


def says_retryable(problem: type[Problem]) -> bool:
    """Tell whether documents of the type say whether to try again."""
    return problem.says_retryable and problem.retryable is not None


def _has_fields(class_: type) -> bool:
    return class_ is not Issue and (is_typeddict(class_) or dataclasses.is_dataclass(class_))


def _described(schema: Schema, notes: Iterable[object]) -> Schema:
    for note in notes:
        if isinstance(note, str):
            # What stands beside a reference is ignored by OpenAPI 3.0.
            rest: Schema = {"allOf": [schema]} if "$ref" in schema else schema
            return {**rest, "description": note}
    return schema


def _any_of(schemas: Iterable[Schema]) -> Schema:
    different: list[Schema] = []
    for schema in schemas:
        if schema not in different:
            different.append(schema)
    return different[0] if len(different) == 1 else {"anyOf": [*different]}
