//! Where lines end (rules F3, F7 to F14).

use super::WIDTH;
use super::pieces::Gap;
use super::pieces::Kind;
use super::pieces::Piece;
use super::pieces::Pieces;
use super::print::Line;
use super::print::lines;
use super::spaces::between;
use crate::syntax::Mark;
use crate::syntax::Sort;
use crate::syntax::ast::Program;
use crate::syntax::ast::StmtKind;

/// Types with more variants have one on each line.
const VARIANTS: usize = 3;

/// Decides all gaps.
pub(super) fn decide(pieces: &mut Pieces, program: &Program) {
    for at in 1..pieces.all.len() {
        let gap = join(&pieces.all[at - 1], &pieces.all[at]);
        pieces.all[at].gap = gap.0;
        pieces.all[at].goes_on = gap.1;
    }
    let top: Vec<usize> = statements(pieces);
    top.iter().skip(1).for_each(|at| begin_line(pieces, *at));
    apart(pieces, program, &top);
    variants(pieces);
    // Inner brackets first: what has lines inside has lines itself.
    for open in (0..pieces.all.len()).rev() {
        if pieces.all[open].opens() && pieces.all[open].partner.is_some() {
            if is_broken(pieces, open) {
                break_up(pieces, open);
            }
            add_commas(pieces, open);
        }
    }
    fit(pieces);
}

/// The gap before `right` where no rule about brackets and statements says otherwise, and whether a line that it begins
/// goes on with the statement before.
fn join(left: &Piece, right: &Piece) -> (Gap, bool) {
    let line = if right.newlines > 1 { Gap::Blank } else { Gap::Line };
    if right.is_comment() && right.newlines > 0 {
        return (line, false);
    }
    if matches!(left.kind, Kind::LineComment | Kind::Verbatim) {
        let is_inside = !right.begins_part() && !right.closes() && !right.begins_body();
        return (if right.begins_part() { line } else { Gap::Line }, is_inside);
    }
    // `.method()` and `|> next` on lines of their own.
    let leads = matches!(right.kind, Kind::Token(Sort::Tight | Sort::Operator));
    if leads && right.newlines > 0 && !right.begins_part() && !right.is(Mark::Variant) {
        return (Gap::Line, true);
    }
    (between(left, right), false)
}

/// Where the statements of the file begin.
fn statements(pieces: &Pieces) -> Vec<usize> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < pieces.all.len() {
        if pieces.all[at].is(Mark::Statement) {
            found.push(at);
        }
        at = pieces.all[at].partner.filter(|partner| *partner > at).unwrap_or(at) + 1;
    }
    found
}

/// A part begins a line; an empty one stays before it.
fn begin_line(pieces: &mut Pieces, at: usize) {
    let before = at.checked_sub(1).map(|before| &pieces.all[before]);
    let is_behind_comment = before.is_some_and(|before| {
        before.kind == Kind::BlockComment && (before.newlines > 0 || at == 1)
    });
    let piece = &mut pieces.all[at];
    piece.gap = match piece.newlines {
        0 if is_behind_comment => Gap::Space,
        0 | 1 => Gap::Line,
        _ => Gap::Blank,
    };
    piece.goes_on = false;
}

/// An empty line between two functions or types of the file, before the comments of the second.
fn apart(pieces: &mut Pieces, program: &Program, top: &[usize]) {
    let definitions: Vec<usize> = program
        .statements
        .iter()
        .filter(|statement| {
            matches!(
                statement.kind,
                StmtKind::Function(_)
                    | StmtKind::Struct(_)
                    | StmtKind::Type(_)
                    | StmtKind::Impl(_)
                    | StmtKind::Interface(_)
            )
        })
        .map(|statement| statement.span.start as usize)
        .collect();
    let defines = |at: usize| definitions.binary_search(&pieces.all[at].start).is_ok();
    // A decorated function begins with its first decorator, and has marks further on.
    let starts: Vec<usize> = top.to_vec();
    let mut wanted = Vec::new();
    let mut last_defines = false;
    for at in starts {
        if defines(at) {
            if last_defines {
                wanted.push(at);
            }
            last_defines = true;
        } else if !belongs(pieces, at, top) {
            last_defines = false;
        }
    }
    for at in wanted {
        let comments = (0..at).rev().take_while(|before| {
            pieces.all[*before].is_comment() && pieces.all[*before].newlines > 0
        });
        let first = comments.last().unwrap_or(at);
        if (first..=at).all(|it| pieces.all[it].gap != Gap::Blank) {
            pieces.all[first].gap = Gap::Blank;
        }
    }
}

