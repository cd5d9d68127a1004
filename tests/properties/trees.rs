//! Random syntax trees, made from choices that shrink: fewer and simpler parts. Only trees that some text means:
//! `(a.b)(c)` calls a method, and an interpolated string holds no two texts side by side.

use forge::diag::SourceId;
use forge::diag::Span;
use forge::syntax::ast::*;
use forge::syntax::token::Class;
use forge::syntax::token::Keyword;

/// How many statements deep a tree is.
const DEPTH: u32 = 5;

/// Plain names. Some begin like signs of the grammar, none is a word with a meaning of its own.
const NAMES: [&str; 8] = ["a", "b", "xs", "_x", "size", "näme", "is", "x9"];
const TYPES: [&str; 10] =
    ["T", "Point", "Ünit", "Int", "Float", "String", "Bool", "Json", "null", "set"];
const TEXTS: [&str; 16] = [
    "", "a", "a b", "\"", "'", "\\", "\n", "\r\t\0", "{", "}", "{a}", "é😀", "// c", "\"\"\"",
    "\\u{41}", "(\"[",
];

/// The program that the choices make; a choice that is missing is 0, the simplest.
pub(crate) fn program(choices: &[u32]) -> Program {
    let mut maker = Maker { choices, is_top: true };
    let count = 1 + maker.below(4);
    Program { statements: (0..count).map(|_| maker.top_statement()).collect() }
}

fn span() -> Span {
    Span::new(SourceId(0), 0, 0)
}

fn ident(name: impl Into<Name>) -> Ident {
    Ident { name: name.into(), span: span() }
}

struct Maker<'c> {
    choices: &'c [u32],
    /// Whether no block is around.
    is_top: bool,
}

