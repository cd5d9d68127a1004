//! The line editor of a terminal: several lines, colours, completion, history.

use super::commands;
use super::words::Word;
use super::words::Words;
use crate::builtins;
use crate::syntax;
use crate::syntax::pieces::pieces;
use nu_ansi_term::Color;
use nu_ansi_term::Style;
use parking_lot::Mutex;
use reedline::ColumnarMenu;
use reedline::Completer;
use reedline::CompletionResult;
use reedline::DefaultHinter;
use reedline::EditCommand;
use reedline::Emacs;
use reedline::FileBackedHistory;
use reedline::Highlighter;
use reedline::KeyCode;
use reedline::KeyModifiers;
use reedline::MenuBuilder;
use reedline::Prompt;
use reedline::PromptEditMode;
use reedline::PromptHistorySearch;
use reedline::Reedline;
use reedline::ReedlineEvent;
use reedline::ReedlineMenu;
use reedline::Signal;
use reedline::Span;
use reedline::StyledText;
use reedline::Suggestion;
use reedline::ValidationResult;
use reedline::Validator;
use reedline::Vi;
use reedline::default_emacs_keybindings;
use reedline::default_vi_insert_keybindings;
use reedline::default_vi_normal_keybindings;
use reedline::default_vi_visual_keybindings;
use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

/// What was typed.
pub(super) enum Line {
    /// A whole input.
    Input(String),
    /// Ctrl-C: nothing.
    Dropped,
    /// Ctrl-D: that is all.
    End,
}

pub(super) struct Editor {
    reedline: Reedline,
    words: Arc<Mutex<Words>>,
}

const MENU: &str = "completions";

/// What the prompt ends in.
const INDICATOR: &str = "> ";

impl Editor {
    pub(super) fn new(history: Option<&Path>, has_colors: bool) -> Editor {
        let words = Arc::new(Mutex::new(Words::default()));
        // The prompt stays what it is while words are offered.
        let menu = ColumnarMenu::default().with_name(MENU).with_marker(INDICATOR);
        let mut keys = default_emacs_keybindings();
        let complete = ReedlineEvent::UntilFound(vec![
            ReedlineEvent::Menu(MENU.to_owned()),
            ReedlineEvent::MenuNext,
        ]);
        let new_line = ReedlineEvent::Edit(vec![EditCommand::InsertNewline]);
        keys.add_binding(KeyModifiers::NONE, KeyCode::Tab, complete.clone());
        keys.add_binding(KeyModifiers::ALT, KeyCode::Enter, new_line);
        let mut reedline = Reedline::create()
            .with_completer(Box::new(Completions(words.clone())))
            .with_quick_completions(true)
            .with_partial_completions(true)
            .with_menu(ReedlineMenu::EngineCompleter(Box::new(menu)))
            .with_validator(Box::new(Whole))
            .with_highlighter(Box::new(Colors))
            .with_ansi_colors(has_colors)
            .with_history_exclusion_prefix(Some(" ".to_owned()))
            .use_bracketed_paste(true);
        if has_colors {
            let hint = DefaultHinter::default().with_style(Style::new().fg(Color::DarkGray));
            reedline = reedline.with_hinter(Box::new(hint));
        }
        reedline = match std::env::var("FORGE_REPL_KEYS").as_deref() {
            Ok("vi") => {
                let mut insert = default_vi_insert_keybindings();
                insert.add_binding(KeyModifiers::NONE, KeyCode::Tab, complete);
                let normal = default_vi_normal_keybindings();
                let vi = Vi::new(insert, normal, default_vi_visual_keybindings());
                reedline.with_edit_mode(Box::new(vi))
            }
            _ => reedline.with_edit_mode(Box::new(Emacs::new(keys))),
        };
        if let Some(path) = history
            && let Ok(history) = FileBackedHistory::with_file(10_000, path.to_owned())
        {
            reedline = reedline.with_history(Box::new(history));
        }
        Editor { reedline, words }
    }

