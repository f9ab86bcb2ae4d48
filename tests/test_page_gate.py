"""Who may see the page, and where it is: without a browser."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI, Response, WebSocket
from hypothesis import example, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from coxa.host.errors import SpecError
from coxa.page.gate import Gate, cookie_name
from coxa.page.key import own_key
from coxa.page.server import PageServer
from tests.helpers_page import watcher

HOST = "127.0.0.1:8137"
COOKIE, KEY = cookie_name(8137), "k" * 32


def gated(key: str | None, entered: Callable[[], None] = lambda: None) -> tuple[Gate, TestClient]:
    """A page, on loopback where there is a key, and a browser that has not been there."""
    api = FastAPI(openapi_url=None)

    @api.get("/")
    def root() -> dict[str, str]:  # pyright: ignore[reportUnusedFunction]
        return {"secret": "reps"}

    @api.get("/for_long")
    def for_long() -> Response:  # pyright: ignore[reportUnusedFunction]
        return Response(headers={"cache-control": "max-age=60"})

    @api.websocket("/feed")
    async def feed(socket: WebSocket) -> None:  # pyright: ignore[reportUnusedFunction]
        await socket.accept()
        await socket.send_json({"secret": "reps"})

    gate = Gate(api, [HOST], port=8137, key=key, on_entry=entered)
    return gate, TestClient(gate, base_url=f"http://{HOST}")


def inside() -> TestClient:
    """A browser that has been on the page."""
    gate, _ = gated(KEY)
    return TestClient(gate, base_url=f"http://{HOST}", cookies={COOKIE: KEY})


def connects(client: TestClient, **headers: str) -> bool:
    try:
        with client.websocket_connect("/feed", headers=headers) as feed:
            return feed.receive_json() == {"secret": "reps"}
    except WebSocketDisconnect:
        return False


def test_on_loopback_the_link_opens_in_each_browser_and_stays_open():
    """Claim: another user of the computer gets 403, on the websocket too; the link lets the user's browsers in as often
    as it is opened, and who has been in is so in the next session at once: a bookmark, a tab that was left open."""
    gate, client = gated(KEY)
    another = TestClient(gate, base_url=f"http://{HOST}")
    assert client.get("/").status_code == 403
    assert not connects(client, host=HOST, origin=f"http://{HOST}")
    for one in (client, another, client):
        assert one.get(f"/?token={gate.token}").status_code == 200
        assert one.get("/").json() == {"secret": "reps"}
    later, _ = gated(KEY)
    assert TestClient(later, base_url=f"http://{HOST}", cookies={COOKIE: client.cookies[COOKIE]}).get("/").is_success
    assert connects(TestClient(later), host=HOST, origin=f"http://{HOST}", cookie=f"{COOKIE}={client.cookies[COOKIE]}")


def test_who_is_in_may_open_the_next_link():
    """Claim: a phone that scans the next code uses it up, and keeps no link in its address bar that lets another in."""
    gate, client = gated(None)
    for _ in range(2):
        token = gate.token
        welcome = client.get(f"/?token={token}")
        assert "location.replace" in welcome.text
        assert gate.token != token


def test_two_pages_of_one_machine_keep_their_cookies_apart():
    """Claim: a browser that is in on one port stays so when it opens the page at another: cookies know no ports."""
    pages = [Gate(FastAPI(), [HOST], port=port) for port in (8137, 8138)]
    names = {TestClient(g, base_url=f"http://{HOST}").get(f"/?token={g.token}").headers["set-cookie"].split("=")[0]
             for g in pages}  # fmt: skip
    assert len(names) == 2


def test_the_key_is_the_same_each_time_and_its_owners_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Claim: no other user reads it, a damaged one is made anew, and where none can be kept there is one, too."""
    monkeypatch.setattr("platformdirs.user_config_path", lambda _: tmp_path / "coxa")  # pyright: ignore[reportUnknownLambdaType]
    key, file = own_key(), tmp_path / "coxa" / "page.key"
    assert own_key() == key
    if os.name == "posix":
        assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    file.write_text("")
    assert own_key() not in ("", key)
    file.unlink()
    file.mkdir()
    assert len(own_key()) == 32


