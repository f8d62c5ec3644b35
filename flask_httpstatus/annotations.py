"""Annotations: the types of the members of problem types, and of the fields of other classes."""

import dataclasses
import sys
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, NotRequired, Required, get_origin, get_type_hints

from .problems import Problem, annotations_of


def hints_of(class_: type, *, lenient: bool = False) -> dict[str, Any]:
    """Return what the annotations of a class and its bases mean; of a problem type, its members'.

    :param lenient: takes Any for an annotation that cannot be read.
    :raises TypeError: for such an annotation otherwise.
    """
    hints: dict[str, Any] = {}
    for base in reversed(class_.__mro__):
        # The attributes of every failure, and those of the kinds, are no members.
        if base is Problem or (issubclass(class_, Problem) and not issubclass(base, Problem)):
            continue
        # A class that exec() made may be of a module that there is not.
        module = sys.modules.get(base.__module__)
        names = {**getattr(module, "__dict__", {}), base.__name__: base}
        for name, annotation in annotations_of(base).items():
            try:
                hints[name] = _hint(annotation, names)
            except Exception as error:  # noqa: BLE001 - the annotation may be any expression
                if not lenient:
                    raise TypeError(
                        f"the annotations of {base.__name__} cannot be read: {error}; import it "
                        "where the module runs, not under TYPE_CHECKING only"
                    ) from None
                hints[name] = Any
    return hints


def _hint(annotation: object, names: dict[str, Any]) -> Any:
    alone = SimpleNamespace(__annotations__={"it": annotation})
    return get_type_hints(alone, names, include_extras=True)["it"]


def fields_of(class_: type, *, lenient: bool = False) -> dict[str, Any]:
    """Return the types of the fields of a dataclass, a TypedDict or a named tuple.

    :param lenient: as for :func:`hints_of`.
    :raises TypeError: likewise.
    """
    hints = hints_of(class_, lenient=lenient)
    names = getattr(class_, "_fields", hints)
    if dataclasses.is_dataclass(class_):
        names = [one.name for one in dataclasses.fields(class_)]
    return {name: hints.get(name, Any) for name in names}


def required_of(class_: type, fields: Mapping[str, Any]) -> set[str]:
    """Return the names of the fields that are always there."""
    always = getattr(class_, "__required_keys__", fields)
    return {
        name
        for name, hint in fields.items()
        # Python has not seen what stands in a text.
        if get_origin(hint) is Required or (name in always and get_origin(hint) is not NotRequired)
    }
