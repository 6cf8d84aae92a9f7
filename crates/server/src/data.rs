//! `/rest/v1`: the data API, and the OpenAPI document that describes it.

use crate::answer::Refusal;
use crate::app::{App, Services};
use crate::body;
use crate::origin::RequestOrigin;
use crate::stream::sendable;
use crate::timing::Timing;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, Request, State};
use http::Response;
use mainstay_kernel::{Context, Origin};
use mainstay_rest::{Target, error_response};
use std::sync::Arc;

type Name = Result<Path<String>, PathRejection>;

/// `/rest/v1/`: what there is.
pub(crate) async fn root(
    State(app): State<Arc<App>>,
    Extension(RequestOrigin(origin)): Extension<RequestOrigin>,
    request: Request,
) -> Response<Body> {
    answer(&app, origin, Target::Root, request).await
}

/// `/rest/v1/{table}`.
pub(crate) async fn table(
    State(app): State<Arc<App>>,
    Extension(RequestOrigin(origin)): Extension<RequestOrigin>,
    name: Name,
    request: Request,
) -> Response<Body> {
    match name {
        Ok(Path(name)) => answer(&app, origin, Target::Table(name), request).await,
        Err(_) => Refusal::BadPath.response(None),
    }
}

/// `/rest/v1/rpc/{action}`.
pub(crate) async fn action(
    State(app): State<Arc<App>>,
    Extension(RequestOrigin(origin)): Extension<RequestOrigin>,
    name: Name,
    request: Request,
) -> Response<Body> {
    match name {
        Ok(Path(name)) => answer(&app, origin, Target::Action(name), request).await,
        Err(_) => Refusal::BadPath.response(None),
    }
}

async fn answer(
    app: &App,
    origin: Arc<Origin>,
    target: Target,
    request: Request,
) -> Response<Body> {
    let Some(services) = app.services() else {
        return Refusal::Starting.response(None);
    };
    let (parts, body) = request.into_parts();
    let mut timing = Timing::start(app.settings.server_timing);
    let received = match body::read(app, body).await {
        Ok(received) => received,
        Err(refusal) => return refusal.response(origin.request_id.as_deref()),
    };
    timing.ends("body");
    let context = match context(services, &parts.headers, origin).await {
        Ok(context) => context,
        Err(error) => return error.map(Body::from),
    };
    timing.ends("jwt");
    let request = mainstay_rest::Request {
        method: parts.method,
        target,
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: parts.headers,
        body: received.bytes.clone(),
    };
    let mut response = services.rest.handle(&context, request).await;
    timing.ends("response");
    timing.tell(&mut response);
    sendable(response)
}

pub(crate) async fn context(
    services: &Services,
    headers: &http::HeaderMap,
    origin: Arc<Origin>,
) -> Result<Context, Response<bytes::Bytes>> {
    match services.identity.authenticate(headers, &origin).await {
        Ok(principal) => Ok(Context::new(principal, origin, services.kernel.clock().now())),
        Err(error) => Err(error_response(&error, origin.request_id.as_deref(), true)),
    }
}
