//! Which product a registry is, as far as its address tells. Knows nothing of the network.

use serde::Serialize;

use crate::docker_hub::is_docker_hub;

/// The products whose ways Berth knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Provider {
    DockerHub,
    Ghcr,
    ArtifactRegistry,
    Ecr,
    EcrPublic,
    Acr,
    Harbor,
    Quay,
    #[serde(rename = "gitlab")]
    GitLab,
    Ngc,
    Distribution,
    Folder,
    Other,
}

/// What can be known of last pulls. The interface that all registries share tells nothing of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PullTimes {
    /// The provider's own interface tells, which is not asked for it.
    Unread,
    /// Nothing tells.
    Untold,
}

impl Provider {
    /// What an address (`host[:port][/path]`, or a folder's path) most likely belongs to.
    pub fn guess(address: &str) -> Self {
        let address = address.trim();
        if is_folder(address) {
            return Self::Folder;
        }
        let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = authority
            .rsplit_once(':')
            .map_or(authority, |(host, _)| host)
            .to_ascii_lowercase();
        Self::of_host(&host)
    }

    fn of_host(host: &str) -> Self {
        match host {
            host if is_docker_hub(host) => return Self::DockerHub,
            "ghcr.io" => return Self::Ghcr,
            "public.ecr.aws" => return Self::EcrPublic,
            "gcr.io" => return Self::ArtifactRegistry,
            "quay.io" => return Self::Quay,
            "registry.gitlab.com" => return Self::GitLab,
            "nvcr.io" => return Self::Ngc,
            _ => {}
        }
        if host.ends_with(".gcr.io") || host.ends_with(".pkg.dev") {
            Self::ArtifactRegistry
        } else if is_ecr(host) {
            Self::Ecr
        } else if [".azurecr.io", ".azurecr.cn", ".azurecr.us"]
            .iter()
            .any(|suffix| host.ends_with(suffix))
        {
            Self::Acr
        } else if host.split('.').any(|label| label == "harbor") {
            Self::Harbor
        } else if host.split('.').any(|label| label == "gitlab") {
            Self::GitLab
        } else if host.split('.').any(|label| label == "quay") {
            Self::Quay
        } else {
            Self::Other
        }
    }

    /// Whether it tells when a version was last pulled.
    pub const fn pull_times(self) -> PullTimes {
        match self {
            // Source: Docker Hub API `tag_last_pulled`; ECR `lastRecordedPullTime`; Harbor `pull_time`.
            Self::DockerHub | Self::Ecr | Self::Harbor => PullTimes::Unread,
            _ => PullTimes::Untold,
        }
    }

    /// The product's name for people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::DockerHub => "Docker Hub",
            Self::Ghcr => "GitHub Container Registry",
            Self::ArtifactRegistry => "Google Artifact Registry",
            Self::Ecr => "Amazon ECR",
            Self::EcrPublic => "Amazon ECR Public",
            Self::Acr => "Azure Container Registry",
            Self::Harbor => "Harbor",
            Self::Quay => "Quay",
            Self::GitLab => "GitLab",
            Self::Ngc => "NVIDIA NGC",
            Self::Distribution => "Distribution",
            Self::Folder => "Folder",
            Self::Other => "Registry",
        }
    }
}

/// `/srv/models`, `~/models`, `./models`, `file:///srv/models`, `C:\models`, or a tar beside us.
fn is_folder(address: &str) -> bool {
    let is_drive = || {
        let mut characters = address.chars();
        characters.next().is_some_and(|letter| letter.is_ascii_alphabetic())
            && characters.next() == Some(':')
            && matches!(characters.next(), Some('\\' | '/'))
    };
    ["/", "~", "./", "../", "\\", "file:"]
        .iter()
        .any(|start| address.starts_with(start))
        || matches!(address, "." | "..")
        || is_drive()
}

/// `<12 digits>.dkr.ecr[-fips].<region>.amazonaws.com[.cn]`, or the newer `…dkr-ecr….on.aws`.
fn is_ecr(host: &str) -> bool {
    let Some((account, rest)) = host.split_once('.') else {
        return false;
    };
    let registry = [".amazonaws.com", ".amazonaws.com.cn", ".on.aws"]
        .iter()
        .any(|suffix| host.ends_with(suffix));
    account.len() == 12
        && account.bytes().all(|byte| byte.is_ascii_digit())
        && (rest.starts_with("dkr.ecr") || rest.starts_with("dkr-ecr"))
        && registry
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_tell_their_provider() {
        let cases = [
            ("docker.io", Provider::DockerHub),
            ("https://index.docker.io/v1/", Provider::DockerHub),
            ("docker.io/acme", Provider::DockerHub),
            ("GHCR.io/acme", Provider::Ghcr),
            ("eu.gcr.io/project", Provider::ArtifactRegistry),
            ("europe-docker.pkg.dev/p/r", Provider::ArtifactRegistry),
            ("123456789012.dkr.ecr.eu-west-1.amazonaws.com", Provider::Ecr),
            ("123456789012.dkr.ecr-fips.us-east-1.amazonaws.com", Provider::Ecr),
            ("12345.dkr.ecr.eu-west-1.amazonaws.com", Provider::Other),
            ("public.ecr.aws", Provider::EcrPublic),
            ("team.azurecr.io", Provider::Acr),
            ("harbor.example.org:8443/models", Provider::Harbor),
            ("quay.io/ns", Provider::Quay),
            ("registry.gitlab.com", Provider::GitLab),
            ("nvcr.io/nvidia", Provider::Ngc),
            ("127.0.0.1:5000", Provider::Other),
            ("/srv/models", Provider::Folder),
            ("C:\\models", Provider::Folder),
            ("~/models", Provider::Folder),
            ("", Provider::Other),
        ];
        for (address, provider) in cases {
            assert_eq!(Provider::guess(address), provider, "{address}");
        }
    }
}
