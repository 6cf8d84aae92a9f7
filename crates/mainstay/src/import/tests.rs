use std::sync::Mutex;

use bytes::Bytes;
use clap::Parser;
use serde_json::{Value as Json, json};

use super::http::tests::TestServer;
use super::*;

#[derive(Parser)]
struct Command {
    #[command(flatten)]
    options: ImportOptions,
}

fn options(args: &[&str]) -> ImportOptions {
    Command::parse_from([&["import"], args].concat()).options
}

/// A file in a folder of its own, which goes when this does.
struct TestFile(tempfile::TempDir);

impl TestFile {
    fn new(content: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("input"), content).unwrap();
        Self(folder)
    }

    fn path(&self) -> String {
        self.0.path().join("input").to_str().unwrap().to_owned()
    }
}

/// Keeps what it is sent.
#[derive(Default)]
struct Kept(Mutex<Vec<(Target, Bytes)>>);

impl Sink for Kept {
    async fn send(&self, target: &Target, rows: Bytes) -> Result<u64, SendError> {
        let count = rows.split(|&byte| byte == b'\n').count() as u64 - 1;
        self.0.lock().unwrap().push((target.clone(), rows));
        Ok(count)
    }
}

impl Kept {
    fn rows(&self) -> Vec<Json> {
        let sent = self.0.lock().unwrap();
        let lines = sent.iter().flat_map(|(_, rows)| rows.split(|&byte| byte == b'\n'));
        let lines = lines.filter(|line| !line.is_empty());
        lines.map(|line| serde_json::from_slice(line).unwrap()).collect()
    }
}

#[tokio::test]
async fn a_repeated_import_loads_nothing() {
    let server = TestServer::default();
    let url = server.start().await;
    let rows: Vec<_> = (0..2500).map(|id| json!({"id": id}).to_string()).collect();
    let file = TestFile::new(&rows.join("\n"));
    let arguments = ["--table", "things", "--on-conflict", "id", "--url", &url, "--key", "the-key"];
    let options = options(&[&arguments[..], &[&file.path()]].concat());
    let sink =
        HttpSink::new(options.url.as_deref().unwrap(), options.key.as_deref().unwrap()).unwrap();
    let first = run(&options, &sink).await.unwrap();
    assert_eq!(first.to_string(), "loaded 2500, skipped 0, rejected 0");
    let second = run(&options, &sink).await.unwrap();
    assert_eq!(second.to_string(), "loaded 0, skipped 2500, rejected 0");
    assert_eq!(server.ids().len(), 2500);
}

#[tokio::test]
async fn bad_records_are_counted_and_the_others_loaded() {
    let file = TestFile::new("{\"a\": 1}\nnot json\n[1]\n{\"a\": 2}\n{\"a\": 3, \"a\": 4}\n");
    let sink = Kept::default();
    let report = run(&options(&["--table", "t", &file.path()]), &sink).await.unwrap();
    assert_eq!(sink.rows(), [json!({"a": 1}), json!({"a": 2})]);
    assert_eq!(
        serde_json::to_value(&report).unwrap(),
        json!({"loaded": 2, "skipped": 0, "rejected": 3, "stopped": null, "rejections": [
            {"line": 2, "reason": "expected ident (column 2)"},
            {"line": 3, "reason": "invalid type: sequence, expected a JSON object"},
            {"line": 5, "reason": "duplicate key `a` (column 16)"},
        ]})
    );
    assert!(!report.is_complete());

    let limited = options(&["--table", "t", "--max-errors", "1", &file.path()]);
    let report = run(&limited, &Kept::default()).await.unwrap();
    assert_eq!(report.rejected, 2);
    assert_eq!(report.stopped.as_deref(), Some("more than 1 records were rejected"));
}

#[tokio::test]
async fn a_broken_array_is_loaded_up_to_the_break() {
    let file = TestFile::new("[{\n\"a\": 1},\n{\"a\": 2}\n");
    let sink = Kept::default();
    let report = run(&options(&["--table", "t", &file.path()]), &sink).await.unwrap();
    assert_eq!(sink.rows(), [json!({"a": 1}), json!({"a": 2})]);
    assert_eq!(
        report.to_string(),
        "stopped: line 4: the file ends inside the array\nloaded 2, skipped 0, rejected 0"
    );
}

#[tokio::test]
async fn a_mapping_of_ones_own_maps_csv() {
    let mapping = "table: people\nkey: email\ncolumns:\n  email: record.Mail.lowerAscii()\n  \
                   age: 'has(record.Age) ? int(record.Age) : null'\nrest: metadata\n";
    let mapping = TestFile::new(mapping);
    let file = TestFile::new("Mail,Age,City\nA@EXAMPLE.ORG,41,Bern\nb@example.org,,\n,7,\n");
    let sink = Kept::default();
    let report = run(&options(&["--map", &mapping.path(), &file.path()]), &sink).await.unwrap();
    assert_eq!(
        sink.rows(),
        [
            json!({"email": "a@example.org", "age": 41,
                "metadata": {"Mail": "A@EXAMPLE.ORG", "Age": "41", "City": "Bern"}}),
            json!({"email": "b@example.org", "age": null,
                "metadata": {"Age": null, "City": null}}),
        ]
    );
    assert_eq!((report.rejected, report.rejections[0].line), (1, 4));
    let target = Target { table: "people".to_owned(), key: Some("email".to_owned()) };
    assert_eq!(sink.0.lock().unwrap()[0].0, target);
}

#[tokio::test]
async fn a_wrong_expression_ends_the_import_at_once() {
    let mapping = TestFile::new("table: t\ncolumns: {a: nothing(record.a)}");
    let file = TestFile::new("{\"a\": 1}\n{\"a\": 2}\n");
    let sink = Kept::default();
    let report = run(&options(&["--map", &mapping.path(), &file.path()]), &sink).await.unwrap();
    let stopped = report.stopped.unwrap();
    assert!(
        stopped.contains("column `a`: `nothing(record.a)`: unknown name `nothing`"),
        "{stopped}"
    );
    assert_eq!((report.rejected, sink.rows().len()), (0, 0));
}
