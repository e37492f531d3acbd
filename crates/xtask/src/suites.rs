//! Named pieces of a longer run: each is timed, a failure does not hide what comes after it.

use std::time::{Duration, Instant};

use anyhow::{Error, Result, bail};

use crate::ui::{Ui, seconds};

/// What the name of a case says that was skipped since there are no public vectors.
const PUBLIC: &str = "MODELSEAL_VECTORS";

/// What test runners counted.
#[derive(Default)]
pub(crate) struct Counts {
    passed: usize,
    failed: usize,
    /// Tests that failed, by name.
    failures: Vec<String>,
    /// Tests that did not run, by name where the runner says it.
    skipped: Vec<String>,
    skipped_count: usize,
}

/// The pieces so far.
pub(crate) struct Suites<'ui> {
    ui: &'ui Ui,
    rows: Vec<Row>,
}

struct Row {
    name: String,
    ok: bool,
    time: Duration,
    counts: Option<Counts>,
}

impl<'ui> Suites<'ui> {
    /// None yet.
    pub(crate) fn new(ui: &'ui Ui) -> Self {
        Self {
            ui,
            rows: Vec::new(),
        }
    }

    /// Runs a piece. Tells whether it succeeded: what needs its result is better left out then.
    pub(crate) fn check(&mut self, name: &str, work: impl FnOnce() -> Result<()>) -> bool {
        self.row(name, || work().map(|()| None))
    }

    /// Runs a piece that ends in a test runner's output.
    pub(crate) fn test(
        &mut self,
        name: &str,
        work: impl FnOnce() -> Result<(bool, String)>,
    ) -> bool {
        self.row(name, || {
            let (succeeded, output) = work()?;
            Ok(Some((succeeded, Counts::read(&output))))
        })
    }

    fn row(&mut self, name: &str, work: impl FnOnce() -> Result<Option<(bool, Counts)>>) -> bool {
        let started = Instant::now();
        let (ok, counts) = match work() {
            Ok(None) => (true, None),
            Ok(Some((ok, counts))) => (ok, Some(counts)),
            Err(error) => {
                self.failure(name, &error);
                (false, None)
            }
        };
        self.rows.push(Row {
            name: name.to_owned(),
            ok,
            time: started.elapsed(),
            counts,
        });
        ok
    }

    fn failure(&self, name: &str, error: &Error) {
        self.ui.error(&Error::msg(format!("{name}: {error:#}")));
    }

    /// Prints the summary; an error if a piece failed.
    pub(crate) fn finish(self) -> Result<()> {
        let width = self
            .rows
            .iter()
            .map(|row| row.name.len())
            .max()
            .unwrap_or(0);
        self.ui.line("\nsummary");
        for row in &self.rows {
            let mark = if row.ok { "ok    " } else { "FAILED" };
            let counts = row.counts.as_ref().map(Counts::shown).unwrap_or_default();
            let time = seconds(row.time);
            self.ui.line(format!(
                "  {mark} {:width$}  {time:>12}  {counts}",
                row.name
            ));
        }
        for row in &self.rows {
            let Some(counts) = &row.counts else { continue };
            let (public, skipped): (Vec<_>, Vec<_>) = counts
                .skipped
                .iter()
                .partition(|test| test.contains(PUBLIC));
            if !public.is_empty() {
                self.ui.line(format!(
                    "  skipped in {}: {} cases of public vectors; `cargo xtask vectors` fetches them",
                    row.name,
                    public.len()
                ));
            }
            let skipped = skipped.into_iter().map(|test| ("skipped", test));
            for (what, test) in skipped.chain(counts.failures.iter().map(|test| ("failed", test))) {
                self.ui.line(format!("  {what} in {}: {test}", row.name));
            }
        }
        let failed: Vec<&str> = self
            .rows
            .iter()
            .filter(|row| !row.ok)
            .map(|row| row.name.as_str())
            .collect();
        let passed = self.rows.len() - failed.len();
        let time = self.rows.iter().map(|row| row.time).sum();
        self.ui.line(format!("  took {}", seconds(time)));
        self.ui
            .line(format!("steps: {passed} passed, {} failed", failed.len()));
        if !failed.is_empty() {
            bail!("failed: {}", failed.join(", "));
        }
        Ok(())
    }
}

impl Counts {
    /// Reads the closing lines of cargo's and vitest's test runners.
    pub(crate) fn read(output: &str) -> Self {
        let mut counts = Self::default();
        for line in output.lines() {
            let line = line.trim();
            if let Some(result) = line.strip_prefix("test result: ") {
                counts.add(result.split_once(". ").map_or("", |(_, rest)| rest), ';');
            } else if let Some(tests) = line.strip_prefix("Tests  ") {
                counts.add(tests, '|');
            } else if let Some((name, result)) = line
                .strip_prefix("test ")
                .and_then(|rest| rest.split_once(" ... "))
            {
                let list = match result.split([',', ' ']).next() {
                    Some("FAILED") => &mut counts.failures,
                    Some("ignored") => &mut counts.skipped,
                    _ => continue,
                };
                list.push(name.trim_end().to_owned());
            } else if let Some(name) = line.strip_prefix("\u{2193} ") {
                counts.skipped.push(name.to_owned());
            } else if let Some(name) = line.strip_prefix("FAIL  ") {
                counts.failures.push(name.to_owned());
            }
        }
        counts
    }

    /// `5 passed; 0 failed; 1 ignored`, or `1 failed | 5 passed | 2 skipped (8)`.
    fn add(&mut self, text: &str, separator: char) {
        for part in text.split(separator) {
            let mut words = part.split_whitespace();
            let count = words.next().and_then(|word| word.parse().ok()).unwrap_or(0);
            match words.next() {
                Some("passed") => self.passed += count,
                Some("failed") => self.failed += count,
                Some("ignored" | "skipped") => self.skipped_count += count,
                _ => {}
            }
        }
    }

    /// How many tests passed.
    pub(crate) fn passed(&self) -> usize {
        self.passed
    }

    fn shown(&self) -> String {
        format!(
            "{} passed, {} failed, {} skipped",
            self.passed, self.failed, self.skipped_count
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runners_are_understood() {
        let counts = Counts::read(
            "test a::b ... ok\n\
             test vectors::c    ... ignored, no vectors\n\
             test malformed/d   ... FAILED\n\
             \u{20}FAIL  page.test.ts > a folder is dropped\n\
             test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s\n\
             \u{20}    Tests  1 failed | 12 passed | 2 skipped (15)\n\
             test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out\n",
        );
        assert_eq!(counts.shown(), "18 passed, 3 failed, 3 skipped");
        assert_eq!(counts.skipped, ["vectors::c"]);
        assert_eq!(
            counts.failures,
            ["malformed/d", "page.test.ts > a folder is dropped"]
        );
    }

    #[test]
    fn a_failure_is_kept() {
        let ui = Ui::new();
        let mut suites = Suites::new(&ui);
        assert!(suites.check("good", || Ok(())));
        assert!(!suites.check("bad", || bail!("no")));
        assert!(!suites.test("tests", || Ok((false, String::new()))));
        let error = suites.finish().expect_err("two pieces failed");
        assert_eq!(error.to_string(), "failed: bad, tests");
    }
}
