//! The text of a module.

use std::fmt;
use std::fs::File;
use std::io;
use std::io::Read;
use std::path::Path;

/// The largest file that is read: beyond it, it is hardly a program.
const LARGEST: u64 = 64 << 20;

/// Why a file gives no text.
#[derive(Debug)]
pub enum Unreadable {
    /// The system says so, or it is no UTF-8.
    Io(io::Error),
    /// It has more bytes than a program may have.
    TooLarge,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unreadable::Io(error) => error.fmt(f),
            Unreadable::TooLarge => {
                write!(f, "the file is larger than {} MiB", LARGEST >> 20)
            }
        }
    }
}

/// The whole text of a file.
///
/// # Errors
/// When it cannot be read, is no UTF-8, or is too large.
pub fn read(path: &Path) -> Result<String, Unreadable> {
    let mut text = String::new();
    let file = File::open(path).map_err(Unreadable::Io)?;
    file.take(LARGEST + 1).read_to_string(&mut text).map_err(Unreadable::Io)?;
    if text.len() as u64 > LARGEST {
        return Err(Unreadable::TooLarge);
    }
    Ok(text)
}
