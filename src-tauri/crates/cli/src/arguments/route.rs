//! `route`: under which names versions go to other repositories.

use application::ReferrerChoice;
use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum RouteVerb {
    /// List the routes
    #[command(after_help = "\
Examples:
  berthctl route list
  berthctl route list --json | jq -r '.[].name'")]
    List,
    /// Add a route: where versions of some repositories go, under which tag, and what travels with them
    #[command(after_help = "\
Examples:
  berthctl route add frankfurt 'ghcr/vision/*' 'ecr/prod/*' --tag production
  berthctl route add lab ghcr/llm/embedder lab/llm/embedder --tag staging --referrers=signatures
  berthctl route add edge 'ghcr/vision/*' 'lab/edge/*' --tag latest --platform linux/arm64 --no-own-tag

One * stands for any part of a repository's name; that of TO takes what that of FROM stood for.
Go by it: berthctl promote ghcr/vision/detector:1.5.0 --route frankfurt")]
    Add(AddRoute),
    /// Forget a route; what went by it stays where it is
    #[command(after_help = "\
Examples:
  berthctl route remove frankfurt")]
    Remove {
        /// The route
        name: String,
    },
}

#[derive(Args, Debug)]
pub(crate) struct AddRoute {
    /// What it is called
    pub(crate) name: String,
    /// CONNECTION/REPOSITORY, with one * for many
    #[arg(value_name = "FROM")]
    pub(crate) from: String,
    /// CONNECTION/REPOSITORY, with a * where FROM has one
    #[arg(value_name = "TO")]
    pub(crate) to: String,
    /// The tag that moves there, most often a channel
    #[arg(long, value_name = "TAG")]
    pub(crate) tag: String,
    /// Do not put the version's own tag as well: it is gone there once the tag moves on
    #[arg(long)]
    pub(crate) no_own_tag: bool,
    /// What points at the version and travels with it: all, none, or some of signatures,sboms,attestations,others
    #[arg(long, value_name = "KINDS", require_equals = true, default_value = "all")]
    pub(crate) referrers: ReferrerChoice,
    /// Only this platform, such as linux/amd64; repeatable. A new index is written, with another digest
    #[arg(long, value_name = "P")]
    pub(crate) platform: Vec<String>,
}
