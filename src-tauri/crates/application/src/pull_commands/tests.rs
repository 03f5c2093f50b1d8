//! Commands for every kind and place, and what must never be in them.

use super::*;

const DIGEST: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

fn registry_place(host: &str) -> RegistryPlace {
    RegistryPlace {
        host: host.to_owned(),
        prefix: Some("acme".to_owned()),
        connection_name: "Acme GHCR".to_owned(),
        provider: Provider::guess(host),
        plain_http: false,
        is_loopback: false,
        ca_file: None,
    }
}

fn subject(kind: Kind, place: Place) -> Subject {
    Subject {
        place,
        repository: "acme/detector".parse().expect("a fixed name"),
        digest: DIGEST.parse().expect("a fixed digest"),
        tag: Some("1.4.2".parse().expect("a fixed tag")),
        by_digest: false,
        kind,
        ports: vec!["8080/tcp".to_owned(), "53/udp".to_owned(), "; rm -rf /".to_owned()],
    }
}

fn at(host: &str, kind: Kind) -> Subject {
    subject(kind, Place::Registry(registry_place(host)))
}

fn plain_http(kind: Kind) -> Subject {
    let place = RegistryPlace {
        plain_http: true,
        prefix: None,
        ..registry_place("registry.lab:5000")
    };
    subject(kind, Place::Registry(place))
}

fn folder(kind: Kind, path: &str) -> Subject {
    subject(
        kind,
        Place::Layout {
            path: path.into(),
            is_archive: std::path::Path::new(path)
                .extension()
                .is_some_and(|ending| ending == "tar"),
        },
    )
}

fn by_digest(subject: Subject) -> Subject {
    Subject {
        by_digest: true,
        ..subject
    }
}

fn line(subject: &Subject, tool: &str) -> Option<String> {
    pull_commands(subject)
        .into_iter()
        .find(|command| command.tool == tool)
        .map(|command| command.command)
}

/// Checks one line after another of a table: tool and command, `None` where the tool must not be offered.
fn check(subject: &Subject, table: &[(&str, Option<&str>)]) {
    for (tool, expected) in table {
        assert_eq!(line(subject, tool).as_deref(), *expected, "{tool}");
    }
}

#[test]
fn an_image_by_tag() {
    check(
        &at("ghcr.io", Kind::Image),
        &[
            ("docker", Some("docker pull ghcr.io/acme/detector:1.4.2")),
            ("podman", Some("podman pull ghcr.io/acme/detector:1.4.2")),
            ("nerdctl", Some("nerdctl pull ghcr.io/acme/detector:1.4.2")),
            (
                "apptainer",
                Some("apptainer pull detector-1.4.2.sif docker://ghcr.io/acme/detector:1.4.2"),
            ),
            (
                "skopeo",
                Some("skopeo copy --all docker://ghcr.io/acme/detector:1.4.2 oci:detector:1.4.2"),
            ),
            (
                "crane",
                Some("crane pull --format=oci ghcr.io/acme/detector:1.4.2 detector-1.4.2"),
            ),
            (
                "oras",
                Some("oras copy ghcr.io/acme/detector:1.4.2 --to-oci-layout detector:1.4.2"),
            ),
            (
                "docker-run",
                Some("docker run --rm -it -p 8080:8080 -p 53:53/udp ghcr.io/acme/detector:1.4.2"),
            ),
            (
                "python",
                Some(
                    "import docker\n\nimage = docker.from_env().images.pull(\"ghcr.io/acme/detector\", tag=\"1.4.2\")",
                ),
            ),
            (
                "zenml",
                Some("zenml container-registry register acme-ghcr --flavor=github --uri=ghcr.io/acme"),
            ),
            ("modctl", None),
            ("kit", None),
            ("docker-model", None),
            ("ollama", None),
            ("helm", None),
        ],
    );
}

#[test]
fn an_image_by_digest() {
    let reference = format!("ghcr.io/acme/detector@{DIGEST}");
    let subject = by_digest(at("ghcr.io", Kind::Image));
    for tool in [
        "docker",
        "podman",
        "nerdctl",
        "apptainer",
        "skopeo",
        "crane",
        "oras",
        "kubernetes",
        "compose",
        "python",
    ] {
        let line = line(&subject, tool).unwrap_or_default();
        assert!(line.contains(&reference), "{tool}: {line}");
        assert!(!line.contains("detector:1.4.2@"), "{tool} names tag and digest: {line}");
    }
    assert_eq!(
        line(&subject, "skopeo").as_deref(),
        Some(format!("skopeo copy --all docker://{reference} oci:detector:e3b0c442").as_str())
    );
}

