//! Folders of OCI image layouts as a registry: one repository for each layout, nested names as sub-folders; or a single
//! layout; or an `oci-archive` (a layout in a tar file).
//!
//! Everything on the disk is foreign: files are bounded, blobs are verified, and no symbolic link leads out of the
//! folder. Disk work runs on blocking threads. Knows nothing of the network.
//!
//! Sources: OCI image-spec 1.1, image-layout.md.

mod archive;
mod blob;
mod check;
mod facts;
mod index_file;
mod layout;
mod lock;
mod making;
mod name;
mod problem;
mod store;
#[cfg(test)]
mod tests;
mod walk;
mod writable;
mod writable_layout;
mod writer;
mod writes;

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use artifact::{ByteSize, Descriptor, Digest, RepositoryName};
use async_trait::async_trait;

use crate::{
    BlobStream, CheckStep, Clock, DeleteRules, ListedTag, Listing, Operation, Place, Provider, RawManifest, Registry,
    RegistryError, RegistryTraits, Resolved, Target,
};

pub use making::NewPlace;
pub use writer::{Durability, IndexEntry, LayoutWriteError, LayoutWriter, descriptor_json};

use layout::Layout;
use store::Store;

/// How many repositories' contents are remembered at most; they are read again when they are asked for.
const REMEMBERED_LAYOUTS: usize = 256;

/// A folder of image layouts, a single layout, or an `oci-archive`.
#[derive(Clone, Debug)]
pub struct FolderRegistry {
    folder: Arc<Folder>,
}

#[derive(Debug)]
struct Folder {
    /// As it was given, for people.
    shown: PathBuf,
    content: Content,
    place: Place,
    layouts: Mutex<HashMap<RepositoryName, Arc<Layout>>>,
}

/// What the path leads to.
#[derive(Debug)]
enum Content {
    /// A folder with layouts somewhere below it; the path is free of links.
    Tree(PathBuf),
    /// One layout, which is the one repository.
    Single {
        repository: RepositoryName,
        layout: Arc<Layout>,
    },
}

impl FolderRegistry {
    /// Opens a folder of layouts, a layout, or an `oci-archive`. Looks at the path only, and blocks for no longer than
    /// that takes; what is in it is read when it is asked for.
    ///
    /// # Errors
    /// When there is no such path, or what is there is neither a folder nor a tar file.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, RegistryError> {
        let shown = path.as_ref().to_owned();
        let place = Place::registry(shown.display().to_string());
        let real = shown.canonicalize().map_err(|error| problem::unopened(&shown, error))?;
        let metadata = real.metadata().map_err(|error| problem::unopened(&shown, error))?;
        let single = |store| {
            let repository = name::of_file(&real);
            let layout = Arc::new(Layout::new(place.with(repository.as_str()), store));
            Content::Single { repository, layout }
        };
        let content = if metadata.is_file() {
            single(Store::archive(&real)?)
        } else if !metadata.is_dir() {
            return Err(problem::no_folder(&shown));
        } else if walk::is_layout(&real) {
            single(Store::folder(real.clone(), real.clone()))
        } else {
            Content::Tree(real)
        };
        Ok(Self {
            folder: Arc::new(Folder {
                shown,
                content,
                place,
                layouts: Mutex::default(),
            }),
        })
    }

    /// The one repository of a layout or an archive; none for a folder of any number of them.
    pub fn only_repository(&self) -> Option<&RepositoryName> {
        match &self.folder.content {
            Content::Single { repository, .. } => Some(repository),
            Content::Tree(_) => None,
        }
    }

    /// Where a repository's layout lies; none for an archive.
    ///
    /// # Errors
    /// When the name does not belong to this folder, or a link leads out of it.
    pub fn layout_folder(&self, repository: &RepositoryName) -> Result<Option<PathBuf>, RegistryError> {
        match &self.folder.content {
            Content::Single {
                repository: own,
                layout,
            } if own == repository => {
                let is_folder = layout.archive().is_none();
                Ok(is_folder.then(|| layout.path().to_owned()))
            }
            Content::Single { .. } => Err(self.folder.unknown(repository)),
            Content::Tree(root) => match store::inside(root, &root.join(repository.as_str())) {
                Err(RegistryError::NotFound { .. }) => Ok(Some(root.join(repository.as_str()))),
                found => found.map(Some),
            },
        }
    }

    /// Runs disk work where it may block; what was begun is let go when the person cancels.
    async fn blocking<Answer: Send + 'static>(
        &self,
        operation: &Operation,
        work: impl FnOnce(&Folder, &Operation) -> Result<Answer, RegistryError> + Send + 'static,
    ) -> Result<Answer, RegistryError> {
        operation.check()?;
        let folder = Arc::clone(&self.folder);
        let part = operation.child();
        let task = tokio::task::spawn_blocking(move || work(&folder, &part));
        operation
            .or_cancelled(task)
            .await?
            .map_err(|broken| RegistryError::io(&self.folder.shown, std::io::Error::other(broken)))?
    }
}

impl Folder {
    fn repositories(&self, operation: &Operation) -> Result<Listing<RepositoryName>, RegistryError> {
        match &self.content {
            Content::Single { repository, .. } => Ok(Listing::complete(vec![repository.clone()])),
            Content::Tree(root) => {
                let found = walk::repositories(root, operation)?;
                if found.items.is_empty() && found.is_complete() {
                    return Err(problem::no_layouts(
                        &self.shown,
                        found.problems.first().map(String::as_str),
                    ));
                }
                Ok(found)
            }
        }
    }

