//! From what was read of source and target to the steps of a copy. Pure.
//!
//! Blobs come first, then manifests, children before what lists them; then what points at the version; its tags are last,
//! each after everything else, so that a tag never points at anything incomplete or unsigned wherever the work stops.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use artifact::{ByteSize, Digest, Manifest, Tag};
use registry::RawManifest;

use super::{
    source::{SourceArtifact, SourceBlob, SourceManifest},
    target::TargetState,
};
use crate::{Action, ChangeKind, Plan, Step};

/// The plan of a copy. Without a wanted tag the version is put under its digest alone.
pub fn plan_copy(source: &SourceArtifact, target: &TargetState) -> Plan {
    plan_transfer(ChangeKind::Copy, source, target)
}

/// A copy, whatever it is for.
pub(crate) fn plan_transfer(kind: ChangeKind, source: &SourceArtifact, target: &TargetState) -> Plan {
    let mut drawing = Drawing::new(source, target);
    drawing.warnings.clone_from(&source.warnings);
    let referrer_tags = drawing.travelling_tags();
    drawing.blobs(&referrer_tags);
    drawing.version(!referrer_tags.is_empty());
    drawing.referrers();
    drawing.referrer_tags(&referrer_tags);
    drawing.tags();
    if drawing.steps.is_empty() {
        drawing
            .warnings
            .push("everything is already there: nothing has to be done".to_owned());
    }
    drawing.into_plan(kind)
}

/// A plan without anything but these steps.
pub(crate) fn plan_of(
    kind: ChangeKind,
    steps: Vec<Step>,
    manifests: BTreeMap<Digest, RawManifest>,
    warnings: Vec<String>,
) -> Plan {
    Plan {
        kind,
        steps,
        kept: Vec::new(),
        protected: Vec::new(),
        unreadable: Vec::new(),
        reclaimed: ByteSize::ZERO,
        deleted_tags: 0,
        warnings,
        manifests,
    }
}

/// The step that puts a tag, and what to say of one that moves.
pub(crate) fn tag_step(
    target: &TargetState,
    (tag, holds): (&Tag, Option<&Digest>),
    manifest: &RawManifest,
    after: Vec<usize>,
) -> (Step, Option<String>) {
    let reason = match holds {
        None => "a new tag".to_owned(),
        Some(before) => format!("moves from {}", before.short()),
    };
    let step = Step {
        action: Action::PutManifest,
        at: target.at.clone(),
        tag: Some(tag.clone()),
        digest: manifest.digest.clone(),
        expected: holds.cloned(),
        tags: vec![tag.clone()],
        reason,
        bytes: length(manifest),
        after,
    };
    (step, holds.map(|before| moved(target, tag, before, &manifest.digest)))
}

fn moved(target: &TargetState, tag: &Tag, before: &Digest, to: &Digest) -> String {
    let mut warning = format!("the tag {tag} moves from {} to {}", before.short(), to.short());
    if !target.replaced.contains_key(before) {
        warning.push_str("; what it holds could not be read, so it may not come back by undo");
    }
    warning
}

/// A plan while it is drawn.
struct Drawing<'a> {
    source: &'a SourceArtifact,
    target: &'a TargetState,
    steps: Vec<Step>,
    /// The step that brings a blob or a manifest, where one does.
    brought: HashMap<&'a Digest, usize>,
    manifests: BTreeMap<Digest, RawManifest>,
    warnings: Vec<String>,
}

impl<'a> Drawing<'a> {
    fn new(source: &'a SourceArtifact, target: &'a TargetState) -> Self {
        Self {
            source,
            target,
            steps: Vec::new(),
            brought: HashMap::new(),
            manifests: BTreeMap::new(),
            warnings: Vec::new(),
        }
    }

    /// cosign's tags that have to be put. A tag of the target that holds more than the source's is left as it is: what
    /// others signed there must not get lost.
    fn travelling_tags(&mut self) -> Vec<(&'a Tag, &'a Digest)> {
        let mut travelling = Vec::new();
        for (tag, digest) in &self.source.referrer_tags {
            match self.target.referrer_tags.get(tag) {
                Some(held) if held == digest => {}
                Some(held) if !self.holds_no_more(held, digest) => self.warnings.push(format!(
                    "{tag} of the target holds signatures or statements that the source has not: it stays as it is, and \
                     those of the source do not travel"
                )),
                _ => travelling.push((tag, digest)),
            }
        }
        travelling
    }

    fn holds_no_more(&self, held: &Digest, coming: &Digest) -> bool {
        let layers = |raw: &RawManifest| -> Option<BTreeSet<Digest>> {
            let parsed = Manifest::parse(Some(&raw.media_type), &raw.bytes).ok()?;
            Some(parsed.layers().iter().map(|layer| layer.digest.clone()).collect())
        };
        let held = self.target.replaced.get(held).and_then(layers);
        let coming = self.source.manifests.get(coming).and_then(|coming| layers(&coming.raw));
        held.zip(coming).is_some_and(|(held, coming)| held.is_subset(&coming))
    }

    /// Every blob that the target lacks, once.
    fn blobs(&mut self, referrer_tags: &[(&'a Tag, &'a Digest)]) {
        let source = self.source;
        let tops = [&source.root].into_iter().chain(&source.referrers);
        let tops: Vec<&Digest> = tops.chain(referrer_tags.iter().map(|(_, digest)| *digest)).collect();
        for digest in source.bottom_up(tops) {
            let Some(manifest) = source.manifests.get(digest) else {
                continue;
            };
            for blob in &manifest.blobs {
                if !self.target.blobs.contains(&blob.digest) && !self.brought.contains_key(&blob.digest) {
                    self.blob(blob, manifest);
                }
            }
        }
    }

