//! Choices: closed lists of text values, some of them life cycles.

use crate::error::{Error, Result};
use crate::meta::{List, Str};

/// A closed list of values. Declared with `#[derive(Choice)]` on an enum of unit variants.
pub trait Choice: Sized + Copy + 'static {
    /// The declared values and transitions.
    const META: &'static ChoiceMeta;

    /// The stored text of this value.
    fn as_str(self) -> &'static str;

    /// The value with this stored text.
    ///
    /// # Errors
    /// [`Error::is_invalid_value`] names the accepted values.
    fn parse(text: &str) -> Result<Self>;
}

/// What is known of a choice at run time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChoiceMeta {
    /// The enum's name, as documentation shows it.
    pub name: Str,
    /// What the choice means.
    pub description: Str,
    /// The accepted values in their declared order.
    pub values: List<ChoiceValue>,
    /// Whether this is a life cycle: moves outside [`ChoiceValue::next`] are refused.
    pub life_cycle: bool,
}

/// One accepted value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChoiceValue {
    /// The stored text.
    pub name: Str,
    /// What it means.
    pub description: Str,
    /// In a life cycle, the values that may follow; none means final.
    pub next: List<Str>,
}

impl ChoiceMeta {
    /// Whether `value` is one of the accepted ones.
    pub fn accepts(&self, value: &str) -> bool {
        self.values.iter().any(|v| v.name == value)
    }

    /// Whether a record may move from one value to another. Staying is always allowed.
    pub fn allows(&self, from: &str, to: &str) -> bool {
        from == to
            || !self.life_cycle
            || self.values.iter().any(|v| v.name == from && v.next.iter().any(|n| n == to))
    }

    /// The error for a value outside the list.
    pub fn refuse(&self, value: &str) -> Error {
        let names: Vec<&str> = self.values.iter().map(|v| v.name.as_ref()).collect();
        Error::invalid_value(format!("expected one of {}, got \"{value}\"", names.join(", ")))
    }
}
