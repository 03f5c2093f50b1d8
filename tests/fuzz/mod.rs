//! Bytes of strangers: every parser of what a registry, a folder or another program has written is fed with seeds of the
//! corpus and with what mutations make of them. Whatever comes: no panic, no hang, and the same answer twice.
//!
//! `corpus/<target>/` holds the seeds, real documents in small; what was ever found goes there too. `make test` tries a fixed
//! number of mutations, always the same ones. To search on, with new mutations, for ten minutes per target:
//!
//! ```text
//! BERTH_FUZZ_SECONDS=600 cargo test --release -p berth --test all fuzz
//! ```
//!
//! The headers of challenges and links pass through whole answers here; their parsers, which are private to the `registry`
//! crate, have properties of their own beside them (`PROPTEST_CASES=1000000 cargo test -p registry http`).

mod answers;
mod artifacts;
mod corpus;
mod files;
mod layers;
mod mutation;
mod weights;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    time::{Duration, Instant},
};

use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

/// No input of a few kilobytes is worth more time than this, on the slowest machine.
const HANG: Duration = Duration::from_secs(20);

/// Feeds `check` with the target's seeds, and with `cases` mutations of them; with more, for as long as
/// `BERTH_FUZZ_SECONDS` says.
///
/// # Panics
/// With the smallest input found that makes `check` panic or hang; it is left in a file, ready for the corpus.
fn fuzz(target: &str, cases: u32, check: impl Fn(&[u8])) {
    let seeds = corpus::seeds(target);
    for (name, seed) in &seeds {
        attempt(&check, seed).unwrap_or_else(|reason| panic!("the seed {target}/{name}: {reason}"));
    }
    let bytes: Vec<Vec<u8>> = seeds.into_iter().map(|(_, seed)| seed).collect();
    let wanted = std::env::var("BERTH_FUZZ_SECONDS").ok();
    let wanted = wanted.map(|seconds| seconds.parse().expect("BERTH_FUZZ_SECONDS is a number of seconds"));
    let (until, rng) = match wanted {
        Some(seconds) => (
            Duration::from_secs(seconds),
            TestRng::from_seed(RngAlgorithm::XorShift, &fresh_seed()),
        ),
        None => (Duration::ZERO, TestRng::deterministic_rng(RngAlgorithm::XorShift)),
    };
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 4096,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(config, rng);
    let strategy = mutation::mutated(bytes);
    let started = Instant::now();
    loop {
        let outcome = runner.run(&strategy, |input| {
            attempt(&check, &input.bytes).map_err(TestCaseError::fail)
        });
        match outcome {
            Ok(()) => {}
            Err(TestError::Fail(reason, input)) => panic!("{}", found(target, &input.bytes, reason.message())),
            Err(TestError::Abort(reason)) => panic!("{target} was given up: {reason}"),
        }
        if started.elapsed() >= until {
            return;
        }
    }
}

/// One input; the reason if it panics or takes too long.
fn attempt(check: impl Fn(&[u8]), input: &[u8]) -> Result<(), String> {
    let started = Instant::now();
    catch_unwind(AssertUnwindSafe(|| check(input))).map_err(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        text.or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string))
            .unwrap_or_else(|| "a panic".to_owned())
    })?;
    let took = started.elapsed();
    if took > HANG {
        Err(format!("it took {took:?}"))
    } else {
        Ok(())
    }
}

fn found(target: &str, input: &[u8], reason: &str) -> String {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("fuzz-{target}"));
    let kept = match std::fs::write(&path, input) {
        Ok(()) => format!(
            "it is kept as {}; copy it to tests/fuzz/corpus/{target}/",
            path.display()
        ),
        Err(error) => format!("it could not be kept: {error}"),
    };
    format!("{target} fails with {reason}\ninput: {}\n{kept}", input.escape_ascii())
}

/// Sixteen bytes that differ from run to run.
fn fresh_seed() -> [u8; 16] {
    let now = std::time::UNIX_EPOCH.elapsed().expect("the clock is right").as_nanos();
    now.to_le_bytes()
}
