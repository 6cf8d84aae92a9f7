//! What an entity is: metadata, column types, choices and classification.
//!
//! A kind of record is declared once, as a Rust struct with `#[derive(Entity)]` or, at run time,
//! as data. Both give an [`EntityMeta`]; everything else in Mainstay (tables, migrations, REST,
//! documentation, export, erasure) works on that metadata and never on the struct.
//!
//! A [`Catalog`] holds the entities that one server knows, with names resolved and references
//! checked.

pub mod action;
mod calendar;
pub mod catalog;
pub mod cell;
pub mod choice;
pub mod error;
pub mod field;
pub mod formula;
pub mod json;
pub mod kind;
pub mod like;
pub mod meta;
pub mod order;
pub mod parse;
pub mod pattern;
pub mod range;
pub mod record;
pub mod search;
pub mod types;
pub mod value;
pub mod view;
pub mod zone;

pub use action::ActionMeta;
pub use catalog::{
    BUILT_IN_SCHEMA, Catalog, ForeignKey, NamedRelation, TENANT_COLUMN, Table, TableId, UniqueKey,
};
pub use cell::Cell;
pub use choice::{Choice, ChoiceMeta, ChoiceValue};
pub use error::{Error, Result};
pub use field::Field;
pub use formula::Formula;
pub use kind::{ItemKind, Kind, RangeKind};
pub use mainstay_entity_derive::{Choice, Entity};
pub use meta::{
    Audit, Check, Classification, Column, Computed, DefaultValue, Direction, EntityMeta, Index,
    IndexColumn, List, NullsDistinct, OnDelete, OwnerKey, Personal, Reference, Relationship, Scope,
    Str, Unique,
};
pub use record::{Entity, Record};
pub use types::{Decimal, Id, Interval, Json, Numeric, Sealed, Secret, Text, U256};
pub use value::Value;
pub use view::View;
