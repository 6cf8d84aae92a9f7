"""Exports the events of a demonstration in the formats of others and validates each; calls its API
with a generated client.

MAINSTAY_BIN names the built binary.
"""

import contextlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import urllib.request

FOLDER = pathlib.Path(__file__).parent
SAMPLE = FOLDER.parents[2] / "docs/samples/cloudtrail.ndjson"
BINARY = os.environ["MAINSTAY_BIN"]
ADDRESS = re.compile(r"listening on (http://\S+)")

# One event of each sort that the formats tell apart.
EVENTS = [
    {"action": "fhir.patient.read", "resource_type": "Observation", "resource_id": "bp-7",
     "ip_address": "192.0.2.14", "actor_id": "dr-1", "request_id": "r-1",
     "data_classification": "PHI",
     "details": {"patient_id": "p-1", "purpose_of_use": "TREAT"}},
    {"action": "Patient.create", "resource_type": "Patient", "resource_id": "p-2",
     "ip_address": "2001:db8::1", "data_classification": "PHI"},
    {"action": "Patient.delete", "resource_type": "Patient", "resource_id": "p-2",
     "ip_address": "192.0.2.14", "data_classification": "PHI"},
    {"action": "session.sign_in", "status": "failure", "error_message": "wrong password"},
    {"action": "session.sign_out", "actor_id": "u-1", "session_id": "s-1"},
    {"action": "users.reset_password", "resource_type": "users", "resource_id": "u-1"},
    {"action": "door open", "description": "with\ttabs and\nlines",
     "correlation_id": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"},
]


def post(url, key, events):
    body = json.dumps(events).encode()
    headers = {"apikey": key, "Content-Type": "application/json", "Prefer": "wait=integrated"}
    request = urllib.request.Request(f"{url}/rest/v1/audit_events", body, headers)
    with urllib.request.urlopen(request) as reply:
        assert reply.status == 201, reply.status


@contextlib.contextmanager
def served(data):
    """Serves a demonstration; gives its address and a service key."""
    command = [BINARY, "serve", "--demo", "--listen", "127.0.0.1:0", "--data", data]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        url = next(found[1] for line in server.stdout if (found := ADDRESS.search(line)))
        demo = json.loads(pathlib.Path(data, "demo.json").read_text())
        yield url, demo["organizations"][0]["service_key"]
    finally:
        server.terminate()
        server.wait(60)


def fill(url, key):
    for event in EVENTS:
        post(url, key, [event])
    run("import", "--table", "audit_events", "--map", "cloudtrail", "--url", url,
        "--key", key, str(SAMPLE))


def run(*arguments):
    subprocess.run([BINARY, *arguments], check=True, stdout=subprocess.DEVNULL)


def main():
    with tempfile.TemporaryDirectory() as data:
        with served(data) as (url, key):
            fill(url, key)
            subprocess.run([sys.executable, FOLDER / "generated.py", url, key], check=True)
        for kind in ("ocsf", "fhir", "cloudevents"):
            file = os.path.join(data, kind)
            run("audit", "export", "--tenant", "acme", "--format", kind, "-o", file,
                "--data", data)
            subprocess.run([sys.executable, FOLDER / "validate.py", kind, file], check=True)


main()
