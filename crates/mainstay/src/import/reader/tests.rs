use std::io::{Cursor, Write as _};

use super::*;

fn input(bytes: &[u8], extension: &str) -> Input {
    Input::new(Box::new(Cursor::new(bytes.to_vec())), extension, None)
}

/// What a reader gives: lines and texts, rejections, and the error that ends it.
fn read(input: Input, records: Option<&str>) -> Vec<String> {
    let mut found = Vec::new();
    let mut text = Vec::new();
    let mut reader = match input.records(records) {
        Ok(reader) => reader,
        Err(error) => return vec![format!("error: {error:#}")],
    };
    loop {
        match reader.read_record(&mut text) {
            Ok(Next::Record { line }) => {
                found.push(format!("{line}: {}", String::from_utf8_lossy(&text).trim()));
            }
            Ok(Next::Rejected(Rejection { line, reason })) => {
                found.push(format!("{line} rejected: {reason}"));
            }
            Ok(Next::End) => return found,
            Err(error) => {
                found.push(format!("error: {error:#}"));
                return found;
            }
        }
    }
}

fn check(bytes: &str, extension: &str, records: Option<&str>, expected: &[&str]) {
    assert_eq!(read(input(bytes.as_bytes(), extension), records), expected, "{bytes}");
}

#[test]
fn ndjson_is_a_record_a_line() {
    let text = "{\"a\":1}\r\n\n  \n{\"a\":\n{\"Records\": 1}";
    check(text, "", None, &["1: {\"a\":1}", "4: {\"a\":", "5: {\"Records\": 1}"]);
    check(text, "log", Some("Records"), &["1: {\"a\":1}", "4: {\"a\":", "5: {\"Records\": 1}"]);
    check("\u{feff}{}\n{}", "", None, &["1: {}", "2: {}"]);
    check("", "", None, &[]);
}

#[test]
fn an_array_gives_its_elements() {
    check("[]", "", None, &[]);
    check(
        "[\n {\"a\": \"]\\\"}\", \"b\": [{}]},\n\n {\n\"c\": 1}, 2 ,\"x\"\n]\n",
        "json",
        None,
        &["2: {\"a\": \"]\\\"}\", \"b\": [{}]}", "4: {\n\"c\": 1}", "5: 2", "5: \"x\""],
    );
    check("[{} {}]", "", None, &["1: {}", "error: line 1: expected `,` or `]`"]);
    check(
        "[{},\n{\"a\":",
        "",
        None,
        &["1: {}", "error: line 2: the file ends inside the value that begins here"],
    );
    check("[{}\n", "", None, &["1: {}", "error: line 2: the file ends inside the array"]);
    check(
        "[{}]\n[{}",
        "",
        None,
        &["1: {}", "2: {}", "error: line 2: the file ends inside the array"],
    );
    check("[{}] {}", "", None, &["1: {}", "error: line 1: unexpected '{'"]);
}

#[test]
fn an_object_gives_the_array_it_holds() {
    let records = Some("Records");
    check(
        "{\n \"v\": {\"Records\": [0]},\n \"Records\": [\n  {\"a\": 1},\n  {\"a\": 2}],\n \"n\": 1}",
        "json",
        records,
        &["4: {\"a\": 1}", "5: {\"a\": 2}"],
    );
    check(
        "{\"Records\":[{}]}\n{\"other\": 1}\n{\"Records\":[{},{}]}\n",
        "",
        records,
        &["1: {}", "3: {}", "3: {}"],
    );
    check(
        "{\"Records\":[{}]",
        "",
        records,
        &["1: {}", "error: line 1: the file ends inside the object"],
    );
}

#[test]
fn csv_rows_are_objects_of_strings() {
    let text = "id,note\n1,\"a \"\"b\"\"\nc\"\n2,\n3\n4,x,y\n5,z\n";
    let expected = &[
        "2: {\"id\":\"1\",\"note\":\"a \\\"b\\\"\\nc\"}",
        "4: {\"id\":\"2\",\"note\":null}",
        "5 rejected: 1 cells, the header has 2",
        "6 rejected: 3 cells, the header has 2",
        "7: {\"id\":\"5\",\"note\":\"z\"}",
    ];
    check(text, "csv", None, expected);
    check(text, "", None, expected);
    check("a\tb\n1\t2,3\n", "tsv", None, &["2: {\"a\":\"1\",\"b\":\"2,3\"}"]);
    check("a,a\n1,2\n", "csv", None, &["error: the header has `a` twice"]);
    let latin1 = read(input(b"a\n\xe9\nb\n", "csv"), None);
    assert_eq!(latin1, ["2 rejected: `a`: invalid UTF-8", "3: {\"a\":\"b\"}"]);
}

#[test]
fn gzip_is_unpacked() {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(b"{\"Records\":[{\"a\":1}]}").unwrap();
    let bytes = gzip.finish().unwrap();
    assert_eq!(read(input(&bytes, "json"), Some("Records")), ["1: {\"a\":1}"]);
    let cut = read(input(&bytes[..bytes.len() - 12], "json"), Some("Records"));
    assert!(cut.last().unwrap().starts_with("error: "), "{cut:?}");
}

#[test]
fn a_record_too_long_is_rejected_without_the_others() {
    let long = "x".repeat(RECORD_BYTES_MAX);
    let rejected = "2 rejected: longer than 8 MiB";
    let lines = format!("{{}}\n{{\"a\":\"{long}\"}}\n{{}}\n");
    check(&lines, "", None, &["1: {}", rejected, "3: {}"]);
    let array = format!("[{{}},\n{{\"a\":\"{long}\"}},\n{{}}]");
    check(&array, "", None, &["1: {}", rejected, "3: {}"]);
    let table = format!("a\n1\n\"{long}{long}");
    let error = "error: a row is too long; is a quote left open?";
    check(&table, "csv", None, &["2: {\"a\":\"1\"}", error]);
}

#[test]
fn the_extension_is_the_file_names_before_gz() {
    let folder = tempfile::tempdir().unwrap();
    let extension = |name: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, "{}").unwrap();
        let input = Input::open(&path).unwrap();
        assert_eq!(input.size(), Some(2));
        input.extension
    };
    assert_eq!(extension("events.CSV.gz"), "csv");
    assert_eq!(extension("a.b.tsv"), "tsv");
    assert_eq!(extension("plain"), "");
    let error = Input::open(folder.path()).err().unwrap();
    assert!(error.to_string().starts_with("cannot read "));
}
