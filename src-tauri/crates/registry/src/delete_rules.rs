//! What a delete takes along, as a value that plans are made with. Source: distribution-spec 1.1, "Content Management", and what each registry does beyond it.

use crate::Provider;

/// How deleting works in a repository. Every field errs on the safe side: what is not known is not promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeleteRules {
    pub tag: TagDelete,
    pub digest: DigestDelete,
    pub children: ChildProtection,
    pub undo: Undo,
}

/// Whether a tag can go while its version and the other tags on it stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagDelete {
    /// DELETE of the tag removes the tag alone.
    Alone,
    /// Only by putting a unique dummy manifest on the tag and deleting that manifest by its digest.
    DummyManifest,
    /// DELETE of the tag removes it alone while others are on the version; with the last one the version goes too.
    LastTagTakesVersion,
    /// DELETE of the tag destroys its version unless something else holds it.
    TakesVersion,
    /// Only through the provider's own interface, not the registry's.
    ProviderInterface,
    /// Deletes are off, or nothing is known that is safe.
    Unsupported,
}

/// What a DELETE by digest does to the tags on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DigestDelete {
    /// Every tag that points at it goes.
    TakesAllTags,
    /// The tags stay and point at nothing, or keep their own copy: delete them first.
    LeavesTags,
    /// Either of both: delete the tags first, and count them as gone with it.
    Unknown,
    /// Refused while a tag (or an index) points at it.
    RefusedWhileTagged,
    /// Deletes are off.
    Unsupported,
}

/// Whether the registry itself refuses to delete a manifest that an index needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChildProtection {
    Protected,
    /// The index would dangle; also where nothing is known.
    Unprotected,
}

/// How a deleted version comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undo {
    /// By putting its manifest again while the registry still has the blobs: to be promised only after a look at each.
    PutAgain,
    /// The same, and no registry collects garbage there: the blobs lie in a folder or an archive until somebody writes
    /// it anew.
    PutAgainFromDisk,
    /// The provider keeps deleted versions for some days.
    Restore { days: u16 },
    /// Gone.
    None,
}

impl DeleteRules {
    /// Deletes are off.
    pub const OFF: Self = Self {
        tag: TagDelete::Unsupported,
        digest: DigestDelete::Unsupported,
        children: ChildProtection::Unprotected,
        undo: Undo::None,
    };

    /// The rules of a provider that is told by its address; `None` where the registry has to be asked.
    pub const fn known(provider: Provider) -> Option<Self> {
        use ChildProtection::{Protected, Unprotected};
        use DigestDelete::{RefusedWhileTagged, TakesAllTags};
        let (tag, digest, children, undo) = match provider {
            Provider::DockerHub => (
                TagDelete::ProviderInterface,
                RefusedWhileTagged,
                Protected,
                Undo::PutAgain,
            ),
            Provider::Ghcr => (
                TagDelete::ProviderInterface,
                TakesAllTags,
                Unprotected,
                Undo::Restore { days: 30 },
            ),
            Provider::ArtifactRegistry => (TagDelete::Alone, RefusedWhileTagged, Protected, Undo::None),
            Provider::Ecr | Provider::EcrPublic => {
                (TagDelete::LastTagTakesVersion, TakesAllTags, Protected, Undo::None)
            }
            Provider::Acr => (TagDelete::ProviderInterface, TakesAllTags, Unprotected, Undo::PutAgain),
            Provider::Harbor => (TagDelete::ProviderInterface, TakesAllTags, Protected, Undo::PutAgain),
            Provider::Quay => (TagDelete::Alone, TakesAllTags, Unprotected, Undo::Restore { days: 14 }),
            Provider::GitLab => (TagDelete::ProviderInterface, TakesAllTags, Unprotected, Undo::None),
            Provider::Folder => (
                TagDelete::Alone,
                RefusedWhileTagged,
                Unprotected,
                Undo::PutAgainFromDisk,
            ),
            Provider::Ngc | Provider::Distribution | Provider::Other => return None,
        };
        Some(Self {
            tag,
            digest,
            children,
            undo,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_registries_have_to_be_asked() {
        assert_eq!(DeleteRules::known(Provider::Other), None);
        assert_eq!(
            DeleteRules::known(Provider::Ecr).map(|rules| rules.tag),
            Some(TagDelete::LastTagTakesVersion)
        );
    }
}
