"""HTTP/1.1 over raw sockets, so that what is measured is the hub and not an HTTP library."""
import json
import socket
import time


class Connection:
    """One kept-alive connection: a request, then its answer."""

    def __init__(self, port):
        self.host = f"127.0.0.1:{port}"
        self.socket = socket.create_connection(("127.0.0.1", port), 30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.rest = b""

    def prepare(self, method, path, body=None, token=None, headers=()):
        """The bytes of a request."""
        data = b"" if body is None else json.dumps(body).encode()
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self.host}", f"Content-Length: {len(data)}", *headers]
        if body is not None:
            lines.append("Content-Type: application/json")
        if token:
            lines.append(f"Authorization: Bearer {token}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode() + data

    def answer(self):
        """Reads one whole answer: its status and its body."""
        status, fields = self.head()
        if fields.get(b"transfer-encoding", b"").lower() == b"chunked":
            body = b""
            while chunk := self.chunk():
                body += chunk
            return status, body
        length = int(fields.get(b"content-length", 0))
        while len(self.rest) < length:
            self.more()
        body, self.rest = self.rest[:length], self.rest[length:]
        return status, body

    def exchange(self, *request, **options):
        self.socket.sendall(self.prepare(*request, **options))
        status, body = self.answer()
        if status >= 300:
            raise RuntimeError(f"{request[:2]} answered {status}: {body[:500]!r}")
        return json.loads(body) if body else None

    def head(self):
        while b"\r\n\r\n" not in self.rest:
            self.more()
        head, self.rest = self.rest.split(b"\r\n\r\n", 1)
        first, *lines = head.split(b"\r\n")
        fields = {name.lower(): value.strip() for name, value in (line.split(b":", 1) for line in lines)}
        return int(first.split()[1]), fields

    def chunk(self):
        """The next chunk of a body; empty at its end."""
        while b"\r\n" not in self.rest:
            self.more()
        size, self.rest = self.rest.split(b"\r\n", 1)
        length = int(size, 16)
        while len(self.rest) < length + 2:
            self.more()
        data, self.rest = self.rest[:length], self.rest[length + 2:]
        return data

    def more(self):
        data = self.socket.recv(1 << 16)
        if not data:
            raise ConnectionError("the hub closed the connection")
        self.rest += data

    def close(self):
        self.socket.close()


class LineStream(Connection):
    """An answer of lines that does not end: NDJSON of commands."""

    def __init__(self, port, path, token, headers=()):
        super().__init__(port)
        self.lines = []
        self.partial = b""
        self.socket.sendall(self.prepare("GET", path, token=token, headers=headers))
        status, _ = self.head()
        if status != 200:
            raise RuntimeError(f"{path} answered {status}")

    def line(self, seconds=30):
        """The next line as JSON, with the nanosecond at which its bytes were here; keep-alives are passed over."""
        end = time.monotonic() + seconds
        while True:
            while self.lines:
                at, text = self.lines.pop(0)
                if text.strip() not in (b"", b"{}"):
                    return at, json.loads(text)
            self.socket.settimeout(max(0.001, end - time.monotonic()))
            chunk = self.chunk()
            at = time.perf_counter_ns()
            *whole, self.partial = (self.partial + chunk).split(b"\n")
            self.lines += [(at, text) for text in whole]
