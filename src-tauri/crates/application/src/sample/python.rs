//! How installed Python packages lie in a layer.

use super::{layer::LayerContent, noise, packages::Package};

/// Where pip puts packages in the sample's images.
pub(super) const SITE_PACKAGES: &str = "usr/local/lib/python3.11/site-packages";

/// Adds the files of a package: modules, compiled code, and the `dist-info` by which tools know it.
pub(super) fn install(layer: &mut LayerContent, package: &Package, architecture: &str) {
    let module = format!("{SITE_PACKAGES}/{}", package.module);
    let information = dist_info(package);
    layer.folder(&module);
    layer.file(&format!("{module}/__init__.py"), initialisation(package));
    layer.file(
        &format!("{module}/_version.py"),
        format!("version = \"{}\"\n", package.version),
    );
    if package.compiled > 0 {
        let machine = machine(architecture);
        let label = format!("{} {} {architecture}", package.name, package.version);
        layer.folder(&format!("{module}/lib"));
        let library = format!("{module}/lib/lib{}.so", package.module);
        layer.program(&library, noise::bytes(&label, package.compiled * 3 / 4));
        let extension = format!("{module}/_core.cpython-311-{machine}-linux-gnu.so");
        layer.program(&extension, noise::bytes(&format!("{label} core"), package.compiled / 4));
    }
    layer.folder(&information);
    layer.file(&format!("{information}/INSTALLER"), "pip\n");
    layer.file(&format!("{information}/METADATA"), metadata(package));
    layer.file(
        &format!("{information}/WHEEL"),
        "Wheel-Version: 1.0\nGenerator: bdist_wheel (0.43.0)\n",
    );
    layer.file(&format!("{information}/top_level.txt"), format!("{}\n", package.module));
}

/// Removes what a lower layer has of a package, as pip does before it installs another version.
pub(super) fn uninstall(layer: &mut LayerContent, package: &Package) {
    layer.removed(&dist_info(package));
}

fn dist_info(package: &Package) -> String {
    format!(
        "{SITE_PACKAGES}/{}-{}.dist-info",
        package.name.replace('-', "_"),
        package.version
    )
}

fn metadata(package: &Package) -> String {
    format!(
        "Metadata-Version: 2.1\nName: {}\nVersion: {}\nSummary: {}\nLicense: {}\nRequires-Python: >=3.9\n",
        package.name, package.version, package.summary, package.license
    )
}

fn initialisation(package: &Package) -> String {
    format!(
        "\"\"\"{}.\"\"\"\n\nfrom ._version import version as __version__\n",
        package.summary
    )
}

fn machine(architecture: &str) -> &'static str {
    if architecture == "arm64" { "aarch64" } else { "x86_64" }
}
