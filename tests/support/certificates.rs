//! A private authority and what it signs, made by the `openssl` command: a witness that shares no code with Berth.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::TempDir;

use super::process::{run, tool};

/// Nothing of the machine's own settings gets into the certificates.
const SETTINGS: &str = "[req]\ndistinguished_name = name\n[name]\n";

/// An authority that nobody knows, in a folder that goes away with it.
pub(crate) struct Authority {
    folder: TempDir,
}

/// A certificate and its key as PEM files.
#[derive(Clone)]
pub(crate) struct Identity {
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
}

impl Authority {
    /// Makes an authority of that name.
    pub(crate) fn new(name: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::write(folder.path().join("settings"), SETTINGS).expect("the settings are written");
        let authority = Self { folder };
        let own = authority.identity("authority");
        let mut command = authority.request(&own, name, "basicConstraints=critical,CA:TRUE");
        run(command.args(["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]));
        authority
    }

    /// The file that a person would choose as the CA file.
    pub(crate) fn file(&self) -> PathBuf {
        self.identity("authority").certificate
    }

    /// A certificate for servers on this computer.
    pub(crate) fn issue(&self, name: &str) -> Identity {
        let (own, issued) = (self.identity("authority"), self.identity(name));
        let mut command = self.request(&issued, name, "subjectAltName=IP:127.0.0.1,DNS:localhost");
        command.args(["-addext", "basicConstraints=critical,CA:FALSE", "-newkey", "ec"]);
        command.args(["-pkeyopt", "ec_paramgen_curve:prime256v1"]);
        run(command.arg("-CA").arg(&own.certificate).arg("-CAkey").arg(&own.key));
        issued
    }

    /// A certificate with an RSA key that signs itself, as token servers use them.
    pub(crate) fn self_signed(&self, name: &str) -> Identity {
        let issued = self.identity(name);
        run(self
            .request(&issued, name, "basicConstraints=critical,CA:TRUE")
            .args(["-newkey", "rsa:2048"]));
        issued
    }

    fn identity(&self, name: &str) -> Identity {
        let path = |kind: &str| self.folder.path().join(format!("{name}.{kind}"));
        Identity {
            certificate: path("pem"),
            key: path("key"),
        }
    }

    fn request(&self, identity: &Identity, name: &str, extension: &str) -> Command {
        let mut command = tool("openssl");
        command.args(["req", "-x509", "-noenc", "-days", "2", "-subj"]);
        command
            .arg(format!("/CN={name}"))
            .args(["-addext", extension, "-config"]);
        command.arg(self.folder.path().join("settings"));
        command.arg("-keyout").arg(&identity.key);
        command.arg("-out").arg(&identity.certificate);
        command
    }
}

/// The certificate's bytes as the header of a token carries them: PEM without its first and last line.
pub(crate) fn bare(certificate: &Path) -> String {
    let text = fs::read_to_string(certificate).expect("the certificate was written");
    text.lines().filter(|line| !line.starts_with("-----")).collect()
}
