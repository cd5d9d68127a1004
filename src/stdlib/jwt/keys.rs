//! Signing and verifying with the text of a key.

use super::algorithm::Algorithm;
use super::algorithm::Scheme;
use super::der;
use crate::diag::Fault;
use crate::native::fail;
use pem::Pem;
use ring::hmac;
use ring::rand::SystemRandom;
use ring::signature::EcdsaKeyPair;
use ring::signature::RsaKeyPair;
use ring::signature::UnparsedPublicKey;

/// Whether a text is a key in PEM, not a secret.
pub(super) fn is_pem(key: &str) -> bool {
    key.contains("-----BEGIN ")
}

/// The signature of `message`.
pub(super) fn sign(algorithm: Algorithm, key: &str, message: &[u8]) -> Result<Vec<u8>, Fault> {
    let random = SystemRandom::new();
    match algorithm.scheme() {
        Scheme::Shared(algorithm) => {
            let key = hmac::Key::new(algorithm, key.as_bytes());
            Ok(hmac::sign(&key, message).as_ref().to_vec())
        }
        Scheme::Rsa(encoding, _) => {
            let pem = parsed(key, "RSA")?;
            let pair = match pem.tag() {
                "PRIVATE KEY" if der::is_private_key(pem.contents(), der::RSA) => {
                    RsaKeyPair::from_pkcs8(pem.contents())
                }
                "RSA PRIVATE KEY" => RsaKeyPair::from_der(pem.contents()),
                _ => return invalid("RSA", "InvalidKeyFormat"),
            };
            let pair = pair.or_else(|why| invalid("RSA", why))?;
            let mut signature = vec![0; pair.public().modulus_len()];
            match pair.sign(encoding, &random, message, &mut signature) {
                Ok(()) => Ok(signature),
                Err(_) => fail("jwt.sign error: RsaFailedSigning"),
            }
        }
        Scheme::Curve(algorithm, _) => {
            let pem = parsed(key, "EC")?;
            if pem.tag() != "PRIVATE KEY" || !der::is_private_key(pem.contents(), der::CURVE) {
                return invalid("EC", "InvalidKeyFormat");
            }
            let pair = EcdsaKeyPair::from_pkcs8(algorithm, pem.contents(), &random);
            match pair.ok().and_then(|pair| pair.sign(&random, message).ok()) {
                Some(signature) => Ok(signature.as_ref().to_vec()),
                None => fail("jwt.sign error: InvalidEcdsaKey"),
            }
        }
    }
}

/// Whether `signature` is that of `message`.
pub(super) fn verify(
    algorithm: Algorithm,
    key: &str,
    message: &[u8],
    signature: &[u8],
) -> Result<bool, Fault> {
    match algorithm.scheme() {
        Scheme::Shared(algorithm) => {
            let key = hmac::Key::new(algorithm, key.as_bytes());
            Ok(hmac::verify(&key, message, signature).is_ok())
        }
        Scheme::Rsa(_, algorithm) => {
            let pem = parsed(key, "RSA")?;
            let key = match pem.tag() {
                "PUBLIC KEY" => der::public_key(pem.contents(), der::RSA),
                "RSA PUBLIC KEY" => Some(pem.contents()),
                _ => None,
            };
            let Some(key) = key else { return invalid("RSA", "InvalidKeyFormat") };
            Ok(UnparsedPublicKey::new(algorithm, key).verify(message, signature).is_ok())
        }
        Scheme::Curve(_, algorithm) => {
            let pem = parsed(key, "EC")?;
            let key = match pem.tag() {
                "PUBLIC KEY" => der::public_key(pem.contents(), der::CURVE),
                _ => None,
            };
            let Some(key) = key else { return invalid("EC", "InvalidKeyFormat") };
            Ok(UnparsedPublicKey::new(algorithm, key).verify(message, signature).is_ok())
        }
    }
}

fn parsed(key: &str, kind: &str) -> Result<Pem, Fault> {
    pem::parse(key).or_else(|_| invalid(kind, "InvalidKeyFormat"))
}

fn invalid<T>(kind: &str, why: impl std::fmt::Display) -> Result<T, Fault> {
    fail(format!("invalid {kind} PEM key: {why}"))
}
