//! Tests of lists: what they filter by, what they count, and that they do not ask more often when there is more.

use std::cell::Cell;

use artifact::ByteSize;
use chrono::TimeDelta;
use rusqlite::trace::TraceEventCodes;
use rusqlite_migration::{M, Migrations};

use super::{R, begin, deletion, finish, folder, promotion};
use crate::{
    ChangeKind, Plan,
    double::{MemoryRegistry, Semantics, delete_manifest, delete_tag, plan, tag},
    journal::{ChangeState, EntryFilter, Journal, Mark, StepEnd},
    run::tests::noon,
};

fn journal(folder: &tempfile::TempDir) -> Journal {
    Journal::open(&folder.path().join("journal.sqlite")).expect("a journal")
}

fn ids(journal: &Journal, filter: &EntryFilter) -> String {
    let page = journal.entries(filter, 0, 100).expect("a list");
    let ids: Vec<String> = page.entries.iter().map(|entry| entry.id.to_string()).collect();
    assert_eq!(page.total, ids.len() as u64);
    ids.join(" ")
}

/// A version with two tags, one of its parts, and a tag alone.
fn clean_up() -> Plan {
    let registry = MemoryRegistry::new(Semantics::Distribution3);
    let (version, part) = {
        let mut state = registry.state();
        (state.image(R, &["a"]), state.image(R, &["b"]))
    };
    let mut steps = vec![
        delete_manifest(R, &version, &["v1", "v1.0"]),
        delete_manifest(R, &part, &[]),
        delete_tag(R, "nightly", &part),
    ];
    for (step, bytes) in steps.iter_mut().zip([500, 30, 0]) {
        step.bytes = ByteSize(bytes);
    }
    plan(ChangeKind::Prune, &registry, steps)
}

#[test]
fn an_entry_of_a_list_says_what_was_planned_and_what_was_done() {
    let folder = folder();
    let journal = journal(&folder);
    let id = begin(&journal, &clean_up()).id;
    let skipped = StepEnd::Skipped {
        reason: "moved".to_owned(),
    };
    finish(&journal, id, &[StepEnd::Done, skipped, StepEnd::Done]);
    let entry = journal
        .entries(&EntryFilter::default(), 0, 9)
        .expect("a list")
        .entries
        .remove(0);
    assert_eq!(entry.tags, [tag("v1"), tag("v1.0"), tag("nightly")]);
    let counted = |tally: super::super::Tally| (tally.steps, tally.tags, tally.digests, tally.versions, tally.bytes.0);
    assert_eq!(counted(entry.planned), (3, 3, 2, 1, 530));
    assert_eq!(counted(entry.done), (2, 3, 1, 1, 500));
    assert_eq!(entry.repositories.len(), 1);
    assert_eq!(entry, journal.entry(id).expect("an entry").entry);
    assert_eq!(
        journal.steps_of(&[id]).expect("steps")[&id],
        journal.entry(id).expect("an entry").steps
    );
}

#[test]
fn filters_look_at_states_names_and_times() {
    let folder = folder();
    let journal = journal(&folder);
    let done = begin(&journal, &promotion("team/a_b")).id;
    finish(&journal, done, &[StepEnd::Done]);
    begin(&journal, &deletion("team/axb", &["nightly-7"]));
    let running = begin(&journal, &promotion("other"));
    let all = EntryFilter::default;
    let in_state = |state| {
        ids(
            &journal,
            &EntryFilter {
                state: Some(state),
                ..all()
            },
        )
    };
    assert_eq!(in_state(ChangeState::Done), "1");
    assert_eq!(in_state(ChangeState::Interrupted), "2");
    assert_eq!(in_state(ChangeState::Running), "3");
    assert_eq!(in_state(ChangeState::Undone), "");
    let named = |text: &str| {
        ids(
            &journal,
            &EntryFilter {
                text: Some(text.to_owned()),
                ..all()
            },
        )
    };
    assert_eq!(named("NIGHT"), "2", "a part of a tag");
    assert_eq!(named("a_b"), "1", "what stands for any letter elsewhere is itself here");
    assert_eq!(named("%"), "");
    assert_eq!(named(" production "), "3 1");
    let since = |since| {
        ids(
            &journal,
            &EntryFilter {
                since: Some(since),
                ..all()
            },
        )
    };
    assert_eq!(since(noon()), "3 2 1");
    assert_eq!(since(noon() + TimeDelta::seconds(1)), "");
    drop(running.lock);
    assert_eq!(in_state(ChangeState::Interrupted), "3 2");
}

#[test]
fn what_is_unsettled_is_what_was_interrupted_and_what_can_be_undone() {
    let folder = folder();
    let journal = journal(&folder);
    assert_eq!(journal.unsettled().expect("an answer"), crate::Unsettled::default());
    let done = begin(&journal, &promotion(R)).id;
    finish(&journal, done, &[StepEnd::Done]);
    let half = begin(&journal, &clean_up());
    let (place, at) = (0, noon());
    journal
        .note(
            half.id,
            &[
                Mark::Begun { place, at },
                Mark::Ended {
                    place,
                    at,
                    end: StepEnd::Done,
                },
            ],
        )
        .expect("noted");
    let running = journal.unsettled().expect("an answer");
    assert_eq!(
        (running.interrupted.len(), running.undoable.map(|entry| entry.id)),
        (0, Some(done))
    );
    let id = half.id;
    drop(half.lock);
    let after = journal.unsettled().expect("an answer");
    assert_eq!((after.interrupted_total, after.interrupted[0].id), (1, id));
    assert_eq!(after.undoable.map(|entry| entry.id), Some(id));
    let size = journal.size().expect("an answer");
    assert_eq!((size.changes, size.interrupted, size.since), (2, 1, Some(noon())));
    assert!(size.manifests > ByteSize::ZERO);
}

