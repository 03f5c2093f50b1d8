//! What holds for every backup: it is whole before anything goes, and brings back what the registry has lost.

use std::{collections::BTreeSet, sync::Arc};

use artifact::{Digest, Manifest};
use proptest::prelude::*;
use registry::{Operation, Place};
use tokio::runtime::{Builder, Runtime};

use super::{read_going, with_backup};
use crate::{
    Action, ChangeKind, ChangeState, Located, Plan, Step,
    double::{
        MemoryRegistry, REPOSITORY, Semantics, World, at, delete_manifest, delete_tag, denied, name, plan, world,
    },
    execute_undo, plan_undo, read_target,
    run::{
        children,
        tests::{Stage, party},
    },
};

const BACKUP: &str = "backup";

/// A registry, what goes from it, and a folder for the backup.
struct Yard {
    registry: Arc<MemoryRegistry>,
    folder: Arc<MemoryRegistry>,
    plan: Plan,
    stage: Stage,
}

impl Yard {
    fn new(registry: Arc<MemoryRegistry>, plan: Plan) -> Self {
        let folder = MemoryRegistry::new(Semantics::Folder);
        let mut stage = Stage::new(&registry);
        stage.context.parties.insert(party(BACKUP), folder.clone());
        Self {
            registry,
            folder,
            plan,
            stage,
        }
    }

    /// Only what a random world deletes.
    fn random(choices: &[u8], semantics: Semantics) -> Self {
        let World { registry, mut plan } = world(choices, semantics);
        let count = plan.steps.iter().take_while(|step| deletes(step)).count();
        plan.steps.truncate(count);
        plan.kind = ChangeKind::Prune;
        Self::new(registry, plan)
    }

    fn target() -> Located {
        Located {
            connection: BACKUP.into(),
            repository: name("kept/model"),
        }
    }

    /// Removes every blob that no manifest needs any more.
    fn collect_garbage(&self) {
        let present = self.registry.state().repository(REPOSITORY).present.clone();
        let needed: BTreeSet<Digest> = present.iter().flat_map(|left| whole(&self.registry, left)).collect();
        let deleted = self
            .plan
            .steps
            .iter()
            .filter(|step| step.action == Action::DeleteManifest);
        for digest in deleted.flat_map(|step| whole(&self.registry, &step.digest)) {
            if !needed.contains(&digest) {
                self.registry.state().collect(REPOSITORY, &digest);
            }
        }
    }

    async fn backed_up(&self) -> (Plan, usize) {
        let operation = Operation::unobserved();
        let going = read_going(&*self.registry, &at(REPOSITORY), &self.plan, &operation).await;
        let Some(going) = going.expect("it can be read") else {
            return (self.plan.clone(), 0);
        };
        let (needed, tags) = (going.needed(), going.tags());
        let state = read_target(&*self.folder, &Self::target(), &needed, &tags, &operation).await;
        let mut state = state.expect("it can be read");
        // Registries in memory all have one name.
        state.place = Place::registry("folder");
        with_backup(self.plan.clone(), &[(going, state)])
    }
}

fn deletes(step: &Step) -> bool {
    matches!(step.action, Action::DeleteTag | Action::DeleteManifest)
}

/// Everything that has to be done before a step.
fn before(plan: &Plan, place: usize) -> BTreeSet<usize> {
    let mut open = vec![place];
    let mut found = BTreeSet::new();
    while let Some(place) = open.pop() {
        open.extend(plan.steps[place].after.iter().filter(|before| found.insert(**before)));
    }
    found
}

/// The digests of a version and of all below it, blobs too.
fn whole(registry: &MemoryRegistry, digest: &Digest) -> BTreeSet<Digest> {
    let raw = registry.state().raw(digest);
    let read = Manifest::parse(Some(&raw.media_type), &raw.bytes).expect("a manifest");
    let blobs = read.config().into_iter().chain(read.layers());
    let mut all: BTreeSet<Digest> = blobs.map(|blob| blob.digest.clone()).collect();
    all.insert(digest.clone());
    all.extend(children(&raw).iter().flat_map(|child| whole(registry, child)));
    all
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("a runtime")
}

fn semantics() -> impl Strategy<Value = Semantics> {
    proptest::sample::select(Semantics::DELETING.to_vec())
}

