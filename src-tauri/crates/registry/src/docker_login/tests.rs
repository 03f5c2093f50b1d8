//! The whole way from files and helpers to a login, in a home of its own for each test.

use std::{fs, path::Path, time::Duration};

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::ErrorCode;

/// A home folder and the environment that points at it.
struct Home {
    folder: TempDir,
    environment: Environment,
}

impl Home {
    fn new() -> Self {
        Self::with(&[])
    }

    /// `extra` variables; in their values `~` is the home folder.
    fn with(extra: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let home = folder.path().display().to_string();
        let mut variables = vec![
            ("HOME".to_owned(), home.clone()),
            ("PATH".to_owned(), format!("{home}/path")),
        ];
        variables.extend(
            extra
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.replace('~', &home))),
        );
        let environment = variables.into_iter().collect();
        Self { folder, environment }
    }

    fn write(&self, path: &str, text: &str) -> &Self {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder above")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
        self
    }

    fn docker(&self, text: &str) -> &Self {
        self.write(".docker/config.json", text)
    }

    fn podman(&self, text: &str) -> &Self {
        self.write(".config/containers/auth.json", text)
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn resolve(&self, host: &str) -> Result<Option<Login>, LoginError> {
        resolve(host, &self.environment)
    }

    /// The login as `kind user secret`.
    fn login(&self, host: &str) -> String {
        match self.resolve(host).expect("the login can be had") {
            None => "none".to_owned(),
            Some(Login::Anonymous) => "anonymous".to_owned(),
            Some(Login::Password { username, secret }) => format!("password {username} {}", secret.expose()),
            Some(Login::IdentityToken { secret }) => format!("identity {}", secret.expose()),
            Some(Login::RegistryToken { secret }) => format!("registry {}", secret.expose()),
        }
    }

    fn hosts(&self) -> Vec<String> {
        discover(&self.environment)
            .into_iter()
            .map(|login| login.host)
            .collect()
    }
}

/// `user:password` as docker stores it.
fn encoded(text: &str) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(text)
}

fn auths(entries: &[(&str, &str)]) -> String {
    let entries: Vec<String> = entries
        .iter()
        .map(|(key, text)| format!("{key:?}: {{\"auth\": {:?}}}", encoded(text)))
        .collect();
    format!("{{\"auths\": {{{}}}}}", entries.join(", "))
}

#[test]
fn without_any_file_there_is_no_login_and_no_problem() {
    let home = Home::new();
    assert_eq!(home.login("ghcr.io"), "none");
    let found = survey(&home.environment);
    assert!(found.logins.is_empty() && found.problems.is_empty());
}

#[test]
fn a_plain_docker_login_is_found_under_all_the_ways_to_write_its_host() {
    let home = Home::new();
    home.docker(&auths(&[
        ("https://index.docker.io/v1/", "alice:hub:secret"),
        ("ghcr.io", "bob:one"),
        ("https://registry.lab.example:5000/v2/", "carol:two"),
    ]));
    for host in [
        "docker.io",
        "index.docker.io",
        "registry-1.docker.io",
        "https://index.docker.io/v1/",
    ] {
        assert_eq!(home.login(host), "password alice hub:secret", "{host}");
    }
    assert_eq!(home.login("GHCR.io"), "password bob one");
    assert_eq!(home.login("registry.lab.example:5000"), "password carol two");
    assert_eq!(
        home.login("registry.lab.example"),
        "none",
        "another port is another registry"
    );
    assert_eq!(home.hosts(), ["docker.io", "ghcr.io", "registry.lab.example:5000"]);
}

#[test]
fn tokens_are_told_from_passwords() {
    let home = Home::new();
    home.docker(&format!(
        r#"{{"auths": {{
            "acr.example": {{"auth": "{}", "identitytoken": "refresh"}},
            "bearer.example": {{"registrytoken": "access"}},
            "plain.example": {{"username": "dave", "password": "three"}},
            "padded.example": {{"auth": "{}"}},
            "token.example": {{"auth": "{}"}}
        }}}}"#,
        encoded("00000000-0000-0000-0000-000000000000:"),
        encoded("erin:four\0\0"),
        encoded("<token>:refresh too"),
    ));
    assert_eq!(home.login("acr.example"), "identity refresh");
    assert_eq!(home.login("bearer.example"), "registry access");
    assert_eq!(home.login("plain.example"), "password dave three");
    assert_eq!(home.login("padded.example"), "password erin four");
    assert_eq!(home.login("token.example"), "identity refresh too");
}

