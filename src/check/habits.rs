//! Habits of other languages that are legal here, and never meant: `print x`, `say a b`, `list[1..3]`, `@gett("/")`.

use super::Checker;
use super::scopes::Found;
use crate::diag::did_you_mean;
use crate::syntax::ast::Decorator;
use crate::syntax::ast::Expr;
use crate::syntax::ast::ExprKind;
use crate::syntax::ast::FunctionDef;
use crate::syntax::ast::Stmt;
use crate::syntax::ast::StmtKind;

/// What other languages call the types of values, and what `typeof` does.
const TYPES: &[(&str, &str)] = &[
    ("NoneType", "Null"),
    ("array", "Array"),
    ("bool", "Bool"),
    ("boolean", "Bool"),
    ("dict", "Object"),
    ("float", "Float"),
    ("int", "Int"),
    ("integer", "Int"),
    ("list", "Array"),
    ("null", "Null"),
    ("number", "Int' or 'Float"),
    ("object", "Object"),
    ("str", "String"),
    ("string", "String"),
    ("undefined", "Null"),
];

impl Checker<'_> {
    /// Reports `typeof(x) == "string"`, which is never true.
    pub(super) fn check_type_name(&mut self, left: &Expr, right: &Expr) {
        let (ExprKind::Call { callee, .. }, ExprKind::Str(text)) = (&left.kind, &right.kind) else {
            return;
        };
        let ExprKind::Name(name) = &callee.kind else { return };
        if !matches!(&**name, "typeof" | "type") || !self.is_builtin(name) {
            return;
        }
        if let Some((_, meant)) = TYPES.iter().find(|(foreign, _)| *foreign == &**text) {
            let found = self.warning("W0412", format!("{name}() never gives '{text}'"));
            self.report(found.at(right.span).hint(format!("did you mean '{meant}'?")));
        }
    }

    /// Reports two statements on one line where one was meant. `is_value` says that the second one is what a block
    /// is worth.
    pub(super) fn check_line(&mut self, first: &Stmt, second: &Stmt, is_value: bool) {
        let StmtKind::Expr(follower) = &second.kind else { return };
        let between = self.text.get(first.span.end as usize..second.span.start as usize);
        if between.is_none_or(|text| text.contains(['\n', ';'])) {
            return;
        }
        let operand = &leftmost(follower).kind;
        let is_text = matches!(operand, ExprKind::Str(_) | ExprKind::Interpolation(_));
        if let StmtKind::Decorator(decorator) = &first.kind
            && decorator.args.is_empty()
            && (is_text || matches!(operand, ExprKind::Object(_) | ExprKind::Block(_)))
        {
            let name = &decorator.name.name;
            let text = format!("the arguments of '@{name}' stand in parentheses: @{name}(...)");
            return self.report(self.warning("W0904", text).at(first.span));
        }
        let Some(last) = rightmost(first) else { return };
        let is_operand =
            is_text || matches!(operand, ExprKind::Int(_) | ExprKind::Float(_) | ExprKind::Name(_));
        if let ExprKind::Name(name) = &last.kind
            && last.span.end == first.span.end
            && (is_text && self.callee(name).is_some() || is_operand && self.is_builtin(name))
        {
            let text = format!("'{name}' is not called; write {name}(...)");
            return self.report(self.warning("W0904", text).at(last.span));
        }
        let is_output =
            matches!(&first.kind, StmtKind::Expr(Expr { kind: ExprKind::Output { .. }, .. }));
        if is_output && !is_value && (is_text || matches!(follower.kind, ExprKind::Name(_))) {
            let found = self.warning("W0905", "this is not printed: one value stands behind 'say'");
            let hint = "one text holds several values: say \"{a} {b}\"";
            self.report(found.at(second.span).hint(hint));
        }
    }

    /// Reports `len [1]`, which reads an element of the builtin, and `list[1..3]`.
    pub(super) fn check_index(&mut self, object: &Expr, index: &Expr) {
        if let ExprKind::Name(name) = &object.kind
            && self.is_builtin(name)
        {
            let text = format!("'{name}' is not called; write {name}(...)");
            self.report(self.warning("W0904", text).at(object.span));
        } else if let ExprKind::Range { .. } = &index.kind {
            let found = self.warning("W0411", "a range is no index").at(index.span);
            self.report(found.hint("slice(list, start, end) takes a part"));
        }
    }

    /// Reports a decorator that is like one that means something. Others are the program's own.
    pub(super) fn check_decorator(&mut self, decorator: &Decorator) {
        let name = &*decorator.name.name;
        let known = || Decorator::ROUTES.iter().map(|(name, _)| *name).chain(Decorator::OTHERS);
        if known().any(|it| it == name) {
            return;
        }
        let hint = match name {
            "route" => Some("a route is written @get(\"/path\") above its function".to_owned()),
            name => {
                let known: Vec<String> = known().map(|name| format!("@{name}")).collect();
                did_you_mean(&format!("@{name}"), known.iter().map(String::as_str))
            }
        };
        if let Some(hint) = hint {
            let found = self.warning("W0906", format!("the decorator '@{name}' means nothing"));
            self.report(found.at(decorator.span).hint(hint));
        }
    }

    /// Reports parts of the path of a route that nothing takes, for `/<id>` is a text, and `fn show(uid)` below
    /// `/users/:id` gets null. Whoever takes the request, or nothing at all, may do as they like.
    pub(super) fn check_route(&mut self, decorator: &Decorator, def: &FunctionDef) {
        let is_route = Decorator::ROUTES.iter().any(|(name, _)| *name == &*decorator.name.name);
        let path = decorator.args.iter().find(|(key, _)| key.is_none());
        let Some((_, Expr { kind: ExprKind::Str(path), span })) = path.filter(|_| is_route) else {
            return;
        };
        let is_foreign = |part: &&str| part.starts_with('<') && part.ends_with('>');
        if let Some(part) = path.split('/').find(is_foreign) {
            let found = self.warning("W0808", format!("'{part}' of the path is a text"));
            let name = part.trim_matches(['<', '>']);
            let name = name.rsplit(':').next().unwrap_or(name);
            return self
                .report(found.at(*span).hint(format!("a part that varies is written :{name}")));
        }
        let parts: Vec<&str> = path.split('/').filter_map(|part| part.strip_prefix(':')).collect();
        let params = || def.lambda.params.iter().map(|param| &*param.name.name);
        let has_other = params().any(|name| !parts.contains(&name));
        if !has_other || params().any(|name| matches!(name, "request" | "req")) {
            return;
        }
        for part in parts.iter().filter(|part| !params().any(|name| name == **part)) {
            let text = format!("no parameter of '{}' takes ':{part}' of the path", def.name.name);
            let hint = "a parameter takes the part that is called like it";
            self.report(self.warning("W0808", text).at(*span).hint(hint));
        }
    }

    fn is_builtin(&self, name: &str) -> bool {
        matches!(self.find(name), Found::Builtin(_))
    }
}

/// The expression with which `expr` begins.
fn leftmost(mut expr: &Expr) -> &Expr {
    loop {
        expr = match &expr.kind {
            ExprKind::Binary { left: first, .. }
            | ExprKind::Call { callee: first, .. }
            | ExprKind::Method { receiver: first, .. }
            | ExprKind::Field { object: first, .. }
            | ExprKind::Index { object: first, .. }
            | ExprKind::Pipe { value: first, .. } => first,
            _ => return expr,
        };
    }
}

/// The expression with which a statement ends.
fn rightmost(statement: &Stmt) -> Option<&Expr> {
    let mut expr = match &statement.kind {
        StmtKind::Expr(value)
        | StmtKind::Return(Some(value))
        | StmtKind::Let { value, .. }
        | StmtKind::Assign { value, .. } => value,
        _ => return None,
    };
    loop {
        expr = match &expr.kind {
            ExprKind::Binary { right: last, .. }
            | ExprKind::Unary { operand: last, .. }
            | ExprKind::Output { value: last, .. } => last,
            _ => return Some(expr),
        };
    }
}
