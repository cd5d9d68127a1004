//! Diagnostics as text: for people, in one line, or as JSON (tooling 10.2 and 10.3).

use super::Diagnostic;
use super::Severity;
use super::Sources;
use super::TraceFrame;
use super::json;
use super::snippet;

/// How a report looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// With the source line, underlines and hints.
    #[default]
    Human,
    /// One line each.
    Short,
    /// One JSON object per line.
    Json,
}

/// Makes reports.
#[derive(Clone, Debug, Default)]
pub struct Renderer {
    /// The shape.
    pub format: Format,
    /// Whether ANSI colours are used.
    pub color: bool,
    /// Width of the terminal, if it is known.
    pub width: Option<usize>,
}

/// The most frames of a trace that are shown.
const FRAMES: usize = 10;

impl Renderer {
    /// One report, without a line end behind it.
    pub fn diagnostic(&self, diagnostic: &Diagnostic, sources: &Sources) -> String {
        match self.format {
            Format::Human => self.human(diagnostic, sources),
            Format::Short => short(diagnostic, sources),
            Format::Json => json::diagnostic(diagnostic, sources),
        }
    }

    /// All reports, at most `limit` errors, and the summary; every line ends. Nothing for nothing.
    pub fn all(&self, diagnostics: &[Diagnostic], sources: &Sources, limit: usize) -> String {
        let mut out = String::new();
        let mut left = limit;
        for diagnostic in diagnostics {
            if diagnostic.severity == Severity::Error {
                if left == 0 {
                    continue;
                }
                left -= 1;
            }
            out.push_str(&self.diagnostic(diagnostic, sources));
            out.push('\n');
            if self.format == Format::Human && diagnostics.len() > 1 {
                out.push('\n');
            }
        }
        let count = |severity| diagnostics.iter().filter(|d| d.severity == severity).count();
        let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
        match self.format {
            Format::Json => {
                out.push_str(&json::summary(errors, warnings));
                out.push('\n');
            }
            _ if diagnostics.len() > 1 => {
                out.push_str(&format!("{errors} errors, {warnings} warnings\n"));
            }
            _ => {}
        }
        out
    }

    fn human(&self, diagnostic: &Diagnostic, sources: &Sources) -> String {
        let mut lines = vec![self.header(diagnostic)];
        let mut gutter = 2;
        if let Some(span) = diagnostic.span
            && let Some(source) = sources.find(span.source)
        {
            let shown = snippet::render(diagnostic, span, source, sources, self);
            gutter = shown.gutter;
            lines.extend(shown.lines);
        }
        let pad = " ".repeat(gutter);
        let mut add = |kind: &str, text: &str| {
            let mark = self.paint(BLUE, "=");
            lines.push(format!("{pad} {mark} {kind}: {text}"));
        };
        diagnostic.all_hints().for_each(|hint| add("hint", hint));
        diagnostic.all_notes().for_each(|note| add("note", note));
        if !diagnostic.trace.is_empty() {
            add("at", &trace(&diagnostic.trace, sources));
        }
        lines.join("\n")
    }

    fn header(&self, diagnostic: &Diagnostic) -> String {
        let severity = self.paint(color_of(diagnostic.severity), &head_of(diagnostic));
        format!("{severity}: {}", self.paint(BOLD, diagnostic.headline()))
    }