#[test]
fn what_a_logout_leaves_behind_is_no_login() {
    let home = Home::new();
    home.docker(r#"{"auths": {"ghcr.io": {}, "quay.io": {"auth": ""}, "odd.example": null}, "credsStore": ""}"#);
    assert_eq!(home.login("ghcr.io"), "none");
    assert_eq!(home.login("quay.io"), "none");
    assert!(home.hosts().is_empty());
}

#[test]
fn the_variable_says_where_dockers_file_is() {
    let home = Home::with(&[("DOCKER_CONFIG", "~/elsewhere")]);
    home.docker(&auths(&[("ghcr.io", "old:one")]));
    home.write("elsewhere/config.json", &auths(&[("ghcr.io", "new:two")]));
    assert_eq!(home.login("ghcr.io"), "password new two");
}

#[test]
fn podmans_longest_path_wins_and_paths_end_at_slashes() {
    let home = Home::new();
    home.podman(&auths(&[
        ("quay.io", "all:one"),
        ("quay.io/team", "team:two"),
        ("quay.io/team/model", "model:three"),
    ]));
    assert_eq!(home.login("quay.io"), "password all one");
    assert_eq!(home.login("quay.io/other"), "password all one");
    assert_eq!(home.login("quay.io/team"), "password team two");
    assert_eq!(home.login("quay.io/team/other"), "password team two");
    assert_eq!(home.login("quay.io/team/model/large"), "password model three");
    assert_eq!(home.login("quay.io/teams"), "password all one");
    assert_eq!(home.hosts(), ["quay.io", "quay.io/team", "quay.io/team/model"]);
}

#[test]
fn a_login_for_a_part_of_a_registry_is_none_for_the_whole() {
    let home = Home::new();
    home.podman(&auths(&[("quay.io/team", "team:two")]));
    assert_eq!(home.login("quay.io"), "none");
}

#[test]
fn podmans_files_are_asked_in_their_order() {
    let home = Home::with(&[("XDG_RUNTIME_DIR", "~/run")]);
    home.podman(&auths(&[("ghcr.io", "settings:one"), ("quay.io", "settings:two")]));
    home.write("run/containers/auth.json", &auths(&[("ghcr.io", "session:three")]));
    assert_eq!(home.login("ghcr.io"), "password session three");
    assert_eq!(home.login("quay.io"), "password settings two");
    home.docker(&auths(&[("ghcr.io", "docker:four")]));
    assert_eq!(home.login("ghcr.io"), "password docker four");
    let sources: Vec<_> = discover(&home.environment)
        .into_iter()
        .map(|login| login.source)
        .collect();
    assert_eq!(
        sources,
        [
            home.path().join(".docker/config.json"),
            home.path().join(".config/containers/auth.json")
        ]
    );
}

#[test]
fn a_named_file_replaces_podmans_own() {
    let home = Home::with(&[("REGISTRY_AUTH_FILE", "~/mine.json")]);
    home.podman(&auths(&[("ghcr.io", "settings:one")]));
    assert_eq!(home.login("ghcr.io"), "none");
    home.write("mine.json", &auths(&[("ghcr.io", "mine:two")]));
    assert_eq!(home.login("ghcr.io"), "password mine two");
}

#[test]
fn a_broken_file_is_named_without_its_content() {
    let home = Home::new();
    home.docker("{\"auths\": {\"ghcr.io\": {\"auth\": \"c2VjcmV0\" oops");
    let error = home.resolve("ghcr.io").expect_err("the file is broken");
    assert!(
        error.to_string().contains("config.json") && error.to_string().contains("line 1"),
        "{error}"
    );
    assert!(!error.to_string().contains("c2VjcmV0"), "{error}");
    assert!(error.hint().is_some_and(|hint| hint.contains("docker login")));
    assert_eq!(survey(&home.environment).problems.len(), 1);
    // Another file with the login is as good as none being broken.
    home.podman(&auths(&[("ghcr.io", "podman:one")]));
    assert_eq!(home.login("ghcr.io"), "password podman one");
}

#[test]
fn a_login_that_cannot_be_decoded_names_its_host() {
    let home = Home::new();
    home.docker(r#"{"auths": {"ghcr.io": {"auth": "not base64!"}, "quay.io": {"auth": "bm9jb2xvbg=="}}}"#);
    for host in ["ghcr.io", "quay.io"] {
        let error = home.resolve(host).expect_err("it cannot be decoded");
        assert!(error.to_string().contains(host), "{error}");
    }
}

#[test]
fn a_helper_that_is_not_installed_is_named() {
    let home = Home::new();
    home.docker(r#"{"auths": {"ghcr.io": {}}, "credsStore": "no-such-store"}"#);
    let error = home.resolve("ghcr.io").expect_err("there is no such helper");
    assert!(error.to_string().contains("docker-credential-no-such-store"), "{error}");
    assert!(error.hint().is_some_and(|hint| hint.contains("PATH")));
}

#[test]
fn a_helper_name_leads_nowhere_else() {
    let home = Home::new();
    home.docker(r#"{"credHelpers": {"ghcr.io": "x/../../../bin/sh"}}"#);
    assert!(matches!(home.resolve("ghcr.io"), Err(LoginError::HelperMissing { .. })));
}

#[cfg(unix)]
mod with_helpers {
    use std::process::Command;

    use super::*;

    impl Home {
        /// A helper in a folder of the search path; the script finds the server's address in `$server`.
        fn helper_in(&self, folder: &str, name: &str, script: &str) -> &Self {
            let draft = format!("{folder}/{name}.draft");
            self.write(
                &draft,
                &format!("#!/bin/sh\nserver=$(cat)\necho \"$1 $server\" >> \"$HOME/asked\"\n{script}\n"),
            );
            // Written by another process: a program that this one has open for writing, if only in a child that is
            // being started for another test, cannot be run.
            let program = self.path().join(format!("{folder}/docker-credential-{name}"));
            let installed = Command::new("install")
                .arg("-m755")
                .arg(self.path().join(draft))
                .arg(program)
                .status();
            assert!(installed.expect("install runs").success());
            self
        }

        fn helper(&self, name: &str, script: &str) -> &Self {
            self.helper_in("path", name, script)
        }

        fn asked(&self) -> String {
            fs::read_to_string(self.folder.path().join("asked")).unwrap_or_default()
        }
    }

    const ANSWER: &str = r#"echo "{\"ServerURL\":\"$server\",\"Username\":\"store\",\"Secret\":\"kept\"}""#;
    const NOT_FOUND: &str = "echo 'credentials not found in native keychain'; exit 1";

    #[test]
    fn a_store_is_asked_with_the_address_under_which_it_keeps_the_login() {
        let home = Home::new();
        home.docker(r#"{"auths": {"https://index.docker.io/v1/": {}, "ghcr.io": {}}, "credsStore": "keys"}"#);
        home.helper("keys", ANSWER);
        assert_eq!(home.login("docker.io"), "password store kept");
        assert_eq!(home.login("ghcr.io"), "password store kept");
        assert_eq!(home.login("quay.io"), "password store kept");
        assert_eq!(
            home.asked(),
            "get https://index.docker.io/v1/\nget ghcr.io\nget quay.io\n"
        );
    }

    #[test]
    fn discovering_asks_no_helper() {
        let home = Home::new();
        home.docker(
            r#"{"auths": {"https://index.docker.io/v1/": {}}, "credsStore": "keys", "credHelpers": {"gcr.io": "gcloud"}}"#,
        );
        home.helper("keys", ANSWER).helper("gcloud", ANSWER);
        let found = discover(&home.environment);
        let with_helpers: Vec<_> = found
            .iter()
            .map(|login| (login.host.as_str(), login.helper.as_deref()))
            .collect();
        assert_eq!(with_helpers, [("docker.io", Some("keys")), ("gcr.io", Some("gcloud"))]);
        assert_eq!(home.asked(), "");
    }

    #[test]
    fn a_hosts_own_helper_goes_before_the_store_and_the_file() {
        let home = Home::new();
        home.docker(&format!(
            r#"{{"auths": {{"gcr.io": {{"auth": "{}"}}}}, "credsStore": "keys", "credHelpers": {{"gcr.io": "gcloud"}}}}"#,
            encoded("file:old")
        ));
        home.helper("keys", ANSWER);
        home.helper("gcloud", r#"echo '{"Username":"<token>","Secret":"refresh"}'"#);
        assert_eq!(home.login("gcr.io"), "identity refresh");
        assert_eq!(home.asked(), "get gcr.io\n");
    }

    #[test]
    fn a_store_without_the_login_leaves_it_to_the_file() {
        let home = Home::new();
        home.docker(&format!(
            r#"{{"auths": {{"ghcr.io": {{"auth": "{}"}}, "quay.io": {{}}}}, "credsStore": "keys"}}"#,
            encoded("file:old")
        ));
        home.helper("keys", NOT_FOUND);
        assert_eq!(home.login("ghcr.io"), "password file old");
        assert_eq!(home.login("quay.io"), "none");
    }

    #[test]
    fn helpers_are_found_in_dockers_own_folder() {
        let home = Home::new();
        home.docker(r#"{"credsStore": "keys"}"#);
        home.helper_in(".docker/bin", "keys", ANSWER);
        assert_eq!(home.login("ghcr.io"), "password store kept");
    }

    #[test]
    fn a_locked_store_says_so() {
        let home = Home::new();
        home.docker(r#"{"credsStore": "keys"}"#);
        home.helper("keys", "echo 'The keychain is locked' >&2; exit 1");
        let error = home.resolve("ghcr.io").expect_err("the store is locked");
        assert_eq!(error.code(), ErrorCode::KeychainUnavailable);
        assert!(error.hint().is_some_and(|hint| hint.contains("unlock")));
    }

    #[test]
    fn a_failing_helper_is_quoted_and_cut() {
        let home = Home::new();
        home.docker(r#"{"credsStore": "keys"}"#);
        home.helper("keys", "printf 'no \\033[31mway\\n'; exit 3");
        let error = home.resolve("ghcr.io").expect_err("the helper fails").to_string();
        assert!(
            error.contains("docker-credential-keys failed for ghcr.io: no [31mway"),
            "{error:?}"
        );
    }

    #[test]
    fn an_answer_that_is_no_login_is_not_quoted() {
        let home = Home::new();
        home.docker(r#"{"credsStore": "keys"}"#);
        home.helper("keys", "echo 'secret nonsense'");
        let error = home.resolve("ghcr.io").expect_err("that is no answer").to_string();
        assert!(!error.contains("nonsense"), "{error}");
    }

    #[test]
    fn a_helper_that_says_nothing_is_ended() {
        let home = Home::new();
        home.helper("slow", "exec sleep 600");
        let limit = Duration::from_millis(100);
        let error = helper::ask_within("slow", "ghcr.io", &home.environment, limit).expect_err("it never answers");
        assert!(
            matches!(error, LoginError::HelperSilent { .. }) && error.retryable(),
            "{error}"
        );
    }

    #[test]
    fn a_child_that_keeps_the_pipe_open_does_not_keep_us() {
        let home = Home::new();
        // The helper ends at once, but what it started holds its output.
        home.helper("forks", "sleep 3 & exit 0");
        let limit = Duration::from_millis(100);
        let error = helper::ask_within("forks", "ghcr.io", &home.environment, limit).expect_err("the pipe stays open");
        assert!(matches!(error, LoginError::HelperSilent { .. }), "{error}");
    }
}

proptest! {
    #[test]
    fn no_content_of_a_file_makes_it_panic(text in ".{0,200}", host in "[a-z./:0-9]{0,30}") {
        let home = Home::new();
        home.docker(&text).podman(&text);
        let _ = home.resolve(&host);
        let _ = survey(&home.environment);
    }

    #[test]
    fn a_key_covers_itself_and_what_is_below(host in "[a-z]{1,8}\\.[a-z]{2,3}", path in "[a-z]{1,6}(/[a-z]{1,6}){0,2}") {
        let whole = server::ServerKey::of_key(&host);
        let part = server::ServerKey::of_key(&format!("{host}/{path}"));
        prop_assert!(whole.covers(&part).is_some());
        prop_assert!(part.covers(&part) >= whole.covers(&part));
        prop_assert_eq!(server::ServerKey::of_key(&part.location()), part);
    }
}