/// Whether a mark stands behind a decorator, at the next one or at the function.
fn belongs(pieces: &Pieces, at: usize, top: &[usize]) -> bool {
    let before = top.iter().rev().find(|start| **start < at);
    before.is_some_and(|start| pieces.text[pieces.all[*start].start..].starts_with('@'))
}

/// Whether the parts inside a bracket stand on lines of their own.
fn is_broken(pieces: &Pieces, open: usize) -> bool {
    let piece = &pieces.all[open];
    let Some(close) = piece.partner else { return false };
    let has_line_comment = pieces.inside(open).any(|at| {
        let inner = &pieces.all[at];
        inner.kind == Kind::LineComment || inner.is_comment() && inner.newlines > 0
    });
    if has_line_comment {
        return true;
    }
    if close == open + 1 {
        return false;
    }
    let is_one_line = || {
        let inner = &pieces.all[open + 1..=close];
        inner.iter().all(|piece| piece.newlines == 0 && piece.gap < Gap::Line)
    };
    if piece.is(Mark::Arms) {
        return true;
    }
    if piece.is(Mark::Block) {
        return count(pieces, open, Mark::Statement) > 1 || !is_one_line();
    }
    if piece.is(Mark::Members) {
        return count(pieces, open, Mark::Statement) > 1 || !is_one_line();
    }
    piece.is(Mark::List) && pieces.all[open + 1].newlines > 0
}

fn count(pieces: &Pieces, open: usize, mark: Mark) -> usize {
    pieces.inside(open).filter(|at| pieces.all[*at].is(mark)).count()
}

/// Puts the parts inside a bracket on lines of their own.
fn break_up(pieces: &mut Pieces, open: usize) {
    let inside: Vec<usize> = pieces.inside(open).collect();
    for at in &inside {
        if pieces.all[*at].begins_part() {
            begin_line(pieces, *at);
        }
    }
    if let Some(first) = inside.first()
        && !(pieces.all[*first].is_comment() && pieces.all[*first].newlines == 0)
    {
        pieces.all[*first].gap = Gap::Line;
        pieces.all[*first].goes_on = false;
    }
    let close = pieces.all[open].partner.unwrap_or(open);
    pieces.all[close].gap = Gap::Line;
    pieces.all[close].goes_on = false;
    // Nothing empty before the first part, below a comment behind the bracket, either.
    if let Some(second) = inside.get(1)
        && pieces.all[inside[0]].is_comment()
        && pieces.all[inside[0]].newlines == 0
    {
        pieces.all[*second].gap = Gap::Line;
    }
}

/// Adds the commas that are missing: between elements, behind the last one of a broken list, behind arms.
fn add_commas(pieces: &mut Pieces, open: usize) {
    let piece = &pieces.all[open];
    let (is_list, is_arms) =
        (piece.is(Mark::List) && !piece.is(Mark::Members), piece.is(Mark::Arms));
    if !is_list && !is_arms {
        return;
    }
    let mark = if is_arms { Mark::Arm } else { Mark::Element };
    let parts: Vec<usize> = pieces.inside(open).filter(|at| pieces.all[*at].is(mark)).collect();
    let close = piece.partner.unwrap_or(open);
    let is_spread = |at: usize| pieces.all[at].kind == Kind::Token(Sort::Prefix);
    // A comma would make a tuple of one in parentheses.
    let is_group = pieces.words(piece) == "(" && !piece.is(Mark::Call) && parts.len() == 1;
    let ends = is_arms
        || !is_group
            && pieces.all[close].gap >= Gap::Line
            && parts.last().is_some_and(|last| !is_spread(*last));
    let behind = parts.iter().skip(1).copied().chain(ends.then_some(close));
    for at in behind.collect::<Vec<_>>() {
        if let Some(last) = pieces.token_before(at).filter(|last| *last > open)
            && pieces.all[last].kind != Kind::Token(Sort::Comma)
        {
            pieces.all[last].adds_comma = true;
        }
    }
}

