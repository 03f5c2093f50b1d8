//! The use cases by their public methods: on the sample, and on small registries of the test's own.

mod comparing;
mod connections;
mod data_folder;
mod docker;
mod files;
mod making;
mod offline;
mod policies;
mod reading;
mod routes;
mod secrets;
mod server;
mod tensors;
mod versions;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

use artifact::{Digest, RepositoryName};
use catalog::ConnectionId;
use chrono::{DateTime, TimeZone as _, Utc};
use registry::{Clock, Operation};
use tempfile::TempDir;

use crate::{
    Berth, ConnectionDraft, ConnectionInfo, Environment, ProcessEnvironment, SecretStore, SessionStore, sample,
};

fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 21, 12, 0, 0)
        .single()
        .expect("a valid time")
}

/// Berth on a data folder of its own, without this computer's logins and keychain.
struct House {
    folder: TempDir,
    keychain: Arc<SessionStore>,
}

impl House {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
            keychain: Arc::default(),
        }
    }

    fn data_folder(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Whoever has the home folder has the docker logins in it.
    fn home(&self) -> &Path {
        self.folder.path()
    }

    fn environment(&self) -> Environment {
        let keychain: Arc<SessionStore> = Arc::clone(&self.keychain);
        let secrets: Arc<dyn SecretStore> = keychain;
        Environment {
            data_folder: self.data_folder(),
            clock: Clock::fixed(now()),
            process: ProcessEnvironment::from_iter([("HOME", self.home().as_os_str())]),
            secrets,
            offline: false,
            origin: changes::Origin::default(),
        }
    }

    fn open(&self) -> Berth {
        open(self.environment())
    }

    fn open_offline(&self) -> Berth {
        open(Environment {
            offline: true,
            ..self.environment()
        })
    }

    fn settings_text(&self) -> String {
        std::fs::read_to_string(self.data_folder().join("settings.toml")).unwrap_or_default()
    }
}

fn open(environment: Environment) -> Berth {
    Berth::open(environment).expect("the data folder can be opened").0
}

/// The sample, written once for all tests, which only read it.
fn sample_folder() -> &'static Path {
    static SAMPLE: OnceLock<TempDir> = OnceLock::new();
    let parent = SAMPLE.get_or_init(|| {
        let parent = tempfile::tempdir().expect("a temporary folder");
        sample::write(&parent.path().join("sample"), now()).expect("the sample can be written");
        parent
    });
    // Statics are not dropped; what is small and in the system's temporary folder may stay.
    Path::new(Box::leak(parent.path().join("sample").into_boxed_path()))
}

/// Berth with the sample connected and read.
struct Sampled {
    house: House,
    berth: Berth,
    id: ConnectionId,
}

async fn sampled() -> Sampled {
    let house = House::new();
    let berth = house.open();
    let id = add(&berth, "Sample", &sample_folder().display().to_string()).await.id;
    let report = berth
        .sync(&id, None, None, &Operation::unobserved())
        .await
        .expect("the sample can be read");
    assert_eq!((report.repositories, report.problems.len()), (6, 0), "{report:?}");
    Sampled { house, berth, id }
}

impl Sampled {
    async fn digest(&self, reference: &str) -> Digest {
        let found = self
            .berth
            .find(&format!("Sample/{reference}"))
            .await
            .expect("it is in the sample");
        let age = std::time::Duration::from_hours(1);
        self.berth
            .locate(&found, age, &Operation::unobserved())
            .await
            .expect("it is known")
            .0
    }
}

fn draft(name: &str, address: &str) -> ConnectionDraft {
    ConnectionDraft {
        name: name.to_owned(),
        address: address.to_owned(),
        store_secret: true,
        ..ConnectionDraft::default()
    }
}

async fn add(berth: &Berth, name: &str, address: &str) -> ConnectionInfo {
    berth
        .save_connection(draft(name, address), &Operation::unobserved())
        .await
        .expect("it can be added")
}

fn repository(name: &str) -> RepositoryName {
    name.parse().expect("a fixed name")
}
