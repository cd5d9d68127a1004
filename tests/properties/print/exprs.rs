//! Expressions, with the parentheses that they need and some more.

use super::Printer;
use super::is_keyword;
use super::is_word;
use forge::syntax::ast::*;

/// How tightly an expression holds together; looser first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    /// Goes on as far as it can: `say a + b`.
    Open,
    Query,
    Pipe,
    Or,
    And,
    Equality,
    Comparison,
    Range,
    Sum,
    Product,
    Prefix,
    Postfix,
}

impl Level {
    fn tighter(self) -> Level {
        match self {
            Level::Open => Level::Query,
            Level::Query => Level::Pipe,
            Level::Pipe => Level::Or,
            Level::Or => Level::And,
            Level::And => Level::Equality,
            Level::Equality => Level::Comparison,
            Level::Comparison => Level::Range,
            Level::Range => Level::Sum,
            Level::Sum => Level::Product,
            Level::Product => Level::Prefix,
            Level::Prefix | Level::Postfix => Level::Postfix,
        }
    }

    fn of(expr: &Expr) -> Level {
        match &expr.kind {
            ExprKind::Binary { op, .. } => Level::of_operator(*op),
            ExprKind::Range { .. } => Level::Range,
            ExprKind::Pipe { .. } => Level::Pipe,
            ExprKind::Where { .. } | ExprKind::Query { .. } => Level::Query,
            ExprKind::Unary { .. } => Level::Prefix,
            // A keyword alone could begin the form that it is for.
            ExprKind::Name(name) if is_keyword(name) => Level::Open,
            ExprKind::Null
            | ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Str(_)
            | ExprKind::Interpolation(_)
            | ExprKind::Name(_)
            | ExprKind::Array(_)
            | ExprKind::Tuple(_)
            | ExprKind::Object(_)
            | ExprKind::Struct { .. }
            | ExprKind::Call { .. }
            | ExprKind::Method { .. }
            | ExprKind::Field { .. }
            | ExprKind::Index { .. }
            | ExprKind::Propagate(_) => Level::Postfix,
            ExprKind::Block(_)
            | ExprKind::If(_)
            | ExprKind::When(_)
            | ExprKind::Match(_)
            | ExprKind::Try(_)
            | ExprKind::Safe(_)
            | ExprKind::Spawn(_)
            | ExprKind::Squad(_)
            | ExprKind::Atomic(_)
            | ExprKind::Lambda(_)
            | ExprKind::Output { .. }
            | ExprKind::Wait(_)
            | ExprKind::Download { .. }
            | ExprKind::Crawl(_) => Level::Open,
        }
    }

    fn of_operator(op: BinaryOp) -> Level {
        match op {
            BinaryOp::Mul | BinaryOp::Div | BinaryOp::Mod => Level::Product,
            BinaryOp::Add | BinaryOp::Sub => Level::Sum,
            BinaryOp::Lt | BinaryOp::Gt | BinaryOp::LtEq | BinaryOp::GtEq => Level::Comparison,
            BinaryOp::Eq | BinaryOp::NotEq => Level::Equality,
            BinaryOp::And => Level::And,
            BinaryOp::Or => Level::Or,
        }
    }
}

pub(super) fn sign(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Mul => "*",
        BinaryOp::Div => "/",
        BinaryOp::Mod => "%",
        BinaryOp::Add => "+",
        BinaryOp::Sub => "-",
        BinaryOp::Lt => "<",
        BinaryOp::Gt => ">",
        BinaryOp::LtEq => "<=",
        BinaryOp::GtEq => ">=",
        BinaryOp::Eq => "==",
        BinaryOp::NotEq => "!=",
        BinaryOp::And => "&&",
        BinaryOp::Or => "||",
    }
}

impl Printer {
    /// Where nothing is read after the expression but what closes it.
    pub(super) fn expr(&mut self, expr: &Expr) {
        let is_name = matches!(&expr.kind, ExprKind::Name(name) if is_keyword(name));
        match is_name || self.is_head {
            true => self.at_least(Level::Query, expr),
            false => self.at_least(Level::Open, expr),
        }
    }

    /// What stands before the body of a statement.
    pub(super) fn head(&mut self, expr: &Expr) {
        let is_head = std::mem::replace(&mut self.is_head, true);
        self.at_least(Level::Query, expr);
        self.is_head = is_head;
    }

