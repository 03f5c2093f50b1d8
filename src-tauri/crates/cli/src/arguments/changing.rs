//! The verbs that change registries. Without `--yes` they show their plan and change nothing.

use std::path::PathBuf;

use application::ReferrerChoice;
use clap::{Args, Subcommand, ValueEnum};

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  berthctl prune lab/vision/detector --keep-last 5 --older-than 30d
  berthctl prune lab/vision/detector --match '*-rc*' --older-than 2w --yes
  berthctl prune lab/nightly --untagged --older-than 7d
  berthctl prune lab/vision/detector --policy retention.toml --yes
  berthctl prune --saved 'quarterly clean-up'
  berthctl prune lab/vision/detector --keep-last 5 --backup attic --yes

A tag goes only if every rule lets it go. Protected tags (`berthctl settings get protected_tags`) never go. What a tag that
stays needs is never deleted. Nothing is changed without --yes.")]
pub(crate) struct Prune {
    /// The repositories, relative to their connection's path; with --saved, by default all that the policy is for
    #[arg(required_unless_present = "saved", value_name = "CONNECTION/REPOSITORY")]
    pub(crate) repositories: Vec<String>,
    #[command(flatten)]
    pub(crate) rules: Rules,
    /// Take the rules from a file of policies (TOML) instead of flags
    #[arg(long, value_name = "FILE", conflicts_with = "rules")]
    pub(crate) policy: Option<PathBuf>,
    /// Take the rules from a saved policy (`berthctl policy list`)
    #[arg(long, value_name = "NAME", conflicts_with_all = ["rules", "policy"])]
    pub(crate) saved: Option<String>,
    /// First copy all that goes into a folder, each repository under its own name, or into an archive, which takes one
    /// repository; nothing is deleted before that is done, and undo takes from it what the registry has lost by then
    #[arg(long, value_name = "CONNECTION[/PREFIX]")]
    pub(crate) backup: Option<String>,
    /// Do it
    #[arg(long, short = 'y')]
    pub(crate) yes: bool,
}

