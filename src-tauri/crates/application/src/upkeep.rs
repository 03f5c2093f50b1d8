//! Settings, the keychain's state, and the numbers and buttons beside them.

use std::{
    collections::BTreeSet,
    hash::{DefaultHasher, Hash, Hasher},
    io::Read,
    path::{Path, PathBuf},
    time::Duration,
};

use artifact::{ByteSize, PublicKey};
use catalog::ConnectionId;

use crate::{
    ApplicationError, Berth, IndexStatistics, KeychainState, ProtectedCount, SecretError, Settings, TrustedFile,
    berth::lock, settings,
};

/// How long the settings page waits for the keychain to say that it is there.
const PROBE_TIME: Duration = Duration::from_secs(10);

/// How long the first screen waits for it.
const START_TIME: Duration = Duration::from_millis(200);

impl Berth {
    /// # Errors
    /// If `settings.toml` is broken.
    pub async fn settings(&self) -> Result<Settings, ApplicationError> {
        self.preferences().await
    }

    /// Keeps what differs between the settings as somebody saw them and as they shall be. What another process changed
    /// meanwhile, connections, and what other versions of Berth wrote stay.
    ///
    /// # Errors
    /// If a value is out of its bounds or the file cannot be written; then nothing changed.
    pub async fn update_settings(&self, seen: Settings, wanted: Settings) -> Result<Settings, ApplicationError> {
        self.blocking(move |inner| -> Result<_, ApplicationError> {
            let settings = inner.settings.update(|saved| {
                let settings = settings::with_changes(&saved.settings, &seen, &wanted)?;
                settings.validate()?;
                saved.settings = settings;
                Ok::<_, ApplicationError>(saved.settings.clone())
            })?;
            inner.index.change_limit(ByteSize(settings.index_limit_bytes))?;
            Ok(settings)
        })
        .await
    }

    /// One setting by its key as JSON, or all of them.
    ///
    /// # Errors
    /// If there is no such key.
    pub async fn setting(&self, key: Option<&str>) -> Result<serde_json::Value, ApplicationError> {
        Ok(settings::get(&self.preferences().await?, key)?)
    }

    /// Changes one setting by its key.
    ///
    /// # Errors
    /// If there is no such key, or the value does not fit.
    pub async fn set_setting(&self, key: &str, value: &str) -> Result<serde_json::Value, ApplicationError> {
        let (key, value) = (key.to_owned(), value.to_owned());
        self.blocking(move |inner| -> Result<_, ApplicationError> {
            let (set, limit) = inner.settings.update(|saved| {
                saved.settings = settings::set(&saved.settings, &key, &value)?;
                let set = settings::get(&saved.settings, Some(&key))?;
                Ok::<_, ApplicationError>((set, saved.settings.index_limit_bytes))
            })?;
            inner.index.change_limit(ByteSize(limit))?;
            Ok(set)
        })
        .await
    }

    /// Whether secrets can be kept at this moment. May make the system ask a person to unlock the keychain.
    pub async fn keychain_state(&self) -> KeychainState {
        let asked = tokio::time::timeout(PROBE_TIME, self.keychain(|inner| inner.secrets.probe())).await;
        let silent = || {
            Err(SecretError::Silent {
                seconds: PROBE_TIME.as_secs(),
            }
            .into())
        };
        self.keychain_is(asked.unwrap_or_else(|_| silent()).err())
    }

    /// The same for the first screen, which waits for nobody: a keychain that takes its time counts as there.
    pub(crate) async fn keychain_at_start(&self) -> KeychainState {
        let asked = tokio::time::timeout(START_TIME, self.keychain(|inner| inner.secrets.probe())).await;
        self.keychain_is(asked.unwrap_or(Ok(())).err())
    }

    fn keychain_is(&self, problem: Option<ApplicationError>) -> KeychainState {
        KeychainState {
            available: problem.is_none(),
            name: self.inner.secrets.name(),
            problem,
        }
    }

    /// # Errors
    /// If the index cannot be read.
    pub async fn index_statistics(&self) -> Result<IndexStatistics, ApplicationError> {
        let statistics = self.ask(catalog::Index::statistics).await?;
        Ok(IndexStatistics {
            index: statistics.index_size,
            contents: statistics.contents_size,
            tags: statistics.tags,
            manifests: statistics.manifests,
            repositories: statistics.repositories,
        })
    }

    /// Changes whenever this or another process wrote to the index or to `settings.toml`. Below 2^53, so that a window
    /// can hold it.
    ///
    /// # Errors
    /// If the index or the settings cannot be read.
    pub async fn revision(&self) -> Result<u64, ApplicationError> {
        let index = self.ask(catalog::Index::data_version).await?;
        let settings = self.blocking(|inner| inner.settings.revision()).await?;
        let mut hasher = DefaultHasher::new();
        (index, settings, self.journal_revision().await?).hash(&mut hasher);
        Ok(hasher.finish() >> 11)
    }

