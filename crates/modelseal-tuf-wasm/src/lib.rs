//! modelseal-tuf for JavaScript: translation, no decisions.
//!
//! It is internal to the npm package, which fetches and stores. What is `Err` here is thrown there, as its code and
//! message in JSON.

use std::mem;

use modelseal::UnixTime;
use modelseal_tuf::{
    Answer, Error, Limits, Place, Refresh, Role, Search, State, Target, Trusted, Wanted,
};
use wasm_bindgen::prelude::*;

/// A refresh, and then searches: from the start root to the bytes of target files.
#[wasm_bindgen]
pub struct Client {
    start: Vec<u8>,
    now: UnixTime,
    stored: State,
    phase: Phase,
}

/// How far it is.
enum Phase {
    Stored,
    Refresh(Box<Refresh>),
    Refreshed(Box<Trusted>),
    Search(Box<Search>),
    Target(Box<(Trusted, Target)>),
    Done(Box<Trusted>, Vec<u8>),
    Failed(State),
}

#[wasm_bindgen]
impl Client {
    /// Begins at a start root. `now` is in seconds.
    #[wasm_bindgen(constructor)]
    pub fn new(start: Vec<u8>, now: f64) -> Self {
        // The host's own clock: it has seconds.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let now = UnixTime::from_seconds(now as u64);
        Self {
            start,
            now,
            stored: State::default(),
            phase: Phase::Stored,
        }
    }

    /// Takes a stored file: `root`, in order, `timestamp`, `snapshot`, `targets`, or a delegated role's.
    pub fn put(&mut self, kind: &str, name: &str, bytes: Vec<u8>) {
        match kind {
            "root" => self.stored.roots.push(bytes),
            "timestamp" => self.stored.timestamp = Some(bytes),
            "snapshot" => self.stored.snapshot = Some(bytes),
            "targets" => self.stored.targets = Some(bytes),
            _ => drop(self.stored.delegated.insert(name.into(), bytes)),
        }
    }

    /// Begins to ask.
    pub fn begin(&mut self) -> Result<(), JsValue> {
        let stored = mem::take(&mut self.stored);
        let refresh = Refresh::new(&self.start, stored, self.now, Limits::default());
        self.phase = Phase::Refresh(Box::new(refresh.map_err(thrown)?));
        self.advance().map_err(thrown)
    }

    /// Verifies what is stored without asking, expiry aside.
    pub fn stored(&mut self) -> Result<(), JsValue> {
        let stored = mem::take(&mut self.stored);
        let trusted = Trusted::from_state(&self.start, stored, Limits::default());
        self.phase = Phase::Refreshed(Box::new(trusted.map_err(thrown)?));
        Ok(())
    }

    /// Begins to look for a target file, once nothing more is wanted.
    pub fn search(&mut self, target: &str) -> Result<(), JsValue> {
        let trusted = match self.replace() {
            Phase::Refreshed(trusted) | Phase::Done(trusted, _) => trusted,
            other => {
                self.phase = other;
                return Err(thrown(Error::Order));
            }
        };
        let search = trusted.search(target).map_err(thrown)?;
        self.phase = Phase::Search(Box::new(search));
        self.advance().map_err(|error| {
            self.phase = Phase::Failed(self.state());
            thrown(error)
        })
    }

    /// What is wanted next: its place, its path, and its limit in bytes, apart by a space. A path has none.
    pub fn wanted(&self) -> Option<String> {
        let wanted = self.wanted_file()?;
        let place = match wanted.place {
            Place::Metadata => "metadata",
            Place::Targets => "targets",
        };
        Some(format!("{place} {} {}", wanted.path, wanted.limit))
    }

    /// Takes the file that was wanted; `undefined` where there is none.
    pub fn answer(&mut self, bytes: Option<Vec<u8>>) -> Result<(), JsValue> {
        let answer = bytes.map_or(Answer::NotFound, Answer::Bytes);
        let answered = self.take(answer).and_then(|()| self.advance());
        answered.map_err(|error| {
            self.phase = Phase::Failed(self.state());
            thrown(error)
        })
    }

    /// Is this the target file that is wanted, so that it is not fetched again?
    pub fn is(&self, bytes: &[u8]) -> bool {
        matches!(&self.phase, Phase::Target(found) if found.1.is(bytes))
    }

