use mainstay_entity::Choice;

/// How bad a finding is; one scale for all of exposure management.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExposureSeverity {
    /// Worth knowing, nothing to do.
    Info,
    /// To be dealt with when convenient.
    Low,
    /// To be dealt with soon.
    Medium,
    /// To be dealt with next.
    High,
    /// To be dealt with at once.
    Critical,
}
