//! A request on a table, with everything that serving it takes.

use crate::dialect::media::MediaType;
use crate::dialect::{Limits, Preferences, QueryParams, parse_query};
use crate::error::{Fault, Result};
use crate::ledger;
use crate::nearest::nearest;
use crate::request::{Request, Settings};
use crate::resolve::{Purpose, Resolver};
use crate::shared::Shared;
use crate::zone;
use http::Method;
use jiff::tz::TimeZone;
use mainstay_entity::Table;
use mainstay_kernel::{Context, Kernel};
use mainstay_store::{CommonReads, Format, Select};
use std::sync::Arc;

/// A request on a table, its parts read.
pub(crate) struct Call<'a> {
    pub(crate) kernel: &'a Kernel,
    pub(crate) settings: &'a Settings,
    pub(crate) context: &'a Context,
    pub(crate) request: &'a Request,
    pub(crate) table: Arc<Table>,
    pub(crate) params: QueryParams,
    pub(crate) preferences: Preferences,
    pub(crate) media: MediaType,
    /// The transaction of several steps that this request is one of.
    pub(crate) shared: Option<&'a Shared>,
    /// What others ask at the same time.
    pub(crate) common: Option<&'a CommonReads>,
}

impl<'a> Call<'a> {
    /// Reads a request on the table of this name.
    pub(crate) fn read(
        kernel: &'a Kernel,
        settings: &'a Settings,
        context: &'a Context,
        request: &'a Request,
        name: &str,
        shared: Option<&'a Shared>,
    ) -> Result<Self> {
        let schema = schema(kernel, settings, request)?;
        let table = find_table(kernel, schema, name)?;
        // What is not committed has no place in the ledger to wait for.
        let sends_events =
            request.method == Method::POST && shared.is_none() && ledger::is_events(kernel, &table);
        Ok(Self {
            kernel,
            settings,
            context,
            request,
            table,
            media: request.rows_media(settings)?,
            params: parse_query(&request.query, &Limits::default())?,
            preferences: request.zoned_preferences(sends_events)?,
            shared,
            common: None,
        })
    }

    /// The same for one of those who ask the same at the same time.
    pub(crate) fn in_common(self, common: &'a CommonReads) -> Self {
        Self { common: Some(common), ..self }
    }

    /// A request on rows that an action answers with.
    pub(crate) fn of_rows(
        (kernel, settings, context, request): (&'a Kernel, &'a Settings, &'a Context, &'a Request),
        table: Arc<Table>,
        params: QueryParams,
        preferences: Preferences,
    ) -> Result<Self> {
        let media = request.rows_media(settings)?;
        Ok(Self {
            kernel,
            settings,
            context,
            request,
            table,
            params,
            preferences,
            media,
            shared: None,
            common: None,
        })
    }

    pub(crate) fn resolver(&self) -> Resolver<'_> {
        Resolver::new(self.kernel.catalog(), self.context, self.settings, &self.params)
            .in_zone(self.zone())
    }

    /// What the request shows.
    pub(crate) fn select(&self, purpose: Purpose) -> Result<Select> {
        let select = self.resolver().select(&self.table, purpose)?;
        if self.zone().is_some() {
            zone::check(&select)?;
        }
        Ok(select)
    }

    /// The time zone that instants are read and shown in; none is UTC.
    pub(crate) fn zone(&self) -> Option<TimeZone> {
        zone::preferred(&self.preferences)
    }

    /// How the store writes the answer's records.
    pub(crate) fn format(&self) -> Format {
        match self.media {
            MediaType::Csv => Format::Csv,
            MediaType::NdJson => Format::Lines,
            MediaType::Object { .. } => Format::JsonObject,
            _ => Format::JsonArray,
        }
    }

    /// Whether members that are null are left out.
    pub(crate) fn strips_nulls(&self) -> bool {
        matches!(self.media, MediaType::ArrayStripped | MediaType::Object { strip_nulls: true })
    }

    /// Whether the answer must be exactly one record.
    pub(crate) fn is_singular(&self) -> bool {
        matches!(self.media, MediaType::Object { .. })
    }

    /// Refuses a number of records that the client did not ask for.
    pub(crate) fn check_singular(&self, rows: u64) -> Result<()> {
        if !self.is_singular() || rows == 1 {
            return Ok(());
        }
        Err(not_singular(rows).into())
    }

    /// Refuses `limit` and `offset`, which would not bound what a write changes.
    pub(crate) fn refuse_bounds(&self) -> Result<()> {
        if self.params.ranges.iter().all(|placed| !placed.path.is_empty()) {
            return Ok(());
        }
        if self.request.method == Method::PUT {
            let message = "limit/offset querystring parameters are not allowed for PUT";
            return Err(Fault::new("PGRST114", message).into());
        }
        Err(Fault::unsupported("limit and offset on requests that write.").into())
    }
}

/// `PGRST116`
pub(crate) fn not_singular(rows: u64) -> Fault {
    Fault::new("PGRST116", "Cannot coerce the result to a single JSON object")
        .details(format!("The result contains {rows} rows"))
}

/// The schema of a request.
pub(crate) fn schema<'a>(
    kernel: &Kernel,
    settings: &'a Settings,
    request: &'a Request,
) -> Result<&'a str> {
    let Some(profile) = request.profile() else {
        return Ok(&settings.default_schema);
    };
    let mut schemas = kernel.catalog().schemas();
    // A schema may have actions alone.
    let of_actions = || kernel.own_actions().map(|action| action.meta().schema.as_str());
    if profile == settings.default_schema
        || schemas.contains(&profile)
        || of_actions().any(|schema| schema == profile)
    {
        return Ok(profile);
    }
    schemas.extend(of_actions());
    schemas.sort_unstable();
    schemas.dedup();
    let hint = format!("Only the following schemas are exposed: {}", schemas.join(", "));
    Err(Fault::new("PGRST106", format!("Invalid schema: {profile}")).hint(hint).into())
}

/// A table by its name.
pub(crate) fn find_table(kernel: &Kernel, schema: &str, name: &str) -> Result<Arc<Table>> {
    let catalog = kernel.catalog();
    if let Some(table) = catalog.find(schema, name) {
        return Ok(table.clone());
    }
    let message = format!("Could not find the table '{schema}.{name}' in the schema cache");
    let fault = Fault::new("PGRST205", message);
    let names = catalog.tables().iter().filter(|t| t.meta.schema == schema);
    let near = nearest(name, names.map(|t| t.meta.table.as_ref()));
    Err(match near {
        Some(near) => fault.hint(format!("Perhaps you meant the table '{schema}.{near}'")).into(),
        None => fault.into(),
    })
}