#[test]
fn plain_http_needs_its_flags() {
    check(
        &plain_http(Kind::Image),
        &[
            (
                "podman",
                Some("podman pull --tls-verify=false registry.lab:5000/acme/detector:1.4.2"),
            ),
            (
                "nerdctl",
                Some("nerdctl --insecure-registry pull registry.lab:5000/acme/detector:1.4.2"),
            ),
            (
                "apptainer",
                Some("apptainer pull --no-https detector-1.4.2.sif docker://registry.lab:5000/acme/detector:1.4.2"),
            ),
            (
                "skopeo",
                Some(
                    "skopeo copy --all --src-tls-verify=false docker://registry.lab:5000/acme/detector:1.4.2 oci:detector:1.4.2",
                ),
            ),
            (
                "crane",
                Some("crane pull --insecure --format=oci registry.lab:5000/acme/detector:1.4.2 detector-1.4.2"),
            ),
            (
                "oras",
                Some(
                    "oras copy --from-plain-http registry.lab:5000/acme/detector:1.4.2 --to-oci-layout detector:1.4.2",
                ),
            ),
            (
                "zenml",
                Some("zenml container-registry register acme-ghcr --flavor=default --uri=registry.lab:5000"),
            ),
        ],
    );
    check(
        &plain_http(Kind::ModelPack),
        &[
            (
                "modctl",
                Some(
                    "modctl pull --plain-http registry.lab:5000/acme/detector:1.4.2 --extract-from-remote --extract-dir detector-1.4.2",
                ),
            ),
            (
                "oras",
                Some("oras pull --plain-http registry.lab:5000/acme/detector:1.4.2 --output detector-1.4.2"),
            ),
            ("docker", None),
        ],
    );
    check(&plain_http(Kind::DockerModel), &[("docker-model", None)]);
    check(
        &plain_http(Kind::Ollama),
        &[
            (
                "ollama",
                Some("ollama pull --insecure http://registry.lab:5000/acme/detector:1.4.2"),
            ),
            ("oras", None),
        ],
    );
    check(
        &plain_http(Kind::Helm),
        &[(
            "helm",
            Some("helm pull --plain-http oci://registry.lab:5000/acme/detector --version 1.4.2"),
        )],
    );
}

#[test]
fn docker_is_told_of_plain_http_only_where_it_must_be() {
    let noted = |subject: &Subject| {
        pull_commands(subject)
            .into_iter()
            .find(|command| command.tool == "docker")
            .and_then(|command| command.note)
    };
    assert!(noted(&plain_http(Kind::Image)).is_some_and(|note| note.contains("insecure-registries")));
    let loopback = RegistryPlace {
        plain_http: true,
        is_loopback: true,
        ..registry_place("127.0.0.1:5000")
    };
    assert_eq!(noted(&subject(Kind::Image, Place::Registry(loopback))), None);
    assert_eq!(noted(&at("ghcr.io", Kind::Image)), None);
}

#[test]
fn each_kind_has_its_own_tool_first() {
    let first = |kind| pull_commands(&at("ghcr.io", kind)).first().map(|command| command.tool);
    let table = [
        (Kind::Image, "docker"),
        (Kind::ModelPack, "modctl"),
        (Kind::ModelKit, "kit"),
        (Kind::DockerModel, "docker-model"),
        (Kind::Ollama, "ollama"),
        (Kind::Helm, "helm"),
        (Kind::Sbom, "oras"),
        (Kind::Other, "oras"),
    ];
    for (kind, tool) in table {
        assert_eq!(first(kind), Some(tool), "{kind:?}");
    }
    assert_eq!(
        line(&at("ghcr.io", Kind::ModelKit), "kit").as_deref(),
        Some("kit unpack ghcr.io/acme/detector:1.4.2 --dir detector-1.4.2")
    );
}

#[test]
fn what_pulls_by_tag_alone_says_so_or_is_left_out() {
    let helm = by_digest(at("ghcr.io", Kind::Helm));
    let command = pull_commands(&helm)
        .into_iter()
        .find(|command| command.tool == "helm")
        .expect("by its tag");
    assert!(command.command.ends_with("--version 1.4.2") && command.note.is_some());
    let untagged = Subject {
        tag: None,
        ..at("ghcr.io", Kind::Helm)
    };
    check(&untagged, &[("helm", None)]);
    let deep = Subject {
        repository: "a/b/c".parse().expect("a fixed name"),
        ..at("ghcr.io", Kind::Ollama)
    };
    check(&deep, &[("ollama", None)]);
}

