//! Domains that organisations show to be theirs, asked of a server of names on this machine.

use super::{
    PASSWORD, SOON, ask, code, given, is_in, mails, post, public, refusal, set_auth, sign_in, text,
};
use crate::on_both_engines;
use crate::server::{Caller, Server};
use futures_util::future::join;
use hickory_server::net::runtime::TokioRuntimeProvider;
use hickory_server::proto::rr::rdata::{SOA, TXT};
use hickory_server::proto::rr::{LowerName, Name, RData, Record};
use hickory_server::store::in_memory::InMemoryZoneHandler;
use hickory_server::zone_handler::{AxfrPolicy, Catalog, ZoneType};
use mainstay_testkit::wait_until;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::Arc;

on_both_engines!(
    a_domain_is_verified_by_its_record_and_one_organizations,
    a_verified_domain_lapses_when_its_record_is_gone,
    people_of_a_verified_domain_join_by_themselves,
);

type Zone = InMemoryZoneHandler<TokioRuntimeProvider>;

/// A server of the names below `example`.
struct Names {
    zone: Arc<Zone>,
    address: SocketAddr,
    _server: hickory_server::Server<Catalog>,
}

impl Names {
    async fn start() -> Self {
        let origin = Name::from_ascii("example.").unwrap();
        let zone = Zone::empty(origin.clone(), ZoneType::Primary, AxfrPolicy::Deny);
        let soa = SOA::new(origin.clone(), origin.clone(), 1, 60, 60, 60, 60);
        zone.upsert(Record::from_rdata(origin.clone(), 60, RData::SOA(soa)), 1).await;
        let zone = Arc::new(zone);
        let mut catalog = Catalog::new();
        catalog.upsert(LowerName::new(&origin), vec![zone.clone()]);
        let socket = tokio::net::UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let address = socket.local_addr().unwrap();
        let mut server = hickory_server::Server::new(catalog);
        server.register_socket(socket);
        Self { zone, address, _server: server }
    }

    async fn publish(&self, name: &str, says: &str) {
        let name = Name::from_ascii(format!("{name}.")).unwrap();
        let text = RData::TXT(TXT::new(vec![says.to_owned()]));
        assert!(self.zone.upsert(Record::from_rdata(name, 60, text), 1).await);
    }

    async fn withdraw_all(&self) {
        let is_text = |name: &LowerName| name.to_string().starts_with("_mainstay");
        self.zone.records_mut().await.retain(|key, _| !is_text(&key.name));
    }
}

/// A server that asks these names, and looks for records each second.
async fn asking(server: &mut Server) -> Names {
    let names = Names::start().await;
    let address = names.address.to_string();
    server.restart_with(&["--resolver", &address, "--domain-check", "1"]);
    names
}

async fn add(server: &Server, caller: &Caller, body: Value) -> Value {
    given(server, caller, Method::POST, "domains", body).await
}

async fn verify(server: &Server, caller: &Caller, domain: &Value) -> (u16, String) {
    let path = format!("domains/{}/verify", text(&domain["id"]));
    let reply = post(server, caller, &path, Value::Null).await;
    match reply.status {
        StatusCode::OK => (200, text(&reply.json()["status"]).to_owned()),
        _ => refusal(&reply),
    }
}

async fn status(server: &Server, domain: &Value) -> Value {
    let path = format!("organization_domains?select=status&id=eq.{}", text(&domain["id"]));
    server.get(&server.service(0), &path).await.rows()[0]["status"].clone()
}

/// S2-B50.
async fn a_domain_is_verified_by_its_record_and_one_organizations(server: Server) {
    // Records are looked for when that is asked for, and once a day.
    let names = Names::start().await;
    let mut server = server;
    server.restart_with(&["--resolver", &names.address.to_string()]);
    let (admin, other) = (server.person(0, "admin").await, server.person(1, "admin").await);
    let viewer = server.person(0, "viewer").await;
    let body = json!({ "domain": "Rocket.Example." });
    let reply = post(&server, &viewer, "domains", body.clone()).await;
    assert_eq!(refusal(&reply), (403, "not_admin".to_owned()));
    let ours = add(&server, &admin, body.clone()).await;
    assert_eq!((&ours["domain"], &ours["status"]), (&json!("rocket.example"), &json!("pending")));
    let again = post(&server, &admin, "domains", body.clone()).await;
    assert_eq!(refusal(&again), (409, "conflict".to_owned()));
    assert_eq!(verify(&server, &admin, &ours).await, (422, "domain_not_verified".to_owned()));
    let name = text(&ours["record_name"]);
    assert_eq!(name, "_mainstay-challenge.rocket.example");
    // Another organisation's value shows nothing, and neither does a part of one's own.
    let theirs = add(&server, &other, body).await;
    assert_ne!(theirs["record_value"], ours["record_value"]);
    names.publish(name, &text(&ours["record_value"])[1..]).await;
    names.publish(name, text(&theirs["record_value"])).await;
    assert_eq!(verify(&server, &admin, &ours).await, (422, "domain_not_verified".to_owned()));
    assert_eq!(verify(&server, &other, &ours).await, (404, "domain_not_found".to_owned()));
    // Both have a record: one of two that ask at once gets the domain.
    names.publish(name, text(&ours["record_value"])).await;
    let outcomes = join(verify(&server, &admin, &ours), verify(&server, &other, &theirs)).await;
    let mut outcomes = [outcomes.0, outcomes.1];
    outcomes.sort();
    assert_eq!(outcomes, [(200, "verified".to_owned()), (409, "conflict".to_owned())]);
    for wrong in ["", "example", "a b.example", "*.example"] {
        let reply = post(&server, &admin, "domains", json!({ "domain": wrong })).await;
        assert_eq!(refusal(&reply), (400, "validation_failed".to_owned()), "{wrong}");
    }
    // Domains count, verified or not: Acme has its primary one, one more of its own, and these.
    let own = format!("organizations?id=eq.{}&select=primary_domain", server.organization_id(0));
    let count = server.get(&admin, "organization_domains?select=id").await.rows().len() + 1;
    let body = json!({ "max_domains": count }).to_string();
    let reply = server.send(&server.service(0), Method::PATCH, &own, &[], body).await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT, "{reply:?}");
    let more = post(&server, &admin, "domains", json!({ "domain": "more.example" })).await;
    assert_eq!(refusal(&more), (422, "limit_reached".to_owned()));
}

