//! Routes: where a promotion may go besides its own repository. Pure: patterns, their counterparts, what is wrong with them.

use std::collections::HashSet;

use artifact::{Platform, RepositoryName, Tag};
use changes::ReferrerChoice;
use serde::{Deserialize, Serialize};

use super::{Saved, SettingsError};

/// A name under which versions of some repositories go to others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RouteSetting {
    pub name: String,
    /// `CONNECTION/REPOSITORY`. One `*` stands for any part of the repository's name.
    pub from: String,
    /// The same; its `*` takes what that of `from` stood for.
    pub to: String,
    /// The tag that moves there, most often a channel.
    pub tag: String,
    /// Whether the version's own tag is put as well, so that it outlives the channel moving on.
    #[serde(default = "yes")]
    pub own_tag: bool,
    #[serde(default = "all")]
    pub referrers: ReferrerChoice,
    /// Empty: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub platforms: Vec<String>,
}

fn yes() -> bool {
    true
}

fn all() -> ReferrerChoice {
    ReferrerChoice::All
}

/// A connection, and which of its repositories.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RoutePlace<'a> {
    pub(crate) connection: &'a str,
    repositories: Pattern<'a>,
}

/// The name of a repository, or with a `*` of many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Pattern<'a> {
    head: &'a str,
    /// What stands behind the `*`; none: there is no `*`.
    tail: Option<&'a str>,
}

impl<'a> RoutePlace<'a> {
    /// # Errors
    /// What is wrong with the text, for people.
    fn read(text: &'a str) -> Result<Self, String> {
        let Some((connection, repositories)) = text.split_once('/').filter(|(connection, _)| !connection.is_empty())
        else {
            return Err(format!("{text:?} names no repository: write CONNECTION/REPOSITORY"));
        };
        let (head, tail) = match repositories.split_once('*') {
            Some((head, tail)) => (head, Some(tail)),
            None => (repositories, None),
        };
        if tail.is_some_and(|tail| tail.contains('*')) {
            return Err(format!("{text:?} has more than one *"));
        }
        let pattern = Pattern { head, tail };
        // What a * may stand for is any name by itself.
        if let Err(error) = pattern.filled("x").parse::<RepositoryName>() {
            return Err(format!("{text:?} names no repository: {error}"));
        }
        Ok(Self {
            connection,
            repositories: pattern,
        })
    }
}

impl Pattern<'_> {
    /// What the `*` stands for in this name; empty where there is none. `None`: the name does not match.
    fn part<'n>(&self, name: &'n str) -> Option<&'n str> {
        match self.tail {
            None => (name == self.head).then_some(""),
            Some(tail) => name
                .strip_prefix(self.head)?
                .strip_suffix(tail)
                .filter(|part| !part.is_empty()),
        }
    }

    fn filled(&self, part: &str) -> String {
        match self.tail {
            None => self.head.to_owned(),
            Some(tail) => format!("{}{part}{tail}", self.head),
        }
    }
}

impl RouteSetting {
    /// The two ends.
    ///
    /// # Errors
    /// What is wrong with one of them, for people.
    pub(crate) fn ends(&self) -> Result<(RoutePlace<'_>, RoutePlace<'_>), String> {
        let (from, to) = (RoutePlace::read(&self.from)?, RoutePlace::read(&self.to)?);
        match (from.repositories.tail, to.repositories.tail) {
            (Some(_), None) => Err(format!(
                "{:?} has no *: write where what {:?} stands for goes",
                self.to, self.from
            )),
            (None, Some(_)) => Err(format!(
                "{:?} has a *, but {:?} has none to fill it",
                self.to, self.from
            )),
            _ if from == to => Err(format!("it leads where it comes from, {:?}", self.from)),
            _ => Ok((from, to)),
        }
    }

