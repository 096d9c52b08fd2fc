"""Where a server is: one URL as people write it, and the websocket addresses that follow from it."""

import ipaddress
from urllib.parse import urlsplit, urlunsplit

from lrscope.errors import InvalidInput

DEFAULT_SERVER = "http://127.0.0.1:8000"
SERVER_ENV = "LRSCOPE_SERVER"

_WEBSOCKET = {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"}


def base_url(url: str) -> str:
    """`url` without trailing slashes. Raises InvalidInput when it is not an http(s) address with a host."""
    parts = urlsplit(url)
    if parts.scheme not in _WEBSOCKET or not parts.hostname:
        raise InvalidInput.of("server", url, f"must be an address such as {DEFAULT_SERVER}")
    return urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/"), "", ""))


def ws_url(url: str, path: str) -> str:
    """The websocket address of `path` on the server at `url`. Raises InvalidInput like `base_url`."""
    parts = urlsplit(base_url(url))
    return urlunsplit((_WEBSOCKET[parts.scheme], parts.netloc, parts.path + path, "", ""))


def is_loopback(url: str) -> bool:
    """True when the server is on this machine: no proxy of the environment leads there."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
