//! A repository, a mirror of it, and a client with what it has stored.

use modelseal::UnixTime;
use modelseal_forge_tuf::{Mirror, Repository};
use modelseal_tuf::{Answer, Error, Limits, Place, Refresh, State, Trusted, Wanted};

/// The time of every refresh, unless a case says another: 2025-06-01T00:00:00Z.
pub const NOW: u64 = 1_748_736_000;

/// What is done to the mirror's files after everything is signed.
type Edit = Box<dyn Fn(&mut Mirror)>;

/// A repository, and a client of it.
pub struct World {
    /// The repository.
    pub repository: Repository,
    /// What is done to the mirror's files after everything is signed.
    pub edits: Vec<Edit>,
    /// Does the snapshot list what is there when it is published? Otherwise as it was linked before.
    pub links: bool,
    /// The start root; the repository's first, if none.
    pub start: Option<Vec<u8>>,
    /// What the client has stored.
    pub state: State,
    /// The time.
    pub now: u64,
    /// The client's limits.
    pub limits: Limits,
    /// The target that is asked for; none for a refresh alone.
    pub target: Option<String>,
}

/// How a run of the client ended.
#[derive(Debug)]
pub struct Run {
    /// The target's bytes, if there was one to fetch.
    pub result: Result<Option<Vec<u8>>, Error>,
    /// What the client has verified and stores.
    pub state: State,
    /// What it asked for, in order.
    pub asked: Vec<String>,
    /// The versions of timestamp, snapshot, targets and root after a refresh.
    pub versions: Option<[u64; 4]>,
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

impl World {
    /// A good repository and a client without anything stored.
    pub fn new() -> Self {
        Self {
            repository: Repository::new(),
            edits: Vec::new(),
            links: true,
            start: None,
            state: State::default(),
            now: NOW,
            limits: Limits::default(),
            target: Some(modelseal_forge_tuf::TARGET.to_owned()),
        }
    }

    /// Changes a file of the mirror after it is signed.
    pub fn edit(&mut self, path: &str, change: impl Fn(Vec<u8>) -> Vec<u8> + 'static) {
        let path = path.to_owned();
        self.edits.push(Box::new(move |mirror| {
            let file = mirror.files.get_mut(&path).expect("there is such a file");
            *file = change(std::mem::take(file));
        }));
    }

    /// Takes a file from the mirror.
    pub fn remove(&mut self, path: &str) {
        let path = path.to_owned();
        self.edits.push(Box::new(move |mirror| {
            mirror.files.remove(&path).expect("there is such a file");
        }));
    }

    /// What the mirror serves.
    pub fn mirror(&mut self) -> Mirror {
        if self.links {
            self.repository.link();
        }
        let mut mirror = self.repository.publish();
        for edit in &self.edits {
            edit(&mut mirror);
        }
        mirror
    }

    /// Runs the client once and keeps what it stores. It must succeed.
    pub fn first_run(&mut self) {
        let run = self.run();
        run.result.expect("the first run is good");
        self.state = run.state;
    }

    /// Runs the client.
    pub fn run(&mut self) -> Run {
        let mirror = self.mirror();
        self.run_with(|wanted| fetch(&mirror, wanted))
    }

    /// Runs the client against anything that answers.
    pub fn run_with(&self, mut answer: impl FnMut(&Wanted) -> Answer) -> Run {
        let start = self.start.clone();
        let start = start.unwrap_or_else(|| self.repository.roots[0].bytes());
        let now = UnixTime::from_seconds(self.now);
        let mut asked = Vec::new();
        let mut ask = |wanted: &Wanted| {
            asked.push(path(wanted));
            answer(wanted)
        };
        let mut state = State::default();
        let mut versions = None;
        let result = (|| {
            let mut refresh = Refresh::new(&start, self.state.clone(), now, self.limits)?;
            while let Some(wanted) = refresh.wanted() {
                let answered = refresh.answer(ask(&wanted));
                state = refresh.state();
                answered?;
            }
            state = refresh.state();
            let trusted = refresh.finish()?;
            versions = Some(self::versions(&trusted));
            let Some(target) = &self.target else {
                return Ok(None);
            };
            let mut search = trusted.search(target)?;
            while let Some(wanted) = search.wanted() {
                let answered = search.answer(ask(&wanted));
                state = search.state();
                answered?;
            }
            state = search.state();
            let (_, target) = search.finish();
            let target = target?;
            let bytes = ask(target.wanted());
            target.verify(bytes).map(Some)
        })();
        Run {
            result,
            state,
            asked,
            versions,
        }
    }
}

fn versions(trusted: &Trusted) -> [u64; 4] {
    use modelseal_tuf::Role::{Root, Snapshot, Targets, Timestamp};
    [Timestamp, Snapshot, Targets, Root]
        .map(|role| trusted.expiry(role).expect("a role at the top").version)
}

/// The path of a file below the mirror's address.
fn path(wanted: &Wanted) -> String {
    let folder = match wanted.place {
        Place::Metadata => "metadata",
        Place::Targets => "targets",
    };
    format!("{folder}/{}", wanted.path)
}

pub(crate) fn fetch(mirror: &Mirror, wanted: &Wanted) -> Answer {
    let file = mirror.files.get(&path(wanted));
    file.map_or(Answer::NotFound, |bytes| Answer::Bytes(bytes.clone()))
}

/// The code of an outcome.
pub fn code<T>(result: &Result<T, Error>) -> &'static str {
    result.as_ref().map_or_else(Error::code, |_| "ok")
}

/// A time in RFC 3339, in seconds.
pub(crate) fn seconds(rfc3339: &str) -> u64 {
    let time = modelseal::parts::from_rfc3339(rfc3339);
    time.expect("a time in RFC 3339").seconds()
}
