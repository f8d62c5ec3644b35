"""The page that people see: complete by itself, safe, and the application's own where it wants."""

import base64
import gc
import hashlib
import json
import re
import sys
from datetime import UTC, datetime, timedelta

import flask
import html5lib
import pytest
from flask import Blueprint, render_template_string
from hypothesis import given
from hypothesis import strategies as st

from flask_httpstatus import (
    KINDS,
    Failure,
    Failures,
    Flask,
    Forbidden,
    InternalServerError,
    Issue,
    NotFound,
    ServiceUnavailable,
    TooManyRequests,
    Unauthorized,
    UnprocessableContent,
    catching_failure,
    http,
)
from flask_httpstatus.page import POLICY, STYLE_SOURCE, html
from flask_httpstatus.translations import LANGUAGES

#: What HTTP demands of some kinds, so that none of them is warned about.
FACTS = {
    401: {"challenge": "Bearer"},
    407: {"challenge": "Basic"},
    426: {"upgrade": "TLS/1.3"},
}
LOGO = '<svg viewBox="0 0 1 1"><path d="M0 0h1"/></svg>'
HOSTILE = [
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "</p></main></body><h1>owned</h1>",
    '"><img src=x onerror=alert(1)>',
    "&lt;b&gt; &amp;amp;",
    "]]>",
    "{{ 7 * 7 }} {% raw %}",
    "\u202e\u2066never closed",
    "two\nlines",
    "\u2028\u2029",
]


