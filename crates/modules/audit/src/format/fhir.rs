//! FHIR R4 `AuditEvent`. Events that read or change records follow IHE's Basic Audit Log Patterns:
//! with an identifiable patient the `Patient…` profiles, else those without. A resource names a
//! profile only when it has all that the profile asks for.

use super::Result;
use super::activity::{Activity, resource};
use super::record::{EventRecord, Outcome};
use mainstay_ledger::{Field, Value};
use serde::Serialize;
use serde_json::{Map, Value as Json, json};

const DCM: &str = "http://dicom.nema.org/resources/ontology/DCM";
const EVENT_TYPE: &str = "http://terminology.hl7.org/CodeSystem/audit-event-type";
const ENTITY_TYPE: &str = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
const OBJECT_ROLE: &str = "http://terminology.hl7.org/CodeSystem/object-role";
const SOURCE_TYPE: &str = "http://terminology.hl7.org/CodeSystem/security-source-type";
const PARTICIPATION: &str = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
const PROVENANCE: &str = "http://terminology.hl7.org/CodeSystem/provenance-participant-type";
const CONFIDENTIALITY: &str = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
const REASON: &str = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
const RESTFUL: &str = "http://hl7.org/fhir/restful-interaction";
const BALP: &str = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit";
const BALP_ENTITY: &str = "https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType";
/// The longest logical identifier of a resource.
const ID_MAX: usize = 64;

