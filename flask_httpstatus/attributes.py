"""Attributes: status, description and message, as the classes of failures have them."""

from typing import TYPE_CHECKING, Any, Never, NoReturn

from . import http
from .registry import KINDS

if TYPE_CHECKING:
    from .failures import Failure


class CodeOfNoKind:
    """The code where no kind says it: of a class None, of an instance that of its family."""

    def __get__(self, failure: "Failure | None", kind: type["Failure"]) -> int | None:
        # A kind, or a class of Werkzeug's, may stand behind the one that has this.
        codes = (vars(base).get("code") for base in kind.__mro__)
        code = next((code for code in codes if isinstance(code, int)), None)
        return kind.statuses[0] if code is None and failure is not None else code


class StatusOfKind:
    """The status of a kind and of its instances, read from ``code`` and not to be set."""

    def __get__(self, failure: "Failure | None", kind: type["Failure"]) -> http.Status:
        code = (kind if failure is None else failure).code
        return http.status(code or kind.statuses[0])

    def __set__(self, failure: "Failure", value: Never) -> NoReturn:
        raise AttributeError(
            f"the status of {type(failure).__name__} is fixed; raise Failure(message, {value!r})"
        )


class DescriptionOfKind:
    """Werkzeug's name for the message, which its users set: ``self.description = ...``.

    :param text: what it is where no message was given.
    """

    def __init__(self, text: Any) -> None:
        self.text = text

    def __get__(self, failure: "Failure | None", kind: type["Failure"]) -> Any:
        return self.text if failure is None else vars(failure).get("message", self.text)

    def __set__(self, failure: "Failure", value: Any) -> None:
        if value is None:
            vars(failure).pop("message", None)
        else:
            failure.message = value


def instead_of(name: str, value: object) -> str:
    """Return what to write in place of an attribute that no class can set."""
    if name in {"headers", "members"}:
        return "every failure has its own; give them to super().__init__()"
    if isinstance(value, int) and value in KINDS:
        return f"derive it from {KINDS[value].__name__}"
    return (
        "derive it from the kind of its status, such as NotFound; for a status without one "
        "write class Closed(ClientFailure, status=499)"
    )


def sentence(code: int) -> str:
    """Return the phrase of a status as a sentence begins, which is the message by default."""
    first, *rest = http.facts(code).phrase.split()
    return " ".join([first, *(word if word.isupper() else word.lower() for word in rest)])
