"""Status codes: constants, unofficial members, facts."""

from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from http import HTTPStatus
from operator import index
from typing import Final, Literal, NamedTuple, Self, TypeAlias

# By value where Pythons disagree about the name: all names work on all of them.
CONTINUE: Final = HTTPStatus.CONTINUE
SWITCHING_PROTOCOLS: Final = HTTPStatus.SWITCHING_PROTOCOLS
PROCESSING: Final = HTTPStatus.PROCESSING
EARLY_HINTS: Final = HTTPStatus.EARLY_HINTS
OK: Final = HTTPStatus.OK
CREATED: Final = HTTPStatus.CREATED
ACCEPTED: Final = HTTPStatus.ACCEPTED
NON_AUTHORITATIVE_INFORMATION: Final = HTTPStatus.NON_AUTHORITATIVE_INFORMATION
NO_CONTENT: Final = HTTPStatus.NO_CONTENT
RESET_CONTENT: Final = HTTPStatus.RESET_CONTENT
PARTIAL_CONTENT: Final = HTTPStatus.PARTIAL_CONTENT
MULTI_STATUS: Final = HTTPStatus.MULTI_STATUS
ALREADY_REPORTED: Final = HTTPStatus.ALREADY_REPORTED
IM_USED: Final = HTTPStatus.IM_USED
MULTIPLE_CHOICES: Final = HTTPStatus.MULTIPLE_CHOICES
MOVED_PERMANENTLY: Final = HTTPStatus.MOVED_PERMANENTLY
FOUND: Final = HTTPStatus.FOUND
SEE_OTHER: Final = HTTPStatus.SEE_OTHER
NOT_MODIFIED: Final = HTTPStatus.NOT_MODIFIED
USE_PROXY: Final = HTTPStatus.USE_PROXY
TEMPORARY_REDIRECT: Final = HTTPStatus.TEMPORARY_REDIRECT
PERMANENT_REDIRECT: Final = HTTPStatus.PERMANENT_REDIRECT
BAD_REQUEST: Final = HTTPStatus.BAD_REQUEST
UNAUTHORIZED: Final = HTTPStatus.UNAUTHORIZED
PAYMENT_REQUIRED: Final = HTTPStatus.PAYMENT_REQUIRED
FORBIDDEN: Final = HTTPStatus.FORBIDDEN
NOT_FOUND: Final = HTTPStatus.NOT_FOUND
METHOD_NOT_ALLOWED: Final = HTTPStatus.METHOD_NOT_ALLOWED
NOT_ACCEPTABLE: Final = HTTPStatus.NOT_ACCEPTABLE
PROXY_AUTHENTICATION_REQUIRED: Final = HTTPStatus.PROXY_AUTHENTICATION_REQUIRED
REQUEST_TIMEOUT: Final = HTTPStatus.REQUEST_TIMEOUT
CONFLICT: Final = HTTPStatus.CONFLICT
GONE: Final = HTTPStatus.GONE
LENGTH_REQUIRED: Final = HTTPStatus.LENGTH_REQUIRED
PRECONDITION_FAILED: Final = HTTPStatus.PRECONDITION_FAILED
CONTENT_TOO_LARGE: Final = HTTPStatus(413)
REQUEST_ENTITY_TOO_LARGE: Final = HTTPStatus(413)
URI_TOO_LONG: Final = HTTPStatus(414)
REQUEST_URI_TOO_LONG: Final = HTTPStatus(414)
UNSUPPORTED_MEDIA_TYPE: Final = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
RANGE_NOT_SATISFIABLE: Final = HTTPStatus(416)
REQUESTED_RANGE_NOT_SATISFIABLE: Final = HTTPStatus(416)
EXPECTATION_FAILED: Final = HTTPStatus.EXPECTATION_FAILED
IM_A_TEAPOT: Final = HTTPStatus.IM_A_TEAPOT
MISDIRECTED_REQUEST: Final = HTTPStatus.MISDIRECTED_REQUEST
UNPROCESSABLE_CONTENT: Final = HTTPStatus(422)
UNPROCESSABLE_ENTITY: Final = HTTPStatus(422)
LOCKED: Final = HTTPStatus.LOCKED
FAILED_DEPENDENCY: Final = HTTPStatus.FAILED_DEPENDENCY
TOO_EARLY: Final = HTTPStatus.TOO_EARLY
UPGRADE_REQUIRED: Final = HTTPStatus.UPGRADE_REQUIRED
PRECONDITION_REQUIRED: Final = HTTPStatus.PRECONDITION_REQUIRED
TOO_MANY_REQUESTS: Final = HTTPStatus.TOO_MANY_REQUESTS
REQUEST_HEADER_FIELDS_TOO_LARGE: Final = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
UNAVAILABLE_FOR_LEGAL_REASONS: Final = HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS
INTERNAL_SERVER_ERROR: Final = HTTPStatus.INTERNAL_SERVER_ERROR
NOT_IMPLEMENTED: Final = HTTPStatus.NOT_IMPLEMENTED
BAD_GATEWAY: Final = HTTPStatus.BAD_GATEWAY
SERVICE_UNAVAILABLE: Final = HTTPStatus.SERVICE_UNAVAILABLE
GATEWAY_TIMEOUT: Final = HTTPStatus.GATEWAY_TIMEOUT
HTTP_VERSION_NOT_SUPPORTED: Final = HTTPStatus.HTTP_VERSION_NOT_SUPPORTED
VARIANT_ALSO_NEGOTIATES: Final = HTTPStatus.VARIANT_ALSO_NEGOTIATES
INSUFFICIENT_STORAGE: Final = HTTPStatus.INSUFFICIENT_STORAGE
LOOP_DETECTED: Final = HTTPStatus.LOOP_DETECTED
NOT_EXTENDED: Final = HTTPStatus.NOT_EXTENDED
NETWORK_AUTHENTICATION_REQUIRED: Final = HTTPStatus.NETWORK_AUTHENTICATION_REQUIRED

