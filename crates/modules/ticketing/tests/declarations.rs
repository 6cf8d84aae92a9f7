//! What the document on ticketing promises of its records (S0), and what scanning needs.

use mainstay_declared::{Declared, words};
use mainstay_entity::{Kind, OnDelete, Personal, Scope};
use std::sync::LazyLock;

static DECLARED: LazyLock<Declared> =
    LazyLock::new(|| Declared::new(mainstay_ticketing::module().entities));

#[test]
fn scans_are_decided_for_the_documents_reasons() {
    assert_eq!(DECLARED.values("ticket_scans.result"), "allowed denied");
    assert_eq!(
        DECLARED.values("ticket_scans.reason"),
        "QR_EXPIRED QR_ALREADY_USED INVALID_QR UNAUTHORIZED_DEVICE VENUE_MISMATCH WRONG_VENUE \
         EVENT_NOT_STARTED EVENT_ENDED TICKET_NOT_YET_VALID TICKET_EXPIRED TICKET_REFUNDED \
         TICKET_CANCELLED TICKET_TRANSFERRED INVALID_STATUS WRONG_ZONE DUPLICATE COOLDOWN_ACTIVE \
         MAX_REENTRIES_REACHED"
    );
}

/// S0-B91: the records that scanning needs; what devices decide is written by the system alone.
#[test]
fn scanning_has_devices_policies_scans_logs_and_a_cache() {
    for (table, append_only, read_only) in [
        ("scanner_devices", false, false),
        ("scan_policies", false, false),
        ("ticket_scans", true, true),
        ("ticket_scan_logs", true, true),
        ("offline_scan_cache", false, true),
    ] {
        let entity = DECLARED.entity(table);
        assert_eq!(entity.scope, Scope::Venue, "{table}");
        assert_eq!((entity.append_only, entity.read_only), (append_only, read_only), "{table}");
    }
    for (path, expected) in [
        ("scan_policies.code_seconds", "30"),
        ("scan_policies.nonce_seconds", "60"),
        ("scan_policies.offline_minutes", "30"),
        ("scan_policies.max_reentries", "0"),
        ("scanner_devices.status", "pending"),
    ] {
        assert_eq!(DECLARED.default(path).as_deref(), Some(expected), "{path}");
    }
}

/// Of scans at the same moment one gets the entry, a code is used once, and a scan that a device
/// sends twice is there once.
#[test]
fn an_entry_a_code_and_a_device_scan_count_once() {
    let expected = [
        "ticket_id entry_number where result = 'allowed'",
        "ticket_id nonce where result = 'allowed'",
        "device_id device_scan_id",
    ];
    assert_eq!(DECLARED.uniques("ticket_scans"), expected.map(str::to_owned).into());
}

#[test]
fn life_cycles_of_ticketing_have_these_moves_and_no_others() {
    for (path, expected) in [
        (
            "venue_events.status",
            "draft>published draft>cancelled published>on_sale published>postponed \
             published>cancelled on_sale>sold_out on_sale>postponed on_sale>cancelled \
             on_sale>completed sold_out>on_sale sold_out>postponed sold_out>cancelled \
             sold_out>completed postponed>published postponed>on_sale postponed>cancelled",
        ),
        (
            "tickets.status",
            "reserved>issued reserved>cancelled issued>used issued>transferred issued>refunded \
             issued>cancelled issued>expired used>refunded",
        ),
        (
            "scanner_devices.status",
            "pending>active pending>revoked active>suspended active>revoked suspended>active \
             suspended>revoked",
        ),
        (
            "nft_mints.status",
            "pending>processing pending>failed processing>completed processing>failed \
             failed>pending",
        ),
    ] {
        assert_eq!(DECLARED.moves(path), words(expected), "{path}");
    }
}

/// S0-B76: each score is 1 to 5; one row for a customer and a venue. S0-B33: segments are open.
#[test]
fn rfm_scores_are_one_to_five() {
    for name in ["recency_score", "frequency_score", "monetary_score"] {
        let column = DECLARED.column(&format!("customer_rfm_scores.{name}"));
        assert_eq!((column.min, column.max), (Some(1), Some(5)), "{name}");
    }
    assert_eq!(DECLARED.uniques("customer_rfm_scores"), ["customer_id venue_id".to_owned()].into());
    assert_eq!(DECLARED.column("customer_rfm_scores.segment").kind, Kind::Text { max: Some(50) });
}

