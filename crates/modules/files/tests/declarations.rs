//! What the documents promise of files, and the declarations say.

use mainstay_declared::lines::{
    checks, confidential, defaults, keeping, moves, references, uniques, values,
};
use mainstay_entity::EntityMeta;

fn entities() -> Vec<EntityMeta> {
    mainstay_files::module().entities
}

/// S0-B13, S0-B16, S0-B17.
#[test]
fn files_move_as_documented() {
    assert_eq!(
        moves(&entities()),
        [
            "files.status uploading -> processing | failed; processing -> completed | failed",
            "upload_sessions.status active -> completed | cancelled",
            "file_uploads.status pending -> processing | failed; processing -> completed | failed",
        ]
    );
}

/// S0-B14, S0-B15, S0-B18, S0-B19.
#[test]
fn files_take_the_documented_values() {
    assert_eq!(
        values(&entities()),
        [
            "files.storage_provider local/s3/gcs",
            "files.access_level private/internal/public",
            "file_access_logs.access_type view/download/share/stream",
            "av_scans.scan_engine ClamAV/MockScanner",
            "quota_alerts.alert_type warning/exceeded/critical",
        ]
    );
}

/// S0-B66: warnings begin at 80 percent.
#[test]
fn files_have_defaults() {
    assert_eq!(
        defaults(&entities()),
        [
            "files.storage_provider local",
            "files.is_public false",
            "files.access_level internal",
            "files.status uploading",
            "upload_sessions.total_chunks 1",
            "upload_sessions.uploaded_chunks 0",
            "upload_sessions.uploaded_bytes 0",
            "upload_sessions.status active",
            "file_uploads.status pending",
            "storage_quotas.soft_limit_percentage 80",
            "storage_quotas.send_warnings true",
            "storage_quotas.is_active true",
            "storage_usage.total_storage_bytes 0",
            "storage_usage.total_files 0",
            "storage_usage.peak_storage_bytes 0",
            "quota_alerts.notification_sent false",
        ]
    );
}

/// Of tokens the hash alone is kept; what is never changed holds no address in plain.
#[test]
fn files_keep_personal_data_and_tokens_apart() {
    assert_eq!(
        confidential(&entities()),
        [
            "files.uploaded_by subject",
            "file_access_logs.accessed_by subject",
            "file_access_logs.ip_address sealed",
            "upload_sessions.session_token_hash restricted",
            "upload_sessions.uploaded_by subject",
            "file_uploads.user_id subject",
        ]
    );
}

/// S0-B53, S0-B63, S0-B67. S0-D8: without member and venue, a row is the organisation's, and one.
#[test]
fn files_have_unique_keys() {
    assert_eq!(
        uniques(&entities()),
        [
            "file_versions (file_id, version_number)",
            "upload_sessions (session_token_hash)",
            "av_scans (file_hash)",
            "storage_quotas (user_id, venue_id) nulls not distinct",
            "storage_usage (user_id, venue_id) nulls not distinct",
        ]
    );
}

/// S0-B62: a record is named whole. S0-B65: a quota is something. S0-B68: a peak is one.
#[test]
fn files_are_checked() {
    assert_eq!(
        checks(&entities()),
        [
            "files.size_bytes 0..",
            "file_versions.version_number 1..",
            "file_versions.size_bytes 0..",
            "file_access_logs.response_code 100..599",
            "file_access_logs.bytes_sent 0..",
            "upload_sessions.total_size 0..",
            "upload_sessions.total_chunks 1..",
            "upload_sessions.uploaded_chunks 0..",
            "upload_sessions.uploaded_bytes 0..",
            "file_uploads.size_bytes 0..",
            "storage_quotas.max_storage_bytes 1..",
            "storage_quotas.max_files 0..",
            "storage_quotas.max_file_size_bytes 1..",
            "storage_quotas.soft_limit_percentage 1..100",
            "storage_usage.total_storage_bytes 0..",
            "storage_usage.total_files 0..",
            "storage_usage.peak_storage_bytes 0..",
            "quota_alerts.usage_percentage 0..",
            "quota_alerts.current_usage_bytes 0..",
            "quota_alerts.quota_limit_bytes 0..",
            "files: length(hash_sha256) = 64 and hash_sha256 = lower(hash_sha256)",
            "files: (entity_type is null) = (entity_id is null)",
            "file_versions: length(hash_sha256) = 64 and hash_sha256 = lower(hash_sha256)",
            "upload_sessions: uploaded_bytes <= total_size",
            "upload_sessions: uploaded_chunks <= total_chunks",
            "av_scans: length(file_hash) = 64 and file_hash = lower(file_hash)",
            "quarantined_files: length(file_hash) = 64 and file_hash = lower(file_hash)",
            "storage_usage: peak_storage_bytes >= total_storage_bytes",
            "quota_alerts: notification_sent = (notification_sent_at is not null)",
        ]
    );
}

/// Files outlast members and venues; limits don't.
#[test]
fn files_go_with_what_they_belong_to() {
    assert_eq!(
        references(&entities()),
        [
            "files.venue_id -> venues setnull",
            "files.uploaded_by -> organization_members setnull",
            "file_versions.file_id -> files cascade",
            "file_versions.created_by -> organization_members setnull",
            "upload_sessions.uploaded_by -> organization_members setnull",
            "file_uploads.user_id -> organization_members setnull",
            "storage_quotas.user_id -> organization_members cascade",
            "storage_quotas.venue_id -> venues cascade",
            "storage_usage.user_id -> organization_members cascade",
            "storage_usage.venue_id -> venues cascade",
            "quota_alerts.quota_id -> storage_quotas cascade",
            "quota_alerts.user_id -> organization_members cascade",
            "quota_alerts.venue_id -> venues cascade",
        ]
    );
}

/// S0-B64: `organization_id` is never null, so every quota has an owner.
#[test]
fn files_are_kept_as_what_they_are() {
    assert_eq!(
        keeping(&entities()),
        [
            "files: soft delete",
            "file_access_logs: append only, read only, partitioned, unaudited",
            "file_uploads: soft delete",
            "av_scans: read only",
            "quarantined_files: soft delete",
            "storage_usage: read only, unaudited",
            "quota_alerts: read only",
        ]
    );
}