    /// In parentheses unless it holds together as tightly as `level`.
    pub(super) fn at_least(&mut self, level: Level, expr: &Expr) {
        let is_name_of_type = match &expr.kind {
            ExprKind::Struct { .. } => true,
            ExprKind::Name(name) => name.starts_with(char::is_uppercase),
            _ => false,
        };
        let is_needed = Level::of(expr) < level || self.is_head && is_name_of_type;
        match is_needed || self.coin() && self.coin() {
            true => self.list("(", std::slice::from_ref(expr), ")", |p, expr| match &expr.kind {
                ExprKind::Name(name) => p.put(name),
                _ => p.bare(expr),
            }),
            false => self.bare(expr),
        }
    }

    fn bare(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Null => self.put("null"),
            ExprKind::Bool(value) => self.put(value),
            ExprKind::Int(value) => self.put(value),
            ExprKind::Float(value) => self.put(format_args!("{value:?}")),
            ExprKind::Str(text) => self.string(text),
            ExprKind::Interpolation(parts) => self.interpolation(parts),
            ExprKind::Name(name) => self.put(name),
            ExprKind::Array(items) => self.list("[", items, "]", Self::item),
            ExprKind::Tuple(items) => {
                let close = if items.len() == 1 { ",)" } else { ")" };
                self.list("(", items, close, Self::item);
            }
            ExprKind::Object(entries) => self.object(entries),
            ExprKind::Struct { name, fields } => self.literal(name, fields),
            ExprKind::Block(block) => self.loose_block(block),
            ExprKind::If(branch) => self.branch(branch),
            ExprKind::When(when) => self.when(when),
            ExprKind::Match(found) => self.arms_of_match(found),
            ExprKind::Try(tried) => self.tried(tried),
            ExprKind::Safe(block) => self.worded("safe ", block),
            ExprKind::Spawn(block) => self.worded("spawn ", block),
            ExprKind::Squad(block) => self.worded("squad ", block),
            ExprKind::Atomic(block) => self.worded("atomic ", block),
            ExprKind::Lambda(lambda) => self.lambda(lambda),
            ExprKind::Unary { op, operand } => self.unary(*op, operand),
            ExprKind::Binary { op, left, right } => self.binary(*op, left, right),
            ExprKind::Range { start, end } => {
                self.at_least(Level::Sum, start);
                self.put("..");
                self.at_least(Level::Sum, end);
            }
            ExprKind::Call { callee, args } => {
                self.at_least(Level::Postfix, callee);
                self.list("(", args, ")", Self::item);
            }
            ExprKind::Method { receiver, name, args } => {
                self.field(receiver, name);
                self.list("(", args, ")", Self::item);
            }
            ExprKind::Field { object, name } => self.field(object, name),
            ExprKind::Index { object, index } => {
                self.at_least(Level::Postfix, object);
                self.list("[", std::slice::from_ref(&**index), "]", Self::expr);
            }
            ExprKind::Propagate(value) => {
                self.at_least(Level::Postfix, value);
                self.put("?");
            }
            ExprKind::Pipe { value, step } => {
                self.at_least(Level::Pipe, value);
                self.gap();
                self.put("|> ");
                self.at_least(Level::Or, step);
            }
            ExprKind::Where { source, field, op, value } => {
                self.at_least(Level::Query, source);
                self.put(format_args!(" where {} {} ", field.name, sign(*op)));
                self.at_least(Level::Pipe, value);
            }
            ExprKind::Query { source, step } => {
                self.at_least(Level::Query, source);
                self.gap();
                self.put(">> ");
                self.step(step);
            }
            ExprKind::Output { kind, value } => {
                self.put(match kind {
                    OutputKind::Say => "say ",
                    OutputKind::Yell => "yell ",
                    OutputKind::Whisper => "whisper ",
                });
                self.expr(value);
            }
            ExprKind::Wait(wait) => {
                self.put("wait ");
                self.at_least(Level::Query, &wait.amount);
                self.unit(wait.unit);
            }
            ExprKind::Download { url, path } => {
                self.put("download ");
                self.at_least(Level::Query, url);
                if let Some(path) = path {
                    self.put(" to ");
                    self.expr(path);
                }
            }
            ExprKind::Crawl(url) => {
                self.put("crawl ");
                self.expr(url);
            }
        }
    }

    fn field(&mut self, object: &Expr, name: &Ident) {
        self.at_least(Level::Postfix, object);
        self.put(format_args!(".{}", name.name));
    }

    fn unary(&mut self, op: UnaryOp, operand: &Expr) {
        match op {
            UnaryOp::Neg => self.put("-"),
            UnaryOp::Not => self.either("!", "not "),
            UnaryOp::Await => self.either("await ", "hold "),
            UnaryOp::Must => self.put("must "),
            UnaryOp::Freeze => self.put("freeze "),
            UnaryOp::Ask => self.put("ask "),
        }
        self.at_least(Level::Prefix, operand);
    }

    fn binary(&mut self, op: BinaryOp, left: &Expr, right: &Expr) {
        let level = Level::of_operator(op);
        self.at_least(level, left);
        match op {
            BinaryOp::And => self.either(" && ", " and "),
            BinaryOp::Or => self.either(" || ", " or "),
            op => self.put(format_args!(" {} ", sign(op))),
        }
        self.gap();
        self.at_least(level.tighter(), right);
    }

    fn item(&mut self, item: &Item) {
        self.put(if item.spread { "..." } else { "" });
        self.expr(&item.value);
    }

    fn object(&mut self, entries: &[Entry]) {
        // `{...e}` is the value of `e`.
        let close = if matches!(entries, [Entry::Spread(_)]) { ",}" } else { "}" };
        self.list("{", entries, close, |p, entry| match entry {
            Entry::Field(key, value) => {
                let is_short = entries.len() > 1 && is_shorthand(key, value) && p.coin();
                // The last one has no comma behind it, which the first needs.
                match is_short && !std::ptr::eq(entry, &entries[entries.len() - 1]) {
                    true => p.put(&key.name),
                    false => p.entry(key, value),
                }
            }
            Entry::Computed(key, value) => {
                p.list("[", std::slice::from_ref(key), "]: ", Self::expr);
                p.expr(value);
            }
            Entry::Spread(value) => {
                p.put("...");
                p.expr(value);
            }
        });
    }

    fn literal(&mut self, name: &Ident, fields: &[(Ident, Expr)]) {
        let is_upper = name.name.starts_with(char::is_uppercase);
        if !is_upper || self.coin() {
            self.put("craft ");
        }
        self.put(&name.name);
        self.list(" {", fields, "}", |p, (key, value)| {
            match is_shorthand(key, value) && p.coin() {
                true => p.put(&key.name),
                false => p.entry(key, value),
            }
        });
    }

    fn entry(&mut self, key: &Ident, value: &Expr) {
        self.key(&key.name);
        self.expr(value);
    }

    /// A string literal whose expressions stand in parentheses: strings in them have quotes of their own.
    fn interpolation(&mut self, parts: &[Part]) {
        self.put("\"");
        for part in parts {
            match part {
                Part::Text(text) => self.escaped(text),
                Part::Expr(expr) => {
                    self.embedded += 1;
                    self.list("{(", std::slice::from_ref(expr), ")}", |p, expr| p.expr(expr));
                    self.embedded -= 1;
                }
            }
        }
        self.put("\"");
    }

    fn step(&mut self, step: &QueryStep) {
        match step {
            QueryStep::Keep { field, test } => {
                self.put(format_args!("keep where {}", field.name));
                if let Some((op, value)) = test {
                    self.put(format_args!(" {} ", sign(*op)));
                    self.at_least(Level::Pipe, value);
                }
            }
            QueryStep::Sort(None) => self.put("sort"),
            QueryStep::Sort(Some(by)) => self.put(format_args!("sort by {}", by.name)),
            QueryStep::Take(count) => {
                self.put("take ");
                self.at_least(Level::Pipe, count);
            }
            QueryStep::Call(step) => self.at_least(Level::Pipe, step),
        }
    }

    /// `fn(a) { ... }`, or `|a| ...` where it can be told from what stands before it.
    fn lambda(&mut self, lambda: &Lambda) {
        let is_after_bracket = self.out.ends_with(['(', '[', '=']) || self.out.ends_with("= ");
        if lambda.returns.is_some() || !is_after_bracket || self.coin() {
            self.params("fn", &lambda.params);
            self.returns(&lambda.returns);
            self.put(" ");
            return self.block(&lambda.body);
        }
        self.list("|", &lambda.params, "| ", |p, param| {
            p.put(&param.name.name);
            if let Some(ty) = &param.ty {
                p.put(": ");
                p.inner_ty(ty);
            }
            p.default(&param.default);
        });
        match &lambda.body.statements[..] {
            // `|| { ... }` is the block, and `|| spawn { ... }` returns the task.
            [Stmt { kind: StmtKind::Expr(value), .. }]
                if !matches!(
                    value.kind,
                    ExprKind::Block(_) | ExprKind::Spawn(_) | ExprKind::Squad(_)
                ) =>
            {
                self.expr(value);
            }
            _ => self.loose_block(&lambda.body),
        }
    }
}

fn is_shorthand(key: &Ident, value: &Expr) -> bool {
    matches!(&value.kind, ExprKind::Name(name) if *name == key.name) && is_word(&key.name)
}
