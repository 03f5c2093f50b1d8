//! From the answers of `application` to what the window gets, and from the window's questions back.
//!
//! Nothing is decided here: a field becomes a field.

use application as app;
use chrono::{DateTime, SecondsFormat, Utc};

use super::{
    Annotation, ChannelMark, CheckName, CheckStep, ConnectionInfo, DockerImport, ErrorCode, ImportProblem,
    KeychainState, LoginMethod, LoginState, NewPlace, Page, PartProgress, Problem, Progress, Provider, PullTimes,
    RepositoryProblem, Standing, Start, SyncReport, WaitReason,
};

/// RFC 3339 in UTC.
pub(super) fn time(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}

pub(super) fn optional_time(moment: Option<DateTime<Utc>>) -> Option<String> {
    moment.map(time)
}

/// What stands by itself in the window begins large; messages begin small, for they also follow a colon in a terminal.
///
/// Only where the first word cannot be the name of a host, a connection or a tool.
pub(super) fn sentence(text: String) -> String {
    const WORDS: [&str; 15] = [
        "a", "an", "another", "every", "it", "no", "not", "nothing", "only", "some", "the", "there", "these", "this",
        "what",
    ];
    let first = text.split(' ').next().unwrap_or_default();
    if WORDS.contains(&first) {
        capitalised(text)
    } else {
        text
    }
}

/// A hint begins with what to do, in plain words.
pub(super) fn hint(text: String) -> String {
    let first = text.split([' ', ',', ';', ':']).next().unwrap_or_default();
    if first.is_empty() || !first.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return text;
    }
    capitalised(text)
}

fn capitalised(text: String) -> String {
    match text.get(..1) {
        Some(first) => first.to_uppercase() + &text[1..],
        None => text,
    }
}

/// A length as the window counts.
pub(super) fn count(length: usize) -> u64 {
    length as u64
}

/// Every item of a list in its wire form.
pub(crate) fn each<A, B: From<A>>(items: impl IntoIterator<Item = A>) -> Vec<B> {
    items.into_iter().map(B::from).collect()
}

/// Two enumerations with the same names, one on each side of the border.
macro_rules! same_names {
    ($from:path => $to:path: $($name:ident),+ $(,)?) => {
        impl From<$from> for $to {
            fn from(value: $from) -> Self {
                match value {
                    $(<$from>::$name => <$to>::$name,)+
                }
            }
        }
    };
}
pub(super) use same_names;

same_names!(app::ErrorCode => ErrorCode: Cancelled, LoginRequired, LoginExpired, Denied, RateLimited,
    UntrustedCertificate, Unreachable, NotFound, InvalidInput, NotARegistry, InvalidAnswer, Storage, Conflict,
    Refused, KeychainUnavailable, IndexTooNew, Offline, NeverSynced, Other);
same_names!(app::Provider => Provider: DockerHub, Ghcr, ArtifactRegistry, Ecr, EcrPublic, Acr, Harbor, Quay, GitLab,
    Ngc, Distribution, Folder, Other);
same_names!(app::PullTimes => PullTimes: Unread, Untold);
same_names!(app::LoginMethod => LoginMethod: Anonymous, Password, Docker);
same_names!(LoginMethod => app::LoginMethod: Anonymous, Password, Docker);
same_names!(app::LoginState => LoginState: None, Stored, Session, Expired, Missing);
same_names!(app::NewPlace => NewPlace: Folder, Archive);
same_names!(app::CheckName => CheckName: Name, Connect, Tls, Api, Login, List, Pull, Push, Delete);
same_names!(app::WaitReason => WaitReason: RateLimited, ServerBusy, Unreachable);
same_names!(app::ChannelMark => ChannelMark: Full, Half, Ring);
same_names!(ChannelMark => app::ChannelMark: Full, Half, Ring);

impl From<app::ApplicationError> for Problem {
    fn from(error: app::ApplicationError) -> Self {
        Self {
            code: error.code.into(),
            message: sentence(error.message),
            hint: error.hint.map(hint),
            retryable: error.retryable,
        }
    }
}

impl From<app::ConnectionInfo> for ConnectionInfo {
    fn from(info: app::ConnectionInfo) -> Self {
        Self {
            id: info.id.to_string(),
            name: info.name,
            location: info.location,
            provider: info.provider.into(),
            pull_times: info.provider.pull_times().into(),
            login_method: info.login_method.into(),
            username: info.username,
            login_state: info.login_state.into(),
            plain_http: info.plain_http,
            ca_file: info.ca_file.map(|path| path.display().to_string()),
            client_certificate: info.client_certificate.map(|path| path.display().to_string()),
            pinned: info.pinned.iter().map(ToString::to_string).collect(),
            repositories: info.repositories,
            tags: info.tags,
            synced_at: optional_time(info.synced),
            syncing: info.syncing,
            offline_since: optional_time(info.offline_since),
            problem: info.problem.map(Problem::from),
        }
    }
}

