//! A program at the end of an executable: its text and that of all it imports, the length, a checksum, a mark
//! (tooling 7.5).

use crate::engine::Bundle;
use serde_json::Value;
use serde_json::json;
use sha2::Digest;
use sha2::Sha256;
use std::fs::File;
use std::io;
use std::io::Read;
use std::io::Seek;
use std::io::SeekFrom;
use std::io::Write;
use std::path::Path;

/// What an executable with a program ends with.
const MARK: [u8; 16] = *b"forge-program-01";

/// Length, checksum and mark.
const TRAILER: usize = 8 + 32 + MARK.len();

/// What `forge build` puts into an executable.
#[derive(Debug, PartialEq)]
pub(super) struct Payload {
    pub(super) bundle: Bundle,
    /// Whether the program may run other programs.
    pub(super) may_run: bool,
}

impl Payload {
    /// Writes it at the end of an executable.
    pub(super) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let json = json!({ "may_run": self.may_run, "files": self.bundle.to_json() });
        let bytes = json.to_string().into_bytes();
        out.write_all(&bytes)?;
        out.write_all(&(bytes.len() as u64).to_le_bytes())?;
        out.write_all(&Sha256::digest(&bytes))?;
        out.write_all(&MARK)
    }

    /// That of the executable at `path`; `None` when it has none.
    ///
    /// # Errors
    /// When it is damaged.
    pub(super) fn of(path: &Path) -> Result<Option<Payload>, String> {
        let unreadable = |error: io::Error| format!("could not read '{}': {error}", path.display());
        // One that may only be executed is forge: a build would not run without reading itself.
        let Ok(mut file) = File::open(path) else { return Ok(None) };
        read(&mut file).map_err(unreadable)?.map(|bytes| parse(&bytes)).transpose()
    }
}

/// Whether the file at `path` is an executable that `forge build` has made.
pub(super) fn is_built(path: &Path) -> bool {
    File::open(path).is_ok_and(|mut file| matches!(read(&mut file), Ok(Some(_))))
}

/// What stands before the mark, if there is one: the payload as far as it is there, its length and its checksum.
fn read(file: &mut (impl Read + Seek)) -> io::Result<Option<Vec<u8>>> {
    let size = file.seek(SeekFrom::End(0))?;
    let Some(end) = size.checked_sub(TRAILER as u64) else { return Ok(None) };
    let mut trailer = [0; TRAILER];
    file.seek(SeekFrom::Start(end))?;
    file.read_exact(&mut trailer)?;
    if trailer[40..] != MARK {
        return Ok(None);
    }
    let length = trailer[..8].iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
    file.seek(SeekFrom::Start(end.saturating_sub(length)))?;
    let mut bytes = Vec::new();
    file.take(size).read_to_end(&mut bytes)?;
    bytes.truncate(bytes.len() - MARK.len());
    Ok(Some(bytes))
}

fn parse(bytes: &[u8]) -> Result<Payload, String> {
    let damaged = || "the program in this executable is damaged: build or copy it again".to_owned();
    let (payload, trailer) = bytes.split_at(bytes.len().saturating_sub(40));
    if trailer.get(..8) != Some(&(payload.len() as u64).to_le_bytes())
        || trailer.get(8..) != Some(&Sha256::digest(payload)[..])
    {
        return Err(damaged());
    }
    let json: Value = serde_json::from_slice(payload).map_err(|_| damaged())?;
    let bundle = json.get("files").and_then(Bundle::from_json);
    let may_run = json.get("may_run").and_then(Value::as_bool);
    bundle.zip(may_run).map(|(bundle, may_run)| Payload { bundle, may_run }).ok_or_else(damaged)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Sources;
    use crate::engine::Text;
    use crate::engine::bundle;
    use proptest::prelude::*;
    use std::io::Cursor;

    fn payload(text: &str) -> Payload {
        let bundle = bundle(&mut Sources::new(), Text::new("main.fg", text));
        Payload { bundle: bundle.expect("a program"), may_run: true }
    }

    fn found(file: Vec<u8>) -> Result<Option<Payload>, String> {
        let read = read(&mut Cursor::new(file)).expect("memory can be read");
        read.map(|bytes| parse(&bytes)).transpose()
    }

    proptest! {
        #[test]
        fn what_is_damaged_is_refused(
            before in prop::collection::vec(any::<u8>(), 0..200),
            at in any::<prop::sample::Index>(),
            by in 1..=255_u8,
            cut in any::<prop::sample::Index>(),
        ) {
            let whole = payload("say \"ä\"");
            let mut file = before.clone();
            whole.write(&mut file).expect("memory can be written");
            prop_assert_eq!(found(file.clone()), Ok(Some(whole)));
            prop_assert_eq!(found(file[..cut.index(file.len())].to_vec()), Ok(None));
            let mut damaged = file;
            let at = before.len() + at.index(damaged.len() - before.len());
            damaged[at] ^= by;
            prop_assert!(!matches!(found(damaged), Ok(Some(_))));
        }

        #[test]
        fn any_bytes_can_be_looked_at(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let mut file = bytes;
            prop_assert!(matches!(found(file.clone()), Ok(None)));
            file.extend(MARK);
            prop_assert!(!matches!(found(file), Ok(Some(_))));
        }
    }
}
