//! The verb that compares.

use application::ComparisonPart;
use clap::{Args, ValueEnum};

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  berthctl compare ghcr/vision/detector:1.4.2 ghcr/vision/detector:1.5.0
  berthctl compare lab/detector:production ghcr/vision/detector:1.5.0 --platform linux/arm64
  berthctl compare ghcr/vision/detector:1.4.2 ghcr/vision/detector:1.5.0 --markdown
  berthctl compare ghcr/vision/detector:1.4.2 ghcr/vision/detector:1.5.0 --only config --exit-code")]
pub(crate) struct Compare {
    /// CONNECTION/REPOSITORY:TAG, or with @DIGEST; the others are held against the first
    #[arg(value_name = "REFERENCE", required = true, num_args = 2..=application::MOST_COMPARED)]
    pub(crate) references: Vec<String>,
    /// Such as linux/arm64; by default one that all have, this machine's if it is among them
    #[arg(long, value_name = "PLATFORM")]
    pub(crate) platform: Option<String>,
    /// Also the files, read without pulling to a daemon
    #[arg(long)]
    pub(crate) files: bool,
    /// Also the packages that are installed
    #[arg(long)]
    pub(crate) packages: bool,
    /// Only these parts
    #[arg(long, value_name = "PARTS", value_delimiter = ',')]
    pub(crate) only: Vec<Part>,
    /// End with 5 if there is a difference (in the parts of --only)
    #[arg(long)]
    pub(crate) exit_code: bool,
    /// As Markdown, for a pull request
    #[arg(long)]
    pub(crate) markdown: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    Card,
    Layers,
    Config,
    Files,
    Packages,
}

impl From<Part> for ComparisonPart {
    fn from(part: Part) -> Self {
        match part {
            Part::Card => Self::Card,
            Part::Layers => Self::Layers,
            Part::Config => Self::Config,
            Part::Files => Self::Files,
            Part::Packages => Self::Packages,
        }
    }
}