/// S0-B77, S0-B78, S0-B80.
#[test]
fn what_is_computed_is_there_once() {
    for (table, key) in [
        ("customer_segments", "venue_id segment_name"),
        ("customer_lifetime_values", "customer_id"),
        ("venue_daily_stats", "venue_id date"),
        ("event_daily_stats", "event_id date"),
    ] {
        assert_eq!(DECLARED.uniques(table), [key.to_owned()].into(), "{table}");
        assert!(DECLARED.entity(table).read_only, "{table}");
    }
    for name in ["predicted_clv_12_months", "predicted_clv_24_months"] {
        let column = DECLARED.column(&format!("customer_lifetime_values.{name}"));
        assert_eq!(column.kind, Kind::Decimal { precision: 12, scale: 2 }, "{name}");
    }
    let churn = DECLARED.column("customer_lifetime_values.churn_probability");
    assert_eq!((churn.min, churn.max), (Some(0), Some(1)));
}

/// S0-B34, S0-B79: one undecided proposal for an event, any number of decided ones, each decided
/// one way.
#[test]
fn an_event_has_one_undecided_price_change() {
    let key = "event_id where approved_at is null and rejected_at is null";
    assert_eq!(DECLARED.uniques("pending_price_changes"), [key.to_owned()].into());
    let entity = DECLARED.entity("pending_price_changes");
    let checks: Vec<&str> = entity.checks.iter().map(|check| check.condition.as_ref()).collect();
    assert_eq!(checks, ["approved_at is null or rejected_at is null"]);
    assert!(entity.column("status").is_none());
    let confidence = DECLARED.column("pending_price_changes.confidence");
    assert_eq!(confidence.kind, Kind::Decimal { precision: 3, scale: 2 });
    assert_eq!((confidence.min, confidence.max), (Some(0), Some(1)));
    for name in ["approved_by", "rejected_by"] {
        let expected = ("organization_members".to_owned(), OnDelete::SetNull);
        assert_eq!(
            DECLARED.parent(&format!("pending_price_changes.{name}")),
            Some(expected),
            "{name}"
        );
    }
}

/// S0-B41, S0-B42: what belongs to a venue or its events is reached through the venue.
#[test]
fn rows_of_venues_and_their_events_are_of_venue_scope() {
    for table in [
        "venue_events",
        "tickets",
        "customer_rfm_scores",
        "customer_segments",
        "price_history",
        "pending_price_changes",
        "venue_daily_stats",
        "event_daily_stats",
    ] {
        assert_eq!(DECLARED.entity(table).scope, Scope::Venue, "{table}");
        assert!(!DECLARED.column(&format!("{table}.venue_id")).nullable, "{table}");
    }
}

/// S0-B83: prices are whole cents, sums have two digits.
#[test]
fn money_is_exact() {
    for path in [
        "venue_events.price_cents",
        "tickets.price_cents",
        "price_history.price_cents",
        "pending_price_changes.current_price",
        "pending_price_changes.recommended_price",
    ] {
        assert_eq!(DECLARED.column(path).kind, Kind::BigInt, "{path}");
    }
    for path in
        ["venue_daily_stats.revenue", "event_daily_stats.revenue", "customer_lifetime_values.clv"]
    {
        assert_eq!(DECLARED.column(path).kind, Kind::Decimal { precision: 12, scale: 2 }, "{path}");
    }
}

/// S0-B81: an address of the chain fits, nothing longer does, and nothing shorter.
#[test]
fn mints_have_solana_addresses() {
    for path in ["nft_mints.mint_address", "nft_transfers.mint_address"] {
        assert_eq!(DECLARED.column(path).kind, Kind::Text { max: Some(44) }, "{path}");
    }
    let mints = DECLARED.entity("nft_mints");
    assert!(mints.checks.iter().any(|check| check.condition == "length(mint_address) >= 32"));
    assert_eq!(
        DECLARED.column("nft_transfers.transaction_signature").kind,
        Kind::Text { max: Some(88) }
    );
    assert!(!DECLARED.column("nft_transfers.transaction_signature").nullable);
}

#[test]
fn what_tells_of_guests_is_personal() {
    for path in [
        "customers.name",
        "customers.email",
        "customers.phone",
        "tickets.holder_name",
        "tickets.holder_email",
        "venues.tax_identifier",
    ] {
        assert_eq!(DECLARED.column(path).personal, Personal::Pii, "{path}");
    }
    for path in ["customers.id", "tickets.customer_id", "customer_rfm_scores.customer_id"] {
        assert!(DECLARED.column(path).subject, "{path}");
    }
    assert_eq!(DECLARED.column("venues.tax_identifier").kind, Kind::Sealed);
    assert_eq!(DECLARED.column("tickets.code_key").kind, Kind::Secret);
}
