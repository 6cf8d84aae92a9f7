//! The rows that random requests read.

use crate::api::{Api, Who, id};

/// The shop's rows, of every table, some with awkward values.
pub(super) async fn plenty(api: &Api) {
    api.seed().await;
    super::more(api).await;
    related(api, Who::Acme, &str::to_owned).await;
}

/// Rows of another organisation that have the identifiers of [`plenty`] and other values.
pub(super) async fn strangers(api: &Api) {
    let twisted = |body: &str| {
        ["code", "word", "carrier", "name", "label"].iter().fold(body.to_owned(), |body, column| {
            body.replace(&format!("\"{column}\":\""), &format!("\"{column}\":\"x"))
        })
    };
    let customers: Vec<String> = (11..18)
        .map(|number| {
            format!(
                r#"{{"id":"{}","code":"{number}","name":"n","visits":5,"credit":7,"weight":1,"tier":"gold"}}"#,
                id(number)
            )
        })
        .collect();
    let customers = twisted(&format!("[{}]", customers.join(",")));
    api.send(Who::Globex, "POST", "customers", &[], customers).await.is(201, "");
    let orders: Vec<String> = (21..24)
        .map(|number| {
            format!(
                r#"{{"id":"{}","number":{number},"customer_id":"{}","payer_id":"{}"}}"#,
                id(number),
                id(11),
                id(12)
            )
        })
        .collect();
    let orders = format!("[{}]", orders.join(","));
    api.send(Who::Globex, "POST", "orders", &[], orders).await.is(201, "");
    let labels = format!(
        r#"[{{"id":"{}","word":"theirs","parent_id":null}},{{"id":"{a}","word":"also","parent_id":"{}"}}]"#,
        id(31),
        id(31),
        a = id(32)
    );
    api.send(Who::Globex, "POST", "labels", &[], labels).await.is(201, "");
    related(api, Who::Globex, &twisted).await;
}

/// Orders, labels, shipments, measurements and stalls of the customers 11 to 17.
async fn related(api: &Api, who: Who, twisted: &impl Fn(&str) -> String) {
    let link = |number: u64| match number {
        0 => "null".to_owned(),
        number => format!("\"{}\"", id(number)),
    };
    let orders = [(24, 4, 14, 11, "paid"), (25, 5, 14, 0, "open"), (26, 9, 15, 14, "sent")];
    let orders = orders.map(|(key, number, customer, payer, state)| {
        format!(
            r#"{{"id":"{}","number":{number},"customer_id":{},"payer_id":{},"state":"{state}"}}"#,
            id(key),
            link(customer),
            link(payer)
        )
    });
    let labels = [(33, "red", 32), (34, "élan", 0), (35, "tiny", 31)].map(|(key, word, parent)| {
        format!(r#"{{"id":"{}","word":"{word}","parent_id":{}}}"#, id(key), link(parent))
    });
    let links = [(41, 22, 33), (42, 24, 33), (43, 24, 34), (44, 24, 31), (45, 26, 35)];
    let links = links.map(|(key, order, label)| {
        let (order, label) = (link(order), link(label));
        format!(r#"{{"id":"{}","order_id":{order},"label_id":{label}}}"#, id(key))
    });
    let shipments = [(51, 24, "Rail"), (52, 26, "van é")].map(|(key, order, carrier)| {
        format!(r#"{{"id":"{}","order_id":{},"carrier":"{carrier}"}}"#, id(key), link(order))
    });
    let measurements = [
        (61, "heat", 11, "0.1", "1.10", 1, "2026-03-01T09:59:59.999999Z"),
        (62, "heat", 11, "0.7", "2", 2, "2026-03-01T09:30:00Z"),
        (63, "heat", 14, "1e17", "null", 1, "2026-03-01T09:00:00Z"),
        (64, "heat", 14, "-1", "0.01", 3, "2026-03-01T09:10:00Z"),
        (65, "cold", 0, "5", "3.30", 2, "1969-12-31T23:59:59Z"),
        (66, "noise", 13, "0.2", "1.10", 1, "2026-03-01T08:00:00Z"),
        (67, "cold", 11, "-0.5", "-2", 2, "2026-03-01T08:00:00Z"),
    ];
    let measurements = measurements.map(|(key, name, customer, value, cost, times, at)| {
        format!(
            r#"{{"id":"{}","name":"{name}","customer_id":{},"value":{value},"cost":{cost},"times":{times},"taken_at":"{at}"}}"#,
            id(key),
            link(customer)
        )
    });
    let stalls =
        [(81, 71, 11), (82, 72, 11), (83, 0, 14), (84, 71, 0)].map(|(key, venue, customer)| {
            format!(
                r#"{{"id":"{}","label":"s{key}","venue_id":{},"customer_id":{}}}"#,
                id(key),
                link(venue),
                link(customer)
            )
        });
    for (table, rows) in [
        ("orders", orders.to_vec()),
        ("labels", labels.to_vec()),
        ("order_labels", links.to_vec()),
        ("shipments", shipments.to_vec()),
        ("measurements", measurements.to_vec()),
        ("stalls", stalls.to_vec()),
    ] {
        let body = twisted(&format!("[{}]", rows.join(",")));
        let reply = api.send(who, "POST", table, &[], body).await;
        assert_eq!(reply.status, 201, "{table}: {}", reply.body);
    }
}
