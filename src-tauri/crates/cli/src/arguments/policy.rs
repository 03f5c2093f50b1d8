//! Saved retention policies.

use std::path::PathBuf;

use clap::Subcommand;

/// A policy is a `[[policy]]` table: name, repositories = [GLOB], and the rules of `berthctl prune`.
#[derive(Debug, Subcommand)]
pub(crate) enum PolicyVerb {
    /// The saved policies, and how many repositories each is for
    List,
    /// One policy: its rules, and the repositories that it is for
    Show {
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Print policies as the file that `prune --policy` and `policy import` take
    #[command(after_help = "\
Examples:
  berthctl policy export > retention.toml
  berthctl policy export 'quarterly clean-up'")]
    Export {
        /// By default all of them
        #[arg(value_name = "NAME")]
        names: Vec<String>,
    },
    /// Save the policies of a file: all of them, or none
    #[command(after_help = "\
Examples:
  berthctl policy import retention.toml
  berthctl policy import retention.toml --replace")]
    Import {
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Policies of the same name go
        #[arg(long)]
        replace: bool,
    },
    /// Forget a policy
    Remove {
        #[arg(value_name = "NAME")]
        name: String,
    },
}
