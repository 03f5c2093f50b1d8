//! The window's questions about lists and files, on their way in: names, digests and times become the types of `application`.

use std::str::FromStr;

use application as app;
use chrono::{DateTime, Utc};

use super::{FilesOptions, Problem, VersionFilter, VersionSort, VersionsQuery};

/// Reads a name, digest or time that the window sent.
///
/// # Errors
/// [`Problem`] with the code `invalidInput` where it is not well formed.
pub(crate) fn parse<T: FromStr<Err: std::fmt::Display>>(text: &str) -> Result<T, Problem> {
    text.parse()
        .map_err(|problem: T::Err| app::ApplicationError::invalid(problem).into())
}

/// Reads what may be absent.
///
/// # Errors
/// As [`parse`].
pub(crate) fn parse_optional<T: FromStr<Err: std::fmt::Display>>(text: Option<&str>) -> Result<Option<T>, Problem> {
    text.map(parse).transpose()
}

impl TryFrom<VersionsQuery> for app::VersionsQuery {
    type Error = Problem;

    fn try_from(query: VersionsQuery) -> Result<Self, Problem> {
        Ok(Self {
            connection: query.connection_id.into(),
            repository: parse(&query.repository)?,
            sort: query.sort.into(),
            descending: query.descending,
            filter: query.filter.try_into()?,
            platform: query.platform,
            metrics: query.metrics,
        })
    }
}

impl From<VersionSort> for app::VersionSort {
    fn from(sort: VersionSort) -> Self {
        match sort {
            VersionSort::Version => Self::Version,
            VersionSort::Name => Self::Name,
            VersionSort::Kind => Self::Kind,
            VersionSort::Size => Self::Size,
            VersionSort::Layers => Self::Layers,
            VersionSort::Created => Self::Created,
            VersionSort::Pushed => Self::Pushed,
            VersionSort::Platforms => Self::Platforms,
            VersionSort::Metric(name) => Self::Metric(name),
        }
    }
}

impl TryFrom<VersionFilter> for app::VersionFilter {
    type Error = Problem;

    fn try_from(filter: VersionFilter) -> Result<Self, Problem> {
        let moment = |text: Option<String>| parse_optional::<DateTime<Utc>>(text.as_deref());
        Ok(Self {
            text: filter.text,
            kinds: filter.kinds.iter().map(|kind| parse(kind)).collect::<Result<_, _>>()?,
            platform: filter.platform,
            labels: filter
                .labels
                .into_iter()
                .map(|label| (label.key, label.value))
                .collect(),
            created_after: moment(filter.created_after)?,
            created_before: moment(filter.created_before)?,
        })
    }
}

impl TryFrom<FilesOptions> for app::FilesOptions {
    type Error = Problem;

    fn try_from(options: FilesOptions) -> Result<Self, Problem> {
        let digests = |layers: Vec<String>| layers.iter().map(|digest| parse(digest)).collect::<Result<Vec<_>, _>>();
        Ok(Self {
            layers: options.layers.map(digests).transpose()?,
            by_layer: options.by_layer,
            whiteouts: options.whiteouts,
            text: options.text,
            only_hidden: options.only_hidden,
        })
    }
}
