"""Validates exported audit events with models that others made of public schemas.

usage: validate.py FORMAT FILE    with FORMAT one of ocsf, fhir, cloudevents; one event per line
"""

import json
import sys

BALP = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit."
DCM = "http://dicom.nema.org/resources/ontology/DCM"
CUSTODIAN = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"


def ocsf(event):
    from ocsf.v1_7_0 import events

    classes = {
        3001: events.AccountChange,
        3002: events.Authentication,
        6003: events.ApiActivity,
    }
    assert event["type_uid"] == event["class_uid"] * 100 + event["activity_id"]
    assert event["metadata"]["version"] == "1.7.0"
    parsed = classes[event["class_uid"]].model_validate(event)
    unknown(parsed, "event")
    # What the schema asks at least one of.
    assert any(event["actor"].get(name) for name in ("user", "session", "invoked_by"))
    assert any(event["src_endpoint"].get(name) for name in ("ip", "name"))
    if event["class_uid"] == 3002:
        assert event["service"]["name"]


def unknown(model, place):
    """No attribute that the schema doesn't know, but in `unmapped`."""
    extra = getattr(model, "model_extra", None)
    if extra is None:
        return
    assert not extra, f"{place}: {sorted(extra)}"
    for name in type(model).model_fields:
        value = getattr(model, name)
        if name != "unmapped":
            for item in value if isinstance(value, list) else [value]:
                unknown(item, f"{place}.{name}")


def fhir(event):
    from fhir.resources.R4B.auditevent import AuditEvent

    AuditEvent.model_validate(event)
    for profile in event.get("meta", {}).get("profile", []):
        assert profile.startswith(BALP)
        balp(event, profile.removeprefix(BALP))


def balp(event, profile):
    """The rules of the IHE profile beyond those of the resource."""
    verb = profile.removeprefix("Patient")
    action, interaction = {
        "Create": ("C", {"create"}),
        "Read": ("R", {"read", "vread"}),
        "Update": ("U", {"update", "patch"}),
        "Delete": ("D", {"delete"}),
    }[verb]
    client, server = {
        "Read": ((DCM, "110152"), (DCM, "110153")),
        "Delete": ((DCM, "110150"), (CUSTODIAN, "custodian")),
    }.get(verb, ((DCM, "110153"), (DCM, "110152")))
    assert event["type"]["code"] == "rest"
    restful = "http://hl7.org/fhir/restful-interaction"
    assert any(c["system"] == restful and c["code"] in interaction for c in event["subtype"])
    assert (event["action"], event["outcome"]) == (action, "0")
    for role in (client, server):
        agent = one(event["agent"], lambda a: coding(a["type"]["coding"][0]) == role)
        assert agent["who"] and agent["network"] and "media" not in agent
    for user in (agent for agent in event["agent"] if agent["requestor"]):
        allowed = {"IRCP"} if verb == "Read" else {"AUT", "INF", "CST"}
        assert user["type"]["coding"][0]["code"] in allowed
        assert user["who"] and "network" not in user
    entity_type = "http://terminology.hl7.org/CodeSystem/audit-entity-type"
    typed = lambda code: lambda entity: coding(entity["type"]) == (entity_type, code)
    data = one(event["entity"], typed("2"))
    assert data["what"] and data["role"]["code"] in {"3", "4", "20"}
    if profile.startswith("Patient"):
        patient = one(event["entity"], typed("1"))
        assert patient["role"]["code"] == "1" and patient["what"]["type"] == "Patient"
    request = [e for e in event["entity"] if e["type"]["code"] == "XrequestId"]
    assert len(request) <= 1 and all(e["what"]["identifier"]["value"] for e in request)


def coding(value):
    return value["system"], value["code"]


def one(items, fits):
    found = [item for item in items if fits(item)]
    assert len(found) == 1, f"{len(found)} of {items}"
    return found[0]


def cloudevents(event):
    from cloudevents.core.formats.json import JSONFormat
    from cloudevents.core.v1.event import CloudEvent

    parsed = JSONFormat().read(CloudEvent, json.dumps(event))
    assert parsed.get_specversion() == "1.0"
    assert parsed.get_data()["hash"]
    assert parsed.get_extension("sequence") == f"{event['data']['index']:020}"


def main(kind, path):
    count = 0
    with open(path, encoding="utf-8") as lines:
        for count, line in enumerate(lines, 1):
            event = json.loads(line)
            try:
                {"ocsf": ocsf, "fhir": fhir, "cloudevents": cloudevents}[kind](event)
            except Exception as error:
                sys.exit(f"{path}:{count}: not {kind}: {error!r}\n{json.dumps(event, indent=1)}")
    if not count:
        sys.exit(f"{path}: no events")
    print(f"{count} events are {kind}")


main(*sys.argv[1:])
