"""The two services of the example, each on a server of its own."""

import logging
import socket
import sys
from pathlib import Path

import pytest
import servers

from flask_httpstatus import (
    BadGateway,
    Conflict,
    NotFound,
    UnprocessableContent,
)
from flask_httpstatus.testing import assert_conforms, assert_failure, failures_raised

requests = pytest.importorskip("requests")
EXAMPLES = Path(__file__).parent.parent / "examples"
TIMEOUT = 20


@pytest.fixture
def services(monkeypatch):
    """Return the module of the example."""
    monkeypatch.syspath_prepend(EXAMPLES)
    import two_services

    yield two_services
    del sys.modules["two_services"]


def address(server):
    """Return the URL of a server."""
    return "http://{}:{}".format(*server.address)


@pytest.fixture
def bank(services):
    """Return the bank and its address."""
    app = services.bank()
    with servers.werkzeug(app) as server:
        yield app, address(server)


@pytest.fixture
def shop(services, bank):
    """Return the shop and its address; each of the two knows the other's."""
    app = services.shop()
    app.config["BANK"] = bank[1]
    with servers.werkzeug(app) as server:
        bank[0].config["SHOP"] = address(server)
        yield app, address(server)


def post(url, **json):
    """Send something to a service."""
    return requests.post(url, json=json, timeout=TIMEOUT)


def test_paid(shop):
    """What the account covers is paid."""
    assert post(f"{shop[1]}/orders/2/pay").json() == {"balance": 10}


def test_out_of_credit(services, shop, bank):
    """The bank's problem is caught by its class, and becomes what the shop has to say."""
    with failures_raised(shop[0]) as raised, failures_raised(bank[0]) as at_the_bank:
        response = post(f"{shop[1]}/orders/1/pay")
    assert_failure(response, Conflict, "Your bank: You have 30.")
    assert_conforms(response)
    assert isinstance(at_the_bank[0], services.OutOfCredit)
    assert isinstance(raised[0].__cause__, services.OutOfCredit)
    assert raised[0].__cause__.balance == 30


def test_asked_directly(services, bank, shop):
    """Who asks the bank itself gets its problem, typed."""
    response = post(f"{bank[1]}/charges", order=1)
    assert assert_failure(response, services.OutOfCredit, "You have 30.").balance == 30


def test_no_such_order(bank, shop):
    """The shop's 404 is a mistake in what the bank was sent."""
    response = post(f"{bank[1]}/charges", order=9)
    assert_failure(response, UnprocessableContent, "There is no such order.")


def test_uncaught(shop, caplog):
    """What the shop does not expect of the bank is a gateway's failure, and no one's secret."""
    response = post(f"{shop[1]}/orders/9/pay")
    assert_failure(response, BadGateway, "Bad gateway")
    assert "no such order" not in response.text.lower()
    [record] = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert "There is no such order." in logging.Formatter().format(record)


def test_nobody_there(services):
    """Without the bank it is a gateway's failure, too."""
    app = services.shop()
    with socket.create_server(("127.0.0.1", 0)) as free:
        app.config["BANK"] = "http://{}:{}".format(*free.getsockname())
    response = app.test_client().post("/orders/1/pay")
    assert_failure(response, BadGateway, "Bad gateway")


def test_not_found_of_its_own(shop):
    """The shop's own 404 stays one."""
    assert_failure(requests.get(f"{shop[1]}/orders/9", timeout=TIMEOUT), NotFound, "no such order")
