"""Facts: what the specifications say about each status code."""

from functools import cache
from typing import Final, Literal, NamedTuple

from .statuses import Status, UnofficialStatus, status


class RequiredHeader(NamedTuple):
    """A header that a response of some status has to, ought to or may carry.

    :param name: the name of the header.
    :param level: the keyword of BCP 14; where the text has none, "ought to" and "as indicated
        by" are SHOULD, "can" is MAY, and what SHOULD NOT be there is left out.
    :param reference: the section that says so; :func:`facts` fills in that of the status.
    :param when: the condition of it, empty for always.
    """

    name: str
    level: Literal["MUST", "SHOULD", "MAY"]
    reference: str = ""
    when: str = ""


class Facts(NamedTuple):
    """What the specifications say about a status code.

    :param status: the member of the code.
    :param phrase: the phrase of RFC 9110 and the IANA registry, whatever the Python says.
    :param description: one sentence, for 4xx and 5xx one that can be shown to anybody.
    :param reference: the defining section, for unassigned codes that of the class.
    :param url: where the reference can be read.
    :param required_headers: the headers that an answer has to, ought to or may carry.
    :param heuristically_cacheable: whether caches may keep it unasked (RFC 9110, Section 15.1).
    :param body_allowed: whether an answer may have content (RFC 9110, Section 6.4.1).
    :param vendor: who uses the code, None for codes that are registered or unassigned.
    :param retryable: whether the same request may work later; None where nothing says so.
    """

    status: Status
    phrase: str
    description: str
    reference: str | None
    url: str | None
    required_headers: tuple[RequiredHeader, ...]
    heuristically_cacheable: bool
    body_allowed: bool
    vendor: str | None
    retryable: bool | None

    @property
    def is_informational(self) -> bool:
        """Whether the final answer is still to come (1xx)."""
        return self.status // 100 == 1

    @property
    def is_success(self) -> bool:
        """Whether the request was understood and accepted (2xx)."""
        return self.status // 100 == 2

    @property
    def is_redirection(self) -> bool:
        """Whether the client has to do more (3xx)."""
        return self.status // 100 == 3

    @property
    def is_client_error(self) -> bool:
        """Whether the request is at fault (4xx)."""
        return self.status // 100 == 4

    @property
    def is_server_error(self) -> bool:
        """Whether the server is at fault (5xx)."""
        return self.status // 100 == 5


# The others are spelt alike in every Python and in the registry.
_PHRASES: Final[dict[int, str]] = {
    413: "Content Too Large",
    414: "URI Too Long",
    416: "Range Not Satisfiable",
    418: "I'm a teapot",
    422: "Unprocessable Content",
}

_ROWS: Final[dict[int, tuple[int, str, str]]] = {
    100: (9110, "15.2.1", "So far so good; send the rest of the request."),
    101: (9110, "15.2.2", "The connection goes on in the protocol of Upgrade."),
    102: (2518, "10.1", "The request is accepted, and the work on it takes a while."),
    103: (8297, "2", "These headers come early, so that loading can begin."),
    200: (9110, "15.3.1", "The request succeeded."),
    201: (9110, "15.3.2", "Something new exists now, usually at the address in Location."),
    202: (9110, "15.3.3", "The request is accepted and will be worked on later."),
    203: (9110, "15.3.4", "A proxy changed what the server sent."),
    204: (9110, "15.3.5", "The request succeeded, and there is nothing to send."),
    205: (9110, "15.3.6", "The request succeeded; clear the form it came from."),
    206: (9110, "15.3.7", "These are the parts that were asked for."),
    207: (4918, "11.1", "The body holds a status for each of several resources."),
    208: (5842, "7.1", "This resource stands earlier in the same answer."),
    226: (3229, "10.4.1", "The body holds the changes since the version you have."),
    300: (9110, "15.4.1", "There are several versions of this to choose from."),
    301: (9110, "15.4.2", "This has moved for good; use the new address."),
    302: (9110, "15.4.3", "This is at another address for now; keep using this one."),
    303: (9110, "15.4.4", "The answer is at another address; fetch it with GET."),
    304: (9110, "15.4.5", "The copy that you have is still good."),
    305: (9110, "15.4.6", "It once asked for access through a proxy; it is deprecated."),
    306: (9110, "15.4.7", UnofficialStatus.SWITCH_PROXY.description),
    307: (9110, "15.4.8", "Send the same request to another address, this once."),
    308: (9110, "15.4.9", "Send the same request to the new address from now on."),
    400: (9110, "15.5.1", "The server cannot make sense of the request."),
    401: (9110, "15.5.2", "You have to sign in first."),
    402: (9110, "15.5.3", "This has to be paid for first."),
    403: (9110, "15.5.4", "You are not allowed to do this."),
    404: (9110, "15.5.5", "There is nothing at this address."),
    405: (9110, "15.5.6", "This address does not support this kind of request."),
    406: (9110, "15.5.7", "This does not exist in a form that was asked for."),
    407: (9110, "15.5.8", "You have to sign in to the proxy first."),
    408: (9110, "15.5.9", "The request took too long to arrive."),
    409: (9110, "15.5.10", "The request clashes with how things are by now."),
    410: (9110, "15.5.11", "This was here once and will not come back."),
    411: (9110, "15.5.12", "The request has to say how long its content is."),
    412: (9110, "15.5.13", "A condition that the request set is not met."),
    413: (9110, "15.5.14", "What was sent is larger than the server accepts."),
    414: (9110, "15.5.15", "The address is longer than the server accepts."),
    415: (9110, "15.5.16", "The format of what was sent is not supported."),
    416: (9110, "15.5.17", "The part that was asked for does not exist."),
    417: (9110, "15.5.18", "The server cannot do what the request expects."),
    418: (9110, "15.5.19", "A teapot cannot brew coffee."),
    421: (9110, "15.5.20", "This server does not answer for this address."),
    422: (9110, "15.5.21", "What was sent can be read, but has mistakes in it."),
    423: (4918, "11.3", "This is locked against changes at the moment."),
    424: (4918, "11.4", "This depends on another step, and that one failed."),
    425: (8470, "5.2", "The request came too early to be safe."),
    426: (9110, "15.5.22", "This has to be asked for in another protocol."),
    428: (6585, "3", "The request has to say which version it means to change."),
    429: (6585, "4", "There were too many requests in a short time."),
    431: (6585, "5", "The headers, often cookies, are too large."),
    451: (7725, "3", "A legal demand forbids to show this."),
    500: (9110, "15.6.1", "Something went wrong on the server."),
    501: (9110, "15.6.2", "The server does not know how to do this."),
    502: (9110, "15.6.3", "A server behind this one gave a wrong answer."),
    503: (9110, "15.6.4", "The server is too busy or under maintenance."),
    504: (9110, "15.6.5", "A server behind this one did not answer in time."),
    505: (9110, "15.6.6", "The server does not speak this version of HTTP."),
    506: (2295, "8.1", "The server is set up so that it cannot choose."),
    507: (4918, "11.5", "The server has no room left to store this."),
    508: (5842, "7.2", "The server stopped because it went round in circles."),
    510: (2774, "7", "The request lacks an extension that the server needs."),
    511: (6585, "6", "You have to sign in to the network first."),
}

