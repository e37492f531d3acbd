//! `modelseal tuf-conformance-client`, against a mirror on loopback.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead as _, BufReader, Write as _},
    net::{TcpListener, TcpStream},
    path::Path,
    sync::{Arc, Mutex},
    thread,
};

use modelseal_forge_tuf::{DELEGATED, Repository, Signer, TARGET};
use tempfile::TempDir;

use crate::support::{Run, modelseal};

/// A web server for the files of a mirror. It notes what it is asked for.
#[derive(Clone)]
struct Server {
    address: String,
    files: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self {
            address: format!("http://{}", listener.local_addr().unwrap()),
            files: Arc::default(),
            asked: Arc::default(),
        };
        let serving = server.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                // A client that goes away is not a reason to stop.
                let _ = serving.answer(stream.unwrap());
            }
        });
        server
    }

    fn answer(&self, stream: TcpStream) -> std::io::Result<()> {
        let mut reader = BufReader::new(stream);
        let mut first = String::new();
        reader.read_line(&mut first)?;
        let mut line = String::new();
        while reader.read_line(&mut line)? > 2 {
            line.clear();
        }
        let path = first.split(' ').nth(1).unwrap_or_default();
        let path = path.trim_start_matches('/').to_owned();
        self.asked.lock().unwrap().push(path.clone());
        let mut stream = reader.into_inner();
        match self.files.lock().unwrap().get(&path) {
            _ if path == "metadata/elsewhere" => Ok(()),
            Some(bytes) if bytes == b"endless" => {
                stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
                // It ends when the client has had enough.
                loop {
                    stream.write_all(&[b' '; 65_536])?;
                }
            }
            Some(bytes) if bytes == b"redirect" => stream.write_all(
                b"HTTP/1.1 302 Found\r\nlocation: /metadata/elsewhere\r\ncontent-length: 0\r\n\r\n",
            ),
            Some(bytes) => {
                let length = bytes.len();
                write!(
                    stream,
                    "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n"
                )?;
                stream.write_all(bytes)
            }
            None => stream.write_all(
                b"HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n",
            ),
        }
    }

    fn publish(&self, repository: &Repository) {
        *self.files.lock().unwrap() = repository.publish().files;
    }

    fn put(&self, path: &str, bytes: &[u8]) {
        self.files
            .lock()
            .unwrap()
            .insert(path.to_owned(), bytes.to_vec());
    }

    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

struct Client {
    server: Server,
    folder: TempDir,
    repository: Repository,
}

impl Client {
    fn new() -> Self {
        let mut repository = Repository::new();
        // The tests run at the machine's time.
        let far = "2090-01-01T00:00:00Z";
        for name in ["root", "timestamp", "snapshot", "targets", "a"] {
            repository.role(name).signed["expires"] = far.into();
        }
        let (server, folder) = (Server::start(), TempDir::new().unwrap());
        server.publish(&repository);
        let client = Self {
            server,
            folder,
            repository,
        };
        let start = client.path("start.json");
        fs::write(&start, client.repository.roots[0].bytes()).unwrap();
        let run = Run::of(client.command().arg("init").arg(start));
        assert_eq!(run.code, 0, "{run:?}");
        client
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self) -> std::process::Command {
        let mut command = modelseal();
        command.arg("tuf-conformance-client");
        command.arg("--metadata-dir").arg(self.path("metadata"));
        command
    }

    fn run(&self, more: &[&str]) -> Run {
        let metadata = format!("{}/metadata", self.server.address);
        Run::of(
            self.command()
                .args(["--metadata-url", &metadata])
                .args(more),
        )
    }

    fn refresh(&self, code: i32) -> Run {
        let run = self.run(&["refresh"]);
        assert_eq!(run.code, code, "{run:?}");
        run
    }

    fn download(&self, target: &str, code: i32) {
        let targets = format!("{}/targets", self.server.address);
        let to = self.path("downloads");
        let run = self.run(&[
            "--target-name",
            target,
            "--target-base-url",
            &targets,
            "--target-dir",
            to.to_str().unwrap(),
            "download",
        ]);
        assert_eq!(run.code, code, "{run:?}");
    }

