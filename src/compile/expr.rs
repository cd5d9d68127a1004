//! Expressions. No form writes its destination before it has read every variable it needs.

use super::Compiler;
use super::emit::Patch;
use super::names::Meaning;
use crate::diag::Span;
use crate::program::BinaryOp;
use crate::program::Op;
use crate::program::Reg;
use crate::program::Root;
use crate::syntax::ast;
use crate::syntax::ast::Expr;
use crate::syntax::ast::ExprKind;
use crate::syntax::ast::UnaryOp;
use crate::value::Value;

impl Compiler<'_> {
    /// Computes `expr` into `dst`.
    pub(super) fn expr(&mut self, expr: &Expr, dst: Reg) {
        let mark = self.mark();
        self.form(expr, Some(dst));
        self.release(mark);
    }

    /// Computes `expr` into a new register, the next free one.
    pub(super) fn value(&mut self, expr: &Expr) -> Reg {
        let reg = self.push(expr.span);
        self.expr(expr, reg);
        reg
    }

    /// Computes `expr` for its effect only.
    pub(super) fn effect(&mut self, expr: &Expr) {
        let mark = self.mark();
        self.form(expr, None);
        self.release(mark);
    }

    /// Where the value of `expr` is: a variable's own register, or a new one.
    pub(super) fn operand(&mut self, expr: &Expr) -> Reg {
        match self.register_of(expr) {
            Some(reg) => reg,
            None => self.value(expr),
        }
    }

    /// The register of a plain local variable.
    pub(super) fn register_of(&mut self, expr: &Expr) -> Option<Reg> {
        let ExprKind::Name(name) = &expr.kind else { return None };
        match self.meaning(name) {
            Meaning::Variable { root: Root::Register(reg), pending: None, .. } => Some(reg),
            _ => None,
        }
    }

    /// Whether `dst` is no variable: then parts of an expression may use it on the way.
    pub(super) fn is_temporary(&mut self, dst: Reg) -> bool {
        u16::from(dst) >= self.scope_end()
            && !self
                .current()
                .scopes
                .iter()
                .any(|scope| scope.locals.iter().any(|local| local.reg == dst))
    }

    /// The left operand of something whose result goes to `dst`; it keeps its value while `right` is computed.
    pub(super) fn left_operand(&mut self, left: &Expr, right: &Expr, dst: Option<Reg>) -> Reg {
        if let Some(reg) = self.register_of(left) {
            if is_steady(right) {
                return reg;
            }
            return self.value(left);
        }
        match dst {
            Some(dst) if self.is_temporary(dst) => {
                self.expr(left, dst);
                dst
            }
            _ => self.value(left),
        }
    }

    fn form(&mut self, expr: &Expr, dst: Option<Reg>) {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Block(block) => self.block(block, dst),
            ExprKind::If(form) => self.if_form(form, dst, span),
            ExprKind::When(form) => self.when_form(form, dst, span),
            ExprKind::Match(form) => self.match_form(form, dst, span),
            ExprKind::Try(form) => self.try_form(form, dst, span),
            ExprKind::Safe(block) => self.safe_form(block, dst, span),
            ExprKind::Squad(block) => self.squad(block, dst, span),
            ExprKind::Atomic(block) => self.atomic(block, dst, span),
            ExprKind::Output { kind, value } => self.output(*kind, value, dst, span),
            ExprKind::Call { callee, args } => self.call(callee, args, dst, span),
            ExprKind::Method { receiver, name, args } => {
                self.method(receiver, name, args, dst, span);
            }
            _ => {
                let dst = match dst {
                    Some(dst) => dst,
                    None => self.push(span),
                };
                self.plain(expr, dst);
            }
        }
    }

    /// The forms that always have a value.
    fn plain(&mut self, expr: &Expr, dst: Reg) {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Null => self.emit(Op::Null { dst }, span),
            ExprKind::Bool(value) => self.emit(Op::Bool { dst, value: *value }, span),
            ExprKind::Int(value) => self.load(Value::Int(*value), dst, span),
            ExprKind::Float(value) => self.load(Value::Float(*value), dst, span),
            ExprKind::Str(text) => self.load(Value::text(&**text), dst, span),
            ExprKind::Name(name) => self.read_name(name, dst, span),
            ExprKind::Interpolation(parts) => self.interpolation(parts, dst, span),
            ExprKind::Array(items) => self.array(items, dst, span),
            ExprKind::Tuple(items) => self.tuple(items, dst, span),
            ExprKind::Object(entries) => self.object(entries, dst, span),
            ExprKind::Struct { name, fields } => self.instance(name, fields, dst, span),
            ExprKind::Lambda(lambda) => self.lambda(lambda, dst, span),
            ExprKind::Unary { op, operand } => self.unary(*op, operand, dst, span),
            ExprKind::Binary { op, left, right } => self.binary(*op, left, right, dst, expr),
            ExprKind::Range { start, end } => self.range(start, end, dst, span),
            ExprKind::Field { object, name } => self.field(object, &name.name, dst, expr),
            ExprKind::Index { object, index } => self.element(object, index, dst, expr),
            ExprKind::Propagate(inner) => self.propagate(inner, dst, span),
            ExprKind::Pipe { value, step } => self.pipe(value, step, dst, span),
            ExprKind::Where { source, field, op, value } => {
                self.filter(source, field, *op, value, dst, span);
            }
            ExprKind::Query { source, step } => self.query(source, step, dst, span),
            ExprKind::Wait(wait) => self.wait(wait, dst, span),
            ExprKind::Spawn(block) => self.spawn(block, dst, span),
            ExprKind::Download { url, path: None } => {
                self.call_with("http.download", &[url], dst, span);
            }
            ExprKind::Download { url, path: Some(path) } => {
                self.call_with("http.download", &[url, path], dst, span);
            }
            ExprKind::Crawl(url) => self.call_with("http.crawl", &[url], dst, span),
            _ => unreachable!("forms with an optional value are compiled before"),
        }
    }

    /// A temporary that held a part of a variable lets go of it: else the next change of the variable would copy it.
    pub(super) fn forget(&mut self, object: &Expr, from: Reg, dst: Reg) {
        if from != dst && self.is_temporary(from) {
            self.emit(Op::Clear { first: from, count: 1 }, object.span);
        }
    }

    /// `dst := value`
    pub(super) fn load(&mut self, value: Value, dst: Reg, span: Span) {
        match value {
            Value::Int(value) if i16::try_from(value).is_ok() => {
                self.emit(Op::Int { dst, value: value as i16 }, span);
            }
            value => {
                let k = self.constant(value);
                self.emit(Op::Load { dst, k }, span);
            }
        }
    }

    fn unary(&mut self, op: UnaryOp, operand: &Expr, dst: Reg, span: Span) {
        match (op, &operand.kind) {
            (UnaryOp::Neg, ExprKind::Int(value)) => {
                return self.load(Value::Int(-value), dst, span);
            }
            (UnaryOp::Neg, ExprKind::Float(value)) => {
                return self.load(Value::Float(-value), dst, span);
            }
            (UnaryOp::Await, _) => return self.wait_for(operand, dst, span),
            (UnaryOp::Ask, _) => return self.call_with("__ask", &[operand], dst, span),
            _ => {}
        }
        let src = self.left_operand(operand, operand, Some(dst));
        let op = match op {
            UnaryOp::Neg => Op::Neg { dst, src },
            UnaryOp::Not => Op::Not { dst, src },
            UnaryOp::Must => Op::Must { dst, src },
            _ => Op::Freeze { dst, src },
        };
        self.emit(op, span);
    }

    fn binary(&mut self, op: ast::BinaryOp, left: &Expr, right: &Expr, dst: Reg, whole: &Expr) {
        let span = whole.span;
        let Some(op) = operator(op) else {
            // `&&` and `||` are jumps that end in a Bool.
            let otherwise = self.jump_if(whole, false);
            self.emit(Op::Bool { dst, value: true }, span);
            let end = self.jump(span);
            self.land_all(otherwise);
            self.emit(Op::Bool { dst, value: false }, span);
            self.land(end);
            return;
        };
        if let Some(k) = self.number(left)
            && let Some(op) = number_first(op)
        {
            let right = self.operand(right);
            return self.emit(op(dst, k, right), span);
        }
        let from = self.left_operand(left, right, Some(dst));
        self.arithmetic(op, dst, from, right, span);
    }

    /// `dst := left op right`
    pub(super) fn arithmetic(
        &mut self,
        op: BinaryOp,
        dst: Reg,
        left: Reg,
        right: &Expr,
        span: Span,
    ) {
        if let (ExprKind::Int(value), BinaryOp::Add | BinaryOp::Sub) = (&right.kind, op)
            && let Ok(value) = i8::try_from(*value)
        {
            let op = match op {
                BinaryOp::Add => Op::AddInt { dst, left, value },
                _ => Op::SubInt { dst, left, value },
            };
            return self.emit(op, span);
        }
        if let Some(k) = self.number(right) {
            let op = match op {
                BinaryOp::Add => Some(Op::AddConst { dst, left, k }),
                BinaryOp::Sub => Some(Op::SubConst { dst, left, k }),
                BinaryOp::Mul => Some(Op::MulConst { dst, left, k }),
                BinaryOp::Div => Some(Op::DivConst { dst, left, k }),
                BinaryOp::Mod => Some(Op::ModConst { dst, left, k }),
                _ => None,
            };
            if let Some(op) = op {
                return self.emit(op, span);
            }
        }
        let right = self.operand(right);
        let op = match op {
            BinaryOp::Add => Op::Add { dst, left, right },
            BinaryOp::Sub => Op::Sub { dst, left, right },
            BinaryOp::Mul => Op::Mul { dst, left, right },
            BinaryOp::Div => Op::Div { dst, left, right },
            BinaryOp::Mod => Op::Mod { dst, left, right },
            BinaryOp::Lt => Op::Lt { dst, left, right },
            BinaryOp::Gt => Op::Gt { dst, left, right },
            BinaryOp::LtEq => Op::LtEq { dst, left, right },
            BinaryOp::GtEq => Op::GtEq { dst, left, right },
            BinaryOp::Eq => Op::Eq { dst, left, right },
            BinaryOp::NotEq => Op::NotEq { dst, left, right },
        };
        self.emit(op, span);
    }

    /// The constant of a number literal, if it is among the first.
    fn number(&mut self, expr: &Expr) -> Option<u8> {
        let value = match &expr.kind {
            ExprKind::Int(value) => Value::Int(*value),
            ExprKind::Float(value) => Value::Float(*value),
            _ => return None,
        };
        u8::try_from(self.constant(value)).ok()
    }

    /// `a..b`
    fn range(&mut self, start: &Expr, end: &Expr, dst: Reg, span: Span) {
        let base = self.push(span);
        self.value(start);
        self.value(end);
        self.call_builtin("range", base, 2, span);
        self.emit(Op::Move { dst, src: base }, span);
    }

    /// Calls a builtin whatever the program calls by its name; its arguments are behind `base`.
    pub(super) fn call_builtin(&mut self, name: &str, base: Reg, count: u8, span: Span) {
        let id = self.registry.any(name).expect("the compiler knows its builtins");
        self.emit_with(Op::CallNative { base, count }, id as u32, span);
    }

    /// Code that jumps away when the truthiness of `expr` is `want`.
    pub(super) fn jump_if(&mut self, expr: &Expr, want: bool) -> Vec<Patch> {
        let mark = self.mark();
        let patches = self.jumps(expr, want);
        self.release(mark);
        patches
    }

    fn jumps(&mut self, expr: &Expr, want: bool) -> Vec<Patch> {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Bool(value) if *value == want => vec![self.jump(span)],
            ExprKind::Bool(_) => Vec::new(),
            ExprKind::Unary { op: UnaryOp::Not, operand } => self.jump_if(operand, !want),
            ExprKind::Binary { op: op @ (ast::BinaryOp::And | ast::BinaryOp::Or), left, right } => {
                let decides = *op == ast::BinaryOp::Or;
                if want == decides {
                    let mut patches = self.jump_if(left, want);
                    patches.extend(self.jump_if(right, want));
                    return patches;
                }
                let skip = self.jump_if(left, !want);
                let patches = self.jump_if(right, want);
                self.land_all(skip);
                patches
            }
            ExprKind::Binary { op, left, right } if comparison(*op) => {
                let op = operator(*op).expect("comparisons are operators");
                let left = self.left_operand(left, right, None);
                vec![self.compare_jump(op, left, right, want, span)]
            }
            _ => {
                let src = self.operand(expr);
                vec![self.emit_test(Op::Test { src, want }, span)]
            }
        }
    }

    fn compare_jump(
        &mut self,
        op: BinaryOp,
        left: Reg,
        right: &Expr,
        want: bool,
        span: Span,
    ) -> Patch {
        let (op, want) = match op {
            BinaryOp::NotEq => (BinaryOp::Eq, !want),
            op => (op, want),
        };
        if let ExprKind::Int(value) = &right.kind
            && let Ok(value) = i8::try_from(*value)
        {
            let test = match op {
                BinaryOp::Lt => Op::TestLtInt { left, value, want },
                BinaryOp::Gt => Op::TestGtInt { left, value, want },
                BinaryOp::LtEq => Op::TestLtEqInt { left, value, want },
                BinaryOp::GtEq => Op::TestGtEqInt { left, value, want },
                _ => Op::TestEqInt { left, value, want },
            };
            return self.emit_test(test, span);
        }
        if let Some(k) = self.number(right) {
            let test = match op {
                BinaryOp::Lt => Op::TestLtConst { left, k, want },
                BinaryOp::Gt => Op::TestGtConst { left, k, want },
                BinaryOp::LtEq => Op::TestLtEqConst { left, k, want },
                BinaryOp::GtEq => Op::TestGtEqConst { left, k, want },
                _ => Op::TestEqConst { left, k, want },
            };
            return self.emit_test(test, span);
        }
        let right = self.operand(right);
        let test = match op {
            BinaryOp::Lt => Op::TestLt { left, right, want },
            BinaryOp::Gt => Op::TestGt { left, right, want },
            BinaryOp::LtEq => Op::TestLtEq { left, right, want },
            BinaryOp::GtEq => Op::TestGtEq { left, right, want },
            _ => Op::TestEq { left, right, want },
        };
        self.emit_test(test, span)
    }
}

