"""Issue: what is wrong with which part of the input."""

from dataclasses import dataclass

from .texts import Text


@dataclass(frozen=True, slots=True)
class Issue:
    """One mistake in the input, shown in a list under ``errors``.

    Where it is: at most one of pointer, parameter, header and cookie.

    :param detail: what is wrong, for a person; it must not repeat the value, which may be secret.
    :param pointer: where in the body, a JSON Pointer as a URI fragment: ``#/items/0/age``
        (RFC 6901, Section 6).
    :param parameter: the name of the query parameter or form field.
    :param header: the name of the request's header.
    :param cookie: the name of the cookie.
    :param code: a short name of the mistake, for programs.
    :raises ValueError: for more than one place, or a pointer that is none.
    """

    detail: Text
    pointer: str | None = None
    parameter: str | None = None
    header: str | None = None
    cookie: str | None = None
    code: str | None = None

    def __post_init__(self) -> None:
        places = [self.pointer, self.parameter, self.header, self.cookie]
        if sum(place is not None for place in places) > 1:
            raise ValueError("an issue is in one place: a pointer, parameter, header or cookie")
        if self.pointer is not None and self.pointer[:2] not in {"#", "#/"}:
            raise ValueError(f"pointer={self.pointer!r} is no URI fragment such as '#/items/0/age'")
