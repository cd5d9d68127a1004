//! `match`: patterns become data, bindings become registers.

use super::Compiler;
use super::names::Meaning;
use super::walk::Declared;
use crate::diag::Fault;
use crate::diag::Span;
use crate::program::Arms;
use crate::program::Head;
use crate::program::Op;
use crate::program::Pattern;
use crate::program::Reg;
use crate::program::Wrapper;
use crate::syntax::ast;
use crate::syntax::ast::Ident;
use crate::syntax::ast::Match;
use crate::syntax::ast::MatchArm;
use crate::syntax::ast::PatternKind;
use crate::value::Name;
use crate::value::Value;

impl Compiler<'_> {
    pub(super) fn match_form(&mut self, form: &Match, dst: Option<Reg>, span: Span) {
        // A guard may assign the variable that is matched.
        let has_guards = form.arms.iter().any(|arm| arm.guard.is_some());
        let subject = match has_guards {
            true => self.value(&form.subject),
            false => self.operand(&form.subject),
        };
        let is_own = has_guards || self.register_of(&form.subject).is_none();
        let dispatch = self.dispatch(form, subject);
        let mut ends = Vec::new();
        let mut heads = Vec::new();
        for arm in &form.arms {
            let mut names = Vec::new();
            let pattern = self.pattern(&arm.pattern, &mut names);
            heads.push(Head { takes: takes(&pattern), at: self.label().0 as u32 });
            let k = self.pattern_number(pattern);
            self.open_scope(&[]);
            let base = self.push_many(names.len(), arm.pattern.span);
            self.emit(Op::Match { subject, base }, arm.pattern.span);
            self.emit(Op::data(k), arm.pattern.span);
            let mut misses = vec![self.jump(arm.pattern.span)];
            let row: Vec<_> = names.iter().map(|name| (name, Declared::Mutable)).collect();
            self.declare_row(&row, base);
            if let Some(guard) = &arm.guard {
                misses.extend(self.jump_if(guard, false));
            }
            if !names.is_empty() {
                // The whole must not outlive its parts: else the next change of one would copy it. A variable stays
                // as long as it is read.
                let count = u8::from(is_own);
                self.emit(Op::Clear { first: subject, count }, arm.pattern.span);
            }
            self.block(&arm.body, dst);
            self.close_block(arm.body.span);
            ends.push(self.jump(arm.body.span));
            self.land_all(misses);
        }
        if let Some(k) = dispatch {
            let otherwise = self.label().0 as u32;
            let arms = &mut self.current().chunk.arms[usize::from(k)];
            (arms.heads, arms.otherwise) = (heads, otherwise);
        }
        self.fail(Fault::message("non-exhaustive match"), span);
        self.land_all(ends);
    }

    /// The number of the arms, when a variant need not try them all.
    fn dispatch(&mut self, form: &Match, subject: Reg) -> Option<u16> {
        let covers = self.covers(form);
        let names_any = |arm: &MatchArm| {
            !matches!(arm.pattern.kind, PatternKind::Wildcard | PatternKind::Name(_))
        };
        if covers.is_none() && !form.arms.iter().any(names_any) {
            return None;
        }
        let arms = Arms { covers, heads: Vec::new(), otherwise: 0, caches: Default::default() };
        let k = self.numbered("matches", |chunk| &mut chunk.arms, arms);
        self.emit(Op::Dispatch { subject, k }, form.subject.span);
        Some(k)
    }

    fn pattern_number(&mut self, pattern: Pattern) -> u32 {
        let patterns = &mut self.current().chunk.patterns;
        patterns.push(pattern);
        (patterns.len() - 1) as u32
    }

    /// The variants that the arms name; `None` when an arm takes everything.
    fn covers(&mut self, form: &Match) -> Option<Vec<Name>> {
        let mut names = Vec::new();
        for arm in form.arms.iter().filter(|arm| arm.guard.is_none()) {
            let choices = match &arm.pattern.kind {
                PatternKind::Or(choices) => &choices[..],
                _ => std::slice::from_ref(&arm.pattern),
            };
            for choice in choices {
                match &choice.kind {
                    PatternKind::Wildcard => return None,
                    PatternKind::Name(name) if self.is_variant(name) => names.push(name.clone()),
                    PatternKind::Name(_) => return None,
                    PatternKind::Constructor { name, .. } => names.push(name.name.clone()),
                    _ => {}
                }
            }
        }
        Some(names)
    }

    /// Whether a bare name is the test of a variant: only names that a `type` introduced, and the prelude's.
    fn is_variant(&mut self, name: &str) -> bool {
        match self.meaning(name) {
            Meaning::Variable { is_variant, .. } => is_variant,
            Meaning::Builtin(_) | Meaning::None | Meaning::Missing => is_wrapper(name),
            _ => false,
        }
    }

    /// The test of a pattern; names that it binds are added to `names`, their place is their register.
    fn pattern(&mut self, pattern: &ast::Pattern, names: &mut Vec<Ident>) -> Pattern {
        match &pattern.kind {
            PatternKind::Wildcard => Pattern::Any,
            PatternKind::Name(name) if self.is_variant(name) => bare_variant(name),
            PatternKind::Name(name) => {
                let known = names.iter().position(|known| known.name == *name);
                let at = known.unwrap_or_else(|| {
                    names.push(Ident { name: name.clone(), span: pattern.span });
                    names.len() - 1
                });
                Pattern::Bind(at as u8)
            }
            PatternKind::Constructor { name, args } => {
                let args: Vec<_> = args.iter().map(|arg| self.pattern(arg, names)).collect();
                constructor(&name.name, args)
            }
            PatternKind::Tuple(parts) => {
                Pattern::Tuple(parts.iter().map(|part| self.pattern(part, names)).collect())
            }
            PatternKind::Null => Pattern::Null,
            PatternKind::Bool(value) => self.literal(Value::Bool(*value)),
            PatternKind::Int(value) => self.literal(Value::Int(*value)),
            PatternKind::Float(value) => self.literal(Value::Float(*value)),
            PatternKind::Str(text) => self.literal(Value::text(&**text)),
            PatternKind::Or(choices) => {
                Pattern::Or(choices.iter().map(|choice| self.pattern(choice, names)).collect())
            }
        }
    }

    fn literal(&mut self, value: Value) -> Pattern {
        Pattern::Constant(self.constant(value))
    }
}

