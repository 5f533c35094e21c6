"""A network that can be cut: a TCP proxy on loopback between two parts of Muster."""
import select
import socket
import threading

from harness import free_port


class Network:
    """Passes bytes on while `open`; when `cut`, it swallows them, as a firewall does that says nothing; `refuse` closes."""

    def __init__(self, target_port):
        self.target = target_port
        self.port = free_port()
        self.mode = "open"
        self.listener = socket.create_server(("127.0.0.1", self.port), backlog=128)
        self.ending = False
        self.pairs, self.lock = set(), threading.Lock()
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while not self.ending:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            if self.mode == "refuse":
                client.close()
                continue
            threading.Thread(target=self.pass_on, args=(client,), daemon=True).start()

    def pass_on(self, client):
        try:
            while self.mode == "cut" and not self.ending:
                # Connected, it seems; nobody answers.
                if select.select([client], [], [], 0.2)[0] and not client.recv(1, socket.MSG_PEEK):
                    return client.close()
                if self.mode != "cut":
                    break
            server = socket.create_connection(("127.0.0.1", self.target), timeout=5)
        except OSError:
            return client.close()
        pair = (client, server)
        with self.lock:
            self.pairs.add(pair)
        is_lost = False
        try:
            while not self.ending:
                ready, _, _ = select.select(pair, [], [], 0.1)
                # What was under way when the network was cut stays lost: a connection of that time is dead for ever.
                is_lost = is_lost or self.mode == "cut"
                for source in ready:
                    data = source.recv(65536)
                    if is_lost:
                        if not data:
                            return
                        continue
                    if not data:
                        return
                    (server if source is client else client).sendall(data)
        except OSError:
            pass
        finally:
            with self.lock:
                self.pairs.discard(pair)
            client.close()
            server.close()

    def close(self):
        self.ending = True
        self.listener.close()
        with self.lock:
            for pair in list(self.pairs):
                for end in pair:
                    try:
                        end.shutdown(socket.SHUT_RDWR)
                    except OSError:
                        pass