def test_no_site_may_frame_or_sniff_the_page():
    """Claim: every answer, a refusal too, forbids frames, guessing of types and telling others where one came from."""
    client = inside()
    for host in (HOST, "evil.example"):
        headers = client.get("/", headers={"host": host}).headers
        assert headers["x-frame-options"] == "DENY"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


def test_a_browser_asks_whether_what_it_keeps_is_still_so():
    """Claim: after an update no browser runs the scripts of before: each answer that does not say how long it may be
    kept is asked for anew, one that does keeps its word."""
    client = inside()
    assert client.get("/").headers.get_list("cache-control") == ["no-cache"]
    assert client.get("/for_long").headers.get_list("cache-control") == ["max-age=60"]


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:8138", "127.0.0.1:8137.evil.example", ""])
@pytest.mark.parametrize("key", [KEY, None])
def test_another_host_name_gets_403(host: str, key: str | None):
    """Claim: a name that a stranger's DNS points here (rebinding) opens nothing, with a token or without."""
    gate, client = gated(key)
    assert client.get(f"/?token={gate.token}", headers={"host": host}).status_code == 403
    assert not connects(client, host=host, origin=f"http://{host}", cookie=f"{COOKIE}={KEY}")


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_loads_nothing(site: str):
    """Claim: a page from elsewhere, from another port of this machine too, keeps the server busy neither with images
    nor with frames; a link on it may be followed."""
    client = inside()
    for dest in ("image", "empty", "iframe", "script"):
        assert client.get("/", headers={"sec-fetch-site": site, "sec-fetch-dest": dest}).status_code == 403
    assert client.get("/", headers={"sec-fetch-site": site, "sec-fetch-dest": "document"}).status_code == 200
    assert client.get("/", headers={"sec-fetch-site": "same-origin", "sec-fetch-dest": "script"}).status_code == 200


def test_each_address_of_the_machine_opens_the_page():
    """Claim: a second network card's address, which nobody was told, is as good as the first's."""
    gate, _ = gated(KEY)
    there = TestClient(gate, base_url="http://192.0.2.7:8137", cookies={COOKIE: KEY})
    assert there.get("/").status_code == 200
    assert there.get("/", headers={"host": HOST}).status_code == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:9999", "http://127.0.0.1", None])
def test_another_site_gets_no_feed(origin: str | None):
    """Claim: a page from elsewhere in the same browser cannot open the websocket, nor can one that names no origin."""
    client = inside()
    headers = {"host": HOST, "cookie": f"{COOKIE}={KEY}"} | ({"origin": origin} if origin else {})
    assert not connects(client, **headers)
    if origin:
        assert client.post("/", headers=headers).status_code == 403


def test_the_network_needs_the_token_everywhere():
    """Claim: without the token every request and the websocket get 403; with it, one browser is in, by a cookie."""
    used = list[int]()
    gate, client = gated(None, lambda: used.append(1))
    token = gate.token
    for path in ("/", "/sessions", "/feed", "/static/live.js", "/?token=", "/?token=wrong", f"/?token={token}x"):
        assert client.get(path).status_code == 403, path
    assert not connects(client, host=HOST, origin=f"http://{HOST}")
    welcome = client.get(f"/?token={token}")
    assert welcome.status_code == 200
    assert "secret" not in welcome.text
    assert used == [1]
    assert "HttpOnly" in welcome.headers["set-cookie"]
    assert "SameSite=Strict" in welcome.headers["set-cookie"]
    assert client.get("/").json() == {"secret": "reps"}
    assert connects(client, host=HOST, origin=f"http://{HOST}", cookie=f"{COOKIE}={client.cookies[COOKIE]}")


def test_a_token_works_once():
    """Claim: who finds a used link gets nothing; the next browser has the next link."""
    gate, client = gated(None)
    first = gate.token
    assert client.get(f"/?token={first}").status_code == 200
    _, stranger = gate, TestClient(gate, base_url=f"http://{HOST}")
    assert stranger.get(f"/?token={first}").status_code == 403
    assert gate.token != first
    assert stranger.get(f"/?token={gate.token}").status_code == 200
    assert client.get("/").status_code == 200