/// The variants or types that a pattern takes; none when it must be tried.
fn takes(pattern: &Pattern) -> Vec<Name> {
    match pattern {
        Pattern::Variant(name, _) | Pattern::Constructor { name, .. } => vec![name.clone()],
        Pattern::Or(choices) => {
            let names: Vec<_> = choices.iter().map(takes).collect();
            match names.iter().any(Vec::is_empty) {
                true => Vec::new(),
                false => names.concat(),
            }
        }
        _ => Vec::new(),
    }
}

/// The names of the values that are wrappers.
pub(super) fn is_wrapper(name: &str) -> bool {
    matches!(name, "Ok" | "Err" | "Some" | "None")
}

fn bare_variant(name: &Name) -> Pattern {
    match &**name {
        "None" => Pattern::None,
        "Ok" => Pattern::Wrapped(Wrapper::Ok, Box::new(Pattern::Any)),
        "Err" => Pattern::Wrapped(Wrapper::Err, Box::new(Pattern::Any)),
        "Some" => Pattern::Wrapped(Wrapper::Some, Box::new(Pattern::Any)),
        _ => Pattern::Variant(name.clone(), Default::default()),
    }
}

fn constructor(name: &Name, mut args: Vec<Pattern>) -> Pattern {
    let wrapper = match &**name {
        "Ok" => Wrapper::Ok,
        "Err" => Wrapper::Err,
        "Some" => Wrapper::Some,
        "None" if args.is_empty() => return Pattern::None,
        "None" => return Pattern::Never,
        _ => {
            let cache = Default::default();
            return Pattern::Constructor { name: name.clone(), parts: args, cache };
        }
    };
    match args.len() {
        0 => Pattern::Wrapped(wrapper, Box::new(Pattern::Any)),
        1 => Pattern::Wrapped(wrapper, Box::new(args.remove(0))),
        _ => Pattern::Never,
    }
}
