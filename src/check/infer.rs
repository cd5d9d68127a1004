//! The type of an expression.

use super::Checker;
use super::scopes::Boundary;
use super::scopes::Found;
use super::scopes::Meaning;
use super::types::Type;
use crate::diag::Member;
use crate::native::Case;
use crate::syntax::ast::*;

/// The case that a constructor of a Result or an Option makes and takes apart.
pub(super) fn case_of(name: &str) -> Option<Case> {
    Some(match name {
        "Ok" => Case::Ok,
        "Err" => Case::Err,
        "Some" => Case::Some,
        _ => return None,
    })
}

/// Whether an expression is the Option without content.
pub(super) fn is_none(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Name(name) if &**name == "None")
}

impl Checker<'_> {
    /// Checks an expression; its type as far as it is certain.
    pub(super) fn expr(&mut self, expr: &Expr) -> Type {
        match &expr.kind {
            ExprKind::Null => Type::Null,
            ExprKind::Bool(_) => Type::Bool,
            ExprKind::Int(_) => Type::Int,
            ExprKind::Float(_) => Type::Float,
            ExprKind::Str(_) => Type::String,
            ExprKind::Interpolation(parts) => self.interpolation(parts),
            ExprKind::Name(name) => self.name(name, expr.span),
            ExprKind::Array(items) => self.array(items),
            ExprKind::Tuple(items) => self.unknown(items.iter().map(|item| &item.value)),
            ExprKind::Object(entries) => self.object(entries),
            ExprKind::Struct { name, fields } => {
                self.unknown(fields.iter().map(|(_, value)| value));
                self.check_fields(&name.name, fields);
                self.struct_type(&name.name)
            }
            // Branches of other types than the first are no mistake where a value is wanted.
            ExprKind::If(_)
            | ExprKind::When(_)
            | ExprKind::Match(_)
            | ExprKind::Try(_)
            | ExprKind::Safe(_)
            | ExprKind::Block(_)
            | ExprKind::Atomic(_)
            | ExprKind::Spawn(_) => {
                self.tail(expr);
                Type::Unknown
            }
            ExprKind::Squad(_) => {
                self.tail(expr);
                Type::array(Type::Unknown)
            }
            ExprKind::Lambda(lambda) => {
                self.lambda(lambda, Boundary::Closure);
                Type::function()
            }
            ExprKind::Unary { op, operand } => self.unary(*op, operand),
            ExprKind::Binary { op, left, right } => self.binary(*op, left, right),
            ExprKind::Range { start, end } => self.unknown([&**start, &**end]),
            ExprKind::Call { callee, args } => self.call(expr, callee, args),
            ExprKind::Method { receiver, name, args } => self.method_call(receiver, name, args),
            ExprKind::Field { object, name } => {
                let ty = self.expr(object);
                self.check_member(object, &ty, name, Member::Field);
                Type::Unknown
            }
            ExprKind::Index { object, index } => self.index(object, index),
            ExprKind::Propagate(value) | ExprKind::Crawl(value) => self.unknown([&**value]),
            ExprKind::Pipe { value, step } => self.unknown([&**value, &**step]),
            ExprKind::Where { source, value, .. } => {
                self.unknown([&**source, &**value]);
                Type::array(Type::Unknown)
            }
            ExprKind::Query { source, step } => {
                self.expr(source);
                self.query_step(step)
            }
            ExprKind::Output { value, .. } => {
                self.expr(value);
                Type::Null
            }
            ExprKind::Wait(wait) => self.unknown([&wait.amount]),
            ExprKind::Download { url, path } => {
                self.unknown([&**url].into_iter().chain(path.as_deref()))
            }
        }
    }

    /// Checks the parts of something whose type is not known.
    fn unknown<'e>(&mut self, parts: impl IntoIterator<Item = &'e Expr>) -> Type {
        parts.into_iter().for_each(|part| self.drop_value(part));
        Type::Unknown
    }

    /// What a variable is where it is read.
    pub(super) fn type_now(&self, scope: usize, name: &str, is_late: bool) -> Type {
        let var = &self.scopes[scope].vars[name];
        let is_assigned = self.facts.is_assigned(var.key);
        match var.meaning {
            Meaning::Function(_) if !is_assigned && var.declarations == 1 => Type::function(),
            Meaning::Function(_) | Meaning::Variant => Type::Unknown,
            // Code that runs later does not know what was assigned in between.
            Meaning::Value if is_late && var.declarations > 1 => Type::Unknown,
            Meaning::Value if !var.is_annotated && self.facts.is_blurred(var.key) => Type::Unknown,
            Meaning::Value if !var.is_declared => self.facts.ty(var.key),
            Meaning::Value => match (self.narrowed(var, is_late), &var.ty) {
                (Some(narrowed), _) => narrowed,
                // Elements can be added and replaced without an assignment of the whole.
                (None, Type::Array(_)) if var.is_mutable && !var.is_annotated => {
                    Type::array(Type::Unknown)
                }
                (None, ty) => ty.clone(),
            },
        }
    }

    /// Whether an expression of type `actual` fits; a variable that is narrowed is still what it was.
    pub(super) fn fits(&self, expected: &Type, value: &Expr, actual: &Type) -> bool {
        if self.tables.fits(expected, actual) {
            return true;
        }
        let ExprKind::Name(name) = &value.kind else { return false };
        match self.find(name) {
            Found::Variable { scope, .. } => {
                let var = &self.scopes[scope].vars[name];
                var.narrowed.is_some() && self.tables.fits(expected, &var.ty)
            }
            _ => false,
        }
    }

    fn interpolation(&mut self, parts: &[Part]) -> Type {
        for part in parts {
            if let Part::Expr(value) = part {
                self.expr(value);
            }
        }
        Type::String
    }

    fn array(&mut self, items: &[Item]) -> Type {
        let mut element: Option<Type> = None;
        for item in items {
            let own = self.expr(&item.value);
            let own = match own {
                Type::Array(inner) if item.spread => *inner,
                _ if item.spread => Type::Unknown,
                own => own,
            };
            element = Some(match element {
                None => own,
                Some(element) => element.join(own),
            });
        }
        Type::array(element.unwrap_or(Type::Unknown))
    }

    fn object(&mut self, entries: &[Entry]) -> Type {
        for entry in entries {
            match entry {
                Entry::Field(_, value) | Entry::Spread(value) => self.drop_value(value),
                Entry::Computed(key, value) => drop(self.unknown([key, value])),
            }
        }
        // `{ ...e }` alone is `e`.
        if matches!(entries, [Entry::Spread(_)]) { Type::Unknown } else { Type::Object }
    }

    fn struct_type(&self, name: &Name) -> Type {
        match self.tables.structs.contains_key(name) && !self.tables.is_open {
            true => Type::Named(name.clone()),
            false => Type::Unknown,
        }
    }

    fn unary(&mut self, op: UnaryOp, operand: &Expr) -> Type {
        let ty = self.expr(operand);
        match (op, ty) {
            (UnaryOp::Not, _) => Type::Bool,
            (UnaryOp::Must, Type::Result(ok, _)) => *ok,
            // `must` passes an Option through, and readers take it for its content.
            (UnaryOp::Must, Type::Option(_) | Type::Null) => Type::Unknown,
            (UnaryOp::Ask, _) => Type::String,
            (UnaryOp::Neg | UnaryOp::Await | UnaryOp::Must | UnaryOp::Freeze, ty) => ty,
        }
    }

    /// The right side of `&&` and `||` knows what the left one found.
    fn binary(&mut self, op: BinaryOp, left: &Expr, right: &Expr) -> Type {
        if matches!(op, BinaryOp::Eq | BinaryOp::NotEq) {
            self.check_type_name(left, right);
        }
        let left_type = self.expr(left);
        let facts = match op {
            BinaryOp::And => self.facts_of(left, true),
            BinaryOp::Or => self.facts_of(left, false),
            _ => Vec::new(),
        };
        let right_type = self.under(&facts, |c| c.expr(right));
        self.operator(op, (left, &left_type), (right, &right_type))
    }

    /// The type of an operation on these operands.
    pub(super) fn operator(
        &mut self,
        op: BinaryOp,
        (left, left_type): (&Expr, &Type),
        (right, right_type): (&Expr, &Type),
    ) -> Type {
        use BinaryOp::*;
        use Type::*;
        let is_text = op == Add && (*left_type == String || *right_type == String);
        if !is_text && !matches!(op, Eq | NotEq | And | Or) {
            let mut operands = [(left, left_type), (right, right_type)].into_iter();
            if let Some((operand, _)) = operands.find(|(_, ty)| matches!(ty, Option(_))) {
                let text = "Option type used in operation; check with is_some() first";
                self.report(self.warning("W0406", text).at(operand.span));
            }
        }
        match op {
            Eq | NotEq | Lt | Gt | LtEq | GtEq | And | Or => Bool,
            _ if is_text => String,
            Add | Sub | Mul | Div | Mod => match (left_type, right_type) {
                (Int, Int) => Int,
                (Int | Float, Int | Float) => Float,
                _ => Unknown,
            },
        }
    }

    fn index(&mut self, object: &Expr, index: &Expr) -> Type {
        self.check_index(object, index);
        let (object, index) = (self.expr(object), self.expr(index));
        match (object, index) {
            (Type::Array(element), Type::Int) => *element,
            _ => Type::Unknown,
        }
    }

    fn query_step(&mut self, step: &QueryStep) -> Type {
        match step {
            QueryStep::Keep { test: Some((_, value)), .. }
            | QueryStep::Take(value)
            | QueryStep::Call(value) => self.unknown([value]),
            QueryStep::Keep { test: None, .. } | QueryStep::Sort(_) => Type::Unknown,
        }
    }
}
