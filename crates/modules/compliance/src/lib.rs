//! Compliance: assessments and their evidence, verification of people and businesses, screening and risk.

mod assessment;
mod batch_job;
mod compliance_document;
mod control;
mod evidence;
mod payout_method;
mod risk;
mod sanctions;
mod tax;
mod venue_verification;

pub use assessment::{AssessmentStatus, ComplianceAssessment, ComplianceFramework};
pub use batch_job::{BatchJobStatus, BatchJobType, ComplianceBatchJob};
pub use compliance_document::{ComplianceDocument, DocumentStatus};
pub use control::{ComplianceControl, ControlStatus, ScanSource};
pub use evidence::{ComplianceEvidence, EvidenceType};
pub use payout_method::{PayoutMethod, PayoutMethodType};
pub use risk::{RiskAssessment, RiskFlag, RiskLevel};
pub use sanctions::{OfacCheck, OfacCheckType, OfacSdnEntry, SdnType};
pub use tax::{Form1099Record, TaxFormType, TaxRecord, TaxRecordStatus};
pub use venue_verification::{
    BankVerification, BankVerificationStatus, VenueVerification, VerificationStatus,
    VerificationType,
};

use mainstay_entity::Entity;
use mainstay_kernel::Module;

/// What the module declares.
pub fn module() -> Module {
    Module::new("compliance").entities([
        ComplianceAssessment::meta(),
        ComplianceControl::meta(),
        ComplianceEvidence::meta(),
        VenueVerification::meta(),
        BankVerification::meta(),
        PayoutMethod::meta(),
        TaxRecord::meta(),
        Form1099Record::meta(),
        OfacSdnEntry::meta(),
        OfacCheck::meta(),
        RiskAssessment::meta(),
        RiskFlag::meta(),
        ComplianceDocument::meta(),
        ComplianceBatchJob::meta(),
    ])
}
