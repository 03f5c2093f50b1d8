//! Real registries on ports that the system chooses: Debian's distribution 2.8, distribution v3, and go-containerregistry's with the
//! referrers API.

use std::{fmt::Write as _, fs, path::Path, process::Command};

use tempfile::TempDir;

use super::process::{Running, find_tool, run, tool};

/// How a distribution registry is set up.
#[derive(Clone, Default)]
pub(crate) struct Setup {
    /// User and password of its only login; none: everybody may do everything.
    pub(crate) login: Option<(String, String)>,
    /// The address of a token server, with the certificate that its tokens are checked against.
    pub(crate) token: Option<TokenSetup>,
    /// Certificate and key in PEM files; none: plain http.
    pub(crate) tls: Option<(std::path::PathBuf, std::path::PathBuf)>,
    pub(crate) deletes: bool,
    /// Its operator lets nobody write.
    pub(crate) read_only: bool,
    /// Keeps everything in memory: answers faster, and nothing can be taken from its storage.
    pub(crate) in_memory: bool,
}

/// What distribution needs to trust a token server.
#[derive(Clone)]
pub(crate) struct TokenSetup {
    pub(crate) realm: String,
    pub(crate) service: String,
    pub(crate) issuer: String,
    pub(crate) root_certificates: std::path::PathBuf,
}

/// A registry that runs until this is dropped.
pub(crate) struct RegistryServer {
    /// Its address as `host:port`.
    pub(crate) host: String,
    folder: TempDir,
    _running: Running,
}

impl RegistryServer {
    /// Debian's `docker-registry` (distribution 2.8).
    pub(crate) fn distribution2(setup: &Setup) -> Self {
        Self::distribution(tool("docker-registry"), setup)
    }

    /// distribution v3, built from its source by Go.
    pub(crate) fn distribution3(setup: &Setup) -> Self {
        let mut command = tool("registry");
        command.env("OTEL_TRACES_EXPORTER", "none");
        Self::distribution(command, setup)
    }

    /// go-containerregistry's registry: it has the referrers API, and keeps everything in memory.
    pub(crate) fn with_referrers() -> Self {
        let mut command = tool("referrers-registry");
        let (running, host) = Running::start_and_find(&mut command, |line| Some(line.trim().to_owned()));
        Self {
            host,
            folder: temporary_folder(),
            _running: running,
        }
    }

    fn distribution(mut command: Command, setup: &Setup) -> Self {
        let folder = temporary_folder();
        let configuration = folder.path().join("configuration.yml");
        fs::write(&configuration, configure(folder.path(), setup)).expect("the configuration is written");
        command.arg("serve").arg(&configuration).current_dir(folder.path());
        let (running, host) = Running::start_and_find(&mut command, listening_address);
        Self {
            host,
            folder,
            _running: running,
        }
    }

    /// Where a distribution registry keeps its data.
    pub(crate) fn storage(&self) -> std::path::PathBuf {
        self.folder.path().join("storage")
    }

    /// Removes from the storage of a distribution 2.8 registry what no manifest needs, as its administrator does.
    pub(crate) fn collect_garbage(&self) {
        let configuration = self.folder.path().join("configuration.yml");
        run(tool("docker-registry").arg("garbage-collect").arg(configuration));
    }

    /// The address with its scheme, for plain http.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.host)
    }

    /// Fills a repository with an image from an OCI layout, by skopeo.
    pub(crate) fn push_layout(&self, layout: &Path, tag: &str, target: &str) {
        run(tool("skopeo")
            .args([
                "copy",
                "--all",
                "--quiet",
                "--preserve-digests",
                "--dest-tls-verify=false",
            ])
            .args([
                format!("oci:{}:{tag}", layout.display()),
                format!("docker://{}/{target}", self.host),
            ]));
    }
}

fn temporary_folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// Both versions say `… msg="listening on 127.0.0.1:41234" …`, and `, tls` after it where they speak it.
fn listening_address(line: &str) -> Option<String> {
    let (_, rest) = line.split_once("listening on ")?;
    let end = rest.find(|character: char| !(character.is_ascii_digit() || ".:".contains(character)))?;
    rest[..end]
        .rsplit_once(':')
        .map(|(_, port)| format!("127.0.0.1:{port}"))
}

fn configure(folder: &Path, setup: &Setup) -> String {
    let storage = if setup.in_memory {
        "inmemory: {}".to_owned()
    } else {
        format!("filesystem: {{ rootdirectory: {}/storage }}", folder.display())
    };
    let mut text = format!(
        "version: 0.1\nlog: {{ level: info, accesslog: {{ disabled: true }} }}\nstorage:\n  {storage}\n  delete: {{ enabled: {} }}\n  maintenance: {{ readonly: {{ enabled: {} }} }}\nhttp:\n  addr: 127.0.0.1:0\n  relativeurls: true\n",
        setup.deletes, setup.read_only,
    );
    if let Some((certificate, key)) = &setup.tls {
        let _ = writeln!(
            text,
            "  tls: {{ certificate: {}, key: {} }}",
            certificate.display(),
            key.display()
        );
    }
    if let Some((user, password)) = &setup.login {
        let file = folder.join("htpasswd");
        let htpasswd = find_tool("htpasswd").expect("htpasswd is installed by `.ci/install test`");
        fs::write(&file, run(Command::new(htpasswd).args(["-Bbn", user, password]))).expect("htpasswd is written");
        let _ = writeln!(text, "auth:\n  htpasswd: {{ realm: test, path: {} }}", file.display());
    }
    if let Some(token) = &setup.token {
        let _ = writeln!(
            text,
            "auth:\n  token: {{ realm: \"{}\", service: \"{}\", issuer: \"{}\", rootcertbundle: {} }}",
            token.realm,
            token.service,
            token.issuer,
            token.root_certificates.display()
        );
    }
    text
}
