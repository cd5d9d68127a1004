//! Prompts and agents: functions that ask a language model (language-statements 8).

use super::Compiler;
use super::function::FunctionState;
use super::function::Role;
use super::walk::Declared;
use crate::diag::Span;
use crate::program::Label;
use crate::program::Op;
use crate::syntax::ast::AgentDef;
use crate::syntax::ast::Expr;
use crate::syntax::ast::ExprKind;
use crate::syntax::ast::Ident;
use crate::syntax::ast::Param;
use crate::syntax::ast::Part;
use crate::syntax::ast::PromptDef;
use crate::value::Name;

/// What is asked, with parameters in braces.
struct Question<'a> {
    user: &'a str,
    system: Option<&'a str>,
}

impl Compiler<'_> {
    /// `prompt name(params) { system: "..." user: "..." }`
    pub(super) fn prompt_def(&mut self, def: &PromptDef, span: Span) {
        let entry = |key: &str| {
            let entry = def.entries.iter().rfind(|(name, _)| &*name.name == key);
            entry.map(|(_, text)| &**text)
        };
        let question = Question { user: entry("user").unwrap_or(""), system: entry("system") };
        self.asking_def("prompt", &def.name, &def.params, question, span);
    }

    /// `agent name(params) { goal: "..." }`
    pub(super) fn agent_def(&mut self, def: &AgentDef, span: Span) {
        let question = Question { user: def.goal.as_deref().unwrap_or(""), system: None };
        self.asking_def("agent", &def.name, &def.params, question, span);
    }

    fn asking_def(
        &mut self,
        kind: &str,
        name: &Ident,
        params: &[Param],
        question: Question<'_>,
        span: Span,
    ) {
        let reg = self.push(span);
        let tag = Name::from(format!("{kind}:{}", name.name));
        let role = match self.is_top() {
            true => Role::Top(tag.clone()),
            false => Role::Closure(None),
        };
        let chunk = self.reserve();
        self.functions.push(FunctionState::new(tag.clone(), role));
        self.open_scope(&[]);
        self.parameters(params, span);
        let base = self.push(span);
        let texts: Vec<&str> = std::iter::once(question.user).chain(question.system).collect();
        for text in &texts {
            let dst = self.push(span);
            self.interpolation(&parts(text, params, span), dst, span);
        }
        self.call_builtin("__ask", base, texts.len() as u8, name.span);
        self.emit(Op::Return { src: base }, name.span);
        let captures = self.end_function(chunk);
        let k = self.function_entry(chunk, Label::BuiltIn(tag), captures);
        self.emit(Op::Closure { dst: reg, k }, span);
        self.declare(name, reg, Declared::Mutable);
    }
}

/// The text with its `{param}`s taken out; any other brace is a brace.
fn parts(text: &str, params: &[Param], span: Span) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut literal = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        literal.push_str(before);
        let inner = after.split_once('}').map_or("", |(inner, _)| inner);
        let Some(param) = params.iter().find(|param| &*param.name.name == inner.trim()) else {
            literal.push('{');
            rest = after;
            continue;
        };
        if !literal.is_empty() {
            parts.push(Part::Text(Name::from(std::mem::take(&mut literal))));
        }
        parts.push(Part::Expr(Expr { kind: ExprKind::Name(param.name.name.clone()), span }));
        rest = &after[inner.len() + 1..];
    }
    literal.push_str(rest);
    if !literal.is_empty() {
        parts.push(Part::Text(Name::from(literal)));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_parameters_are_taken_out() {
        let param = |name: &str| {
            let name = Ident { name: name.into(), span: Span::default() };
            Param { name, ty: None, default: None }
        };
        let shown = |text: &str| {
            let part = |part: Part| match part {
                Part::Text(text) => text.to_string(),
                Part::Expr(expr) => format!("{:?}", expr.kind),
            };
            let parts = parts(text, &[param("a"), param("b")], Span::default());
            parts.into_iter().map(part).collect::<Vec<_>>()
        };
        let (a, b) = ("Name(\"a\")", "Name(\"b\")");
        assert_eq!(shown("x {a}{ b } y"), ["x ", a, b, " y"]);
        assert_eq!(shown("{\"k\": {a}, {c} {} }"), ["{\"k\": ", a, ", {c} {} }"]);
        assert_eq!(shown("{a"), ["{a"]);
        assert!(shown("").is_empty());
    }
}
