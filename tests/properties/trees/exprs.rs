//! Random expressions, patterns and types.

use super::*;

impl Maker<'_> {
    pub(super) fn expr(&mut self, depth: u32) -> Expr {
        Expr { kind: self.expr_kind(depth), span: span() }
    }

    pub(super) fn boxed(&mut self, depth: u32) -> Box<Expr> {
        Box::new(self.expr(depth))
    }

    pub(super) fn expr_kind(&mut self, depth: u32) -> ExprKind {
        let Some(deep) = depth.checked_sub(1) else { return self.leaf() };
        match self.below(40) {
            0..=5 => self.leaf(),
            6 => self.interpolation(deep),
            7 => ExprKind::Array(self.some(0, |m| m.item(deep))),
            8 => ExprKind::Tuple(self.some(1, |m| m.item(deep))),
            9..=10 => ExprKind::Object(self.some(0, |m| m.entry(deep))),
            11 => ExprKind::Struct {
                name: if self.coin() { self.name() } else { ident("Point") },
                fields: self.some(0, |m| (m.key(), m.expr(deep))),
            },
            12 => ExprKind::Block(self.block(deep)),
            13 => ExprKind::If(Box::new(self.branch(deep))),
            14 => ExprKind::When(Box::new(When {
                subject: self.expr(deep),
                arms: self.some(0, |m| m.when_arm(deep)),
            })),
            15 => ExprKind::Match(Box::new(Match {
                subject: self.expr(deep),
                arms: self.some(0, |m| MatchArm {
                    pattern: m.pattern(3),
                    guard: m.maybe(|m| m.expr(deep)),
                    body: m.block(deep),
                }),
            })),
            16 => ExprKind::Try(Box::new(Try {
                body: self.block(deep),
                name: self.maybe(Self::name),
                handler: self.block(deep),
                cleanup: self.maybe(|m| m.block(deep)),
            })),
            17 => ExprKind::Safe(self.block(deep)),
            18 => ExprKind::Spawn(self.block(deep)),
            19 => ExprKind::Squad(self.block(deep)),
            20 => ExprKind::Atomic(self.block(deep)),
            21 => ExprKind::Lambda(Box::new(self.lambda(deep))),
            22 => ExprKind::Unary { op: self.pick(&PREFIXES), operand: self.boxed(deep) },
            23..=25 => ExprKind::Binary {
                op: self.pick(&OPERATORS),
                left: self.boxed(deep),
                right: self.boxed(deep),
            },
            26 => ExprKind::Range { start: self.boxed(deep), end: self.boxed(deep) },
            27 => self.call(deep),
            28 => ExprKind::Method {
                receiver: self.boxed(deep),
                name: self.word(),
                args: self.some(0, |m| m.item(deep)),
            },
            29 => ExprKind::Field { object: self.boxed(deep), name: self.word() },
            30 => ExprKind::Index { object: self.boxed(deep), index: self.boxed(deep) },
            31 => ExprKind::Propagate(self.boxed(deep)),
            32 => ExprKind::Pipe { value: self.boxed(deep), step: self.boxed(deep) },
            33 => ExprKind::Where {
                source: self.boxed(deep),
                field: self.name(),
                op: self.pick(&COMPARISONS),
                value: self.boxed(deep),
            },
            34 => ExprKind::Query { source: self.boxed(deep), step: Box::new(self.step(deep)) },
            35 => ExprKind::Output {
                kind: self.pick(&[OutputKind::Say, OutputKind::Yell, OutputKind::Whisper]),
                value: self.boxed(deep),
            },
            36 => ExprKind::Wait(Box::new(Wait { amount: self.expr(deep), unit: self.unit() })),
            37 => ExprKind::Download { url: self.boxed(deep), path: self.maybe(|m| m.boxed(deep)) },
            38 => ExprKind::Crawl(self.boxed(deep)),
            _ => self.leaf(),
        }
    }

    pub(super) fn leaf(&mut self) -> ExprKind {
        match self.below(6) {
            0 => ExprKind::Name(self.name().name),
            1 => ExprKind::Null,
            2 => ExprKind::Bool(self.coin()),
            3 => ExprKind::Int(self.pick(&INTS)),
            4 => ExprKind::Float(self.pick(&FLOATS)),
            _ => ExprKind::Str(self.text()),
        }
    }

    pub(super) fn interpolation(&mut self, depth: u32) -> ExprKind {
        let mut parts = Vec::new();
        for _ in 0..1 + self.below(2) {
            parts.extend(self.part_text());
            parts.push(Part::Expr(self.expr(depth)));
        }
        parts.extend(self.part_text());
        ExprKind::Interpolation(parts)
    }

    pub(super) fn part_text(&mut self) -> Option<Part> {
        let text = self.text();
        (!text.is_empty()).then_some(Part::Text(text))
    }

    pub(super) fn item(&mut self, depth: u32) -> Item {
        Item { value: self.expr(depth), spread: self.below(4) == 3 }
    }

    pub(super) fn entry(&mut self, depth: u32) -> Entry {
        match self.below(5) {
            0..=1 => Entry::Field(self.key(), self.expr(depth)),
            2 => {
                let name = self.name();
                let kind = ExprKind::Name(name.name.clone());
                Entry::Field(name, Expr { kind, span: span() })
            }
            3 => Entry::Computed(self.expr(depth), self.expr(depth)),
            _ => Entry::Spread(self.expr(depth)),
        }
    }

    pub(super) fn branch(&mut self, depth: u32) -> If {
        If {
            condition: self.expr(depth),
            then: self.block(depth),
            otherwise: self.maybe(|m| m.block(depth)),
        }
    }

    pub(super) fn when_arm(&mut self, depth: u32) -> WhenArm {
        let test = self.maybe(|m| (m.pick(&COMPARISONS), m.expr(depth)));
        let is_top = std::mem::replace(&mut self.is_top, false);
        let body = self.statement(depth);
        self.is_top = is_top;
        WhenArm { test, body }
    }

    pub(super) fn call(&mut self, depth: u32) -> ExprKind {
        let (callee, args) = (self.boxed(depth), self.some(0, |m| m.item(depth)));
        match callee.kind {
            ExprKind::Field { object, name } => ExprKind::Method { receiver: object, name, args },
            _ => ExprKind::Call { callee, args },
        }
    }

    pub(super) fn step(&mut self, depth: u32) -> QueryStep {
        match self.below(4) {
            0 => QueryStep::Call(self.expr(depth)),
            1 => QueryStep::Keep {
                field: self.word(),
                test: self.maybe(|m| (m.pick(&COMPARISONS), m.expr(depth))),
            },
            2 => QueryStep::Sort(self.maybe(Self::word)),
            _ => QueryStep::Take(self.expr(depth)),
        }
    }

    // Patterns and types.

    pub(super) fn pattern(&mut self, depth: u32) -> Pattern {
        let deep = depth.saturating_sub(1);
        let kind = match self.below(if depth == 0 { 7 } else { 10 }) {
            0 => PatternKind::Wildcard,
            1 => PatternKind::Name(self.name().name),
            2 => PatternKind::Null,
            3 => PatternKind::Bool(self.coin()),
            4 => PatternKind::Int(if self.coin() { -self.pick(&INTS) } else { self.pick(&INTS) }),
            5 => PatternKind::Float(self.pick(&[0.5, -1.5, -1e300])),
            6 => PatternKind::Str(self.text()),
            7 => PatternKind::Constructor {
                name: if self.coin() { ident("Point") } else { self.name() },
                args: self.some(0, |m| m.pattern(deep)),
            },
            8 => PatternKind::Tuple(self.some(0, |m| m.pattern(deep))),
            _ => PatternKind::Or(self.some(2, |m| m.pattern(deep))),
        };
        Pattern { kind, span: span() }
    }

    pub(super) fn type_of(&mut self, depth: u32) -> Type {
        let deep = depth.saturating_sub(1);
        let boxed = |m: &mut Self| Box::new(m.type_of(deep));
        let kind = match self.below(if depth == 0 { 1 } else { 7 }) {
            0 => TypeKind::Named(self.type_name().name, Vec::new()),
            1 => TypeKind::Named(self.type_name().name, self.some(0, |m| m.type_of(deep))),
            2 => TypeKind::Array(boxed(self)),
            3 => TypeKind::Optional(boxed(self)),
            4 => TypeKind::Tuple(self.some(0, |m| m.type_of(deep))),
            5 => TypeKind::Function(self.some(0, |m| m.type_of(deep)), boxed(self)),
            _ => TypeKind::Union(self.some(2, |m| m.type_of(deep))),
        };
        Type { kind, span: span() }
    }
}

