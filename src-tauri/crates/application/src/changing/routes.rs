//! Routes: which of them take a version, where to, and what it is called there. Kept in the settings.

use artifact::{Digest, Platform, RepositoryName, Tag};
use catalog::ConnectionId;
use registry::{ErrorCode, Operation};

use crate::{
    ApplicationError, Berth, CopyTarget, CopyWish, FittingRoute, RepositoryAt, RouteInfo, RouteSetting, Version,
    names::full_name, settings::Saved,
};

impl Berth {
    /// The routes of the settings, in their order.
    ///
    /// # Errors
    /// If the settings cannot be read.
    pub async fn routes(&self) -> Result<Vec<RouteInfo>, ApplicationError> {
        let saved = self.saved().await?;
        let problem = |route: &RouteSetting| {
            let (from, to) = route.ends().ok()?;
            let gone = [from, to]
                .into_iter()
                .find(|end| !saved.is_taken(end.connection, None))?;
            Some(format!("there is no connection {:?} any more", gone.connection))
        };
        let info = |route: &RouteSetting| RouteInfo {
            problem: problem(route),
            route: route.clone(),
        };
        Ok(saved.settings.routes.iter().map(info).collect())
    }

    /// Keeps a new route.
    ///
    /// # Errors
    /// If its name is taken, its patterns do not fit together, or a connection of it is not there.
    pub async fn add_route(&self, route: RouteSetting) -> Result<RouteInfo, ApplicationError> {
        let kept = route.clone();
        self.blocking(move |inner| {
            inner.settings.update(|saved| {
                saved.settings.routes.push(kept);
                Ok::<_, ApplicationError>(())
            })
        })
        .await
        .map_err(|error| match error.code {
            ErrorCode::InvalidInput => error.with_hint("see `berthctl route add --help` for examples"),
            _ => error,
        })?;
        Ok(RouteInfo { route, problem: None })
    }

    /// Forgets a route; what went by it stays where it is.
    ///
    /// # Errors
    /// If there is none of this name.
    pub async fn remove_route(&self, name: &str) -> Result<RouteInfo, ApplicationError> {
        let name = name.to_owned();
        let route = self
            .blocking(move |inner| {
                inner.settings.update(|saved| {
                    let route = route_named(saved, &name)?.clone();
                    saved.settings.routes.retain(|other| *other != route);
                    Ok::<_, ApplicationError>(route)
                })
            })
            .await?;
        Ok(RouteInfo { route, problem: None })
    }

    /// The routes that take a version, as the index knows its tags. One that leads nowhere now is left out.
    ///
    /// # Errors
    /// If settings or index cannot be read.
    pub async fn fitting_routes(
        &self,
        at: &RepositoryAt,
        digest: &Digest,
    ) -> Result<Vec<FittingRoute>, ApplicationError> {
        let saved = self.saved().await?;
        let mut fitting = Vec::new();
        for route in &saved.settings.routes {
            if let Some(Ok(to)) = target_of(&saved, route, at)? {
                let own_tag = self.plain_tag(&saved, at, digest).await?;
                fitting.push(by(route, to, own_tag)?);
            }
        }
        Ok(fitting)
    }

    /// Where a route takes a version. What a channel holds, or which tags a digest has, is read anew where that matters.
    ///
    /// # Errors
    /// If there is no such route, it does not take this repository, or its other end is gone.
    pub async fn by_route(
        &self,
        at: &RepositoryAt,
        version: &Version,
        name: &str,
        operation: &Operation,
    ) -> Result<FittingRoute, ApplicationError> {
        let saved = self.saved().await?;
        let route = route_named(&saved, name)?;
        let to = target_of(&saved, route, at)?.unwrap_or_else(|| Err(does_not_take(&saved, route, at)))?;
        let own_tag = match version {
            _ if !route.own_tag => None,
            Version::Tag(tag) if !is_channel(&saved, tag) => Some(tag.clone()),
            _ => {
                self.sync(&at.connection, Some(&at.repository), None, operation).await?;
                let digest = self.digest_of(&saved, at, version).await?;
                self.plain_tag(&saved, at, &digest).await?
            }
        };
        by(route, to, own_tag)
    }

    async fn digest_of(&self, saved: &Saved, at: &RepositoryAt, version: &Version) -> Result<Digest, ApplicationError> {
        let tag = match version {
            Version::Digest(digest) => return Ok(digest.clone()),
            Version::Tag(tag) => tag.clone(),
        };
        let full = full_name(&saved.connection(&at.connection)?.location, &at.repository)?;
        let (id, shown) = (at.connection.clone(), tag.clone());
        let record = self.ask(move |index| index.tag(&id, &full, &tag)).await?;
        record
            .and_then(|record| record.digest)
            .ok_or_else(|| ApplicationError::not_found(format!("there is no tag {shown} in {}", at.repository)))
    }