    /// Where the route takes this repository of the connection of that name; `None`: nowhere.
    ///
    /// # Errors
    /// If the name that follows is no repository's.
    pub(crate) fn target(
        &self,
        connection: &str,
        repository: &RepositoryName,
    ) -> Option<Result<RepositoryName, String>> {
        let (from, to) = self.ends().ok()?;
        if from.connection.to_lowercase() != connection.to_lowercase() {
            return None;
        }
        let name = to.repositories.filled(from.repositories.part(repository.as_str())?);
        let wrong = |error| format!("the route {:?} leads to {name:?}: {error}", self.name);
        Some(name.parse().map_err(wrong))
    }

    fn validate(&self) -> Result<(), String> {
        let name = self.name.trim();
        if name.is_empty() || name != self.name || name.chars().count() > 100 || name.chars().any(char::is_control) {
            return Err(
                "the name of a route has 1 to 100 characters and does not begin or end with a space".to_owned(),
            );
        }
        self.ends()?;
        self.tag.parse::<Tag>().map_err(|error| error.to_string())?;
        for platform in &self.platforms {
            platform.parse::<Platform>().map_err(|error| error.to_string())?;
        }
        Ok(())
    }
}

/// # Errors
/// [`SettingsError::Value`] for the first route that cannot be meant so.
pub(super) fn validate(routes: &[RouteSetting]) -> Result<(), SettingsError> {
    let mut seen = HashSet::new();
    for route in routes {
        let wrong = |reason: String| SettingsError::value("route", format!("{:?}: {reason}", route.name));
        route.validate().map_err(wrong)?;
        if !seen.insert(route.name.to_lowercase()) {
            return Err(wrong("two routes have this name".to_owned()));
        }
    }
    Ok(())
}

/// A route that is new, or was changed, leads from and to connections that are there. One whose connection is gone since
/// stands in nobody's way until somebody takes it.
pub(super) fn check_connections(before: &Saved, after: &Saved) -> Result<(), (String, String)> {
    let fresh = |route: &&RouteSetting| !before.settings.routes.contains(route);
    for route in after.settings.routes.iter().filter(fresh) {
        let Ok((from, to)) = route.ends() else { continue };
        for place in [from, to] {
            if !after.is_taken(place.connection, None) {
                let reason = format!(
                    "{:?}: there is no connection {:?}; the names stand in `berthctl connection list`",
                    route.name, place.connection
                );
                return Err(("route".to_owned(), reason));
            }
        }
    }
    Ok(())
}

impl Saved {
    /// A connection has another name: the routes go on to lead there.
    pub(crate) fn rename_in_routes(&mut self, old: &str, new: &str) {
        let renamed = |place: &mut String| {
            if let Some((connection, repository)) = place.split_once('/')
                && connection.to_lowercase() == old.to_lowercase()
            {
                *place = format!("{new}/{repository}");
            }
        };
        for route in &mut self.settings.routes {
            renamed(&mut route.from);
            renamed(&mut route.to);
        }
    }

