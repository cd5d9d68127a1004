//! Random statements.

use super::exprs::ARITHMETIC;
use super::*;

impl Maker<'_> {
    pub(super) fn top_statement(&mut self) -> Stmt {
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

    pub(super) fn statement(&mut self, depth: u32) -> Stmt {
        Stmt { kind: self.statement_kind(depth), span: span() }
    }

    pub(super) fn statement_kind(&mut self, depth: u32) -> StmtKind {
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

    pub(super) fn binding(&mut self, depth: u32) -> StmtKind {
        StmtKind::Let {
            name: self.name(),
            mutable: self.coin(),
            ty: self.maybe(|m| m.type_of(3)),
            value: self.expr(depth),
        }
    }

    pub(super) fn unpack(&mut self, depth: u32) -> StmtKind {
        let target = match self.below(3) {
            0 => Destructure::Object(self.some(0, Self::name)),
            1 => Destructure::Array(self.some(0, Self::name), self.maybe(Self::name)),
            _ => Destructure::Tuple(self.some(0, Self::name)),
        };
        StmtKind::Unpack { target, value: self.expr(depth) }
    }

    pub(super) fn check(&mut self, depth: u32) -> StmtKind {
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

    pub(super) fn timed(&mut self, depth: u32) -> StmtKind {
        let (amount, unit) = (self.expr(depth), self.unit());
        let body = self.block(depth);
        match self.coin() {
            false => StmtKind::Timeout { amount, unit, body },
            true => StmtKind::Schedule { amount, unit, body },
        }
    }

    pub(super) fn unit(&mut self) -> Unit {
        self.pick(&[Unit::Seconds, Unit::Milliseconds, Unit::Minutes, Unit::Hours])
    }

    pub(super) fn block(&mut self, depth: u32) -> Block {
        let is_top = std::mem::replace(&mut self.is_top, false);
        let statements = self.some(0, |m| m.statement(depth));
        self.is_top = is_top;
        Block { statements, span: span() }
    }

    pub(super) fn function(&mut self, depth: u32, is_decorated: bool) -> FunctionDef {
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

    pub(super) fn lambda(&mut self, depth: u32) -> Lambda {
        Lambda {
            params: self.params(depth),
            returns: self.maybe(|m| m.type_of(2)),
            body: self.block(depth),
        }
    }

    pub(super) fn params(&mut self, depth: u32) -> Vec<Param> {
        self.some(0, |m| Param {
            name: m.name(),
            ty: m.maybe(|m| m.type_of(2)),
            default: m.maybe(|m| m.expr(depth.min(1))),
        })
    }

    pub(super) fn generics(&mut self) -> Vec<Ident> {
        match self.coin() {
            true => self.some(0, Self::name),
            false => Vec::new(),
        }
    }

    /// `@server` decorates nothing; others may stand alone too.
    pub(super) fn decorator(&mut self, depth: u32, is_alone: bool) -> Decorator {
        let name = if is_alone && self.coin() { ident("server") } else { self.name() };
        let args = self.some(0, |m| (m.maybe(Self::key), m.expr(depth)));
        Decorator { name, args, span: span() }
    }

    pub(super) fn struct_field(&mut self, depth: u32) -> StructField {
        StructField {
            name: self.name(),
            ty: self.maybe(|m| m.type_of(2)),
            default: self.maybe(|m| m.expr(depth.min(2))),
            embeds: self.below(4) == 3,
        }
    }

    // Expressions.
}