impl From<app::DockerImport> for DockerImport {
    fn from(import: app::DockerImport) -> Self {
        let problem = |(host, error): (String, app::ApplicationError)| ImportProblem {
            host,
            problem: error.into(),
        };
        Self {
            added: each(import.added),
            problems: import.problems.into_iter().map(problem).collect(),
        }
    }
}

impl From<app::KeychainState> for KeychainState {
    fn from(state: app::KeychainState) -> Self {
        Self {
            available: state.available,
            name: state.name.to_owned(),
            problem: state.problem.map(Problem::from),
        }
    }
}

impl From<app::Start> for Start {
    fn from(start: app::Start) -> Self {
        Self {
            version: start.version.to_owned(),
            connections: each(start.connections),
            settings: start.settings.into(),
            docker_logins: start.docker_logins,
            keychain: start.keychain.into(),
            notices: each(start.notices),
            data_folder: start.data_folder.display().to_string(),
        }
    }
}

impl From<app::CheckStep> for CheckStep {
    fn from(step: app::CheckStep) -> Self {
        Self {
            step: step.step.into(),
            ok: step.ok,
            detail: sentence(step.detail),
            hint: step.hint.map(hint),
            milliseconds: step.milliseconds,
        }
    }
}

impl From<app::RepositoryProblem> for RepositoryProblem {
    fn from(problem: app::RepositoryProblem) -> Self {
        Self {
            repository: problem.repository.map(|name| name.to_string()),
            reference: problem.reference,
            problem: Problem {
                code: problem.code.into(),
                message: sentence(problem.message),
                hint: problem.hint.map(hint),
                retryable: problem.retryable,
            },
        }
    }
}

impl From<app::SyncReport> for SyncReport {
    fn from(report: app::SyncReport) -> Self {
        Self {
            repositories: report.repositories,
            tags: report.tags,
            new: report.new,
            moved: report.moved,
            gone: report.gone,
            requests: report.requests,
            milliseconds: report.milliseconds,
            problems: each(report.problems),
        }
    }
}

impl From<&app::ProgressEvent> for Progress {
    fn from(event: &app::ProgressEvent) -> Self {
        match event {
            app::ProgressEvent::Step { what, done, total } => Self::Step {
                what: what.clone(),
                done: *done,
                total: *total,
            },
            app::ProgressEvent::Bytes { done, total } => Self::Bytes {
                done: done.bytes(),
                total: total.map(app::ByteSize::bytes),
                pace: None,
            },
            app::ProgressEvent::Sent { done, total, .. } => Self::Bytes {
                done: done.bytes(),
                total: Some(total.bytes()),
                pace: None,
            },
            app::ProgressEvent::Part { place, standing } => Self::Parts {
                parts: vec![PartProgress::of(*place, *standing)],
            },
            app::ProgressEvent::Waiting { reason, host, until } => Self::Waiting {
                reason: (*reason).into(),
                host: host.clone(),
                until: time(*until),
            },
            app::ProgressEvent::Requests(count) => Self::Requests { count: *count },
            app::ProgressEvent::Warned { host, text } => Self::Warned {
                host: host.clone(),
                text: text.clone(),
            },
        }
    }
}

impl PartProgress {
    pub(crate) fn of(place: usize, standing: app::Standing) -> Self {
        let (standing, bytes) = match standing {
            app::Standing::Sent { done, total } => (Standing::Sent, Some((done, total))),
            app::Standing::Done => (Standing::Done, None),
            app::Standing::Failed => (Standing::Failed, None),
            app::Standing::Skipped => (Standing::Skipped, None),
        };
        Self {
            step: count(place),
            standing,
            done_bytes: bytes.map(|(done, _)| done.bytes()),
            total_bytes: bytes.map(|(_, total)| total.bytes()),
            pace: None,
        }
    }
}

/// A page in its wire form.
pub(crate) fn page<A, B: From<A>>(page: app::Page<A>) -> Page<B> {
    Page {
        total: count(page.total),
        items: each(page.items),
    }
}

/// Labels and annotations in the order of their keys.
pub(super) fn annotations(map: impl IntoIterator<Item = (String, String)>) -> Vec<Annotation> {
    map.into_iter().map(|(key, value)| Annotation { key, value }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_their_letters() {
        let message = |text: &str| sentence(text.to_owned());
        assert_eq!(message("the login was refused"), "The login was refused");
        assert_eq!(
            message("localhost:5000 cannot be reached"),
            "localhost:5000 cannot be reached"
        );
        assert_eq!(message("lab was never synced"), "lab was never synced");
        let advice = |text: &str| hint(text.to_owned());
        assert_eq!(advice("check the spelling"), "Check the spelling");
        assert_eq!(advice("--offline shows what was seen"), "--offline shows what was seen");
        assert_eq!(advice("état"), "état");
        assert_eq!(advice(""), "");
    }
}
