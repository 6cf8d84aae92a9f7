//! Permissions: what a caller may do, as pairs of resource and action.

use std::fmt;

/// Reading records.
pub const READ: &str = "read";
/// Adding records.
pub const CREATE: &str = "create";
/// Changing records.
pub const UPDATE: &str = "update";
/// Removing records.
pub const DELETE: &str = "delete";
/// Seeing personal data unmasked.
pub const UNMASK: &str = "unmask";
/// Seeing columns classified restricted.
pub const REVEAL: &str = "reveal";
/// Of `teams` and `venues`: reaching the rows of all of them, not of the caller's own alone.
pub const ALL: &str = "all";

const ANY: &str = "*";

/// An action on a resource; either may be `*`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PermissionPair {
    /// Table or surface.
    pub resource: String,
    /// What is done.
    pub action: String,
}

impl PermissionPair {
    /// A pair.
    pub fn new(resource: impl Into<String>, action: impl Into<String>) -> Self {
        Self { resource: resource.into(), action: action.into() }
    }

    /// Reads `resource:action`.
    pub fn parse(text: &str) -> Option<Self> {
        let (resource, action) = text.rsplit_once(':')?;
        (!resource.is_empty() && !action.is_empty()).then(|| Self::new(resource, action))
    }
}

impl fmt::Display for PermissionPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.resource, self.action)
    }
}

/// What a caller may do.
#[derive(Clone, Debug, Default)]
pub struct Permissions {
    pairs: Vec<PermissionPair>,
}

impl Permissions {
    /// A set of pairs. Personal and restricted data (`unmask`, `reveal`) is only given by a pair
    /// that names the action: a wildcard means the ordinary work on records.
    pub fn new(pairs: impl IntoIterator<Item = PermissionPair>) -> Self {
        let mut pairs: Vec<PermissionPair> = pairs.into_iter().collect();
        pairs.sort();
        pairs.dedup();
        Self { pairs }
    }

    /// Whether the action on the resource is allowed.
    pub fn allow(&self, resource: &str, action: &str) -> bool {
        let explicit = matches!(action, UNMASK | REVEAL);
        self.pairs.iter().any(|pair| {
            (pair.resource == resource || pair.resource == ANY)
                && (pair.action == action || (pair.action == ANY && !explicit))
        })
    }

    /// The pairs, sorted.
    pub fn pairs(&self) -> &[PermissionPair] {
        &self.pairs
    }

    /// Whether every pair of `other` is allowed here: nobody grants what they don't have.
    pub fn cover(&self, other: &Self) -> bool {
        other.pairs.iter().all(|pair| self.allow(&pair.resource, &pair.action))
    }
}
