//! Who may call which route. A route cannot be registered without a policy: [`Routes::add`] is the only way in,
//! and what it registers is refused unless the policy lets the caller through.

use super::{identity::Identity, problem::Problem, state::Concerns};
use crate::domain::user::Role;
use axum::{
    Router,
    extract::Request,
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use utoipa::openapi::{OpenApi, path::PathItem};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter, UtoipaMethodRouterExt};

/// All that anybody may call without signing in. A test holds this equal to what is registered as [`Policy::Public`].
pub const PUBLIC: &[(&str, &str)] = &[
    ("GET", "/api/docs"),
    ("GET", "/api/docs/docs.css"),
    ("GET", "/api/docs/docs.js"),
    ("GET", "/api/v1/health"),
    ("GET", "/api/v1/health/ready"),
    ("GET", "/api/v1/openapi.json"),
    ("GET", "/api/v1/setup"),
    ("POST", "/api/v1/auth/login"),
    ("POST", "/api/v1/auth/logout"),
    ("POST", "/api/v1/auth/refresh"),
    ("POST", "/api/v1/setup"),
];

/// Who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Anybody.
    Public,
    /// Every signed-in account.
    Guest,
    /// Users and admins.
    User,
    /// Admins.
    Admin,
    /// Whoever holds a stream ticket; the route itself checks it.
    Ticket,
}

impl Policy {
    fn least_role(self) -> Option<Role> {
        match self {
            Self::Public | Self::Ticket => None,
            Self::Guest => Some(Role::Guest),
            Self::User => Some(Role::User),
            Self::Admin => Some(Role::Admin),
        }
    }

    fn check(self, identity: Option<&Identity>) -> Result<(), Problem> {
        let Some(least) = self.least_role() else { return Ok(()) };
        let principal = identity.unwrap_or(&Identity::Anonymous).principal()?;
        if principal.role >= least { Ok(()) } else { Err(forbidden(least)) }
    }
}

fn forbidden(least: Role) -> Problem {
    let detail = format!("This needs the role {least}. Ask an admin for it.");
    Problem::new(axum::http::StatusCode::FORBIDDEN, "forbidden", detail)
}

/// One registered route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pub method: &'static str,
    pub path: String,
    pub policy: Policy,
}

/// Routes with their policies and their OpenAPI description.
#[derive(Default)]
pub struct Routes {
    router: OpenApiRouter<Concerns>,
    rules: Vec<Rule>,
}

impl Routes {
    /// Adds what `routes!(handler, …)` made, for those whom `policy` lets through.
    pub fn add(mut self, policy: Policy, routes: UtoipaMethodRouter<Concerns>) -> Self {
        for (path, item) in &routes.1.paths {
            let rule = |method| Rule { method, path: path.clone(), policy };
            self.rules.extend(methods(item).map(rule));
        }
        let guard = middleware::from_fn(move |request: Request, next: Next| enforce(policy, request, next));
        self.router = self.router.routes(routes.layer(guard));
        self
    }

    /// Adds all routes of another area under a prefix such as `/api/v1`.
    pub fn nest(mut self, prefix: &str, other: Self) -> Self {
        self.rules.extend(other.rules.into_iter().map(|rule| Rule { path: format!("{prefix}{}", rule.path), ..rule }));
        self.router = self.router.nest(prefix, other.router);
        self
    }

    /// Adds all routes of another area.
    pub fn merge(mut self, other: Self) -> Self {
        self.rules.extend(other.rules);
        self.router = self.router.merge(other.router);
        self
    }

    /// The router, its description, and the list of who may do what.
    pub fn into_parts(self) -> (Router<Concerns>, OpenApi, Vec<Rule>) {
        let (router, openapi) = self.router.split_for_parts();
        (router, openapi, self.rules)
    }
}

async fn enforce(policy: Policy, request: Request, next: Next) -> Response {
    match policy.check(request.extensions().get()) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

fn methods(item: &PathItem) -> impl Iterator<Item = &'static str> {
    let described = [
        ("GET", item.get.is_some()),
        ("HEAD", item.head.is_some()),
        ("POST", item.post.is_some()),
        ("PUT", item.put.is_some()),
        ("PATCH", item.patch.is_some()),
        ("DELETE", item.delete.is_some()),
        ("OPTIONS", item.options.is_some()),
        ("TRACE", item.trace.is_some()),
    ];
    described.into_iter().filter_map(|(method, is_described)| is_described.then_some(method))
}
