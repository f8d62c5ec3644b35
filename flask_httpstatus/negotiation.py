"""Negotiation: policy and Accept in, format out."""

import re
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from werkzeug.http import parse_accept_header, parse_options_header

from .keeping import kept


class Format:
    """One way to write a failure down; of a media type there is one.

    :param name: what it is called in a policy.
    :param media_type: what it is sent as.
    :param also: further media types whose readers can read it, ``+json`` meaning every type
        with that suffix (RFC 6839, Section 3.1).
    """

    def __init__(self, name: str, media_type: str, also: frozenset[str] = frozenset()) -> None:
        self.name = name
        self.media_type = media_type
        self.also = also

    def __repr__(self) -> str:
        return f"Format({self.name!r}, {self.media_type!r})"


Formats: TypeAlias = tuple[Format, ...]

PROBLEM = Format(
    "problem", "application/problem+json", frozenset({"application/json", "text/json", "+json"})
)
HTML = Format("html", "text/html", frozenset({"application/xhtml+xml"}))
TEXT = Format("text", "text/plain")
MARKDOWN = Format("markdown", "text/markdown")
XML = Format("xml", "application/problem+xml", frozenset({"application/xml", "text/xml", "+xml"}))

#: The formats that are always there, by name.
FORMATS: Mapping[str, Format] = {
    format_.name: format_ for format_ in (PROBLEM, HTML, TEXT, MARKDOWN, XML)
}
DEFAULT: Formats = (PROBLEM, HTML, TEXT)

_MEDIA_TYPES = {format_.media_type: format_ for format_ in FORMATS.values()}
_MEDIA_TYPE = r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*"  # RFC 6838, 4.2


def formats_named(names: Iterable[str]) -> Formats:
    """Return the formats of a policy; a media type names one of the application's own.

    :raises ValueError: for a name that is neither.
    """
    if isinstance(names, str) or not isinstance(names, Iterable):
        raise ValueError(f"a list of formats is wanted, such as [{names!r}]")
    formats = tuple(_format_named(name) for name in names)
    if not formats:
        raise ValueError("a policy names one format at least")
    return formats


def _format_named(name: str) -> Format:
    if isinstance(name, str):
        if name in FORMATS:
            return FORMATS[name]
        media_type = name.lower()
        if re.fullmatch(_MEDIA_TYPE, media_type):
            return _MEDIA_TYPES.setdefault(media_type, Format(media_type, media_type))
    raise ValueError(
        f"{name!r} is no format; there are {', '.join(FORMATS)}, and the media types that "
        "@failures.renderer registers"
    )


class Policy:
    """Which formats are offered where, by URL prefix.

    A prefix holds for the path that is equal to it and for everything below that.

    :param prefixes: the formats of each prefix.
    """

    def __init__(self, prefixes: Mapping[str, Formats]) -> None:
        self.prefixes: dict[str, Formats] = {
            prefix.rstrip("/") + "/": formats for prefix, formats in prefixes.items()
        }
        self._lengths = sorted({len(prefix) for prefix in self.prefixes}, reverse=True)

    def formats_for(self, path: str) -> Formats | None:
        """Return the formats of the longest prefix of the path, None where no prefix fits."""
        path += "/"
        for length in self._lengths:
            formats = self.prefixes.get(path[:length])
            if formats is not None:
                return formats
        return None


#: A range that fits this well names the type, by itself or with one that has the same readers.
_NAMED = 2


@kept
def negotiate(formats: Formats, accept: str) -> Format:
    """Choose one of the formats by what the client says it accepts.

    The higher q wins, then the more specific range, then the client's order, then that of the
    formats (RFC 9110, Section 12.5.1). If nothing fits, the first that was not refused is
    chosen, for an answer in another format is better than 406 (Section 15.5.7).

    :param formats: one at least, in the application's order.
    :param accept: the Accept header, empty for none; what is malformed in it counts as absent.
    """
    if len(formats) == 1 or not accept:
        return formats[0]
    ranges = [
        (*_media_range(value), q, -place)
        for place, (value, q) in enumerate(parse_accept_header(accept))
    ]
    refused = set[Format]()
    ranks = dict[Format, tuple[float, ...]]()
    for format_ in formats:
        matches = [
            (fit, plain, q, place)
            for media_range, plain, q, place in ranges
            if (fit := _fit(format_, media_range)) is not None
            # A version or profile that we do not have: the client reads the type, so it is a
            # wish, but to refuse that version is not to refuse the type.
            and (plain or q > 0)
        ]
        if not matches:
            continue
        # What the client thinks of a format is said by the range that fits it best.
        fit, _, q, place = max(matches)
        if q > 0:
            ranks[format_] = (q, min(fit, _NAMED), place, fit)
        else:
            refused.add(format_)
    # max() takes the first of equals, so the application's order decides.
    if ranks:
        return max(ranks, key=lambda format_: ranks[format_])
    return next((format_ for format_ in formats if format_ not in refused), formats[0])


def _media_range(value: str) -> tuple[str, bool]:
    media_type, parameters = parse_options_header(value)
    # The encoding is no other representation: everything is sent as UTF-8.
    parameters.pop("charset", None)
    return ("*/*" if media_type == "*" else media_type.lower()), not parameters


def _fit(format_: Format, media_range: str) -> int | None:
    """Tell how well the range fits the format, None if not at all."""
    main, _, subtype = media_range.partition("/")
    if not main or not subtype:
        return None
    if media_range == format_.media_type:
        return _NAMED + 1
    suffix = "+" + subtype.rpartition("+")[2]
    if media_range in format_.also or ("+" in subtype and suffix in format_.also):
        return _NAMED
    if subtype == "*" and main == format_.media_type.partition("/")[0]:
        return 1
    return 0 if media_range == "*/*" else None