fn choices() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_delete_waits_for_the_whole_backup(choices in choices(), semantics in semantics()) {
        let yard = Yard::random(&choices, semantics);
        let (plan, count) = runtime().block_on(yard.backed_up());
        prop_assert_eq!(plan.steps.len(), count + yard.plan.steps.len());
        let brought: BTreeSet<&Digest> = plan.steps[..count].iter().map(|step| &step.digest).collect();
        for (place, step) in plan.steps.iter().enumerate() {
            prop_assert!(step.after.iter().all(|before| *before < place));
            prop_assert_eq!(deletes(step), place >= count);
            if place < count {
                prop_assert_eq!(&step.at, &Yard::target());
                continue;
            }
            let waits = before(&plan, place);
            prop_assert!((0..count).all(|of_backup| waits.contains(&of_backup)), "{:?}", step);
            if step.action == Action::DeleteManifest {
                for digest in whole(&yard.registry, &step.digest) {
                    prop_assert!(brought.contains(&digest), "{} is not in the backup", digest);
                }
            }
        }
    }

    #[test]
    fn whatever_step_of_the_backup_fails_nothing_goes(
        choices in choices(),
        semantics in semantics(),
        failing in any::<prop::sample::Index>(),
    ) {
        let yard = Yard::random(&choices, semantics);
        let runtime = runtime();
        let (plan, count) = runtime.block_on(yard.backed_up());
        prop_assume!(count > 0);
        let step = &plan.steps[failing.index(count)];
        let question = match (&step.action, &step.tag) {
            (Action::PutManifest, Some(tag)) => format!("PUT kept/model:{tag}"),
            (Action::PutManifest, None) => format!("PUT kept/model@{}", step.digest),
            _ => format!("SEND kept/model@{}", step.digest),
        };
        yard.folder.refuse(&question, 100, denied());
        let first = yard.registry.contents();
        let outcome = runtime.block_on(yard.stage.make(&plan));
        prop_assert!(matches!(outcome.state, ChangeState::Failed | ChangeState::Partial), "{:?}", outcome);
        prop_assert!(yard.registry.asked("DELETE").is_empty() && yard.registry.asked("PUT").is_empty());
        prop_assert_eq!(yard.registry.contents(), first);
    }

    #[test]
    fn undo_takes_from_the_backup_what_the_registry_has_lost(choices in choices(), semantics in semantics()) {
        let yard = Yard::random(&choices, semantics);
        let first = yard.registry.contents();
        let operation = Operation::unobserved();
        runtime().block_on(async {
            let (plan, _) = yard.backed_up().await;
            let outcome = yard.stage.make(&plan).await;
            prop_assert_eq!(outcome.state, ChangeState::Done, "{:?}", outcome);
            let stored = yard.folder.contents();
            yard.collect_garbage();
            let id = outcome.journal_id;
            let undo = plan_undo(id, &yard.stage.context, &operation).await.expect("it can be undone");
            prop_assert!(undo.unreadable.is_empty(), "{:?}", undo.warnings);
            let undone = execute_undo(id, &undo, &yard.stage.context, &operation).await.expect("it runs");
            prop_assert_eq!(undone.state, ChangeState::Done, "{:?}", undone);
            prop_assert_eq!(yard.registry.contents(), first);
            prop_assert_eq!(yard.folder.contents(), stored, "the backup stays");
            Ok(())
        })?;
    }
}

/// A version of one layer on `v1`, that goes.
fn one_version() -> (Yard, Digest) {
    let registry = MemoryRegistry::new(Semantics::Distribution3);
    let version = registry.state().image(REPOSITORY, &["layer"]);
    registry.state().tag(REPOSITORY, "v1", &version);
    let mut steps = vec![
        delete_tag(REPOSITORY, "v1", &version),
        delete_manifest(REPOSITORY, &version, &[]),
    ];
    steps[1].after = vec![0];
    let plan = plan(ChangeKind::Prune, &registry, steps);
    (Yard::new(registry, plan), version)
}

