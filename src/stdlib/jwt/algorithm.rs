//! The algorithms that tokens are signed with.

use crate::diag::Fault;
use crate::native::fail;
use ring::hmac;
use ring::signature;
use ring::signature::EcdsaSigningAlgorithm;
use ring::signature::RsaEncoding;
use ring::signature::VerificationAlgorithm;

/// An algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Algorithm {
    HS256,
    HS384,
    HS512,
    RS256,
    RS384,
    RS512,
    ES256,
    ES384,
}

/// How an algorithm signs and verifies.
pub(super) enum Scheme {
    /// With a key that both sides have.
    Shared(hmac::Algorithm),
    /// With a key pair of RSA.
    Rsa(&'static dyn RsaEncoding, &'static dyn VerificationAlgorithm),
    /// With a key pair on a curve.
    Curve(&'static EcdsaSigningAlgorithm, &'static dyn VerificationAlgorithm),
}

const ALL: &[(&str, Algorithm)] = &[
    ("HS256", Algorithm::HS256),
    ("HS384", Algorithm::HS384),
    ("HS512", Algorithm::HS512),
    ("RS256", Algorithm::RS256),
    ("RS384", Algorithm::RS384),
    ("RS512", Algorithm::RS512),
    ("ES256", Algorithm::ES256),
    ("ES384", Algorithm::ES384),
];

impl Algorithm {
    /// The algorithm of that name, in any case.
    pub(super) fn named(name: &str) -> Result<Algorithm, Fault> {
        let name = name.to_uppercase();
        match ALL.iter().find(|(known, _)| *known == name) {
            Some((_, algorithm)) => Ok(*algorithm),
            None if name == "NONE" => fail("algorithm 'none' is not allowed for security reasons"),
            None => fail(format!("unsupported JWT algorithm: {name}")),
        }
    }

    /// Its name.
    pub(super) fn name(self) -> &'static str {
        ALL.iter().find(|(_, known)| *known == self).map_or("", |(name, _)| name)
    }

    pub(super) fn scheme(self) -> Scheme {
        match self {
            Algorithm::HS256 => Scheme::Shared(hmac::HMAC_SHA256),
            Algorithm::HS384 => Scheme::Shared(hmac::HMAC_SHA384),
            Algorithm::HS512 => Scheme::Shared(hmac::HMAC_SHA512),
            Algorithm::RS256 => {
                Scheme::Rsa(&signature::RSA_PKCS1_SHA256, &signature::RSA_PKCS1_2048_8192_SHA256)
            }
            Algorithm::RS384 => {
                Scheme::Rsa(&signature::RSA_PKCS1_SHA384, &signature::RSA_PKCS1_2048_8192_SHA384)
            }
            Algorithm::RS512 => {
                Scheme::Rsa(&signature::RSA_PKCS1_SHA512, &signature::RSA_PKCS1_2048_8192_SHA512)
            }
            Algorithm::ES256 => Scheme::Curve(
                &signature::ECDSA_P256_SHA256_FIXED_SIGNING,
                &signature::ECDSA_P256_SHA256_FIXED,
            ),
            Algorithm::ES384 => Scheme::Curve(
                &signature::ECDSA_P384_SHA384_FIXED_SIGNING,
                &signature::ECDSA_P384_SHA384_FIXED,
            ),
        }
    }
}
