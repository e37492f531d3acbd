//! What a case changes, stage by stage.

use modelseal_forge_oms::certificate::Certificate;
use serde_json::Value;

use crate::log::Proof;
use crate::note::{Checkpoint, Note};
use crate::sct::Sct;
use crate::tsa::{Cms, TstInfo};

type Step<T> = Box<dyn Fn(&mut T) + Send + Sync>;

/// Changes to one kind of thing, in order.
pub struct Change<T>(Vec<Step<T>>);

impl<T> Default for Change<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Change<T> {
    /// One more change.
    pub fn add(&mut self, step: impl Fn(&mut T) + Send + Sync + 'static) {
        self.0.push(Box::new(step));
    }

    /// Makes the changes.
    pub fn apply(&self, value: &mut T) {
        self.0.iter().for_each(|step| step(value));
    }
}

/// The changes of a case, in the order in which they are made.
#[derive(Default)]
pub struct Changes {
    /// Fulcio's root before it is signed.
    pub fulcio_root: Change<Certificate>,
    /// Fulcio's intermediate before it is signed.
    pub intermediate: Change<Certificate>,
    /// The leaf before its precertificate is logged.
    pub leaf: Change<Certificate>,
    /// The SCT before the CT log signs it.
    pub sct: Change<Sct>,
    /// The SCTs as they are written into the leaf, each a SerializedSCT.
    pub scts: Change<Vec<Vec<u8>>>,
    /// The leaf's TBSCertificate with its SCTs, before Fulcio signs it.
    pub leaf_final: Change<Certificate>,
    /// The signature over the content, as it goes into bundle, log and timestamp.
    pub signature: Change<Vec<u8>>,
    /// The log entry's body before it is canonicalized and logged.
    pub body: Change<Value>,
    /// The entry's place in the log, before the checkpoint is made.
    pub proof_of: Change<Proof>,
    /// The checkpoint before the log signs it.
    pub checkpoint: Change<Checkpoint>,
    /// The checkpoint as a signed note.
    pub note: Change<Note>,
    /// What the inclusion promise (SET) signs.
    pub promise: Change<Value>,
    /// The log entry in the bundle.
    pub entry_json: Change<Value>,
    /// The TSA's root before it is signed.
    pub tsa_root: Change<Certificate>,
    /// The TSA's own certificate before it is signed.
    pub tsa_leaf: Change<Certificate>,
    /// The timestamp's content before it is hashed.
    pub tst_info: Change<TstInfo>,
    /// The CMS SignedData before it is signed.
    pub cms: Change<Cms>,
    /// The TimeStampResp.
    pub token: Change<Vec<u8>>,
    /// The whole bundle.
    pub bundle: Change<Value>,
    /// The trust root.
    pub root: Change<Value>,
}
