//! Path building and validation (RFC 5280 section 6), with counted work.

use alloc::{vec, vec::Vec};
use core::ops::ControlFlow;

use super::{anchors::Anchors, certificate::Certificate, link::Link, purpose::Purpose};
use crate::{budget::Budget, error::Error, time::UnixTime};

/// Certificates of which each certifies the one before, from a leaf to an anchor. Made only by
/// [`verify_path`].
#[derive(Debug)]
pub(crate) struct Path<'a> {
    certificates: Vec<&'a Certificate>,
}

impl<'a> Path<'a> {
    /// The certificates, leaf first, anchor last; one that is both, once.
    pub(crate) fn certificates(&self) -> impl ExactSizeIterator<Item = &'a Certificate> + '_ {
        self.certificates.iter().copied()
    }
}

/// Finds a path from `leaf` to one of `anchors` on which every certificate may certify the one before
/// it, and is valid at each of the times `at`, of which there is at least one.
///
/// Errors name a certificate by its position in the bundle's list. Anchors come after that list, in
/// the order in which they were given, and then the caller's other certificates.
///
/// A branch that fails is left for the next one. Of several failures the one that says most is
/// returned. Work beyond the budget ends the search.
pub(crate) fn verify_path<'a>(
    leaf: &'a Certificate,
    intermediates: &[&'a [Certificate]],
    anchors: &'a Anchors,
    at: &[UnixTime],
    purpose: Purpose,
    budget: &Budget,
) -> Result<Path<'a>, Error> {
    leaf.check_understood(leaf.index())?;
    check_validity(leaf, leaf.index(), at)?;
    purpose.check_leaf(leaf)?;
    // The caller trusts this very certificate.
    if anchors
        .iter()
        .any(|anchor| anchor.sha256() == leaf.sha256())
    {
        return Ok(Path {
            certificates: vec![leaf],
        });
    }
    let candidates = candidates(intermediates, anchors);
    let mut search = Search {
        anchors,
        candidates: &candidates,
        path: vec![leaf],
        checked: Vec::new(),
        failure: Error::IssuerUnknown,
        budget,
        depth: budget.limits().certificates.saturating_add(1),
        at,
        purpose,
    };
    match search.extend() {
        Ok(true) => Ok(Path {
            certificates: search.path,
        }),
        Ok(false) => Err(search.failure),
        Err(fatal) => Err(fatal),
    }
}

/// A certificate that may be the issuer of another.
#[derive(Clone, Copy)]
struct Candidate<'a> {
    certificate: &'a Certificate,
    index: usize,
    is_anchor: bool,
}

/// Anchors first: the shortest path. An anchor that the bundle repeats is there once.
fn candidates<'a>(intermediates: &[&'a [Certificate]], anchors: &'a Anchors) -> Vec<Candidate<'a>> {
    let intermediates = || intermediates.iter().copied().flatten();
    let first_anchor = intermediates().count().saturating_add(1);
    let mut candidates: Vec<_> = anchors
        .iter()
        .zip(first_anchor..)
        .map(|(certificate, index)| Candidate {
            certificate,
            index,
            is_anchor: true,
        })
        .collect();
    let own = anchors.candidates().iter().zip(first_anchor..);
    let own = own.map(|(certificate, index)| (certificate, index.saturating_add(anchors.len())));
    let bundled = intermediates().map(|certificate| (certificate, certificate.index()));
    for (certificate, index) in bundled.chain(own) {
        let known =
            |candidate: &Candidate<'_>| candidate.certificate.sha256() == certificate.sha256();
        if !candidates.iter().any(known) {
            candidates.push(Candidate {
                certificate,
                index,
                is_anchor: false,
            });
        }
    }
    candidates
}

/// A signature that was checked, and how it went.
struct Checked {
    link: Link,
    result: Result<(), Error>,
}

/// A depth-first search for a path.
struct Search<'a, 'b> {
    anchors: &'a Anchors,
    candidates: &'b [Candidate<'a>],
    path: Vec<&'a Certificate>,
    checked: Vec<Checked>,
    failure: Error,
    budget: &'b Budget,
    depth: usize,
    at: &'b [UnixTime],
    purpose: Purpose,
}

impl Search<'_, '_> {
    /// Extends the path to an anchor. `Err` is fatal.
    fn extend(&mut self) -> Result<bool, Error> {
        let Some(child) = self.path.last().copied() else {
            return Ok(false);
        };
        let candidates = self.candidates;
        for candidate in candidates {
            self.budget.step(0)?;
            // Section 6.1: no certificate twice in a path.
            let used = self
                .path
                .iter()
                .any(|used| used.sha256() == candidate.certificate.sha256());
            if used || !candidate.certificate.is_named_issuer_of(child) {
                continue;
            }
            match self.check_issuer(child, candidate) {
                Ok(()) => {}
                Err(ControlFlow::Continue(error)) => {
                    self.note(error);
                    continue;
                }
                Err(ControlFlow::Break(fatal)) => return Err(fatal),
            }
            if self.path.len() > self.depth {
                return Err(Error::PathBudgetExceeded);
            }
            self.path.push(candidate.certificate);
            if candidate.is_anchor || self.extend()? {
                return Ok(true);
            }
            self.path.pop();
        }
        Ok(false)
    }

