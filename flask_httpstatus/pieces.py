"""Pieces: what differs between two pages of the same status."""

import html
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple
from urllib.parse import unquote

from markupsafe import Markup, escape

from . import http
from .document import as_json, plain
from .failures import Failure
from .members import Json
from .registry import STANDARD_MEMBERS
from .texts import UNPRINTABLE, printable
from .translations import Language


class Shown(NamedTuple):
    """A failure as it is shown.

    :param members: its problem document.
    :param language: the language of the page.
    :param foreign: whether the application's own texts, such as the message, may be in another.
    :param nonce: what lets the style through a policy that wants a nonce, None for others.
    """

    failure: Failure
    members: Mapping[str, Json]
    language: Language
    foreign: bool
    nonce: str | None = None

    @property
    def issues(self) -> list[dict[str, Json]]:
        """What is wrong with the input, as the problem document has it."""
        errors = self.members.get("errors")
        return [
            error
            for error in (errors if isinstance(errors, list) else [])
            if isinstance(error, dict) and "detail" in error
        ]


_BACK: Final = "Use your browser's Back button to return to the previous page."
_CORRECT: Final = "Go back, check what you entered, and send it again."
_RELOAD: Final = "Reload the page to see how things are now, then try again."
_WAIT: Final = "Wait a moment, then try again."
_UPDATE: Final = "Update your browser, then try again."
_ASK: Final = "If you think this is a mistake, contact the people who run this site."
_NOT_YOU: Final = "This is not your fault. Please try again later."

#: What the person can do now, where the explanation does not say it already.
ADVICE: Final[Mapping[int, str]] = MappingProxyType(
    {
        http.BAD_REQUEST: _CORRECT,
        http.FORBIDDEN: _ASK,
        http.NOT_FOUND: "Check the address for typing mistakes.",
        http.METHOD_NOT_ALLOWED: _BACK,
        http.NOT_ACCEPTABLE: _BACK,
        http.REQUEST_TIMEOUT: _WAIT,
        http.CONFLICT: _RELOAD,
        http.GONE: _BACK,
        http.LENGTH_REQUIRED: _BACK,
        http.PRECONDITION_FAILED: _RELOAD,
        http.CONTENT_TOO_LARGE: "Go back and send something smaller.",
        http.URI_TOO_LONG: _BACK,
        http.UNSUPPORTED_MEDIA_TYPE: "Go back and send it in another format.",
        http.RANGE_NOT_SATISFIABLE: _RELOAD,
        http.EXPECTATION_FAILED: _BACK,
        http.IM_A_TEAPOT: _BACK,
        http.MISDIRECTED_REQUEST: _WAIT,
        http.UNPROCESSABLE_CONTENT: _CORRECT,
        http.LOCKED: _WAIT,
        http.FAILED_DEPENDENCY: _BACK,
        http.TOO_EARLY: _WAIT,
        http.UPGRADE_REQUIRED: _UPDATE,
        http.PRECONDITION_REQUIRED: _RELOAD,
        http.TOO_MANY_REQUESTS: _WAIT,
        http.REQUEST_HEADER_FIELDS_TOO_LARGE: (
            "Delete this site's cookies in your browser, then try again."
        ),
        http.UNAVAILABLE_FOR_LEGAL_REASONS: _ASK,
        http.NOT_IMPLEMENTED: _BACK,
        http.BAD_GATEWAY: _WAIT,
        http.SERVICE_UNAVAILABLE: _WAIT,
        http.GATEWAY_TIMEOUT: _WAIT,
        http.HTTP_VERSION_NOT_SUPPORTED: _UPDATE,
        **dict.fromkeys(
            (
                http.INTERNAL_SERVER_ERROR,
                http.VARIANT_ALSO_NEGOTIATES,
                http.INSUFFICIENT_STORAGE,
                http.LOOP_DETECTED,
                http.NOT_EXTENDED,
            ),
            _NOT_YOU,
        ),
    }
)
# The symbols of units do not inflect, so that no language needs forms for its plurals.
_UNITS: Final = (
    (86400, "{number} d"),
    (3600, "{number} h"),
    (60, "{number} min"),
    (1, "{number} s"),
)
_TIME: Final = Markup('<time datetime="{}">{}</time>')
_MARKUP: Final = {"<": r"\u003c", ">": r"\u003e", "&": r"\u0026"}
_NOT_IN_A_SCRIPT: Final = rf"[\u2028\u2029]|{UNPRINTABLE}"
#: Shown elsewhere on the page.
_NO_DETAILS = STANDARD_MEMBERS - {"type"}


def nonce(shown: Shown) -> str:
    """Return the attribute that a policy with a nonce wants."""
    return f' nonce="{escape(shown.nonce)}"' if shown.nonce else ""