/// What a file of the first schema holds is listed as what was written since.
#[test]
fn a_journal_from_before_is_brought_up_to_date() {
    let folder = folder();
    let path = folder.path().join("journal.sqlite");
    let newer = journal(&folder);
    let id = begin(&newer, &clean_up()).id;
    finish(&newer, id, &[StepEnd::Done]);
    let expected = newer.entry(id).expect("an entry");
    drop(newer);
    let old = folder.path().join("old.sqlite");
    let mut file = rusqlite::Connection::open(&old).expect("a database");
    Migrations::from_slice(&[M::up(include_str!("../schema.sql"))])
        .to_latest(&mut file)
        .expect("the first schema");
    file.execute("ATTACH ?1 AS newer", [path.to_str().expect("a path")])
        .expect("attached");
    file.execute_batch(
        "INSERT INTO changes SELECT id, kind, word, started_at, finished_at, outcome, undoes, undone_by FROM newer.changes;
         INSERT INTO steps SELECT change, place, connection, repository, tag, step, state, unsure, begun_at, ended_at, code,
            message, hint FROM newer.steps;
         INSERT INTO parties SELECT * FROM newer.parties; INSERT INTO manifests SELECT * FROM newer.manifests;
         INSERT INTO change_manifests SELECT * FROM newer.change_manifests; DETACH newer;",
    )
    .expect("copied");
    drop(file);
    let brought = Journal::open(&old).expect("it is brought up to date");
    assert_eq!(brought.entry(id).expect("an entry"), expected);
    let text = Some("NIGHTLY".to_owned());
    assert_eq!(
        ids(
            &brought,
            &EntryFilter {
                text,
                ..EntryFilter::default()
            }
        ),
        "1"
    );
}

thread_local! {
    static ASKED: Cell<usize> = const { Cell::new(0) };
}

/// The statements that `work` runs.
fn statements<T>(journal: &Journal, work: impl FnOnce() -> T) -> (usize, T) {
    ASKED.set(0);
    let each = TraceEventCodes::SQLITE_TRACE_STMT;
    journal.with_connection(|connection| connection.trace_v2(each, Some(|_| ASKED.set(ASKED.get() + 1))));
    let value = work();
    journal.with_connection(|connection| connection.trace_v2(TraceEventCodes::empty(), None));
    (ASKED.get(), value)
}

/// As many changes like the first as make `count`.
fn multiply(journal: &Journal, count: u32) {
    journal.with_connection(|connection| {
        let copies = format!(
            "WITH RECURSIVE more (id) AS (VALUES (2) UNION ALL SELECT id + 1 FROM more WHERE id < {count})
             INSERT INTO changes (id, kind, started_at, finished_at, outcome, first_tags)
             SELECT more.id, kind, started_at, finished_at, outcome, first_tags FROM more, changes WHERE changes.id = 1;
             INSERT INTO steps SELECT changes.id, place, connection, repository, tag, step, state, unsure, begun_at,
                ended_at, code, message, hint, bytes, tags, deletes FROM changes, steps WHERE changes.id > 1 AND change = 1;
             INSERT INTO parties SELECT changes.id, connection, name, host, user FROM changes, parties
             WHERE changes.id > 1 AND change = 1;
             INSERT INTO change_names SELECT changes.id, names FROM changes, change_names
             WHERE changes.id > 1 AND change = 1;"
        );
        connection.execute_batch(&copies).expect("they are written");
    });
}

#[test]
fn lists_and_the_question_at_the_start_ask_as_often_over_ten_thousand_changes_as_over_one() {
    let folder = folder();
    let journal = journal(&folder);
    let id = begin(&journal, &clean_up()).id;
    finish(&journal, id, &[StepEnd::Done]);
    let asked = |journal: &Journal| {
        let filter = EntryFilter {
            text: Some("nightly".to_owned()),
            ..EntryFilter::default()
        };
        let (listed, page) = statements(journal, || journal.entries(&filter, 0, 100).expect("a list"));
        let (started, _) = statements(journal, || journal.unsettled().expect("an answer"));
        let all: Vec<_> = page.entries.iter().map(|entry| entry.id).collect();
        let (detailed, steps) = statements(journal, || journal.steps_of(&all).expect("steps"));
        assert_eq!(steps.len(), page.entries.len());
        (page.total, [listed, started, detailed])
    };
    let (one, few) = asked(&journal);
    multiply(&journal, 10_000);
    let (many, still) = asked(&journal);
    assert_eq!((one, many), (1, 10_000));
    assert_eq!(few, still);
    assert!(few.iter().all(|asked| (1..=10).contains(asked)), "{few:?}");
}
