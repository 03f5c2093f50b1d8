//! What a person does: every use case once, for the window and the command line alike.
//!
//! Opens the data folder, the settings, the keychain and the registries. Depends on `catalog`, `registry` and
//! `artifact`; must not know the window, the terminal, or the form in which answers are shown.

mod answers;
mod berth;
mod changing;
mod comparing;
mod connections;
mod environment;
mod error;
mod names;
mod pace;
pub mod pull_commands;
mod reading;
mod references;
pub mod sample;
mod secrets;
mod settings;
mod syncing;
#[cfg(test)]
mod tests;
mod upkeep;

pub use answers::*;
pub use artifact::tensors;
pub use artifact::{
    ByteSize, Comparison, Digest, Ecosystem, FileKind, Kind, ModelCard, Platform, PublicKey, RepositoryName,
    SizeCounts, SizeUnits as Units, Tag, TagGroup,
    comparison::{
        BlobsAgainst, FileChanged, FileFound, FilesDifference, HistoryRow, LayerRow, MOST_COMPARED, ValueRow,
    },
    tensors::{Dtype, Tensor, TensorChange, TensorGroup, TensorTotals, TensorsDifference},
};
pub use berth::{Berth, Notice};
pub use catalog::{
    ConnectionId, Problem as RepositoryProblem, ReferrerRow, SearchHitKind, TagRow, TagSort, Usage, VersionFilter,
    VersionSort,
};
pub use changes::{
    Along, BlobRole, GoReason, JournalSize, KeepReason, MetricBound, Origin, ProtectionReason, ReferrerChoice,
    Requirement as ChannelRequirement, Tally, Transfer, TransferBlob,
};
pub use changing::{Confirmed, JournalFilter, Planned};
pub use comparing::{label, told};
pub use connections::Diagnosis;
pub use environment::{DATA_FOLDER_VARIABLE, Environment};
pub use error::ApplicationError;
pub use pace::Pace;
pub use reading::{TagsWanted, layer_name};
pub use references::Found;
pub use registry::{
    CheckName, CheckStep, Clock, ErrorCode, Operation, Progress, ProgressEvent, Provider, PullTimes, Secret, Standing,
    WaitReason, docker_login::Environment as ProcessEnvironment, folder::NewPlace, visible,
};
pub use secrets::{KeychainStore, SecretError, SecretStore, SessionStore};
pub use settings::{
    ChannelMark, ChannelSetting, KeySetting, Location, ProxySetting, RouteSetting, Settings, SettingsError, SizeUnits,
    Theme, TimeStyle,
};
pub use tokio_util::sync::CancellationToken;
pub use upkeep::{public_key_file, web_address};
