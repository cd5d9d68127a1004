//! `crypto`: digests, encodings, random bytes (stdlib 4).

use super::PURE;
use crate::diag::Fault;
use crate::native::Args;
use crate::native::Builtin;
use crate::native::Kind;
use crate::native::Outcome;
use crate::native::Param;
use crate::native::Returns;
use crate::native::Work;
use crate::native::fail;
use crate::native::required;
use crate::value::Value;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hmac::Hmac;
use hmac::KeyInit;
use hmac::Mac;
use md5::Md5;
use sha2::Digest;
use sha2::Sha256;
use sha2::Sha512;

/// More random bytes than this are not made at once.
const MOST_RANDOM: i64 = 1 << 20;

const TEXT: &[Param] = &[required("text", Kind::String)];

/// A function of a text.
const OF_TEXT: Builtin = Builtin {
    params: TEXT,
    returns: Returns::String,
    requires: "a string",
    work: Work::Arguments,
    ..PURE
};

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "crypto.sha256",
        doc: "The SHA-256 digest of a text, as 64 hexadecimal digits.",
        examples: &[(
            r#"say crypto.sha256("abc")"#,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        )],
        run: |args| Ok(hex::encode(Sha256::digest(args.str(0))).into()),
        ..OF_TEXT
    },
    Builtin {
        name: "crypto.md5",
        doc: "The MD5 digest of a text, as 32 hexadecimal digits. It protects nothing.",
        examples: &[(r#"say crypto.md5("abc")"#, "900150983cd24fb0d6963f7d28e17f72")],
        run: |args| Ok(hex::encode(Md5::digest(args.str(0))).into()),
        ..OF_TEXT
    },
    Builtin {
        name: "crypto.base64_encode",
        doc: "The bytes of a text as Base64, padded.",
        examples: &[(r#"say crypto.base64_encode("hello")"#, "aGVsbG8=")],
        run: |args| Ok(BASE64_STANDARD.encode(args.str(0)).into()),
        ..OF_TEXT
    },
    Builtin {
        name: "crypto.base64_decode",
        doc: "The text that Base64 stands for; bytes that are no UTF-8 become U+FFFD.",
        examples: &[
            (r#"say crypto.base64_decode("aGVsbG8=")"#, "hello"),
            (r#"crypto.base64_decode("aGVsbG8")"#, "error: base64 decode error: Invalid padding"),
        ],
        run: |args| match BASE64_STANDARD.decode(args.str(0)) {
            Ok(bytes) => Ok(text(&bytes)),
            Err(error) => fail(format!("base64 decode error: {error}")),
        },
        ..OF_TEXT
    },
    Builtin {
        name: "crypto.hex_encode",
        doc: "The bytes of a text as hexadecimal digits.",
        examples: &[(r#"say crypto.hex_encode("hi")"#, "6869")],
        run: |args| Ok(hex::encode(args.str(0)).into()),
        ..OF_TEXT
    },
    Builtin {
        name: "crypto.hex_decode",
        doc: "The text that hexadecimal digits stand for; bytes that are no UTF-8 become U+FFFD.",
        examples: &[
            (r#"say crypto.hex_decode("6869")"#, "hi"),
            (r#"crypto.hex_decode("6")"#, "error: hex decode error: Odd number of digits"),
        ],
        run: |args| match hex::decode(args.str(0)) {
            Ok(bytes) => Ok(text(&bytes)),
            Err(error) => fail(format!("hex decode error: {error}")),
        },
        ..OF_TEXT
    },
    Builtin {
        name: "crypto.hmac_sha256",
        params: &[required("message", Kind::String), required("key", Kind::String)],
        requires: "(message, key) strings",
        doc: "The HMAC of a message, the first argument, with a key, as 64 hexadecimal digits.",
        examples: &[(
            r#"say crypto.hmac_sha256("body", "k3y")"#,
            "6e23c49398c0354c8322b0687f3bd60cf3b3cb564665a650ed5eddcdd61b43d6",
        )],
        run: |args| {
            let key = args.str(1).as_bytes();
            let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any key will do for HMAC");
            mac.update(args.str(0).as_bytes());
            Ok(hex::encode(mac.finalize().into_bytes()).into())
        },
        ..OF_TEXT
    },
    Builtin {
        name: "crypto.sha512",
        doc: "The SHA-512 digest of a text, as 128 hexadecimal digits.",
        examples: &[(r#"say len(crypto.sha512("abc"))"#, "128")],
        run: |args| Ok(hex::encode(Sha512::digest(args.str(0))).into()),
        ..OF_TEXT
    },
    Builtin {
        name: "crypto.random_bytes",
        params: &[required("length", Kind::Int)],
        requires: "an integer length",
        doc: "So many random bytes, at most a MiB, as hexadecimal digits.",
        examples: &[("say len(crypto.random_bytes(16))", "32")],
        run: random_bytes,
        ..OF_TEXT
    },
];

fn text(bytes: &[u8]) -> Outcome {
    Value::text(String::from_utf8_lossy(bytes)).into()
}

fn random_bytes(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let length = args.int(0);
    if !(0..=MOST_RANDOM).contains(&length) {
        return fail(format!(
            "crypto.random_bytes() length must be between 0 and {MOST_RANDOM}, got {length}"
        ));
    }
    let mut bytes = vec![0; length as usize];
    match getrandom::fill(&mut bytes) {
        Ok(()) => Ok(hex::encode(bytes).into()),
        Err(error) => fail(format!("crypto.random_bytes error: {error}")),
    }
}
