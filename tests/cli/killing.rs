//! berthctl killed before and after each of its writes to a real registry: the journal tells the truth, and the change is
//! finished or rolled back, with every kept tag as it was.

use std::{
    collections::BTreeMap,
    process::{Child, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use super::{
    DETECTOR, Terminal,
    changing::{REPOSITORY, VERSIONS, deletes_on, seen},
    list, sample, text,
};
use crate::support::{
    fill,
    holding_proxy::{HoldingProxy, Verdict},
    registry_server::RegistryServer,
};

/// How long a run may take to come to its next write.
const PATIENCE: Duration = Duration::from_mins(2);

/// A registry behind a proxy that holds writes, and a person who talks to it through that.
struct Stage {
    server: RegistryServer,
    proxy: HoldingProxy,
    terminal: Terminal,
    before: BTreeMap<String, String>,
    runtime: tokio::runtime::Runtime,
}

impl Stage {
    fn new() -> Self {
        let server = RegistryServer::distribution2(&deletes_on());
        for tag in VERSIONS {
            server.push_layout(&sample().join(DETECTOR), tag, &format!("{DETECTOR}:{tag}"));
        }
        let proxy = HoldingProxy::before(&server.host);
        let terminal = Terminal::new();
        terminal.done(&["connection", "add", "r", &format!("http://{}", proxy.host)]);
        let before = seen(&server);
        Self {
            server,
            proxy,
            terminal,
            before,
            runtime: tokio::runtime::Runtime::new().expect("a runtime"),
        }
    }

    /// Runs a change until so many writes have passed, and kills it there; false: it came to its end before.
    fn kill_after(&self, writes: usize, verdict: Verdict, change: &[&str]) -> bool {
        self.proxy.hold_after(writes);
        let mut child = self
            .terminal
            .command(change)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("berthctl starts");
        let held = self.wait_for_write(&mut child);
        if held {
            // SIGKILL: nothing of it can run any more.
            child.kill().expect("it is killed");
            child.wait().expect("it has ended");
        }
        self.proxy.decide(verdict);
        held
    }

    fn wait_for_write(&self, child: &mut Child) -> bool {
        let started = Instant::now();
        loop {
            if self.proxy.try_held().is_some() {
                return true;
            }
            if child.try_wait().expect("it can be asked").is_some() {
                return false;
            }
            assert!(started.elapsed() < PATIENCE, "it comes to no write and to no end");
            thread::yield_now();
        }
    }

    /// What the registry itself answers about a manifest.
    fn holds(&self, digest: &str) -> bool {
        let url = format!("{}/v2/{DETECTOR}/manifests/{digest}", self.server.url());
        let accept = format!("{}, {}", fill::IMAGE, fill::INDEX);
        let head = fill::client().head(url).header("Accept", accept).send();
        let answer = self.runtime.block_on(head).expect("the registry answers");
        answer.status().is_success()
    }

    /// The one interrupted change.
    fn interrupted(&self) -> Value {
        let found = self.terminal.json(&["journal", "--state", "interrupted"]);
        assert_eq!(list(&found).len(), 1, "{found}");
        found[0].clone()
    }

    /// What the journal says was done is done, and nothing was sent of what it says waits.
    fn assert_truth(&self, entry: &Value) {
        assert_eq!(entry["finished"], Value::Null);
        for step in list(&entry["steps"]) {
            let digest = text(&step["digest"]);
            match (text(&step["action"]), text(&step["state"])) {
                ("delete-manifest", "done") => assert!(!self.holds(digest), "{step}"),
                ("delete-manifest", "waiting") => assert!(self.holds(digest), "{step}"),
                ("delete-tag", "done") => assert!(self.holds(digest), "its version stays: {step}"),
                _ => {}
            }
        }
        let now = seen(&self.server);
        let going: Vec<&str> = list(&entry["steps"])
            .iter()
            .flat_map(|step| list(&step["tags"]))
            .map(text)
            .collect();
        for (tag, digest) in &self.before {
            if !going.contains(&tag.as_str()) {
                assert_eq!(now.get(tag), Some(digest), "{tag} is none of its business");
            }
        }
    }
}

/// Kills the change before and after each of its writes, and finishes it or takes it back in turn.
fn in_a_loop(change: &[&str], goes: &[&str]) {
    let stage = Stage::new();
    let change = [&["prune", REPOSITORY, "--yes"], change].concat();
    let mut expected = stage.before.clone();
    expected.retain(|tag, _| !goes.contains(&tag.as_str()));
    let mut kills = 0;
    for writes in 0.. {
        let (verdict, resumes) = [
            (Verdict::Drop, true),
            (Verdict::PassOn, true),
            (Verdict::PassOn, false),
            (Verdict::Drop, false),
        ][writes % 4];
        if !stage.kill_after(writes, verdict, &change) {
            break;
        }
        kills += 1;
        let journal = stage.terminal.json(&["journal", "--limit", "1"]);
        if journal[0]["state"] != "interrupted" {
            // A probe of what deletes do: nothing was to be noted yet.
            assert_eq!(seen(&stage.server), stage.before, "killed before write {writes}");
            continue;
        }
        let entry = stage.interrupted();
        stage.assert_truth(&entry);
        let id = text(&entry["id"]).to_owned();
        if resumes {
            let outcome = stage.terminal.json(&["journal", "resume", &id, "--yes"]);
            assert_eq!(text(&outcome["state"]), "done", "after {writes} writes: {outcome}");
            assert_eq!(seen(&stage.server), expected, "after {writes} writes");
        }
        stage.terminal.json(&["journal", "undo", &id, "--yes"]);
        assert_eq!(seen(&stage.server), stage.before, "after {writes} writes");
        let entry = stage.terminal.json(&["journal", "show", &id]);
        assert_eq!(text(&entry["state"]), "undone");
    }
    assert!(kills > goes.len(), "only {kills} writes were held");
    // The last run was not held: it came to its end.
    assert_eq!(seen(&stage.server), expected);
}

#[test]
fn a_clean_up_that_is_killed_at_any_write_is_finished_or_taken_back() {
    in_a_loop(&["--keep-last", "2"], &["1.4.0", "1.4.1", "1.4.3"]);
}

/// A tag alone goes here by way of a dummy manifest: two writes, between which the tag holds neither.
#[test]
fn a_tag_deleted_alone_that_is_killed_at_any_write_is_finished_or_taken_back() {
    in_a_loop(&["--match", "1.4.2", "--each-tag"], &["1.4.2"]);
}
