//! Small repositories, written down by name, and what a plan says of them.

use std::collections::HashMap;

use artifact::{ByteSize, Digest, Tag};
use chrono::{DateTime, TimeDelta, Utc};
use registry::{ChildProtection, DeleteRules, DigestDelete, TagDelete, Undo};

use crate::{
    Action, Located, Plan, Policy, PolicySet, ProtectedTags, Pruning, Snapshot, SnapshotManifest, SnapshotTag, Step,
    plan_prune,
};

/// The rules of a folder: everything goes one by one.
pub(super) const ONE_BY_ONE: DeleteRules = DeleteRules {
    tag: TagDelete::Alone,
    digest: DigestDelete::LeavesTags,
    children: ChildProtection::Unprotected,
    undo: Undo::PutAgain,
};

/// The rules of distribution 2.8 as they are probed.
pub(super) const OVER_A_DUMMY: DeleteRules = DeleteRules {
    tag: TagDelete::DummyManifest,
    digest: DigestDelete::Unknown,
    children: ChildProtection::Unprotected,
    undo: Undo::PutAgain,
};

pub(super) fn now() -> DateTime<Utc> {
    "2026-07-01T12:00:00Z".parse().expect("a time")
}

pub(super) fn days_ago(days: i64) -> DateTime<Utc> {
    now() - TimeDelta::days(days)
}

/// The digest that stands for a name in these tests.
pub(super) fn digest(name: &str) -> Digest {
    Digest::of(name.as_bytes())
}

pub(super) fn tag(name: &str) -> Tag {
    name.parse().expect("a tag")
}

pub(super) struct Repository(pub(super) Snapshot);

impl Repository {
    pub(super) fn new() -> Self {
        Self::at("registry", "vision/model")
    }

    pub(super) fn at(connection: &str, name: &str) -> Self {
        Self(Snapshot {
            at: Located {
                connection: connection.into(),
                repository: name.parse().expect("a name"),
            },
            tags: Vec::new(),
            manifests: HashMap::new(),
            unreadable: Vec::new(),
            untagged: Vec::new(),
            lists_manifests: true,
            rules: ONE_BY_ONE,
        })
    }

    pub(super) fn with_rules(mut self, rules: DeleteRules) -> Self {
        self.0.rules = rules;
        self
    }

    /// One image per tag: `(tag, how many days ago it was made)`.
    pub(super) fn of_images(images: &[(&str, i64)]) -> Self {
        let mut repository = Self::new();
        for (name, days) in images {
            repository.image(name, Some(*days)).tag(name, name);
        }
        repository
    }

    /// An image with one layer of its own of 10 bytes.
    pub(super) fn image(&mut self, name: &str, days: Option<i64>) -> &mut Self {
        let manifest = self.manifest(name);
        manifest.created = days.map(days_ago);
        manifest.blobs = vec![(digest(&format!("layer of {name}")), ByteSize(10))];
        self
    }

    pub(super) fn index(&mut self, name: &str, days: Option<i64>, children: &[&str]) -> &mut Self {
        let manifest = self.manifest(name);
        manifest.created = days.map(days_ago);
        manifest.children = children.iter().map(|child| digest(child)).collect();
        self
    }

    /// A manifest with a subject; the registry has no list of it.
    pub(super) fn referrer(&mut self, name: &str, subject: &str) -> &mut Self {
        self.manifest(name).subject = Some(digest(subject));
        self
    }

    /// What the registry says points at `subject`, without a subject of its own.
    pub(super) fn listed_referrer(&mut self, name: &str, subject: &str) -> &mut Self {
        self.manifest(name);
        self.manifest(subject).referrers.push(digest(name));
        self
    }

    pub(super) fn layer(&mut self, name: &str, layer: &str, bytes: u64) -> &mut Self {
        self.manifest(name).blobs.push((digest(layer), ByteSize(bytes)));
        self
    }

    pub(super) fn tag(&mut self, name: &str, on: &str) -> &mut Self {
        self.tag_seen(name, on, None, None)
    }

    /// Days ago.
    pub(super) fn tag_seen(&mut self, name: &str, on: &str, pushed: Option<i64>, pulled: Option<i64>) -> &mut Self {
        self.0.tags.push(SnapshotTag {
            tag: tag(name),
            digest: digest(on),
            pushed: pushed.map(days_ago),
            pulled: pulled.map(days_ago),
        });
        self
    }

    /// `sha256-<hex of subject>` and an ending, on a manifest.
    pub(super) fn attached_tag(&mut self, subject: &str, ending: &str, on: &str) -> &mut Self {
        self.tag(&attached(subject, ending), on)
    }

    fn manifest(&mut self, name: &str) -> &mut SnapshotManifest {
        self.0.manifests.entry(digest(name)).or_default()
    }

    pub(super) fn plan(&self, rules: &str) -> Plan {
        plan(&[self], rules)
    }
}

pub(super) fn attached(subject: &str, ending: &str) -> String {
    format!("sha256-{}{ending}", digest(subject).hex())
}

/// The plan of one policy, whose rules are given as lines of TOML.
pub(super) fn plan(repositories: &[&Repository], rules: &str) -> Plan {
    let policies = policies(rules);
    let prunings = repositories.iter().map(|repository| Pruning {
        snapshot: &repository.0,
        policies: policies.iter().collect(),
    });
    plan_prune(&prunings.collect::<Vec<_>>(), &ProtectedTags::default(), now())
}

pub(super) fn policies(rules: &str) -> Vec<Policy> {
    let text = if rules.contains("[[policy]]") {
        rules.to_owned()
    } else {
        format!("[[policy]]\n{}", rules.replace("; ", "\n"))
    };
    let set = PolicySet::from_toml(&text).expect("a policy");
    set.policies().to_vec()
}

/// Names in order.
pub(super) fn tags_that_go(plan: &Plan) -> Vec<String> {
    let mut tags: Vec<String> = plan
        .steps
        .iter()
        .flat_map(|step| &step.tags)
        .map(Tag::to_string)
        .collect();
    tags.sort_unstable();
    tags
}

/// `tag: reason`, in order.
pub(super) fn kept(plan: &Plan) -> Vec<String> {
    let mut kept: Vec<String> = plan
        .kept
        .iter()
        .map(|kept| format!("{}: {}", kept.tag, kept.reason))
        .collect();
    kept.sort_unstable();
    kept
}

pub(super) fn deletes(plan: &Plan, name: &str) -> bool {
    deletion(plan, name).is_some()
}

pub(super) fn deletion<'a>(plan: &'a Plan, name: &str) -> Option<&'a Step> {
    let is_deletion = |step: &&Step| step.action == Action::DeleteManifest && step.digest == digest(name);
    plan.steps.iter().find(is_deletion)
}

/// Why a digest is protected.
pub(super) fn protection(plan: &Plan, name: &str) -> Option<String> {
    let protected = plan.protected.iter().find(|protected| protected.digest == digest(name));
    protected.map(|protected| protected.because.to_string())
}
