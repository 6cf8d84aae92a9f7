//! Reports: what is reported, when, to whom, and the files that come of it.

mod export;
mod report;
mod schedule;
mod template;

pub use export::{DataExport, ExportFormat, ExportStatus};
pub use report::Report;
pub use schedule::{ReportFormat, ReportFrequency, ScheduledReport};
pub use template::ReportTemplate;

use mainstay_entity::Entity;
use mainstay_kernel::Module;

/// What the module declares.
pub fn module() -> Module {
    Module::new("reports").entities([
        ReportTemplate::meta(),
        ScheduledReport::meta(),
        Report::meta(),
        DataExport::meta(),
    ])
}