/// The variants of a type: in one line, or each on its own, as they are already or because they are many (rule F12).
fn variants(pieces: &mut Pieces) {
    let bars: Vec<usize> =
        (0..pieces.all.len()).filter(|at| pieces.all[*at].is(Mark::Variant)).collect();
    let mut rest = &bars[..];
    while let Some(first) = rest.first() {
        // Those of one type follow one another without a statement between them.
        let is_same = |at: &usize| !(*first..*at).any(|it| pieces.all[it].is(Mark::Statement));
        let length = rest.iter().take_while(|at| is_same(at)).count();
        let (own, others) = rest.split_at(length);
        let stand_apart = own.iter().all(|at| pieces.all[*at].newlines > 0);
        if length >= VARIANTS || stand_apart {
            break_before(pieces, own);
        }
        rest = others;
    }
}

fn break_before(pieces: &mut Pieces, all: &[usize]) {
    for at in all {
        pieces.all[*at].gap = Gap::Line;
        pieces.all[*at].goes_on = true;
    }
}

/// Breaks up brackets, outer ones first, until all lines fit that can.
fn fit(pieces: &mut Pieces) {
    let mut first = 0;
    loop {
        let all = lines(pieces, first);
        let Some((line, what)) = all.iter().find_map(|line| Some((line, wide(pieces, line)?)))
        else {
            return;
        };
        first = line.first;
        match what {
            Wide::Bracket(open) => {
                break_up(pieces, open);
                add_commas(pieces, open);
            }
            Wide::Variants(bars) => break_before(pieces, &bars),
        }
    }
}

/// What to break up of a line that is too wide.
enum Wide {
    Bracket(usize),
    Variants(Vec<usize>),
}

fn wide(pieces: &Pieces, line: &Line) -> Option<Wide> {
    if line.end_column() <= WIDTH {
        return None;
    }
    let can_break = |open: usize| {
        let piece = &pieces.all[open];
        let (Some(close), true) = (piece.partner, piece.opens()) else { return None };
        let has_parts = piece.is(Mark::List) || piece.is(Mark::Block) || piece.is(Mark::Members);
        (has_parts && close > open + 1 && line.column(close).is_some()).then_some(close)
    };
    let mut outer: Vec<(usize, usize)> = Vec::new();
    for open in line.pieces() {
        if let Some(close) = can_break(open)
            && outer.last().is_none_or(|(_, before)| open > *before)
        {
            outer.push((open, close));
        }
    }
    let bars: Vec<usize> = line.pieces().filter(|at| pieces.all[*at].is(Mark::Variant)).collect();
    let is_inside = |bar: usize| outer.iter().any(|(open, close)| (*open..*close).contains(&bar));
    if let Some(first) = bars.first()
        && pieces.all[*first].gap < Gap::Line
        && !is_inside(*first)
    {
        return Some(Wide::Variants(bars));
    }
    let crosses = outer.iter().find(|(_, close)| line.column(*close).is_some_and(|it| it >= WIDTH));
    let (open, close) = crosses.or(outer.last())?;
    Some(Wide::Bracket(last_block(pieces, *open, *close, line).unwrap_or(*open)))
}

/// The block of a lambda that is the last argument: it is broken up, and the call goes around it (rule F11).
fn last_block(pieces: &Pieces, open: usize, close: usize, line: &Line) -> Option<usize> {
    let ends = close.checked_sub(1).filter(|_| pieces.all[open].is(Mark::Call))?;
    let block = pieces.all[ends].partner.filter(|block| pieces.all[*block].is(Mark::Block))?;
    let fits = line.column(block).is_some_and(|column| column <= WIDTH);
    (fits && block > open && ends > block + 1).then_some(block)
}
