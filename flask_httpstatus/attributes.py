"""Attributes: the status and the description of failures, which their class rules."""

from typing import TYPE_CHECKING, Any, Never, NoReturn

from . import http

if TYPE_CHECKING:
    from .failures import Failure


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