    fn layout(&self, repository: &RepositoryName) -> Result<Arc<Layout>, RegistryError> {
        let root = match &self.content {
            Content::Single {
                repository: own,
                layout,
            } if own == repository => return Ok(Arc::clone(layout)),
            Content::Single { .. } => return Err(self.unknown(repository)),
            Content::Tree(root) => root,
        };
        let mut layouts = self.layouts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(layout) = layouts.get(repository) {
            return Ok(Arc::clone(layout));
        }
        let place = self.place.with(repository.as_str());
        let path = store::inside(root, &root.join(repository.as_str())).map_err(|error| match error {
            RegistryError::NotFound { .. } => self.unknown(repository),
            other => other,
        })?;
        if !walk::is_layout(&path) {
            // A folder above repositories, or one that its first blob was just put into.
            return Err(self.unknown(repository));
        }
        let layout = Arc::new(Layout::new(place, Store::folder(path, root.clone())));
        if layouts.len() >= REMEMBERED_LAYOUTS {
            layouts.clear();
        }
        layouts.insert(repository.clone(), Arc::clone(&layout));
        Ok(layout)
    }

    fn unknown(&self, repository: &RepositoryName) -> RegistryError {
        let reason = "there is no image layout of that name in the folder".to_owned();
        RegistryError::NotFound {
            place: self.place.with(repository.as_str()),
            reason,
        }
    }
}

#[async_trait]
impl Registry for FolderRegistry {
    async fn repositories(&self, operation: &Operation) -> Result<Listing<RepositoryName>, RegistryError> {
        self.blocking(operation, Folder::repositories).await
    }

    async fn tags(
        &self,
        repository: &RepositoryName,
        operation: &Operation,
    ) -> Result<Listing<ListedTag>, RegistryError> {
        let repository = repository.clone();
        self.blocking(operation, move |folder, _| folder.layout(&repository)?.tags())
            .await
    }

    async fn manifests(
        &self,
        repository: &RepositoryName,
        operation: &Operation,
    ) -> Result<Option<Listing<Descriptor>>, RegistryError> {
        let repository = repository.clone();
        let list = self
            .blocking(operation, move |folder, part| {
                folder.layout(&repository)?.manifests(part)
            })
            .await?;
        Ok(Some(list))
    }

    async fn resolve(
        &self,
        repository: &RepositoryName,
        target: &Target,
        operation: &Operation,
    ) -> Result<Resolved, RegistryError> {
        let (repository, target) = (repository.clone(), target.clone());
        self.blocking(operation, move |folder, part| {
            folder.layout(&repository)?.resolve(&target, part)
        })
        .await
    }

    async fn manifest(
        &self,
        repository: &RepositoryName,
        target: &Target,
        operation: &Operation,
    ) -> Result<RawManifest, RegistryError> {
        let (repository, target) = (repository.clone(), target.clone());
        self.blocking(operation, move |folder, part| {
            folder.layout(&repository)?.manifest(&target, part)
        })
        .await
    }

    async fn blob(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        size: ByteSize,
        operation: &Operation,
    ) -> Result<BlobStream, RegistryError> {
        self.blob_from(repository, digest, size, 0, operation).await
    }

    async fn blob_from(
        &self,
        repository: &RepositoryName,
        digest: &Digest,
        size: ByteSize,
        offset: u64,
        operation: &Operation,
    ) -> Result<BlobStream, RegistryError> {
        let (repository, wanted) = (repository.clone(), digest.clone());
        let opened = self
            .blocking(operation, move |folder, _| {
                folder.layout(&repository)?.open_blob(&wanted, size, offset)
            })
            .await?;
        Ok(blob::stream(opened, offset, digest.clone(), operation.clone()))
    }

    async fn referrers(
        &self,
        repository: &RepositoryName,
        subject: &Digest,
        operation: &Operation,
    ) -> Result<Option<Listing<Descriptor>>, RegistryError> {
        let (repository, subject) = (repository.clone(), subject.clone());
        let work = move |folder: &Folder, part: &Operation| folder.layout(&repository)?.referrers(&subject, part);
        Ok(Some(self.blocking(operation, work).await?))
    }

    async fn check(&self, operation: &Operation, _clock: &Clock) -> Vec<CheckStep> {
        match self
            .blocking(operation, |folder, part| Ok(check::steps(folder, part)))
            .await
        {
            Ok(steps) => steps,
            // Cancelled: nothing was found out.
            Err(error) => check::untried(&error.to_string()),
        }
    }

    async fn delete_rules(
        &self,
        _repository: &RepositoryName,
        _operation: &Operation,
    ) -> Result<DeleteRules, RegistryError> {
        Ok(DeleteRules::known(Provider::Folder).unwrap_or(DeleteRules::OFF))
    }

    fn traits(&self) -> RegistryTraits {
        RegistryTraits {
            get_counts_as_pull: false,
            provider: Provider::Folder,
            requests: 0,
            concurrency: 4,
        }
    }

    fn place(&self) -> Place {
        self.folder.place.clone()
    }
}
