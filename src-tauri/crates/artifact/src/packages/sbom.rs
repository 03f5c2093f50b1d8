//! Packages as a bill of materials states them: SPDX and `CycloneDX` in JSON, bare or inside an in-toto statement.
//!
//! Source: SPDX 2.3; `CycloneDX` 1.6; in-toto attestation 1.0; DSSE 1.0. Only entries with a package URL are known by
//! their ecosystem; others are left out.

use std::str::FromStr;

use base64::Engine;
use packageurl::PackageUrl;
use serde_json::Value;

use super::{Ecosystem, Package, Packages, python::normalised};

/// Statements are wrapped in each other so often at most.
const DEEPEST: usize = 4;

/// Why a document is no bill of materials.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SbomError {
    #[error("it is not JSON")]
    NotJson,
    #[error("it is neither SPDX nor CycloneDX")]
    Unknown,
}

impl Packages {
    /// What a bill of materials lists.
    ///
    /// # Errors
    /// [`SbomError`] if it is none that is known.
    pub fn of_sbom(bytes: &[u8]) -> Result<Self, SbomError> {
        let document: Value = serde_json::from_slice(bytes).map_err(|_| SbomError::NotJson)?;
        let mut found = Self::default();
        if found.document(&document, 0) {
            Ok(found)
        } else {
            Err(SbomError::Unknown)
        }
    }

    /// Whether the document was understood.
    fn document(&mut self, document: &Value, depth: usize) -> bool {
        if depth > DEEPEST {
            return false;
        }
        if let Some(payload) = document.get("payload").and_then(Value::as_str) {
            let bytes = base64::engine::general_purpose::STANDARD
                .decode(payload)
                .unwrap_or_default();
            let inner: Option<Value> = serde_json::from_slice(&bytes).ok();
            return inner.is_some_and(|inner| self.document(&inner, depth + 1));
        }
        if let Some(predicate) = document.get("predicate") {
            // Old writers put the document one level deeper.
            let inner = predicate.get("Data").unwrap_or(predicate);
            return self.document(inner, depth + 1);
        }
        if document.get("spdxVersion").is_some() {
            self.spdx(document);
            return true;
        }
        if document.get("bomFormat").and_then(Value::as_str) == Some("CycloneDX") {
            self.components(document, 0);
            return true;
        }
        false
    }

    fn spdx(&mut self, document: &Value) {
        for package in entries(document, "packages") {
            let locators = entries(package, "externalRefs")
                .iter()
                .filter(|reference| reference.get("referenceType").and_then(Value::as_str) == Some("purl"))
                .filter_map(|reference| reference.get("referenceLocator").and_then(Value::as_str));
            let version = package.get("versionInfo").and_then(Value::as_str);
            for locator in locators.take(1) {
                self.located(locator, version);
            }
        }
    }

    /// Components may hold others.
    fn components(&mut self, holder: &Value, depth: usize) {
        for component in entries(holder, "components") {
            if let Some(locator) = component.get("purl").and_then(Value::as_str) {
                self.located(locator, component.get("version").and_then(Value::as_str));
            }
            if depth < DEEPEST {
                self.components(component, depth + 1);
            }
        }
    }

    fn located(&mut self, locator: &str, version: Option<&str>) {
        let Ok(locator) = PackageUrl::from_str(locator) else {
            return;
        };
        let Some(ecosystem) = ecosystem(locator.ty()) else {
            return;
        };
        let name = match (ecosystem, locator.namespace()) {
            (Ecosystem::Python, _) => normalised(locator.name()),
            (Ecosystem::Npm, Some(scope)) => format!("{scope}/{}", locator.name()),
            _ => locator.name().to_owned(),
        };
        if let Some(version) = locator.version().or(version) {
            let version = version.to_owned();
            self.add(ecosystem, Package { name, version });
        }
    }
}

fn entries<'a>(holder: &'a Value, name: &str) -> &'a [Value] {
    holder.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// Source: purl-spec, PURL-TYPES.
fn ecosystem(kind: &str) -> Option<Ecosystem> {
    match kind {
        "pypi" => Some(Ecosystem::Python),
        "conda" => Some(Ecosystem::Conda),
        "deb" => Some(Ecosystem::Debian),
        "apk" => Some(Ecosystem::Alpine),
        "rpm" => Some(Ecosystem::Rpm),
        "npm" => Some(Ecosystem::Npm),
        _ => None,
    }
}
