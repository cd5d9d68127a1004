//! Keeps what is at a URL in a file: piece by piece under another name, which becomes the right one at the end (stdlib
//! 13.4).

use super::client;
use super::client::Body;
use super::options::Wanted;
use crate::stdlib::rows::object;
use crate::value::Value;
use std::io;
use std::io::IsTerminal;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;
use std::time::Instant;
use tokio::fs::File;
use tokio::io::AsyncWriteExt;
use url::Url;

/// How often a terminal shows how far it is.
const OFTEN: Duration = Duration::from_millis(100);

/// The name of a file for what is at `url`: the last part of its path.
pub(super) fn file_name(url: &str) -> String {
    let Ok(url) = Url::parse(url) else { return "download".to_owned() };
    let last = url.path_segments().and_then(|parts| parts.rev().find(|part| !part.is_empty()));
    match last {
        None | Some("." | "..") => "download".to_owned(),
        Some(name) => name.to_owned(),
    }
}

/// Loads what `wanted` asks for into the file `path`, which the program calls `shown`.
///
/// # Errors
/// The reason; the file is as it was.
pub(super) async fn download(
    wanted: Wanted,
    path: PathBuf,
    shown: String,
) -> Result<Value, String> {
    let response = client::send(&wanted).await.map_err(|why| format!("download error: {why}"))?;
    let status = response.status().as_u16();
    if status >= 400 {
        return Err(format!("download failed: HTTP {status}"));
    }
    let mut body = Body::new(response, &wanted)?;
    let unwritten = |error: io::Error| format!("write error: {error}");
    let (mut file, partial) = Partial::create(&path).await.map_err(unwritten)?;
    let mut progress = Progress::new();
    while let Some(piece) = body.next().await? {
        file.write_all(piece.as_ref()).await.map_err(unwritten)?;
        progress.show(body.size, body.announced);
    }
    file.flush().await.map_err(unwritten)?;
    file.sync_all().await.map_err(unwritten)?;
    drop(file);
    partial.keep_as(&path).await.map_err(unwritten)?;
    progress.end();
    note(&format!("  Saved to {shown} ({} bytes)\n", body.size));
    Ok(object([
        ("path", shown.into()),
        ("size", Value::Int(body.size as i64)),
        ("status", Value::Int(status.into())),
    ]))
}

/// Tells the person at the terminal; what cannot be told is lost.
fn note(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}

/// A file that is not complete. It goes away with this.
struct Partial(Option<PathBuf>);

impl Partial {
    /// A new file beside the one that it will become.
    async fn create(path: &Path) -> io::Result<(File, Partial)> {
        if path.file_name().is_none() || path.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let name = format!(".forge-{}.part", uuid::Uuid::new_v4().simple());
        let partial = path.with_file_name(name);
        let file = File::create_new(&partial).await?;
        Ok((file, Partial(Some(partial))))
    }

    /// Gives it its name.
    async fn keep_as(mut self, path: &Path) -> io::Result<()> {
        let Some(partial) = &self.0 else { return Ok(()) };
        tokio::fs::rename(partial, path).await?;
        self.0 = None;
        Ok(())
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            // One that cannot be removed is a file too many, and nothing else.
            let _ = std::fs::remove_file(path);
        }
    }
}

/// A line at the terminal that says how far it is.
struct Progress {
    shown: Option<Instant>,
    is_seen: bool,
}

impl Progress {
    fn new() -> Progress {
        Progress { shown: None, is_seen: io::stderr().is_terminal() }
    }

    fn show(&mut self, size: u64, announced: Option<u64>) {
        let is_due = self.shown.is_none_or(|shown| shown.elapsed() >= OFTEN);
        if !self.is_seen || !is_due {
            return;
        }
        self.shown = Some(Instant::now());
        let of = match announced.filter(|all| *all > 0) {
            Some(all) => format!(" of {all} bytes, {}%", size.saturating_mul(100) / all),
            None => " bytes".to_owned(),
        };
        note(&format!("\r\x1b[2K  {size}{of}"));
    }

    fn end(&self) {
        if self.shown.is_some() {
            note("\r\x1b[2K");
        }
    }
}
