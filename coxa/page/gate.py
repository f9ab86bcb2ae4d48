"""Who may see the page: checks every request and the websocket before anything else looks at them."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from secrets import token_urlsafe
from typing import Any, TypeAlias
from urllib.parse import parse_qs, urlsplit

from coxa.host.limits import CONNECTIONS

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

KEPT_S = 365 * 86400
"""A browser keeps the key for so long."""
WELCOME = b"<!doctype html><meta charset=utf-8><title>coxa</title><script>location.replace('/')</script>"
"""Sent with the cookie in place of a redirect, along which a browser that comes from another site would not send it."""
HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
]

ASK_FIRST = (b"cache-control", b"no-cache")
"""For what says nothing of it: a browser keeps scripts by their age, and after an update would run those of before."""


class Gate:
    """ASGI middleware: Host against DNS rebinding, Origin against other sites, a token and a cookie against strangers.

    Strangers are whoever is on the home network, and on loopback the other users of this machine.
    """

    def __init__(
        self,
        app: App,
        hosts: Iterable[str],
        *,
        port: int,
        key: str | None = None,
        on_entry: Callable[[], None] | None = None,
        most_feeds: int = CONNECTIONS,
    ) -> None:
        """Args:
        app: what is behind the gate.
        hosts: what the Host header may say, with the port but where it is the usual one of HTTP.
        port: of the page. It stands in the name of the cookie, which a browser sends to every port of a machine.
        key: what each browser is given that comes with the token, and knows already if it did so in an earlier session;
            None: each gets a secret of its own, and a token lets in only one.
        on_entry: called when a token has been used up, so that the next link can be shown.
        most_feeds: websockets at one time; the server's own limit is for requests only.
        """
        self._app, self._hosts = app, frozenset(h.lower() for h in hosts)
        self._cookie, self._key = cookie_name(port), key
        self._on_entry = on_entry or (lambda: None)
        self._entered = set[str]() if key is None else {key}
        self._feeds, self._most_feeds = 0, most_feeds
        self.token = token_urlsafe(24)
        """Lets a browser in; where there is no key, one only: then it is another one."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may pass; everything else gets 403."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}
        if not (self._known_host(scope, headers) and self._own_origin(scope, headers) and _own_request(headers)):
            await _refuse(scope, send)
        elif scope["type"] == "http" and scope["method"] == "GET" and self._spend(scope):
            await self._welcome(send)
        elif self._has_cookie(headers):
            await self._pass_on(scope, receive, send)
        else:
            await _refuse(scope, send)

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._app(scope, receive, _with_headers(send))
        elif self._feeds >= self._most_feeds:
            await _refuse(scope, send)
        else:
            self._feeds += 1
            try:
                await self._app(scope, receive, send)
            finally:
                self._feeds -= 1

    def _known_host(self, scope: Scope, headers: dict[str, str]) -> bool:
        """Or the very address that was connected to, of which a machine has several: no name of a stranger's is one."""
        server = scope.get("server")
        own = set[str]() if server is None else {host_header(*server)}
        return headers.get("host", "").lower() in self._hosts | own

    def _own_origin(self, scope: Scope, headers: dict[str, str]) -> bool:
        """Browsers always name the origin of a websocket and of a form; a page from elsewhere is thereby known."""
        origin = headers.get("origin")
        if origin is None:
            return scope["type"] == "http"
        try:
            return urlsplit(origin).netloc.lower() == headers["host"].lower()
        except ValueError:  # no address at all
            return False

    def _has_cookie(self, headers: dict[str, str]) -> bool:
        """Cookies of other pages on this machine lie beside it, of any form: each is looked at for itself."""
        given = [pair.strip().encode() for pair in headers.get("cookie", "").split(";")]
        known = [f"{self._cookie}={secret}".encode() for secret in self._entered]
        return any(hmac.compare_digest(one, other) for one in given for other in known)

    def _spend(self, scope: Scope) -> bool:
        given = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
        if not hmac.compare_digest(given.encode(), self.token.encode()):
            return False
        if self._key is None:
            self.token = token_urlsafe(24)
        return True

    async def _welcome(self, send: Send) -> None:
        secret = self._key or token_urlsafe(24)
        self._entered.add(secret)
        cookie = f"{self._cookie}={secret}; HttpOnly; SameSite=Strict; Path=/"
        cookie += "" if self._key is None else f"; Max-Age={KEPT_S}"
        headers = [(b"content-type", b"text/html; charset=utf-8"), (b"set-cookie", cookie.encode()), *HEADERS]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": WELCOME})
        if self._key is None:
            self._on_entry()


def cookie_name(port: int) -> str:
    """Of the page at that port."""
    return f"coxa_page_{port}"


def host_header(name: str, port: int) -> str:
    """As browsers write it in Host and Origin: without the port where that is the usual one of HTTP."""
    return name if port == 80 else f"{name}:{port}"


def _own_request(headers: dict[str, str]) -> bool:
    """Browsers say so of what a page from elsewhere loads, as an image or in a frame; following a link is no harm."""
    site = headers.get("sec-fetch-site", "none")
    return site in ("none", "same-origin") or headers.get("sec-fetch-dest") == "document"


def _with_headers(send: Send) -> Send:
    async def sending(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            given = list(message.get("headers", []))
            said = any(name.lower() == b"cache-control" for name, _ in given)
            message["headers"] = [*given, *HEADERS[:3], *([] if said else [ASK_FIRST])]
        await send(message)

    return sending


async def _refuse(scope: Scope, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})  # before accept: the server answers 403
        return
    body = b"403: open the page with the link that coxa printed"
    await send({"type": "http.response.start", "status": 403, "headers": [(b"content-type", b"text/plain"), *HEADERS]})
    await send({"type": "http.response.body", "body": body})
