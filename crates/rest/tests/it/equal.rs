//! Random requests get the same answers from both engines, bytes and all.

mod reads;
mod writes;

use crate::api::{Api, Reply, Who, id};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

/// Requests in one run.
const READS: usize = 1_500;
const WRITES: usize = 1_000;

/// A request, as both engines get it.
#[derive(Clone, Debug)]
struct Asked {
    who: Who,
    method: &'static str,
    target: String,
    prefer: String,
    accept: &'static str,
    content: &'static str,
    body: String,
}

/// What of an answer is compared.
#[derive(Debug, PartialEq)]
struct Told {
    status: u16,
    headers: [String; 4],
    body: String,
}

impl Asked {
    async fn of(&self, api: &Api) -> Told {
        let headers = [
            ("prefer", self.prefer.as_str()),
            ("accept", self.accept),
            ("content-type", self.content),
        ];
        let body = self.body.clone();
        let reply: Reply = api.send(self.who, self.method, &self.target, &headers, body).await;
        let header = |name| reply.header(name).to_owned();
        let headers =
            ["content-range", "content-type", "preference-applied", "location"].map(header);
        Told { status: reply.status, headers, body: reply.body }
    }
}

fn who() -> impl Strategy<Value = Who> {
    prop_oneof![6 => Just(Who::Acme), 2 => Just(Who::Clerk), 1 => Just(Who::Globex)]
}

/// Preferences, most of them none.
fn preferences(choices: &'static [&'static [&'static str]]) -> impl Strategy<Value = String> {
    let one = |words: &&'static [&'static str]| prop::option::of(select(*words));
    choices
        .iter()
        .map(one)
        .collect::<Vec<_>>()
        .prop_map(|words| words.into_iter().flatten().collect::<Vec<_>>().join(","))
}

#[tokio::test]
async fn both_engines_answer_random_requests_alike() {
    let (sqlite, postgres) = (Api::sqlite().await, Api::postgres().await);
    for api in [&sqlite, &postgres] {
        api.seed().await;
        more(api).await;
    }
    let mut runner = TestRunner::deterministic();
    let (reads, writes) = (reads::request(), writes::request());
    let (mut done, mut differences) = ([0, 0], Vec::new());
    for number in 0..READS + WRITES {
        // Writes between reads: some of them stay.
        let is_write =
            number * WRITES / (READS + WRITES) != (number + 1) * WRITES / (READS + WRITES);
        let asked = if is_write {
            writes.new_tree(&mut runner).expect("a request").current()
        } else {
            reads.new_tree(&mut runner).expect("a request").current()
        };
        let (a, b) = (asked.of(&sqlite).await, asked.of(&postgres).await);
        done[usize::from(is_write)] += usize::from(a.status < 300 && a.body != "[]");
        assert!(a.status < 500, "{asked:?}\n  {a:?}");
        if a != b {
            differences.push(format!("{asked:?}\n  {a:?}\n  {b:?}"));
        }
    }
    assert!(differences.is_empty(), "{}:\n{}", differences.len(), differences.join("\n"));
    let [read, written] = done;
    assert!(read > READS / 3, "only {read} requests found rows");
    assert!(written > WRITES / 4, "only {written} requests wrote");
}

/// Rows with awkward values.
async fn more(api: &Api) {
    let rows = format!(
        r#"[
        {{"id":"{}","code":"émi","name":"Émile","born":"1969-12-31","visits":2147483647,"credit":-0.01,
          "weight":-0.0,"wallet":"115792089237316195423570985008687907853269984665640564039457584007913129639935",
          "tags":["a b","NULL","","é"],"notes":{{"deep":[{{"x":"y"}},[1.50,true,null]],"age":"x"}},"address":"2001:db8::1"}},
        {{"id":"{}","code":"Zoë","name":"σς","born":"2024-02-29","visits":12,"credit":999999.99,
          "weight":1e-7,"wallet":"0","tags":[null,"b"],"notes":{{"age":null,"city":"ulm","deep":[]}},"address":"::ffff:1.2.3.4"}},
        {{"id":"{}","code":"","name":"","born":null,"visits":1,"credit":0.00,
          "weight":123456789012345680,"wallet":null,"tags":[],"notes":[1,"2"],"address":null}},
        {{"id":"{}","code":"7","name":" 42 ","born":"2000-01-01","visits":9,"credit":7.50,
          "weight":2.5,"wallet":"42","tags":["1"],"notes":{{"age":41.5,"city":"2026-01-31"}},"address":"10.0.0.1"}}]"#,
        id(14),
        id(15),
        id(16),
        id(17)
    );
    api.write("POST", "customers", "", &rows).await.is(201, "");
}
