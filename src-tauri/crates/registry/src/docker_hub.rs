//! Docker Hub and its many names.

/// How references name it.
pub const DOCKER_HUB: &str = "docker.io";

/// Where its registry lives.
pub(crate) const DOCKER_HUB_REGISTRY: &str = "registry-1.docker.io";

/// Whether a host, in small letters and without a port, is Docker Hub.
pub(crate) fn is_docker_hub(host: &str) -> bool {
    host == DOCKER_HUB
        || matches!(
            host,
            "index.docker.io" | DOCKER_HUB_REGISTRY | "registry.hub.docker.com" | "hub.docker.com"
        )
}
