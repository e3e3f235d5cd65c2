"""The web server of an office: `python -m taama.project.web HOST PORT THREADS PROCESSES`.

A slow phone waits in the server's loop until its request is whole, never in a thread that works; so does an answer
until it is fetched. Each process gathers what comes at one time into one commit.
"""

import logging
import resource
import signal
import socket
import sys

from django.conf import settings
from django.db import connections
from django.urls import get_resolver
from waitress import create_server
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.task import ErrorTask, WSGITask
from waitress.utilities import RequestEntityTooLarge

from taama.project.several import keep
from taama.project.wsgi import application

IDLE_SECONDS = 60  # without a byte; a phone waits no longer either
MOST_CONNECTIONS = 4000  # however many files may be open: each may hold MEMORY of a body
MEMORY = 1 << 16  # of a body; what is longer waits in a file
OPEN_FILES = 100  # besides connections: the database, the lake, logs, libraries


class Parser(HTTPRequestParser):
    """Nothing of a body that is too large is taken for the next request."""

    def received(self, data):
        taken = super().received(data)
        return len(data) if is_too_large(self) else taken


class TooLarge(WSGITask):
    """What is announced as too large is not waited for: the application says so, in the reader's language.

    The connection stays until the client, which may still be sending, has read that and closes it.
    """

    def get_environment(self):
        """Of a body in chunks nobody announced the length: it is as long as what was read of it."""
        most = self.channel.adj.max_request_body_size
        return {"CONTENT_LENGTH": str(most)} | super().get_environment()

    def execute(self):
        self.channel.is_deaf = True
        self.set_close_on_finish()  # tells the client to
        super().execute()
        self.close_on_finish = False


class Channel(HTTPChannel):
    parser_class = Parser
    is_deaf = False

    def received(self, data):
        if self.is_deaf:
            return True
        took = super().received(data)
        self.is_deaf = self.is_deaf or any(map(is_too_large, self.requests))
        return took

    @staticmethod
    def error_task_class(channel, request):
        return (TooLarge if is_too_large(request) else ErrorTask)(channel, request)


def is_too_large(request):
    return isinstance(request.error, RequestEntityTooLarge)


def most_connections():
    """How many connections there may be at once, after as many files as the system allows may be open.

    Each is a socket and perhaps a file with its body. More would leave none for the database, and phones that
    are known were refused because of others that nobody knows.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard == resource.RLIM_INFINITY:
        return MOST_CONNECTIONS
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return max(1, min(MOST_CONNECTIONS, (hard - OPEN_FILES) // 2))


def serve(host, port, threads, processes):
    """Serve until told to stop. Whichever process is free takes the next connection."""
    get_resolver().url_patterns  # noqa: B018  all pages are loaded now, once for all processes
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.create_server((host, port), family=family, backlog=1024)
    if processes == 1:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        answer(listening, threads)
    else:
        connections.close_all()  # of one database connection only one process may speak
        keep(processes, lambda: answer(listening, threads))


def answer(listening, threads):
    """What one process does."""
    server = create_server(
        application, sockets=[listening], threads=threads, ident=None, asyncore_use_poll=True,
        channel_timeout=IDLE_SECONDS, cleanup_interval=5, connection_limit=most_connections(),
        inbuf_overflow=MEMORY,
        max_request_body_size=settings.TAAMA_MAX_SUBMISSION_BYTES + 1, clear_untrusted_proxy_headers=False,
    )  # fmt: skip
    server.channel_class = Channel
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # that requests wait for a thread is no event
    server.run()


if __name__ == "__main__":
    serve(sys.argv[1], *map(int, sys.argv[2:5]))