    /// The target file, once it is verified.
    pub fn target(&self) -> Option<Vec<u8>> {
        match &self.phase {
            Phase::Done(_, bytes) => Some(bytes.clone()),
            _ => None,
        }
    }

    /// The version of a role at the top, once all is verified.
    pub fn version(&self, role: &str) -> Option<f64> {
        #[allow(clippy::cast_precision_loss)]
        self.expiry(role).map(|expiry| expiry.version as f64)
    }

    /// When a role at the top expires, in RFC 3339.
    pub fn expires(&self, role: &str) -> Option<String> {
        self.expiry(role).map(|expiry| expiry.expires.to_string())
    }

    /// A file that is to be stored: `root` by its index, and the others.
    pub fn file(&self, kind: &str, name: &str) -> Option<Vec<u8>> {
        let state = self.state();
        match kind {
            "root" => state.roots.get(name.parse::<usize>().ok()?).cloned(),
            "timestamp" => state.timestamp,
            "snapshot" => state.snapshot,
            "targets" => state.targets,
            _ => state.delegated.get(name).cloned(),
        }
    }

    /// The names of the delegated roles that are to be stored.
    #[wasm_bindgen(js_name = delegatedNames)]
    pub fn delegated_names(&self) -> Vec<String> {
        self.state().delegated.into_keys().collect()
    }

    fn expiry(&self, role: &str) -> Option<modelseal_tuf::Expiry> {
        let roles = [Role::Root, Role::Timestamp, Role::Snapshot, Role::Targets];
        let role = roles.into_iter().find(|known| known.name() == role)?;
        match &self.phase {
            Phase::Refreshed(trusted) | Phase::Done(trusted, _) => trusted.expiry(role),
            _ => None,
        }
    }

    fn wanted_file(&self) -> Option<Wanted> {
        match &self.phase {
            Phase::Refresh(refresh) => refresh.wanted(),
            Phase::Search(search) => search.wanted(),
            Phase::Target(found) => Some(found.1.wanted().clone()),
            Phase::Stored | Phase::Refreshed(_) | Phase::Done(..) | Phase::Failed(_) => None,
        }
    }

    fn state(&self) -> State {
        match &self.phase {
            Phase::Stored => self.stored.clone(),
            Phase::Refresh(refresh) => refresh.state(),
            Phase::Search(search) => search.state(),
            Phase::Target(found) => found.0.state(),
            Phase::Refreshed(trusted) | Phase::Done(trusted, _) => trusted.state(),
            Phase::Failed(state) => state.clone(),
        }
    }

    fn take(&mut self, answer: Answer) -> Result<(), Error> {
        match &mut self.phase {
            Phase::Refresh(refresh) => refresh.answer(answer),
            Phase::Search(search) => search.answer(answer),
            Phase::Target(found) => {
                let bytes = found.1.clone().verify(answer)?;
                let Phase::Target(found) = self.replace() else {
                    return Err(Error::Order);
                };
                self.phase = Phase::Done(Box::new(found.0), bytes);
                Ok(())
            }
            Phase::Stored | Phase::Refreshed(_) | Phase::Done(..) | Phase::Failed(_) => {
                Err(Error::Order)
            }
        }
    }

    /// Goes on to the next phase where one has nothing more to ask.
    fn advance(&mut self) -> Result<(), Error> {
        if self.wanted_file().is_some() {
            return Ok(());
        }
        match self.replace() {
            Phase::Refresh(refresh) => {
                self.phase = Phase::Refreshed(Box::new(refresh.finish()?));
                Ok(())
            }
            Phase::Search(search) => {
                let (trusted, target) = search.finish();
                let target = target.inspect_err(|_| {
                    self.phase = Phase::Failed(trusted.state());
                })?;
                self.phase = Phase::Target(Box::new((trusted, target)));
                Ok(())
            }
            other => {
                self.phase = other;
                Ok(())
            }
        }
    }

    fn replace(&mut self) -> Phase {
        let state = self.state();
        mem::replace(&mut self.phase, Phase::Failed(state))
    }
}

/// Codes and sentences contain nothing that JSON escapes: they are our own.
fn thrown(error: Error) -> JsValue {
    let (code, message) = (error.code(), error.to_string());
    JsValue::from_str(&format!(
        "{{\"code\":\"{code}\",\"message\":\"{message}\"}}"
    ))
}
