//! Files: what is stored, who read it, whether it is clean, and how much there may be.

mod file;
mod quota;
mod scan;
mod upload;

pub use file::{
    File, FileAccessLevel, FileAccessLog, FileAccessType, FileStatus, FileVersion, StorageProvider,
};
pub use quota::{QuotaAlert, QuotaAlertType, StorageQuota, StorageUsage};
pub use scan::{AvScan, QuarantinedFile, ScanEngine};
pub use upload::{FileUpload, FileUploadStatus, UploadSession, UploadSessionStatus};

use mainstay_entity::Entity;
use mainstay_kernel::Module;

/// What the module declares.
pub fn module() -> Module {
    Module::new("files").entities([
        File::meta(),
        FileVersion::meta(),
        FileAccessLog::meta(),
        UploadSession::meta(),
        FileUpload::meta(),
        AvScan::meta(),
        QuarantinedFile::meta(),
        StorageQuota::meta(),
        StorageUsage::meta(),
        QuotaAlert::meta(),
    ])
}