/// What lets tags go, and what keeps them.
#[derive(Args, Debug)]
#[group(id = "rules", multiple = true)]
#[command(next_help_heading = "Rules")]
pub(crate) struct Rules {
    /// Only tags that match are considered
    #[arg(long = "match", value_name = "GLOB", group = "rules")]
    pub(crate) matching: Option<String>,
    /// Keep the N newest versions by their time of creation
    #[arg(long, value_name = "N", group = "rules")]
    pub(crate) keep_last: Option<u32>,
    /// Keep the N highest releases
    #[arg(long, value_name = "N", group = "rules")]
    pub(crate) keep_last_releases: Option<u32>,
    /// Count --keep-last for each group: the first capture group of this expression, else its match
    #[arg(long, value_name = "REGEX", group = "rules")]
    pub(crate) group_by: Option<String>,
    /// Only what is older: 12h, 30d, 4w
    #[arg(long, value_name = "TIME", group = "rules")]
    pub(crate) older_than: Option<String>,
    /// Only what nobody pulled for so long, where the provider tells
    #[arg(long, value_name = "TIME", group = "rules")]
    pub(crate) not_pulled_for: Option<String>,
    /// Keep tags that match; repeatable
    #[arg(long, value_name = "GLOB", group = "rules")]
    pub(crate) keep: Vec<String>,
    /// Keep releases; pre-releases may go
    #[arg(long, group = "rules")]
    pub(crate) keep_semver: bool,
    /// Also let manifests go that have no tag and that nothing kept needs
    #[arg(long, group = "rules")]
    pub(crate) untagged: bool,
    /// Judge each tag by itself: it may go while its version stays
    #[arg(long, group = "rules")]
    pub(crate) each_tag: bool,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  berthctl promote lab/vision/detector:1.5.0 staging
  berthctl promote lab/vision/detector:1.5.0 production --yes
  berthctl promote lab/vision/detector:1.5.0 ecr/vision/detector:1.5.0 --referrers --yes
  berthctl promote lab/vision/detector:1.5.0 --route frankfurt --yes")]
pub(crate) struct Promote {
    /// The version: CONNECTION/REPOSITORY:TAG, or with @DIGEST
    #[arg(value_name = "REFERENCE")]
    pub(crate) reference: String,
    /// A tag of the same repository, or CONNECTION/REPOSITORY:TAG
    #[arg(value_name = "TO", required_unless_present = "route", conflicts_with = "route")]
    pub(crate) to: Option<String>,
    /// Go by a route (`berthctl route list`): it says where to, on which tags, and what travels
    #[arg(long, value_name = "NAME")]
    pub(crate) route: Option<String>,
    #[command(flatten)]
    pub(crate) referrers: Referrers,
    /// Put this tag on it as well; repeatable
    #[arg(long, value_name = "TAG")]
    pub(crate) also_tag: Vec<String>,
    /// Do it
    #[arg(long, short = 'y')]
    pub(crate) yes: bool,
}

/// What travels with a version.
#[derive(Args, Debug)]
pub(crate) struct Referrers {
    /// Take what points at the version along to another repository: all, or some of
    /// signatures,sboms,attestations,others; or none, where a route would
    #[arg(long, value_name = "KINDS", num_args = 0..=1, require_equals = true, default_missing_value = "all")]
    pub(crate) referrers: Option<ReferrerChoice>,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  berthctl copy lab/vision/detector:1.5.0 ecr/vision/detector:1.5.0
  berthctl copy lab/vision/detector:1.5.0 backup/vision/detector --referrers --yes
  berthctl copy ghcr/base:24.04 lab/base --platform linux/amd64 --also-tag stable --yes")]
pub(crate) struct Copy {
    /// The version: CONNECTION/REPOSITORY:TAG, or with @DIGEST
    #[arg(value_name = "FROM")]
    pub(crate) from: String,
    /// CONNECTION/REPOSITORY[:TAG]; without a tag, that of FROM
    #[arg(value_name = "TO")]
    pub(crate) to: String,
    #[command(flatten)]
    pub(crate) referrers: Referrers,
    /// Only this platform, such as linux/amd64; repeatable. A new index is written, with another digest
    #[arg(long, value_name = "P")]
    pub(crate) platform: Vec<String>,
    /// Put this tag on it as well; repeatable
    #[arg(long, value_name = "TAG")]
    pub(crate) also_tag: Vec<String>,
    /// Do it
    #[arg(long, short = 'y')]
    pub(crate) yes: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ChannelVerb {
    /// Where a channel pointed, and since when
    #[command(after_help = "\
Examples:
  berthctl channel history lab/vision/detector production")]
    History {
        #[arg(value_name = "CONNECTION/REPOSITORY")]
        repository: String,
        /// A tag that moves on purpose
        #[arg(value_name = "CHANNEL")]
        channel: String,
    },
    /// Tell what a channel asks for before a version may move there, or change it
    #[command(after_help = "\
Examples:
  berthctl channel asks production
  berthctl channel asks production --signature cosign.pub --metric 'accuracy >= 0.93'
  berthctl channel asks production --nothing")]
    Asks(ChannelAsks),
    /// Point a channel back at the version before
    #[command(after_help = "\
Examples:
  berthctl channel rollback lab/vision/detector production
  berthctl channel rollback lab/vision/detector production --yes")]
    Rollback {
        #[arg(value_name = "CONNECTION/REPOSITORY")]
        repository: String,
        /// A tag that moves on purpose
        #[arg(value_name = "CHANNEL")]
        channel: String,
        /// Do it
        #[arg(long, short = 'y')]
        yes: bool,
    },
}

/// What a channel asks for; what is given replaces what it asked for before.
#[derive(Args, Debug)]
pub(crate) struct ChannelAsks {
    /// A channel of the settings
    #[arg(value_name = "CHANNEL")]
    pub(crate) channel: String,
    /// A signature; with a file, one that the public key in it verifies
    #[arg(long, value_name = "KEY_FILE", num_args = 0..=1)]
    #[expect(clippy::option_option, reason = "absent, without a value, with one")]
    pub(crate) signature: Option<Option<PathBuf>>,
    /// An SBOM
    #[arg(long)]
    pub(crate) sbom: bool,
    /// A bound of a metric, such as 'accuracy >= 0.93'; repeatable
    #[arg(long, value_name = "BOUND")]
    pub(crate) metric: Vec<String>,
    /// That whoever promotes in the window types the channel's name
    #[arg(long)]
    pub(crate) typed_name: bool,
    /// Nothing any more
    #[arg(long, conflicts_with_all = ["signature", "sbom", "metric", "typed_name"])]
    pub(crate) nothing: bool,
}

/// What was done; without a verb, a list of it.
#[derive(Args, Debug)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "\
Examples:
  berthctl journal
  berthctl journal --state interrupted
  berthctl journal --repository lab/vision/detector --kind prune --since 30d
  berthctl journal show 12
  berthctl journal undo 12 --yes
  berthctl journal export --since 2026-01-01 --output audit.csv"
)]
pub(crate) struct Journal {
    #[command(subcommand)]
    pub(crate) verb: Option<JournalVerb>,
    #[command(flatten)]
    pub(crate) filters: JournalFilters,
    /// Only so many, the newest
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<usize>,
}

/// Which changes are meant; all of them must hold.
#[derive(Args, Debug)]
#[command(next_help_heading = "Filters")]
pub(crate) struct JournalFilters {
    /// Changes that wrote to or read from this connection
    #[arg(long, value_name = "NAME", conflicts_with = "repository")]
    pub(crate) connection: Option<String>,
    /// Changes in this repository
    #[arg(long, value_name = "CONNECTION/REPOSITORY")]
    pub(crate) repository: Option<String>,
    /// Changes of this kind
    #[arg(long, value_parser = ["prune", "delete", "promote", "rollback", "copy", "undo"])]
    pub(crate) kind: Option<String>,
    /// Changes that stand so
    #[arg(long, value_parser = ["running", "interrupted", "done", "partial", "failed", "cancelled", "undone"])]
    pub(crate) state: Option<String>,
    /// Changes with this in the name of a repository or a tag
    #[arg(long, value_name = "TEXT")]
    pub(crate) text: Option<String>,
    /// Changes begun since: a time ago (12h, 30d, 4w), a day (2026-09-30, in UTC) or a time (RFC 3339)
    #[arg(long, value_name = "TIME")]
    pub(crate) since: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum JournalVerb {
    /// One change with its steps
    Show { id: String },
    /// Bring back what a change deleted or moved; rolls an interrupted change back
    Undo {
        id: String,
        /// Do it
        #[arg(long, short = 'y')]
        yes: bool,
    },
    /// Finish a change that was interrupted
    Resume {
        id: String,
        /// Do it
        #[arg(long, short = 'y')]
        yes: bool,
    },
    /// Every step as an audit log, oldest first: who did what, where, and how it went
    #[command(after_help = "\
Examples:
  berthctl journal export --output audit.csv
  berthctl journal export --format json --connection lab --since 90d

In CSV a cell that a spreadsheet would take for a formula begins with an apostrophe. Without --format the name of the file
decides; without either it is CSV.")]
    Export {
        #[command(flatten)]
        filters: JournalFilters,
        #[arg(long, value_enum)]
        format: Option<ExportFormat>,
        /// Where to; standard output without it. A file that is there is replaced
        #[arg(long, short = 'o', value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    Csv,
    Json,
}
