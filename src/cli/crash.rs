//! Faults of ours: one line for the user, and a report in a file for whoever mends it (tooling 2.3). The process ends
//! with exit code 101, which a panic of the main thread gives by itself.

use std::backtrace::Backtrace;
use std::path::Path;
use std::path::PathBuf;

/// From here on a panic leaves a report in the folder for temporary files.
pub(super) fn report_crashes() {
    std::panic::set_hook(Box::new(|panic| {
        let payload = panic.payload();
        let text = payload.downcast_ref::<&str>().copied();
        let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        let text = text.unwrap_or("no text");
        let at = panic.location().map(ToString::to_string).unwrap_or_default();
        let report = report(text, &at, &Backtrace::force_capture());
        eprintln!("{}", notice(text, write(&std::env::temp_dir(), &report)));
        if std::env::var_os("FORGE_BACKTRACE").is_some_and(|value| value == "1") {
            eprintln!("{report}");
        }
    }));
}

fn report(text: &str, at: &str, trace: &Backtrace) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let (system, machine) = (std::env::consts::OS, std::env::consts::ARCH);
    format!("Forge {version} on {system} {machine}\ninternal fault: {text}\nat {at}\n\n{trace}\n")
}

/// Where the report was written, if it could be.
fn write(folder: &Path, report: &str) -> Option<PathBuf> {
    let path = folder.join(format!("forge-crash-{}.txt", std::process::id()));
    std::fs::write(&path, report).ok().map(|()| path)
}

fn notice(text: &str, path: Option<PathBuf>) -> String {
    let text = text.lines().next().unwrap_or_default();
    match path {
        Some(path) => format!(
            "internal error: {text}; please report it to the authors of Forge with {}",
            path.display()
        ),
        None => format!(
            "internal error: {text}; please report it to the authors of Forge (FORGE_BACKTRACE=1 shows more)"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_says_what_and_where() {
        let folder = tempfile::tempdir().expect("a folder");
        let report = report("slot 7 is empty", "src/x.rs:1:2", &Backtrace::disabled());
        let path = write(folder.path(), &report).expect("it can be written");
        let kept = std::fs::read_to_string(&path).expect("it was written");
        assert!(kept.contains("internal fault: slot 7 is empty\nat src/x.rs:1:2\n"), "{kept}");
        let line = notice("slot 7 is empty\nmore", Some(path.clone()));
        assert!(line.starts_with("internal error: slot 7 is empty; "), "{line}");
        assert!(line.ends_with(&path.display().to_string()) && !line.contains('\n'), "{line}");
    }

    #[test]
    fn no_folder_is_no_second_fault() {
        assert_eq!(write(Path::new("/nowhere/at/all"), "text"), None);
        assert!(notice("a", None).contains("FORGE_BACKTRACE=1"));
    }
}
