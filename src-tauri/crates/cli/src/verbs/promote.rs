//! `promote REFERENCE TO`, by a route or not, and `copy FROM TO`.

use application::{
    ApplicationError, ChangeRequest, CopyTarget, CopyWish, Found, ReferrerChoice, RepositoryAt, Tag, Version,
};

use super::change::show_or_do;
use crate::{
    arguments::{Copy, Promote},
    exit::Exit,
    terminal::Terminal,
};

pub(super) async fn run(arguments: Promote, terminal: &Terminal) -> Result<Exit, ApplicationError> {
    let from = terminal.find(&arguments.reference).await?;
    let also_tags = tags(&arguments.also_tag)?;
    let referrers = arguments.referrers.referrers;
    let request = match (&arguments.route, arguments.to.unwrap_or_default()) {
        (Some(route), _) => by_route(route, &from, referrers, also_tags, terminal).await?,
        (None, to) => match to.parse::<Tag>() {
            Ok(to) => ChangeRequest::Promote {
                at: at(&from)?,
                version: version(&from)?,
                to,
                also_tags,
            },
            Err(error) if !to.contains('/') => return Err(error.into()),
            Err(_) => ChangeRequest::PromoteElsewhere {
                at: at(&from)?,
                version: version(&from)?,
                to: target(&to, &from, terminal).await?,
                wish: CopyWish {
                    referrers: referrers.unwrap_or_default(),
                    platforms: Vec::new(),
                    also_tags,
                },
            },
        },
    };
    show_or_do(request, arguments.yes, terminal).await
}

/// What is typed goes before what the route says.
async fn by_route(
    name: &str,
    from: &Found,
    referrers: Option<ReferrerChoice>,
    also_tags: Vec<Tag>,
    terminal: &Terminal,
) -> Result<ChangeRequest, ApplicationError> {
    let (at, version) = (at(from)?, version(from)?);
    let route = terminal
        .berth
        .by_route(&at, &version, name, &terminal.operation)
        .await?;
    if route.wants_own_tag && route.own_tag.is_none() {
        terminal.warn("the version has no tag of its own: once the channel moves on, only its digest finds it there");
    }
    Ok(ChangeRequest::PromoteElsewhere {
        at,
        version,
        to: route.to,
        wish: CopyWish {
            referrers: referrers.unwrap_or(route.wish.referrers),
            also_tags,
            ..route.wish
        },
    })
}

pub(super) async fn copy(arguments: Copy, terminal: &Terminal) -> Result<Exit, ApplicationError> {
    let from = terminal.find(&arguments.from).await?;
    let platforms = arguments.platform.iter().map(|platform| platform.parse());
    let request = ChangeRequest::Copy {
        at: at(&from)?,
        version: version(&from)?,
        to: target(&arguments.to, &from, terminal).await?,
        wish: CopyWish {
            referrers: arguments.referrers.referrers.unwrap_or_default(),
            platforms: platforms.collect::<Result<_, _>>()?,
            also_tags: tags(&arguments.also_tag)?,
        },
    };
    show_or_do(request, arguments.yes, terminal).await
}

/// Where the copy goes: without a tag, under that of the source.
async fn target(text: &str, from: &Found, terminal: &Terminal) -> Result<CopyTarget, ApplicationError> {
    let to = terminal.berth.find(text).await?;
    if to.digest.is_some() {
        return Err(
            ApplicationError::invalid(format!("{text} names a digest; what arrives keeps its own"))
                .with_hint("leave the digest out of the target"),
        );
    }
    Ok(CopyTarget {
        at: at(&to)?,
        tags: to.tag.clone().or_else(|| from.tag.clone()).into_iter().collect(),
    })
}

fn at(found: &Found) -> Result<RepositoryAt, ApplicationError> {
    Ok(RepositoryAt {
        connection: found.connection.clone(),
        repository: found.need_repository()?.clone(),
    })
}

/// A digest goes before a tag: it says exactly what is meant.
fn version(found: &Found) -> Result<Version, ApplicationError> {
    let digest = found.digest.clone().map(Version::Digest);
    digest.or_else(|| found.tag.clone().map(Version::Tag)).ok_or_else(|| {
        ApplicationError::invalid(format!("{} names no version", found.reference()))
            .with_hint(format!("add a tag or a digest: {}:TAG", found.reference()))
    })
}

fn tags(texts: &[String]) -> Result<Vec<Tag>, ApplicationError> {
    Ok(texts.iter().map(|text| text.parse()).collect::<Result<_, _>>()?)
}