    /// What can be completed from now on.
    pub(super) fn knows(&mut self, words: Words) {
        *self.words.lock() = words;
    }

    /// Reads an input.
    pub(super) fn read(&mut self, branch: &str) -> Line {
        match self.reedline.read_line(&Asking { branch: branch.to_owned() }) {
            Ok(Signal::Success(text)) => {
                // A history that cannot be written is lost, no more.
                let _ = self.reedline.sync_history();
                Line::Input(text)
            }
            Ok(Signal::CtrlC) => Line::Dropped,
            Ok(_) | Err(_) => Line::End,
        }
    }
}

/// `forge> `, or `forge(branch)> `
struct Asking {
    branch: String,
}

impl Prompt for Asking {
    fn render_prompt_left(&self) -> Cow<'_, str> {
        match self.branch.as_str() {
            "main" => "forge".into(),
            branch => format!("forge({branch})").into(),
        }
    }

    fn render_prompt_right(&self) -> Cow<'_, str> {
        "".into()
    }

    fn render_prompt_indicator(&self, _: PromptEditMode) -> Cow<'_, str> {
        INDICATOR.into()
    }

    fn render_prompt_multiline_indicator(&self) -> Cow<'_, str> {
        "  ... ".into()
    }

    fn render_prompt_history_search_indicator(&self, search: PromptHistorySearch) -> Cow<'_, str> {
        format!("(search: {}) ", search.term).into()
    }
}

/// Enter ends an input whose brackets are closed.
struct Whole;

impl Validator for Whole {
    fn validate(&self, line: &str) -> ValidationResult {
        let is_command = line.trim_start().starts_with(':');
        match !is_command && syntax::is_open(line) {
            true => ValidationResult::Incomplete,
            false => ValidationResult::Complete,
        }
    }
}

struct Completions(Arc<Mutex<Words>>);

impl Completer for Completions {
    fn complete(&mut self, line: &str, pos: usize) -> CompletionResult {
        let before = &line[..pos];
        let start = before
            .rfind(|c: char| !c.is_alphanumeric() && c != '_')
            .map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
        let (prefix, words) = (&before[start..], self.0.lock());
        let found: Vec<Word> = match before[..start].chars().last() {
            Some(':') if before[..start].trim() == ":" => commands::command_names()
                .map(|(name, does)| Word { text: name.to_owned(), about: does.to_owned() })
                .collect(),
            Some('.') => members(&words, &before[..start - 1]),
            _ => words.plain.clone(),
        };
        let fits = found.into_iter().filter(|word| word.text.starts_with(prefix));
        let suggestions: Vec<Suggestion> = fits
            .map(|word| Suggestion {
                value: word.text,
                description: Some(word.about),
                span: Span::new(start, pos),
                ..Suggestion::default()
            })
            .collect();
        CompletionResult::fresh(suggestions)
    }
}

/// What can stand behind the dot after `before`.
fn members(words: &Words, before: &str) -> Vec<Word> {
    let start = before.rfind(|c: char| !c.is_alphanumeric() && c != '_').map_or(0, |at| at + 1);
    let name = before.get(start..).unwrap_or_default();
    let fields = words.fields.iter().find(|(known, _)| known == name).map(|(_, fields)| fields);
    let is_module = crate::native::MODULES.contains(&name);
    let mut found = fields.cloned().unwrap_or_default();
    if !is_module {
        found.extend(words.methods.iter().cloned());
    }
    found
}

/// Strings yellow, numbers cyan, keywords magenta, builtins blue, modules green, comments grey.
struct Colors;

impl Highlighter for Colors {
    fn highlight(&self, line: &str, _: usize) -> StyledText {
        let mut styled = StyledText::new();
        for (class, text) in pieces(line, &builtins::class_of) {
            styled.push((super::words::style(class), text.to_owned()));
        }
        styled
    }
}