def message(shown: Shown) -> str:
    """Return what happened: the message, or the explanation of the status where it says no more.

    It is a block of its own, which contains what its text does to the direction of writing.
    """
    detail = shown.members.get("detail")
    if detail is None:
        explanation = http.facts(shown.failure.status).description
        return f'<p class="message">{escape(shown.language(explanation))}</p>'
    # In the text of an element quotes mean nothing.
    text = html.escape(printable(str(detail)), quote=False)
    return f'<p class="message" dir="auto"{_lang(shown)}>{text}</p>'


def issues(shown: Shown) -> str:
    """Return what is wrong with the input, as a list."""
    found = shown.issues
    if not found:
        return ""
    items = "".join(f'<li dir="auto">{_place(one)}{_text(one["detail"])}</li>' for one in found)
    return f"<h2>{escape(shown.language('What to correct'))}</h2><ul{_lang(shown)}>{items}</ul>"


def _place(issue: Mapping[str, Json]) -> str:
    pointer = issue.get("pointer")
    if pointer is not None:
        steps = unquote(str(pointer)).split("/")[1:]
        place = " / ".join(step.replace("~1", "/").replace("~0", "~") for step in steps)
    else:
        place = str(issue.get("parameter") or issue.get("header") or issue.get("cookie") or "")
    return f"<bdi>{_text(place)}</bdi> " if place else ""


def advice(shown: Shown) -> str:
    """Return what the person can do now, and from when on where that is known."""
    retry_after = shown.failure.retry_after
    if isinstance(retry_after, datetime):
        sentence, time = "You can try again after {time}.", _moment(retry_after)
    elif isinstance(retry_after, int) and retry_after:
        sentence, time = "You can try again in {time}.", _duration(retry_after, shown.language)
    else:
        return _advice_on(shown.failure.status, shown.language)
    return f'<p class="advice">{escape(shown.language(sentence)).format(time=time)}</p>'


@lru_cache(maxsize=1024)
def _advice_on(status: int, language: Language) -> str:
    sentence = ADVICE.get(status)
    return f'<p class="advice">{escape(language(sentence))}</p>' if sentence else ""


def _moment(moment: datetime) -> Markup:
    # The server does not know the person's time zone, so it says which one it means.
    utc = moment.astimezone(UTC)
    minute = utc + timedelta(minutes=1) if utc.second or utc.microsecond else utc
    return _TIME.format(f"{utc:%Y-%m-%dT%H:%M:%SZ}", f"{minute:%Y-%m-%d %H:%M} UTC")


def _duration(seconds: int, language: Language) -> Markup:
    # In the smaller unit up to twice the larger one, so that the rounding stays small.
    size, unit = next((size, unit) for size, unit in _UNITS if seconds > 2 * size or size == 1)
    # Rounded up: after the time that is told, the retry has to succeed.
    number = -(-seconds // size)
    return _TIME.format(f"PT{seconds}S", language(unit).format(number=number))


def details(shown: Shown) -> str:
    """Return the members, for those who report the failure, and the id of the occurrence."""
    rows = "".join(_rows(shown))
    return f"<dl>{rows}</dl>" if rows else ""


def _rows(shown: Shown) -> Iterator[str]:
    listed = "errors" if shown.issues else None
    for name, value in shown.members.items():
        if name in _NO_DETAILS or name == listed:
            continue
        values = value if isinstance(value, list) else [value]
        cells = "".join(f'<dd dir="auto">{_text(plain(one))}</dd>' for one in values)
        yield f'<div><dt dir="auto">{_text(name)}</dt>{cells or "<dd></dd>"}</div>'
    incident = shown.failure.incident
    if incident is not None:
        label = escape(shown.language("Reference"))
        yield f'<div><dt>{label}</dt><dd dir="ltr"><code>{escape(incident)}</code></dd></div>'


def embedded(shown: Shown) -> str:
    """Return the problem document so that nothing in it can end the element it stands in."""
    text = as_json(shown.members)
    # One by one, for a stranger's path may be made of nothing else: a function that is called for
    # each of them takes a hundred times as long.
    for character, escaped in _MARKUP.items():
        text = text.replace(character, escaped)
    return text if text.isprintable() else re.sub(_NOT_IN_A_SCRIPT, _as_escape, text)


def _as_escape(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be").hex(" ", 2).split()
    return "".join(f"\\u{unit}" for unit in units)


def _lang(shown: Shown) -> str:
    # The empty tag says that the language is unknown, as HTML has it.
    return ' lang=""' if shown.foreign else ""


def _text(value: Json) -> Markup:
    return escape(printable(str(value)))


#: The pieces by name, in the order in which the page has them.
PIECES: Final[Mapping[str, Callable[[Shown], str]]] = MappingProxyType(
    {
        "nonce": nonce,
        "message": message,
        "issues": issues,
        "advice": advice,
        "details": details,
        "document": embedded,
    }
)
