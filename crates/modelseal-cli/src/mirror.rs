//! Where TUF metadata and target files come from: a mirror on the web, or a folder.

use std::{
    io::{ErrorKind, Read},
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use modelseal_tuf::{Answer, Place, Wanted};
use rustls::crypto::ring;
use ureq::{
    Agent,
    tls::{RootCerts, TlsConfig, TlsProvider},
};

use crate::{exit::Failure, exit::quoted, exit::reason};

/// What a mirror that cannot be asked is called.
const UNREACHABLE: &str = "mirror-unreachable";

/// How long one connection, one file and everything may take.
const CONNECT: Duration = Duration::from_secs(10);
const FILE: Duration = Duration::from_secs(60);
const TOTAL: Duration = Duration::from_secs(300);

/// A mirror.
pub struct Mirror {
    source: Source,
    end: Instant,
}

enum Source {
    Web {
        agent: Agent,
        metadata: String,
        targets: Option<String>,
    },
    Folder(PathBuf),
}

impl Mirror {
    /// A mirror with metadata below one address, and target files below another.
    ///
    /// # Errors
    /// For an address that is neither https nor on this machine.
    pub fn web(metadata: &str, targets: Option<&str>) -> Result<Self, Failure> {
        let mut https = true;
        for address in [Some(metadata), targets].into_iter().flatten() {
            https &= is_https(address)?;
        }
        let provider = Arc::new(ring::default_provider());
        let tls = TlsConfig::builder()
            .provider(TlsProvider::Rustls)
            .root_certs(RootCerts::PlatformVerifier)
            .unversioned_rustls_crypto_provider(provider)
            .build();
        let mut config = Agent::config_builder()
            .tls_config(tls)
            .https_only(https)
            .timeout_connect(Some(CONNECT))
            .timeout_global(Some(FILE))
            .http_status_as_error(false)
            .user_agent(concat!("modelseal/", env!("CARGO_PKG_VERSION")));
        if !https {
            // What is on this machine cannot send a request elsewhere, and no proxy is asked for it.
            config = config.max_redirects(0).proxy(None);
        }
        let slash = |address: &str| format!("{}/", address.trim_end_matches('/'));
        Ok(Self::new(Source::Web {
            agent: config.build().into(),
            metadata: slash(metadata),
            targets: targets.map(slash),
        }))
    }

    /// A folder with the layout of a mirror: metadata, and target files in `targets`.
    pub fn folder(folder: &Path) -> Self {
        Self::new(Source::Folder(folder.to_owned()))
    }

    fn new(source: Source) -> Self {
        let end = Instant::now() + TOTAL;
        Self { source, end }
    }

    /// Fetches a file: no more of it than one byte over its limit.
    ///
    /// # Errors
    /// If the mirror cannot be asked, or answers with neither the file nor "not found".
    pub fn fetch(&self, wanted: &Wanted) -> Result<Answer, Failure> {
        if Instant::now() > self.end {
            let seconds = TOTAL.as_secs();
            let message = format!("the mirror took more than {seconds} seconds");
            return Err(Failure::new(UNREACHABLE, message));
        }
        match &self.source {
            Source::Folder(folder) => read(folder, wanted),
            Source::Web {
                agent,
                metadata,
                targets,
            } => {
                let base = match wanted.place {
                    Place::Metadata => metadata.clone(),
                    Place::Targets => targets.clone().unwrap_or(format!("{metadata}targets/")),
                };
                let address = format!("{base}{}", wanted.path);
                let left = self.end.saturating_duration_since(Instant::now());
                get(agent, &address, wanted.limit, left.min(FILE))
            }
        }
    }
}

fn get(agent: &Agent, address: &str, limit: u64, time: Duration) -> Result<Answer, Failure> {
    let unreachable =
        |why: String| Failure::new(UNREACHABLE, format!("cannot fetch `{address}`: {why}"));
    let request = agent
        .get(address)
        .config()
        .timeout_global(Some(time))
        .build();
    let response = request
        .call()
        .map_err(|error| unreachable(error.to_string()))?;
    match response.status().as_u16() {
        200 => {}
        // Stores of objects say 403 for what they do not have.
        403 | 404 => return Ok(Answer::NotFound),
        status => {
            return Err(unreachable(format!(
                "the mirror answers with status {status}"
            )));
        }
    }
    let mut bytes = Vec::new();
    let mut body = response.into_body();
    let reader = body.as_reader().take(limit.saturating_add(1));
    read_all(reader, &mut bytes).map_err(|error| unreachable(reason(&error)))?;
    Ok(Answer::Bytes(bytes))
}

fn read(folder: &Path, wanted: &Wanted) -> Result<Answer, Failure> {
    let path = match wanted.place {
        Place::Metadata => folder.join(&wanted.path),
        Place::Targets => folder.join("targets").join(&wanted.path),
    };
    if !folder.is_dir() {
        let message = format!("{} is not a folder", quoted(folder));
        return Err(Failure::new(UNREACHABLE, message));
    }
    let file = match std::fs::File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Answer::NotFound),
        Err(error) => return Err(Failure::unreadable(UNREACHABLE, &path, &error)),
    };
    let mut bytes = Vec::new();
    let reader = file.take(wanted.limit.saturating_add(1));
    read_all(reader, &mut bytes)
        .map_err(|error| Failure::unreadable(UNREACHABLE, &path, &error))?;
    Ok(Answer::Bytes(bytes))
}

fn read_all(mut reader: impl Read, bytes: &mut Vec<u8>) -> std::io::Result<()> {
    reader.read_to_end(bytes).map(drop)
}

/// Is it an https address? Without TLS only what is on this machine is asked.
fn is_https(address: &str) -> Result<bool, Failure> {
    let invalid = || {
        let message =
            format!("`{address}` is neither an https address nor an http one on loopback");
        Failure::new("usage-invalid", message)
    };
    let uri: ureq::http::Uri = address.parse().map_err(|_| invalid())?;
    let host = uri.host().unwrap_or_default();
    let plain = uri.query().is_none();
    match uri.scheme_str() {
        Some("https") if plain && !host.is_empty() => Ok(true),
        Some("http") if plain && is_loopback(host) => Ok(false),
        _ => Err(invalid()),
    }
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let address = bare.parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_this_machine_alone() {
        for (address, expected) in [
            ("https://example.com", Some(true)),
            ("http://localhost:8080/m", Some(false)),
            ("http://127.0.0.1:8080", Some(false)),
            ("http://[::1]:8080", Some(false)),
            ("http://example.com", None),
            ("http://localhost.example.com", None),
            ("http://127.0.0.1.example.com", None),
            ("http://user@example.com", None),
            ("ftp://localhost", None),
            ("https://example.com?x", None),
            ("example.com", None),
            ("", None),
        ] {
            assert_eq!(is_https(address).ok(), expected, "{address}");
        }
    }
}
