"""Examples: documents of problem types, with made-up members."""

from contextlib import suppress
from typing import Any

from .document import redundant
from .members import Json, Schema, jsonable
from .problems import Problem
from .schemas import Schemas, says_retryable

_SAMPLES: Schema = {
    "date": "2026-12-31",
    "date-time": "2026-12-31T12:00:00+00:00",
    "decimal": "19.99",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "integer": 1,
    "number": 1.5,
    "boolean": True,
    "null": None,
}


def example(problem: type[Problem], schemas: Schemas) -> Schema:
    """Return a document as the problem type makes it, of its defaults and made-up members."""
    members = {
        name: _sample(schema, schemas, frozenset())
        for name, schema in schemas.of_members(problem).items()
    }
    for member in problem.declared.values():
        if member.default is not None:
            members[member.sent_as] = jsonable(member.default())
    message = str(
        problem.written({name: members[one.sent_as] for name, one in problem.declared.items()})
    )
    return {
        "type": problem.uri(),
        "title": problem.title,
        "status": int(problem.status),
        **({"detail": message} if message.casefold() not in redundant(problem.title) else {}),
        **({"retryable": problem.retryable} if says_retryable(problem) else {}),
        **members,
    }


def _sample(schema: Any, schemas: Schemas, within: frozenset[str]) -> Json:
    """Return a value of the schema.

    :raises RecursionError: for a schema that has no value but one that contains itself.
    """
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if name in within:
            raise RecursionError(name)
        return _sample(schemas.definitions[name], schemas, within | {name})
    for alternative in (*schema.get("allOf", ()), *schema.get("anyOf", ())):
        with suppress(RecursionError):
            return _sample(alternative, schemas, within)
    sample = _SAMPLES.get(schema.get("format", schema.get("type")), "string")
    if "enum" in schema:
        sample = schema["enum"][0]
    elif schema.get("type") == "object":
        properties = schema.get("properties", {})
        wanted = schema.get("required", ())
        sample = {name: _sample(properties[name], schemas, within) for name in wanted}
    elif schema.get("type") == "array":
        sample = []
        with suppress(RecursionError):
            sample = [_sample(schema["items"], schemas, within)] * schema.get("minItems", 1)
    return sample
