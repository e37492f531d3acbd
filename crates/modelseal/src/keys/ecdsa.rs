//! ECDSA over a digest, with signatures in strict DER.

use alloc::vec::Vec;
use core::ops::{Add, Neg as _};

use der::{Decode as _, Tag, asn1::AnyRef};
use ecdsa::{EcdsaCurve, VerifyingKey};
use p256::elliptic_curve::{
    AffinePoint, CurveArithmetic, Field, FieldBytes, FieldBytesSize, PrimeField, Scalar,
    point::AffineCoordinates,
    sec1::{FromSec1Point, ModulusSize, ToSec1Point},
};
use signature::hazmat::PrehashVerifier;

use crate::{
    der::{Fields, write},
    error::Error,
};

/// The two numbers of an `Ecdsa-Sig-Value` (RFC 3279 section 2.2.3), big endian, without zeros in
/// front.
pub(super) struct Signature<'a> {
    r: &'a [u8],
    s: &'a [u8],
}

impl<'a> Signature<'a> {
    /// Reads DER and nothing else: no BER lengths, no superfluous zeros, nothing after it.
    pub(super) fn read(der: &'a [u8]) -> Result<Self, Error> {
        let read = || -> der::Result<Self> {
            let mut fields = Fields::of(AnyRef::from_der(der)?, Tag::Sequence)?;
            let [r, s] = [fields.unsigned()?, fields.unsigned()?];
            fields.finish()?;
            Ok(Self { r, s })
        };
        read().map_err(|_| Error::SignatureEncoding)
    }

    /// Is this the signature of `digest`? A digest shorter than the curve counts as a number, as
    /// SEC 1 section 4.1.4 says; a longer one is cut.
    pub(super) fn verify<C>(&self, key: &VerifyingKey<C>, digest: &[u8]) -> bool
    where
        C: EcdsaCurve + CurveArithmetic,
        <C::FieldBytesSize as Add>::Output: p256::elliptic_curve::array::ArraySize,
        C::FieldBytesSize: Add,
    {
        let (Some(r), Some(s)) = (field_bytes::<C>(self.r), field_bytes::<C>(self.s)) else {
            return false;
        };
        ecdsa::Signature::<C>::from_scalars(r, s)
            .is_ok_and(|signature| key.verify_prehash(digest, &signature).is_ok())
    }

    /// The signature (r, n - s), if this one can be one on the curve.
    fn other_form<C: EcdsaCurve + CurveArithmetic>(&self) -> Option<Vec<u8>> {
        let (_, s) = self.scalars::<C>()?;
        let negated: FieldBytes<C> = s.neg().into();
        let numbers = [write::unsigned(self.r), write::unsigned(&negated)];
        Some(write::sequence(&numbers.concat()))
    }

    /// The two numbers, if both lie between 1 and the curve's order (SEC 1 section 4.1.4).
    pub(super) fn scalars<C: EcdsaCurve + CurveArithmetic>(
        &self,
    ) -> Option<(Scalar<C>, Scalar<C>)> {
        let scalar = |number| {
            let scalar = Scalar::<C>::from_repr(field_bytes::<C>(number)?).into_option()?;
            (!bool::from(scalar.is_zero())).then_some(scalar)
        };
        Some((scalar(self.r)?, scalar(self.s)?))
    }
}

/// The other form of each signature that is this one on some curve: (r, n - s) is as valid as (r, s)
/// (SEC 1 section 4.1.4), so that anyone can turn the one into the other without the key.
pub(crate) fn other_forms(der: &[u8]) -> Vec<Vec<u8>> {
    let Ok(signature) = Signature::read(der) else {
        return Vec::new();
    };
    let forms = [
        signature.other_form::<p256::NistP256>(),
        signature.other_form::<p384::NistP384>(),
        signature.other_form::<p521::NistP521>(),
    ];
    forms.into_iter().flatten().collect()
}

/// Reads an uncompressed point (SEC 1 section 2.3.4), and checks that it is on the curve.
///
/// The curves' own reader also takes compressed points, which costs 25 kB of Wasm to refuse.
pub(super) fn key<C>(point: &[u8]) -> Option<VerifyingKey<C>>
where
    C: EcdsaCurve + CurveArithmetic,
    AffinePoint<C>:
        AffineCoordinates<FieldRepr = FieldBytes<C>> + FromSec1Point<C> + ToSec1Point<C>,
    FieldBytesSize<C>: ModulusSize,
{
    VerifyingKey::from_affine(affine::<C>(point.strip_prefix(&[0x04])?)?).ok()
}

/// The point of two coordinates, if it is on the curve.
pub(super) fn affine<C>(coordinates: &[u8]) -> Option<AffinePoint<C>>
where
    C: EcdsaCurve + CurveArithmetic,
    AffinePoint<C>: AffineCoordinates<FieldRepr = FieldBytes<C>>,
{
    let (x, y) = coordinates.split_at_checked(FieldBytes::<C>::default().len())?;
    if x.len() != y.len() {
        return None;
    }
    AffinePoint::<C>::from_coordinates(&field_bytes::<C>(x)?, &field_bytes::<C>(y)?).into_option()
}

pub(super) fn field_bytes<C: EcdsaCurve>(number: &[u8]) -> Option<FieldBytes<C>> {
    let mut bytes = FieldBytes::<C>::default();
    let start = bytes.len().checked_sub(number.len())?;
    bytes.get_mut(start..)?.copy_from_slice(number);
    Some(bytes)
}