/// The operator on values; `None` for `&&` and `||`.
pub(super) fn operator(op: ast::BinaryOp) -> Option<BinaryOp> {
    Some(match op {
        ast::BinaryOp::Add => BinaryOp::Add,
        ast::BinaryOp::Sub => BinaryOp::Sub,
        ast::BinaryOp::Mul => BinaryOp::Mul,
        ast::BinaryOp::Div => BinaryOp::Div,
        ast::BinaryOp::Mod => BinaryOp::Mod,
        ast::BinaryOp::Lt => BinaryOp::Lt,
        ast::BinaryOp::Gt => BinaryOp::Gt,
        ast::BinaryOp::LtEq => BinaryOp::LtEq,
        ast::BinaryOp::GtEq => BinaryOp::GtEq,
        ast::BinaryOp::Eq => BinaryOp::Eq,
        ast::BinaryOp::NotEq => BinaryOp::NotEq,
        ast::BinaryOp::And | ast::BinaryOp::Or => return None,
    })
}

/// The instruction of an operator whose left operand is a constant.
fn number_first(op: BinaryOp) -> Option<fn(Reg, u8, Reg) -> Op> {
    Some(match op {
        BinaryOp::Add => |dst, k, right| Op::ConstAdd { dst, k, right },
        BinaryOp::Sub => |dst, k, right| Op::ConstSub { dst, k, right },
        BinaryOp::Mul => |dst, k, right| Op::ConstMul { dst, k, right },
        BinaryOp::Div => |dst, k, right| Op::ConstDiv { dst, k, right },
        _ => return None,
    })
}

