//! `modelseal tuf-conformance-client`: the protocol of the public TUF suite.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use modelseal_tuf::{Limits, Refresh, State, Trusted};

use crate::{
    args::{TufCommand, TufConformance},
    clock::clock,
    exit::{Failure, VERIFIED},
    mirror::Mirror,
};

/// Runs it; the result is the exit code.
///
/// # Errors
/// Everything that the suite expects to fail: with exit code 1.
pub fn run(arguments: &TufConformance) -> Result<u8, Failure> {
    // The suite knows two exit codes.
    let ended = match &arguments.command {
        TufCommand::Init { trusted_root } => init(arguments, trusted_root),
        TufCommand::Refresh => refresh(arguments).map(drop),
        TufCommand::Download => download(arguments),
    };
    ended.map_err(Failure::into_refusal)?;
    Ok(VERIFIED)
}

fn init(arguments: &TufConformance, trusted_root: &Path) -> Result<(), Failure> {
    let folder = &arguments.metadata_dir;
    fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
    let to = folder.join("root.json");
    fs::copy(trusted_root, &to).map_err(|error| failed(&to, &error))?;
    Ok(())
}

fn refresh(arguments: &TufConformance) -> Result<(Trusted, Mirror), Failure> {
    let folder = &arguments.metadata_dir;
    let address = arguments.metadata_url.as_deref();
    let address = address.ok_or_else(|| missing("--metadata-url"))?;
    let mirror = Mirror::web(address, arguments.target_base_url.as_deref())?;
    let path = folder.join("root.json");
    let start = fs::read(&path).map_err(|error| failed(&path, &error))?;
    let now = clock(None, None)?.at();
    let mut refresh = Refresh::new(&start, stored(folder)?, now, Limits::default())?;
    while let Some(wanted) = refresh.wanted() {
        let answered = refresh.answer(mirror.fetch(&wanted)?);
        keep(folder, &refresh.state())?;
        answered?;
    }
    keep(folder, &refresh.state())?;
    Ok((refresh.finish()?, mirror))
}

fn download(arguments: &TufConformance) -> Result<(), Failure> {
    let (mut trusted, mirror) = refresh(arguments)?;
    let to = arguments.target_dir.as_deref();
    let to = to.ok_or_else(|| missing("--target-dir"))?;
    fs::create_dir_all(to).map_err(|error| failed(to, &error))?;
    for name in &arguments.target_name {
        let mut search = trusted.search(name)?;
        while let Some(wanted) = search.wanted() {
            let answered = search.answer(mirror.fetch(&wanted)?);
            keep(&arguments.metadata_dir, &search.state())?;
            answered?;
        }
        let (next, target) = search.finish();
        trusted = next;
        keep(&arguments.metadata_dir, &trusted.state())?;
        let target = target?;
        // One segment, whatever the path contains.
        let path = to.join(quoted(name));
        if fs::read(&path).is_ok_and(|bytes| target.is(&bytes)) {
            continue;
        }
        let bytes = target.clone().verify(mirror.fetch(target.wanted())?)?;
        write(&path, &bytes)?;
    }
    Ok(())
}

/// The files in the folder, apart from the root.
fn stored(folder: &Path) -> Result<State, Failure> {
    let mut state = State::default();
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).map_err(|error| failed(folder, &error))? {
        let path = entry.map_err(|error| failed(folder, &error))?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        if let Some(role) = name.and_then(|name| unquoted(name.strip_suffix(".json")?)) {
            files.insert(
                role,
                fs::read(&path).map_err(|error| failed(&path, &error))?,
            );
        }
    }
    files.remove("root");
    state.timestamp = files.remove("timestamp");
    state.snapshot = files.remove("snapshot");
    state.targets = files.remove("targets");
    state.delegated = files;
    Ok(state)
}

/// Writes what has changed.
fn keep(folder: &Path, state: &State) -> Result<(), Failure> {
    let top = [
        ("root", state.roots.last()),
        ("timestamp", state.timestamp.as_ref()),
        ("snapshot", state.snapshot.as_ref()),
        ("targets", state.targets.as_ref()),
    ];
    let delegated = state.delegated.iter();
    let delegated = delegated.map(|(name, bytes)| (name.as_str(), Some(bytes)));
    for (name, bytes) in top.into_iter().chain(delegated) {
        let path = folder.join(format!("{}.json", quoted(name)));
        if let Some(bytes) = bytes
            && fs::read(&path).ok().as_ref() != Some(bytes)
        {
            write(&path, bytes)?;
        }
    }
    Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let beside = path.with_extension("new");
    let written = fs::write(&beside, bytes).and_then(|()| fs::rename(&beside, path));
    written.map_err(|error| failed(path, &error))
}

/// A role or a target as one segment of a path.
fn quoted(name: &str) -> String {
    let quote = |byte: u8| match byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    };
    name.bytes().map(quote).collect()
}

fn unquoted(name: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = name;
    while let Some(first) = rest.bytes().next() {
        let length = if first == b'%' { 3 } else { 1 };
        let (part, after) = rest.as_bytes().split_at_checked(length)?;
        match part {
            [b'%', hex @ ..] => {
                let hex = std::str::from_utf8(hex).ok()?;
                bytes.push(u8::from_str_radix(hex, 16).ok()?);
            }
            other => bytes.extend(other),
        }
        rest = std::str::from_utf8(after).ok()?;
    }
    String::from_utf8(bytes).ok()
}

fn missing(flag: &str) -> Failure {
    Failure::new("usage-invalid", format!("{flag} is missing"))
}

fn failed(path: &Path, error: &io::Error) -> Failure {
    let path: PathBuf = path.to_owned();
    Failure::unreadable("tuf-conformance", &path, error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_back() {
        for name in ["a", "../a b", "\u{e9}%", "a/b"] {
            assert_eq!(unquoted(&quoted(name)).as_deref(), Some(name));
        }
        assert_eq!(quoted("../a"), "..%2Fa");
        assert_eq!(unquoted("%2"), None);
    }
}
