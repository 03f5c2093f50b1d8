//! What the use cases answer: plain values in domain types. The shell and the command line turn them into their own
//! wire forms; nothing here reads or computes anything.

mod change;
mod comparison;
mod connection;
mod detail;
mod files;
mod journal;
mod search;
mod tensors;
mod version;

pub use change::{
    BackupAt, ChangeRequest, ChosenVersions, CopyTarget, CopyWish, CoveredRepository, FailedStep, FittingRoute,
    GoingVersion, Kept, NamedPolicy, OutcomeAnswer, PlanAnswer, PlannedStep, Pointing, Protected, PruneRules,
    RepositoryAt, RequirementAnswer, RouteInfo, RuleFlags, SkippedStep, Unread, Version,
};
pub use comparison::{
    ComparedTensors, ComparedVersion, ComparisonAnswer, ComparisonPart, ContentsComparison, ContentsWanted, FileFate,
    FileRow, PackageRow, Report, ReportRow, ReportSection, TensorsComparison, VersionAt,
};
pub use connection::{
    ConnectionDraft, ConnectionInfo, ConnectionStatus, DockerImport, KeychainState, LoginMethod, LoginState, Start,
    SyncReport,
};
pub use detail::{
    ConfigDetail, DocumentEntry, DocumentText, HistoryStep, LayerDetail, PlatformDetail, RawManifest, TagMove,
    VersionDetail,
};
pub use files::{FileNode, FilesCost, FilesLayer, FilesOptions, FilesSummary, IcicleNode, ListedFile, ListedFiles};
pub use journal::{
    JournalDetail, JournalFormat, JournalLine, JournalManifest, JournalStep, UndoPromise, UnsettledChanges,
};
pub use search::{IndexStatistics, ProtectedCount, PullCommand, SearchAnswer, SearchHit, TrustedFile};
pub use tensors::{TensorsAnswer, TensorsCost, UnreadWeights};
pub use version::{
    LayerSegment, OnlyLayer, Page, RepositoryRow, SelectedVersion, SelectionSummary, SeriesPoint, TagLabel, VersionRow,
    VersionsPage, VersionsQuery,
};
