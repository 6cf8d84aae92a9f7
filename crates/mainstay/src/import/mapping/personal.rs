//! The members of records that are personal data: they go into one sealed column, each under its
//! own name, and nowhere else.

use serde_json::value::RawValue;

use super::super::record::{Record, push_on_one_line, push_string};
use super::close;

/// Members by their paths, `userIdentity.userName`.
pub(super) struct Personal {
    paths: Vec<Vec<String>>,
}

impl Personal {
    /// The members that a mapping names.
    pub(super) fn new(names: &[String]) -> Self {
        let path = |name: &String| name.split('.').map(str::to_owned).collect();
        Self { paths: names.iter().map(path).collect() }
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.paths.is_empty()
    }

    /// Whether a member of a record is personal, or a part of it.
    pub(super) fn concerns(&self, member: &str) -> bool {
        self.paths.iter().any(|path| path.first().is_some_and(|name| name == member))
    }

    /// The members of a record that are personal as a whole.
    pub(super) fn whole(&self) -> impl Iterator<Item = &str> {
        self.paths.iter().filter_map(|path| match &path[..] {
            [name] => Some(name.as_str()),
            _ => None,
        })
    }

    /// Appends members to an open JSON object each: to `kept` what is not personal, to `taken` what
    /// is.
    pub(super) fn split<'r>(
        &self,
        members: impl Iterator<Item = (&'r str, &'r RawValue)>,
        kept: &mut Vec<u8>,
        taken: &mut Vec<u8>,
    ) {
        let paths: Vec<&[String]> = self.paths.iter().map(Vec::as_slice).collect();
        split(members, &paths, kept, taken);
    }
}

fn split<'r>(
    members: impl Iterator<Item = (&'r str, &'r RawValue)>,
    paths: &[&[String]],
    kept: &mut Vec<u8>,
    taken: &mut Vec<u8>,
) {
    for (name, raw) in members {
        let own = paths.iter().filter_map(|path| match path.split_first() {
            Some((first, inner)) if first == name => Some(inner),
            _ => None,
        });
        let inner: Vec<&[String]> = own.collect();
        let text = raw.get().as_bytes();
        if inner.iter().any(|path| path.is_empty()) {
            push_member(name, text, taken);
            continue;
        }
        match Record::parse(text) {
            Ok(object) if !inner.is_empty() => {
                let (mut rest, mut found) = (vec![b'{'], vec![b'{']);
                split(object.members(), &inner, &mut rest, &mut found);
                close(&mut rest);
                push_member(name, &rest, kept);
                if found.len() > 1 {
                    close(&mut found);
                    push_member(name, &found, taken);
                }
            }
            // What is no object has no such member.
            _ => push_member(name, text, kept),
        }
    }
}

fn push_member(name: &str, json: &[u8], object: &mut Vec<u8>) {
    push_string(name, object);
    object.push(b':');
    push_on_one_line(json, object);
    object.push(b',');
}
