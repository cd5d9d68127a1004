//! `:set`: how a session works.

use super::Repl;
use super::Then;
use crate::diag::nearest;

/// The width of a line unless somebody says otherwise.
const WIDTH: usize = 80;

/// What can be set.
pub(super) struct Settings {
    /// Whether warnings keep an input from running.
    pub(super) is_strict: bool,
    /// Whether an input that fails is as if it had not been.
    pub(super) is_atomic: bool,
    /// Whether results show the number of their input.
    pub(super) has_numbers: bool,
    /// The width of a line, in columns.
    pub(super) width: usize,
}

const KEYS: [&str; 4] = ["strict", "atomic", "numbers", "width"];

impl Settings {
    /// As the environment and the terminal say.
    pub(super) fn of_process() -> Settings {
        let has_numbers = std::env::var("FORGE_REPL_NUMBERS").is_ok_and(|it| it == "1");
        let columns = std::env::var("COLUMNS").ok().and_then(|it| it.parse().ok());
        let width = columns.or_else(terminal).unwrap_or(WIDTH);
        Settings { is_strict: false, is_atomic: true, has_numbers, width }
    }

    fn switch(&mut self, key: &str) -> Option<&mut bool> {
        match key {
            "strict" => Some(&mut self.is_strict),
            "atomic" => Some(&mut self.is_atomic),
            "numbers" => Some(&mut self.has_numbers),
            _ => None,
        }
    }

    fn shown(&mut self) -> String {
        let line = |key: &str| match self.switch(key) {
            Some(is_on) => format!("{key:<8} {}", if *is_on { "on" } else { "off" }),
            None => format!("{key:<8} {}", self.width),
        };
        KEYS.map(line).join("\n")
    }

    fn set(&mut self, key: &str, value: &str) -> Result<(), String> {
        if key == "width" {
            let width = value.parse().ok().filter(|width| (20..=1000).contains(width));
            self.width = width.ok_or("width is a number from 20 to 1000")?;
            return Ok(());
        }
        let Some(switch) = self.switch(key) else {
            let near = nearest(key, KEYS);
            let hint = near.first().map_or(String::new(), |it| format!("; did you mean {it}?"));
            return Err(format!("unknown setting '{key}'{hint}"));
        };
        *switch = match value {
            "on" | "true" | "1" => true,
            "off" | "false" | "0" => false,
            _ => return Err(format!("{key} is on or off")),
        };
        Ok(())
    }
}

/// The columns of the terminal.
fn terminal() -> Option<usize> {
    #[cfg(target_os = "linux")]
    let columns = rustix::termios::tcgetwinsize(std::io::stdout()).ok().map(|size| size.ws_col);
    #[cfg(not(target_os = "linux"))]
    let columns: Option<u16> = None;
    columns.filter(|columns| *columns >= 20).map(usize::from)
}

/// `:set`, `:set KEY VALUE`
pub(super) fn set(repl: &mut Repl, text: &str) -> Then {
    let (key, value) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let told = match key {
        "" => Ok(repl.settings.shown()),
        _ => repl.settings.set(key, value.trim()).map(|()| String::new()),
    };
    repl.tell(told)
}
