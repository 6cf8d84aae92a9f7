//! Which of the own actions of a name a call means, as PostgREST chooses among functions: by the
//! names of the arguments, and by the type of the body where one argument has no name.

use super::arguments::Given;
use super::{UNKNOWN, nearest_of};
use crate::dialect::BodyType;
use crate::error::Fault;
use mainstay_entity::Kind;
use mainstay_kernel::{Kernel, OwnAction, Parameter};

/// The action that a call means.
#[derive(Clone, Copy)]
pub(super) enum Chosen<'a> {
    /// Its arguments are given by name.
    Named(&'a OwnAction),
    /// Its one argument, which has no name, is the whole body.
    Whole(&'a OwnAction),
}

impl<'a> Chosen<'a> {
    pub(super) fn action(self) -> &'a OwnAction {
        match self {
            Self::Named(action) | Self::Whole(action) => action,
        }
    }
}

/// A call as far as it chooses.
pub(super) struct Call<'a> {
    pub(super) schema: &'a str,
    pub(super) name: &'a str,
    pub(super) given: &'a Given,
    /// The type of the body; none without one.
    pub(super) body: Option<BodyType>,
}

impl Call<'_> {
    /// Chooses among the actions of the name.
    ///
    /// # Errors
    /// `PGRST203` when several fit, `PGRST202` when none does.
    pub(super) fn choose<'a>(
        &self,
        kernel: &Kernel,
        overloads: &'a [OwnAction],
    ) -> Result<Chosen<'a>, Fault> {
        let named: Vec<&OwnAction> = overloads.iter().filter(|a| self.fits(a)).collect();
        match named.as_slice() {
            [one] => return Ok(Chosen::Named(one)),
            [] => {}
            several => return Err(self.ambiguous(several)),
        }
        let whole: Vec<&OwnAction> = overloads.iter().filter(|a| self.takes_body(a)).collect();
        match whole.as_slice() {
            [one] => Ok(Chosen::Whole(one)),
            [] => Err(self.unknown(kernel, overloads)),
            several => Err(self.ambiguous(several)),
        }
    }

    /// Whether the body is more than arguments by name can be.
    fn is_plain_body(&self) -> bool {
        matches!(self.body, Some(BodyType::Text | BodyType::Xml | BodyType::Bytes))
    }

    fn fits(&self, action: &OwnAction) -> bool {
        let arguments = &action.meta().arguments;
        if arguments.is_empty() {
            return self.given.named.is_empty() && !self.is_plain_body();
        }
        // Such a body is the argument itself, not one by name.
        let is_whole = arguments.len() == 1 && arguments.iter().all(|a| a.name.is_empty());
        if is_whole && self.is_plain_body() {
            return false;
        }
        let is_known = |name: &String| arguments.iter().any(|argument| argument.name == *name);
        let is_given = |name: &String| self.given.named.contains_key(name);
        self.given.named.keys().all(is_known)
            && arguments.iter().all(|a| a.default.is_some() || is_given(&a.name))
    }

    fn takes_body(&self, action: &OwnAction) -> bool {
        let [argument] = action.meta().arguments.as_slice() else {
            return false;
        };
        let Some(Parameter::Value(kind)) = action.parameters().next() else {
            return false;
        };
        argument.name.is_empty()
            && match self.body {
                Some(BodyType::Json) => *kind == Kind::Json,
                Some(BodyType::Text) => matches!(kind, Kind::Text { .. }),
                Some(BodyType::Bytes) => *kind == Kind::Bytes,
                _ => false,
            }
    }

    fn ambiguous(&self, several: &[&OwnAction]) -> Fault {
        let shown: Vec<String> = several
            .iter()
            .map(|action| {
                let arguments: Vec<String> = action
                    .signature()
                    .iter()
                    .map(|(name, r#type)| format!("{name} => {type}"))
                    .collect();
                format!("{}.{}({})", self.schema, self.name, arguments.join(", "))
            })
            .collect();
        let message =
            format!("Could not choose the best candidate function between: {}", shown.join(", "));
        Fault::new("PGRST203", message).hint(
            "Try renaming the parameters or the function itself in the database so function \
             overloading can be resolved",
        )
    }

    /// The answer to a call that means nothing, in PostgREST's words.
    pub(super) fn unknown(&self, kernel: &Kernel, overloads: &[OwnAction]) -> Fault {
        let function = format!("{}.{}", self.schema, self.name);
        let names = self.given.names();
        let list = names.join(", ");
        let shown = if self.is_plain_body() {
            String::new()
        } else if names.is_empty() {
            " without parameters".to_owned()
        } else {
            format!("({list})")
        };
        let by_name = match names.len() {
            0 => " without parameters".to_owned(),
            1 => format!(" with parameter {list}"),
            _ => format!(" with parameters {list}"),
        };
        let searched = match self.body {
            Some(BodyType::Text) => " with a single unnamed text parameter".to_owned(),
            Some(BodyType::Xml) => " with a single unnamed xml parameter".to_owned(),
            Some(BodyType::Bytes) => " with a single unnamed bytea parameter".to_owned(),
            Some(BodyType::Json) => {
                format!("{by_name} or with a single unnamed json/jsonb parameter")
            }
            _ => by_name,
        };
        let message = format!("Could not find the function {function}{shown} in the schema cache");
        let fault = Fault::new(UNKNOWN, message).details(format!(
            "Searched for the function {function}{searched}, but no matches were found in the \
             schema cache."
        ));
        let hint = if overloads.is_empty() {
            nearest_of(kernel, self.schema, self.name)
        } else {
            self.nearest_overload(overloads, &list)
        };
        match hint {
            Some(hint) => fault.hint(format!("Perhaps you meant to call the function {hint}")),
            None => fault,
        }
    }

    fn nearest_overload(&self, overloads: &[OwnAction], given: &str) -> Option<String> {
        let shown = |action: &OwnAction| {
            let mut names: Vec<String> =
                action.signature().into_iter().map(|(name, _)| name).collect();
            names.sort_unstable();
            format!("({})", names.join(", "))
        };
        let lists: Vec<String> = overloads.iter().map(shown).collect();
        let near = crate::nearest::nearest(&format!("({given})"), lists.iter().map(String::as_str));
        near.map(|arguments| format!("{}.{}{arguments}", self.schema, self.name))
    }
}