/// How an activity is told.
struct Shape {
    /// The profile's name; none for what is no operation on a record.
    profile: Option<&'static str>,
    action: &'static str,
    kind: (&'static str, &'static str, &'static str),
    subtype: Option<(&'static str, &'static str, &'static str)>,
    client: (&'static str, &'static str, &'static str),
    server: (&'static str, &'static str, &'static str),
    user: (&'static str, &'static str),
}

const SOURCE_ROLE: (&str, &str, &str) = (DCM, "110153", "Source Role ID");
const DESTINATION_ROLE: (&str, &str, &str) = (DCM, "110152", "Destination Role ID");

impl Shape {
    fn of(activity: Activity) -> Self {
        let rest = (EVENT_TYPE, "rest", "RESTful Operation");
        let change = |profile, action, subtype| Self {
            profile: Some(profile),
            action,
            kind: rest,
            subtype: Some((RESTFUL, subtype, subtype)),
            client: SOURCE_ROLE,
            server: DESTINATION_ROLE,
            user: ("AUT", "author (originator)"),
        };
        let other =
            |kind, subtype| Self { profile: None, kind, subtype, ..change("", "E", "operation") };
        let login = (DCM, "110114", "User Authentication");
        match activity {
            Activity::Create => change("Create", "C", "create"),
            Activity::Update => change("Update", "U", "update"),
            Activity::Read => Self {
                client: DESTINATION_ROLE,
                server: SOURCE_ROLE,
                user: ("IRCP", "information recipient"),
                ..change("Read", "R", "read")
            },
            Activity::Delete => Self {
                client: (DCM, "110150", "Application"),
                server: (PROVENANCE, "custodian", "Custodian"),
                ..change("Delete", "D", "delete")
            },
            Activity::SignIn => other(login, Some((DCM, "110122", "Login"))),
            Activity::SignOut => other(login, Some((DCM, "110123", "Logout"))),
            Activity::Other => other((DCM, "110100", "Application Activity"), None),
        }
    }
}

/// A resource; members keep their order.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AuditEvent {
    resource_type: &'static str,
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    meta: Option<Json>,
    #[serde(rename = "type")]
    kind: Json,
    subtype: Vec<Json>,
    action: &'static str,
    period: Json,
    recorded: String,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome_desc: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    purpose_of_event: Vec<Json>,
    agent: Vec<Json>,
    source: Json,
    entity: Vec<Json>,
}

pub(super) fn audit_event(record: &EventRecord<'_>) -> Result<AuditEvent> {
    let shape = Shape::of(Activity::of(record));
    let details = details(record)?;
    let patient = record.is_phi().then(|| patient(record, &details)).flatten();
    let outcome = match record.outcome() {
        Outcome::Success => "0",
        Outcome::Failure => "4",
        Outcome::Error => "8",
    };
    let is_complete = record.ip_address().is_some() && outcome == "0";
    let profile = shape.profile.filter(|_| is_complete).map(|profile| {
        let of = if patient.is_some() { "Patient" } else { "" };
        json!({ "profile": [format!("{BALP}.{of}{profile}")] })
    });
    let mut subtype: Vec<Json> = shape.subtype.into_iter().map(coding).collect();
    subtype.push(json!({ "system": "urn:mainstay:action", "code": code(record.action()) }));
    let organization = record.uuid(Field::ORGANIZATION_ID).unwrap_or_default();
    Ok(AuditEvent {
        resource_type: "AuditEvent",
        id: record.id(),
        meta: profile,
        kind: coding(shape.kind),
        subtype,
        action: shape.action,
        period: json!({ "start": record.occurred_at().to_string() }),
        recorded: record.created_at().to_string(),
        outcome,
        outcome_desc: text(record, Field::ERROR_MESSAGE)
            .or_else(|| text(record, Field::DESCRIPTION)),
        purpose_of_event: purpose(&details).into_iter().collect(),
        agent: agents(record, &shape),
        source: json!({
            "site": organization.to_string(),
            "observer": { "display": record.origin },
            "type": [coding((SOURCE_TYPE, "4", "Application Server"))],
        }),
        entity: entities(record, patient),
    })
}

fn coding((system, code, display): (&str, &str, &str)) -> Json {
    json!({ "system": system, "code": code, "display": display })
}

/// Client, server and, when it is known, who asked.
fn agents(record: &EventRecord<'_>, shape: &Shape) -> Vec<Json> {
    let typed = |kind| json!({ "coding": [coding(kind)] });
    let mut client = json!({
        "type": typed(shape.client),
        "who": { "display": text(record, Field::USER_AGENT).unwrap_or_else(|| "unknown".into()) },
        "requestor": false,
    });
    if let Some(ip) = record.ip_address() {
        client["network"] = json!({ "address": ip.to_string(), "type": "2" });
    }
    let server = json!({
        "type": typed(shape.server),
        "who": { "display": record.origin },
        "requestor": false,
        "network": { "address": format!("//{}", record.origin), "type": "5" },
    });
    let mut agents = vec![client, server];
    if let Some(actor) = text(record, Field::ACTOR_ID) {
        let (code, display) = shape.user;
        agents.push(json!({
            "type": typed((PARTICIPATION, code, display)),
            "who": { "identifier": { "value": actor } },
            "requestor": true,
        }));
    }
    agents
}

/// The record, the patient and the request.
fn entities(record: &EventRecord<'_>, patient: Option<Json>) -> Vec<Json> {
    let kind = resource(record).unwrap_or("record");
    let mut what = json!({ "display": clean(kind).unwrap_or_else(|| "record".into()) });
    if let Some(id) = text(record, Field::RESOURCE_ID) {
        what["identifier"] = json!({ "value": id });
    }
    let mut data = json!({
        "what": what,
        "type": coding((ENTITY_TYPE, "2", "System Object")),
        "role": coding((OBJECT_ROLE, "4", "Domain Resource")),
    });
    if let Some(label) = security_label(record) {
        data["securityLabel"] = json!([label]);
    }
    if let Some(name) = text(record, Field::RESOURCE_NAME) {
        data["name"] = json!(name);
    }
    let mut detail = vec![
        json!({ "type": "ledger.index", "valueString": record.index.to_string() }),
        json!({ "type": "ledger.hash", "valueString": record.hash.to_string() }),
    ];
    for (field, value) in record.leaf.fields() {
        if let Value::Json(text) = value {
            detail.push(json!({ "type": field.to_string(), "valueString": text }));
        }
    }
    data["detail"] = json!(detail);
    let mut entities = vec![data];
    entities.extend(patient);
    if let Some(request) = text(record, Field::REQUEST_ID) {
        entities.push(json!({
            "what": { "identifier": { "value": request } },
            "type": { "system": BALP_ENTITY, "code": "XrequestId" },
        }));
    }
    entities
}

/// Whom the event is about: the record itself, whom the details name, or, sealed, the commitment to
/// who it is.
fn patient(record: &EventRecord<'_>, details: &Map<String, Json>) -> Option<Json> {
    let is_patient = resource(record)
        .is_some_and(|kind| ["patient", "patients"].iter().any(|p| kind.eq_ignore_ascii_case(p)));
    let own = text(record, Field::RESOURCE_ID).filter(|_| is_patient);
    let named = || ["patient_id", "patientId", "patient"].iter().find_map(|n| string(details, n));
    let what = match own.or_else(named) {
        Some(id) if is_id(&id) => {
            json!({ "reference": format!("Patient/{id}"), "type": "Patient" })
        }
        Some(id) => json!({ "identifier": { "value": id }, "type": "Patient" }),
        None => match record.leaf.get(Field::PERSONAL)? {
            Value::Sealed(sealed) => {
                let commitment = sealed.commitment.to_string();
                let system = "urn:mainstay:commitment";
                json!({
                    "identifier": { "system": system, "value": commitment },
                    "type": "Patient",
                })
            }
            _ => return None,
        },
    };
    Some(json!({
        "what": what,
        "type": coding((ENTITY_TYPE, "1", "Person")),
        "role": coding((OBJECT_ROLE, "1", "Patient")),
    }))
}

fn purpose(details: &Map<String, Json>) -> Option<Json> {
    let purpose = ["purpose_of_use", "purposeOfUse", "purpose"];
    let text = purpose.iter().find_map(|name| string(details, name))?;
    let is_code = text.len() <= 20 && text.bytes().all(|byte| byte.is_ascii_uppercase());
    Some(if is_code {
        json!({ "coding": [{ "system": REASON, "code": text }] })
    } else {
        json!({ "text": text })
    })
}

fn security_label(record: &EventRecord<'_>) -> Option<Json> {
    let code = match record.text(Field::DATA_CLASSIFICATION)?.to_ascii_lowercase().as_str() {
        "public" => "U",
        "internal" => "N",
        "confidential" | "phi" => "R",
        "restricted" => "V",
        _ => return None,
    };
    Some(json!({ "system": CONFIDENTIALITY, "code": code }))
}

fn details(record: &EventRecord<'_>) -> Result<Map<String, Json>> {
    match record.json(Field::DETAILS)?.map(|text| serde_json::from_str(text.get())) {
        Some(Ok(Json::Object(details))) => Ok(details),
        _ => Ok(Map::new()),
    }
}

fn string(object: &Map<String, Json>, name: &str) -> Option<String> {
    clean(object.get(name)?.as_str()?)
}

fn text(record: &EventRecord<'_>, field: Field) -> Option<String> {
    clean(record.text(field)?)
}

/// A text as FHIR's `string` allows it: not empty, no control characters, no space at its ends.
fn clean(text: &str) -> Option<String> {
    let kept = |c: char| if c.is_control() && !matches!(c, '\t' | '\n' | '\r') { ' ' } else { c };
    let text: String = text.chars().map(kept).collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// A text as FHIR's `code` allows it: words with single spaces between.
fn code(text: &str) -> String {
    let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || c.is_control()).collect();
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    if words.is_empty() { "unknown".to_owned() } else { words.join(" ") }
}

fn is_id(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    (1..=ID_MAX).contains(&text.len()) && text.bytes().all(is_allowed)
}
