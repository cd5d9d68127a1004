//! No command and no flag is without a test: each stands in a transcript, or in a list of words of a test in Rust.

use regex_lite::Regex;
use std::fs;
use std::path::Path;

/// Words of a command line, and what else tells which command they are for.
struct Mention {
    words: Vec<String>,
    context: String,
}

impl Mention {
    fn is_of(&self, command: &str) -> bool {
        let mut around = self.context.split(|c: char| !c.is_ascii_alphanumeric());
        self.words.iter().any(|word| word == command) || around.any(|word| word == command)
    }

    fn has(&self, flag: &clap::Arg) -> bool {
        let long = flag.get_long().map(|long| format!("--{long}"));
        let short = flag.get_short().map(|short| format!("-{short}"));
        self.words.iter().any(|word| {
            let name = word.split_once('=').map_or(word.as_str(), |(name, _)| name);
            [&long, &short].into_iter().flatten().any(|flag| flag == name)
        })
    }
}

fn name(flag: &clap::Arg) -> String {
    let short = || flag.get_short().map(|short| format!("-{short}"));
    flag.get_long().map(|long| format!("--{long}")).or_else(short).unwrap_or_default()
}

/// The lines of transcripts that call the command, and the lists of texts in Rust: of these, the path of the file and
/// the line where the list begins say whose they are, as in `build(&here, &["-o", "tool"])`.
fn mentions(file: &Path, text: &str, found: &mut Vec<Mention>) {
    if file.extension().is_some_and(|it| it == "rs") {
        let path = file.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().display().to_string();
        let text_of = Regex::new(r#""((?:[^"\\]|\\.)*)""#).unwrap();
        // `[..12]` is no list.
        let text = Regex::new(r"\[\w*\.\.\w*\]").unwrap().replace_all(text, "");
        for list in Regex::new(r"\[[^\[\]]*\]").unwrap().find_iter(&text) {
            let words = text_of.captures_iter(list.as_str()).map(|it| it[1].to_owned()).collect();
            let line = text[..list.start()].rsplit('\n').next().unwrap_or_default();
            found.push(Mention { words, context: format!("{path} {line}") });
        }
        return;
    }
    for line in text.lines().filter_map(|line| line.strip_prefix("$ ")) {
        if let Some((_, rest)) = line.split_once("forge ") {
            let words = rest.split_whitespace().map(str::to_owned).collect();
            found.push(Mention { words, context: String::new() });
        }
    }
}

fn read(folder: &Path, found: &mut Vec<Mention>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(&path, found);
        } else if let Ok(text) = fs::read_to_string(&path) {
            mentions(&path, &text, found);
        }
    }
}

#[test]
fn every_command_and_flag_is_tested() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = Vec::new();
    ["tests", "docs"].iter().for_each(|folder| read(&root.join(folder), &mut all));
    let cli = forge::cli::command_line();
    let (mut missing, mut has_flags) = (Vec::new(), false);
    let everywhere = cli.get_arguments().filter(|arg| !arg.is_positional());
    let untested = everywhere.filter(|flag| !all.iter().any(|it| it.has(flag)));
    missing.extend(untested.map(name));
    for command in cli.get_subcommands().filter(|command| command.get_name() != "help") {
        let command_name = command.get_name();
        let own: Vec<&Mention> = all.iter().filter(|it| it.is_of(command_name)).collect();
        if !own.iter().any(|it| it.words.iter().any(|word| word == command_name)) {
            missing.push(command_name.to_owned());
        }
        let is_own = |arg: &&clap::Arg| {
            !arg.is_positional() && !arg.is_global_set() && arg.get_id() != "help"
        };
        let flags: Vec<&clap::Arg> = command.get_arguments().filter(is_own).collect();
        has_flags |= command_name == "serve" && flags.len() > 20;
        let untested = flags.into_iter().filter(|flag| !own.iter().any(|it| it.has(flag)));
        missing.extend(untested.map(|flag| format!("{command_name} {}", name(flag))));
    }
    assert!(has_flags, "the flags of 'serve' were looked for");
    assert!(missing.is_empty(), "neither in a transcript nor in a test:\n{}", missing.join("\n"));
}
