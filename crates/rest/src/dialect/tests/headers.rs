//! `Prefer`, `Range`, `Accept`, `Content-Type`, and what is answered to them.

use super::super::media::{
    BodyType, MediaType, Plan, body_type, negotiate_root, negotiate_rows, parse_accept,
};
use super::super::prefer::{
    Count, Handling, Missing, Preferences, Representation, Resolution, TransactionEnd,
};
use super::super::range::{Completeness, ContentRange, RowRange};

#[test]
fn preferences_are_read_from_all_headers() {
    let preferences = Preferences::parse([
        "resolution=ignore-duplicates, count=exact,    tx=rollback   ,return=headers-only",
        "missing=default,handling=lenient,timezone=America/Los_Angeles, max-affected=100",
        "wait=integrated, receipt, read=replica, anything",
    ]);
    let expected = Preferences {
        resolution: Some(Resolution::IgnoreDuplicates),
        missing: Some(Missing::Default),
        representation: Some(Representation::HeadersOnly),
        count: Some(Count::Exact),
        transaction: Some(TransactionEnd::Rollback),
        handling: Some(Handling::Lenient),
        timezone: Some("America/Los_Angeles".to_owned()),
        max_affected: Some(100),
        wait_integrated: true,
        receipt: true,
        replica: true,
        unknown: vec!["anything".to_owned()],
    };
    assert_eq!(preferences, expected);
    assert!(preferences.check().is_ok());
    assert_eq!(
        preferences.applied().as_deref(),
        Some(
            "resolution=ignore-duplicates, missing=default, return=headers-only, count=exact, \
             tx=rollback, handling=lenient, timezone=America/Los_Angeles, wait=integrated, receipt"
        )
    );
}

#[test]
fn of_contradicting_preferences_the_first_holds() {
    let preferences =
        Preferences::parse(["tx=commit, tx=rollback", "count=planned", "count=exact"]);
    assert_eq!(preferences.transaction, Some(TransactionEnd::Commit));
    assert_eq!(preferences.count, Some(Count::Planned));
    assert_eq!(preferences.unknown, [""; 0]);
}

#[test]
fn strict_handling_refuses_what_is_unknown() {
    let preferences =
        Preferences::parse(["handling=strict", "something, else", "max-affected=ten"]);
    let error = preferences.check().unwrap_err();
    assert_eq!(error.code, "PGRST122");
    assert_eq!(error.message, "Invalid preferences given with handling=strict");
    assert_eq!(
        error.details.as_deref(),
        Some("Invalid preferences: something, else, max-affected=ten")
    );
    let strict = Preferences::parse(["handling=strict, max-affected=3"]);
    assert!(strict.check().is_ok());
    assert_eq!(strict.applied().as_deref(), Some("handling=strict, max-affected=3"));
    assert_eq!(Preferences::parse(["max-affected=3"]).applied(), None, "binding only when strict");
    assert_eq!(Preferences::default().applied(), None);
}

fn range(offset: u64, limit: Option<u64>) -> RowRange {
    RowRange { offset, limit }
}

#[test]
fn the_range_header_cuts_limit_and_offset() {
    let cases = [
        (RowRange::all(), None, range(0, None)),
        (RowRange::all(), Some("0-24"), range(0, Some(25))),
        (RowRange::all(), Some("10-"), range(10, None)),
        (RowRange::all(), Some("5-5"), range(5, Some(1))),
        (range(0, Some(10)), Some("0-24"), range(0, Some(10))),
        (range(20, Some(10)), Some("0-24"), range(20, Some(5))),
        (range(0, Some(100)), Some("5-9"), range(5, Some(5))),
        (range(0, Some(0)), Some("5-9"), range(0, Some(0))),
        (range(7, Some(0)), None, range(0, Some(0))),
        (range(3, Some(4)), Some("bytes=0-1"), range(3, Some(4))),
        (range(3, None), Some("a-b"), range(3, None)),
    ];
    for (asked, header, expected) in cases {
        assert_eq!(asked.cut_by_header(header).unwrap(), expected, "{asked:?} {header:?}");
    }
    let reversed = RowRange::all().cut_by_header(Some("10-5")).unwrap_err();
    assert_eq!(
        (reversed.code, reversed.message.as_str()),
        ("PGRST103", "Requested range not satisfiable")
    );
    assert_eq!(
        reversed.details.as_deref(),
        Some(
            "The lower boundary must be lower than or equal to the upper boundary in the Range header."
        )
    );
    assert_eq!(range(20, Some(5)).cut_by_header(Some("0-9")).unwrap_err().code, "PGRST103");
}

#[test]
fn content_range_tells_what_was_returned() {
    let cases = [
        ((0, 25, Some(3573)), "0-24/3573"),
        ((0, 10, None), "0-9/*"),
        ((0, 0, Some(0)), "*/0"),
        ((0, 0, Some(15)), "*/15"),
        ((0, 0, None), "*/*"),
        ((5, 1, Some(6)), "5-5/6"),
    ];
    for ((first, returned, total), expected) in cases {
        assert_eq!(ContentRange { first, returned, total }.to_string(), expected);
    }
}

#[test]
fn completeness_decides_the_status() {
    let ten = range(0, Some(10));
    assert_eq!(ten.completeness(10, None).unwrap(), Completeness::Whole);
    assert_eq!(ten.completeness(10, Some(10)).unwrap(), Completeness::Whole);
    assert_eq!(ten.completeness(10, Some(11)).unwrap(), Completeness::Partial);
    assert_eq!(range(15, None).completeness(0, Some(15)).unwrap(), Completeness::Partial);
    let error = range(100, None).completeness(0, Some(15)).unwrap_err();
    assert_eq!(error.code, "PGRST103");
    assert_eq!(
        error.details.as_deref(),
        Some("An offset of 100 was requested, but there are only 15 rows.")
    );
}

