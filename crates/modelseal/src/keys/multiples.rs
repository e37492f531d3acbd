//! Multiples of a point, kept where many signatures are checked with it: of the curves' generators,
//! and of the keys of a trust root.
//!
//! With both at hand a check takes additions alone, a third of the time. All of it is public:
//! nothing has to take the same time.
#![allow(
    clippy::arithmetic_side_effects,
    reason = "points and scalars: their arithmetic has no overflow"
)]

use alloc::vec::Vec;
use core::sync::atomic::{AtomicBool, Ordering};

use ecdsa::EcdsaCurve;
use p256::{
    NistP256,
    elliptic_curve::{
        AffinePoint, CurveArithmetic, Field, FieldBytes, Group, ProjectivePoint, Scalar,
        ops::Reduce, point::AffineCoordinates,
    },
};
use p384::NistP384;
use spin::Once;

use super::{
    Inner,
    ecdsa::{Signature, field_bytes},
};

static GENERATOR_P256: Once<Multiples<NistP256>> = Once::new();
static GENERATOR_P384: Once<Multiples<NistP384>> = Once::new();

/// The multiples of one key, made when it is used for the second time: whoever checks one bundle
/// does not wait for them.
#[derive(Debug, Default)]
pub(super) struct Kept {
    used: AtomicBool,
    made: Once<KeyMultiples>,
}

#[derive(Debug)]
enum KeyMultiples {
    P256(Multiples<NistP256>),
    P384(Multiples<NistP384>),
    /// Too rare, or of another kind.
    None,
}

impl Kept {
    /// Is this the signature of `digest`? None where there are no multiples of the key yet.
    pub(super) fn verify(
        &self,
        key: &Inner,
        digest: &[u8],
        signature: &Signature<'_>,
    ) -> Option<bool> {
        if !self.used.swap(true, Ordering::Relaxed) {
            return None;
        }
        match self.made.call_once(|| KeyMultiples::of(key)) {
            KeyMultiples::P256(key) => {
                let generator = GENERATOR_P256.call_once(Multiples::of_generator);
                Some(verify(generator, key, digest, signature))
            }
            KeyMultiples::P384(key) => {
                let generator = GENERATOR_P384.call_once(Multiples::of_generator);
                Some(verify(generator, key, digest, signature))
            }
            KeyMultiples::None => None,
        }
    }
}

impl KeyMultiples {
    fn of(key: &Inner) -> Self {
        match key {
            Inner::P256(key) => Self::P256(Multiples::of((*key.as_affine()).into())),
            Inner::P384(key) => Self::P384(Multiples::of((*key.as_affine()).into())),
            _ => Self::None,
        }
    }
}

/// `d * 16^i * P` for each digit `d` from 1 to 15 and each place `i`, the lowest first.
#[derive(Debug)]
struct Multiples<C: CurveArithmetic>(Vec<ProjectivePoint<C>>);

impl<C: CurveArithmetic> Multiples<C> {
    fn of_generator() -> Self {
        Self::of(ProjectivePoint::<C>::generator())
    }

    fn of(point: ProjectivePoint<C>) -> Self {
        let mut multiples = Vec::new();
        let mut place = point;
        let digits = FieldBytes::<C>::default().len().saturating_mul(2);
        for _ in 0..digits {
            let mut multiple = place;
            for _ in 1..16 {
                multiples.push(multiple);
                multiple += place;
            }
            place = multiple;
        }
        Self(multiples)
    }

    fn times(&self, scalar: &Scalar<C>) -> ProjectivePoint<C> {
        let octets: FieldBytes<C> = (*scalar).into();
        let digits = octets
            .iter()
            .rev()
            .flat_map(|octet| [octet & 15, octet >> 4]);
        let mut sum = ProjectivePoint::<C>::identity();
        for (digit, multiples) in digits.zip(self.0.chunks_exact(15)) {
            let multiple = usize::from(digit)
                .checked_sub(1)
                .and_then(|index| multiples.get(index));
            if let Some(multiple) = multiple {
                sum += multiple;
            }
        }
        sum
    }
}

/// SEC 1 section 4.1.4, with the key and the generator by their multiples.
fn verify<C: EcdsaCurve + CurveArithmetic>(
    generator: &Multiples<C>,
    key: &Multiples<C>,
    digest: &[u8],
    signature: &Signature<'_>,
) -> bool {
    let check = || {
        let (r, s) = signature.scalars::<C>()?;
        let inverse = Field::invert(&s).into_option()?;
        // The leftmost octets; a shorter digest counts as a number.
        let length = digest.len().min(FieldBytes::<C>::default().len());
        let z = field_bytes::<C>(digest.get(..length)?)?;
        let z = <Scalar<C> as Reduce<FieldBytes<C>>>::reduce(&z);
        let point = generator.times(&(z * inverse)) + key.times(&(r * inverse));
        if bool::from(point.is_identity()) {
            return None;
        }
        let point: AffinePoint<C> = point.into();
        let x = <Scalar<C> as Reduce<FieldBytes<C>>>::reduce(&point.x());
        Some(x == r)
    };
    check().unwrap_or(false)
}
