//! What is left of the work that one bundle may cause: counted, never a clock.

use core::cell::Cell;

use crate::{error::Error, limits::Limits};

/// The work that is left for one bundle. Every step and every check of a signature counts.
#[derive(Debug)]
pub(crate) struct Budget {
    limits: Limits,
    signature_checks: Cell<usize>,
    path_steps: Cell<usize>,
}

impl Budget {
    /// All that the limits allow.
    pub(crate) const fn new(limits: &Limits) -> Self {
        Self {
            limits: *limits,
            signature_checks: Cell::new(limits.signature_checks),
            path_steps: Cell::new(limits.path_steps),
        }
    }

    /// The limits that it was made of.
    pub(crate) const fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Takes one step of path building, and `extra` more.
    pub(crate) fn step(&self, extra: usize) -> Result<(), Error> {
        let left = self.path_steps.get().checked_sub(1);
        let left = left.and_then(|left| left.checked_sub(extra));
        self.path_steps.set(left.ok_or(Error::PathBudgetExceeded)?);
        Ok(())
    }

    /// Takes one check of a signature.
    pub(crate) fn signature_check(&self) -> Result<(), Error> {
        let left = self.signature_checks.get().checked_sub(1);
        let limit = self.limits.signature_checks;
        self.signature_checks
            .set(left.ok_or(Error::SignatureCheckCount { limit })?);
        Ok(())
    }
}