fn plan(of: MediaType, json: bool, options: &[&'static str]) -> MediaType {
    MediaType::Plan(Box::new(Plan { of, json, options: options.to_vec() }))
}

#[test]
fn media_types_are_read_and_written() {
    let cases = [
        ("application/json", MediaType::Json),
        ("APPLICATION/JSON; charset=utf-8", MediaType::Json),
        ("text/csv", MediaType::Csv),
        ("application/x-ndjson", MediaType::NdJson),
        ("application/vnd.pgrst.object", MediaType::Object { strip_nulls: false }),
        ("application/vnd.pgrst.object+json", MediaType::Object { strip_nulls: false }),
        (
            "application/vnd.pgrst.object+json; nulls=stripped",
            MediaType::Object { strip_nulls: true },
        ),
        ("application/vnd.pgrst.array+json", MediaType::Json),
        ("application/vnd.pgrst.array+json;nulls=stripped", MediaType::ArrayStripped),
        ("application/vnd.pgrst.plan;", plan(MediaType::Json, false, &[])),
        ("application/vnd.pgrst.plan+json;for=\"text/csv\"", plan(MediaType::Csv, true, &[])),
        (
            "application/vnd.pgrst.plan+text; for=\"application/vnd.pgrst.object+json;nulls=stripped\"; options=wal|analyze",
            plan(MediaType::Object { strip_nulls: true }, false, &["analyze", "wal"]),
        ),
        ("application/vnd.twkb", MediaType::Other("application/vnd.twkb".to_owned())),
        ("*/*", MediaType::Any),
    ];
    for (text, expected) in cases {
        let parsed = MediaType::parse(text);
        assert_eq!(parsed, expected, "{text}");
        assert_eq!(MediaType::parse(&parsed.as_mime()), expected, "{text} again");
    }
}

#[test]
fn answers_name_their_type_and_character_set() {
    let mime = plan(MediaType::Json, true, &["analyze", "buffers"]).content_type().into_owned();
    assert_eq!(
        mime,
        "application/vnd.pgrst.plan+json; for=\"application/json\"; options=analyze|buffers; charset=utf-8"
    );
    assert_eq!(MediaType::Json.content_type(), "application/json; charset=utf-8");
    assert_eq!(MediaType::Bytes.content_type(), "application/octet-stream");
}

#[test]
fn the_most_wanted_type_is_chosen() {
    let cases = [
        (None, Ok(MediaType::Json)),
        (Some(""), Ok(MediaType::Json)),
        (Some("*/*"), Ok(MediaType::Json)),
        (Some("text/csv, application/json"), Ok(MediaType::Csv)),
        (Some("text/csv;q=0.5, application/json;q=0.8"), Ok(MediaType::Json)),
        (Some("text/csv;q=0.5, */*;q=0.1"), Ok(MediaType::Csv)),
        (Some("image/png, application/json"), Ok(MediaType::Json)),
        (Some("*/*, text/csv"), Ok(MediaType::Csv)),
        (
            Some("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
            Ok(MediaType::Json),
        ),
        (Some("application/*"), Ok(MediaType::Json)),
        (
            Some("application/json, application/vnd.pgrst.object+json;nulls=stripped"),
            Ok(MediaType::Object { strip_nulls: true }),
        ),
        (Some("text/plain"), Err("None of these media types are available: text/plain")),
        (Some("text/csv;q=0"), Err("None of these media types are available: ")),
        (
            Some("image/png, text/unknowntype;q=0.2"),
            Err("None of these media types are available: image/png, text/unknowntype"),
        ),
        (
            Some("application/openapi+json"),
            Err("None of these media types are available: application/openapi+json"),
        ),
    ];
    for (header, expected) in cases {
        let chosen = negotiate_rows(&parse_accept(header));
        let chosen = chosen.map_err(|error| (error.code, error.message));
        assert_eq!(
            chosen,
            expected.map_err(|message| ("PGRST107", message.to_owned())),
            "{header:?}"
        );
    }
    for header in [None, Some("application/json"), Some("application/openapi+json")] {
        assert_eq!(negotiate_root(&parse_accept(header)).unwrap(), MediaType::OpenApi);
    }
    assert!(negotiate_root(&parse_accept(Some("text/csv"))).is_err());
}

#[test]
fn bodies_have_known_types() {
    let cases = [
        (None, BodyType::Json),
        (Some("application/json; charset=utf-8"), BodyType::Json),
        (Some("application/x-ndjson"), BodyType::NdJson),
        (Some("text/csv"), BodyType::Csv),
        (Some("application/x-www-form-urlencoded"), BodyType::Form),
    ];
    for (header, expected) in cases {
        assert_eq!(body_type(header, false).unwrap(), expected);
        assert_eq!(body_type(header, true).unwrap(), expected);
    }
    assert_eq!(body_type(Some("text/plain"), true).unwrap(), BodyType::Text);
    for refused in ["text/plain", "foo/bar", "application/octet-stream"] {
        let error = body_type(Some(refused), false).unwrap_err();
        assert_eq!(error.code, "PGRST102");
        assert_eq!(error.message, format!("Content-Type not acceptable: {refused}"));
    }
}