const INTS: [i64; 4] = [1, 0, 42, i64::MAX];
const FLOATS: [f64; 4] = [1.5, 0.0, 1e300, 1e-7];
const PREFIXES: [UnaryOp; 6] =
    [UnaryOp::Neg, UnaryOp::Not, UnaryOp::Await, UnaryOp::Must, UnaryOp::Freeze, UnaryOp::Ask];
pub(super) const ARITHMETIC: [BinaryOp; 5] =
    [BinaryOp::Add, BinaryOp::Sub, BinaryOp::Mul, BinaryOp::Div, BinaryOp::Mod];
const COMPARISONS: [BinaryOp; 6] =
    [BinaryOp::Eq, BinaryOp::NotEq, BinaryOp::Lt, BinaryOp::Gt, BinaryOp::LtEq, BinaryOp::GtEq];
const OPERATORS: [BinaryOp; 13] = [
    BinaryOp::Add,
    BinaryOp::Sub,
    BinaryOp::Mul,
    BinaryOp::Div,
    BinaryOp::Mod,
    BinaryOp::Lt,
    BinaryOp::Gt,
    BinaryOp::LtEq,
    BinaryOp::GtEq,
    BinaryOp::Eq,
    BinaryOp::NotEq,
    BinaryOp::And,
    BinaryOp::Or,
];
