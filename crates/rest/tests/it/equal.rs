//! Random requests get the same answers from both engines, bytes and all.
//!
//! `EQUAL_TIMES=50` tries fifty times as many of them as usual, `EQUAL_SEED=17` others.

mod dice;
mod kinds;
mod logic;
mod pages;
mod reads;
mod rows;
mod shapes;
mod writes;

use crate::api::{Api, Reply, Who, id};
use crate::{keyset, types};
use dice::Dice;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

/// Requests in one run.
const READS: usize = 1_500;
const WRITES: usize = 1_000;
const SHAPES: usize = 1_200;
const KINDS: usize = 1_200;
const LOGIC: usize = 120;
const PAGES: usize = 60;

/// How many cases there are, usually so many.
fn cases(usual: usize) -> usize {
    usual * setting("EQUAL_TIMES", 1)
}

fn dice() -> Dice {
    Dice::new(setting("EQUAL_SEED", 1) as u64)
}

fn setting(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

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
    for number in 0..cases(READS + WRITES) {
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
    none_of(&differences);
    let [read, written] = done;
    assert!(read > cases(READS) / 4, "only {read} requests found rows");
    assert!(written > cases(WRITES) / 5, "only {written} requests wrote");
}

#[track_caller]
fn none_of(differences: &[String]) {
    assert!(differences.is_empty(), "{}:\n{}", differences.len(), differences.join("\n"));
}

/// A request that reads.
fn read(who: Who, target: String, prefer: &str, accept: &'static str) -> Asked {
    let (prefer, content, body) = (prefer.to_owned(), "application/json", String::new());
    Asked { who, method: "GET", target, prefer, accept, content, body }
}

/// What others have under the same identifiers is nowhere in an answer: not among related rows, nor
/// in groups, counts and orders.
#[tokio::test]
async fn related_rows_and_groups_are_the_same_whoever_else_has_rows() {
    let (sqlite, postgres, alone) =
        (Api::sqlite().await, Api::postgres().await, Api::sqlite().await);
    for api in [&sqlite, &postgres, &alone] {
        rows::plenty(api).await;
    }
    rows::strangers(&sqlite).await;
    rows::strangers(&postgres).await;
    let mut dice = dice();
    let (mut found, mut differences) = (0, Vec::new());
    for _ in 0..cases(SHAPES) {
        let who = *dice.one(&[Who::Acme, Who::Acme, Who::Acme, Who::Usher, Who::Clerk]);
        let prefer = if dice.once_in(3) { "count=exact" } else { "" };
        let asked = read(who, shapes::target(&mut dice), prefer, "*/*");
        let answers = [asked.of(&sqlite).await, asked.of(&postgres).await, asked.of(&alone).await];
        let [a, b, c] = &answers;
        found += usize::from(a.status < 300 && a.body != "[]");
        if a != b || a != c || a.status >= 500 {
            differences.push(format!("{asked:?}\n  {a:?}\n  {b:?}\n  {c:?}"));
        }
    }
    none_of(&differences);
    assert!(found > cases(SHAPES) / 4, "only {found} requests found rows");
}

/// A table with columns of every kind, on both engines.
async fn samples() -> [Api; 2] {
    let both = [Api::sqlite().await, Api::postgres().await];
    for api in &both {
        api.seed().await;
        more(api).await;
        types::seed(api).await;
        kinds::more(api).await;
    }
    both
}

#[tokio::test]
async fn every_kind_is_compared_cast_ordered_and_grouped_alike() {
    let [sqlite, postgres] = samples().await;
    let mut dice = dice();
    let (mut found, mut differences) = (0, Vec::new());
    for _ in 0..cases(KINDS) {
        let manner = kinds::manner(&mut dice);
        let asked = read(Who::Acme, kinds::target(&mut dice), manner.prefer, manner.accept);
        let (a, b) = (asked.of(&sqlite).await, asked.of(&postgres).await);
        found += usize::from(a.status < 300 && a.body.len() > 4);
        if (a != b && !fail_in_groups(&asked.target, &a, &b)) || a.status >= 500 {
            differences.push(format!("{asked:?}\n  {a:?}\n  {b:?}"));
        }
    }
    none_of(&differences);
    assert!(found > cases(KINDS) / 4, "only {found} requests found rows");
}

/// Groups are made of all rows: of casts that fail, each engine tells the one that it meets first.
fn fail_in_groups(target: &str, a: &Told, b: &Told) -> bool {
    let code = |told: &Told| told.body.split('"').nth(3).map(str::to_owned);
    let makes_groups = ["distinct=", "group=", "()"].iter().any(|part| target.contains(part));
    makes_groups && a.status == 400 && b.status == 400 && code(a) == code(b)
}

#[tokio::test]
async fn conditions_mean_together_what_each_means_alone() {
    let both = samples().await;
    let mut differences = Vec::new();
    let mut tried = 0;
    for api in &both {
        let mut dice = dice();
        for _ in 0..cases(LOGIC) {
            let faults = logic::faults(api, &mut dice).await;
            tried += usize::from(faults.is_some());
            differences.extend(faults.into_iter().flatten());
        }
    }
    none_of(&differences);
    assert!(tried > cases(LOGIC) / 2, "only {tried} pairs of conditions were taken");
}

#[tokio::test]
async fn pages_of_random_lists_are_the_lists() {
    let both = samples().await;
    let mut dice = dice();
    let mut differences = Vec::new();
    let mut walked = 0;
    for _ in 0..cases(PAGES) {
        let (target, limit) = (pages::target(&mut dice), 1 + dice.below(4));
        let mut lists = Vec::new();
        for api in &both {
            let whole = read(Who::Acme, target.clone(), "", "application/x-ndjson").of(api).await;
            if whole.status == 200 {
                let whole: Vec<String> = whole.body.lines().map(str::to_owned).collect();
                let paged = keyset::pages(api, &format!("{target}&limit={limit}")).await;
                walked += usize::from(whole.len() > limit);
                if paged != whole {
                    differences.push(format!("{target} by {limit}\n  {paged:?}\n  {whole:?}"));
                }
                lists.push(whole);
            }
        }
        if let [a, b] = &lists[..]
            && a != b
        {
            differences.push(format!("{target}\n  {a:?}\n  {b:?}"));
        }
    }
    none_of(&differences);
    assert!(walked > cases(PAGES) / 2, "only {walked} lists had several pages");
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
