"""Takes what a webhook is told, and prints the id of each message and what it is about.
What comes before a file is there gets no answer.

Usage: receiver.py PORT FILE
"""

import http.server
import json
import pathlib
import sys
import threading


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        if not pathlib.Path(sys.argv[2]).exists():
            threading.Event().wait()
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        print(self.headers["webhook-id"], body["resource"]["_id"], flush=True)
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver)
server.daemon_threads = True
server.serve_forever()
