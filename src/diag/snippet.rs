//! The source lines of a report, with underlines. The drawing is annotate-snippets'; the layout around it is ours.

use std::ops::Range;

use annotate_snippets::Annotation;
use annotate_snippets::AnnotationKind;
use annotate_snippets::Group;
use annotate_snippets::Level;
use annotate_snippets::Snippet as Drawing;
use annotate_snippets::renderer::AnsiColor;
use annotate_snippets::renderer::Style;

use super::Diagnostic;
use super::Renderer;
use super::Severity;
use super::Source;
use super::SourceId;
use super::Sources;
use super::Span;

/// Lines ready to print and the width of their line numbers.
pub(super) struct Snippet {
    pub(super) lines: Vec<String>,
    pub(super) gutter: usize,
}

/// Width of a terminal nobody measured.
const WIDTH: usize = 140;

/// From the `-->` line to the last underline.
pub(super) fn render(
    diagnostic: &Diagnostic,
    span: Span,
    source: &Source,
    sources: &Sources,
    renderer: &Renderer,
) -> Snippet {
    let range = range_in(source, span);
    let drawing = draw(diagnostic, source, sources, renderer, range.clone());
    let gutter = drawing.lines().next().map_or(2, |line| plain(line).find('|').unwrap_or(2));
    let arrow = renderer.paint(super::render::BLUE, "-->");
    let start = Span { start: range.start as u32, ..span };
    let mut lines = vec![format!("{}{arrow} {}", " ".repeat(gutter), sources.place(start))];
    lines.extend(drawing.lines().map(|line| format!(" {line}").trim_end().to_owned()));
    Snippet { lines, gutter }
}

fn draw(
    diagnostic: &Diagnostic,
    source: &Source,
    sources: &Sources,
    renderer: &Renderer,
    range: Range<usize>,
) -> String {
    let own = diagnostic.span.map(|span| span.source);
    let primary = AnnotationKind::Primary.span(range.clone()).label(label(&diagnostic.label));
    let mut main = Drawing::source(&*source.text).annotation(primary);
    for (span, text) in diagnostic.related.iter().filter(|(span, _)| Some(span.source) == own) {
        // Two underlines of the same place would hide each other.
        if range_in(source, *span) != range {
            main = main.annotation(context(source, *span, text));
        }
    }
    let mut group = Group::with_level(level(diagnostic.severity)).element(main);
    for id in other_sources(diagnostic, own) {
        let Some(other) = sources.find(id) else { continue };
        let drawing = Drawing::source(&*other.text).path(&*other.name);
        let here = diagnostic.related.iter().filter(|(span, _)| span.source == id);
        group = group.element(here.fold(drawing, |drawing, (span, text)| {
            drawing.annotation(context(other, *span, text))
        }));
    }
    painter(renderer).render(&[group])
}

fn context<'a>(source: &Source, span: Span, text: &'a str) -> Annotation<'a> {
    AnnotationKind::Context.span(range_in(source, span)).label(label(text))
}

fn label(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

/// The other sources of related places, each once.
fn other_sources(diagnostic: &Diagnostic, own: Option<SourceId>) -> Vec<SourceId> {
    let mut ids = Vec::new();
    for (span, _) in &diagnostic.related {
        if Some(span.source) != own && !ids.contains(&span.source) {
            ids.push(span.source);
        }
    }
    ids
}

/// The bytes of a span that exist. What lies behind the last line with text is shown at its end.
fn range_in(source: &Source, span: Span) -> Range<usize> {
    let (start, end) = (source.floor(span.start), source.floor(span.end));
    let last = source.text.trim_end().len();
    if start >= last { last..last } else { start..end.clamp(start, last) }
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    }
}

fn painter(renderer: &Renderer) -> annotate_snippets::Renderer {
    let bold = |color: AnsiColor| Style::new().fg_color(Some(color.into())).bold();
    let base = if renderer.color {
        annotate_snippets::Renderer::styled()
            .error(bold(AnsiColor::Red))
            .warning(bold(AnsiColor::Yellow))
            .note(bold(AnsiColor::Cyan))
            .line_num(bold(AnsiColor::Blue))
            .context(bold(AnsiColor::Blue))
    } else {
        annotate_snippets::Renderer::plain()
    };
    base.term_width(renderer.width.unwrap_or(WIDTH).max(20))
}

/// A line without its colours.
fn plain(line: &str) -> String {
    let mut parts = line.split('\x1b');
    let first = parts.next().unwrap_or("").to_owned();
    let rest = parts.filter_map(|part| part.split_once('m').map(|(_, text)| text));
    first + &rest.collect::<String>()
}