fn comparison(op: ast::BinaryOp) -> bool {
    use ast::BinaryOp::*;
    matches!(op, Lt | Gt | LtEq | GtEq | Eq | NotEq)
}

/// Whether computing `expr` cannot assign a variable of the function: calls cannot, they only reach cells.
pub(super) fn is_steady(expr: &Expr) -> bool {
    let all = |items: &[ast::Item]| items.iter().all(|item| is_steady(&item.value));
    match &expr.kind {
        ExprKind::Null
        | ExprKind::Bool(_)
        | ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Str(_)
        | ExprKind::Name(_)
        | ExprKind::Lambda(_) => true,
        ExprKind::Interpolation(parts) => parts.iter().all(|part| match part {
            ast::Part::Text(_) => true,
            ast::Part::Expr(e) => is_steady(e),
        }),
        ExprKind::Array(items) | ExprKind::Tuple(items) => all(items),
        ExprKind::Unary { operand, .. } => is_steady(operand),
        ExprKind::Binary { left, right, .. } => is_steady(left) && is_steady(right),
        ExprKind::Field { object, .. } => is_steady(object),
        ExprKind::Index { object, index } => is_steady(object) && is_steady(index),
        ExprKind::Call { callee, args } => {
            let changes =
                matches!(&callee.kind, ExprKind::Name(name) if matches!(&**name, "push" | "pop"));
            !changes && is_steady(callee) && all(args)
        }
        ExprKind::Method { receiver, name, args } => {
            !matches!(&*name.name, "push" | "pop" | "add" | "remove")
                && is_steady(receiver)
                && all(args)
        }
        _ => false,
    }
}

/// Whether computing `expr` calls nothing and waits for nothing, so that no variable changes meanwhile, wherever it
/// lives.
pub(super) fn is_quiet(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Null
        | ExprKind::Bool(_)
        | ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Str(_)
        | ExprKind::Name(_)
        | ExprKind::Lambda(_) => true,
        ExprKind::Array(items) | ExprKind::Tuple(items) => {
            items.iter().all(|item| is_quiet(&item.value))
        }
        ExprKind::Unary { op: UnaryOp::Await | UnaryOp::Ask, .. } => false,
        ExprKind::Unary { operand, .. } => is_quiet(operand),
        ExprKind::Binary { left, right, .. } => is_quiet(left) && is_quiet(right),
        ExprKind::Field { object, .. } => is_quiet(object),
        ExprKind::Index { object, index } => is_quiet(object) && is_quiet(index),
        _ => false,
    }
}
