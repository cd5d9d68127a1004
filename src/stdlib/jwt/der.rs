//! As much of DER as it takes to see what kind of key a PEM block holds.

const SEQUENCE: u8 = 0x30;
const OBJECT_ID: u8 = 0x06;
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;

/// The identifiers of RSA keys and of keys on curves.
pub(super) const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
pub(super) const CURVE: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];

/// The content of the element with that tag at the beginning of `der`, and what follows.
fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (found, rest) = der.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..0x80 => (usize::from(*first), rest),
        _ => {
            let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            let is_sane = (1..=4).contains(&bytes.len());
            let length = bytes.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
            is_sane.then_some((length, rest))?
        }
    };
    (*found == tag).then_some(())?;
    rest.split_at_checked(length)
}

/// The key in a SubjectPublicKeyInfo of that kind.
pub(super) fn public_key<'d>(der: &'d [u8], kind: &[u8]) -> Option<&'d [u8]> {
    let (info, _) = element(der, SEQUENCE)?;
    let (algorithm, rest) = element(info, SEQUENCE)?;
    let (id, _) = element(algorithm, OBJECT_ID)?;
    let (bits, _) = element(rest, BIT_STRING)?;
    // The first byte says how many bits are unused: none.
    (id == kind).then(|| bits.strip_prefix(&[0]))?
}

/// Whether a PKCS#8 document holds a private key of that kind.
pub(super) fn is_private_key(der: &[u8], kind: &[u8]) -> bool {
    let id = || {
        let (info, _) = element(der, SEQUENCE)?;
        let (_, rest) = element(info, INTEGER)?;
        let (algorithm, _) = element(rest, SEQUENCE)?;
        element(algorithm, OBJECT_ID)
    };
    id().is_some_and(|(id, _)| id == kind)
}
