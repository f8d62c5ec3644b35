"""Issue: what is wrong with which part of the input."""

from dataclasses import dataclass

from .texts import Text, checked_message


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
    :raises TypeError: for a detail that is no text, and a place that is no str.
    :raises ValueError: for more than one place, or a pointer that is none.
    """

    detail: Text
    pointer: str | None = None
    parameter: str | None = None
    header: str | None = None
    cookie: str | None = None
    code: str | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.detail, str):
            _check_detail(self.detail)
        given = (self.pointer, self.parameter, self.header, self.cookie)
        places = [place for place in given if place is not None]
        if len(places) > 1:
            raise ValueError("an issue is in one place: a pointer, parameter, header or cookie")
        if places and not isinstance(places[0], str):
            raise TypeError(f"{places[0]!r} is no place of an issue; name it: pointer='#/items/0'")
        if self.pointer is not None and self.pointer[:2] not in {"#", "#/"}:
            raise ValueError(f"pointer={self.pointer!r} is no URI fragment such as '#/items/0/age'")


def _check_detail(detail: object) -> None:
    try:
        checked_message(detail)
    except TypeError:
        raise TypeError(
            f"an issue says what is wrong, Issue('must be 18 or more'), not {type(detail).__name__}"
        ) from None
