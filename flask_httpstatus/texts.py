"""Texts: what a message may be, and what of a text can be sent."""

import re
from typing import Any, Protocol, TypeAlias

_NONCHARACTERS = "".join(
    chr(plane * 0x10000 + end) for plane in range(17) for end in (0xFFFE, 0xFFFF)
)
#: HTML or XML may not have them, and a terminal would obey them.
UNPRINTABLE = rf"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef{_NONCHARACTERS}]"


class LazyText(Protocol):
    """A text that is made when it is read, as ``flask_babel.lazy_gettext`` returns it."""

    def __len__(self) -> int: ...
    def __radd__(self, other: Any, /) -> Any: ...


Text: TypeAlias = str | LazyText


def writes_str(value: object) -> bool:
    """Tell whether ``str(value)`` is a text that the class of the value wrote, and no repr."""
    method: object = type(value).__str__
    return method is not object.__str__


def checked_message(message: Any) -> Any:
    """Return the message if it is a text, or an object whose class writes one.

    :raises TypeError: for anything else.
    """
    if isinstance(message, str):
        return message
    if isinstance(message, BaseException):
        hint = "str(error) may tell secrets: write a sentence, and raise it from the error"
    elif isinstance(message, (int, float, bytes, bytearray)) or not writes_str(message):
        hint = "the message comes first, then the status: Failure('no such user', 404)"
    else:
        return message
    raise TypeError(f"a message is a str or a lazy string, not {type(message).__name__}; {hint}")


def encodable(text: str) -> str:
    """Return the text as a plain str that UTF-8 can carry: lone surrogates are replaced."""
    if type(text) is not str:
        text = str.__str__(text)
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def printable(value: str) -> str:
    """Return the text with each control character but tab and line break replaced."""
    return value if value.isprintable() else re.sub(UNPRINTABLE, "\ufffd", value)
