//! The files of a version: read once, then shown in pages.

use std::{
    collections::VecDeque,
    sync::{Arc, OnceLock},
};

use artifact::{
    ByteSize, Digest, FileKind, HiddenBecause, LayerContents, LayerSummary, MergedTree, PlatformSummary,
    RepositoryName, TreeRow, TreeView, ViewOptions,
};
use catalog::{ConnectionId, contents};
use registry::{Operation, Registry};

use super::detail::{choose_platform, layer_name, platform_name, this_platform};
use crate::{
    ApplicationError, Berth, FileNode, FilesCost, FilesLayer, FilesOptions, FilesSummary, IcicleNode, LayerSegment,
    ListedFile, ListedFiles, Page, berth::lock, names::full_name, settings::SavedConnection,
};

/// As much of a digest as names a layer without its whole.
const SHORTEST_DIGEST: usize = 6;

/// Trees that are kept open at most; the oldest is read from the index again when it is asked for.
const OPEN_TREES: usize = 6;

/// Filters whose outcome is kept per tree: what is typed letter by letter.
const OPEN_FILTERS: usize = 4;

/// What an icicle shows at most.
const ICICLE_BOXES: usize = 600;
const ICICLE_DEPTH: usize = 7;

/// Trees that pages can be asked of.
#[derive(Debug, Default)]
pub(crate) struct FilesViews {
    open: VecDeque<Arc<OpenTree>>,
}

#[derive(Debug)]
struct OpenTree {
    name: String,
    merged: Arc<MergedTree>,
    /// Made when it is first wanted.
    by_layer: OnceLock<Arc<MergedTree>>,
    filtered: std::sync::Mutex<VecDeque<(FilesOptions, Arc<TreeView>)>>,
}

impl FilesViews {
    pub(crate) fn clear(&mut self) {
        self.open.clear();
    }

    fn keep(&mut self, tree: OpenTree) {
        self.open.retain(|open| open.name != tree.name);
        self.open.push_back(Arc::new(tree));
        while self.open.len() > OPEN_TREES {
            self.open.pop_front();
        }
    }

    fn find(&self, name: &str) -> Result<Arc<OpenTree>, ApplicationError> {
        let found = self.open.iter().find(|open| open.name == name).cloned();
        found.ok_or_else(|| {
            ApplicationError::not_found("these files are no longer in memory").with_hint("open them again")
        })
    }
}

impl OpenTree {
    fn view(&self, options: &FilesOptions) -> Arc<TreeView> {
        let known = lock(&self.filtered)
            .iter()
            .find(|(known, _)| known == options)
            .map(|(_, view)| Arc::clone(view));
        if let Some(view) = known {
            return view;
        }
        let tree = if options.by_layer {
            self.by_layer
                .get_or_init(|| Arc::new(MergedTree::by_layer(self.merged.layers())))
        } else {
            &self.merged
        };
        let view = Arc::new(TreeView::new(
            Arc::clone(tree),
            &ViewOptions {
                layers: options.layers.clone(),
                whiteouts: options.whiteouts,
                text: options.text.clone(),
                only_hidden: options.only_hidden,
            },
        ));
        let mut filtered = lock(&self.filtered);
        filtered.push_back((options.clone(), Arc::clone(&view)));
        while filtered.len() > OPEN_FILTERS {
            filtered.pop_front();
        }
        view
    }
}

/// The platform whose files are wanted, and what is needed to read them.
pub(super) struct Wanted {
    pub(super) connection: SavedConnection,
    pub(super) full: RepositoryName,
    pub(super) platform: PlatformSummary,
}

impl Berth {
    /// What reading the files of a platform costs; what was read before costs nothing.
    ///
    /// # Errors
    /// If the version or the platform is not there.
    pub async fn files_cost(
        &self,
        id: &ConnectionId,
        repository: &RepositoryName,
        digest: &Digest,
        platform: Option<&str>,
    ) -> Result<FilesCost, ApplicationError> {
        self.cost_of_all(&[(id, repository, digest, platform)]).await
    }

    /// The same of several, where a layer of more than one counts once.
    pub(crate) async fn cost_of_all(
        &self,
        versions: &[(&ConnectionId, &RepositoryName, &Digest, Option<&str>)],
    ) -> Result<FilesCost, ApplicationError> {
        let mut platforms = Vec::with_capacity(versions.len());
        for (id, repository, digest, platform) in versions {
            platforms.push(self.wanted(id, repository, digest, *platform).await?.platform);
        }
        let cost = self.ask(move |index| contents::cost(index, &platforms)).await?;
        Ok(FilesCost {
            bytes_to_read: cost.to_read,
            layers_to_read: cost.layers_to_read,
            layers: cost.layers,
        })
    }

