//! Which platform of each version is compared.

use artifact::PlatformSummary;

use super::Read;
use crate::{
    ApplicationError,
    reading::{choose_platform, platform_name, this_platform},
};

pub(super) struct Chosen {
    /// One for each version; `None` where it has none that could be read.
    pub(super) platforms: Vec<Option<PlatformSummary>>,
    /// Those that every version has that states any.
    pub(super) common: Vec<String>,
}

/// Where nothing is asked for: the one that all have, this machine's before others; where they have none in common,
/// of each what it would show by itself.
pub(super) fn choose(read: &[Read]) -> Result<Chosen, ApplicationError> {
    let common = common(read);
    let this = this_platform().to_string();
    let wanted = common.iter().find(|name| **name == this).or(common.first());
    let mut platforms = Vec::with_capacity(read.len());
    for read in read {
        let own = &read.record.summary.platforms;
        let matched = wanted.filter(|name| own.iter().any(|platform| platform_name(platform) == **name));
        let asked = read.at.platform.as_ref().or(matched);
        platforms.push(choose_platform(own, asked.map(String::as_str))?.cloned());
    }
    Ok(Chosen { platforms, common })
}

/// A version that states no platform, such as a model, goes with any.
fn common(read: &[Read]) -> Vec<String> {
    let stated = |read: &Read| -> Vec<String> {
        let platforms = read.record.summary.platforms.iter();
        platforms
            .filter(|platform| platform.platform.is_some())
            .map(platform_name)
            .collect()
    };
    let mut lists = read.iter().map(stated).filter(|names| !names.is_empty());
    let first = lists.next().unwrap_or_default();
    let rest: Vec<Vec<String>> = lists.collect();
    first
        .into_iter()
        .filter(|name| rest.iter().all(|names| names.contains(name)))
        .collect()
}