async fn a_verified_domain_lapses_when_its_record_is_gone(mut server: Server) {
    let names = asking(&mut server).await;
    let admin = server.person(0, "admin").await;
    let domain = add(&server, &admin, json!({ "domain": "rocket.example" })).await;
    names.publish(text(&domain["record_name"]), text(&domain["record_value"])).await;
    // By itself, without anybody asking.
    let is = async |wanted: &str| status(&server, &domain).await == wanted;
    assert!(wait_until(async || is("verified").await, 2 * SOON).await);
    names.withdraw_all().await;
    assert!(wait_until(async || is("lapsed").await, 2 * SOON).await);
    // Somebody else may have it now.
    let other = server.person(1, "admin").await;
    let theirs = add(&server, &other, json!({ "domain": "rocket.example" })).await;
    names.publish(text(&theirs["record_name"]), text(&theirs["record_value"])).await;
    assert_eq!(verify(&server, &other, &theirs).await.0, 200);
    let path = format!("domains/{}", text(&theirs["id"]));
    let reply = ask(&server, &other, Method::DELETE, &path, Value::Null).await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT, "{reply:?}");
}

async fn people_of_a_verified_domain_join_by_themselves(mut server: Server) {
    let names = asking(&mut server).await;
    set_auth(&server, json!({ "signup": false })).await;
    let admin = server.person(0, "admin").await;
    let rule = json!({ "domain": "rocket.example", "members_join": true, "member_role": "viewer" });
    let domain = add(&server, &admin, rule).await;
    let sign_up = async |email: &str| {
        let body = json!({ "email": email, "password": PASSWORD });
        post(&server, &public(&server), "signup", body).await
    };
    let closed = (422, "signup_disabled".to_owned());
    assert_eq!(refusal(&sign_up("ada@rocket.example").await), closed, "not verified yet");
    names.publish(text(&domain["record_name"]), text(&domain["record_value"])).await;
    verify(&server, &admin, &domain).await;
    assert_eq!(refusal(&sign_up("eve@evil.example").await), closed);
    assert_eq!(refusal(&sign_up("eve@not-rocket.example").await), closed);
    // The address is shown to be the person's first.
    let reply = sign_up("ada@rocket.example").await;
    assert!(reply.json().get("access_token").is_none(), "{reply:?}");
    let digits = code(&mails(&server, "ada@rocket.example", 1).await[0]);
    let proof = json!({ "type": "email", "email": "ada@rocket.example", "token": digits });
    let session = post(&server, &public(&server), "verify", proof).await.json();
    assert!(is_in(&server, &session).await, "{session}");
    let path = format!("user_roles?select=roles(name)&user_id=eq.{}", text(&session["user"]["id"]));
    assert_eq!(
        server.get(&server.service(0), &path).await.rows(),
        [json!({ "roles": { "name": "viewer" } })]
    );
    // Who has an account elsewhere joins by signing in; who was taken out does not come back.
    let body =
        json!({ "email": "bob@rocket.example", "password": PASSWORD, "email_confirm": true });
    let bob = given(&server, &server.service(1), Method::POST, "admin/users", body).await;
    let unverified = sign_in(&server, "bob@rocket.example", PASSWORD).await;
    assert_eq!(refusal(&unverified), (403, "not_a_member".to_owned()));
    let by_mail = async |count| {
        let body = json!({ "email": "bob@rocket.example" });
        given(&server, &public(&server), Method::POST, "otp", body).await;
        let digits = code(mails(&server, "bob@rocket.example", count).await.last().unwrap());
        let proof = json!({ "type": "email", "email": "bob@rocket.example", "token": digits });
        post(&server, &public(&server), "verify", proof).await
    };
    let session = by_mail(1).await.json();
    assert!(is_in(&server, &session).await, "{session}");
    let path = format!("organization_members?user_id=eq.{}", text(&bob["id"]));
    let body = json!({ "status": "left" }).to_string();
    let reply = server.send(&server.service(0), Method::PATCH, &path, &[], body).await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT, "{reply:?}");
    assert_eq!(refusal(&by_mail(2).await), (403, "not_a_member".to_owned()));
}
