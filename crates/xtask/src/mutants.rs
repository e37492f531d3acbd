//! Is each check of the TUF client tested? In a copy of the checkout one check after the other is taken out, and
//! the tests must fail each time.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::host::Host;
use crate::process;
use crate::ui::Ui;

/// The client's sources.
const SOURCES: &str = "crates/modelseal-tuf/src";

/// A check: the file, its text there, and what is put in its place.
type Mutant = (&'static str, &'static str, &'static str);

#[rustfmt::skip]
const MUTANTS: &[Mutant] = &[
    ("refresh.rs", "next.check(&root.root, &root.keys)?;", ""),
    ("refresh.rs", "check_version(next.common(), expected, Role::Root)?;", ""),
    ("refresh.rs", "check_expiry(self.root.common(), self.now, Role::Root)?;", ""),
    ("refresh.rs", "check_expiry(old.common(), self.now, Role::Timestamp)?;", ""),
    ("refresh.rs", "Some(old) if old.common().version == new.common().version => {", "Some(old) if false => {"),
    ("refresh.rs", "check_rollback(Role::Snapshot, old.snapshot.version, new.snapshot.version)?;", ""),
    ("refresh.rs", "check_expiry(new.common(), self.now, Role::Timestamp)?;", ""),
    ("refresh.rs", "snapshot.check_after(old)?;", ""),
    ("refresh.rs", "check_expiry(snapshot.common(), self.now, Role::Snapshot)?;", ""),
    ("refresh.rs", "file.check(bytes, Role::Snapshot)?;", ""),
    ("refresh.rs", "check_version(snapshot.common(), file.version, Role::Snapshot)?;", ""),
    ("refresh.rs", "timestamp.snapshot.check(&bytes, Role::Snapshot).is_ok()", "true"),
    ("refresh.rs", "check_version(old.common(), timestamp.snapshot.version, Role::Snapshot).is_ok()", "true"),
    ("refresh.rs", "check_expiry(old.common(), self.now, Role::Snapshot).is_ok()", "true"),
    ("refresh.rs", "file.check(bytes, role)?;", ""),
    ("refresh.rs", "check_version(targets.common(), file.version, role)?;", ""),
    ("refresh.rs", "check_expiry(targets.common(), self.now, Role::Targets)?;", ""),
    ("refresh.rs", "check_expiry(targets.common(), self.now, role).ok()?;", ""),
    ("refresh.rs", "if found < trusted {", "if false {"),
    ("refresh.rs", "let old = old.verify(&self.root.snapshot, &self.root.keys).ok()?;", "let old = old.verify_nothing();"),
    ("refresh.rs", "timestamp.verify(&root.timestamp, &root.keys)", "Ok(timestamp.verify_nothing())"),
    ("refresh.rs", "snapshot.verify(&root.snapshot, &root.keys)?", "snapshot.verify_nothing()"),
    ("refresh.rs", "targets.verify(&root.targets, &root.keys)?", "targets.verify_nothing()"),
    ("search.rs", "if path.split('/').any(outside) {", "if false {"),
    ("search.rs", "file.check(bytes, role)?;", ""),
    ("search.rs", "metadata.verify(&ask.delegation.signers, &ask.keys)?", "metadata.verify_nothing()"),
    ("search.rs", "check_version(metadata.common(), file.version, role)?;", ""),
    ("search.rs", "check_expiry(metadata.common(), now, role)?;", "let _ = now;"),
    ("search.rs", "if self.visited.contains(&name) {", "if false {"),
    ("search.rs", "if self.visited.len() >= limit {", "if false {"),
    ("search.rs", "if !delegation.targets.contains(path) {", "if false {"),
    ("search.rs", "open.clear();", ""),
    ("search.rs", "if delegation.terminating {", "if false {"),
    ("search.rs", "open.extend(children.into_iter().rev());", "open.extend(children);"),
    ("search.rs", "self.digests.check(&bytes, role)?;", ""),
    ("keys.rs", "own.then(|| TufKey::read(keytype, scheme, public)).flatten()", "{ let _ = own; TufKey::read(keytype, scheme, public) }"),
    ("keys.rs", "!signed.contains(&key.material()) && ", ""),
    ("keys.rs", "&& key.verify(message, signature)", ""),
    ("keys.rs", "if read.iter().any(|(own, _)| own == id) {", "if false {"),
    ("keys.rs", "if values.len() > limits.keys {", "if false {"),
    ("keys.rs", "return Err(fields.invalid(\"keyids\"));", ""),
    ("keys.rs", "let threshold = fields.positive(\"threshold\")?;", "let threshold = fields.optional_number(\"threshold\")?.unwrap_or_default();"),
    ("fields.rs", "filter(|strings| strings.len() <= limit)", "filter(|strings| strings.len() <= limit.max(99))"),
    ("fields.rs", "number.filter(|n| *n > 0).ok_or(self.invalid(field))", "number.ok_or(self.invalid(field))"),
    ("fields.rs", "filter(|_| text.len() == 20 && text.ends_with('Z'))", "filter(|_| true)"),
    ("digests.rs", "self.length.filter(|expected| *expected != found)", "self.length.filter(|_| false)"),
    ("digests.rs", "if hash != *expected {", "if false && hash != *expected {"),
    ("digests.rs", "_ => return Err(Error::HashUnknown { role }),", "_ => continue,"),
    ("digests.rs", "if hashes.is_empty() {", "if false {"),
    ("wanted.rs", "if length > limit {", "if false {"),
    ("wanted.rs", ".checked_sub(length)\n            .ok_or(Error::TotalTooLong { limit })?", ".saturating_sub(length); let _ = limit"),
    ("metadata/mod.rs", "self.check(&self.claims.root, &self.claims.keys)?;", ""),
    ("metadata/mod.rs", "if signed.str(\"_type\")? != role.type_name() {", "if signed.str(\"_type\")?.is_empty() {"),
    ("metadata/mod.rs", "check_spec_version(signed.str(\"spec_version\")?, role)?;", ""),
    ("metadata/mod.rs", "let ours = numbers.next() == Some(\"1\");", "let ours = numbers.next().is_some();"),
    ("metadata/mod.rs", "json_limits.json_values = limits.json_values;", ""),
    ("metadata/mod.rs", "if now < expires {", "if now <= expires {"),
    ("metadata/snapshot.rs", "if found < trusted {", "if false {"),
    ("metadata/snapshot.rs", ".ok_or(Error::Vanished)?.version", ".map_or(file.version, |file| file.version)"),
    ("metadata/targets.rs", "if digests.length.is_none() || !digests.has_hashes() {", "if digests.length.is_none() {"),
    ("metadata/targets.rs", "if digests.length.is_none() || !digests.has_hashes() {", "if !digests.has_hashes() {"),
    ("metadata/targets.rs", "name.is_empty() || ", ""),
    ("metadata/targets.rs", " || TOP_LEVEL.contains(&name)", ""),
    ("metadata/targets.rs", "return Err(fields.invalid(\"roles\"));", ""),
    ("pattern.rs", "_ => Err(fields.invalid(paths)),", "_ => fields.strings(paths, usize::MAX).map(Self::Patterns),"),
    ("pattern.rs", "hash.starts_with(prefix)", "hash.contains(\"\") || hash.starts_with(prefix)"),
];

/// What a mutant may call in place of a verification.
const VERIFY_NOTHING: (&str, &str) = (
    "impl<T: Metadata> Unverified<T> {",
    "impl<T: Metadata> Unverified<T> {\n    #[allow(dead_code)]\n    pub(crate) fn verify_nothing(self) -> T { self.claims }\n",
);

/// Takes out one check after the other, and fails if the tests pass without one.
pub(crate) fn run(host: &Host, ui: &Ui, only: Option<&str>) -> Result<()> {
    let copy = host.target("mutants/checkout");
    ui.step("mutants: a copy of the checkout", |_| {
        copy_checkout(host, &copy)
    })?;
    let sources = copy.join(SOURCES);
    replace(&sources.join("metadata/mod.rs"), VERIFY_NOTHING)?;
    ui.step("mutants: the tests pass before", |_| {
        match passes(host, &copy)? {
            true => Ok(()),
            false => bail!("the tests fail without a change"),
        }
    })?;
    let mut survived = Vec::new();
    let mut count = 0;
    for (file, from, to) in MUTANTS {
        if only.is_some_and(|only| !file.contains(only) && !from.contains(only)) {
            continue;
        }
        count += 1;
        let path = sources.join(file);
        let whole = fs::read_to_string(&path)?;
        replace(&path, (from, to))?;
        let passed = passes(host, &copy);
        fs::write(&path, whole)?;
        if passed? {
            survived.push(format!("{file}: without `{from}` no test fails"));
            ui.line(format!("SURVIVED  {file}: {from}"));
        } else {
            ui.line(format!("found     {file}: {from}"));
        }
    }
    ui.line(format!(
        "{count} checks taken out, {} of them not missed",
        survived.len()
    ));
    match survived.is_empty() {
        true => Ok(()),
        false => bail!("{}", survived.join("\n")),
    }
}

fn copy_checkout(host: &Host, copy: &Path) -> Result<()> {
    let files = process::capture(
        host.command("git")
            .args(["ls-files", "-z", "crates", "tests", "Cargo.*"]),
    )?;
    for name in files.split_terminator('\0') {
        let (from, to) = (host.repo.join(name), copy.join(name));
        let folder = to.parent().context("a file in a folder")?;
        fs::create_dir_all(folder)?;
        // A file that is the same keeps its time, so that little is compiled again.
        let bytes = fs::read(&from).with_context(|| format!("cannot read {}", from.display()))?;
        if fs::read(&to).ok().as_ref() != Some(&bytes) {
            fs::write(&to, bytes)?;
        }
    }
    Ok(())
}

fn replace(path: &Path, (from, to): (&str, &str)) -> Result<()> {
    let whole = fs::read_to_string(path)?;
    if !whole.contains(from) {
        bail!(
            "{} has no `{from}`: the list of checks is out of date",
            path.display()
        );
    }
    Ok(fs::write(path, whole.replace(from, to))?)
}

/// Do the tests pass? A mutant that does not compile says nothing.
fn passes(host: &Host, copy: &Path) -> Result<bool> {
    let cargo = |more: &[&str]| {
        let mut command = host.cargo();
        command.current_dir(copy);
        command.args(["test", "--quiet", "--package", "modelseal-tuf-tests"]);
        command
            .args(["--test", "cases", "--test", "client"])
            .args(more);
        command
            .arg("--target-dir")
            .arg(host.target("mutants/target"));
        // What is not used any more is not an error here.
        command.env("RUSTFLAGS", "--cap-lints=warn");
        command
    };
    process::capture(&mut cargo(&["--no-run"])).context("a mutant does not compile")?;
    Ok(process::capture(&mut cargo(&[])).is_ok())
}
