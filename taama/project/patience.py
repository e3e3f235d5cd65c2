"""The web process of an office: slow phones wait in one thread that only waits, and never hold one that works.

A phone on a weak network needs minutes for one photo, and may fall silent in the middle. Its request is gathered
here, in memory and then on disk, and given to a working thread when it is whole; the answer is handed out here too.
"""

import contextlib
import re
import selectors
import socket
import tempfile
import time
from functools import partial

from django.conf import settings
from gunicorn.workers.gthread import TConn, ThreadWorker

IDLE_SECONDS = 60  # without a byte; a phone waits no longer either
LINGER_SECONDS = 2  # for the other side to close first, so that it reads the whole answer
IN_MEMORY = 100_000  # of each connection
LARGEST_HEAD = 65_536
CHUNK, CHUNKS_IN_TURN = 65_536, 16  # then it is somebody else's turn
END_OF_HEAD = b"\r\n\r\n"
LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d+)", re.IGNORECASE)
IN_CHUNKS = re.compile(rb"\r\ntransfer-encoding:[ \t]*chunked", re.IGNORECASE)
LAST_CHUNK = b"0\r\n\r\n"
ASKS_FIRST = re.compile(rb"\r\nexpect:[ \t]*100-continue", re.IGNORECASE)


class Store:
    """Bytes on their way, first in first out."""

    def __init__(self):
        self.file, self.at, self.end = None, 0, 0

    def __len__(self):
        return self.end - self.at

    def add(self, data):
        if self.file is None:
            self.file = tempfile.SpooledTemporaryFile(  # noqa: SIM115  closed by skip and close
                IN_MEMORY, dir=settings.TAAMA_DATA_DIR
            )
        self.file.seek(self.end)
        self.end += self.file.write(data)

    def look(self, size):
        if self.file is None:
            return b""
        self.file.seek(self.at)
        return self.file.read(size)

    def take(self, size):
        data = self.look(size)
        self.skip(len(data))
        return data

    def skip(self, size):
        self.at += size
        if self.file and self.at == self.end:
            self.close()

    def close(self):
        if self.file:
            self.file.close()
        self.file, self.at, self.end = None, 0, 0


class Line:
    """A client's socket as a working thread uses it: it reads what was gathered, and never waits to write."""

    def __init__(self, sock):
        self.sock, self.came, self.goes = sock, Store(), Store()
        self.begin()

    def begin(self):
        """A further request is gathered."""
        self.needed, self.last = None, b""

    def __getattr__(self, name):
        return getattr(self.sock, name)

    def recv(self, size, *flags):
        return self.came.take(size) or self.sock.recv(size, *flags)

    def sendall(self, data):
        self.goes.add(data)
        self.push()

    def send(self, data):
        self.sendall(data)
        return len(data)

    def close(self):
        self.came.close()
        self.goes.close()
        self.sock.close()

    def push(self):
        """Send what the network takes now."""
        with contextlib.suppress(BlockingIOError):
            while data := self.goes.look(CHUNK):
                self.goes.skip(self.sock.send(data, socket.MSG_DONTWAIT))

    def gather(self):
        """Take what has come. Returns whether it is time to work: the request is whole, or will never be."""
        for _ in range(CHUNKS_IN_TURN):
            try:
                chunk = self.sock.recv(CHUNK, socket.MSG_DONTWAIT)
            except BlockingIOError:
                return False
            if not chunk:
                return True
            self.came.add(chunk)
            self.last = (self.last + chunk)[-len(LAST_CHUNK) :]
            if self._is_whole():
                return True
        return False

    def _is_whole(self):
        if self.needed is None:
            head = self.came.look(LARGEST_HEAD)
            end = head.find(END_OF_HEAD)
            if end < 0:
                return len(self.came) >= LARGEST_HEAD
            self.needed = end + len(END_OF_HEAD) + self._announced(head[:end])
        return len(self.came) >= self.needed or (self.in_chunks and self.last == LAST_CHUNK)

    def _announced(self, head):
        """Bytes of the body, or the most that it may have. What will be refused is not waited for."""
        most, self.in_chunks = settings.TAAMA_MAX_SUBMISSION_BYTES, bool(IN_CHUNKS.search(head))
        length = int(found[1]) if (found := LENGTH.search(head)) else most if self.in_chunks else 0
        if length > most:
            return 0
        if length and ASKS_FIRST.search(head):
            self.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        return length


