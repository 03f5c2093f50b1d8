//! The verb that compares.

use application::ComparisonPart;
use clap::{Args, ValueEnum};

#[derive(Args, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of its own on the command line"
)]
#[command(after_help = "\
Examples:
  berthctl compare ghcr/vision/detector:1.4.2 ghcr/vision/detector:1.5.0
  berthctl compare lab/detector:production ghcr/vision/detector:1.5.0 --platform linux/arm64
  berthctl compare ghcr/vision/detector:1.4.2 ghcr/vision/detector:1.5.0 --packages --markdown
  berthctl compare ghcr/llm/tiny-bert:1.0.0 ghcr/llm/tiny-bert:2.0.0 --tensors --json
  berthctl compare ghcr/vision/detector:1.4.2 ghcr/vision/detector:1.5.0 --only config --exit-code")]
pub(crate) struct Compare {
    /// CONNECTION/REPOSITORY:TAG, or with @DIGEST; the others are held against the first
    #[arg(value_name = "REFERENCE", required = true, num_args = 2..=application::MOST_COMPARED)]
    pub(crate) references: Vec<String>,
    /// Such as linux/arm64; by default one that all have, this machine's if it is among them
    #[arg(long, value_name = "PLATFORM")]
    pub(crate) platform: Option<String>,
    /// Also the tensors, from the headers of the weights
    #[arg(long)]
    pub(crate) tensors: bool,
    /// For --tensors read what is packed, which takes its whole beginning
    #[arg(long)]
    pub(crate) stream: bool,
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
    Tensors,
    Files,
    Packages,
}

impl From<Part> for ComparisonPart {
    fn from(part: Part) -> Self {
        match part {
            Part::Card => Self::Card,
            Part::Layers => Self::Layers,
            Part::Config => Self::Config,
            Part::Tensors => Self::Tensors,
            Part::Files => Self::Files,
            Part::Packages => Self::Packages,
        }
    }
}
