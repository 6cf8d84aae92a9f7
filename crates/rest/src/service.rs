//! The data API as a whole: from a request to its answer.

use crate::call::Call;
use crate::dialect::MediaType;
use crate::dialect::media::negotiate_root;
use crate::error::{Failure, Fault, Result};
use crate::request::{Request, Settings, Target};
use crate::response::Reply;
use crate::{insert, mutate, openapi, put, read, rpc};
use bytes::Bytes;
use http::{Method, Response, StatusCode};
use mainstay_entity::Table;
use mainstay_kernel::{Context, Kernel};
use mainstay_store::Body;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};

/// An answer on its way.
type Answering<'a> = Pin<Box<dyn Future<Output = Result<Response<Body>>> + Send + 'a>>;

/// The data API over a kernel. Cheap to clone.
#[derive(Clone)]
pub struct Rest {
    kernel: Kernel,
    settings: Arc<Settings>,
    description: Arc<OnceLock<Bytes>>,
}

impl Rest {
    /// The data API over a kernel.
    pub fn new(kernel: Kernel, settings: Settings) -> Self {
        Self { kernel, settings: Arc::new(settings), description: Arc::default() }
    }

    /// Answers a request of a verified caller. Whatever goes wrong is an answer too.
    pub async fn handle(&self, context: &Context, request: Request) -> Response<Body> {
        match self.answer(context, &request).await {
            Ok(response) => response,
            Err(failure) => {
                let response = failure.response(context);
                response.map(|body| if request.is_head() { Body::default() } else { body.into() })
            }
        }
    }

    /// The schema of requests that name none.
    pub fn default_schema(&self) -> &str {
        &self.settings.default_schema
    }

    /// The OpenAPI document of the data API.
    pub fn openapi(&self) -> Bytes {
        let document = || {
            let actions: Vec<_> = self.kernel.actions().collect();
            let schema = &self.settings.default_schema;
            let document = openapi::document(self.kernel.catalog(), &actions, schema);
            Bytes::from(document.to_string())
        };
        self.description.get_or_init(document).clone()
    }

    /// The future is boxed: those of the engines nest deeper in it than callers want to know.
    fn answer<'a>(&'a self, context: &'a Context, request: &'a Request) -> Answering<'a> {
        match &request.target {
            Target::Table(name) => Box::pin(self.table(context, request, name)),
            Target::Action(name) => Box::pin(self.action(context, request, name)),
            Target::Root => Box::pin(std::future::ready(self.root(request))),
        }
    }

    async fn table(
        &self,
        context: &Context,
        request: &Request,
        name: &str,
    ) -> Result<Response<Body>> {
        let call = || Call::read(&self.kernel, &self.settings, context, request, name);
        match request.method {
            Method::GET | Method::HEAD => read::read(&call()?).await,
            Method::POST => insert::insert(&call()?).await,
            Method::PATCH => mutate::update(&call()?).await,
            Method::DELETE => mutate::delete(&call()?).await,
            Method::PUT => put::put(&call()?).await,
            Method::OPTIONS => {
                let call = call()?;
                Ok(Reply::new(StatusCode::OK).allow(&methods(&call.table)).finish())
            }
            _ => Err(unsupported_method(request)),
        }
    }

    async fn action(
        &self,
        context: &Context,
        request: &Request,
        name: &str,
    ) -> Result<Response<Body>> {
        match request.method {
            Method::GET | Method::HEAD | Method::POST => {
                rpc::call(&self.kernel, &self.settings, context, request, name).await
            }
            Method::OPTIONS => {
                let read_only =
                    self.kernel.actions().any(|a| a.name == name && rpc::is_read_only(a));
                let methods = if read_only { "OPTIONS,GET,HEAD,POST" } else { "OPTIONS,POST" };
                Ok(Reply::new(StatusCode::OK).allow(methods).finish())
            }
            _ => {
                let message = format!("Cannot use the {} method on RPC", request.method);
                Err(Fault::new("PGRST101", message).into())
            }
        }
    }

    fn root(&self, request: &Request) -> Result<Response<Body>> {
        match request.method {
            Method::GET | Method::HEAD => {
                let media: MediaType = negotiate_root(&request.accepted())?;
                Ok(Reply::new(StatusCode::OK)
                    .body(&media, self.openapi())
                    .headless(request.is_head())
                    .finish())
            }
            Method::OPTIONS => Ok(Reply::new(StatusCode::OK).allow("OPTIONS,GET,HEAD").finish()),
            _ => Err(unsupported_method(request)),
        }
    }
}

fn unsupported_method(request: &Request) -> Failure {
    let message = format!("Unsupported HTTP method: {}", request.method);
    Fault::new("PGRST117", message).into()
}

/// The methods that a table takes.
pub(crate) fn methods(table: &Table) -> String {
    let mut methods = "OPTIONS,GET,HEAD".to_owned();
    if !table.meta.read_only {
        methods.push_str(",POST");
        if !table.meta.append_only {
            methods.push_str(",PUT,PATCH,DELETE");
        }
    }
    methods
}
