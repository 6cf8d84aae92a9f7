//! `Server-Timing`, for operators who switch it on.

use crate::server::Server;

crate::on_both_engines!(answers_tell_what_took_time);

async fn answers_tell_what_took_time(mut server: Server) {
    assert_eq!(told(&server).await, None);
    server.restart_with(&["--server-timing"]);
    let told = told(&server).await.unwrap();
    let parts: Vec<&str> =
        told.split(", ").map(|part| part.split_once(";dur=").unwrap().0).collect();
    assert_eq!(parts, ["body", "jwt", "response"], "{told}");
    for part in told.split(", ") {
        let millis: f64 = part.split_once(";dur=").unwrap().1.parse().unwrap();
        assert!((0.0..60_000.0).contains(&millis), "{told}");
    }
}

async fn told(server: &Server) -> Option<String> {
    let url = format!("{}/rest/v1/permissions?limit=1", server.url);
    let answer = reqwest::get(url).await.unwrap();
    let header = answer.headers().get("server-timing");
    header.map(|value| value.to_str().unwrap().to_owned())
}
