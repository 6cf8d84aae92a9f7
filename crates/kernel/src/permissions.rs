//! Permissions: what a caller may do, as pairs of resource and action.

use crate::condition::Condition;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

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

/// A permission that a role or key has.
#[derive(Clone, Debug)]
pub struct Grant {
    /// What is allowed.
    pub pair: PermissionPair,
    /// When; none means always.
    pub condition: Option<Arc<Condition>>,
}

/// Whether something is allowed.
#[derive(Clone, Debug)]
pub enum Decision<'a> {
    /// It is not.
    Never,
    /// It is, whatever the request and the row.
    Always,
    /// It is where one of these conditions holds.
    When(Vec<&'a Condition>),
}

/// When a pair of a set holds: always, or when one of some conditions does.
#[derive(Clone, Debug)]
enum Held {
    Always,
    When(Vec<Arc<Condition>>),
}

/// The permissions of one role with what it inherits, or of one key. Of the pairs that fit a
/// request the most specific decides alone (S4-B48): a role may restrict what it inherits.
#[derive(Clone, Debug, Default)]
pub struct GrantSet {
    /// What the set is of, for explanations.
    name: String,
    /// Sorted by pair.
    held: Vec<(PermissionPair, Held)>,
}

impl GrantSet {
    /// Own permissions over inherited ones: an own pair replaces the same inherited pair. The same
    /// pair from several sides holds when either does.
    pub fn new<'a>(
        name: impl Into<String>,
        own: impl IntoIterator<Item = Grant>,
        inherited: impl IntoIterator<Item = &'a Self>,
    ) -> Self {
        let mut merged: BTreeMap<PermissionPair, Held> = BTreeMap::new();
        for (pair, held) in inherited.into_iter().flat_map(|set| &set.held) {
            add(&mut merged, pair.clone(), held.clone());
        }
        let mut replacing = BTreeMap::new();
        for Grant { pair, condition } in own {
            let held = condition.map_or(Held::Always, |condition| Held::When(vec![condition]));
            add(&mut replacing, pair, held);
        }
        merged.extend(replacing);
        Self { name: name.into(), held: merged.into_iter().collect() }
    }

    /// What the set is of.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The pairs, sorted.
    pub fn pairs(&self) -> impl Iterator<Item = &PermissionPair> {
        self.held.iter().map(|(pair, _)| pair)
    }

    /// The pair that decides about an action on a resource, and what it says.
    pub fn decide(&self, resource: &str, action: &str) -> Option<(&PermissionPair, Decision<'_>)> {
        // Personal and restricted data is only given by a pair that names the action.
        let any_action = (!matches!(action, UNMASK | REVEAL)).then_some(ANY);
        let candidates = [
            Some((resource, action)),
            any_action.map(|any| (resource, any)),
            Some((ANY, action)),
            any_action.map(|any| (ANY, any)),
        ];
        candidates.into_iter().flatten().find_map(|(resource, action)| self.find(resource, action))
    }

    fn find(&self, resource: &str, action: &str) -> Option<(&PermissionPair, Decision<'_>)> {
        let key = (resource, action);
        let place = self
            .held
            .binary_search_by(|(pair, _)| (&*pair.resource, &*pair.action).cmp(&key))
            .ok()?;
        let (pair, held) = self.held.get(place)?;
        let decision = match held {
            Held::Always => Decision::Always,
            Held::When(any) => Decision::When(any.iter().map(|condition| &**condition).collect()),
        };
        Some((pair, decision))
    }

    /// Whether all that a pair allows is allowed here, always.
    pub fn covers(&self, pair: &PermissionPair) -> bool {
        let decided = self.decide(&pair.resource, &pair.action);
        // A wildcard is no more than what its exceptions leave of it.
        let is_exception = |(own, held): &(PermissionPair, Held)| {
            matches!(held, Held::When(_))
                && (pair.resource == ANY || pair.resource == own.resource)
                && (pair.action == ANY || pair.action == own.action)
        };
        matches!(decided, Some((_, Decision::Always))) && !self.held.iter().any(is_exception)
    }

    /// The pairs that allow more here than in an earlier set of the same role.
    pub fn gained_over(&self, earlier: &Self) -> Vec<PermissionPair> {
        let pairs: BTreeSet<&PermissionPair> = self.pairs().chain(earlier.pairs()).collect();
        let gains = |pair: &&PermissionPair| {
            let decide = |set: &'_ Self| match set.decide(&pair.resource, &pair.action) {
                None | Some((_, Decision::Never)) => Some(BTreeSet::new()),
                Some((_, Decision::Always)) => None,
                Some((_, Decision::When(any))) => {
                    Some(any.iter().map(|condition| condition.source().to_owned()).collect())
                }
            };
            match (decide(self), decide(earlier)) {
                (_, None) => false,
                (None, Some(_)) => true,
                (Some(now), Some(then)) => !now.is_subset(&then),
            }
        };
        pairs.into_iter().filter(gains).cloned().collect()
    }
}

fn add(merged: &mut BTreeMap<PermissionPair, Held>, pair: PermissionPair, held: Held) {
    match (merged.get_mut(&pair), held) {
        (Some(Held::Always), _) => {}
        (Some(Held::When(known)), Held::When(more)) => known.extend(more),
        (_, held) => {
            merged.insert(pair, held);
        }
    }
}