    /// The best tag of a version that is no channel: what it is called whatever moves on.
    async fn plain_tag(
        &self,
        saved: &Saved,
        at: &RepositoryAt,
        digest: &Digest,
    ) -> Result<Option<Tag>, ApplicationError> {
        let connection = saved.connection(&at.connection)?;
        let record = match self.record(connection, &at.repository, digest).await {
            Ok(record) => record,
            Err(error) if error.code == ErrorCode::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut tags = record.row.tags.iter().filter_map(|name| name.parse::<Tag>().ok());
        Ok(tags.find(|tag| !is_channel(saved, tag) && tag.referrer_subject().is_none()))
    }
}

/// Where a route takes a repository; `None`: it does not.
fn target_of(
    saved: &Saved,
    route: &RouteSetting,
    at: &RepositoryAt,
) -> Result<Option<Result<RepositoryAt, ApplicationError>>, ApplicationError> {
    let from = &saved.connection(&at.connection)?.name;
    let Some(target) = route.target(from, &at.repository) else {
        return Ok(None);
    };
    let found = target.map_err(ApplicationError::invalid).and_then(|repository| {
        Ok(RepositoryAt {
            connection: other_end(saved, route)?,
            repository,
        })
    });
    Ok(Some(found))
}

fn other_end(saved: &Saved, route: &RouteSetting) -> Result<ConnectionId, ApplicationError> {
    let (_, to) = route.ends().map_err(ApplicationError::invalid)?;
    let named = |name: &str| name.to_lowercase() == to.connection.to_lowercase();
    let connection = saved.connections.iter().find(|connection| named(&connection.name));
    connection.map(|connection| connection.id.clone()).ok_or_else(|| {
        ApplicationError::not_found(format!(
            "the route {:?} leads to the connection {:?}, which is not there",
            route.name, to.connection
        ))
        .with_hint("add the connection again, or remove the route: `berthctl route remove NAME`")
    })
}

fn by(route: &RouteSetting, at: RepositoryAt, own_tag: Option<Tag>) -> Result<FittingRoute, ApplicationError> {
    let tag: Tag = route.tag.parse()?;
    let own_tag = own_tag.filter(|own| route.own_tag && *own != tag);
    let platforms: Result<Vec<Platform>, _> = route.platforms.iter().map(|platform| platform.parse()).collect();
    Ok(FittingRoute {
        name: route.name.clone(),
        to: CopyTarget {
            at,
            tags: own_tag.iter().cloned().chain([tag]).collect(),
        },
        own_tag,
        wants_own_tag: route.own_tag,
        wish: CopyWish {
            referrers: route.referrers.clone(),
            platforms: platforms?,
            also_tags: Vec::new(),
        },
    })
}

fn is_channel(saved: &Saved, tag: &Tag) -> bool {
    saved
        .settings
        .channels
        .iter()
        .any(|channel| channel.name == tag.as_str())
}

fn route_named<'a>(saved: &'a Saved, name: &str) -> Result<&'a RouteSetting, ApplicationError> {
    let routes = &saved.settings.routes;
    let found = routes
        .iter()
        .find(|route| route.name.to_lowercase() == name.to_lowercase());
    found.ok_or_else(|| {
        let hint = match routes.len() {
            0 => "there are no routes yet: `berthctl route add NAME FROM TO --tag TAG`".to_owned(),
            _ => format!("routes are {}", quoted(routes.iter())),
        };
        ApplicationError::not_found(format!("there is no route {name:?}")).with_hint(hint)
    })
}

fn does_not_take(saved: &Saved, route: &RouteSetting, at: &RepositoryAt) -> ApplicationError {
    let from = saved
        .connection(&at.connection)
        .map_or("", |connection| &connection.name);
    let repository: &RepositoryName = &at.repository;
    let fitting = saved
        .settings
        .routes
        .iter()
        .filter(|other| other.target(from, repository).is_some());
    let hint = match quoted(fitting) {
        names if names.is_empty() => format!("no route takes {from}/{repository}; name where it goes instead"),
        names => format!("routes that take it: {names}"),
    };
    ApplicationError::invalid(format!(
        "the route {:?} takes {}, not {from}/{repository}",
        route.name, route.from
    ))
    .with_hint(hint)
}

fn quoted<'a>(routes: impl Iterator<Item = &'a RouteSetting>) -> String {
    routes
        .map(|route| format!("{:?}", route.name))
        .collect::<Vec<_>>()
        .join(", ")
}