class PatientWorker(ThreadWorker):
    """gunicorn's worker with threads, which get whole requests only and are free once the answer is made."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.waiting, self.looked_at = {}, 0  # connection → until when

    def accept(self, listener):
        with contextlib.suppress(BlockingIOError, ConnectionAbortedError):
            sock, client = listener.accept()
            self.nr_conns += 1
            self.enqueue_req(TConn(self.cfg, Line(sock), client, listener.getsockname()))

    def enqueue_req(self, conn):
        """A request begins, or may begin, on this connection."""
        conn.sock.begin()
        if conn.initialized and conn.parser.unreader.buf.getvalue():
            super().enqueue_req(conn)  # came together with the one before
        else:
            self._gather(conn)

    def finish_request(self, conn, fs):
        """A thread is done: hand out the rest of its answer, then go on with the connection."""
        if conn.sock.goes:
            self._wait(conn, selectors.EVENT_WRITE, partial(self._hand_out, fs=fs))
        else:
            self._finished(conn, fs)

    def murder_pending(self):
        """Close what was silent for too long; when the server stops, also what has not begun."""
        super().murder_pending()
        now = time.monotonic()
        if now < self.looked_at + 1:
            return
        self.looked_at = now
        for conn, until in list(self.waiting.items()):
            if until < now or not (self.alive or conn.sock.came or conn.sock.goes):
                self._drop(conn)

    def _gather(self, conn):
        try:
            whole = conn.sock.gather()
        except OSError:  # gone, or no room on the disk: either way the phone keeps what it wanted to send
            self._drop(conn)
            return
        if not whole:
            self._wait(conn, selectors.EVENT_READ, self._gather)
        elif conn.sock.came:
            self._leave(conn)
            conn.data_ready = True
            super().enqueue_req(conn)
        else:
            self._drop(conn)

    def _hand_out(self, conn, fs):
        try:
            conn.sock.push()
        except OSError:
            self._drop(conn)
            return
        if conn.sock.goes:
            self.waiting[conn] = time.monotonic() + IDLE_SECONDS
        else:
            self._leave(conn)
            self._finished(conn, fs)

    def _finished(self, conn, fs):
        kept = not fs.cancelled() and fs.exception() is None and fs.result()
        if not kept:
            self._linger(conn)
            return
        if more := conn.sock.came.take(len(conn.sock.came)):  # a further request came together with this one
            conn.parser.unreader.unread(conn.parser.unreader.take_buffered() + more)
        super().finish_request(conn, fs)

    def _linger(self, conn):
        """Close without waiting in this thread, which serves everybody."""
        with contextlib.suppress(OSError):
            conn.sock.shutdown(socket.SHUT_WR)
        self._wait(conn, selectors.EVENT_READ, self._drain, LINGER_SECONDS)

    def _drain(self, conn):
        try:
            ended = not conn.sock.sock.recv(CHUNK, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return
        except OSError:
            ended = True
        if ended:
            self._drop(conn)

    def _wait(self, conn, event, then, seconds=IDLE_SECONDS):
        if conn not in self.waiting:
            self.poller.register(conn.sock, event, lambda _sock: then(conn))
        self.waiting[conn] = time.monotonic() + seconds

    def _leave(self, conn):
        if self.waiting.pop(conn, None):
            self.poller.unregister(conn.sock)

    def _drop(self, conn):
        self._leave(conn)
        self.nr_conns -= 1
        conn.close()