    /// Empties the lists of files; they can be read again.
    ///
    /// # Errors
    /// If the index cannot be written.
    pub async fn clear_contents(&self) -> Result<(), ApplicationError> {
        lock(&self.inner.views).clear();
        lock(&self.inner.comparisons).clear();
        self.ask(catalog::Index::clear_contents).await
    }

    /// Empties the index; everything in it can be read again.
    ///
    /// # Errors
    /// If the index cannot be written, or another process syncs a connection for too long.
    pub async fn clear_index(&self) -> Result<(), ApplicationError> {
        let saved = self.saved().await?;
        let rows = self.ask(catalog::Index::connections).await?;
        let mut ids: BTreeSet<ConnectionId> = rows.into_iter().map(|row| row.connection).collect();
        ids.extend(saved.connections.iter().map(|connection| connection.id.clone()));
        // In one order, whoever clears: two would else wait for each other.
        let mut kept_out = Vec::with_capacity(ids.len());
        for id in ids {
            kept_out.push(self.keep_out(&id).await?);
        }
        lock(&self.inner.views).clear();
        lock(&self.inner.comparisons).clear();
        self.ask(move |index| index.clear(&kept_out)).await
    }

    /// The files with authorities that the settings trust, in their order.
    ///
    /// # Errors
    /// If the settings cannot be read.
    pub async fn trusted_files(&self) -> Result<Vec<TrustedFile>, ApplicationError> {
        let files = self.preferences().await?.trusted_ca;
        let look = |file: PathBuf| {
            let (ends, problem) = match registry::certificates_end(&file) {
                Ok(ends) => (ends, None),
                Err(problem) => (None, Some(problem.into())),
            };
            TrustedFile { file, ends, problem }
        };
        self.blocking(move |_| Ok::<_, ApplicationError>(files.into_iter().map(look).collect()))
            .await
    }

    /// How many tags the protected patterns cover.
    ///
    /// # Errors
    /// If settings or index cannot be read.
    pub async fn protected_count(&self) -> Result<ProtectedCount, ApplicationError> {
        let saved = self.saved().await?;
        let patterns = saved.settings.protected_tags.clone();
        let total = self.ask(catalog::Index::statistics).await?.tags;
        let count = u64::try_from(patterns.len()).unwrap_or(u64::MAX);
        let connections = u64::try_from(saved.connections.len()).unwrap_or(u64::MAX);
        let tags = self.ask(move |index| index.count_tags(&patterns)).await?;
        Ok(ProtectedCount {
            patterns: count,
            tags,
            total,
            connections,
        })
    }
}

/// An address that a browser may be sent to, normalised.
///
/// # Errors
/// If it is not `http://` or `https://`: other schemes start other programs.
pub fn web_address(text: &str) -> Result<String, ApplicationError> {
    let refused = || ApplicationError::invalid("only web addresses, http:// or https://, can be opened");
    let url = url::Url::parse(text.trim()).map_err(|_| refused())?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.has_host();
    if is_web { Ok(url.into()) } else { Err(refused()) }
}

/// The public key in a PEM file, such as cosign's `cosign.pub`.
///
/// # Errors
/// If the file cannot be read or holds no key that signatures can be verified with.
pub async fn public_key_file(path: PathBuf) -> Result<PublicKey, ApplicationError> {
    let shown = path.display().to_string();
    let text = tokio::task::spawn_blocking(move || read_start(&path))
        .await
        .map_err(std::io::Error::other)
        .flatten()
        .map_err(|error| ApplicationError::invalid(format!("{shown} cannot be read: {error}")))?;
    text.parse()
        .map_err(|error| ApplicationError::invalid(format!("{shown}: {error}")))
}

/// No more of a file than a key may have and one byte, so that a larger one is refused.
fn read_start(path: &Path) -> std::io::Result<String> {
    let mut text = String::new();
    std::fs::File::open(path)?
        .take(artifact::LONGEST_KEY as u64 + 1)
        .read_to_string(&mut text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_that_is_no_key_is_refused_with_its_name() {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text, reason) in [
            (
                "cosign.key",
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
                "never the private key",
            ),
            ("empty", "", "BEGIN PUBLIC KEY"),
        ] {
            let path = folder.path().join(name);
            std::fs::write(&path, text).expect("it is written");
            let error = public_key_file(path).await.expect_err("it is no public key");
            assert!(
                error.to_string().contains(name) && error.to_string().contains(reason),
                "{error}"
            );
        }
        let absent = public_key_file(folder.path().join("absent")).await;
        assert!(
            absent
                .expect_err("it is not there")
                .to_string()
                .contains("cannot be read")
        );
    }

    #[test]
    fn only_web_addresses_are_opened() {
        assert_eq!(
            web_address(" https://Example.org ").expect("a web address"),
            "https://example.org/"
        );
        for text in [
            "file:///etc/passwd",
            "javascript:alert(1)",
            "x",
            "",
            "mailto:a@b",
            "https://",
        ] {
            assert!(web_address(text).is_err(), "{text}");
        }
    }
}
