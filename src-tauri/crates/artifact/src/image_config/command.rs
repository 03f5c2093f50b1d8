//! Build commands as people wrote them: what builders wrap around is taken off.
//!
//! Seen in the wild: Docker's `/bin/sh -c #(nop)  CMD […]` and `|1 ARG=x /bin/sh -c …`, `BuildKit`'s
//! `RUN /bin/sh -c … # buildkit` and `RUN |1 ARG=x /bin/sh -c …`, other shells by the `SHELL` instruction.

use crate::text::one_line;

/// The longest command that is shown, in characters; scripts inside a build step can have thousands of lines.
const LENGTH: usize = 512;

/// What Docker writes before an instruction that ran nothing.
const NOTHING_RUN: &str = "#(nop)";

/// What `BuildKit` writes behind every instruction.
const BUILDKIT: &str = "# buildkit";

/// How shells are called to run one command. Bare `sh` stands last, as its text is part of the others.
const SHELLS: [&str; 9] = [
    "/bin/sh -o pipefail -c ",
    "/bin/bash -euo pipefail -c ",
    "/bin/bash -o pipefail -c ",
    "/bin/bash -c ",
    "/bin/ash -c ",
    "/bin/sh -ec ",
    "/bin/sh -c ",
    "cmd /S /C ",
    "powershell -Command ",
];

/// A command of a history step, tidied: on one line, as an instruction, without what the builder put around it.
///
/// `RUN /bin/sh -c pip install torch # buildkit` becomes `RUN pip install torch`.
pub fn tidy_command(command: &str) -> String {
    let command = command.trim();
    let command = command.strip_suffix(BUILDKIT).unwrap_or(command).trim_end();
    let (run, rest) = match command.strip_prefix("RUN ") {
        Some(rest) => (true, rest.trim_start()),
        None => (false, command),
    };
    let (arguments, rest) = without_arguments(rest);
    let (shell, rest) = without_shell(rest);
    let rest = rest.trim();
    if let Some(instruction) = rest.strip_prefix(NOTHING_RUN) {
        return one_line(instruction, LENGTH);
    }
    if rest.is_empty() {
        return String::new();
    }
    if run || arguments || shell {
        return one_line(&format!("RUN {rest}"), LENGTH);
    }
    one_line(rest, LENGTH)
}

/// Takes off `|2 A=1 B=2 `: the build arguments of a command, counted.
fn without_arguments(command: &str) -> (bool, &str) {
    let counted = command.strip_prefix('|').and_then(|rest| rest.split_once(' '));
    let Some((count, rest)) = counted else {
        return (false, command);
    };
    if count.is_empty() || !count.bytes().all(|byte| byte.is_ascii_digit()) {
        return (false, command);
    }
    // Values may hold spaces, so the shell that follows is the only sure end of them.
    let shell = SHELLS.iter().filter_map(|shell| rest.find(shell)).min();
    (true, shell.and_then(|start| rest.get(start..)).unwrap_or(rest))
}

fn without_shell(command: &str) -> (bool, &str) {
    match SHELLS.iter().find_map(|shell| command.strip_prefix(shell)) {
        Some(rest) => (true, rest),
        None => (false, command),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_builders_wrap_around_a_command_is_taken_off() {
        let cases = [
            ("/bin/sh -c #(nop)  CMD [\"bash\"]", "CMD [\"bash\"]"),
            (
                "/bin/sh -c #(nop) ADD file:a3bc1e842b69636f in / ",
                "ADD file:a3bc1e842b69636f in /",
            ),
            (
                "/bin/sh -c apt-get update   && apt-get install -y libgl1",
                "RUN apt-get update && apt-get install -y libgl1",
            ),
            (
                "|1 VERSION=1.2 /bin/sh -c pip install torch==$VERSION",
                "RUN pip install torch==$VERSION",
            ),
            ("|2 A=x y B=2 /bin/sh -c make", "RUN make"),
            ("RUN /bin/sh -c pip install torch # buildkit", "RUN pip install torch"),
            (
                "RUN |1 TARGETARCH=amd64 /bin/bash -o pipefail -c curl x | tar x # buildkit",
                "RUN curl x | tar x",
            ),
            ("COPY model.safetensors /app # buildkit", "COPY model.safetensors /app"),
            ("ENV PATH=/opt/venv/bin", "ENV PATH=/opt/venv/bin"),
            ("CMD [\"python3\"]", "CMD [\"python3\"]"),
            (
                "debian.sh --arch 'amd64' out/ 'bookworm'",
                "debian.sh --arch 'amd64' out/ 'bookworm'",
            ),
            (
                "RUN pip install \\\n    torch \\\n    numpy # buildkit",
                "RUN pip install \\ torch \\ numpy",
            ),
            ("/bin/sh -c echo \u{1b}[31mred", "RUN echo [31mred"),
            ("bazel build ...", "bazel build ..."),
            ("", ""),
            ("/bin/sh -c ", "/bin/sh -c"),
            ("|x", "|x"),
        ];
        for (written, tidy) in cases {
            assert_eq!(tidy_command(written), tidy, "{written:?}");
        }
    }

    #[test]
    fn scripts_are_cut() {
        let script = format!("RUN /bin/sh -c {}", "x".repeat(5000));
        assert_eq!(tidy_command(&script).chars().count(), LENGTH + 1);
    }

    proptest::proptest! {
        #[test]
        fn tidying_twice_changes_nothing_more_that_people_wrote(command in "(RUN |COPY |ENV )[a-z =./]{1,20}( # buildkit)?") {
            let tidy = tidy_command(&command);
            proptest::prop_assert_eq!(tidy_command(&tidy), tidy);
        }

        #[test]
        fn no_text_makes_it_panic(command in "(RUN )?(\\|[0-9]? )?(/bin/sh -c )?(#\\(nop\\))?\\PC{0,30}") {
            let tidy = tidy_command(&command);
            proptest::prop_assert!(!tidy.contains('\n'));
        }
    }
}