_ASSIGNABLE: Final = range(100, 600)  # RFC 9110, Section 15
_OFFICIAL: Final = frozenset(HTTPStatus)
_CLASSES: Final = {
    1: ("Informational", "The request is being worked on; the final answer follows."),
    2: ("Success", "The request succeeded."),
    3: ("Redirection", "Something more has to be done, usually at another address."),
    4: ("Client Error", "Something is wrong with the request."),
    5: ("Server Error", "Something went wrong on the server."),
}


class UnofficialStatus(IntEnum):
    """A status code that is no member of :class:`http.HTTPStatus`.

    Every other int from 100 to 599 has a member too, named like ``UNASSIGNED_432``, with phrase
    and description of its class (RFC 9110, Section 15).
    """

    phrase: str
    description: str
    vendor: str | None

    def __new__(
        cls, code: int, phrase: str = "", vendor: str | None = None, description: str = ""
    ) -> Self:
        """Make a member; a call such as ``UnofficialStatus(499)`` finds it by its code."""
        member = int.__new__(cls, code)
        member._value_ = code
        member.phrase = phrase
        member.vendor = vendor
        member.description = description
        return member

    # fmt: off
    UPLOAD_RESUMPTION_SUPPORTED = (104, "Upload Resumption Supported", None,
        "An upload that breaks off can be resumed, says a draft of the IETF.")
    THIS_IS_FINE = (218, "This is fine", "Apache httpd",
        "The answer passes the server as it is, its own error pages kept out.")
    SWITCH_PROXY = (306, "Switch Proxy", None,
        "A draft of 1996 asked for another proxy with it; it is reserved and unused.")
    PAGE_EXPIRED = (419, "Page Expired", "Laravel",
        "The page was open for too long, reload it; once also for authentication and WebDAV space.")
    AUTHENTICATION_TIMEOUT = PAGE_EXPIRED
    INSUFFICIENT_SPACE_ON_RESOURCE = PAGE_EXPIRED
    ENHANCE_YOUR_CALM = (420, "Enhance Your Calm", "Twitter",
        "There were too many requests, wait a little; in WebDAV drafts a method that failed.")
    METHOD_FAILURE = ENHANCE_YOUR_CALM
    LOGIN_TIMEOUT = (440, "Login Time-out", "Microsoft IIS",
        "The session has ended; sign in again.")
    NO_RESPONSE = (444, "No Response", "nginx",
        "The server closed the connection without an answer; it is seen in logs only.")
    RETRY_WITH = (449, "Retry With", "Microsoft",
        "Something is missing in the request; add it and try again.")
    BLOCKED_BY_WINDOWS_PARENTAL_CONTROLS = (450, "Blocked by Windows Parental Controls",
        "Microsoft", "Parental controls do not let this page through.")
    CLIENT_CLOSED_CONNECTION = (460, "Client Closed Connection", "AWS Elastic Load Balancing",
        "The client hung up before the load balancer could answer.")
    TOO_MANY_FORWARDED_ADDRESSES = (463, "Too Many Forwarded Addresses",
        "AWS Elastic Load Balancing", "The request names more than 30 addresses it came through.")
    REQUEST_HEADER_TOO_LARGE = (494, "Request Header Too Large", "nginx",
        "The headers, often cookies, are larger than the server accepts.")
    SSL_CERTIFICATE_ERROR = (495, "SSL Certificate Error", "nginx",
        "The certificate that the client showed is not valid.")
    SSL_CERTIFICATE_REQUIRED = (496, "SSL Certificate Required", "nginx",
        "The client has to show a certificate.")
    HTTP_REQUEST_SENT_TO_HTTPS_PORT = (497, "HTTP Request Sent to HTTPS Port", "nginx",
        "This port speaks HTTPS; begin the address with https.")
    INVALID_TOKEN = (498, "Invalid Token", "Esri ArcGIS",
        "The token has expired or is not valid; get a new one.")
    CLIENT_CLOSED_REQUEST = (499, "Client Closed Request", "nginx",
        "The client hung up before the server could answer; for Esri ArcGIS a token is missing.")
    TOKEN_REQUIRED = CLIENT_CLOSED_REQUEST
    BANDWIDTH_LIMIT_EXCEEDED = (509, "Bandwidth Limit Exceeded", "Apache httpd, cPanel",
        "The site has used up its traffic for now.")
    WEB_SERVER_RETURNED_AN_UNKNOWN_ERROR = (520, "Web Server Returned an Unknown Error",
        "Cloudflare", "The site's own server gave an answer that makes no sense.")
    WEB_SERVER_IS_DOWN = (521, "Web Server Is Down", "Cloudflare",
        "The site's own server refuses connections.")
    CONNECTION_TIMED_OUT = (522, "Connection Timed Out", "Cloudflare",
        "No connection to the site's own server came about in time.")
    ORIGIN_IS_UNREACHABLE = (523, "Origin Is Unreachable", "Cloudflare",
        "There is no way through to the site's own server.")
    A_TIMEOUT_OCCURRED = (524, "A Timeout Occurred", "Cloudflare",
        "The site's own server was reached but did not answer in time.")
    SSL_HANDSHAKE_FAILED = (525, "SSL Handshake Failed", "Cloudflare",
        "No secure connection to the site's own server came about.")
    INVALID_SSL_CERTIFICATE = (526, "Invalid SSL Certificate", "Cloudflare, Cloud Foundry",
        "The certificate of the site's own server is not valid.")
    RAILGUN_ERROR = (527, "Railgun Error", "Cloudflare",
        "The connection through Railgun, a retired accelerator, broke.")
    SITE_IS_OVERLOADED = (529, "Site is overloaded", "Qualys SSL Labs",
        "The site has too much to do; try again later.")
    ORIGIN_DNS_ERROR = (530, "Origin DNS Error", "Cloudflare",
        "The name of the site's own server leads nowhere; at Pantheon the site is frozen.")
    SITE_IS_FROZEN = ORIGIN_DNS_ERROR
    UNAUTHORIZED = (561, "Unauthorized", "AWS Elastic Load Balancing",
        "The service that signs people in reported an error.")
    NETWORK_READ_TIMEOUT_ERROR = (598, "Network Read Timeout Error", "proxies",
        "A server behind the proxy did not answer in time.")
    NETWORK_CONNECT_TIMEOUT_ERROR = (599, "Network Connect Timeout Error",
        "proxies, Tornado", "A server behind the proxy could not be reached in time.")
    REQUEST_DENIED = (999, "Request Denied", "LinkedIn",
        "The site takes the visitor for a robot; HTTP itself knows no such code.")
    # fmt: on

    @classmethod
    def _missing_(cls, value: object) -> "UnofficialStatus":
        if not isinstance(value, int) or value not in _ASSIGNABLE or value in _OFFICIAL:
            raise ValueError(
                f"{value!r} is no unofficial status code; http.status() takes codes of either kind"
            )
        member = int.__new__(cls, value)
        member._value_ = int(value)
        member._name_ = f"UNASSIGNED_{member._value_}"
        member.phrase, member.description = _CLASSES[value // 100]
        member.vendor = None
        return _UNASSIGNED.setdefault(member._value_, member)

    def __reduce_ex__(self, protocol: object) -> tuple[type[Self], tuple[int]]:
        # By value: the first releases of 3.11 pickle by name, which made members do not have.
        return type(self), (int(self),)


# Not in the enum's own map, where 432.0 would find a member once 432 has been asked for.
_UNASSIGNED: Final[dict[int, UnofficialStatus]] = {}

Status: TypeAlias = HTTPStatus | UnofficialStatus


class RequiredHeader(NamedTuple):
    """A header that a response of some status has to, ought to or may carry.

    :param level: the keyword of BCP 14; where the text has none, "ought to" and "as indicated
        by" are SHOULD, "can" is MAY, and what SHOULD NOT be there is left out.
    :param reference: the section that says so; :func:`facts` fills in that of the status.
    :param when: the condition of it, empty for always.
    """

    name: str
    level: Literal["MUST", "SHOULD", "MAY"]
    reference: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the specifications say about a status code.

    :param phrase: the phrase of RFC 9110 and the IANA registry, whatever the Python says.
    :param description: one sentence, for 4xx and 5xx one that can be shown to anybody.
    :param reference: the defining section, for unassigned codes that of the class.
    :param url: where the reference can be read.
    :param heuristically_cacheable: whether caches may keep it unasked (RFC 9110, Section 15.1).
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
_PHRASES: Final[dict[Status, str]] = {
    CONTENT_TOO_LARGE: "Content Too Large",
    URI_TOO_LONG: "URI Too Long",
    RANGE_NOT_SATISFIABLE: "Range Not Satisfiable",
    IM_A_TEAPOT: "I'm a teapot",
    UNPROCESSABLE_CONTENT: "Unprocessable Content",
}

_ROWS: Final[dict[Status, tuple[int, str, str]]] = {
    CONTINUE: (9110, "15.2.1", "So far so good; send the rest of the request."),
    SWITCHING_PROTOCOLS: (9110, "15.2.2", "The connection goes on in the protocol of Upgrade."),
    PROCESSING: (2518, "10.1", "The request is accepted, and the work on it takes a while."),
    EARLY_HINTS: (8297, "2", "These headers come early, so that loading can begin."),
    OK: (9110, "15.3.1", "The request succeeded."),
    CREATED: (9110, "15.3.2", "Something new exists now, usually at the address in Location."),
    ACCEPTED: (9110, "15.3.3", "The request is accepted and will be worked on later."),
    NON_AUTHORITATIVE_INFORMATION: (9110, "15.3.4", "A proxy changed what the server sent."),
    NO_CONTENT: (9110, "15.3.5", "The request succeeded, and there is nothing to send."),
    RESET_CONTENT: (9110, "15.3.6", "The request succeeded; clear the form it came from."),
    PARTIAL_CONTENT: (9110, "15.3.7", "These are the parts that were asked for."),
    MULTI_STATUS: (4918, "11.1", "The body holds a status for each of several resources."),
    ALREADY_REPORTED: (5842, "7.1", "This resource stands earlier in the same answer."),
    IM_USED: (3229, "10.4.1", "The body holds the changes since the version you have."),
    MULTIPLE_CHOICES: (9110, "15.4.1", "There are several versions of this to choose from."),
    MOVED_PERMANENTLY: (9110, "15.4.2", "This has moved for good; use the new address."),
    FOUND: (9110, "15.4.3", "This is at another address for now; keep using this one."),
    SEE_OTHER: (9110, "15.4.4", "The answer is at another address; fetch it with GET."),
    NOT_MODIFIED: (9110, "15.4.5", "The copy that you have is still good."),
    USE_PROXY: (9110, "15.4.6", "It once asked for access through a proxy; it is deprecated."),
    UnofficialStatus.SWITCH_PROXY: (9110, "15.4.7", UnofficialStatus.SWITCH_PROXY.description),
    TEMPORARY_REDIRECT: (9110, "15.4.8", "Send the same request to another address, this once."),
    PERMANENT_REDIRECT: (9110, "15.4.9", "Send the same request to the new address from now on."),
    BAD_REQUEST: (9110, "15.5.1", "The server cannot make sense of the request."),
    UNAUTHORIZED: (9110, "15.5.2", "You have to sign in first."),
    PAYMENT_REQUIRED: (9110, "15.5.3", "This has to be paid for first."),
    FORBIDDEN: (9110, "15.5.4", "You are not allowed to do this."),
    NOT_FOUND: (9110, "15.5.5", "There is nothing at this address."),
    METHOD_NOT_ALLOWED: (9110, "15.5.6", "This address does not support this kind of request."),
    NOT_ACCEPTABLE: (9110, "15.5.7", "This does not exist in a form that was asked for."),
    PROXY_AUTHENTICATION_REQUIRED: (9110, "15.5.8", "You have to sign in to the proxy first."),
    REQUEST_TIMEOUT: (9110, "15.5.9", "The request took too long to arrive."),
    CONFLICT: (9110, "15.5.10", "The request clashes with how things are by now."),
    GONE: (9110, "15.5.11", "This was here once and will not come back."),
    LENGTH_REQUIRED: (9110, "15.5.12", "The request has to say how long its content is."),
    PRECONDITION_FAILED: (9110, "15.5.13", "A condition that the request set is not met."),
    CONTENT_TOO_LARGE: (9110, "15.5.14", "What was sent is larger than the server accepts."),
    URI_TOO_LONG: (9110, "15.5.15", "The address is longer than the server accepts."),
    UNSUPPORTED_MEDIA_TYPE: (9110, "15.5.16", "The format of what was sent is not supported."),
    RANGE_NOT_SATISFIABLE: (9110, "15.5.17", "The part that was asked for does not exist."),
    EXPECTATION_FAILED: (9110, "15.5.18", "The server cannot do what the request expects."),
    IM_A_TEAPOT: (9110, "15.5.19", "A teapot cannot brew coffee."),
    MISDIRECTED_REQUEST: (9110, "15.5.20", "This server does not answer for this address."),
    UNPROCESSABLE_CONTENT: (9110, "15.5.21", "What was sent can be read, but has mistakes in it."),
    LOCKED: (4918, "11.3", "This is locked against changes at the moment."),
    FAILED_DEPENDENCY: (4918, "11.4", "This depends on another step, and that one failed."),
    TOO_EARLY: (8470, "5.2", "The request came too early to be safe."),
    UPGRADE_REQUIRED: (9110, "15.5.22", "This has to be asked for in another protocol."),
    PRECONDITION_REQUIRED: (6585, "3", "The request has to say which version it means to change."),
    TOO_MANY_REQUESTS: (6585, "4", "There were too many requests in a short time."),
    REQUEST_HEADER_FIELDS_TOO_LARGE: (6585, "5", "The headers, often cookies, are too large."),
    UNAVAILABLE_FOR_LEGAL_REASONS: (7725, "3", "A legal demand forbids to show this."),
    INTERNAL_SERVER_ERROR: (9110, "15.6.1", "Something went wrong on the server."),
    NOT_IMPLEMENTED: (9110, "15.6.2", "The server does not know how to do this."),
    BAD_GATEWAY: (9110, "15.6.3", "A server behind this one gave a wrong answer."),
    SERVICE_UNAVAILABLE: (9110, "15.6.4", "The server is too busy or under maintenance."),
    GATEWAY_TIMEOUT: (9110, "15.6.5", "A server behind this one did not answer in time."),
    HTTP_VERSION_NOT_SUPPORTED: (9110, "15.6.6", "The server does not speak this version of HTTP."),
    VARIANT_ALSO_NEGOTIATES: (2295, "8.1", "The server is set up so that it cannot choose."),
    INSUFFICIENT_STORAGE: (4918, "11.5", "The server has no room left to store this."),
    LOOP_DETECTED: (5842, "7.2", "The server stopped because it went round in circles."),
    NOT_EXTENDED: (2774, "7", "The request lacks an extension that the server needs."),
    NETWORK_AUTHENTICATION_REQUIRED: (6585, "6", "You have to sign in to the network first."),
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
_HEADERS: Final[dict[Status, tuple[RequiredHeader, ...]]] = {
    SWITCHING_PROTOCOLS: _UPGRADE,
    EARLY_HINTS: (RequiredHeader("Link", "MAY"),),
    OK: (RequiredHeader("ETag", "SHOULD"), RequiredHeader("Last-Modified", "SHOULD")),
    CREATED: (
        RequiredHeader("Location", "MAY"),
        RequiredHeader("ETag", "MAY"), RequiredHeader("Last-Modified", "MAY"),
    ),
    PARTIAL_CONTENT: (
        RequiredHeader("Content-Range", "MUST", "RFC 9110, Section 15.3.7.1", "it is one part"),
        *_AS_IN_OK,
    ),
    MULTIPLE_CHOICES: (RequiredHeader("Location", "SHOULD", when="one choice is preferred"),),
    MOVED_PERMANENTLY: _LOCATION,
    FOUND: _LOCATION,
    SEE_OTHER: _LOCATION,
    NOT_MODIFIED: _AS_IN_OK,
    TEMPORARY_REDIRECT: _LOCATION,
    PERMANENT_REDIRECT: _LOCATION,
    UNAUTHORIZED: (RequiredHeader("WWW-Authenticate", "MUST"),),
    METHOD_NOT_ALLOWED: (RequiredHeader("Allow", "MUST"),),
    PROXY_AUTHENTICATION_REQUIRED: (RequiredHeader("Proxy-Authenticate", "MUST"),),
    CONTENT_TOO_LARGE: (RequiredHeader("Retry-After", "SHOULD", when="the limit is temporary"),),
    UNSUPPORTED_MEDIA_TYPE: (
        RequiredHeader("Accept-Encoding", "SHOULD", when="the content coding is at fault"),
        RequiredHeader("Accept", "MAY", when="the media type is at fault"),
        RequiredHeader("Accept-Patch", "SHOULD", "RFC 5789, Section 2.2", "the method is PATCH"),
    ),
    RANGE_NOT_SATISFIABLE: (RequiredHeader("Content-Range", "SHOULD", when="bytes are asked for"),),
    UPGRADE_REQUIRED: _UPGRADE,
    TOO_MANY_REQUESTS: (RequiredHeader("Retry-After", "MAY"),),
    UNAVAILABLE_FOR_LEGAL_REASONS: (RequiredHeader("Link", "SHOULD", "RFC 7725, Section 4"),),
    SERVICE_UNAVAILABLE: (RequiredHeader("Retry-After", "MAY"),),
}

_BODYLESS: Final = frozenset((NO_CONTENT, RESET_CONTENT, NOT_MODIFIED))
_CACHEABLE: Final = frozenset((
    OK, NON_AUTHORITATIVE_INFORMATION, NO_CONTENT, PARTIAL_CONTENT, MULTIPLE_CHOICES,
    MOVED_PERMANENTLY, PERMANENT_REDIRECT, NOT_FOUND, METHOD_NOT_ALLOWED, GONE, URI_TOO_LONG,
    UNAVAILABLE_FOR_LEGAL_REASONS, NOT_IMPLEMENTED,
))

# What is in the way passes, or lasts until the request itself changes, or, for 507, until a
# person asks again (RFC 4918, Section 11.5). Neither: 413, which may be temporary, and 421,
# which is worth another try over another connection only.
_PASSING: Final = frozenset((
    REQUEST_TIMEOUT, TOO_EARLY, TOO_MANY_REQUESTS, BAD_GATEWAY, SERVICE_UNAVAILABLE,
    GATEWAY_TIMEOUT,
))
_LASTING: Final = frozenset((
    BAD_REQUEST, UNAUTHORIZED, FORBIDDEN, METHOD_NOT_ALLOWED, NOT_ACCEPTABLE,
    PROXY_AUTHENTICATION_REQUIRED, GONE, LENGTH_REQUIRED, URI_TOO_LONG, UNSUPPORTED_MEDIA_TYPE,
    EXPECTATION_FAILED, UNPROCESSABLE_CONTENT, UPGRADE_REQUIRED, PRECONDITION_REQUIRED,
    REQUEST_HEADER_FIELDS_TOO_LARGE, UNAVAILABLE_FOR_LEGAL_REASONS, NOT_IMPLEMENTED,
    HTTP_VERSION_NOT_SUPPORTED, INSUFFICIENT_STORAGE, LOOP_DETECTED, NOT_EXTENDED,
))
# fmt: on

# The official member wins where a later Python knows a code that is unofficial today.
_STATUSES: Final[dict[int, Status]] = {
    int(member): member for member in (*UnofficialStatus, *HTTPStatus)
}


def status(code: int) -> Status:
    """Find the member for a status code, of :class:`http.HTTPStatus` where that has one.

    :raises TypeError: if the code is no int, but a str, a float or a bool, say.
    :raises ValueError: if the int is no status code.
    """
    try:
        return _STATUSES[index(code)]  # index() first, because 404.0 would be found as well.
    except KeyError:
        if index(code) in _ASSIGNABLE:
            return UnofficialStatus(index(code))
        refusal = TypeError if isinstance(code, bool) else ValueError
    except TypeError:
        refusal = TypeError
    raise refusal(
        f"{code!r} is no status code; pass an int from 100 to 599 such as 404, "
        "or a constant such as http.NOT_FOUND"
    )


def facts(code: int) -> Facts:
    """Tell what the specifications say about a status code; see :func:`status` for errors."""
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
