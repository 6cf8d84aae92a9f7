"""Generates a Python client of a running server's OpenAPI document, imports it and calls.

Takes the server's address and an organisation's service key.
"""

import importlib
import pathlib
import subprocess
import sys
import tempfile
import urllib.request

PACKAGE = "mainstay_client"


def generate(url, folder):
    document = pathlib.Path(folder, "openapi.json")
    with urllib.request.urlopen(f"{url}/openapi.json") as reply:
        document.write_bytes(reply.read())
    command = [pathlib.Path(sys.executable).with_name("openapi-python-client"), "generate"]
    output = pathlib.Path(folder, PACKAGE)
    # Its modules alone are what is imported. It warns of each body that may also be CSV.
    generated = subprocess.run(
        [*command, "--path", document, "--output-path", output, "--meta", "none"],
        capture_output=True,
        text=True,
    )
    assert generated.returncode == 0, generated.stderr[-4000:]


def call(url, key):
    client = importlib.import_module(PACKAGE).AuthenticatedClient(
        base_url=url, token=key, headers={"apikey": key}
    )
    teams = {
        name: importlib.import_module(f"{PACKAGE}.api.identity.{name}_teams")
        for name in ("create", "list", "delete")
    }
    models = importlib.import_module(f"{PACKAGE}.models")
    made = teams["create"].sync_detailed(
        client=client, body=models.TeamsUpdate(name="generated"), prefer="return=representation"
    )
    assert made.status_code == 201 and made.parsed[0].name == "generated", made
    rows = teams["list"].sync(client=client, name="eq.generated")
    assert [row.name for row in rows] == ["generated"], rows
    gone = teams["delete"].sync_detailed(client=client, name="eq.generated")
    assert gone.status_code == 204, gone
    data = {
        name: importlib.import_module(f"{PACKAGE}.api.data.{name}") for name in ("batch", "may")
    }
    question = models.MayQuestion(table="teams", method="DELETE")
    answer = data["may"].sync(client=client, body=question)
    assert answer.allowed and answer.reasons, answer
    operation = models.BatchOperation(method=models.BatchOperationMethod.GET, path="/teams?limit=1")
    answers = data["batch"].sync(client=client, body=[operation])
    assert [answer.status for answer in answers] == [200], answers


def main(url, key):
    with tempfile.TemporaryDirectory() as folder:
        generate(url, folder)
        sys.path.insert(0, folder)
        call(url, key)


main(*sys.argv[1:])
