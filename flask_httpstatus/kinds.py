"""Kinds: a class for each registered status from 400 to 599.

::

    HTTPException (Werkzeug's)
    +-- Failure
        +-- ClientFailure
        |   +-- BadRequest
        |   +-- Unauthorized
        |   +-- PaymentRequired
        |   +-- Forbidden
        |   +-- NotFound
        |   +-- MethodNotAllowed
        |   +-- NotAcceptable
        |   +-- ProxyAuthenticationRequired
        |   +-- RequestTimeout
        |   +-- Conflict
        |   +-- Gone
        |   +-- LengthRequired
        |   +-- PreconditionFailed
        |   +-- ContentTooLarge
        |   +-- URITooLong
        |   +-- UnsupportedMediaType
        |   +-- RangeNotSatisfiable
        |   +-- ExpectationFailed
        |   +-- ImATeapot
        |   +-- MisdirectedRequest
        |   +-- UnprocessableContent
        |   +-- Locked
        |   +-- FailedDependency
        |   +-- TooEarly
        |   +-- UpgradeRequired
        |   +-- PreconditionRequired
        |   +-- TooManyRequests
        |   +-- RequestHeaderFieldsTooLarge
        |   +-- UnavailableForLegalReasons
        +-- ServerFailure
            +-- InternalServerError
            +-- NotImplemented
            +-- BadGateway
            +-- ServiceUnavailable
            +-- GatewayTimeout
            +-- HTTPVersionNotSupported
            +-- VariantAlsoNegotiates
            +-- InsufficientStorage
            +-- LoopDetected
            +-- NotExtended
            +-- NetworkAuthenticationRequired
"""

from typing import Any

from werkzeug import exceptions as werkzeug

from . import http
from .failures import ClientFailure, ServerFailure
from .headers import Challenges
from .texts import Text
from .traits import Allowing, Blocked, Challenging, Invalid, Measured, Upgrading


class BadRequest(Invalid, werkzeug.BadRequest, status=http.BAD_REQUEST):
    """Raise for a request that cannot be understood: broken syntax, a part that is missing."""


class Unauthorized(Challenging, werkzeug.Unauthorized, status=http.UNAUTHORIZED):
    """Raise for a request without valid credentials; with them it might succeed.

    :param www_authenticate: Werkzeug's name for the challenge.
    """

    challenge_header = "WWW-Authenticate"
    # Handlers written for Werkzeug's may ask for it.
    www_authenticate = None
    remedy = "challenge=WWWAuthenticate('bearer', {'realm': 'api'}), or set FAILURES_CHALLENGE"

    def __init__(
        self,
        message: Text | None = None,
        status: int | None = None,
        *,
        challenge: Challenges | None = None,
        www_authenticate: Challenges | None = None,
        **rest: Any,
    ) -> None:
        given = www_authenticate if challenge is None else challenge
        super().__init__(message, status, challenge=given, **rest)


class PaymentRequired(ClientFailure, status=http.PAYMENT_REQUIRED):
    """Raise for what has to be paid for first."""


class Forbidden(ClientFailure, werkzeug.Forbidden, status=http.FORBIDDEN):
    """Raise for what this client may not do, whoever it says it is; to hide that, NotFound."""


class NotFound(ClientFailure, werkzeug.NotFound, status=http.NOT_FOUND):
    """Raise for what does not exist, or is not to be known to exist."""


class MethodNotAllowed(Allowing, werkzeug.MethodNotAllowed, status=http.METHOD_NOT_ALLOWED):
    """Raise for a method that this target does not have, though others it has.

    :param message: Werkzeug's list of allowed methods is understood here too.
    :param allowed: the methods it has; derived from the routes if left out.
    :param valid_methods: Werkzeug's name for them.
    """


class NotAcceptable(ClientFailure, werkzeug.NotAcceptable, status=http.NOT_ACCEPTABLE):
    """Raise for a client that accepts none of the formats there are, if none is no answer."""


class ProxyAuthenticationRequired(Challenging, status=http.PROXY_AUTHENTICATION_REQUIRED):
    """Raise, in a proxy, for a request without valid credentials for the proxy."""

    challenge_header = "Proxy-Authenticate"
    remedy = "challenge=WWWAuthenticate('basic', {'realm': 'proxy'})"

    def __init__(self, message: Text | None = None, status: int | None = None, **rest: Any) -> None:
        super().__init__(message, status, **rest)
        if self.challenge_header in self.headers:
            self.members["challenge"] = self.headers.getlist(self.challenge_header)


class RequestTimeout(ClientFailure, werkzeug.RequestTimeout, status=http.REQUEST_TIMEOUT):
    """Raise for a request whose parts did not arrive in time."""


class Conflict(ClientFailure, werkzeug.Conflict, status=http.CONFLICT):
    """Raise for what contradicts the present state: a name taken, an edit of an old version."""


class Gone(ClientFailure, werkzeug.Gone, status=http.GONE):
    """Raise for what existed and will not come back; where that is not sure, NotFound."""


class LengthRequired(ClientFailure, werkzeug.LengthRequired, status=http.LENGTH_REQUIRED):
    """Raise for a body without a Content-Length where one is needed."""


class PreconditionFailed(
    ClientFailure, werkzeug.PreconditionFailed, status=http.PRECONDITION_FAILED
):
    """Raise for a request whose If-Match or other condition is not met."""


class ContentTooLarge(ClientFailure, werkzeug.RequestEntityTooLarge, status=http.CONTENT_TOO_LARGE):
    """Raise for a body larger than is taken; if only for now, say when with retry_after."""


class URITooLong(ClientFailure, werkzeug.RequestURITooLarge, status=http.URI_TOO_LONG):
    """Raise for a target longer than is read."""


