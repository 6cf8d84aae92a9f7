//! What kind of thing an event's action is, as far as its words tell. Senders name actions as they
//! like: `tickets.create`, `s3:GetObject`, `user login`.

use super::record::EventRecord;
use mainstay_ledger::Field;

/// What was done to the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Activity {
    Create,
    Read,
    Update,
    Delete,
    /// Somebody came in.
    SignIn,
    /// Somebody left.
    SignOut,
    Other,
}

/// Words that actions begin with, and what they say.
const VERBS: [(Activity, &[&str]); 4] = [
    (Activity::Create, &["create", "add", "insert", "new", "register", "run", "issue", "invite"]),
    (
        Activity::Read,
        &[
            "read", "get", "list", "view", "describe", "search", "query", "head", "export",
            "download", "lookup", "open", "reveal", "access", "print", "batchget",
        ],
    ),
    (
        Activity::Update,
        &[
            "update", "modify", "set", "change", "patch", "put", "edit", "rename", "enable",
            "disable", "lock", "unlock", "reset", "attach", "detach", "approve", "reject",
            "assign", "restore", "archive", "retry", "upsert", "merge",
        ],
    ),
    (
        Activity::Delete,
        &["delete", "remove", "destroy", "purge", "revoke", "terminate", "erase", "deregister"],
    ),
];

const SIGN_INS: [&str; 7] =
    ["signin", "login", "logon", "consolelogin", "authenticate", "passwordlogin", "mfaverify"];
const SIGN_OUTS: [&str; 4] = ["signout", "logout", "logoff", "sessionend"];

/// Kinds of record that are accounts of people or programs.
const ACCOUNTS: [&str; 14] = [
    "account",
    "accounts",
    "user",
    "users",
    "member",
    "members",
    "organization_members",
    "user_roles",
    "api_keys",
    "credential",
    "credentials",
    "password",
    "mfa",
    "identity",
];

impl Activity {
    pub(super) fn of(record: &EventRecord<'_>) -> Self {
        let words = plain(verb(record.action()));
        if SIGN_INS.iter().any(|word| words == *word) {
            return Self::SignIn;
        }
        if SIGN_OUTS.iter().any(|word| words == *word) {
            return Self::SignOut;
        }
        let is = |begins: &&[&str]| begins.iter().any(|word| words.starts_with(word));
        VERBS.iter().find(|(_, begins)| is(begins)).map_or(Self::Other, |(activity, _)| *activity)
    }
}

/// The last part of an action, what was done.
pub(super) fn verb(action: &str) -> &str {
    action.rsplit(['.', ':', '/', ' ']).find(|part| !part.is_empty()).unwrap_or(action)
}

/// The kind of record: the event's own, or what its action names before the verb.
pub(super) fn resource<'a>(record: &EventRecord<'a>) -> Option<&'a str> {
    let named = record.text(Field::RESOURCE_TYPE).filter(|text| !text.is_empty());
    named.or_else(|| {
        let action = record.action();
        let before = action.strip_suffix(verb(action))?.trim_end_matches(['.', ':', '/', ' ']);
        Some(before).filter(|before| !before.is_empty())
    })
}

/// Whether the record is an account.
pub(super) fn is_account(record: &EventRecord<'_>) -> bool {
    let plural_or_not = |kind: &str| ACCOUNTS.iter().any(|name| kind.eq_ignore_ascii_case(name));
    resource(record).is_some_and(plural_or_not)
}

/// The letters of a word, in lower case: `Sign-In`, `sign_in` and `SignIn` are one.
pub(super) fn plain(word: &str) -> String {
    word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