impl Maker<'_> {
    fn below(&mut self, count: usize) -> usize {
        let Some((first, rest)) = self.choices.split_first() else { return 0 };
        self.choices = rest;
        *first as usize % count
    }

    fn coin(&mut self) -> bool {
        self.below(2) == 1
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    fn maybe<T>(&mut self, part: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.coin().then(|| part(self))
    }

    /// So many parts, or up to two more.
    fn some<T>(&mut self, least: usize, mut part: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let count = least + self.below(3);
        (0..count).map(|_| part(self)).collect()
    }

    // Words.

    fn keyword(&mut self, admits: fn(Class) -> bool) -> &'static str {
        let words: Vec<&str> = Keyword::ALL
            .iter()
            .filter(|word| admits(word.class()))
            .map(|word| word.text())
            .collect();
        self.pick(&words)
    }

    /// What the grammar calls a name: soft keywords are names too.
    fn name(&mut self) -> Ident {
        match self.below(4) {
            0..=2 => ident(self.pick(&NAMES)),
            _ => ident(self.keyword(|class| class != Class::Hard)),
        }
    }

    fn plain_name(&mut self) -> Ident {
        ident(self.pick(&NAMES))
    }

    /// Behind a dot every word is a name.
    fn word(&mut self) -> Ident {
        match self.below(4) {
            0..=2 => self.name(),
            _ => ident(self.keyword(|_| true)),
        }
    }

    fn key(&mut self) -> Ident {
        match self.below(3) {
            0..=1 => self.word(),
            _ => ident(self.text()),
        }
    }

    fn type_name(&mut self) -> Ident {
        ident(self.pick(&TYPES))
    }

    fn text(&mut self) -> Name {
        self.pick(&TEXTS).into()
    }

    // Statements.

    fn top_statement(&mut self) -> Stmt {
        if self.below(12) == 11 {
            self.is_top = false;
            let lets = self.some(0, |m| if m.coin() { m.unpack(3) } else { m.binding(3) });
            self.is_top = true;
            let statements = lets.into_iter().map(|kind| Stmt { kind, span: span() }).collect();
            let kind = StmtKind::Shared(Block { statements, span: span() });
            return Stmt { kind, span: span() };
        }
        self.statement(DEPTH)
    }

    fn statement(&mut self, depth: u32) -> Stmt {
        Stmt { kind: self.statement_kind(depth), span: span() }
    }

    fn statement_kind(&mut self, depth: u32) -> StmtKind {
        let Some(deep) = depth.checked_sub(1) else { return StmtKind::Expr(self.expr(0)) };
        match self.below(30) {
            0..=4 => StmtKind::Expr(self.expr(deep)),
            5 => self.binding(deep),
            6 => self.unpack(deep),
            7 => StmtKind::Assign {
                target: self.expr(deep),
                op: self.maybe(|m| m.pick(&ARITHMETIC)),
                value: self.expr(deep),
            },
            8 => StmtKind::Function(self.function(deep, true)),
            9 => StmtKind::Return(self.maybe(|m| m.expr(deep))),
            10 => StmtKind::Break,
            11 => StmtKind::Continue,
            12 => StmtKind::While { condition: self.expr(deep), body: self.block(deep) },
            13 => StmtKind::Loop(self.block(deep)),
            14 => StmtKind::For {
                name: self.name(),
                second: self.maybe(Self::name),
                source: self.expr(deep),
                body: self.block(deep),
            },
            15 => StmtKind::Repeat { count: self.expr(deep), body: self.block(deep) },
            16 => StmtKind::Struct(StructDef {
                name: self.name(),
                generics: self.generics(),
                fields: self.some(0, |m| m.struct_field(deep)),
            }),
            17 => StmtKind::Type(TypeDef {
                name: self.name(),
                variants: self.some(1, |m| Variant {
                    name: m.type_name(),
                    fields: m.maybe(|m| m.some(0, |m| m.type_of(2))),
                }),
            }),
            18 => StmtKind::Interface(InterfaceDef {
                name: self.name(),
                methods: self.some(0, |m| Signature {
                    name: m.name(),
                    params: m.params(deep),
                    returns: m.maybe(|m| m.type_of(2)),
                }),
            }),
            19 => StmtKind::Impl(ImplDef {
                target: self.type_name(),
                power: self.maybe(Self::type_name),
                methods: self.some(0, |m| m.function(deep, false)),
            }),
            20 => StmtKind::Import(match self.below(3) {
                0 => Import::All(self.text()),
                1 => Import::Module(self.plain_name()),
                _ => Import::Names(self.some(0, Self::name), self.text()),
            }),
            21 => StmtKind::Decorator(self.decorator(deep, true)),
            22 => self.check(deep),
            23 => StmtKind::Retry { count: self.expr(deep), body: self.block(deep) },
            24 => self.timed(deep),
            25 => StmtKind::Watch { path: self.expr(deep), body: self.block(deep) },
            26 => StmtKind::Yield(self.expr(deep)),
            27 => StmtKind::Grab {
                name: self.name(),
                url: self.expr(deep),
                options: self.maybe(|m| m.expr(deep)),
            },
            28 => StmtKind::Prompt(PromptDef {
                name: self.name(),
                params: self.params(deep),
                entries: self.some(0, |m| (m.key(), m.text())),
            }),
            _ => StmtKind::Agent(AgentDef {
                name: self.name(),
                params: self.params(deep),
                tools: self.some(0, Self::text),
                goal: self.maybe(Self::text),
                max_steps: self.maybe(|m| m.below(100) as i64),
            }),
        }
    }

    fn binding(&mut self, depth: u32) -> StmtKind {
        StmtKind::Let {
            name: self.name(),
            mutable: self.coin(),
            ty: self.maybe(|m| m.type_of(3)),
            value: self.expr(depth),
        }
    }

    fn unpack(&mut self, depth: u32) -> StmtKind {
        let target = match self.below(3) {
            0 => Destructure::Object(self.some(0, Self::name)),
            1 => Destructure::Array(self.some(0, Self::name), self.maybe(Self::name)),
            _ => Destructure::Tuple(self.some(0, Self::name)),
        };
        StmtKind::Unpack { target, value: self.expr(depth) }
    }

    fn check(&mut self, depth: u32) -> StmtKind {
        let value = self.expr(depth);
        let test = match self.below(7) {
            0 => CheckTest::Truthy,
            1 => CheckTest::Empty,
            2 => CheckTest::True,
            3 => CheckTest::False,
            4 => CheckTest::Null,
            5 => CheckTest::Between(self.expr(depth), self.expr(depth)),
            _ => CheckTest::Contains(self.expr(depth)),
        };
        let negated = !matches!(test, CheckTest::Truthy | CheckTest::Contains(_)) && self.coin();
        StmtKind::Check { value, test, negated }
    }

    fn timed(&mut self, depth: u32) -> StmtKind {
        let (amount, unit) = (self.expr(depth), self.unit());
        let body = self.block(depth);
        match self.coin() {
            false => StmtKind::Timeout { amount, unit, body },
            true => StmtKind::Schedule { amount, unit, body },
        }
    }

    fn unit(&mut self) -> Unit {
        self.pick(&[Unit::Seconds, Unit::Milliseconds, Unit::Minutes, Unit::Hours])
    }

    fn block(&mut self, depth: u32) -> Block {
        let is_top = std::mem::replace(&mut self.is_top, false);
        let statements = self.some(0, |m| m.statement(depth));
        self.is_top = is_top;
        Block { statements, span: span() }
    }

    fn function(&mut self, depth: u32, is_decorated: bool) -> FunctionDef {
        FunctionDef {
            name: self.name(),
            generics: self.generics(),
            lambda: self.lambda(depth),
            decorators: match is_decorated && self.coin() {
                true => self.some(0, |m| m.decorator(depth, false)),
                false => Vec::new(),
            },
        }
    }

    fn lambda(&mut self, depth: u32) -> Lambda {
        Lambda {
            params: self.params(depth),
            returns: self.maybe(|m| m.type_of(2)),
            body: self.block(depth),
        }
    }

    fn params(&mut self, depth: u32) -> Vec<Param> {
        self.some(0, |m| Param {
            name: m.name(),
            ty: m.maybe(|m| m.type_of(2)),
            default: m.maybe(|m| m.expr(depth.min(1))),
        })
    }

    fn generics(&mut self) -> Vec<Ident> {
        match self.coin() {
            true => self.some(0, Self::name),
            false => Vec::new(),
        }
    }

    /// `@server` decorates nothing; others may stand alone too.
    fn decorator(&mut self, depth: u32, is_alone: bool) -> Decorator {
        let name = if is_alone && self.coin() { ident("server") } else { self.name() };
        let args = self.some(0, |m| (m.maybe(Self::key), m.expr(depth)));
        Decorator { name, args, span: span() }
    }

    fn struct_field(&mut self, depth: u32) -> StructField {
        StructField {
            name: self.name(),
            ty: self.maybe(|m| m.type_of(2)),
            default: self.maybe(|m| m.expr(depth.min(2))),
            embeds: self.below(4) == 3,
        }
    }

    // Expressions.

    fn expr(&mut self, depth: u32) -> Expr {
        Expr { kind: self.expr_kind(depth), span: span() }
    }

    fn boxed(&mut self, depth: u32) -> Box<Expr> {
        Box::new(self.expr(depth))
    }

    fn expr_kind(&mut self, depth: u32) -> ExprKind {
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

    fn leaf(&mut self) -> ExprKind {
        match self.below(6) {
            0 => ExprKind::Name(self.name().name),
            1 => ExprKind::Null,
            2 => ExprKind::Bool(self.coin()),
            3 => ExprKind::Int(self.pick(&INTS)),
            4 => ExprKind::Float(self.pick(&FLOATS)),
            _ => ExprKind::Str(self.text()),
        }
    }

    fn interpolation(&mut self, depth: u32) -> ExprKind {
        let mut parts = Vec::new();
        for _ in 0..1 + self.below(2) {
            parts.extend(self.part_text());
            parts.push(Part::Expr(self.expr(depth)));
        }
        parts.extend(self.part_text());
        ExprKind::Interpolation(parts)
    }

    fn part_text(&mut self) -> Option<Part> {
        let text = self.text();
        (!text.is_empty()).then_some(Part::Text(text))
    }

    fn item(&mut self, depth: u32) -> Item {
        Item { value: self.expr(depth), spread: self.below(4) == 3 }
    }

    fn entry(&mut self, depth: u32) -> Entry {
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

    fn branch(&mut self, depth: u32) -> If {
        If {
            condition: self.expr(depth),
            then: self.block(depth),
            otherwise: self.maybe(|m| m.block(depth)),
        }
    }

    fn when_arm(&mut self, depth: u32) -> WhenArm {
        let test = self.maybe(|m| (m.pick(&COMPARISONS), m.expr(depth)));
        let is_top = std::mem::replace(&mut self.is_top, false);
        let body = self.statement(depth);
        self.is_top = is_top;
        WhenArm { test, body }
    }

    fn call(&mut self, depth: u32) -> ExprKind {
        let (callee, args) = (self.boxed(depth), self.some(0, |m| m.item(depth)));
        match callee.kind {
            ExprKind::Field { object, name } => ExprKind::Method { receiver: object, name, args },
            _ => ExprKind::Call { callee, args },
        }
    }

    fn step(&mut self, depth: u32) -> QueryStep {
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

    fn pattern(&mut self, depth: u32) -> Pattern {
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

    fn type_of(&mut self, depth: u32) -> Type {
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
const ARITHMETIC: [BinaryOp; 5] =
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