    fn stored(&self, name: &str) -> Option<Vec<u8>> {
        fs::read(self.path("metadata").join(name)).ok()
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_refresh_keeps_what_it_received() {
    let mut client = Client::new();
    client.refresh(0);
    assert_eq!(
        client.server.asked(),
        [
            "metadata/2.root.json",
            "metadata/timestamp.json",
            "metadata/1.snapshot.json",
            "metadata/1.targets.json"
        ]
    );
    let all = [
        "root.json",
        "snapshot.json",
        "targets.json",
        "timestamp.json",
    ];
    assert_eq!(names(&client.path("metadata")), all);
    assert_eq!(
        client.stored("timestamp.json"),
        Some(client.repository.timestamp.bytes())
    );
    client.refresh(0);
    assert_eq!(
        client.server.asked(),
        ["metadata/2.root.json", "metadata/timestamp.json"]
    );
    // A rotation, and a timestamp that is not signed by the new key.
    let old = client.repository.timestamp.signers.clone();
    client
        .repository
        .rotate_key("timestamp", &Signer::p256("timestamp-2"));
    client.repository.timestamp.signers = old;
    client.repository.timestamp.set_version(2);
    client.server.publish(&client.repository);
    client.refresh(1);
    assert_eq!(
        client.stored("root.json"),
        Some(client.repository.root().bytes())
    );
}

#[test]
fn target_files_are_downloaded_once() {
    let mut client = Client::new();
    client.download(DELEGATED, 0);
    assert_eq!(names(&client.path("downloads")), ["a%2Ffile"]);
    assert!(client.stored("a.json").is_some());
    let count = client.server.asked().len();
    client.download(DELEGATED, 0);
    assert_eq!((count, client.server.asked().len()), (6, 2));
    client.download(TARGET, 0);
    client.download("none", 1);
    // Changed content is not written.
    client
        .repository
        .contents
        .insert(TARGET.to_owned(), b"the FILE".to_vec());
    client.repository.add_target("targets", "other", b"other");
    client
        .repository
        .contents
        .insert("other".to_owned(), b"OTHER".to_vec());
    client.repository.bump();
    client.server.publish(&client.repository);
    client.download("other", 1);
    assert_eq!(names(&client.path("downloads")), ["a%2Ffile", "file"]);
}

#[test]
fn a_start_root_that_is_not_signed_is_refused() {
    let mut client = Client::new();
    client.repository.roots[0].signers.truncate(1);
    fs::write(
        client.path("metadata/root.json"),
        client.repository.roots[0].bytes(),
    )
    .unwrap();
    let run = client.refresh(1);
    assert!(run.stderr.contains("tuf-threshold"), "{run:?}");
}

#[test]
fn a_mirror_without_end_or_with_redirects_is_refused() {
    let client = Client::new();
    client.server.put("metadata/timestamp.json", b"endless");
    let run = client.refresh(1);
    assert!(run.stderr.contains("tuf-too-long"), "{run:?}");
    client.server.put("metadata/timestamp.json", b"redirect");
    let run = client.refresh(1);
    assert!(run.stderr.contains("mirror-unreachable"), "{run:?}");
    assert!(
        !client
            .server
            .asked()
            .contains(&"metadata/elsewhere".to_owned())
    );
}

#[test]
fn plain_http_elsewhere_is_refused() {
    let folder = TempDir::new().unwrap();
    let run = Run::of(
        modelseal()
            .args(["roots", "update", "--mirror", "http://example.com"])
            .env("MODELSEAL_STORE", folder.path()),
    );
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("usage-invalid"), "{run:?}");
    assert_eq!(names(folder.path()), [""; 0]);
}

#[test]
fn nothing_at_a_mirror_is_refused_and_no_mirror_is_unreachable() {
    let (server, folder) = (Server::start(), TempDir::new().unwrap());
    let update = |more: &[&str]| {
        let mut command = modelseal();
        command.env("MODELSEAL_STORE", folder.path());
        Run::of(command.args(["roots", "update"]).args(more))
    };
    let run = update(&["--mirror", &server.address]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stderr.contains("tuf-not-found"), "{run:?}");
    let nowhere = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let run = update(&["--mirror", &format!("http://{nowhere}")]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("mirror-unreachable"), "{run:?}");
    let run = update(&["--offline", "no-such-folder"]);
    assert_eq!(run.code, 2, "{run:?}");
    let run = update(&["nothing"]);
    assert_eq!(run.code, 2, "{run:?}");
    let run = Run::of(
        modelseal()
            .args(["roots", "reset"])
            .env("MODELSEAL_STORE", folder.path()),
    );
    assert_eq!(run.code, 0, "{run:?}");
}
