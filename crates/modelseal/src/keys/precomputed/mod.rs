//! ECDSA with the keys of a trust root. One such key checks many signatures, so multiples of its
//! point are worth having: some ship with modelseal, others are computed when they pay.
//!
//! All of it is public, so nothing here needs constant time.
#![allow(
    clippy::arithmetic_side_effects,
    reason = "points and scalars: their arithmetic has no overflow"
)]

mod known_points;
mod table;

use alloc::sync::Arc;
use core::sync::atomic::{AtomicU8, Ordering};

use ecdsa::EcdsaCurve;
use p256::{
    NistP256,
    elliptic_curve::{
        AffinePoint, CurveArithmetic, Field, FieldBytes, Group, ProjectivePoint, Scalar,
        ops::{LinearCombination, Reduce},
        point::AffineCoordinates,
    },
};
use p384::NistP384;
use spin::Once;

use known_points::KnownPoint;
#[cfg(test)]
pub(crate) use known_points::tests::known_points;
use table::FixedBaseTable;

use super::{
    Inner,
    ecdsa::{Signature, field_bytes},
};

/// Build the table only after this many checks: building costs as much as several checks, which
/// would slow down a process that verifies one or two bundles.
const CHECKS_WITHOUT_TABLE: u8 = 8;

/// A key with what is known of its multiples. Copies share it.
#[derive(Clone, Debug)]
pub(super) enum PrecomputedKey {
    P256(Arc<KeyOnCurve<NistP256>>),
    P384(Arc<KeyOnCurve<NistP384>>),
}

impl PrecomputedKey {
    /// `None` for keys that are too rare in trust roots.
    pub(super) fn of(key: &Inner) -> Option<Self> {
        match key {
            Inner::P256(key) => Some(Self::P256(Arc::new(KeyOnCurve::of(*key.as_affine())))),
            Inner::P384(key) => Some(Self::P384(Arc::new(KeyOnCurve::of(*key.as_affine())))),
            Inner::P521(_) | Inner::Ed25519(_) | Inner::Rsa(_) => None,
        }
    }

    /// Is this the signature of `digest`? `None` where nothing helps, so that the key itself decides.
    pub(super) fn verify(&self, digest: &[u8], signature: &Signature<'_>) -> Option<bool> {
        match self {
            Self::P256(key) => key.verify(digest, signature),
            Self::P384(key) => key.verify(digest, signature),
        }
    }
}

/// A curve with points that ship with modelseal.
pub(super) trait Curve: EcdsaCurve + CurveArithmetic {
    /// See [`KnownPoint::find`].
    const KNOWN: &'static [u8];

    /// The table of the generator, built when it is first needed.
    fn generator() -> &'static FixedBaseTable<Self>;
}

impl Curve for NistP256 {
    const KNOWN: &'static [u8] = include_bytes!("../../../roots/known-points.p256");

    fn generator() -> &'static FixedBaseTable<Self> {
        static TABLE: Once<FixedBaseTable<NistP256>> = Once::new();
        TABLE.call_once(FixedBaseTable::of_generator)
    }
}

impl Curve for NistP384 {
    const KNOWN: &'static [u8] = include_bytes!("../../../roots/known-points.p384");

    fn generator() -> &'static FixedBaseTable<Self> {
        static TABLE: Once<FixedBaseTable<NistP384>> = Once::new();
        TABLE.call_once(FixedBaseTable::of_generator)
    }
}

#[derive(Debug)]
pub(super) struct KeyOnCurve<C: CurveArithmetic> {
    key: AffinePoint<C>,
    known: Option<KnownPoint<C>>,
    checks: AtomicU8,
    table: Once<FixedBaseTable<C>>,
}

impl<C> KeyOnCurve<C>
where
    C: Curve,
    AffinePoint<C>: AffineCoordinates<FieldRepr = FieldBytes<C>>,
    ProjectivePoint<C>: LinearCombination<[(ProjectivePoint<C>, Scalar<C>); 8]>,
{
    fn of(key: AffinePoint<C>) -> Self {
        Self::with(key, KnownPoint::find(C::KNOWN, &key))
    }

    const fn with(key: AffinePoint<C>, known: Option<KnownPoint<C>>) -> Self {
        Self {
            key,
            known,
            checks: AtomicU8::new(0),
            table: Once::new(),
        }
    }

    fn verify(&self, digest: &[u8], signature: &Signature<'_>) -> Option<bool> {
        let checks = self.checks.load(Ordering::Relaxed);
        if checks < CHECKS_WITHOUT_TABLE {
            self.checks
                .store(checks.saturating_add(1), Ordering::Relaxed);
            return self.verify_by_known_points(digest, signature);
        }
        Some(self.verify_by_table(digest, signature))
    }

    /// `None` for a key that does not ship with modelseal.
    fn verify_by_known_points(&self, digest: &[u8], signature: &Signature<'_>) -> Option<bool> {
        let key = self.known.as_ref()?;
        let generator = KnownPoint::of_generator(C::KNOWN)?;
        let sum = |a: &_, b: &_| generator.combine(a, key, b);
        Some(is_signature::<C>(digest, signature, sum))
    }

    fn verify_by_table(&self, digest: &[u8], signature: &Signature<'_>) -> bool {
        let generator = C::generator();
        let key = self.table.call_once(|| FixedBaseTable::of(self.key.into()));
        let sum = |a: &_, b: &_| Some(generator.times(a) + key.times(b));
        is_signature::<C>(digest, signature, sum)
    }
}

/// SEC 1 section 4.1.4, with `sum(a, b)` for `a * G + b * Q`.
fn is_signature<C: EcdsaCurve + CurveArithmetic>(
    digest: &[u8],
    signature: &Signature<'_>,
    sum: impl Fn(&Scalar<C>, &Scalar<C>) -> Option<ProjectivePoint<C>>,
) -> bool {
    let check = || {
        let (r, s) = signature.scalars::<C>()?;
        let inverse = Field::invert(&s).into_option()?;
        // The leftmost octets; a shorter digest counts as a number.
        let length = digest.len().min(FieldBytes::<C>::default().len());
        let z = field_bytes::<C>(digest.get(..length)?)?;
        let z = <Scalar<C> as Reduce<FieldBytes<C>>>::reduce(&z);
        let point = sum(&(z * inverse), &(r * inverse))?;
        if bool::from(point.is_identity()) {
            return None;
        }
        let point: AffinePoint<C> = point.into();
        let x = <Scalar<C> as Reduce<FieldBytes<C>>>::reduce(&point.x());
        Some(x == r)
    };
    check().unwrap_or(false)
}

#[cfg(test)]
impl PrecomputedKey {
    /// A key with known points, as those of the bundled root have them.
    pub(in crate::keys) fn known(key: &Inner) -> Option<Self> {
        match Self::of(key)? {
            Self::P256(key) => {
                let key = KeyOnCurve::with(key.key, KnownPoint::compute(key.key));
                Some(Self::P256(Arc::new(key)))
            }
            Self::P384(key) => {
                let key = KeyOnCurve::with(key.key, KnownPoint::compute(key.key));
                Some(Self::P384(Arc::new(key)))
            }
        }
    }

    pub(in crate::keys) fn verify_in_each_way(
        &self,
        digest: &[u8],
        signature: &Signature<'_>,
    ) -> [Option<bool>; 2] {
        match self {
            Self::P256(key) => [
                key.verify_by_known_points(digest, signature),
                Some(key.verify_by_table(digest, signature)),
            ],
            Self::P384(key) => [
                key.verify_by_known_points(digest, signature),
                Some(key.verify_by_table(digest, signature)),
            ],
        }
    }
}