/// What a caller may do: what any of their roles allows.
#[derive(Clone, Debug, Default)]
pub struct Permissions {
    sets: Vec<Arc<GrantSet>>,
}

impl Permissions {
    /// Pairs that always hold. Personal and restricted data (`unmask`, `reveal`) is only given by
    /// a pair that names the action: a wildcard means the ordinary work on records.
    pub fn new(pairs: impl IntoIterator<Item = PermissionPair>) -> Self {
        let grants = pairs.into_iter().map(|pair| Grant { pair, condition: None });
        Self { sets: vec![Arc::new(GrantSet::new("", grants, []))] }
    }

    /// What several roles allow together.
    pub fn of_sets(sets: impl IntoIterator<Item = Arc<GrantSet>>) -> Self {
        Self { sets: sets.into_iter().collect() }
    }

    /// The sets, one for each role.
    pub fn sets(&self) -> &[Arc<GrantSet>] {
        &self.sets
    }

    /// Whether the action on the resource is allowed.
    pub fn decide(&self, resource: &str, action: &str) -> Decision<'_> {
        self.decide_by(resource, action, |_| true)
    }

    /// The same by the permissions alone that name the resource.
    pub fn decide_by_name(&self, resource: &str, action: &str) -> Decision<'_> {
        self.decide_by(resource, action, |pair| pair.resource == resource)
    }

    fn decide_by(
        &self,
        resource: &str,
        action: &str,
        counts: impl Fn(&PermissionPair) -> bool,
    ) -> Decision<'_> {
        let mut conditions = Vec::new();
        for set in &self.sets {
            match set.decide(resource, action).filter(|(pair, _)| counts(pair)) {
                Some((_, Decision::Always)) => return Decision::Always,
                Some((_, Decision::When(any))) => conditions.extend(any),
                None | Some((_, Decision::Never)) => {}
            }
        }
        if conditions.is_empty() { Decision::Never } else { Decision::When(conditions) }
    }

    /// Whether the action on the resource is allowed, whatever the request and the row.
    pub fn allow(&self, resource: &str, action: &str) -> bool {
        matches!(self.decide(resource, action), Decision::Always)
    }

    /// Whether all that a pair allows is allowed here, always: nobody grants what they don't have.
    /// A wildcard with exceptions is no whole one.
    pub fn covers(&self, pair: &PermissionPair) -> bool {
        self.sets.iter().any(|set| set.covers(pair))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant(pair: &str, condition: Option<&str>) -> Grant {
        let condition = condition.map(|source| {
            let source = serde_json::Value::from(source).to_string();
            Arc::new(Condition::compile(&[&source]).unwrap())
        });
        Grant { pair: PermissionPair::parse(pair).unwrap(), condition }
    }

    fn pair(text: &str) -> PermissionPair {
        PermissionPair::parse(text).unwrap()
    }

    #[test]
    fn the_more_specific_permission_overrides_an_inherited_one() {
        let reader = GrantSet::new("reader", [grant("*:read", None)], []);
        let own = [grant("teams:read", Some("row.is_active"))];
        let careful = GrantSet::new("careful", own, [&reader]);
        let decided = |set: &GrantSet, table| match set.decide(table, "read") {
            Some((pair, Decision::Always)) => format!("{pair} always"),
            Some((pair, Decision::When(any))) => format!("{pair} when {}", any[0]),
            _ => "never".to_owned(),
        };
        assert_eq!(decided(&careful, "roles"), "*:read always");
        assert_eq!(decided(&careful, "teams"), "teams:read when row.is_active");
        // An own permission replaces the same one that is inherited, whichever says more.
        let open = GrantSet::new("open", [grant("teams:read", None)], [&careful]);
        assert_eq!(decided(&open, "teams"), "teams:read always");
        // A wildcard gives no personal data.
        assert!(reader.decide("users", UNMASK).is_none());
        // Roles that are held side by side add up.
        let both = Permissions::of_sets([Arc::new(careful), Arc::new(reader)]);
        assert!(both.allow("teams", READ));
    }

    #[test]
    fn a_wildcard_with_exceptions_covers_no_wildcard() {
        let exception = grant("teams:read", Some("row.is_active"));
        let careful = GrantSet::new("careful", [grant("*:read", None), exception], []);
        let careful = Permissions::of_sets([Arc::new(careful)]);
        assert!(careful.covers(&pair("roles:read")));
        assert!(!careful.covers(&pair("teams:read")));
        assert!(!careful.covers(&pair("*:read")));
        assert!(Permissions::new([pair("*:*")]).covers(&pair("*:read")));
        assert!(!Permissions::new([pair("*:*")]).covers(&pair("*:unmask")));
    }

    #[test]
    fn losing_an_exception_is_a_gain() {
        let reader = GrantSet::new("reader", [grant("*:read", None)], []);
        let own = [grant("teams:read", Some("row.is_active"))];
        let careful = GrantSet::new("careful", own, [&reader]);
        assert_eq!(reader.gained_over(&careful), [pair("teams:read")]);
        assert_eq!(careful.gained_over(&reader), []);
        assert_eq!(reader.gained_over(&GrantSet::default()), [pair("*:read")]);
    }
}
