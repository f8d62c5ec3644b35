"""Settings: what an application has configured, checked once."""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple, Self, TypeAlias, cast

from flask import Flask, Request, current_app, has_app_context, request

from .failures import Failure
from .headers import checked_challenges
from .levels import DEFAULT_LEVELS, Levels, checked_levels, codes
from .negotiation import DEFAULT, Format, Formats, Policy, formats_named
from .translations import LANGUAGES

PREFIX = "FAILURES_"
KEY = "httpstatus.settings"

Renderer: TypeAlias = Callable[[Failure], Any]


def _formats(value: object) -> Policy:
    if isinstance(value, Mapping):
        prefixes = cast("Mapping[object, object]", value)
    else:
        prefixes = {"/": value}
    policy: dict[str, Formats] = {}
    for prefix, names in prefixes.items():
        if not isinstance(prefix, str) or not prefix.startswith("/"):
            raise ValueError(f"{prefix!r} is no URL prefix: it has to start with '/'")
        if not isinstance(names, (list, tuple)):
            raise ValueError("a list of formats, or a dict of them by URL prefix, is wanted")
        policy[prefix] = formats_named(cast("Iterable[str]", names))
    return Policy(policy)


#: A host as redirects know it: in ASCII, of labels that DNS can have, maybe with a port.
HOST: str = r"(?:(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}\.?|\[[0-9a-f:.]+\])(?::[1-9][0-9]{0,4})?"


def _redirect_hosts(value: object) -> frozenset[str]:
    if not isinstance(value, (list, tuple, set, frozenset)):
        raise ValueError("a list of hosts, such as ['accounts.example'], is wanted")
    hosts = set[str]()
    for host in cast("Iterable[object]", value):
        if not isinstance(host, str) or not re.fullmatch(HOST, host.lower()):
            raise ValueError(
                f"{host!r} is no host such as 'accounts.example' or 'localhost:5000' "
                "(in ASCII, without scheme, path or '*')"
            )
        hosts.add(host.lower())
    return frozenset(hosts)


_BASE = r"https?://[^\s/?#]+(?:/[^\s?#]*)?|/(?!/)[^\s?#]*"


def _type_base(value: object) -> str:
    if isinstance(value, str) and re.fullmatch(_BASE, value):
        return value.rstrip("/") + "/"
    raise ValueError("an absolute URI or path, such as 'https://example.org/problems/', is wanted")


def _incident(value: object) -> frozenset[int]:
    if not isinstance(value, (list, tuple, set, frozenset)):
        raise ValueError("a list of statuses, such as ['5xx', 429], is wanted")
    return frozenset(
        code for selector in cast("Iterable[object]", value) for code in codes(selector)
    )


class Site(NamedTuple):
    """What the page tells of the site around it.

    :param name: what it is called.
    :param home: the address of its home page; empty for the application's own, if it has one.
    :param logo: an SVG element.
    :param login: the address where to sign in, offered with 401.
    :param search: the address of a search but for the words, ``/search?q=``; offered with 404.
    """

    name: str | None = None
    home: str | None = ""
    logo: str | None = None
    login: str | None = None
    search: str | None = None


_ADDRESS = r"(?:https?://[^\s/?#\\]+)?(?:/(?![/\\])[^\s\\]*)?"
_OF_A_SITE = {
    "name": (r"[^\x00-\x1f\x7f-\x9f]+", "a name in one line"),
    "home": (rf"(?=.){_ADDRESS}", "an address such as '/' or 'https://example.org/', or None"),
    "logo": (r"(?s:\s*<svg\b.*</svg>\s*)", "an element <svg>...</svg>"),
    "login": (rf"(?=.){_ADDRESS}", "an address such as '/login'"),
    "search": (rf"(?=.){_ADDRESS}[?&][^\s=&#]+=", "an address such as '/search?q='"),
}


def _site(value: object) -> Site:
    if not isinstance(value, Mapping):
        raise ValueError(f"a dict is wanted that may have {', '.join(_OF_A_SITE)}")
    given = cast("Mapping[str, object]", value)
    for name, text in given.items():
        if name not in _OF_A_SITE:
            raise ValueError(f"there is no {name!r}; there is {', '.join(_OF_A_SITE)}")
        pattern, wanted = _OF_A_SITE[name]
        if text is not None and not (isinstance(text, str) and re.fullmatch(pattern, text)):
            raise ValueError(f"{name!r} has to be {wanted}")
    return Site(**cast("dict[str, Any]", given))


def _languages(value: object) -> tuple[str, ...]:
    tags = tuple(cast("Iterable[str]", value)) if isinstance(value, (list, tuple)) else ()
    if not tags or not all(isinstance(tag, str) and tag in LANGUAGES for tag in tags):
        raise ValueError(f"a list of languages is wanted; there are {', '.join(LANGUAGES)}")
    return tags