    /// A connection is gone, and the routes that need it with it, which are given back.
    pub(crate) fn drop_routes(&mut self, connection: &str) -> Vec<RouteSetting> {
        let needs = |place: &RoutePlace<'_>| place.connection.to_lowercase() == connection.to_lowercase();
        let goes = |route: &mut RouteSetting| route.ends().is_ok_and(|(from, to)| needs(&from) || needs(&to));
        self.settings.routes.extract_if(.., goes).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn route(from: &str, to: &str) -> RouteSetting {
        RouteSetting {
            name: "Production, Frankfurt".to_owned(),
            from: from.to_owned(),
            to: to.to_owned(),
            tag: "production".to_owned(),
            own_tag: true,
            referrers: ReferrerChoice::All,
            platforms: Vec::new(),
        }
    }

    fn target(from: &str, to: &str, repository: &str) -> Option<String> {
        let name = repository.parse().expect("a name");
        let found = route(from, to).target("GHCR", &name)?;
        Some(found.expect("a name as well").to_string())
    }

    #[test]
    fn a_star_takes_what_the_other_stood_for() {
        let to = |repository| target("GHCR/vision/*", "ECR/prod/*", repository);
        assert_eq!(to("vision/detector").as_deref(), Some("prod/detector"));
        assert_eq!(to("vision/a/b").as_deref(), Some("prod/a/b"));
        assert_eq!((to("vision"), to("visions/a"), to("llm/a")), (None, None, None));
        assert_eq!(target("GHCR/*", "ECR/mirror/*", "a/b").as_deref(), Some("mirror/a/b"));
        assert_eq!(
            target("ghcr/vision/*-onnx", "ECR/edge-*", "vision/x-onnx").as_deref(),
            Some("edge-x"),
            "names of connections have no case"
        );
        assert_eq!(target("GHCR/vision/x", "ECR/y", "vision/x").as_deref(), Some("y"));
        assert_eq!(target("GHCR/vision/x", "ECR/y", "vision/xy"), None);
        assert_eq!(target("Other/vision/*", "ECR/*", "vision/x"), None);
    }

    #[test]
    fn a_name_that_no_repository_can_have_is_told() {
        let name = "vision/x".parse().expect("a name");
        let problem = route("GHCR/vision*", "ECR/prod/*").target("GHCR", &name);
        assert!(
            problem.is_some_and(|found| found.is_err_and(|told| told.contains("prod//x"))),
            "what the * takes begins with a slash"
        );
    }

    #[test]
    fn what_cannot_be_meant_is_told() {
        let told = |one: RouteSetting| match validate(&[one]) {
            Err(SettingsError::Value { key, reason }) if key == "route" => reason,
            other => panic!("{other:?}"),
        };
        for (from, to, words) in [
            ("GHCR/vision/*", "ECR/prod", "has no *"),
            ("GHCR/vision/x", "ECR/*", "none to fill it"),
            ("GHCR/*/*", "ECR/*", "more than one *"),
            ("GHCR", "ECR/x", "names no repository"),
            ("GHCR/Vision", "ECR/x", "names no repository"),
            ("GHCR/vision/*", "GHCR/vision/*", "where it comes from"),
        ] {
            let reason = told(route(from, to));
            assert!(reason.contains(words), "{from} {to}: {reason}");
        }
        let good = route("GHCR/vision/*", "ECR/prod/*");
        assert!(validate(std::slice::from_ref(&good)).is_ok());
        for wrong in [
            RouteSetting {
                tag: "a b".to_owned(),
                ..good.clone()
            },
            RouteSetting {
                name: " ".to_owned(),
                ..good.clone()
            },
            RouteSetting {
                platforms: vec!["linux".to_owned()],
                ..good.clone()
            },
        ] {
            told(wrong);
        }
        let again = RouteSetting {
            name: "PRODUCTION, Frankfurt".to_owned(),
            ..good.clone()
        };
        assert!(
            validate(&[good, again]).is_err(),
            "names differ in more than their case"
        );
    }

    proptest! {
        /// Whatever a `*` stands for comes out at the other end, and nothing else of the name.
        #[test]
        fn what_a_star_takes_arrives_whole(
            head in "([a-z]{1,3}/)?", tail in "(-[a-z]{1,2})?",
            to_head in "([a-z]{1,3}/){0,2}", to_tail in "(-[a-z]{1,2})?",
            part in "[a-z]{1,4}(/[a-z]{1,4}){0,2}",
        ) {
            let one = route(&format!("GHCR/{head}*{tail}"), &format!("ECR/{to_head}*{to_tail}"));
            let name = format!("{head}{part}{tail}").parse().expect("a name");
            let found = one.target("GHCR", &name).expect("it matches").expect("a name");
            prop_assert_eq!(found.as_str(), format!("{to_head}{part}{to_tail}"));
        }

        /// A repository is taken exactly if it begins and ends as the pattern says, with something between.
        #[test]
        fn nothing_else_is_taken(pattern in r"[ab]{0,2}\*[ab]{0,2}", name in "[ab]{1,5}") {
            let one = route(&format!("GHCR/{pattern}"), "ECR/z*");
            let (head, tail) = pattern.split_once('*').expect("a star");
            let fits = name.len() > head.len() + tail.len() && name.starts_with(head) && name.ends_with(tail);
            let found = one.target("GHCR", &name.parse().expect("a name"));
            prop_assert_eq!(found.is_some(), fits);
        }
    }
}