    /// May `candidate` have issued `child`, the path's last certificate, and did it?
    fn check_issuer(
        &mut self,
        child: &Certificate,
        candidate: &Candidate<'_>,
    ) -> Result<(), ControlFlow<Error, Error>> {
        let Candidate {
            certificate: issuer,
            index,
            ..
        } = *candidate;
        // First the signature: the faults of another certificate of the same name are not worth reporting.
        self.check_signature(child, issuer)
            .map_err(ControlFlow::Break)?
            .map_err(ControlFlow::Continue)?;
        issuer
            .check_understood(index)
            .map_err(ControlFlow::Continue)?;
        check_validity(issuer, index, self.at).map_err(ControlFlow::Continue)?;
        check_authority(issuer, index).map_err(ControlFlow::Continue)?;
        if !self.purpose.permits_issuer(issuer) {
            return Err(ControlFlow::Continue(Error::ExtendedKeyUsageInvalid {
                index,
            }));
        }
        self.check_path_length(issuer, index)
            .map_err(ControlFlow::Continue)?;
        self.check_name_constraints(issuer)
            .map_err(ControlFlow::Break)?
            .map_err(ControlFlow::Continue)
    }

    /// Section 6.1.3 (a) (1). Checked once for each pair; the outer result is fatal.
    fn check_signature(
        &mut self,
        child: &Certificate,
        issuer: &Certificate,
    ) -> Result<Result<(), Error>, Error> {
        let link = Link {
            child: child.sha256(),
            issuer: issuer.sha256(),
        };
        if self.anchors.knows(link) {
            return Ok(Ok(()));
        }
        if let Some(known) = self.checked.iter().find(|known| known.link == link) {
            return Ok(known.result);
        }
        let spent = |_| Error::PathBudgetExceeded;
        self.budget.signature_check().map_err(spent)?;
        let result = child.verify_signed_by(issuer);
        self.checked.push(Checked { link, result });
        Ok(result)
    }

    /// Section 6.1.4 (l) and (m): intermediates below the issuer, without the leaf and without
    /// certificates that an authority issued to itself.
    fn check_path_length(&self, issuer: &Certificate, index: usize) -> Result<(), Error> {
        let constraints = issuer.extensions().basic_constraints.as_ref();
        let Some(limit) = constraints.and_then(|constraints| constraints.path_length) else {
            return Ok(());
        };
        let below = self
            .path
            .iter()
            .skip(1)
            .filter(|below| !below.is_self_issued())
            .count();
        if below > usize::from(limit) {
            return Err(Error::PathLengthExceeded { index });
        }
        Ok(())
    }

    /// Section 6.1.3 (b) and (c), for all below the issuer; its own certificates to itself are
    /// exempt, but for the leaf. The outer result is fatal.
    fn check_name_constraints(&mut self, issuer: &Certificate) -> Result<Result<(), Error>, Error> {
        let Some(constraints) = &issuer.extensions().name_constraints else {
            return Ok(Ok(()));
        };
        for (position, below) in self.path.iter().enumerate() {
            if position > 0 && below.is_self_issued() {
                continue;
            }
            let names = &below.extensions().subject_alt_names;
            if !constraints.check(below.subject_name(), names, self.budget)? {
                return Ok(Err(Error::NameConstraintViolated {
                    index: below.index(),
                }));
            }
        }
        Ok(Ok(()))
    }

    fn note(&mut self, error: Error) {
        if rank(&error) > rank(&self.failure) {
            self.failure = error;
        }
    }
}

/// Section 6.1.3 (a) (2), section 4.1.2.5: both ends are included. Anchors are not exempt.
fn check_validity(certificate: &Certificate, index: usize, at: &[UnixTime]) -> Result<(), Error> {
    let (not_before, not_after) = (certificate.not_before(), certificate.not_after());
    for &at in at {
        if at < not_before {
            return Err(Error::CertificateNotYetValid {
                index,
                at,
                not_before,
            });
        }
        if at > not_after {
            return Err(Error::CertificateExpired {
                index,
                at,
                not_after,
            });
        }
    }
    Ok(())
}

/// May the certificate sign others? Anchors are asked as well.
fn check_authority(issuer: &Certificate, index: usize) -> Result<(), Error> {
    let extensions = issuer.extensions();
    // Section 6.1.4 (k): marked as an authority.
    if !extensions.is_ca() {
        return Err(Error::BasicConstraintsInvalid { index });
    }
    // Section 4.2.1.9: critical in the certificate of an authority.
    if !extensions.basic_constraints_critical {
        return Err(Error::ExtensionInvalid { index });
    }
    // Section 6.1.4 (n): keyCertSign, if the extension is there. Section 4.2.1.3 tells authorities to
    // have it, but path validation does not ask, and private roots in use lack it.
    match &extensions.key_usage {
        Some(usage) if !usage.key_cert_sign() => Err(Error::KeyUsageInvalid { index }),
        Some(_) | None => Ok(()),
    }
}

/// How much an error says: the further a candidate came, the more likely it is the issuer meant.
const fn rank(error: &Error) -> u8 {
    match error {
        Error::CertificateSignatureMismatch { .. } => 1,
        Error::CertificateKeyUnsupported { .. } | Error::SignatureAlgorithmUnsupported { .. } => 2,
        Error::BasicConstraintsInvalid { .. }
        | Error::ExtensionCriticalUnknown { .. }
        | Error::ExtensionInvalid { .. }
        | Error::KeyUsageInvalid { .. } => 3,
        Error::ExtendedKeyUsageInvalid { .. } => 4,
        Error::PathLengthExceeded { .. } => 5,
        Error::NameConstraintViolated { .. } => 6,
        Error::CertificateNotYetValid { .. } => 7,
        Error::CertificateExpired { .. } => 8,
        _ => 0,
    }
}
