//! What members and programs do for their organisation at `/auth/v1`: whether they may, and the
//! work in which the server does it for them.

use crate::auth_error::{AuthCode, AuthError};
use crate::authenticate::Identity;
use crate::session::sessions::AuthRequest;
use mainstay_kernel::{Context, Principal, Result, Work};
use std::sync::Arc;
use uuid::Uuid;

impl Identity {
    /// The caller's organisation, if the caller may do an action with a resource in it.
    ///
    /// # Errors
    /// [`AuthCode::NoAuthorization`], [`AuthCode::NotAdmin`].
    pub(crate) fn may_act(
        &self,
        principal: &Arc<Principal>,
        (resource, action): (&str, &str),
        request: &AuthRequest,
    ) -> Result<Uuid, AuthError> {
        if principal.is_anonymous() {
            let message = "This endpoint requires a valid Bearer token";
            return Err(AuthError::new(AuthCode::NoAuthorization, message));
        }
        let allowed = principal.platform_admin || principal.permissions.allow(resource, action);
        if let Some(organization) = principal.organization_id.filter(|_| allowed) {
            return Ok(organization);
        }
        let why = format!("permission {resource}:{action} is needed");
        let context = self.context_for(principal, request);
        self.kernel.record_refusal(&context, resource, action, &why);
        Err(AuthError::new(AuthCode::NotAdmin, why))
    }

    /// Begins what the server does for a caller, whom its events name.
    pub(crate) async fn begin_for(
        &self,
        principal: &Arc<Principal>,
        request: &AuthRequest,
    ) -> Result<Work> {
        let context = self.context_for(principal, request);
        self.kernel.begin(&context).await?.act_everywhere("organizations").await
    }

    fn context_for(&self, principal: &Arc<Principal>, request: &AuthRequest) -> Context {
        let now = self.kernel.clock().now();
        Context::new(principal.clone(), request.origin.clone(), now)
    }
}