    pub(super) fn paint(&self, style: &str, text: &str) -> String {
        if self.color { format!("\x1b[{style}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

pub(super) const BLUE: &str = "1;34";
const BOLD: &str = "1";

/// The colour of a severity, as an ANSI style.
pub(super) fn color_of(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "1;31",
        Severity::Warning => "1;33",
        Severity::Note => "1;36",
    }
}

fn head_of(diagnostic: &Diagnostic) -> String {
    match diagnostic.code {
        "" => diagnostic.severity.word().to_owned(),
        code => format!("{}[{code}]", diagnostic.severity.word()),
    }
}

fn short(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let text = format!("{}: {}", head_of(diagnostic), diagnostic.headline());
    match diagnostic.span {
        Some(span) => format!("{}: {text}", sources.place(span)),
        None => text,
    }
}

/// `greet (src/main.fg:3:5) (repeated 3 times), <main> (src/main.fg:9:1), ... 4 more`
fn trace(frames: &[TraceFrame], sources: &Sources) -> String {
    let mut shown = Vec::new();
    let mut next = 0;
    while next < frames.len() && shown.len() < FRAMES {
        let frame = &frames[next];
        let run = frames[next..].iter().take_while(|other| *other == frame).count();
        let repeated = if run > 1 { format!(" (repeated {run} times)") } else { String::new() };
        shown.push(format!("{} ({}){repeated}", frame.function, sources.place(frame.span)));
        next += run;
    }
    if next < frames.len() {
        shown.push(format!("... {} more", frames.len() - next));
    }
    shown.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Span;

    fn report(text: &str, from: u32, to: u32) -> String {
        let mut sources = Sources::new();
        let id = sources.add("src/main.fg", text);
        let fault =
            Diagnostic::error("E0301", "undefined variable: 'naem'\n  hint: did you mean 'name'?");
        let fault =
            fault.at(Span::new(id, from, to)).label("not found in this scope").note("so it is");
        let frame = |function: &str, at| TraceFrame {
            function: function.to_owned(),
            span: Span::new(id, at, at),
        };
        let mut trace = vec![frame("greet", from), frame("greet", from)];
        trace.extend((0..12).map(|i| frame("<main>", i)));
        Renderer::default().diagnostic(&fault.trace(trace), &sources)
    }

    #[test]
    fn the_layout_is_that_of_the_manual() {
        let shown = report("let name = 1\n\nsay naem\n", 18, 22);
        let (top, trace) = shown.split_once("   = at: ").unwrap();
        let wanted = "\
error[E0301]: undefined variable: 'naem'
  --> src/main.fg:3:5
   |
 3 | say naem
   |     ^^^^ not found in this scope
   = hint: did you mean 'name'?
   = note: so it is
";
        assert_eq!(top, wanted);
        assert!(
            trace.starts_with(
                "greet (src/main.fg:3:5) (repeated 2 times), <main> (src/main.fg:1:1)"
            )
        );
        assert!(trace.ends_with(", ... 3 more"), "{trace}");
    }

    #[test]
    fn no_place_breaks_the_renderer() {
        let texts = [
            "",
            "\n",
            "\n\n",
            "\t\tab\n",
            "日本\r\nx\r\n",
            "a\nb\nc\nd\ne\nf\ng\nh",
            "e\u{301}\u{200d}",
        ];
        for text in texts {
            for from in 0..=text.len() as u32 + 2 {
                for to in 0..=text.len() as u32 + 2 {
                    assert!(report(text, from, to).contains("--> src/main.fg:"));
                }
            }
        }
    }

    #[test]
    fn other_places_and_other_files_are_shown() {
        let mut sources = Sources::new();
        let (one, two) = (sources.add("a.fg", "let x = 1\nx = 2\n"), sources.add("b.fg", "say x"));
        let fault = Diagnostic::warning("W0401", "no").at(Span::new(one, 10, 11)).label("here");
        let fault =
            fault.related(Span::new(one, 4, 5), "declared").related(Span::new(two, 4, 5), "used");
        let wanted = "\
warning[W0401]: no
  --> a.fg:2:1
   |
 1 | let x = 1
   |     - declared
 2 | x = 2
   | ^ here
   |
  ::: b.fg:1:5
   |
 1 | say x
   |     - used";
        assert_eq!(Renderer::default().diagnostic(&fault, &sources), wanted);
        let colored = Renderer { color: true, ..Renderer::default() };
        assert!(colored.diagnostic(&fault, &sources).contains("\x1b[1;33mwarning[W0401]"));
    }

    #[test]
    fn short_json_and_summary() {
        let mut sources = Sources::new();
        let id = sources.add("a.fg", "é x");
        let fault = Diagnostic::error("E0301", "no x").at(Span::new(id, 3, 4)).hint("h");
        let short = Renderer { format: Format::Short, ..Renderer::default() };
        let two = [fault.clone(), fault.clone()];
        let wanted = "a.fg:1:3: error[E0301]: no x\n2 errors, 0 warnings\n";
        assert_eq!(short.all(&two, &sources, 1), wanted);
        let json = Renderer { format: Format::Json, ..Renderer::default() };
        let line = json.diagnostic(&fault, &sources);
        let value: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(value["span"]["start"]["col"], 3);
        assert_eq!(value["span"]["end"]["offset"], 4);
        assert!(json.all(&[], &sources, 20).contains("\"summary\""));
    }
}
