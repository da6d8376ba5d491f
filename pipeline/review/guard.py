"""Who may speak to the page: one browser on this machine, which was given the token.

A page of some other site that is open in the same browser can send requests to the loopback address, and a name that it
controls can be made to point there (DNS rebinding). So the `Host` must be ours, the `Origin` of whatever changes anything
too, and every request carries the token, as a cookie that no other site's page can send along or read.
"""

import secrets
from urllib.parse import parse_qs, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_SAFE = ("GET", "HEAD")


class Guard:
    """Answers a request itself unless host, origin and token are right. `code` opens the page once, `token` always."""

    def __init__(self, app: ASGIApp, *, port: int, token: str, code: str | None = None) -> None:
        self._app, self._token, self._code = app, token, code
        self._hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        self._origins = {f"http://{host}" for host in self._hosts}
        self._cookie = f"casefacts-review-{port}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return

        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        answer = self._refusal(scope)
        await (answer or self._app)(scope, receive, sealed)

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        if headers.getlist("host") not in [[host] for host in self._hosts]:
            return PlainTextResponse("This host is not served here.", 421)
        if scope["method"] not in _SAFE and headers.get("origin") not in self._origins:
            return PlainTextResponse("Only the page itself may change anything.", 403)
        if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            return PlainTextResponse("Only the page itself may ask.", 403)
        query = parse_qs(scope["query_string"].decode("latin-1"))
        if scope["method"] == "GET" and self._let_in(query):
            return self._entered(scope, query)
        cookie = cookie_parser(headers.get("cookie", "")).get(self._cookie, "")
        if not self._same(cookie, self._token):
            return PlainTextResponse("Open the address that casefacts review printed in the terminal: it carries a token.", 403)
        return None

    def _let_in(self, query: dict[str, list[str]]) -> bool:
        token, code = (query.get(name, [""])[0] for name in ("token", "code"))
        once = self._code is not None and self._same(code, self._code)
        if once:
            self._code = None
        return once or self._same(token, self._token)

    def _entered(self, scope: Scope, query: dict[str, list[str]]) -> Response:
        """Hand the cookie out, and lead on without the token in the address."""
        rest = urlencode({name: value for name, value in query.items() if name not in ("token", "code")}, doseq=True)
        path = "/" + scope["path"].lstrip("/\\")  # two slashes would lead to another host
        answer = RedirectResponse(f"{path}?{rest}" if rest else path, 303)
        answer.set_cookie(self._cookie, self._token, httponly=True, samesite="strict")
        return answer

    @staticmethod
    def _same(one: str, other: str) -> bool:
        return bool(one) and secrets.compare_digest(one.encode(), other.encode())
