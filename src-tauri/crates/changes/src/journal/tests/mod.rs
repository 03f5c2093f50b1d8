//! Tests of the journal's file: opening, refusing, listing, exporting.

mod lists;

use std::fs;

use artifact::{Digest, Tag};
use registry::ErrorCode;

use super::{
    ChangeId, ChangeState, Ending, EntryFilter, Journal, JournalError, Mark, NewChange, Origin, StepEnd, Unfinished,
};
use crate::{
    ChangeKind, Plan,
    double::{MemoryRegistry, Semantics, at, delete_tag, plan, put, tag},
    run::tests::{folder, noon, party},
};

const R: &str = "team/model";

fn begin(journal: &Journal, plan: &Plan) -> Unfinished {
    let party = party("c");
    let new = NewChange {
        plan,
        manifests: plan.manifests.values().collect(),
        parties: vec![&party],
        undoes: None,
        origin: &Origin::default(),
        started: noon(),
    };
    journal.begin(&new).expect("it is written")
}

fn finish(journal: &Journal, id: ChangeId, ends: &[StepEnd]) {
    let mut marks = Vec::new();
    for (place, end) in ends.iter().enumerate() {
        let (at, end) = (noon(), end.clone());
        marks.push(Mark::Begun { place, at });
        marks.push(Mark::Ended { place, at, end });
    }
    let ending = Ending::Done;
    marks.push(Mark::Finished { at: noon(), ending });
    journal.note(id, &marks).expect("it is written");
}

fn promotion(repository: &str) -> Plan {
    let registry = MemoryRegistry::new(Semantics::Distribution3);
    let (old, new) = {
        let mut state = registry.state();
        (state.image(repository, &["old"]), state.image(repository, &["new"]))
    };
    plan(
        ChangeKind::Promote,
        &registry,
        vec![put(repository, "production", &new, Some(&old))],
    )
}

fn deletion(repository: &str, tags: &[&str]) -> Plan {
    let registry = MemoryRegistry::new(Semantics::Distribution3);
    let version = registry.state().image(repository, &["a"]);
    let steps = tags.iter().map(|tag| delete_tag(repository, tag, &version)).collect();
    plan(ChangeKind::Delete, &registry, steps)
}

#[test]
fn what_was_written_is_there_after_a_restart() {
    let folder = folder();
    let path = folder.path().join("journal.sqlite");
    let journal = Journal::open(&path).expect("a journal");
    let plan = promotion(R);
    let id = begin(&journal, &plan).id;
    drop(journal);
    let journal = Journal::open(&path).expect("the same journal");
    let detail = journal.entry(id).expect("an entry");
    assert_eq!(detail.steps[0].step, plan.steps[0]);
    assert_eq!(detail.entry.state, ChangeState::Interrupted);
    assert_eq!(journal.manifests(id).expect("its manifests"), plan.manifests);
    assert_eq!(id.to_string().parse(), Ok(id));
}

#[test]
fn two_changes_never_share_the_word_of_their_dummies() {
    let folders = [folder(), folder()];
    let words: Vec<String> = folders
        .iter()
        .flat_map(|folder| {
            let journal = Journal::open(&folder.path().join("journal.sqlite")).expect("a journal");
            let words = [begin(&journal, &promotion(R)).word, begin(&journal, &promotion(R)).word];
            words.to_vec()
        })
        .collect();
    let different: std::collections::BTreeSet<&String> = words.iter().collect();
    assert_eq!(different.len(), 4, "{words:?}");
}

#[test]
fn a_damaged_journal_is_left_where_it_is() {
    let folder = folder();
    let path = folder.path().join("journal.sqlite");
    let foreign = b"this is no database, and long enough to have a header of its own: ".repeat(40);
    fs::write(&path, &foreign).expect("written");
    let error = Journal::open(&path).expect_err("it is damaged");
    assert!(matches!(error, JournalError::Corrupt { .. }), "{error:?}");
    assert!(error.hint().is_some_and(|hint| hint.contains("backup")));
    assert_eq!(fs::read(&path).expect("it is there"), foreign);
}

