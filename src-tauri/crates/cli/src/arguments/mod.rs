//! What can be typed: the words, the help and the examples. Scripts rely on verbs and flags.

mod changing;
mod comparing;
mod connection;
mod duration;
mod policy;
mod reading;
mod route;

use std::{path::PathBuf, time::Duration};

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;

pub(crate) use changing::{
    ChannelAsks, ChannelVerb, Copy, ExportFormat, Journal, JournalFilters, JournalVerb, Promote, Prune, Rules,
};
pub(crate) use comparing::Compare;
pub(crate) use connection::{Add, ConnectionVerb, Edit};
pub(crate) use policy::PolicyVerb;
pub(crate) use reading::{Files, PullCommand, Repositories, Search, Show, Tags, Usage};
pub(crate) use route::{AddRoute, RouteVerb};

const EXAMPLES: &str = "\
Examples:
  berthctl sample                                   try it without a registry
  berthctl connection add lab http://localhost:5000
  printf '%s' \"$TOKEN\" | berthctl connection add ghcr ghcr.io/acme --username ada --password-stdin
  berthctl sync
  berthctl tags ghcr/vision/detector
  berthctl show ghcr/vision/detector:1.4.2 --json
  berthctl pull-command ghcr/vision/detector:production --tool podman
  berthctl compare ghcr/vision/detector:1.4.2 ghcr/vision/detector:1.5.0
  berthctl promote ghcr/vision/detector:1.5.0 staging --yes
  berthctl prune ghcr/vision/detector --keep-last 5 --older-than 30d
  berthctl journal undo 12 --yes

A reference is CONNECTION/REPOSITORY[:TAG][@DIGEST]; CONNECTION is the name of a connection, or its host.
Exit status: 0 done, 1 failed, 2 wrong usage, 3 done in part,
4 refused by a safety rule, 5 compare --exit-code found a difference, 130 cancelled.";

/// Models, images and artifacts in your registries: found, understood and pulled.
#[derive(Debug, Parser)]
#[command(name = "berthctl", version, after_help = EXAMPLES, max_term_width = 120, arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

/// Flags of every verb.
#[derive(Args, Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of its own on the command line"
)]
#[command(next_help_heading = "Common options")]
pub(crate) struct Common {
    /// Folder of settings and index, shared with the window
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        env = "BERTH_DATA_DIR",
        hide_env_values = true
    )]
    pub(crate) data_dir: Option<PathBuf>,
    /// Write one JSON document instead of a table
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// No progress and no warnings
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// Never use the network: show what was seen
    #[arg(long, global = true)]
    pub(crate) offline: bool,
    /// Read again what was seen longer ago than this: 90s, 10m, 2h, 1d
    #[arg(long, global = true, value_name = "TIME", default_value = "60s", value_parser = duration::parse)]
    pub(crate) max_age: Duration,
    /// Read the connection's password or token from standard input
    #[arg(long, global = true)]
    pub(crate) password_stdin: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Add, edit, check and remove connections to registries and folders
    #[command(
        arg_required_else_help = true,
        after_help = "\
Examples:
  berthctl connection add lab http://localhost:5000
  berthctl connection check lab
  berthctl connection list"
    )]
    Connection {
        #[command(subcommand)]
        verb: ConnectionVerb,
    },
    /// Bring the index up to date with the registries
    #[command(after_help = "\
Examples:
  berthctl sync                     every connection
  berthctl sync ghcr                one connection
  berthctl sync ghcr/vision/detector")]
    Sync {
        /// A connection, or one repository of it; by default all connections
        #[arg(value_name = "CONNECTION[/REPOSITORY]")]
        target: Option<String>,
    },
    /// List the repositories in the index
    Repositories(Repositories),
    /// List the tags of a repository, newest version first
    Tags(Tags),
    /// Show one version: platforms, layers, config, model card, referrers
    Show(Show),
    /// Find repositories, tags, digests and labels in the index
    Search(Search),
    /// Show what is stored, and what each tag alone takes
    Usage(Usage),
    /// Show what differs between versions, without pulling them
    Compare(Compare),
    /// List the files of a version without pulling it
    Files(Files),
    /// Print the line that pulls a version
    PullCommand(PullCommand),
    /// Point a channel, or any tag, at a version
    Promote(Promote),
    /// Copy a version to another repository or registry
    Copy(Copy),
    /// Delete old versions by rules, never what something kept needs
    Prune(Prune),
    /// Keep rules of clean-ups under a name
    #[command(
        arg_required_else_help = true,
        after_help = "\
Examples:
  berthctl policy import retention.toml
  berthctl policy list
  berthctl prune --saved 'quarterly clean-up'"
    )]
    Policy {
        #[command(subcommand)]
        verb: PolicyVerb,
    },
    /// Tell where a channel pointed, and point it back
    #[command(arg_required_else_help = true)]
    Channel {
        #[command(subcommand)]
        verb: ChannelVerb,
    },
    /// Keep routes: where a promotion may go besides its own repository
    #[command(
        arg_required_else_help = true,
        after_help = "\
Examples:
  berthctl route list
  berthctl route add frankfurt 'ghcr/vision/*' 'ecr/prod/*' --tag production
  berthctl promote ghcr/vision/detector:1.5.0 --route frankfurt"
    )]
    Route {
        #[command(subcommand)]
        verb: RouteVerb,
    },
    /// Tell what was changed, undo it, finish what was interrupted
    Journal(Journal),
    /// Write the sample models to a folder and add them
    #[command(after_help = "\
Examples:
  berthctl sample
  berthctl sample ~/berth-sample")]
    Sample {
        /// A new or empty folder; by default one in the data folder
        folder: Option<PathBuf>,
    },
    /// Read and change settings
    #[command(
        arg_required_else_help = true,
        after_help = "\
Examples:
  berthctl settings get
  berthctl settings set theme dark"
    )]
    Settings {
        #[command(subcommand)]
        verb: SettingsVerb,
    },
    /// Print the completions for a shell
    #[command(after_help = "\
Examples:
  berthctl completions bash > ~/.local/share/bash-completion/completions/berthctl
  berthctl completions zsh > ~/.zfunc/_berthctl
  berthctl completions fish > ~/.config/fish/completions/berthctl.fish")]
    Completions {
        /// The shell that will read them
        shell: Shell,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum SettingsVerb {
    /// Print one setting, or all of them
    #[command(after_help = "\
Examples:
  berthctl settings get
  berthctl settings get protected_tags --json")]
    Get {
        /// Its name; by default all settings with their values
        key: Option<String>,
    },
    /// Change one setting
    #[command(after_help = "\
Examples:
  berthctl settings set theme dark
  berthctl settings set protected_tags production,staging,'v*-lts'
  berthctl settings set requests_per_host 16")]
    Set {
        /// Its name, as `settings get` prints it
        key: String,
        /// Lists with commas, anything else as TOML or JSON write it
        #[arg(allow_hyphen_values = true)]
        value: String,
    },
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_declaration_holds_together() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn common_flags_stand_before_and_after_the_verb() {
        for line in [
            "berthctl --json tags a/b",
            "berthctl tags a/b --json",
            "berthctl tags --json a/b",
        ] {
            let arguments = Arguments::try_parse_from(line.split(' ')).expect("both are right");
            assert!(
                arguments.common.json && matches!(arguments.verb, Verb::Tags(_)),
                "{line}"
            );
        }
    }
}
