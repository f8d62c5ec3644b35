"""Conformance: what HTTP and RFC 9457 demand of a response, and what of it is missing."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from xml.etree import ElementTree as ET

from . import http
from .headers import CONTROL, TOKEN, is_http_date
from .negotiation import XML
from .responses import Answer, parsed

_NAMESPACE = "{urn:ietf:rfc:7807}"

_QUOTED = r'"(?:[^"\\\x00-\x08\x0a-\x1f\x7f]|\\[\t\x20-\x7e\x80-\xff])*"'
_URI_REFERENCE = r"(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*"  # RFC 3986
_PARAMETERS = rf"(?:[ \t]*;[ \t]*(?:{TOKEN}=(?:{TOKEN}|{_QUOTED}))?)*"
_PROTOCOL = rf"{TOKEN}(?:/{TOKEN})?"
_LANGUAGE = r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*"
_AUTH_PARAMETER = rf"{TOKEN}[ \t]*=[ \t]*(?:{TOKEN}|{_QUOTED})"
_CHALLENGE = rf"{TOKEN}(?: +(?:[A-Za-z0-9._~+/-]+=*|{_AUTH_PARAMETER}))?|{_AUTH_PARAMETER}"


def _several(element: str) -> str:
    # Empty elements are allowed to a recipient only (RFC 9110, Section 5.6.1.1).
    return rf"(?:{element})(?:[ \t]*,[ \t]*(?:{element}))*"


class _Form(NamedTuple):
    """What the value of a header looks like.

    :param is_list: whether several lines of it are the same as one with commas.
    """

    section: str
    pattern: str = ""
    is_date: bool = False
    is_list: bool = False

    def fits(self, value: str) -> bool:
        """Tell whether the value has this form."""
        if self.is_date and is_http_date(value):
            return True
        return self.pattern != "" and re.fullmatch(self.pattern, value) is not None


_FORMS: Mapping[str, _Form] = {
    "Allow": _Form("10.2.1", rf"(?:{_several(TOKEN)})?", is_list=True),
    "Content-Language": _Form("8.5", _several(_LANGUAGE), is_list=True),
    "Content-Length": _Form("8.6", "[0-9]+"),
    "Content-Range": _Form("14.4", rf"{TOKEN} (?:[0-9]+-[0-9]+/(?:[0-9]+|\*)|\*/[0-9]+)"),
    "Content-Type": _Form("8.3", rf"{TOKEN}/{TOKEN}{_PARAMETERS}"),
    "Date": _Form("6.6.1", is_date=True),
    "ETag": _Form("8.8.3", r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'),
    "Last-Modified": _Form("8.8.2", is_date=True),
    "Location": _Form("10.2.2", _URI_REFERENCE),
    "Proxy-Authenticate": _Form("11.7.1", _several(_CHALLENGE), is_list=True),
    "Retry-After": _Form("10.2.3", "[0-9]+", is_date=True),
    "Upgrade": _Form("7.8", _several(_PROTOCOL), is_list=True),
    "Vary": _Form("12.5.5", _several(TOKEN), is_list=True),  # * is a token, too
    "WWW-Authenticate": _Form("11.6.1", _several(_CHALLENGE), is_list=True),
}


def breaches(answer: Answer) -> Iterator[str]:
    """Yield what RFC 9110 and RFC 9457 demand and the answer does not do, with the section."""
    yield from _of_headers(answer)
    yield from _of_status(answer)
    if answer.unread is None:
        yield from _of_content(answer)
        if answer.body:
            yield from _of_problem(answer)


def _of_headers(answer: Answer) -> Iterator[str]:
    for name, value in answer.headers:
        if not re.fullmatch(TOKEN, name):
            yield f"{name!r} is no name of a header (RFC 9110, Section 5.1)"
        if re.search(CONTROL, value):
            yield f"{name} has control characters: {value!r} (RFC 9110, Section 5.5)"
    for name, form in _FORMS.items():
        values = answer.headers.getlist(name)
        if len(values) > 1 and not form.is_list:
            yield f"{name} is sent {len(values)} times (RFC 9110, Section 5.3)"
        for value in values:
            if not form.fits(value):
                yield f"{name} has not its form: {value!r} (RFC 9110, Section {form.section})"


def _of_status(answer: Answer) -> Iterator[str]:
    for header in http.facts(answer.status).required_headers:
        if header.level == "MUST" and not header.when and header.name not in answer.headers:
            yield f"{header.name} is missing ({header.reference})"
    is_one_part = answer.status == 206 and answer.media_type != "multipart/byteranges"
    if is_one_part and "Content-Range" not in answer.headers:
        yield "Content-Range is missing (RFC 9110, Section 15.3.7.1)"
    if answer.status == 405 and answer.method in answer.headers.get("Allow", "").split(", "):
        yield f"Allow has {answer.method}, which is refused (RFC 9110, Section 15.5.6)"
    if answer.status < 200 or answer.status == http.NO_CONTENT:
        for name in {"Content-Length", "Transfer-Encoding"} & set(answer.headers.keys()):
            yield f"{name} is sent, where there is no content (RFC 9110, Section 8.6)"


def _of_content(answer: Answer) -> Iterator[str]:
    facts = http.facts(answer.status)
    forbidding = None if facts.body_allowed else facts.reference
    if answer.method == "HEAD":
        forbidding = "RFC 9110, Section 9.3.2"
    length = answer.headers.get("Content-Length", "")
    if forbidding and answer.body:
        yield f"there is content ({forbidding})"
    if not forbidding and "Content-Encoding" not in answer.headers and length.isdecimal():
        size = len(answer.body)
        if int(length) != size:
            yield f"Content-Length is {length}, but {size} bytes came (RFC 9110, Section 8.6)"


def _of_problem(answer: Answer) -> Iterator[str]:
    if answer.media_type == XML.media_type:
        yield from _of_xml(answer)
    if answer.written_document is None:
        return
    try:
        document = parsed(answer.written_document)
    except ValueError as error:
        yield f"the problem document is not JSON: {error} (RFC 9457, Section 3)"
        return
    for name, (section, pattern) in _MEMBERS.items():
        value = document.get(name, "")
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            yield f"the member {name!r} is {value!r} (RFC 9457, Section {section})"
    status = document.get("status", answer.status)
    if type(status) is not int or status != answer.status:
        yield (
            f"the member 'status' is {status!r}, but the answer's is {answer.status} "
            "(RFC 9457, Section 3.1.2)"
        )


_TEXT = "(?s:.*)"
_MEMBERS = {
    "type": ("3.1.1", _URI_REFERENCE),
    "title": ("3.1.3", _TEXT),
    "detail": ("3.1.4", _TEXT),
    "instance": ("3.1.5", _URI_REFERENCE),
}


def _of_xml(answer: Answer) -> Iterator[str]:
    try:
        problem = ET.fromstring(answer.body)  # noqa: S314 - the application's own, in a test
    except ET.ParseError as error:
        yield f"the problem document is not XML: {error} (RFC 9457, Appendix B)"
        return
    if problem.tag != f"{_NAMESPACE}problem":
        yield f"the problem document is a {problem.tag} (RFC 9457, Appendix B)"
    status = problem.findtext(f"{_NAMESPACE}status", str(answer.status))
    if status != str(answer.status):
        yield (
            f"the member 'status' is {status}, but the answer's is {answer.status} "
            "(RFC 9457, Section 3.1.2)"
        )
