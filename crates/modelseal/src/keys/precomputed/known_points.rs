//! Points that ship with modelseal, each with three distant multiples: the curves' generators, and
//! keys of the bundled trust root.
//!
//! With them a scalar is split into four parts of a quarter of its bits, which share their doublings:
//! a check by such a key takes a little more than half the time, from the first one on.

use ecdsa::EcdsaCurve;
use p256::elliptic_curve::{
    AffinePoint, CurveArithmetic, FieldBytes, Group, PrimeField, ProjectivePoint, Scalar,
    ops::LinearCombination, point::AffineCoordinates,
};

use super::super::ecdsa::{affine, field_bytes};

/// Of `P` on a curve of `n` bits: `P`, `2^(n/4) P`, `2^(n/2) P` and `2^(3n/4) P`.
#[derive(Debug)]
pub(super) struct KnownPoint<C: CurveArithmetic>([ProjectivePoint<C>; 4]);

/// A number of at most a quarter of the bits, and the multiple that it counts.
type Term<C> = (ProjectivePoint<C>, Scalar<C>);

impl<C> KnownPoint<C>
where
    C: EcdsaCurve + CurveArithmetic,
    AffinePoint<C>: AffineCoordinates<FieldRepr = FieldBytes<C>>,
    ProjectivePoint<C>: LinearCombination<[Term<C>; 8]>,
{
    /// The generator, which `known` has first.
    pub(super) fn of_generator(known: &[u8]) -> Option<Self> {
        Self::find(known, &ProjectivePoint::<C>::generator().into())
    }

    /// `point`, if it is among the `known`: the coordinates of four points for each. A test computes
    /// them again.
    pub(super) fn find(known: &[u8], point: &AffinePoint<C>) -> Option<Self> {
        let length = FieldBytes::<C>::default().len();
        let (x, y) = (point.x(), point.y());
        let mut known = known.chunks_exact(length.checked_mul(8)?);
        let four = known.find(|four| {
            let after = four.strip_prefix(x.as_slice());
            after.is_some_and(|after| after.starts_with(&y))
        })?;
        let mut points = four.chunks_exact(length.checked_mul(2)?);
        let mut point = || affine::<C>(points.next()?).map(ProjectivePoint::<C>::from);
        Some(Self([point()?, point()?, point()?, point()?]))
    }

    /// `a * self + b * other`.
    pub(super) fn combine(
        &self,
        a: &Scalar<C>,
        other: &Self,
        b: &Scalar<C>,
    ) -> Option<ProjectivePoint<C>> {
        let [a0, a1, a2, a3] = self.terms(a)?;
        let [b0, b1, b2, b3] = other.terms(b)?;
        Some(ProjectivePoint::<C>::lincomb_vartime(&[
            a0, a1, a2, a3, b0, b1, b2, b3,
        ]))
    }

    /// Never returns `None`: each part is smaller than the group order.
    fn terms(&self, scalar: &Scalar<C>) -> Option<[Term<C>; 4]> {
        let octets: FieldBytes<C> = (*scalar).into();
        let mut parts = octets.rchunks(octets.len().div_ceil(4));
        let mut part = || Scalar::<C>::from_repr(field_bytes::<C>(parts.next()?)?).into_option();
        let [p0, p1, p2, p3] = self.0;
        Some([(p0, part()?), (p1, part()?), (p2, part()?), (p3, part()?)])
    }
}

#[cfg(test)]
pub(crate) mod tests {
    #![allow(clippy::arithmetic_side_effects)]

    use alloc::vec::Vec;

    use super::*;
    use crate::keys::{Inner, PublicKey};

    impl<C> KnownPoint<C>
    where
        C: EcdsaCurve + CurveArithmetic,
        AffinePoint<C>: AffineCoordinates<FieldRepr = FieldBytes<C>>,
        ProjectivePoint<C>: LinearCombination<[Term<C>; 8]>,
    {
        /// Any point.
        pub(in crate::keys) fn compute(point: AffinePoint<C>) -> Option<Self> {
            Self::find(&coordinates::<C>(point), &point)
        }
    }

    /// The known points of both curves: their generators, and `keys`.
    pub(crate) fn known_points<'a>(keys: impl Iterator<Item = &'a PublicKey>) -> [Vec<u8>; 2] {
        let mut p256 = Vec::from([p256::AffinePoint::GENERATOR]);
        let mut p384 = Vec::from([p384::AffinePoint::GENERATOR]);
        for key in keys {
            match &key.inner {
                Inner::P256(key) if !p256.contains(key.as_affine()) => p256.push(*key.as_affine()),
                Inner::P384(key) if !p384.contains(key.as_affine()) => p384.push(*key.as_affine()),
                _ => {}
            }
        }
        [
            p256.into_iter()
                .flat_map(coordinates::<p256::NistP256>)
                .collect(),
            p384.into_iter()
                .flat_map(coordinates::<p384::NistP384>)
                .collect(),
        ]
    }

    /// The coordinates of `point` and of its multiples, by doubling alone.
    fn coordinates<C>(point: AffinePoint<C>) -> Vec<u8>
    where
        C: EcdsaCurve + CurveArithmetic,
        AffinePoint<C>: AffineCoordinates<FieldRepr = FieldBytes<C>>,
    {
        let mut coordinates = Vec::new();
        let mut multiple = ProjectivePoint::<C>::from(point);
        for _ in 0..4 {
            let point: AffinePoint<C> = multiple.into();
            coordinates.extend_from_slice(&point.x());
            coordinates.extend_from_slice(&point.y());
            let quarter_of_the_bits = point.x().len() * 2;
            for _ in 0..quarter_of_the_bits {
                multiple = multiple.double();
            }
        }
        coordinates
    }
}
