"""Agreement: what an application offers and a request wants come to."""

from typing import TypeAlias

from .negotiation import HTML, Format
from .page import POLICY
from .rendering import RENDERERS

#: Names and values of headers.
Lines: TypeAlias = tuple[tuple[str, str], ...]


class Agreement:
    """In which format and language a failure is answered.

    :param by_accept: whether another Accept could have got another format.
    :param by_language: whether another Accept-Language could have got another language.
    """

    def __init__(
        self, format_: Format, language: str, *, by_accept: bool, by_language: bool
    ) -> None:
        self.format = format_
        self.language = language
        self.by_accept = by_accept
        self.by_language = by_language

    def lines(self, template: bool | None = None) -> Lines:
        """Return the headers that describe the body.

        :param template: as from ``page()``.
        """
        media_type, html = self.format.media_type, self.format is HTML
        # Of the other formats only the title is translated: the message is as it was written.
        translated = self.format in RENDERERS and template is not False
        text = "; charset=utf-8" if media_type.startswith("text/") else ""
        varies = [
            name
            for name, does in (
                ("Accept", self.by_accept),
                ("Accept-Language", self.by_language and translated),
            )
            if does
        ]
        lines = {
            "Content-Type": media_type + text,
            "X-Content-Type-Options": "nosniff",
            "Vary": ", ".join(varies),
            "Content-Language": self.language if translated and html else "",
            "Content-Security-Policy": POLICY if html and template is None else "",
        }
        return tuple((name, value) for name, value in lines.items() if value)
