//! Presets as senders are held to them.

use super::draft::{Draft, refused};
use super::field::FieldPath;
use crate::preset::AuditPreset;
use jsonschema::{PatternOptions, Validator};
use mainstay_entity::Value;
use mainstay_kernel::lookup;
use mainstay_kernel::{Context, Error, Kernel, Result};
use serde::Deserialize;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Which fields events of a preset have.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    /// These are there.
    #[serde(default)]
    required: Vec<FieldPath>,
    /// Of the contents these and the required ones may be there; without the list all may.
    optional: Option<Vec<FieldPath>>,
    /// These are sealed.
    #[serde(default)]
    personal: Vec<FieldPath>,
    /// This one says whose personal data it is.
    subject: Option<FieldPath>,
}

/// A preset, ready to check events.
pub(super) struct Preset {
    name: String,
    is_active: bool,
    fields: Fields,
    /// For each field a JSON Schema.
    rules: Vec<(FieldPath, Validator)>,
}

/// What is wrong with the definition of a preset: the column, and why.
pub(crate) type Malformed = (&'static str, String);

impl Preset {
    /// The preset of an organisation, as it is now.
    ///
    /// # Errors
    /// When there is none with this name, or it is defined wrongly.
    pub(super) async fn find(kernel: &Kernel, organization: Uuid, name: &str) -> Result<Self> {
        let own = [
            ("organization_id", Value::Uuid(organization)),
            ("name", Value::Text(name.to_owned())),
        ];
        let found = lookup::find::<AuditPreset>(kernel, |table| lookup::equal(table, &own)).await?;
        let unknown = || refused("22023", "preset", format!("there is no preset {name:?}"));
        let row = found.into_iter().next().ok_or_else(unknown)?;
        let (fields, validation) = (row.fields.as_str(), row.validation.as_str());
        Self::read(&row.name, row.is_active, fields, validation).map_err(|(column, why)| {
            refused("22023", "preset", format!("the preset {name:?} has wrong {column}: {why}"))
        })
    }

    /// The preset that a definition means.
    pub(crate) fn read(
        name: &str,
        is_active: bool,
        fields: &str,
        validation: &str,
    ) -> Result<Self, Malformed> {
        let fields: Fields = serde_json::from_str(fields).map_err(|e| ("fields", e.to_string()))?;
        if let Some(field) = fields.personal.iter().find(|field| !field.is_sealable()) {
            return Err(("fields", format!("{field} can't be personal")));
        }
        let rules: BTreeMap<String, Json> =
            serde_json::from_str(validation).map_err(|e| ("validation", e.to_string()))?;
        let rule = |(field, schema): (String, Json)| {
            let wrong = |why: String| ("validation", format!("{field}: {why}"));
            let path = FieldPath::try_from(field.clone()).map_err(wrong)?;
            // Patterns take time in proportion to the text, whoever writes them.
            let options = jsonschema::options().with_pattern_options(PatternOptions::regex());
            let rule = options.build(&schema).map_err(|e| wrong(e.to_string()))?;
            Ok((path, rule))
        };
        let rules = rules.into_iter().map(rule).collect::<Result<_, Malformed>>()?;
        Ok(Self { name: name.to_owned(), is_active, fields, rules })
    }

    /// Checks an event, names its subject and seals what is personal.
    ///
    /// # Errors
    /// The first field that is missing, not listed or breaks a rule.
    pub(super) async fn apply(
        &self,
        kernel: &Kernel,
        context: &Context,
        event: &mut Draft<'_>,
    ) -> Result<()> {
        if !self.is_active {
            let message = format!("the preset {:?} is not active", self.name);
            return Err(refused("22023", "preset", message));
        }
        self.check_fields(event)?;
        self.check_rules(event)?;
        if let Some(subject) = &self.fields.subject
            && event.get(&FieldPath::of("subject_id")).is_none()
            && let Some(text) = event.get(subject)
        {
            let text = serde_json::from_str::<String>(&text).unwrap_or(text);
            let subject = kernel.pseudonym(context, &text).await?;
            event.set("subject_id", Value::Uuid(subject))?;
        }
        for field in &self.fields.personal {
            if field.inner().is_empty() {
                event.seal_members(field)?;
            } else {
                event.seal(field)?;
            }
        }
        Ok(())
    }

    fn check_fields(&self, event: &Draft<'_>) -> Result<()> {
        let Fields { required, optional, .. } = &self.fields;
        for field in required {
            if event.get(field).is_none() {
                return Err(self.refused("23502", field, "required", "it is missing"));
            }
        }
        let Some(optional) = optional else { return Ok(()) };
        let listed = || required.iter().chain(optional).chain(&self.fields.personal);
        let mut open: Vec<FieldPath> =
            event.given().into_iter().filter(FieldPath::is_content).collect();
        while let Some(field) = open.pop() {
            if listed().any(|listed| field.is_within(listed)) {
                continue;
            }
            // Of a document single members may be listed.
            let is_around = listed().any(|listed| listed.is_within(&field));
            match members(event, &field).filter(|_| is_around) {
                Some(members) => open.extend(members),
                None => {
                    return Err(self.refused("22023", &field, "optional", "it is not listed"));
                }
            }
        }
        Ok(())
    }

    fn check_rules(&self, event: &Draft<'_>) -> Result<()> {
        for (field, rule) in &self.rules {
            let Some(text) = event.get(field) else { continue };
            let value: Json = serde_json::from_str(&text).map_err(Error::internal)?;
            if let Err(broken) = rule.validate(&value) {
                // The value may be personal: it is not repeated.
                let why = broken.masked().to_string();
                return Err(self.refused("23514", field, broken.kind().keyword(), &why));
            }
        }
        Ok(())
    }

    fn refused(&self, sqlstate: &'static str, field: &FieldPath, rule: &str, why: &str) -> Error {
        let message = format!("preset {}, rule {rule}: {why}", self.name);
        refused(sqlstate, &field.to_string(), message)
    }
}

/// The members of a document that an event has.
fn members(event: &Draft<'_>, field: &FieldPath) -> Option<Vec<FieldPath>> {
    let document = super::document::Document::parse(&event.get(field)?)?;
    Some(document.names().iter().map(|name| field.member(name)).collect())
}
