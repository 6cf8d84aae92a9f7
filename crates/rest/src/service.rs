//! The data API as a whole: from a request to its answer.

use crate::call::Call;
use crate::dialect::MediaType;
use crate::dialect::media::negotiate_root;
use crate::error::{Failure, Fault, Result};
use crate::request::{Request, Settings, Target};
use crate::response::Reply;
use crate::shared::Shared;
use crate::{batch, idempotent, insert, may, mutate, openapi, put, read, rpc};
use bytes::Bytes;
use http::{Method, Response, StatusCode};
use mainstay_entity::Table;
use mainstay_kernel::{Context, Kernel, OwnAction};
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
        let answer = if idempotent::applies(&request) {
            Box::pin(idempotent::answer(self, context, &request)).await
        } else {
            self.dispatch(context, &request, None).await
        };
        match answer {
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
            let mut document = openapi::document(self.kernel.catalog(), &actions, schema);
            openapi::add_own_actions(&mut document, self.kernel.own_actions());
            Bytes::from(document.to_string())
        };
        self.description.get_or_init(document).clone()
    }

    pub(crate) fn kernel(&self) -> &Kernel {
        &self.kernel
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// A request on a table, its parts read.
    pub(crate) fn call<'a>(
        &'a self,
        context: &'a Context,
        request: &'a Request,
        name: &str,
        shared: Option<&'a Shared>,
    ) -> Result<Call<'a>> {
        Call::read(&self.kernel, &self.settings, context, request, name, shared)
    }

    /// Answers a request, alone or as a step of a transaction.
    ///
    /// The future is boxed: those of the engines nest deeper in it than callers want to know.
    pub(crate) fn dispatch<'a>(
        &'a self,
        context: &'a Context,
        request: &'a Request,
        shared: Option<&'a Shared>,
    ) -> Answering<'a> {
        match &request.target {
            Target::Table(name) if self.is_batch(request, name) => {
                Box::pin(batch::run(self, context, request, shared))
            }
            Target::Table(name) => Box::pin(self.table(context, request, name, shared)),
            Target::Action(name) => Box::pin(self.action(context, request, name, shared)),
            Target::Root => Box::pin(std::future::ready(self.root(request))),
        }
    }

    /// Whether a request asks what the caller may do; a declared action of that name comes first.
    fn is_question(&self, request: &Request, name: &str) -> bool {
        let schema = request.profile().unwrap_or(&self.settings.default_schema);
        name == may::NAME && self.kernel.own_actions_named(schema, name).is_empty()
    }

    /// Whether a request is a batch; a table of that name comes first.
    fn is_batch(&self, request: &Request, name: &str) -> bool {
        let has_table = || {
            let schema = request.profile().unwrap_or(&self.settings.default_schema);
            self.kernel.catalog().find(schema, name).is_some()
        };
        batch::is_asked(request, name) && !has_table()
    }

    async fn table(
        &self,
        context: &Context,
        request: &Request,
        name: &str,
        shared: Option<&Shared>,
    ) -> Result<Response<Body>> {
        let call = || self.call(context, request, name, shared);
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
        shared: Option<&Shared>,
    ) -> Result<Response<Body>> {
        match request.method {
            Method::POST if self.is_question(request, name) => {
                may::answer(self, context, request).await
            }
            Method::GET | Method::HEAD | Method::POST => {
                rpc::call(self, context, request, name, shared).await
            }
            Method::OPTIONS => {
                let own = || self.kernel.own_actions().filter(|own| own.meta().name == name);
                let read_only = own().any(OwnAction::is_read_only)
                    || self.kernel.actions().any(|a| a.name == name && rpc::is_read_only(a));
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
