//! Identifiers that requests name.

use uuid::Uuid;

/// The identifier that a text is; nil, which nobody has, for what is none. So it is refused like
/// an unknown one, once it is known who asks.
pub(crate) fn identifier(text: &str) -> Uuid {
    text.parse().unwrap_or(Uuid::nil())
}