@given(st.binary(max_size=60).map(lambda data: data.replace(b"\n", b"").replace(b"\r", b"")))
@example(b"coxa_page=\xff")
@settings(max_examples=60, deadline=None)
def test_no_cookie_but_the_right_one_opens(cookie: bytes):
    """Claim: whatever a cookie header says, nothing opens and nothing breaks, also while somebody is in."""
    gate, client = gated(None)
    assert client.get(f"/?token={gate.token}").status_code == 200
    client.cookies.clear()
    assert client.get("/", headers={b"cookie": cookie}).status_code == 403


@pytest.mark.parametrize("other", ['json={"a":1}', "foo[bar]=1", 'a="x', "a b=1", "=;;", "n=\xe9", f"{COOKIE}=x"])
@pytest.mark.parametrize("order", ["{other}; {own}", "{own};{other}"])
def test_cookies_of_other_pages_lock_nobody_out(other: str, order: str):
    """Claim: who has the right cookie is in, whatever form another program's cookies for this machine have."""
    gate, client = gated(None)
    client.get(f"/?token={gate.token}")
    own = f"{COOKIE}={client.cookies[COOKIE]}"
    client.cookies.clear()
    header = order.format(own=own, other=other).encode("latin-1")
    assert client.get("/", headers={b"cookie": header}).status_code == 200


@pytest.mark.parametrize("origin", ["http://]oxa:8137", "http://[::1", "null", "\xff", ""])
def test_an_origin_that_is_no_address_is_refused(origin: str):
    """Claim: 403 as for every other stranger, not an error of the server."""
    client = inside()
    assert client.get("/", headers={b"origin": origin.encode("latin-1")}).status_code == 403


# the server


def test_a_port_in_use_is_told():
    """Claim: a port that is taken is refused by name; without a wish any free port is found."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SpecError, match=f"--port {port}"):
            PageServer(None, None, port=port)


@pytest.mark.parametrize("command", [["page"], ["demo", "--fast", "--page"]])
def test_a_port_in_use_is_told_by_the_command(tmp_path: Path, command: list[str]):
    """Claim: status 2 and one line with the option's name, and no session has begun."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        call = [sys.executable, "-m", "coxa", *command, "--port", port]
        done = subprocess.run(call, capture_output=True, text=True, env={**os.environ, "COXA_LOG": str(tmp_path)})
    assert done.returncode == 2
    assert [line for line in done.stderr.splitlines() if f"--port {port}" in line]
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.rglob("session.json"))


def test_the_usual_port_is_not_named(monkeypatch: pytest.MonkeyPatch):
    """Claim: on port 80, which browsers leave out of Host and Origin, the page opens, by a link without a port."""
    bound = SimpleNamespace(getsockname=lambda: ("127.0.0.1", 80))
    monkeypatch.setattr("coxa.page.server._bound", lambda *_: bound)  # pyright: ignore[reportUnknownLambdaType]
    here = PageServer(watcher(), None, port=80)
    assert here.link.startswith("http://127.0.0.1/?token=")
    client = TestClient(here._gate, base_url="http://127.0.0.1/")  # pyright: ignore[reportPrivateUsage]
    client.get(here.link)
    own = f"{cookie_name(80)}={client.cookies[cookie_name(80)]}"
    for name in ("127.0.0.1", "localhost"):
        headers = {"host": name, "origin": f"http://{name}", "cookie": own}
        assert client.get("/figures.json", headers=headers).status_code == 200
    assert client.get("/figures.json", headers={"host": "evil.example", "cookie": own}).status_code == 403


def test_links_name_where_it_listens():
    """Claim: without the network the link is this machine's, has a secret all the same, and nobody else can connect."""
    here = PageServer(watcher(), None)
    assert urlsplit(here.link).hostname == "127.0.0.1"
    assert "token=" in here.link
    assert here._socket.getsockname()[0] == "127.0.0.1"  # pyright: ignore[reportPrivateUsage]
    here._socket.close()  # pyright: ignore[reportPrivateUsage]