def parsed(text):
    """Return the page as a tree, read by a parser that forgives nothing."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return parser.parse(text)


def texts(tree, path):
    """Return the text of each element that the path leads to."""
    return [" ".join("".join(element.itertext()).split()) for element in tree.findall(path)]


def document_in(tree):
    """Return the problem document that is embedded in the page."""
    (script,) = tree.findall(".//script")
    assert script.attrib == {"type": "application/problem+json"}
    return json.loads(script.text)


def of(failure, **settings):
    """Return the answer to the failure for a browser."""
    app = Flask("example")
    app.register_extension(Failures(**settings))

    @app.get("/failing")
    def failing():
        raise failure

    return app.test_client().get("/failing", headers={"Accept": "text/html"})


def site(path, app=None):
    """Return the page of an application's view that is not there."""
    app = app or Flask("example")
    return parsed(app.test_client().get(path, headers={"Accept": "text/html"}).text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", KINDS)
def test_every_page_is_valid_and_small(code, language):
    """Every kind has a page in every language that is valid HTML of less than 8 kB."""
    failure = KINDS[code]("Something happened.", **FACTS.get(code, {}))
    failure.language = language
    text = html(failure)
    assert len(text.encode()) < 8000
    tree = parsed(text)
    speak = LANGUAGES[language]
    assert tree.attrib == {"lang": language, "dir": speak.direction}
    title = speak(failure.name)
    assert texts(tree, ".//title") == texts(tree, ".//h1") == [f"{code} {title}"]
    assert texts(tree, ".//main/p[@class='message']") == ["Something happened."]
    expected = {"title": title, "status": code, "detail": "Something happened."}
    assert document_in(tree) == expected | failure.members


def test_unofficial_statuses_have_a_page_too():
    """A status without a kind is shown by its phrase, with no advice that nobody wrote."""
    tree = parsed(html(Failure(None, 499)))
    assert texts(tree, ".//h1") == ["499 Client Closed Request"]
    assert texts(tree, ".//p[@class='advice']") == []


@pytest.mark.parametrize("code", KINDS)
def test_nothing_is_fetched_and_nothing_runs(code):
    """The page asks for no other address, has no script, no handler and no style attribute."""
    tree = parsed(html(KINDS[code](**FACTS.get(code, {}))))
    for element in tree.iter():
        assert element.tag not in {"link", "img", "iframe", "object", "base", "video", "audio"}
        assert not {name for name in element.attrib if name.startswith("on")}
        assert not {"src", "srcset", "style", "http-equiv"} & set(element.attrib)
    document_in(tree)
    (style,) = tree.findall(".//style")
    assert not re.search(r"@import|url\(", style.text)


def test_head():
    """The page is not for search engines, and is as wide as the screen it is on."""
    tree = parsed(html(NotFound()))
    metas = {meta.get("name"): meta.get("content") for meta in tree.findall("head/meta")}
    assert metas["robots"] == "noindex"
    assert metas["viewport"] == "width=device-width, initial-scale=1"
    assert metas["color-scheme"] == "light dark"


@pytest.mark.parametrize("code", KINDS)
def test_explanation(code):
    """A failure without a message of its own is explained."""
    failure = KINDS[code](**FACTS.get(code, {}))
    tree = parsed(html(failure))
    assert texts(tree, ".//main/p[@class='message']") == [http.facts(code).description]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts(text):
    """No text ends the element that it stands in: message, member, issue, site."""
    failure = UnprocessableContent(text, errors=[Issue(text, parameter=text)], where=text)
    answer = of(failure, site={"name": "a</title><script>alert(1)</script>"})
    tree = parsed(answer.text)
    document = document_in(tree)
    assert document["detail"] == document["where"] == document["errors"][0]["parameter"] == text
    shown = " ".join(text.split())
    assert texts(tree, ".//main/p[@class='message']") == [shown]
    assert texts(tree, ".//dd") == [shown]
    assert texts(tree, ".//li") == [f"{shown} {shown}".strip()]
    assert texts(tree, ".//header") == ["a</title><script>alert(1)</script>"]


@given(st.text(st.characters(exclude_categories=[]), min_size=1))
def test_any_message(message):
    """Every message gives a valid page, in whose document it stands unchanged."""
    failure = NotFound(message)
    document = document_in(parsed(html(failure)))
    detail = message.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if message.casefold() != "not found":
        assert document["detail"] == detail


def test_control_characters_are_replaced():
    """A control character is shown as the replacement character; line breaks stay."""
    (message,) = parsed(html(NotFound("a\x07b\x1b[31m\nc"))).findall(".//p[@class='message']")
    assert message.text == "a\ufffdb\ufffd[31m\nc"


def test_direction_of_a_message():
    """The message is a block that finds its own direction, whatever that of the page is."""
    (message,) = parsed(html(NotFound("אין"))).findall(".//p[@class='message']")
    assert message.get("dir") == "auto"


@pytest.mark.parametrize(("language", "lang"), [("en", None), ("de", "")])
def test_language_of_a_message(client, app, language, lang):
    """Where the page is not in the application's language, that of the message is unknown."""

    @app.get("/failing")
    def failing():
        raise UnprocessableContent("no", errors=[Issue("no")])

    headers = {"Accept": "text/html", "Accept-Language": language}
    tree = parsed(client.get("/failing", headers=headers).text)
    (message,) = tree.findall(".//p[@class='message']")
    (issues,) = tree.findall(".//ul")
    assert message.get("lang") == issues.get("lang") == lang


@pytest.mark.parametrize(
    ("retry_after", "sentence", "machine"),
    [
        (1, "You can try again in 1 s.", "PT1S"),
        (120, "You can try again in 120 s.", "PT120S"),
        (121, "You can try again in 3 min.", "PT121S"),
        (timedelta(hours=2, seconds=1), "You can try again in 3 h.", "PT7201S"),
        (timedelta(days=7), "You can try again in 7 d.", "PT604800S"),
        (10**30, f"You can try again in {-(-(10**30) // 86400)} d.", f"PT{10**30}S"),
        (
            datetime(2030, 1, 1, 12, tzinfo=UTC),
            "You can try again after 2030-01-01 12:00 UTC.",
            "2030-01-01T12:00:00Z",
        ),
        (
            datetime(2030, 1, 1, 12, 59, 1, tzinfo=UTC),
            "You can try again after 2030-01-01 13:00 UTC.",
            "2030-01-01T12:59:01Z",
        ),
    ],
)
def test_when_to_try_again(retry_after, sentence, machine):
    """The page tells until when to wait, rounded so that the retry succeeds."""
    tree = parsed(html(ServiceUnavailable("busy", retry_after=retry_after)))
    assert texts(tree, ".//p[@class='advice']") == [sentence]
    assert [time.get("datetime") for time in tree.iter("time")] == [machine]


def test_try_again_now():
    """Where the wait is over, the advice is that of the status."""
    tree = parsed(html(TooManyRequests(retry_after=0)))
    assert texts(tree, ".//p[@class='advice']") == ["Wait a moment, then try again."]


def test_incident():
    """The id of the occurrence stands on the page, by itself, and in the document."""
    tree = parsed(of(InternalServerError()).text)
    (incident,) = texts(tree, ".//dd/code")
    assert document_in(tree)["instance"] == f"urn:uuid:{incident}"


def test_issues_are_a_list():
    """Each mistake in the input is an item, with the place where it is."""
    places = [
        ({"pointer": "#/items/0/a~1b~0c%20d"}, "items / 0 / a/b~c d"),
        ({"pointer": "#"}, ""),
        ({"parameter": "age"}, "age"),
        ({"header": "If-Match"}, "If-Match"),
        ({"cookie": "tab"}, "tab"),
        ({}, ""),
    ]
    failure = UnprocessableContent(errors=[Issue("wrong", **place) for place, _ in places])
    tree = parsed(html(failure))
    assert texts(tree, ".//li") == [f"{place} wrong".strip() for _, place in places]
    assert texts(tree, ".//h2") == ["What to correct"]
    assert texts(tree, ".//dd") == []


def test_other_errors_are_a_member():
    """A member that is called errors, but is no list of issues, is shown like every member."""
    failure = NotFound()
    failure.members["errors"] = ["odd", 1]
    tree = parsed(html(failure))
    assert texts(tree, ".//dt") == ["errors"]
    assert texts(tree, ".//dd") == ["odd", "1"]


def test_members_are_a_definition_list():
    """Members are shown by name, lists item by item."""
    tree = parsed(html(NotFound(balance=30, accounts=["a", "b"], none=[], nested={"one": True})))
    assert texts(tree, ".//dt") == ["balance", "accounts", "none", "nested"]
    assert texts(tree, ".//dd") == ["30", "a", "b", "", '{"one": true}']


def links(tree):
    """Return where the page leads to, by label."""
    return {link.text: link.get("href") for link in tree.findall(".//p[@class='actions']/a")}


def test_home_page_of_the_application(app):
    """The page leads home where the application has a home page, wherever that is mounted."""
    app.add_url_rule("/", "home", lambda: "home")
    headers = {"Accept": "text/html"}
    assert links(site("/nothing", app)) == {"Home page": "/"}
    mounted = app.test_client().get(
        "/nothing", headers=headers, environ_overrides={"SCRIPT_NAME": "/caf\xc3\xa9"}
    )
    assert links(parsed(mounted.text)) == {"Home page": "/caf%C3%A9/"}


def test_a_prefix_leads_to_no_other_site(app):
    """What a proxy says about the prefix cannot make the link lead elsewhere."""
    app.add_url_rule("/", "home", lambda: "home")
    overrides = {"SCRIPT_NAME": "//evil.example\\"}
    answer = app.test_client().get(
        "/nothing", headers={"Accept": "text/html"}, environ_overrides=overrides
    )
    assert links(parsed(answer.text)) == {"Home page": "/evil.example/"}


def test_no_home_page():
    """Where there is no home page, no link leads to one, which would be a failure again."""
    app = Flask("example")
    app.register_extension(Failures())
    app.add_url_rule("/", "create", lambda: "created", methods=["POST"])
    assert links(site("/nothing", app)) == {}


@pytest.mark.parametrize(
    ("home", "leads_to"),
    [("https://example.org/start", {"Home page": "https://example.org/start"}), (None, {})],
)
def test_home_page_of_the_site(home, leads_to):
    """The site may have another home page than the application, or none."""
    app = Flask("example")
    app.register_extension(Failures(site={"home": home}))
    app.add_url_rule("/", "home", lambda: "home")
    assert links(site("/nothing", app)) == leads_to


def test_sign_in():
    """Who has to sign in is told where; other failures do not speak of it."""
    settings = {"site": {"login": "/login"}}
    unauthorized = of(Unauthorized(challenge="Bearer"), **settings)
    assert links(parsed(unauthorized.text)) == {"Sign in": "/login"}
    assert links(parsed(of(Forbidden(), **settings).text)) == {}


def test_search():
    """Where nothing is found, the site can be searched; other failures do not speak of it."""
    settings = {"site": {"search": "/search?in=all&q="}}
    (form,) = parsed(of(NotFound(), **settings).text).findall(".//form")
    assert form.get("action") == "/search"
    fields = [(field.get("type"), field.get("name")) for field in form.iter("input")]
    assert fields == [("search", "q"), ("hidden", "in")]
    (label,) = form.findall("label")
    assert label.get("for") == form.find(".//input").get("id")
    assert parsed(of(Forbidden(), **settings).text).findall(".//form") == []


def test_site():
    """The site's name stands in the title and above the page, with its logo."""
    answer = of(NotFound(), site={"name": "Example & Sons", "logo": LOGO})
    tree = parsed(answer.text)
    assert texts(tree, ".//title") == ["404 Not Found – Example & Sons"]  # noqa: RUF001
    assert texts(tree, ".//header") == ["Example & Sons"]
    assert LOGO in answer.text


@pytest.mark.parametrize("name", ["Caf\ue000", "\ue000 \ue001"])
def test_site_with_private_characters(name):
    """The texts of a site may have characters of an icon font."""
    answer = of(NotFound("no such user"), site={"name": name})
    assert texts(parsed(answer.text), ".//header") == [name]
    assert texts(parsed(answer.text), ".//p[@class='message']") == ["no such user"]


@pytest.mark.parametrize(
    "wrong",
    [
        "Example",
        {"nane": "Example"},
        {"name": ""},
        {"name": "a\nb"},
        {"name": 7},
        {"home": "javascript:alert(1)"},
        {"home": "//evil.example/"},
        {"home": "start"},
        {"login": ""},
        {"login": "/\\evil.example"},
        {"logo": "/logo.svg"},
        {"search": "/search"},
        {"search": "/search?q"},
    ],
)
def test_wrong_settings_of_the_site(wrong):
    """A setting that would make a bad page is refused when it is made, by its key."""
    with pytest.raises(ValueError, match="FAILURES_SITE"):
        Failures(site=wrong)


def test_policy():
    """The page says what it may do: apply the one style that it has, and nothing else."""
    answer = of(NotFound())
    (style,) = parsed(answer.text).findall(".//style")
    digest = base64.b64encode(hashlib.sha256(style.text.encode()).digest()).decode()
    assert f"'sha256-{digest}'" == STYLE_SOURCE
    assert answer.headers.getlist("Content-Security-Policy") == [
        f"default-src 'none'; style-src 'sha256-{digest}'"
    ]


def test_policy_of_the_failure():
    """A failure that has a policy keeps it, alone."""
    own = {"content-security-policy": "default-src 'self'"}
    answer = of(NotFound(headers=own))
    assert answer.headers.getlist("Content-Security-Policy") == ["default-src 'self'"]


def test_policy_of_other_formats(client):
    """Only the page needs a policy."""
    assert "Content-Security-Policy" not in client.get("/nothing").headers


def test_policy_of_talisman(app, client):
    """Flask-Talisman's policy replaces ours, and its nonce lets the page's style through."""
    talisman = pytest.importorskip("flask_talisman")
    talisman.Talisman(
        app,
        force_https=False,
        content_security_policy={"default-src": "'self'", "style-src": "'self'"},
        content_security_policy_nonce_in=["style-src"],
    )
    answer = client.get("/nothing", headers={"Accept": "text/html"})
    (policy,) = answer.headers.getlist("Content-Security-Policy")
    (style,) = parsed(answer.text).findall(".//style")
    assert f"'nonce-{style.get('nonce')}'" in policy
    assert style.get("nonce")


def test_page_without_the_extension():
    """A view that catches its failures has the page, too, and so has one outside of a request."""
    app = flask.Flask("example")

    @app.get("/")
    @catching_failure(format="html")
    def failing():
        raise NotFound("no such user")

    answer = app.test_client().get("/")
    assert links(parsed(answer.text)) == {"Home page": "/"}
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert links(parsed(html(NotFound()))) == {}


# What an application's own templates do.


@pytest.fixture
def templated(app, tmp_path):
    """Return a function that gives the application a template."""
    app.template_folder = str(tmp_path)
    (tmp_path / "failures").mkdir()

    def write(name, text):
        (tmp_path / name).write_text(text, "utf-8")

    return write


def answer_to(client, path="/nothing", **headers):
    """Return what a browser gets."""
    return client.get(path, headers={"Accept": "text/html"} | headers)


def test_precedence_of_templates(app, client, templated):
    """The template of the status wins over that of its class, and that over the one for all."""
    templated("failures/404.html", "404 {{ failure.message }}")
    templated("failures/4xx.html", "4xx {{ failure.message }}")
    templated("failures/failure.html", "all {{ failure.message }} {{ incident }}")

    @app.get("/<int:code>")
    def failing(code):
        raise KINDS[code]("<no>")

    assert answer_to(client, "/404").text == "404 &lt;no&gt;"
    assert answer_to(client, "/403").text == "4xx &lt;no&gt;"
    assert re.fullmatch(r"all &lt;no&gt; [-0-9a-f]{36}", answer_to(client, "/503").text)


def test_status_and_headers_of_a_template(app, client, templated):
    """A template changes the body alone; which policy it needs, only the application knows."""
    templated("failures/404.html", "gone fishing")
    answer = answer_to(client)
    assert answer.status == "404 Not Found"
    assert answer.mimetype == "text/html"
    assert answer.headers["Vary"] == "Accept"
    assert not {"Content-Security-Policy", "Content-Language"} & set(answer.headers.keys())


def test_template_of_a_blueprint(app, client, tmp_path):
    """The templates of a blueprint count, as everywhere in Flask."""
    (tmp_path / "failures").mkdir()
    (tmp_path / "failures" / "404.html").write_text("from the blueprint")
    app.register_blueprint(Blueprint("shop", __name__, template_folder=str(tmp_path)))
    assert answer_to(client).text == "from the blueprint"


def test_extending_the_page(app, client, templated):
    """A template extends the page and changes the blocks it wants, with all that Flask gives it."""
    app.context_processor(lambda: {"owner": "Ada"})
    templated(
        "failures/failure.html",
        '{% extends "failures/page.html" %}'
        "{% block head %}<meta name=author content={{ owner }}>{% endblock %}"
        "{% block advice %}<p>Ask {{ owner }} about {{ request.path }}.</p>{% endblock %}",
    )
    answer = answer_to(client, **{"Accept-Language": "de"})
    tree = parsed(answer.text)
    assert texts(tree, ".//h1") == ["404 Nicht gefunden"]
    assert texts(tree, ".//main/p")[-1] == "Ask Ada about /nothing."
    assert tree.find(".//meta[@name='author']").get("content") == "Ada"
    assert document_in(tree)["status"] == 404
    assert answer.headers["Content-Language"] == "de"
    assert answer.headers["Vary"] == "Accept, Accept-Language"


def test_a_template_with_the_name_of_the_page(client, templated):
    """A template of the page's own name can extend the page without extending itself."""
    templated("failures/page.html", "not this one")
    templated("failures/404.html", '{% extends "failures/page.html" %}')
    assert texts(parsed(answer_to(client).text), ".//h1") == ["404 Not Found"]


def test_the_page_is_nowhere_else(app, client):
    """The application's own templates, loaders, blueprints and routes are as they were."""
    rules, blueprints = list(app.url_map.iter_rules()), dict(app.blueprints)
    loader = app.jinja_env.loader
    answer_to(client)
    assert app.jinja_env.loader is loader
    assert "failures/page.html" not in app.jinja_env.list_templates()
    assert list(app.url_map.iter_rules()) == rules
    assert app.blueprints == blueprints


BROKEN = {
    "syntax": "{% if %}",
    "undefined": "{{ nobody.name.first }}",
    "failing": "{{ 1 / 0 }}",
    "no parent": '{% extends "nowhere.html" %}',
    "no filter": "{{ 1|nothing }}",
    "abort": "{{ stop() }}",
}


@pytest.mark.parametrize("template", BROKEN.values(), ids=BROKEN)
def test_broken_templates(app, client, templated, caplog, template):
    """A template that fails is replaced by the built-in page, and logged once."""
    app.jinja_env.globals["stop"] = lambda: flask.abort(403)
    templated("failures/404.html", template)
    answer = answer_to(client)
    assert answer.status == "404 Not Found"
    assert texts(parsed(answer.text), ".//h1") == ["404 Not Found"]
    assert answer.headers["Content-Security-Policy"] == POLICY
    (record,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert record.exc_info


def test_broken_environment(app, client, caplog):
    """Where an application's Jinja cannot be set up, the built-in page is sent, too."""
    app.jinja_options = {"extensions": ["nowhere.Nothing"]}
    assert answer_to(client).headers["Content-Security-Policy"] == POLICY
    assert [record.levelname for record in caplog.records].count("ERROR") == 1


def test_broken_context_processor(app, client, templated, caplog):
    """What fails around a template is like a template that fails."""
    templated("failures/404.html", "mine")
    app.context_processor(lambda: 1 / 0)
    assert answer_to(client).headers["Content-Security-Policy"] == POLICY


@pytest.mark.parametrize("reloading", [False, True])
def test_looking_for_templates(app, client, templated, reloading):
    """Templates are looked for once, or every time where they are reloaded."""
    app.config["TEMPLATES_AUTO_RELOAD"] = reloading
    assert "mine" not in answer_to(client).text
    templated("failures/404.html", "mine")
    assert (answer_to(client).text == "mine") is reloading


def test_no_template_is_rendered_for_the_page(app, client):
    """The built-in page needs no context processor, so none can break it or cost time."""
    app.context_processor(lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError), app.test_request_context():
        render_template_string("")
    assert answer_to(client).headers["Content-Security-Policy"] == POLICY


@pytest.mark.parametrize("character", "<>&")
def test_markup_in_a_long_message(character):
    """To escape a stranger's markup takes as many steps whether there is little of it or much."""
    html(NotFound(character))  # reads the template

    def steps(message):
        calls = 0

        def count(frame, event, argument):
            nonlocal calls
            calls += 1

        failure, before = NotFound(message), sys.getprofile()
        gc.disable()  # what other tests have left behind would be cleared away in between
        sys.setprofile(count)
        try:
            html(failure)
        finally:
            sys.setprofile(before)
            gc.enable()
        return calls

    assert steps(character * 10_000) == steps(character * 1_000)
