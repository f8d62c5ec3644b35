"""Specs: the failures of each view in the documents of apispec and flask-smorest."""

from typing import Any

from apispec import APISpec, BasePlugin
from flask import current_app

from .openapi import openapi

__all__ = ["FailuresPlugin"]

_SMORESTS = "'#/components/schemas/Error'"


class FailuresPlugin(BasePlugin):
    """Adds the failures of each view whenever the document is written.

    For flask-smorest: ``Api(app, spec_kwargs={"extra_plugins": [FailuresPlugin()]})``. What that
    says of failures by itself is replaced, for its own error handler does not answer them.
    """

    def init_spec(self, spec: APISpec) -> None:
        """Stand between the document and those who read it."""
        to_dict = spec.to_dict

        def extended() -> dict[str, Any]:
            return openapi(current_app, _without_smorests(to_dict()))

        spec.__dict__["to_dict"] = extended


def _without_smorests(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document without the responses that flask-smorest assumes."""
    components: dict[str, Any] = document.get("components", {})
    responses: dict[str, Any] = components.get("responses", {})
    assumed = {
        f"#/components/responses/{name}": response["description"]
        for name, response in responses.items()
        if _SMORESTS in str(response.get("content"))
    }
    for path in document.get("paths", {}).values():
        # Beside the operations a path may have parameters, which are a list.
        for operation in (path[name] for name in path if "responses" in path[name]):
            there: dict[str, Any] = operation["responses"]
            for key, response in [*there.items()]:
                if response.get("$ref") in assumed:
                    there[key] = {"description": assumed[response["$ref"]]}
                    if key == "default":
                        del there[key]
    for reference in assumed:
        del responses[reference.rpartition("/")[2]]
    components.get("schemas", {}).pop("Error" if assumed else None, None)
    return document
