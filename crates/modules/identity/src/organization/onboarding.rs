//! Onboarding: what a new person goes through, and how far each has come.
#![expect(missing_docs, reason = "conventional columns need no words")]

use jiff::Timestamp;
use mainstay_entity::{Entity, Id, Json, Text};
use mainstay_kernel::entities::User;

/// A step that new people go through (S3-B151).
#[derive(Entity)]
#[entity(
    table = "onboarding_steps",
    scope = public,
    classification = public,
    unique(name),
    index(order),
    check(name = "name_given", "name <> ''")
)]
pub struct OnboardingStep {
    pub id: Id<Self>,
    /// The name by which states refer to it.
    pub name: Text<100>,
    /// What there is to do.
    pub description: Option<Text<2000>>,
    /// Its place; smaller ones come first.
    #[entity(default = 0, min = 0)]
    pub order: i32,
    /// Whether it can't be skipped.
    #[entity(default = true)]
    pub required: bool,
    /// What the data of a completed step must be like, as JSON Schema.
    #[entity(default = "{}")]
    pub validation_rules: Json<()>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// How far a person has come with a step; one row for each step that was begun.
#[derive(Entity)]
#[entity(
    table = "onboarding_states",
    scope = owner(user = user_id),
    classification = confidential,
    primary_key(user_id, step),
    check(name = "time_of_completed", "completed or completed_at is null")
)]
pub struct OnboardingState {
    /// The person.
    #[entity(subject, on_delete = cascade)]
    pub user_id: Id<User>,
    /// The step, by name.
    #[entity(references(OnboardingStep, to = "name"))]
    pub step: Text<100>,
    /// Whether it is done.
    #[entity(default = false)]
    pub completed: bool,
    /// What the person entered.
    #[entity(pii, default = "{}")]
    pub data: Json<()>,
    /// When it was done.
    pub completed_at: Option<Timestamp>,
    /// Whatever the product keeps beside it.
    #[entity(default = "{}")]
    pub metadata: Json<()>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