    /// Reads the files of a platform, each layer once, and keeps their list for [`Berth::file_children`].
    ///
    /// # Errors
    /// If a layer cannot be read.
    pub async fn files(
        &self,
        id: &ConnectionId,
        repository: &RepositoryName,
        digest: &Digest,
        platform: Option<&str>,
        operation: &Operation,
    ) -> Result<FilesSummary, ApplicationError> {
        let wanted = self.wanted(id, repository, digest, platform).await?;
        let asked = [wanted.platform.clone()];
        let cost = self.ask(move |index| contents::cost(index, &asked)).await?;
        let tree = self.tree(&wanted, operation).await?;
        let name = format!("{id}/{repository}@{}", wanted.platform.digest);
        let summary = summary(name.clone(), &tree, &wanted.platform, cost.to_read);
        lock(&self.inner.views).keep(OpenTree {
            name,
            merged: tree,
            by_layer: OnceLock::new(),
            filtered: std::sync::Mutex::default(),
        });
        Ok(summary)
    }

    /// What is directly in a folder, largest first; the top has an empty path.
    ///
    /// # Errors
    /// If the tree is no longer open, or there is no such folder in it.
    pub async fn file_children(
        &self,
        view: &str,
        path: &str,
        options: &FilesOptions,
        offset: usize,
        limit: usize,
    ) -> Result<Page<FileNode>, ApplicationError> {
        let tree = lock(&self.inner.views).find(view)?;
        let (path, options) = (path.to_owned(), options.clone());
        self.blocking(move |_| {
            let offset = u64::try_from(offset).unwrap_or(u64::MAX);
            let page = tree.view(&options).children(&path, offset, limit.min(1_000));
            let page = page.ok_or_else(|| ApplicationError::not_found(format!("there is no {path} in these files")))?;
            let total = usize::try_from(page.total).unwrap_or(usize::MAX);
            Ok::<_, ApplicationError>(Page {
                total,
                items: page.rows.into_iter().map(node).collect(),
            })
        })
        .await
    }

    /// The largest parts of a tree as boxes below each other.
    ///
    /// # Errors
    /// If the tree is no longer open.
    pub async fn icicle(&self, view: &str, options: &FilesOptions) -> Result<IcicleNode, ApplicationError> {
        let tree = lock(&self.inner.views).find(view)?;
        let options = options.clone();
        self.blocking(move |_| Ok::<_, ApplicationError>(tree.view(&options).icicle(ICICLE_BOXES, ICICLE_DEPTH)))
            .await
    }

    /// The files of a version as a list: the merged tree of a platform, or one layer as stored, which is named by its
    /// digest or the beginning of it.
    ///
    /// # Errors
    /// If the version, platform or layer is not there, or a layer cannot be read.
    pub async fn listed_files(
        &self,
        id: &ConnectionId,
        repository: &RepositoryName,
        digest: &Digest,
        platform: Option<&str>,
        layer: Option<&str>,
        operation: &Operation,
    ) -> Result<ListedFiles, ApplicationError> {
        let wanted = self.wanted(id, repository, digest, platform).await?;
        let shown = platform_name(&wanted.platform);
        let asked_for = wanted.platform.platform.is_none() || platform.is_some();
        let is_own = wanted.platform.platform.as_ref() == Some(&this_platform());
        let warning =
            (!asked_for && !is_own).then(|| format!("there is no {}: these are the files of {shown}", this_platform()));
        let files = if let Some(layer) = layer {
            self.layer_files(&wanted, layer, operation).await?
        } else {
            let tree = self.tree(&wanted, operation).await?;
            self.blocking(move |_| Ok::<_, ApplicationError>(merged_files(&tree)))
                .await?
        };
        Ok(ListedFiles {
            platform: shown,
            warning,
            files,
        })
    }

    async fn layer_files(
        &self,
        wanted: &Wanted,
        layer: &str,
        operation: &Operation,
    ) -> Result<Vec<ListedFile>, ApplicationError> {
        let found = layer_named(&wanted.platform, layer)?;
        let descriptor = self.layer_descriptor(&wanted.platform.digest, found).await?;
        let registry = self.registry(&wanted.connection.id).await?;
        let (index, now) = (&self.inner.index, self.now());
        let contents = contents::layer(index, &registry, &wanted.full, &descriptor, operation, now).await?;
        Ok(stored_files(&contents, &found.digest))
    }

    /// The merged tree of a platform, each layer read once, and how many bytes were read for it now.
    ///
    /// # Errors
    /// If a layer cannot be read.
    pub(crate) async fn merged_tree(
        &self,
        id: &ConnectionId,
        repository: &RepositoryName,
        digest: &Digest,
        platform: Option<&str>,
        operation: &Operation,
    ) -> Result<(Arc<MergedTree>, ByteSize), ApplicationError> {
        let wanted = self.wanted(id, repository, digest, platform).await?;
        let asked = [wanted.platform.clone()];
        let cost = self.ask(move |index| contents::cost(index, &asked)).await?;
        Ok((self.tree(&wanted, operation).await?, cost.to_read))
    }

    async fn tree(&self, wanted: &Wanted, operation: &Operation) -> Result<Arc<MergedTree>, ApplicationError> {
        let asked = [wanted.platform.clone()];
        let unread = self
            .ask(move |index| contents::cost(index, &asked))
            .await?
            .layers_to_read;
        let registry: Arc<dyn Registry> = if unread > 0 {
            self.registry(&wanted.connection.id).await?
        } else {
            self.unasked_registry(&wanted.connection).await?
        };
        let (index, now) = (&self.inner.index, self.now());
        Ok(contents::tree(index, &registry, &wanted.full, &wanted.platform, operation, now).await?)
    }

