//! The verbs that read.

use application::TagSort;
use clap::{Args, ValueEnum};

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  berthctl repositories
  berthctl repositories ghcr --match 'vision/*'")]
pub(crate) struct Repositories {
    /// Only of this connection
    pub(crate) connection: Option<String>,
    /// Only names that match
    #[arg(long = "match", value_name = "GLOB")]
    pub(crate) matching: Option<String>,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  berthctl tags ghcr/vision/detector
  berthctl tags ghcr/vision/detector --match '1.4.*' --sort size
  berthctl tags ghcr/vision/detector --json | jq -r '.[].digest'")]
pub(crate) struct Tags {
    /// The repository, relative to the connection's path
    #[arg(value_name = "CONNECTION/REPOSITORY")]
    pub(crate) repository: String,
    /// Highest, newest or largest first; names ascend
    #[arg(long, value_name = "ORDER", default_value = "version")]
    pub(crate) sort: Sort,
    /// Only names that match
    #[arg(long = "match", value_name = "GLOB")]
    pub(crate) matching: Option<String>,
    /// Also tags of signatures and fallback referrers (sha256-…)
    #[arg(long)]
    pub(crate) all: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Sort {
    Version,
    Name,
    Created,
    Pushed,
    Size,
}

impl From<Sort> for TagSort {
    fn from(sort: Sort) -> Self {
        match sort {
            Sort::Version => Self::Version,
            Sort::Name => Self::Name,
            Sort::Created => Self::Created,
            Sort::Pushed => Self::Pushed,
            Sort::Size => Self::Size,
        }
    }
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  berthctl show ghcr/vision/detector:1.4.2
  berthctl show ghcr/vision/detector@sha256:… --json | jq .card.metrics")]
pub(crate) struct Show {
    /// CONNECTION/REPOSITORY:TAG, or with @DIGEST
    #[arg(value_name = "REFERENCE")]
    pub(crate) reference: String,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  berthctl search detector 1.4
  berthctl search sha256:3f2a
  berthctl search torch --connection ghcr --limit 5")]
pub(crate) struct Search {
    /// Each must match: a part of a name, a tag, a label or the card, or the start of a digest
    #[arg(required = true)]
    pub(crate) words: Vec<String>,
    /// Only in this connection
    #[arg(long, value_name = "NAME")]
    pub(crate) connection: Option<String>,
    /// The most hits
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) limit: u16,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  berthctl usage ghcr
  berthctl usage ghcr/vision/detector")]
pub(crate) struct Usage {
    /// A connection, or one repository of it
    #[arg(value_name = "CONNECTION[/REPOSITORY]")]
    pub(crate) target: String,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  berthctl files ghcr/vision/detector:1.4.2
  berthctl files ghcr/vision/detector:1.4.2 --platform linux/arm64
  berthctl files ghcr/vision/detector:1.4.2 --layer sha256:…   one layer as stored, with its whiteouts")]
pub(crate) struct Files {
    /// CONNECTION/REPOSITORY:TAG, or with @DIGEST
    #[arg(value_name = "REFERENCE")]
    pub(crate) reference: String,
    /// Such as linux/arm64; by default linux with this machine's architecture
    #[arg(long, value_name = "PLATFORM")]
    pub(crate) platform: Option<String>,
    /// One layer as stored instead of the merged tree; the beginning of its digest suffices
    #[arg(long, value_name = "DIGEST")]
    pub(crate) layer: Option<String>,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  berthctl pull-command ghcr/vision/detector:1.4.2
  berthctl pull-command ghcr/vision/detector:1.4.2 --tool podman --by-digest
  eval \"$(berthctl pull-command ghcr/vision/detector:1.4.2 --tool docker)\"")]
pub(crate) struct PullCommand {
    /// CONNECTION/REPOSITORY:TAG, or with @DIGEST
    #[arg(value_name = "REFERENCE")]
    pub(crate) reference: String,
    /// Only for this tool
    #[arg(long, value_name = "TOOL", value_parser = tools())]
    pub(crate) tool: Option<String>,
    /// Name the digest, which never moves, instead of the tag
    #[arg(long)]
    pub(crate) by_digest: bool,
}

fn tools() -> clap::builder::PossibleValuesParser {
    clap::builder::PossibleValuesParser::new(application::pull_commands::TOOLS.map(|(name, _)| name))
}