#[tokio::test]
async fn what_an_earlier_backup_holds_is_not_sent_again_and_its_place_is_known_to_undo() {
    let (yard, version) = one_version();
    let (plan, _) = yard.backed_up().await;
    assert_eq!(yard.stage.make(&plan).await.state, ChangeState::Done);
    assert_eq!(yard.folder.state().held("kept/model", "v1"), Some(version.clone()));
    yard.registry.state().tag(REPOSITORY, "v1", &version);
    yard.registry
        .state()
        .repository(REPOSITORY)
        .present
        .insert(version.clone());
    let (plan, count) = yard.backed_up().await;
    assert_eq!((count, &plan.steps[0].action), (1, &Action::PutManifest));
    let sent = yard.folder.asked("SEND").len();
    let outcome = yard.stage.make(&plan).await;
    assert_eq!(outcome.state, ChangeState::Done, "{outcome:?}");
    assert_eq!(yard.folder.asked("SEND").len(), sent);
    yard.registry.state().collect(REPOSITORY, &Digest::of(b"layer"));
    let undo = plan_undo(outcome.journal_id, &yard.stage.context, &Operation::unobserved()).await;
    let undo = undo.expect("it can be undone");
    let copied: Vec<&Digest> = undo
        .steps
        .iter()
        .filter(|step| matches!(&step.action, Action::CopyBlob { from } if *from == Yard::target()))
        .map(|step| &step.digest)
        .collect();
    assert_eq!(copied, [&Digest::of(b"layer")]);
}

#[tokio::test]
async fn the_journal_counts_what_goes_once_and_names_the_place_of_the_backup() {
    let (yard, _) = one_version();
    let (plan, count) = yard.backed_up().await;
    assert_eq!(plan.backups(), BTreeSet::from([Yard::target()]));
    let id = yard.stage.make(&plan).await.journal_id;
    let detail = yard.stage.context.journal.entry(id).expect("its entry");
    assert_eq!(detail.backups(), plan.backups());
    assert_eq!(detail.entry.backups, [Yard::target()], "the list says the same");
    assert_eq!(detail.entry.repositories, [at(REPOSITORY)]);
    let planned = detail.entry.planned;
    assert_eq!(planned.steps, count as u64 + 2);
    let freed: u64 = plan.steps[count..].iter().map(|step| step.bytes.0).sum();
    assert_eq!((planned.tags, planned.digests, planned.bytes.0), (1, 1, freed));
}

#[tokio::test]
async fn a_backup_promises_more_than_the_registry_does() {
    let (mut yard, _) = one_version();
    let warnings = [
        "a, b: this cannot be undone",
        "c: this can be undone for 30 days",
        "d: the space is free only when the registry collects its garbage; until then this can be undone",
        "e: deletes are off",
    ];
    yard.plan.warnings = warnings.map(str::to_owned).to_vec();
    let (plan, _) = yard.backed_up().await;
    let told = [
        "d: the space is free only when the registry collects its garbage",
        "e: deletes are off",
        "this can be undone for as long as the backup is kept",
    ];
    assert_eq!(plan.warnings, told);
    let nothing = Plan {
        steps: Vec::new(),
        ..yard.plan.clone()
    };
    let (plan, count) = with_backup(nothing, &[]);
    assert_eq!((count, plan.warnings), (0, yard.plan.warnings));
}

#[tokio::test]
async fn a_blob_that_the_backup_has_lost_too_is_named() {
    let (yard, _) = one_version();
    let (plan, _) = yard.backed_up().await;
    let id = yard.stage.make(&plan).await.journal_id;
    yard.registry.state().collect(REPOSITORY, &Digest::of(b"layer"));
    yard.folder.state().collect("kept/model", &Digest::of(b"layer"));
    let refused = plan_undo(id, &yard.stage.context, &Operation::unobserved()).await;
    let refused = refused.expect_err("nothing is left").to_string();
    assert!(refused.contains("is gone, also in its backup"), "{refused}");
}

#[tokio::test]
async fn a_version_of_a_format_that_cannot_be_put_again_stops_the_plan() {
    let (mut yard, version) = one_version();
    let raw = yard.plan.manifests.get_mut(&version).expect("its bytes");
    raw.media_type = "application/vnd.docker.distribution.manifest.v1+prettyjws".to_owned();
    raw.bytes = br#"{"schemaVersion":1,"name":"a","tag":"b","fsLayers":[],"history":[]}"#
        .as_slice()
        .into();
    let operation = Operation::unobserved();
    let refused = read_going(&*yard.registry, &at(REPOSITORY), &yard.plan, &operation).await;
    let refused = refused.expect_err("it cannot be backed up");
    assert!(refused.to_string().contains("cannot be backed up"), "{refused}");
    assert!(refused.hint().is_some_and(|hint| hint.contains("--keep")));
}