# fmt: off
_UPGRADE: Final = (
    RequiredHeader("Upgrade", "MUST"),
    RequiredHeader("Connection", "MUST", "RFC 9110, Section 7.8"),
)
_LOCATION: Final = (RequiredHeader("Location", "SHOULD"),)
_AS_IN_OK: Final = tuple(
    RequiredHeader(name, "MUST", when="the response would have it if it were 200")
    for name in ("Cache-Control", "Content-Location", "Date", "ETag", "Expires", "Vary")
)
_HEADERS: Final[dict[int, tuple[RequiredHeader, ...]]] = {
    101: _UPGRADE,
    103: (RequiredHeader("Link", "MAY"),),
    200: (RequiredHeader("ETag", "SHOULD"), RequiredHeader("Last-Modified", "SHOULD")),
    201: (
        RequiredHeader("Location", "MAY"),
        RequiredHeader("ETag", "MAY"), RequiredHeader("Last-Modified", "MAY"),
    ),
    206: (
        RequiredHeader("Content-Range", "MUST", "RFC 9110, Section 15.3.7.1", "it is one part"),
        *_AS_IN_OK,
    ),
    300: (RequiredHeader("Location", "SHOULD", when="one choice is preferred"),),
    301: _LOCATION, 302: _LOCATION, 303: _LOCATION,
    304: _AS_IN_OK,
    307: _LOCATION, 308: _LOCATION,
    401: (RequiredHeader("WWW-Authenticate", "MUST"),),
    405: (RequiredHeader("Allow", "MUST"),),
    407: (RequiredHeader("Proxy-Authenticate", "MUST"),),
    413: (RequiredHeader("Retry-After", "SHOULD", when="the limit is temporary"),),
    415: (
        RequiredHeader("Accept-Encoding", "SHOULD", when="the content coding is at fault"),
        RequiredHeader("Accept", "MAY", when="the media type is at fault"),
        RequiredHeader("Accept-Patch", "SHOULD", "RFC 5789, Section 2.2", "the method is PATCH"),
    ),
    416: (RequiredHeader("Content-Range", "SHOULD", when="bytes are asked for"),),
    426: _UPGRADE,
    429: (RequiredHeader("Retry-After", "MAY"),),
    451: (RequiredHeader("Link", "SHOULD", "RFC 7725, Section 4"),),
    503: (RequiredHeader("Retry-After", "MAY"),),
}

_BODYLESS: Final = frozenset((204, 205, 304))
_CACHEABLE: Final = frozenset((200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 451, 501))

# What is in the way passes, or lasts until the request itself changes, or, for 507, until a
# person asks again (RFC 4918, Section 11.5). Neither: 413, which may be temporary, and 421,
# which is worth another try over another connection only.
_PASSING: Final = frozenset((408, 425, 429, 502, 503, 504))
_LASTING: Final = frozenset((
    400, 401, 403, 405, 406, 407, 410, 411, 414, 415, 417, 422, 426, 428, 431, 451,
    501, 505, 507, 508, 510,
))
# fmt: on


def facts(code: int) -> Facts:
    """Tell what the specifications say about a status code.

    :param code: an int from 100 to 599; for others the errors are those of :func:`status`.
    """
    return _facts(status(code))


@cache
def _facts(status: Status) -> Facts:
    vendor = status.vendor if isinstance(status, UnofficialStatus) else None
    of_class = (9110, f"15.{status // 100 + 1}", status.description)
    rfc, section, description = _ROWS.get(status, of_class)
    reference = f"RFC {rfc}, Section {section}"
    return Facts(
        status=status,
        phrase=_PHRASES.get(status, status.phrase),
        description=description,
        reference=None if vendor else reference,
        url=None if vendor else f"https://www.rfc-editor.org/rfc/rfc{rfc}.html#section-{section}",
        required_headers=tuple(
            header._replace(reference=header.reference or reference)
            for header in _HEADERS.get(status, ())
        ),
        heuristically_cacheable=status in _CACHEABLE,
        body_allowed=status >= 200 and status not in _BODYLESS,
        vendor=vendor,
        retryable=status in _PASSING if status in _PASSING | _LASTING else None,
    )
