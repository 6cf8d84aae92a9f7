//! The `Prefer` request header (RFC 7240) and `Preference-Applied`.

use std::fmt;

use super::error::{INVALID_PREFERENCES, ParseError};

/// What a client prefers. Unset members leave the server its default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preferences {
    /// `resolution=`: what an insert does with rows that exist.
    pub resolution: Option<Resolution>,
    /// `missing=`: what stands for members that a row of the body lacks.
    pub missing: Option<Missing>,
    /// `return=`: what a write answers with.
    pub representation: Option<Representation>,
    /// `count=`: how the rows are counted.
    pub count: Option<Count>,
    /// `tx=`: how the transaction ends.
    pub transaction: Option<TransactionEnd>,
    /// `handling=`: whether unknown preferences are errors.
    pub handling: Option<Handling>,
    /// `timezone=`: the zone that instants are shown in, not checked here.
    pub timezone: Option<String>,
    /// `max-affected=`: the most rows that a write may touch; binding with `handling=strict` only.
    pub max_affected: Option<u64>,
    /// `wait=integrated`: answer when the audit event has its place in the ledger.
    pub wait_integrated: bool,
    /// `receipt`: answer with a signed promise to put the event into the ledger.
    pub receipt: bool,
    /// `read=replica`: rows of some seconds ago will do, which a replica may have. Never confirmed:
    /// the answer is the same where there is none.
    pub replica: bool,
    /// Preferences that are not known, or whose value is not, as sent.
    pub unknown: Vec<String>,
}

/// Defines a preference whose values are words.
macro_rules! choices {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
        }

        impl $name {
            /// The preference as it is sent and confirmed.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }

            fn parse(preference: &str) -> Option<Self> {
                match preference {
                    $($text => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }
    };
}

choices! {
    /// What an insert does with rows that exist.
    Resolution {
        /// Update them.
        MergeDuplicates = "resolution=merge-duplicates",
        /// Leave them as they are.
        IgnoreDuplicates = "resolution=ignore-duplicates",
    }
}

choices! {
    /// What stands for members that a row of the body lacks.
    Missing {
        /// The column's default.
        Default = "missing=default",
        /// Null.
        Null = "missing=null",
    }
}

choices! {
    /// What a write answers with.
    Representation {
        /// The rows written.
        Full = "return=representation",
        /// No body.
        Minimal = "return=minimal",
        /// No body, but the `Location` of a row inserted.
        HeadersOnly = "return=headers-only",
    }
}

choices! {
    /// How the rows are counted.
    Count {
        /// By counting them.
        Exact = "count=exact",
        /// By the planner's estimate.
        Planned = "count=planned",
        /// Exactly up to a bound, by estimate above it.
        Estimated = "count=estimated",
    }
}

choices! {
    /// How the transaction ends.
    TransactionEnd {
        /// The changes stay.
        Commit = "tx=commit",
        /// The changes are undone after answering.
        Rollback = "tx=rollback",
    }
}

choices! {
    /// Whether unknown preferences are errors.
    Handling {
        /// They are.
        Strict = "handling=strict",
        /// They are ignored.
        Lenient = "handling=lenient",
    }
}

impl Preferences {
    /// Reads the values of all `Prefer` headers of a request. Of contradicting preferences the
    /// first holds, and unknown ones are kept for [`check`](Self::check).
    pub fn parse<'a>(headers: impl IntoIterator<Item = &'a str>) -> Self {
        let mut preferences = Self::default();
        for header in headers {
            for preference in header.split(',') {
                preferences.take(preference.trim());
            }
        }
        preferences
    }

    fn take(&mut self, preference: &str) {
        let known = take_first(&mut self.resolution, Resolution::parse(preference))
            || take_first(&mut self.missing, Missing::parse(preference))
            || take_first(&mut self.representation, Representation::parse(preference))
            || take_first(&mut self.count, Count::parse(preference))
            || take_first(&mut self.transaction, TransactionEnd::parse(preference))
            || take_first(&mut self.handling, Handling::parse(preference))
            || take_first(&mut self.timezone, timezone(preference))
            || take_first(&mut self.max_affected, max_affected(preference));
        match preference {
            _ if known => {}
            "wait=integrated" => self.wait_integrated = true,
            "receipt" => self.receipt = true,
            "read=replica" => self.replica = true,
            "" => {}
            unknown => self.unknown.push(unknown.to_owned()),
        }
    }

    /// Refuses unknown preferences if the client asked for `handling=strict`.
    ///
    /// # Errors
    /// `PGRST122`, naming them.
    pub fn check(&self) -> Result<(), ParseError> {
        if self.handling != Some(Handling::Strict) || self.unknown.is_empty() {
            return Ok(());
        }
        Err(ParseError::new(
            INVALID_PREFERENCES,
            "Invalid preferences given with handling=strict",
            format!("Invalid preferences: {}", self.unknown.join(", ")),
        ))
    }

    /// The value of `Preference-Applied`, or `None` if there is nothing to confirm.
    ///
    /// All set members are confirmed: clear those that did not apply to the request first.
    pub fn applied(&self) -> Option<String> {
        let max_affected = self.max_affected.filter(|_| self.handling == Some(Handling::Strict));
        let mut list = List::default();
        list.push(self.resolution.map(Resolution::as_str));
        list.push(self.missing.map(Missing::as_str));
        list.push(self.representation.map(Representation::as_str));
        list.push(self.count.map(Count::as_str));
        list.push(self.transaction.map(TransactionEnd::as_str));
        list.push(self.handling.map(Handling::as_str));
        list.push(self.timezone.as_ref().map(|zone| format!("timezone={zone}")));
        list.push(max_affected.map(|rows| format!("max-affected={rows}")));
        list.push(self.wait_integrated.then_some("wait=integrated"));
        list.push(self.receipt.then_some("receipt"));
        (!list.0.is_empty()).then_some(list.0)
    }
}

/// Keeps the first value; true if there was one to keep or to drop.
fn take_first<T>(slot: &mut Option<T>, value: Option<T>) -> bool {
    let known = value.is_some();
    if slot.is_none() {
        *slot = value;
    }
    known
}

fn timezone(preference: &str) -> Option<String> {
    preference.strip_prefix("timezone=").map(str::to_owned)
}

fn max_affected(preference: &str) -> Option<u64> {
    let digits = preference.strip_prefix("max-affected=")?;
    digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

/// A comma-separated list.
#[derive(Default)]
struct List(String);

impl List {
    fn push(&mut self, item: Option<impl fmt::Display>) {
        use fmt::Write as _;
        if let Some(item) = item {
            let separator = if self.0.is_empty() { "" } else { ", " };
            let _ = write!(self.0, "{separator}{item}");
        }
    }
}