class UnsupportedMediaType(
    ClientFailure, werkzeug.UnsupportedMediaType, status=http.UNSUPPORTED_MEDIA_TYPE
):
    """Raise for a body in a format that is not read here."""


class RangeNotSatisfiable(
    Measured,
    werkzeug.RequestedRangeNotSatisfiable,
    status=http.RANGE_NOT_SATISFIABLE,
):
    """Raise for a Range that lies outside of what there is.

    :param length: how much there is, in units.
    :param units: what is counted, bytes by default.
    """


class ExpectationFailed(ClientFailure, werkzeug.ExpectationFailed, status=http.EXPECTATION_FAILED):
    """Raise for an Expect header that asks for what cannot be had."""


class ImATeapot(ClientFailure, werkzeug.ImATeapot, status=http.IM_A_TEAPOT):
    """Raise for coffee asked of a teapot."""


class MisdirectedRequest(
    ClientFailure, werkzeug.MisdirectedRequest, status=http.MISDIRECTED_REQUEST
):
    """Raise for a host that is not served here, reached over a connection meant for another."""


class UnprocessableContent(
    Invalid, werkzeug.UnprocessableEntity, status=http.UNPROCESSABLE_CONTENT
):
    """Raise for a body that can be read, but says what cannot be done: a failed validation."""


class Locked(ClientFailure, werkzeug.Locked, status=http.LOCKED):
    """Raise for what somebody else has locked."""


class FailedDependency(ClientFailure, werkzeug.FailedDependency, status=http.FAILED_DEPENDENCY):
    """Raise for what depended on another action that failed."""


class TooEarly(ClientFailure, status=http.TOO_EARLY):
    """Raise for a request in early data that would do harm if it were replayed."""


class UpgradeRequired(Upgrading, status=http.UPGRADE_REQUIRED):
    """Raise for a request that must come over another protocol.

    :param upgrade: the protocol, or several, the preferred one first: ``"TLS/1.3"``.
    """

    remedy = "upgrade='TLS/1.3'"


class PreconditionRequired(
    ClientFailure, werkzeug.PreconditionRequired, status=http.PRECONDITION_REQUIRED
):
    """Raise for a change without an If-Match, where that would overwrite what others did."""


class TooManyRequests(ClientFailure, werkzeug.TooManyRequests, status=http.TOO_MANY_REQUESTS):
    """Raise for a client that asks too often; say with retry_after when it may again."""


class RequestHeaderFieldsTooLarge(
    ClientFailure,
    werkzeug.RequestHeaderFieldsTooLarge,
    status=http.REQUEST_HEADER_FIELDS_TOO_LARGE,
):
    """Raise for headers larger than are read."""


class UnavailableForLegalReasons(
    Blocked,
    werkzeug.UnavailableForLegalReasons,
    status=http.UNAVAILABLE_FOR_LEGAL_REASONS,
):
    """Raise for what a legal demand forbids to show.

    :param blocked_by: the URI of who carries the demand out (RFC 7725, Section 4).
    """


class InternalServerError(
    ServerFailure, werkzeug.InternalServerError, status=http.INTERNAL_SERVER_ERROR
):
    """Raise for a bug that one knows of; what nobody caught becomes this one too.

    :param original_exception: the exception that nobody caught. It is never shown.
    """

    def __init__(
        self,
        message: Text | None = None,
        status: int | None = None,
        *,
        original_exception: BaseException | None = None,
        **rest: Any,
    ) -> None:
        super().__init__(message, status, **rest)
        self.original_exception = original_exception


class NotImplemented(  # noqa: A001 - the phrase of RFC 9110, and Werkzeug's name
    ServerFailure, werkzeug.NotImplemented, status=http.NOT_IMPLEMENTED
):
    """Raise for what nothing on this server does yet, such as an unknown method."""


class BadGateway(ServerFailure, werkzeug.BadGateway, status=http.BAD_GATEWAY):
    """Raise for another server's answer that makes no sense."""


class ServiceUnavailable(
    ServerFailure, werkzeug.ServiceUnavailable, status=http.SERVICE_UNAVAILABLE
):
    """Raise while overloaded or under maintenance; say with retry_after until when."""


class GatewayTimeout(ServerFailure, werkzeug.GatewayTimeout, status=http.GATEWAY_TIMEOUT):
    """Raise for another server that did not answer in time."""


class HTTPVersionNotSupported(
    ServerFailure,
    werkzeug.HTTPVersionNotSupported,
    status=http.HTTP_VERSION_NOT_SUPPORTED,
):
    """Raise for a version of HTTP that is not spoken here."""


class VariantAlsoNegotiates(ServerFailure, status=http.VARIANT_ALSO_NEGOTIATES):
    """Raise for a negotiation that leads in a circle (RFC 2295, Section 8.1)."""


class InsufficientStorage(ServerFailure, status=http.INSUFFICIENT_STORAGE):
    """Raise for what cannot be stored for want of room."""


class LoopDetected(ServerFailure, status=http.LOOP_DETECTED):
    """Raise for an operation that would never end, such as a folder bound into itself."""


class NotExtended(ServerFailure, status=http.NOT_EXTENDED):
    """Raise for a request without an extension it needs; historic, nobody sends it."""


class NetworkAuthenticationRequired(ServerFailure, status=http.NETWORK_AUTHENTICATION_REQUIRED):
    """Raise, in a captive portal, for a client that has to log in to the network first."""


RequestEntityTooLarge = ContentTooLarge
RequestURITooLarge = URITooLong
RequestedRangeNotSatisfiable = RangeNotSatisfiable
UnprocessableEntity = UnprocessableContent
