"""Rendering: html, problem, text, markdown, xml: failure in, body out."""

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from json import JSONEncoder

from jinja2 import Environment, PackageLoader
from markupsafe import escape

from . import http
from .failures import Failure
from .members import Json, encodable, jsonable
from .negotiation import HTML, MARKDOWN, PROBLEM, TEXT, XML, Format

log = logging.getLogger(__package__)

_encode = JSONEncoder(ensure_ascii=False, allow_nan=False).encode
#: Neither HTML nor XML may have them, and a terminal would obey them.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_MARKDOWN = re.compile(r"[\\`*_\[\]<>#&|~!]|^(?:[-+=]|\d+(?=[.)]))", re.MULTILINE)
_XML_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")


def document(failure: Failure) -> dict[str, Json]:
    """Return the problem document (RFC 9457, Section 3): what every format writes down.

    A member that cannot be written is left out and logged, the others stay.
    """
    phrase = failure.name
    members: dict[str, Json] = {"title": phrase, "status": int(failure.status)}
    message = encodable(failure.message)
    if not _says_the_same(message, phrase):
        members["detail"] = message
    if failure.incident is not None:
        members["instance"] = f"urn:uuid:{failure.incident}"
    for name, value in failure.members.items():
        try:
            members[encodable(name)] = jsonable(value)
        except Exception:
            log.exception("The member %r of %s cannot be written", name, type(failure).__name__)
    return members


def problem(failure: Failure) -> str:
    """Write the failure as ``application/problem+json`` (RFC 9457)."""
    if failure.members or failure.incident is not None:
        return _encode(document(failure)) + "\n"
    # The commonest document by far is made from its parts, which takes a third of the time.
    message = encodable(failure.message)
    start, phrase = _problem_start(failure.status)
    detail = "" if _says_the_same(message, phrase) else f', "detail": {_encode(message)}'
    return f"{start}{detail}}}\n"


@lru_cache(maxsize=256)
def _problem_start(status: http.Status) -> tuple[str, str]:
    phrase = http.facts(status).phrase
    return f'{{"title": {_encode(phrase)}, "status": {int(status)}', phrase


def _says_the_same(message: str, phrase: str) -> bool:
    return message.casefold() == phrase.casefold() or not message


def text(failure: Failure) -> str:
    """Write the failure as plain text: the status, the message, a line for each member."""
    return "".join(_lines(document(failure), _printable, "{}\n", "{}: {}\n"))


def markdown(failure: Failure) -> str:
    """Write the failure as Markdown, in which the message is text and no markup."""

    def escaped(value: str) -> str:
        return _MARKDOWN.sub(r"\\\g<0>", _printable(value))

    return "".join(_lines(document(failure), escaped, "# {}\n", "- **{}**: {}\n"))


def _lines(
    members: Mapping[str, Json], quoted: Callable[[str], str], heading: str, item: str
) -> Iterator[str]:
    yield heading.format(quoted(f"{members['status']} {members['title']}"))
    if "detail" in members:
        yield f"\n{quoted(str(members['detail']))}\n"
    rest = {name: members[name] for name in members if name not in {"title", "status", "detail"}}
    if rest:
        yield "\n"
    for name, value in rest.items():
        for one in value if isinstance(value, list) else [value]:
            yield item.format(quoted(name), quoted(_plain(one)))


def _plain(value: Json) -> str:
    return value if isinstance(value, str) else _encode(value)


def xml(failure: Failure) -> str:
    """Write the failure as ``application/problem+xml`` (RFC 9457, Appendix B)."""
    members = "".join(_elements(document(failure)))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<problem xmlns="urn:ietf:rfc:7807">{members}</problem>\n'
    )


def _elements(members: Mapping[str, Json]) -> Iterator[str]:
    for name, value in members.items():
        if _XML_NAME.fullmatch(name):
            yield f"<{name}>{_content(value)}</{name}>"
        else:
            log.error("The member %r cannot be written, for it is no name in XML", name)


def _content(value: Json) -> str:
    if isinstance(value, dict):
        return "".join(_elements(value))
    if isinstance(value, list):
        return "".join(f"<i>{_content(item)}</i>" for item in value)
    return "" if value is None else str(escape(_printable(_plain(value))))


def html(failure: Failure) -> str:
    """Write the failure as a page for a person, with the problem document embedded in it."""
    members = document(failure)
    title = str(members.pop("title"))
    embedded = _encode({"title": title, **members})
    for character in "<>&\u2028\u2029":
        embedded = embedded.replace(character, f"\\u{ord(character):04x}")
    start, middle, end = _page(failure.status, title)
    facts = "".join(
        f"<dt>{escape(_printable(name))}</dt><dd>{escape(_printable(_plain(value)))}</dd>"
        for name, value in members.items()
        if name not in {"status", "detail"}
    )
    detail = _printable(str(members.get("detail", http.facts(failure.status).description)))
    facts = f"<dl>{facts}</dl>" if facts else ""
    return f"{start}<p dir=auto>{escape(detail)}</p>{facts}{middle}{embedded}{end}"


@lru_cache(maxsize=256)
def _page(status: http.Status, title: str) -> tuple[str, str, str]:
    # A template rendered per failure would cost more than all the rest of the answer.
    pages = Environment(loader=PackageLoader("flask_httpstatus"), autoescape=True)
    page = pages.get_template("failures/failure.html").render(
        status=int(status), title=title, message="\0", embedded="\0"
    )
    start, middle, end = page.split("\0")
    return start, middle, end


def _printable(value: str) -> str:
    return value if value.isprintable() else _UNPRINTABLE.sub("\ufffd", value)


#: What writes each of the formats that are always there.
RENDERERS: Mapping[Format, Callable[[Failure], str]] = {
    PROBLEM: problem,
    HTML: html,
    TEXT: text,
    MARKDOWN: markdown,
    XML: xml,
}