    fn blob(&mut self, blob: &'a SourceBlob, of: &SourceManifest) {
        let is_here = self.source.at.connection == self.target.at.connection
            || self.source.place.host() == self.target.place.host();
        let (action, bytes, reason) = if is_here {
            let from = self.source.at.repository.clone();
            let reason = format!("for {}; the registry has it in {from}", of.name);
            (Action::MountBlob { from }, ByteSize::ZERO, reason)
        } else {
            let from = self.source.at.clone();
            (Action::CopyBlob { from }, blob.size, format!("for {}", of.name))
        };
        // Whoever does the step can look up there how large the blob is.
        self.manifests.insert(of.raw.digest.clone(), of.raw.clone());
        self.step(&blob.digest, action, bytes, reason, Vec::new());
    }

    /// The version and what stands below it. Where nothing comes between it and its tags, a tag brings it.
    fn version(&mut self, has_referrer_tags: bool) {
        let root = &self.source.root;
        for digest in self.source.bottom_up([root]) {
            let waits =
                digest != root || self.target.tags.is_empty() || has_referrer_tags || !self.source.referrers.is_empty();
            if waits {
                self.manifest(digest, Vec::new());
            }
        }
    }

    fn referrers(&mut self) {
        for referrer in &self.source.referrers {
            for digest in self.source.bottom_up([referrer]) {
                let subject = self
                    .source
                    .manifests
                    .get(digest)
                    .and_then(|manifest| manifest.subject.as_ref());
                let after = subject.and_then(|subject| self.brought.get(subject)).copied();
                self.manifest(digest, after.into_iter().collect());
            }
        }
    }

    fn referrer_tags(&mut self, tags: &[(&'a Tag, &'a Digest)]) {
        for (tag, digest) in tags {
            for below in self.source.bottom_up([*digest]) {
                if below != *digest {
                    self.manifest(below, Vec::new());
                }
            }
            let Some(manifest) = self.source.manifests.get(*digest) else {
                continue;
            };
            let mut after = self.needs(manifest);
            after.extend(self.brought.get(*digest));
            after.extend(self.brought.get(&self.source.root));
            self.put_on(
                tag,
                self.target.referrer_tags.get(*tag),
                &manifest.raw,
                after,
                Some(&manifest.name),
            );
        }
    }

    /// The wanted tags, after everything else; each after the one before, so that a channel that is named last moves last.
    fn tags(&mut self) {
        let Some(root) = self.source.manifests.get(&self.source.root) else {
            return;
        };
        for tag in &self.target.tags {
            if tag.holds.as_ref() != Some(&self.source.root) {
                let everything = (0..self.steps.len()).collect();
                self.put_on(&tag.tag, tag.holds.as_ref(), &root.raw, everything, None);
            }
        }
    }

    fn put_on(
        &mut self,
        tag: &Tag,
        holds: Option<&Digest>,
        manifest: &RawManifest,
        mut after: Vec<usize>,
        name: Option<&String>,
    ) {
        after.sort_unstable();
        after.dedup();
        let (mut step, warning) = tag_step(self.target, (tag, holds), manifest, after);
        if let Some(name) = name {
            step.reason = format!("{name}; {}", step.reason);
        }
        self.warnings.extend(warning);
        self.manifests.insert(manifest.digest.clone(), manifest.clone());
        let replaced = holds.and_then(|before| self.target.replaced.get(before));
        self.manifests
            .extend(replaced.map(|raw| (raw.digest.clone(), raw.clone())));
        self.steps.push(step);
    }

    /// Puts a manifest under its digest, after what it needs, unless it is there or is put already.
    fn manifest(&mut self, digest: &'a Digest, mut after: Vec<usize>) {
        let Some(manifest) = self.source.manifests.get(digest) else {
            return;
        };
        let is_unlisted = self.target.unlisted.contains(digest);
        let is_there = self.target.manifests.contains(digest) && !is_unlisted;
        if is_there || self.brought.contains_key(digest) {
            return;
        }
        after.extend(self.needs(manifest));
        after.sort_unstable();
        after.dedup();
        self.manifests.insert(digest.clone(), manifest.raw.clone());
        let mut reason = manifest.name.clone();
        if is_unlisted {
            reason.push_str("; it is there, but is put again so that it is listed");
        }
        self.step(digest, Action::PutManifest, length(&manifest.raw), reason, after);
        if let Some(step) = self.steps.last_mut().filter(|_| is_unlisted) {
            step.expected = Some(digest.clone());
        }
    }

    /// The steps that bring what a manifest needs.
    fn needs(&self, manifest: &SourceManifest) -> Vec<usize> {
        let blobs = manifest.blobs.iter().map(|blob| &blob.digest);
        let needs = manifest.children.iter().chain(blobs);
        needs.filter_map(|digest| self.brought.get(digest).copied()).collect()
    }

    fn step(&mut self, digest: &'a Digest, action: Action, bytes: ByteSize, reason: String, after: Vec<usize>) {
        self.brought.insert(digest, self.steps.len());
        self.steps.push(Step {
            action,
            at: self.target.at.clone(),
            tag: None,
            digest: digest.clone(),
            expected: None,
            tags: Vec::new(),
            reason,
            bytes,
            after,
        });
    }

    fn into_plan(self, kind: ChangeKind) -> Plan {
        plan_of(kind, self.steps, self.manifests, self.warnings)
    }
}

fn length(manifest: &RawManifest) -> ByteSize {
    ByteSize(manifest.bytes.len() as u64)
}
