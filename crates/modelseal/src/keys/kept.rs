//! ECDSA with the keys of a trust root: many signatures are checked by one of them, so that what is
//! known of it beforehand, and what is kept of it, pays.
//!
//! All of it is public: nothing has to take the same time.
#![allow(
    clippy::arithmetic_side_effects,
    reason = "points and scalars: their arithmetic has no overflow"
)]

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

use super::{
    Inner,
    ecdsa::{Signature, field_bytes},
    multiples::Multiples,
    quarters::Quarters,
};

/// So many signatures are checked without multiples: to make them takes as long as several checks,
/// and whoever checks one bundle, or two, does not wait for that.
const WITHOUT: u8 = 8;

/// A key, and what is kept of it. Copies share that.
#[derive(Clone, Debug)]
pub(super) enum Kept {
    P256(Arc<OnCurve<NistP256>>),
    P384(Arc<OnCurve<NistP384>>),
}

impl Kept {
    /// None where the curve is too rare, or there is none.
    pub(super) fn of(key: &Inner) -> Option<Self> {
        match key {
            Inner::P256(key) => Some(Self::P256(Arc::new(OnCurve::of(*key.as_affine())))),
            Inner::P384(key) => Some(Self::P384(Arc::new(OnCurve::of(*key.as_affine())))),
            Inner::P521(_) | Inner::Ed25519(_) | Inner::Rsa(_) => None,
        }
    }

    /// Is this the signature of `digest`? None where nothing is known of the key that would help.
    pub(super) fn verify(&self, digest: &[u8], signature: &Signature<'_>) -> Option<bool> {
        match self {
            Self::P256(key) => key.verify(digest, signature),
            Self::P384(key) => key.verify(digest, signature),
        }
    }
}

/// A curve with points that are known.
pub(super) trait Curve: EcdsaCurve + CurveArithmetic {
    /// See [`Quarters::find`].
    const KNOWN: &'static [u8];

    /// The generator's multiples, made when they are first asked for.
    fn generator() -> &'static Multiples<Self>;
}

impl Curve for NistP256 {
    const KNOWN: &'static [u8] = include_bytes!("../../roots/quarters.p256");

    fn generator() -> &'static Multiples<Self> {
        static MULTIPLES: Once<Multiples<NistP256>> = Once::new();
        MULTIPLES.call_once(Multiples::of_generator)
    }
}

impl Curve for NistP384 {
    const KNOWN: &'static [u8] = include_bytes!("../../roots/quarters.p384");

    fn generator() -> &'static Multiples<Self> {
        static MULTIPLES: Once<Multiples<NistP384>> = Once::new();
        MULTIPLES.call_once(Multiples::of_generator)
    }
}

#[derive(Debug)]
pub(super) struct OnCurve<C: CurveArithmetic> {
    key: AffinePoint<C>,
    quarters: Option<Quarters<C>>,
    used: AtomicU8,
    multiples: Once<Multiples<C>>,
}

impl<C> OnCurve<C>
where
    C: Curve,
    AffinePoint<C>: AffineCoordinates<FieldRepr = FieldBytes<C>>,
    ProjectivePoint<C>: LinearCombination<[(ProjectivePoint<C>, Scalar<C>); 8]>,
{
    fn of(key: AffinePoint<C>) -> Self {
        Self::with(key, Quarters::find(C::KNOWN, &key))
    }

    const fn with(key: AffinePoint<C>, quarters: Option<Quarters<C>>) -> Self {
        Self {
            key,
            quarters,
            used: AtomicU8::new(0),
            multiples: Once::new(),
        }
    }

    fn verify(&self, digest: &[u8], signature: &Signature<'_>) -> Option<bool> {
        let used = self.used.load(Ordering::Relaxed);
        if used < WITHOUT {
            self.used.store(used.saturating_add(1), Ordering::Relaxed);
            return self.verify_by_quarters(digest, signature);
        }
        Some(self.verify_by_multiples(digest, signature))
    }

    /// None where the key is not a known one.
    fn verify_by_quarters(&self, digest: &[u8], signature: &Signature<'_>) -> Option<bool> {
        let key = self.quarters.as_ref()?;
        let generator = Quarters::of_generator(C::KNOWN)?;
        let sum = |a: &_, b: &_| generator.combine(a, key, b);
        Some(is_signature::<C>(digest, signature, sum))
    }

    fn verify_by_multiples(&self, digest: &[u8], signature: &Signature<'_>) -> bool {
        let generator = C::generator();
        let key = self.multiples.call_once(|| Multiples::of(self.key.into()));
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
impl Kept {
    /// A key of which as much is known as of those of the bundled root.
    pub(super) fn known(key: &Inner) -> Option<Self> {
        match Self::of(key)? {
            Self::P256(key) => {
                let key = OnCurve::with(key.key, Quarters::compute(key.key));
                Some(Self::P256(Arc::new(key)))
            }
            Self::P384(key) => {
                let key = OnCurve::with(key.key, Quarters::compute(key.key));
                Some(Self::P384(Arc::new(key)))
            }
        }
    }

    pub(super) fn verify_in_each_way(
        &self,
        digest: &[u8],
        signature: &Signature<'_>,
    ) -> [Option<bool>; 2] {
        match self {
            Self::P256(key) => [
                key.verify_by_quarters(digest, signature),
                Some(key.verify_by_multiples(digest, signature)),
            ],
            Self::P384(key) => [
                key.verify_by_quarters(digest, signature),
                Some(key.verify_by_multiples(digest, signature)),
            ],
        }
    }
}
