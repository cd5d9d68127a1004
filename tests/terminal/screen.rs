//! A terminal with a program in it.

use parking_lot::Condvar;
use parking_lot::Mutex;
use pty_process::Size;
use pty_process::blocking::Pty;
use std::io::Read;
use std::io::Write;
use std::num::NonZeroU16;
use std::path::Path;
use std::process::Child;
use std::sync::Arc;
use std::time::Duration;
use std::time::Instant;
use tempfile::TempDir;

/// Keys.
pub(super) const ENTER: &str = "\r";
pub(super) const TAB: &str = "\t";
pub(super) const UP: &str = "\x1b[A";
pub(super) const CTRL_C: &str = "\x03";
pub(super) const CTRL_D: &str = "\x04";

const ROWS: u16 = 100;
const COLUMNS: u16 = 100;

/// How long anything may take; where all is well nobody waits that long.
const LIMIT: Duration = Duration::from_secs(120);

pub(super) struct Terminal {
    pty: Arc<Pty>,
    child: Child,
    shown: Arc<Shown>,
    home: TempDir,
}

/// What the program has shown so far.
struct Shown {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    screen: vt100::Parser<Answers>,
    bytes: Vec<u8>,
    is_over: bool,
}

/// What a terminal says when it is asked.
struct Answers(Arc<Pty>);

impl vt100::Callbacks for Answers {
    /// `ESC [ 6 n` asks for the place of the cursor.
    fn unhandled_csi(
        &mut self,
        screen: &mut vt100::Screen,
        mark: Option<u8>,
        _: Option<u8>,
        params: &[&[u16]],
        kind: char,
    ) {
        if (mark, params, kind) == (None, &[&[6][..]][..], 'n') {
            let (row, column) = screen.cursor_position();
            let answer = format!("\x1b[{};{}R", row + 1, column + 1);
            (&*self.0).write_all(answer.as_bytes()).unwrap();
        }
    }
}

impl Terminal {
    /// A program of the folder in a terminal, `forge` with these arguments.
    pub(super) fn new(args: &[&str]) -> Terminal {
        Terminal::with(args, &[], &[])
    }

    /// The same with variables of the environment, and with files in the folder.
    pub(super) fn with(args: &[&str], env: &[(&str, &str)], files: &[(&str, &str)]) -> Terminal {
        let home = tempfile::tempdir().unwrap();
        files.iter().for_each(|(name, text)| std::fs::write(home.path().join(name), text).unwrap());
        let (pty, pts) = pty_process::blocking::open().unwrap();
        pty.resize(Size::new(ROWS, COLUMNS)).unwrap();
        let mut command = pty_process::blocking::Command::new(env!("CARGO_BIN_EXE_forge"));
        for name in ["NO_COLOR", "CLICOLOR_FORCE", "CI", "VISUAL", "EDITOR"] {
            command = command.env_remove(name);
        }
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("FORGE_")) {
            command = command.env_remove(name);
        }
        command = command.env("TERM", "xterm-256color").env("HOME", home.path());
        command = command.envs(env.iter().copied()).args(args).current_dir(home.path());
        let child = command.spawn(pts).unwrap();
        let pty = Arc::new(pty);
        let size = [ROWS, COLUMNS].map(|it| NonZeroU16::new(it).unwrap());
        let screen = vt100::Parser::new_with_callbacks(size[0], size[1], 0, Answers(pty.clone()));
        let state = Mutex::new(State { screen, bytes: Vec::new(), is_over: false });
        let shown = Arc::new(Shown { state, changed: Condvar::new() });
        let (reader, seen) = (pty.clone(), shown.clone());
        std::thread::spawn(move || seen.follow(&reader));
        Terminal { pty, child, shown, home }
    }

    /// The folder that the program has for a home.
    pub(super) fn home(&self) -> &Path {
        self.home.path()
    }

    /// Presses keys.
    pub(super) fn press(&self, keys: &str) {
        (&*self.pty).write_all(keys.as_bytes()).unwrap();
    }

    /// Waits until the screen is as it is wanted; what it shows then, without the spaces at the ends of its lines.
    pub(super) fn until(&self, wanted: impl Fn(&str) -> bool) -> String {
        let start = Instant::now();
        let mut state = self.shown.state.lock();
        loop {
            let text = text(&state.screen);
            if wanted(&text) {
                return text;
            }
            let left = LIMIT.checked_sub(start.elapsed()).filter(|_| !state.is_over);
            let left = left.unwrap_or_else(|| panic!("the screen stays like this:\n{text}"));
            self.shown.changed.wait_for(&mut state, left);
        }
    }

    /// Waits until a text stands somewhere.
    pub(super) fn shows(&self, text: &str) -> String {
        self.until(|screen| screen.contains(text))
    }

    /// Waits until a text is the last that stands there.
    pub(super) fn ends_with(&self, text: &str) -> String {
        self.until(|screen| screen.ends_with(text))
    }

    /// Presses Ctrl-C again and again until the program is over, or until it asks for more: `false`. Two that come at
    /// once are one for it.
    pub(super) fn insist(&self) -> bool {
        let start = Instant::now();
        while !self.is_over() {
            if (&*self.pty).write_all(CTRL_C.as_bytes()).is_err() {
                return true;
            }
            let mut state = self.shown.state.lock();
            if text(&state.screen).ends_with("forge>") {
                return false;
            }
            assert!(start.elapsed() < LIMIT, "it goes on:\n{}", text(&state.screen));
            self.shown.changed.wait_for(&mut state, Duration::from_millis(5));
        }
        true
    }

    fn is_over(&self) -> bool {
        self.shown.state.lock().is_over
    }

    /// Waits until the program is over: its exit code, and everything it wrote, with all its signs.
    pub(super) fn ends(mut self) -> (i32, String) {
        let start = Instant::now();
        let mut state = self.shown.state.lock();
        while !state.is_over {
            let left = LIMIT.checked_sub(start.elapsed());
            let left = left.unwrap_or_else(|| panic!("it goes on:\n{}", text(&state.screen)));
            self.shown.changed.wait_for(&mut state, left);
        }
        let written = String::from_utf8_lossy(&state.bytes).into_owned();
        drop(state);
        (self.child.wait().unwrap().code().expect("no signal ended it"), written)
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Shown {
    /// Reads until nobody has the terminal open any more.
    fn follow(&self, mut pty: &Pty) {
        let mut buffer = [0; 4096];
        loop {
            let read = pty.read(&mut buffer).unwrap_or(0);
            let mut state = self.state.lock();
            state.screen.process(&buffer[..read]);
            state.bytes.extend_from_slice(&buffer[..read]);
            state.is_over = read == 0;
            self.changed.notify_all();
            if read == 0 {
                return;
            }
        }
    }
}

fn text(screen: &vt100::Parser<Answers>) -> String {
    let lines: Vec<String> = screen.screen().rows(0, COLUMNS).collect();
    let lines: Vec<&str> = lines.iter().map(|line| line.trim_end()).collect();
    lines.join("\n").trim_end().to_owned()
}