    pub(super) async fn wanted(
        &self,
        id: &ConnectionId,
        repository: &RepositoryName,
        digest: &Digest,
        platform: Option<&str>,
    ) -> Result<Wanted, ApplicationError> {
        let connection = self.connection(id).await?;
        let record = self.record(&connection, repository, digest).await?;
        let chosen = choose_platform(&record.summary.platforms, platform)?.cloned();
        let platform = chosen.ok_or_else(|| {
            ApplicationError::not_found(format!("{repository}@{} has no layers that are known", digest.short()))
        })?;
        Ok(Wanted {
            full: full_name(&connection.location, repository)?,
            connection,
            platform,
        })
    }
}

/// The layer whose digest this is, or begins so: people copy the short form from lists.
fn layer_named<'a>(platform: &'a PlatformSummary, text: &str) -> Result<&'a LayerSummary, ApplicationError> {
    let begins = |digest: &Digest| {
        let whole = digest.to_string();
        let hex = whole.split_once(':').map_or("", |(_, hex)| hex);
        whole == text || text.len() >= SHORTEST_DIGEST && (whole.starts_with(text) || hex.starts_with(text))
    };
    let mut matching = platform.layers.iter().filter(|layer| begins(&layer.digest));
    let first = matching.next();
    let shown = registry::visible(text, 100);
    match (
        first,
        matching.find(|other| first.is_some_and(|first| first.digest != other.digest)),
    ) {
        (Some(layer), None) => Ok(layer),
        (Some(_), Some(_)) => Err(
            ApplicationError::invalid(format!("{shown} begins the digest of several layers"))
                .with_hint("write more of it"),
        ),
        (None, _) => Err(
            ApplicationError::not_found(format!("{shown} is no layer of {}", platform_name(platform)))
                .with_hint("`berthctl show` lists the layers of each platform"),
        ),
    }
}

/// Whether there is something to list: any layer may be an archive or a file.
pub(super) fn is_readable(platform: &PlatformSummary) -> bool {
    !platform.layers.is_empty()
}

fn summary(view: String, tree: &MergedTree, platform: &PlatformSummary, read: ByteSize) -> FilesSummary {
    let totals = tree.totals();
    let layers = tree.layer_totals().into_iter().map(|layer| {
        let known = platform.layers.iter().find(|known| known.digest == layer.digest);
        FilesLayer {
            name: known.map(layer_name).unwrap_or_default(),
            packed: known.map(|known| known.size).unwrap_or_default(),
            digest: layer.digest,
            files: layer.files,
            size: layer.size,
        }
    });
    FilesSummary {
        view,
        files: totals.files,
        size: totals.size,
        layers: layers.collect(),
        hidden_size: totals.hidden_size,
        hidden_files: totals.hidden_files,
        whiteouts: totals.whiteouts,
        read,
        truncated: totals.truncated,
    }
}

fn node(row: TreeRow) -> FileNode {
    let removed = row
        .hidden
        .as_ref()
        .is_some_and(|hidden| matches!(hidden.because, HiddenBecause::Removed | HiddenBecause::Emptied));
    let is_file = !matches!(row.kind, FileKind::Directory);
    FileNode {
        owner: owner(&row),
        kind: if removed && is_file {
            FileKind::Whiteout
        } else {
            row.kind
        },
        path: row.key,
        shown_path: row.path,
        name: row.name,
        size: row.size,
        files: row.files,
        mode: row.mode.map(octal).unwrap_or_default(),
        modified: row.modified,
        link_target: row.link_target,
        layers: row
            .layers
            .into_iter()
            .map(|(digest, size)| LayerSegment { digest, size })
            .collect(),
        hidden: row.hidden.is_some(),
        has_children: row.has_children,
        packed_layer: row.layer,
    }
}

/// `user:group`, by number where the archive has no name.
fn owner(row: &TreeRow) -> String {
    let part = |name: &str, number: Option<u64>| {
        if name.is_empty() {
            number.map(|number| number.to_string()).unwrap_or_default()
        } else {
            name.to_owned()
        }
    };
    let (user, group) = (part(&row.user, row.uid), part(&row.group, row.gid));
    if user.is_empty() && group.is_empty() {
        String::new()
    } else {
        format!("{user}:{group}")
    }
}

fn octal(mode: u32) -> String {
    format!("{:04o}", mode & 0o7777)
}

fn merged_files(tree: &MergedTree) -> Vec<ListedFile> {
    let files = tree.flat().map(|file| ListedFile {
        path: file.path,
        size: file.size,
        mode: octal(file.mode),
        layer: file.layer.clone(),
        kind: file.kind,
    });
    files.collect()
}

fn stored_files(contents: &LayerContents, layer: &Digest) -> Vec<ListedFile> {
    let files = contents.entries.iter().map(|entry| ListedFile {
        path: entry.path.clone(),
        size: entry.size,
        mode: octal(entry.mode),
        layer: layer.clone(),
        kind: entry.kind,
    });
    files.collect()
}