#[test]
fn a_newer_journal_is_refused_and_not_touched() {
    let folder = folder();
    let path = folder.path().join("journal.sqlite");
    drop(Journal::open(&path).expect("a journal"));
    let newer = rusqlite::Connection::open(&path).expect("a database");
    newer.execute_batch("PRAGMA user_version = 99").expect("a pragma");
    drop(newer);
    let error = Journal::open(&path).expect_err("it is newer");
    assert!(matches!(error, JournalError::TooNew { found: 99, .. }), "{error:?}");
    assert_eq!(error.code(), ErrorCode::IndexTooNew);
}

#[test]
fn another_programs_database_gets_no_tables() {
    let folder = folder();
    let path = folder.path().join("journal.sqlite");
    let other = rusqlite::Connection::open(&path).expect("a database");
    other.execute_batch("CREATE TABLE songs (name TEXT)").expect("a table");
    drop(other);
    assert!(matches!(Journal::open(&path), Err(JournalError::Corrupt { .. })));
}

#[test]
fn lists_are_newest_first_filtered_and_in_pages() {
    let folder = folder();
    let journal = Journal::open(&folder.path().join("journal.sqlite")).expect("a journal");
    for plan in [promotion("a"), deletion("a", &["v1"]), promotion("b")] {
        let id = begin(&journal, &plan).id;
        finish(&journal, id, &[StepEnd::Done]);
    }
    let ids = |filter: &EntryFilter, offset, limit| {
        let page = journal.entries(filter, offset, limit).expect("a list");
        let ids: Vec<String> = page.entries.iter().map(|entry| entry.id.to_string()).collect();
        (page.total, ids.join(" "))
    };
    let all = EntryFilter::default();
    assert_eq!(ids(&all, 0, 2), (3, "3 2".to_owned()));
    assert_eq!(ids(&all, 2, 2), (3, "1".to_owned()));
    let of = |repository: Option<&str>, kind, connection: Option<&str>| EntryFilter {
        repository: repository.map(crate::double::name),
        kind,
        connection: connection.map(Into::into),
        ..EntryFilter::default()
    };
    assert_eq!(ids(&of(Some("a"), None, None), 0, 9), (2, "2 1".to_owned()));
    assert_eq!(
        ids(&of(Some("a"), Some(ChangeKind::Promote), Some("c")), 0, 9),
        (1, "1".to_owned())
    );
    assert_eq!(ids(&of(None, None, Some("other")), 0, 9), (0, String::new()));
}

#[test]
fn the_moves_of_a_tag_are_told_in_order() {
    let folder = folder();
    let journal = Journal::open(&folder.path().join("journal.sqlite")).expect("a journal");
    let promotion = promotion(R);
    let id = begin(&journal, &promotion).id;
    finish(&journal, id, &[StepEnd::Done]);
    let deletion = deletion(R, &["production", "v1"]);
    let id = begin(&journal, &deletion).id;
    let skipped = StepEnd::Skipped {
        reason: "moved".to_owned(),
    };
    finish(&journal, id, &[StepEnd::Done, skipped]);
    let moves = |name: &Tag| journal.tag_moves(&at(R), name).expect("a list");
    let production = moves(&tag("production"));
    let seen: Vec<(Option<Digest>, Option<Digest>)> = production
        .iter()
        .map(|moved| (moved.from.clone(), moved.to.clone()))
        .collect();
    let step = &promotion.steps[0];
    let expected = [
        (step.expected.clone(), Some(step.digest.clone())),
        (Some(deletion.steps[0].digest.clone()), None),
    ];
    assert_eq!(seen, expected);
    assert_eq!(production[0].by.as_deref(), Some("ann"));
    assert!(moves(&tag("v1")).is_empty(), "what was skipped is no move");
}