def _problems(value: object) -> tuple[type[Failure], ...]:
    given = cast("Iterable[object]", value) if isinstance(value, (list, tuple)) else [None]
    kinds = [kind for kind in given if isinstance(kind, type) and issubclass(kind, Failure)]
    # Only declared types have a title; one without a kind is a base for others.
    problems = tuple(kind for kind in kinds if kind.title and kind.code is not None)
    if len(problems) < len([*given]):
        raise ValueError("a list of problem types is wanted, each with a kind")
    return problems


def _hop_by_hop(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("True or False is wanted")
    return value


#: The settings that an application writes down, each with what reads its value.
CHECKS: Mapping[str, Callable[[Any], Any]] = {
    "formats": _formats,
    "challenge": checked_challenges,
    "redirect_hosts": _redirect_hosts,
    "type_base": _type_base,
    "log_levels": checked_levels,
    "incident": _incident,
    "hop_by_hop": _hop_by_hop,
    "languages": _languages,
    "site": _site,
    "problems": _problems,
}


class Settings(NamedTuple):
    """What an application has configured.

    :param formats: FAILURES_FORMATS: the formats offered, in order, by URL prefix.
    :param challenge: FAILURES_CHALLENGE: how to authenticate, for a 401 that does not say it.
    :param redirect_hosts: FAILURES_REDIRECT_HOSTS: hosts that redirect() may lead to.
    :param type_base: FAILURES_TYPE_BASE: what the slugs of problem types stand under.
    :param log_levels: FAILURES_LOG_LEVELS: how the failures of a status or kind are logged.
    :param incident: FAILURES_INCIDENT: the statuses whose occurrences get an id.
    :param hop_by_hop: FAILURES_HOP_BY_HOP: whether the server takes hop-by-hop headers.
    :param languages: FAILURES_LANGUAGES: the languages to answer in, the application's own first.
    :param site: FAILURES_SITE: what the page tells of the site around it.
    :param problems: FAILURES_PROBLEMS: problem types that no view declares.
    :param renderers: what writes the application's own formats.
    :param blueprints: the formats of single blueprints.
    """

    formats: Policy = Policy({})
    challenge: tuple[str, ...] = ()
    redirect_hosts: frozenset[str] = frozenset()
    type_base: str | None = None
    log_levels: Levels = DEFAULT_LEVELS
    incident: frozenset[int] = frozenset(range(500, 600))
    hop_by_hop: bool = False
    languages: tuple[str, ...] = tuple(LANGUAGES)
    site: Site = Site()
    problems: tuple[type[Failure], ...] = ()
    renderers: Mapping[Format, Renderer] = MappingProxyType({})
    blueprints: Mapping[object, Formats] = MappingProxyType({})

    def formats_offered(self, blueprints: Iterable[object], path: str) -> Formats:
        """Return the formats of the first blueprint that has some, else those of the URL prefix.

        :param blueprints: those that the view is in, the innermost first.
        """
        for blueprint in blueprints:
            if blueprint in self.blueprints:
                return self.blueprints[blueprint]
        formats = self.formats.formats_for(path) if self.formats.prefixes else None
        return formats or ((*DEFAULT, *self.renderers) if self.renderers else DEFAULT)

    @classmethod
    def read(cls, config: Mapping[str, Any], given: Mapping[str, Any], **registered: Any) -> Self:
        """Read the settings from ``app.config`` and from keyword arguments, which win.

        :raises ValueError: for a wrong value, with the key and what is allowed.
        :raises TypeError: for a setting that there is not.
        """
        values = {
            key.removeprefix(PREFIX).lower(): value
            for key, value in config.items()
            if key.startswith(PREFIX) and value is not None
        }
        values |= {name: value for name, value in given.items() if value is not None}
        checked: dict[str, Any] = {}
        for name, value in values.items():
            if name not in CHECKS:
                near = difflib.get_close_matches(name, CHECKS, n=1) or sorted(CHECKS)
                names = ", ".join(PREFIX + one.upper() for one in near)
                raise TypeError(f"there is no setting {PREFIX}{name.upper()}; there is {names}")
            try:
                checked[name] = CHECKS[name](value)
            except (TypeError, ValueError) as error:
                raise ValueError(f"{PREFIX}{name.upper()} = {value!r}: {error}") from None
        return cls(**checked, **registered)


_DEFAULTS = Settings()


def settings_of(app: Flask) -> Settings:
    """Return the settings of the application, the defaults where it has none."""
    settings: Settings = app.extensions.get(KEY, _DEFAULTS)
    return settings


def current() -> Settings:
    """Return the settings of the current application, the defaults where there is none."""
    return settings_of(current_app) if has_app_context() else _DEFAULTS


def current_request() -> Request:
    """Return the request itself: to read of it through Flask's proxy takes six times as long.

    :raises RuntimeError: where there is none.
    """
    proxy: Any = request
    itself: Request = proxy._get_current_object()  # noqa: SLF001 - Werkzeug documents it
    return itself
