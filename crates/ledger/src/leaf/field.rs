use std::fmt;

/// The number of a field in a leaf.
///
/// Numbers are never given twice: a field that is no longer written keeps its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Field(pub u8);

macro_rules! fields {
    ($($number:literal $constant:ident $name:literal,)*) => {
        impl Field {
            $(
                #[doc = concat!("`", $name, "`")]
                pub const $constant: Self = Self($number);
            )*

            /// All fields that have a name, in ascending order.
            pub const ALL: &'static [Self] = &[$(Self::$constant),*];

            /// The name: the column of `audit_events`, or `note`. None for a number that this
            /// release doesn't know.
            pub const fn name(self) -> Option<&'static str> {
                match self.0 {
                    $($number => Some($name),)*
                    _ => None,
                }
            }

            /// The field with this name.
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$constant),)*
                    _ => None,
                }
            }
        }
    };
}

fields! {
    1 ID "id",
    2 ORGANIZATION_ID "organization_id",
    3 ACTOR_ID "actor_id",
    4 ACTION "action",
    5 RESOURCE_TYPE "resource_type",
    6 RESOURCE_ID "resource_id",
    7 RESOURCE_NAME "resource_name",
    8 STATUS "status",
    9 DESCRIPTION "description",
    10 ERROR_MESSAGE "error_message",
    11 OLD_VALUE "old_value",
    12 NEW_VALUE "new_value",
    13 IP_ADDRESS "ip_address",
    14 USER_AGENT "user_agent",
    15 SESSION_ID "session_id",
    16 REQUEST_ID "request_id",
    17 CORRELATION_ID "correlation_id",
    18 IDEMPOTENCY_KEY "idempotency_key",
    19 DATA_CLASSIFICATION "data_classification",
    20 RETENTION_POLICY "retention_policy",
    21 TTL "ttl",
    22 ARCHIVED_AT "archived_at",
    23 EVENT_VERSION "event_version",
    24 PROCESSING_LATENCY_MS "processing_latency_ms",
    25 DETAILS "details",
    26 METADATA "metadata",
    27 PERSONAL "personal",
    28 OCCURRED_AT "occurred_at",
    29 CREATED_AT "created_at",
    30 PRESET "preset",
    31 SUBJECT_ID "subject_id",
    64 NOTE "note",
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "number {}", self.0),
        }
    }
}
