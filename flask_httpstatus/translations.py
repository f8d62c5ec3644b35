"""Translations: the texts of the page in a person's language.

The English texts are the keys, as gettext has it. The catalogues in ``locales/`` are PO files,
which every translator's tool reads; they are read when somebody asks for that language.
"""

import json
import logging
import pkgutil
import re
from collections.abc import Mapping
from functools import cached_property, lru_cache
from importlib import import_module
from types import MappingProxyType
from typing import Final

from flask import Flask
from werkzeug.http import parse_accept_header

from .keeping import kept

log: logging.Logger = logging.getLogger(__package__)

_RIGHT_TO_LEFT = frozenset({"ar"})
#: What RFC 5646 leaves to those who know: the script that is written where none is named.
_SCRIPTS: Final = {
    "zh": "zh-hans",
    "zh-tw": "zh-hant",
    "zh-hk": "zh-hant",
    "zh-mo": "zh-hant",
}
_ENTRY = r'(?m)^msgid ((?:".*"\n)+)msgstr ((?:".*"(?:\n|\Z))+)'
_FUZZY = r"(?m)^#,.*\bfuzzy\b"
#: No language of ours has more subtags, but a stranger's may have thousands.
_MOST_SUBTAGS = 8


class Language:
    """One of the languages that the page speaks; called with a text, it translates that.

    :param tag: its name by RFC 5646.
    """

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.direction = "rtl" if tag in _RIGHT_TO_LEFT else "ltr"

    def __call__(self, text: str) -> str:
        """Return the text in this language, in English where it has no translation."""
        return self._texts.get(text) or text

    @cached_property
    def _texts(self) -> Mapping[str, str]:
        if self.tag == "en":
            return {}
        try:
            data = pkgutil.get_data(__name__, f"locales/{self.tag}.po") or b""
            return read_catalogue(data.decode())
        except Exception:
            log.exception("The catalogue of %s cannot be read", self.tag)
            return {}


#: The languages that the page speaks, by tag.
LANGUAGES: Mapping[str, Language] = MappingProxyType(
    {
        tag: Language(tag)
        for tag in (
            *("en", "de", "fr", "es", "pt", "it", "nl", "pl", "uk", "ru", "tr", "ar", "hi"),
            *("zh-Hans", "zh-Hant", "ja", "ko"),
        )
    }
)


def read_catalogue(text: str) -> dict[str, str]:
    """Return the translations of a PO file; like gettext, without those marked as fuzzy."""
    return {
        _joined(entry[1]): _joined(entry[2])
        for block in text.replace("\r\n", "\n").split("\n\n")
        if not re.search(_FUZZY, block)
        for entry in re.finditer(_ENTRY, block)
    }


def _joined(lines: str) -> str:
    return "".join(json.loads(line) for line in lines.splitlines())


def look_up(offered: tuple[str, ...], range_: str) -> str | None:
    """Return the offered language that fits the range best (RFC 4647, Section 3.4).

    Less and less of the range is asked for: ``de-AT`` finds German, ``zh-TW`` Chinese as it is
    written there. None if nothing fits.
    """
    subtags = range_.lower().split("-", _MOST_SUBTAGS)[:_MOST_SUBTAGS]
    by_tag = _in_lower_case(offered)
    while subtags:
        tag = "-".join(subtags)
        tag = _SCRIPTS.get(tag, tag)
        if tag in by_tag:
            return by_tag[tag]
        subtags.pop()
        if subtags and len(subtags[-1]) == 1:
            # A singleton begins an extension; alone it means nothing.
            subtags.pop()
    return None


@lru_cache(maxsize=256)
def _in_lower_case(offered: tuple[str, ...]) -> Mapping[str, str]:
    return {tag.lower(): tag for tag in offered}


@kept
def choose(offered: tuple[str, ...], accept_language: str) -> str:
    """Return the offered language that the client wants most, the first where none fits.

    :param offered: one at least, the application's own first.
    :param accept_language: the header (RFC 9110, Section 12.5.4), empty for none; what is
        malformed in it counts as absent.
    """
    if len(offered) == 1 or not accept_language:
        return offered[0]
    ranges = parse_accept_header(accept_language)
    refused = {
        tag
        for range_, q in ranges
        if q == 0
        for tag in offered
        if f"{tag}-".lower().startswith(f"{_SCRIPTS.get(range_.lower(), range_)}-".lower())
    }
    wanted = tuple(tag for tag in offered if tag not in refused) or offered
    for range_, q in ranges:
        # "*" is skipped, as Section 3.4 of RFC 4647 has it: who writes "*" first and names
        # languages as well would rather have one of those.
        found = look_up(wanted, range_) if q > 0 and range_ != "*" else None
        if found is not None:
            return found
    return wanted[0]


def spoken(offered: tuple[str, ...], app: Flask) -> tuple[tuple[str, ...], bool]:
    """Return the languages of this request, and whether the client's wish can change the answer's.

    The locale of the application's Flask-Babel is the only one.

    :param offered: one at least, the application's own first.
    """
    tag = _locale_of_flask_babel()
    if tag is None:
        return offered, len(offered) > 1
    selects = getattr(app.extensions["babel"], "locale_selector", None) is not None
    return (look_up(offered, tag) or offered[0],), selects


def _locale_of_flask_babel() -> str | None:
    try:
        flask_babel = import_module("flask_babel")
    except ImportError:
        # Other packages call themselves "babel" as well.
        return None
    try:
        locale = flask_babel.get_locale()
    except Exception:
        # It asks the application.
        log.exception("The locale of Flask-Babel cannot be told")
        return None
    return None if locale is None else str(locale).replace("_", "-")
