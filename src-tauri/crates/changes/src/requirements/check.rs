//! Whether a version meets what a channel asks for. Pure.

use artifact::{PublicKey, SignatureError, SignedVersion};

use super::{Evidence, MetricBound, Requirement};
use crate::ChangeError;

/// How many names or reasons a detail lists.
const LISTED: usize = 5;

/// One requirement and whether it is met.
#[derive(Clone, Debug, PartialEq)]
pub struct RequirementOutcome {
    pub requirement: Requirement,
    pub met: bool,
    /// For people: what was found, or what is missing.
    pub detail: String,
}

/// The name that has to be typed, and what was typed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Confirmation<'a> {
    pub asked: &'a str,
    pub typed: Option<&'a str>,
}

/// Holds each requirement against what the version has to show.
pub fn check_requirements(
    requirements: &[Requirement],
    evidence: &Evidence,
    confirmation: Confirmation<'_>,
) -> Vec<RequirementOutcome> {
    let check = |requirement: &Requirement| {
        let (met, detail) = match requirement {
            Requirement::Signature { public_key: None } => any_signature(evidence),
            Requirement::Signature { public_key: Some(key) } => signature_by(key, evidence),
            Requirement::Sbom => sbom(evidence),
            Requirement::Metric(bound) => metric(bound, evidence),
            Requirement::Confirmation => confirmed(confirmation),
        };
        RequirementOutcome {
            requirement: requirement.clone(),
            met,
            detail,
        }
    };
    requirements.iter().map(check).collect()
}

/// # Errors
/// [`ChangeError::Refused`] unless all of them are met; the message says which are not.
pub fn require_all(channel: &str, outcomes: &[RequirementOutcome]) -> Result<(), ChangeError> {
    let missing: Vec<String> = outcomes
        .iter()
        .filter(|outcome| !outcome.met)
        .map(|outcome| format!("{} ({})", outcome.requirement, outcome.detail))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(ChangeError::refused(
        format!("{channel} asks for {}", missing.join(", ")),
        "see to what is missing, or change in the settings what the channel asks for",
    ))
}

fn any_signature(evidence: &Evidence) -> (bool, String) {
    match evidence.signatures.len() {
        0 => (false, "it is not signed".to_owned()),
        _ => (true, "it is signed; by whom was not asked".to_owned()),
    }
}

fn signature_by(key: &PublicKey, evidence: &Evidence) -> (bool, String) {
    let version = SignedVersion {
        digest: &evidence.version.digest,
        manifest: &evidence.version.bytes,
    };
    let mut reasons: Vec<SignatureError> = Vec::new();
    for document in evidence.signatures.iter().flat_map(|found| &found.documents) {
        match document.verify(key, version) {
            Ok(()) => return (true, "it is signed by the given key".to_owned()),
            Err(reason) if !reasons.contains(&reason) => reasons.push(reason),
            Err(_) => {}
        }
    }
    let detail = match (evidence.signatures.len(), reasons.len()) {
        (0, _) => "it is not signed".to_owned(),
        (_, 0) => "it is signed, but in no way that can be verified with a key".to_owned(),
        _ => {
            let reasons: Vec<String> = reasons.iter().take(LISTED).map(SignatureError::to_string).collect();
            format!("it has a signature, but {}", reasons.join("; "))
        }
    };
    (false, detail)
}

fn sbom(evidence: &Evidence) -> (bool, String) {
    match evidence.sboms.first() {
        Some(digest) => (true, format!("it has one ({})", digest.short())),
        None => (false, "it has none".to_owned()),
    }
}

fn metric(bound: &MetricBound, evidence: &Evidence) -> (bool, String) {
    let Some(value) = evidence.metrics.get(&bound.name) else {
        let known: Vec<&str> = evidence.metrics.keys().map(String::as_str).take(LISTED).collect();
        let detail = match known.as_slice() {
            [] => "its model card has no metrics".to_owned(),
            known => format!("its model card has no {}, but {}", bound.name, known.join(", ")),
        };
        return (false, detail);
    };
    (bound.comparison.holds(*value, bound.bound), format!("it is {value}"))
}

fn confirmed(confirmation: Confirmation<'_>) -> (bool, String) {
    match confirmation.typed {
        Some(typed) if typed == confirmation.asked && !typed.is_empty() => (true, "it was typed".to_owned()),
        Some(_) => (false, format!("what was typed is not {}", confirmation.asked)),
        None => (false, format!("{} has to be typed", confirmation.asked)),
    }
}
