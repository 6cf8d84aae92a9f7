//! Members of nested bodies, which are named like embeds.

use super::Resolver;
use crate::dialect::ast::Embed;
use crate::error::{Failure, Result};
use mainstay_entity::Table;
use mainstay_store::Relation;
use std::sync::Arc;

impl Resolver<'_> {
    /// The relation that a member `lines` or `lines!order_id` means; none when there is none.
    ///
    /// # Errors
    /// `PGRST201` when it could be several.
    pub(crate) fn member(
        &self,
        origin: &Arc<Table>,
        name: &str,
    ) -> Result<Option<(Relation, Arc<Table>)>> {
        let (relation, hint) = match name.split_once('!') {
            Some((relation, hint)) => (relation, Some(hint.to_owned())),
            None => (name, None),
        };
        // A declared relationship keeps nothing, so nothing is written by it.
        if origin.relations.iter().any(|named| named.name == relation) {
            return Ok(None);
        }
        let asked = Embed {
            alias: None,
            relation: relation.to_owned(),
            hint,
            join: None,
            spread: false,
            select: Vec::new(),
        };
        match self.relation(origin, &asked) {
            Ok(found) => Ok(Some((found.relation, found.table))),
            Err(Failure::Fault(fault)) if fault.code() == "PGRST200" => Ok(None),
            Err(failure) => Err(failure),
        }
    }
}