#[test]
fn a_chart_version_has_its_plus_again() {
    let chart = Subject {
        tag: Some("1.0.0_build.5".parse().expect("a fixed tag")),
        ..at("ghcr.io", Kind::Helm)
    };
    assert_eq!(
        line(&chart, "helm").as_deref(),
        Some("helm pull oci://ghcr.io/acme/detector --version 1.0.0+build.5")
    );
}

#[test]
fn a_folder_is_read_in_place() {
    check(
        &folder(Kind::Image, "/srv/my models/acme/detector"),
        &[
            (
                "docker",
                Some("skopeo copy 'oci:/srv/my models/acme/detector:1.4.2' docker-daemon:acme/detector:1.4.2"),
            ),
            ("podman", Some("podman pull 'oci:/srv/my models/acme/detector:1.4.2'")),
            (
                "apptainer",
                Some("apptainer build detector-1.4.2.sif 'oci:/srv/my models/acme/detector:1.4.2'"),
            ),
            (
                "oras",
                Some(
                    "oras copy --from-oci-layout '/srv/my models/acme/detector:1.4.2' --to-oci-layout detector-1.4.2:1.4.2",
                ),
            ),
            ("crane", None),
            ("zenml", None),
            ("kubernetes", None),
        ],
    );
    check(
        &folder(Kind::ModelPack, "/srv/detector"),
        &[
            (
                "oras",
                Some("oras pull --oci-layout /srv/detector:1.4.2 --output detector-1.4.2"),
            ),
            ("modctl", None),
            ("podman", None),
        ],
    );
}

#[test]
fn a_path_with_a_colon_is_given_only_to_tools_that_can_read_it() {
    check(
        &folder(Kind::Image, "/srv/a:b"),
        &[("podman", None), ("skopeo", None), ("docker", None)],
    );
}

#[test]
fn an_archive_is_named_as_one() {
    check(
        &folder(Kind::Image, "/srv/model.tar"),
        &[
            ("podman", Some("podman pull oci-archive:/srv/model.tar:1.4.2")),
            ("oras", None),
        ],
    );
}

#[test]
fn nothing_of_a_config_reaches_a_shell_unquoted() {
    for command in pull_commands(&at("ghcr.io", Kind::Image)) {
        assert!(!command.command.contains("rm -rf"), "{}", command.command);
    }
}

#[test]
fn snippets_are_yaml_with_the_image_and_its_ports() {
    assert_eq!(
        line(&at("ghcr.io", Kind::Image), "kubernetes").expect("for an image"),
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: detector\nspec:\n  containers:\n    - name: detector\n      image: \"ghcr.io/acme/detector:1.4.2\"\n      ports:\n        - containerPort: 8080\n        - containerPort: 53\n          protocol: UDP"
    );
    assert_eq!(
        line(&at("ghcr.io", Kind::Image), "compose").expect("for an image"),
        "services:\n  detector:\n    image: \"ghcr.io/acme/detector:1.4.2\"\n    ports:\n      - \"8080:8080\"\n      - \"53:53/udp\""
    );
}

#[test]
fn an_own_authority_is_named() {
    let place = RegistryPlace {
        ca_file: Some("/etc/lab ca.pem".into()),
        ..registry_place("registry.lab")
    };
    let chart = subject(Kind::Helm, Place::Registry(place));
    assert_eq!(
        line(&chart, "helm").as_deref(),
        Some("helm pull --ca-file '/etc/lab ca.pem' oci://registry.lab/acme/detector --version 1.4.2")
    );
}

proptest::proptest! {
    #[test]
    fn a_shell_reads_every_line_as_it_was_meant(path in "/[ -~äß]{1,40}", tag in "[a-zA-Z0-9_][a-zA-Z0-9._-]{0,20}") {
        let place = Place::Layout { path: path.clone().into(), is_archive: false };
        let subject = Subject { tag: Some(tag.parse().expect("a tag by construction")), ..subject(Kind::Image, place) };
        for command in pull_commands(&subject) {
            let words = shlex::split(&command.command).expect("a shell can read it");
            proptest::prop_assert!(words.iter().any(|word| word.contains(&path)), "{}", command.command);
        }
    }
}
