//! FixedBaseTable of a point: of the curves' generators, and of the keys of a trust root.
//!
//! With all of both at hand a check takes additions alone, a third of the time.
#![allow(
    clippy::arithmetic_side_effects,
    reason = "points: their arithmetic has no overflow"
)]

use alloc::vec::Vec;

use ecdsa::EcdsaCurve;
use p256::elliptic_curve::{CurveArithmetic, FieldBytes, Group, ProjectivePoint, Scalar};

/// `d * 16^i * P` for each digit `d` from 1 to 15 and each place `i`, the lowest first.
#[derive(Debug)]
pub(in crate::keys) struct FixedBaseTable<C: CurveArithmetic>(Vec<ProjectivePoint<C>>);

impl<C: EcdsaCurve + CurveArithmetic> FixedBaseTable<C> {
    pub(super) fn of_generator() -> Self {
        Self::of(ProjectivePoint::<C>::generator())
    }

    pub(super) fn of(point: ProjectivePoint<C>) -> Self {
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

    pub(super) fn times(&self, scalar: &Scalar<C>) -> ProjectivePoint<C> {
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
