"""Mistakes of users that both type checkers have to see, each on a line that ends in "# error"."""

from flask_httpstatus import (
    Failure,
    Failures,
    Issue,
    NotFound,
    TooManyRequests,
    UnprocessableContent,
    catching_failure,
    http,
    redirect,
)

NotFound(404)  # error
NotFound(b"no such user")  # error
Failure("no such user", "404")  # error
Failure("no such user", status=404.5)  # error
NotFound("no such user", headers="ETag: 1")  # error
TooManyRequests("slow down", retry_after="soon")  # error
UnprocessableContent("check", errors=["too small"])  # error
Issue()  # error
NotFound.on("KeyError")  # error
Failures().respond(404)  # error
Failures().translate(ValueError("x"), NotFound)  # error
catching_failure(form="text")  # error
redirect(7)  # error
redirect("/", "302")  # error
http.facts("404")  # error
redirect("/", http.NOT_FONUD)  # error
NotFound("no such user").status = 404  # error
