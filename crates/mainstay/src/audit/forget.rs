//! Erasing a person from the audit trail.

use super::ForgetOptions;
use crate::installation::Installation;
use crate::log;
use anyhow::Result;
use mainstay_kernel::Context;
use std::process::ExitCode;

pub(super) async fn run(mut options: ForgetOptions) -> Result<ExitCode> {
    let config = std::mem::take(&mut options.config);
    let installation = Installation::open(config).await?;
    installation.run(async |i| forget(i, &options).await).await?;
    log::print("nobody can read any more what was sealed for this subject\n")?;
    Ok(ExitCode::SUCCESS)
}

async fn forget(installation: &Installation, options: &ForgetOptions) -> Result<()> {
    let tenant = super::tenant(installation, &options.tenant).await?;
    let kernel = &installation.kernel;
    let context = Context::system("erasure", Some(tenant), kernel.clock().now());
    let subject = kernel.pseudonym(&context, &options.subject).await?;
    let mut work = kernel.begin(&context).await?;
    work.forget_subject(subject).await?;
    Ok(work.commit().await?)
}