#[test]
fn the_audit_log_holds_no_formula() {
    let folder = folder();
    let journal = Journal::open(&folder.path().join("journal.sqlite")).expect("a journal");
    let plan = deletion(R, &["v1", "v2", "v3"]);
    let mut evil = party("c");
    evil.user = Some("=HYPERLINK(\"http://evil\")".to_owned());
    let new = NewChange {
        plan: &plan,
        manifests: Vec::new(),
        parties: vec![&evil],
        undoes: None,
        origin: &Origin::default(),
        started: noon(),
    };
    let id = journal.begin(&new).expect("it is written").id;
    let failed = StepEnd::Failed {
        code: "denied".to_owned(),
        message: "@not, \"yours\"".to_owned(),
        hint: None,
    };
    finish(&journal, id, &[StepEnd::Done, failed]);
    let mut csv = Vec::new();
    journal.write_csv(&EntryFilter::default(), &mut csv).expect("an export");
    let text = String::from_utf8(csv).expect("text");
    let digest = &plan.steps[0].digest;
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[0],
        "time,user,host,repository,action,tags,digest,outcome,message,change,kind,step,connection,policy,version,program,computer"
    );
    let row = format!(
        "2026-01-01T12:00:00.000Z,\"'=HYPERLINK(\"\"http://evil\"\")\",registry.test,team/model,delete-tag,\
         v1,{digest},done,,{id},delete,0,Test,,,,"
    );
    assert_eq!(lines[1], row);
    assert!(lines[2].contains("failed,\"'@not, \"\"yours\"\"\""), "{}", lines[2]);
    assert_eq!(lines.len(), 3, "a step that never began stands in no audit log");
    let mut json = Vec::new();
    journal
        .write_json(&EntryFilter::default(), &mut json)
        .expect("an export");
    let rows: serde_json::Value = serde_json::from_slice(&json).expect("JSON");
    assert_eq!(rows[1]["outcome"], "failed");
    assert_eq!(rows[0]["tags"], serde_json::json!(["v1"]));
    let mut nothing = Vec::new();
    let filter = EntryFilter {
        connection: Some("other".into()),
        ..EntryFilter::default()
    };
    journal.write_json(&filter, &mut nothing).expect("an export");
    assert_eq!(nothing, b"[]\n");
}

#[test]
fn a_number_that_changes_with_every_write_tells_others_to_look() {
    let folder = folder();
    let path = folder.path().join("journal.sqlite");
    let (ours, theirs) = (
        Journal::open(&path).expect("a journal"),
        Journal::open(&path).expect("it again"),
    );
    let before = (
        ours.data_version().expect("a number"),
        theirs.data_version().expect("a number"),
    );
    begin(&ours, &promotion(R));
    assert_ne!(ours.data_version().expect("a number"), before.0);
    assert_ne!(theirs.data_version().expect("a number"), before.1);
}

#[tokio::test]
async fn marks_that_wait_share_a_commit() {
    let folder = folder();
    let journal = Journal::open(&folder.path().join("journal.sqlite")).expect("a journal");
    let names: Vec<String> = (0..200).map(|number| format!("v{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let id = begin(&journal, &deletion(R, &names)).id;
    let commits = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counted = std::sync::Arc::clone(&commits);
    journal.observe(move |moment| {
        if moment == super::recorder::Moment::AfterCommit {
            counted.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        }
        false
    });
    let recorder = super::Recorder::start(journal.clone(), id);
    let begun = futures::future::join_all((0..200).map(|place| recorder.begin(place, noon()))).await;
    assert!(begun.iter().all(Result::is_ok));
    let commits = commits.load(std::sync::atomic::Ordering::Relaxed);
    assert!(commits < 100, "{commits} commits for 200 marks");
    let begun = journal.entry(id).expect("an entry").steps;
    assert!(begun.iter().all(|step| step.state == super::StepState::Begun));
}
