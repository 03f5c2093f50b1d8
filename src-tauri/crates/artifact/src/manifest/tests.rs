//! Manifests as registries really deliver them.
