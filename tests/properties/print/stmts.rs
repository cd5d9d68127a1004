//! Statements and what has a body.

use super::Printer;
use super::exprs::Level;
use super::exprs::sign;
use forge::syntax::ast::*;

impl Printer {
    pub(super) fn statements(&mut self, statements: &[Stmt]) {
        for statement in statements {
            self.statement(statement);
            self.separator();
        }
    }

    pub(super) fn block(&mut self, block: &Block) {
        let is_head = std::mem::replace(&mut self.is_head, false);
        self.put("{ ");
        self.statements(&block.statements);
        self.put("}");
        self.is_head = is_head;
    }

    /// A block where `{}` would be the empty object.
    pub(super) fn loose_block(&mut self, block: &Block) {
        match block.statements.is_empty() {
            true => self.put("{;}"),
            false => self.block(block),
        }
    }

    pub(super) fn worded(&mut self, words: &str, block: &Block) {
        self.put(words);
        self.block(block);
    }

    fn statement(&mut self, statement: &Stmt) {
        match &statement.kind {
            StmtKind::Expr(value) => self.expr(value),
            StmtKind::Let { name, mutable, ty, value } => self.binding(name, *mutable, ty, value),
            StmtKind::Unpack { target, value } => self.unpack(target, value),
            StmtKind::Assign { target, op, value } => self.assign(target, *op, value),
            StmtKind::Function(function) => {
                for decorator in &function.decorators {
                    self.decorator(decorator);
                    self.gap();
                }
                self.function(function);
            }
            StmtKind::Return(None) => self.put("return"),
            StmtKind::Return(Some(value)) => {
                self.put("return ");
                self.expr(value);
            }
            StmtKind::Break => self.put("break"),
            StmtKind::Continue => self.put("continue"),
            StmtKind::While { condition, body } => {
                self.put("while ");
                self.head(condition);
                self.worded(" ", body);
            }
            StmtKind::Loop(body) => self.worded("loop ", body),
            StmtKind::For { name, second, source, body } => {
                self.either("for ", "for each ");
                self.put(&name.name);
                if let Some(second) = second {
                    self.put(format_args!(", {}", second.name));
                }
                self.put(" in ");
                self.head(source);
                self.worded(" ", body);
            }
            StmtKind::Repeat { count, body } => self.counted("repeat ", count, body),
            StmtKind::Retry { count, body } => self.counted("retry ", count, body),
            StmtKind::Timeout { amount, unit, body } => {
                self.put("timeout ");
                self.timed(amount, *unit, body);
            }
            StmtKind::Schedule { amount, unit, body } => {
                self.either("schedule ", "schedule every ");
                self.timed(amount, *unit, body);
            }
            StmtKind::Watch { path, body } => {
                self.put("watch ");
                self.head(path);
                self.worded(" ", body);
            }
            StmtKind::Struct(def) => self.record(def),
            StmtKind::Type(def) => self.variants(def),
            StmtKind::Interface(def) => {
                self.either("interface ", "power ");
                self.put(&def.name.name);
                self.list(" {", &def.methods, "}", |p, method| {
                    p.either("fn ", "");
                    p.params(&method.name.name, &method.params);
                    p.returns(&method.returns);
                });
            }
            StmtKind::Impl(def) => self.methods(def),
            StmtKind::Import(import) => self.import(import),
            // Before a function it would decorate it.
            StmtKind::Decorator(decorator) => {
                self.decorator(decorator);
                self.put(";");
            }
            StmtKind::Check { value, test, negated } => self.check(value, test, *negated),
            StmtKind::Shared(body) => self.worded("shared ", body),
            StmtKind::Yield(value) => {
                self.either("yield ", "emit ");
                self.expr(value);
            }
            StmtKind::Grab { name, url, options } => {
                self.put(format_args!("grab {} from ", name.name));
                self.at_least(Level::Query, url);
                if let Some(options) = options {
                    self.put(" with ");
                    self.expr(options);
                }
            }
            StmtKind::Prompt(def) => {
                self.params(&format!("prompt {}", def.name.name), &def.params);
                self.list(" {", &def.entries, "}", |p, (key, text)| {
                    p.key(&key.name);
                    p.string(text);
                });
            }
            StmtKind::Agent(def) => self.agent(def),
        }
    }

    fn binding(&mut self, name: &Ident, is_mutable: bool, ty: &Option<Type>, value: &Expr) {
        let (word, to) = if self.coin() { ("let ", " = ") } else { ("set ", " to ") };
        self.put(word);
        self.put(if is_mutable { "mut " } else { "" });
        self.put(&name.name);
        self.annotation(ty);
        self.put(to);
        self.expr(value);
    }

    fn unpack(&mut self, target: &Destructure, value: &Expr) {
        let (word, to) = if self.coin() { ("let ", " = ") } else { ("unpack ", " from ") };
        self.put(word);
        match target {
            Destructure::Object(names) => self.names("{", names, "}"),
            Destructure::Tuple(names) => self.names("(", names, ")"),
            Destructure::Array(names, None) => self.names("[", names, "]"),
            Destructure::Array(names, Some(rest)) => {
                let comma = if names.is_empty() { "" } else { ", " };
                self.names("[", names, comma);
                self.put(format_args!("...{}]", rest.name));
            }
        }
        self.put(to);
        self.expr(value);
    }

    fn assign(&mut self, target: &Expr, op: Option<BinaryOp>, value: &Expr) {
        if op.is_none() && self.coin() {
            self.put("change ");
            self.at_least(Level::Query, target);
            self.put(" to ");
        } else {
            self.at_least(Level::Query, target);
            self.put(format_args!(" {}= ", op.map_or("", sign)));
        }
        self.expr(value);
    }

    fn function(&mut self, function: &FunctionDef) {
        self.either("fn ", "define ");
        self.put(&function.name.name);
        if !function.generics.is_empty() {
            self.names("<", &function.generics, ">");
        }
        self.params("", &function.lambda.params);
        self.returns(&function.lambda.returns);
        self.worded(" ", &function.lambda.body);
    }

    pub(super) fn params(&mut self, word: &str, params: &[Param]) {
        self.put(word);
        self.list("(", params, ")", |p, param| {
            p.put(&param.name.name);
            p.annotation(&param.ty);
            p.default(&param.default);
        });
    }

    pub(super) fn default(&mut self, default: &Option<Expr>) {
        if let Some(value) = default {
            self.put(" = ");
            self.at_least(Level::Query, value);
        }
    }

    fn decorator(&mut self, decorator: &Decorator) {
        self.put(format_args!("@{}", decorator.name.name));
        if !decorator.args.is_empty() || self.coin() {
            self.list("(", &decorator.args, ")", |p, (key, value)| {
                if let Some(key) = key {
                    p.key(&key.name);
                }
                p.expr(value);
            });
        }
    }

    fn counted(&mut self, word: &str, count: &Expr, body: &Block) {
        self.put(word);
        self.head(count);
        self.either(" ", " times ");
        self.block(body);
    }

    fn timed(&mut self, amount: &Expr, unit: Unit, body: &Block) {
        self.head(amount);
        self.unit(unit);
        self.worded(" ", body);
    }

    pub(super) fn unit(&mut self, unit: Unit) {
        match unit {
            Unit::Seconds => self.either(" seconds", ""),
            Unit::Milliseconds => self.either(" milliseconds", " ms"),
            Unit::Minutes => self.either(" minutes", " min"),
            Unit::Hours => self.either(" hours", " hour"),
        }
    }

    fn record(&mut self, def: &StructDef) {
        self.either("struct ", "thing ");
        self.put(&def.name.name);
        if !def.generics.is_empty() {
            self.names("<", &def.generics, ">");
        }
        self.list(" {", &def.fields, "}", |p, field| {
            p.put(if field.embeds { "has " } else { "" });
            p.put(&field.name.name);
            p.annotation(&field.ty);
            p.default(&field.default);
        });
    }

    fn variants(&mut self, def: &TypeDef) {
        self.put(format_args!("type {} = ", def.name.name));
        for (i, variant) in def.variants.iter().enumerate() {
            self.put(if i > 0 { " | " } else { "" });
            self.put(&variant.name.name);
            if let Some(fields) = &variant.fields {
                self.list("(", fields, ")", Self::ty);
            }
        }
    }

    fn methods(&mut self, def: &ImplDef) {
        let target = &def.target.name;
        match (&def.power, self.coin()) {
            (None, true) => self.put(format_args!("impl {target}")),
            (None, false) => self.put(format_args!("give {target}")),
            (Some(power), true) => self.put(format_args!("impl {} for {target}", power.name)),
            (Some(power), false) => {
                self.put(format_args!("give {target} the power {}", power.name));
            }
        }
        self.list(" {", &def.methods, "}", Self::function);
    }

    fn import(&mut self, import: &Import) {
        self.put("import ");
        match import {
            Import::All(path) => self.string(path),
            Import::Module(name) => self.put(&name.name),
            Import::Names(names, path) => {
                self.names("{", names, "} from ");
                self.string(path);
            }
        }
    }

    fn check(&mut self, value: &Expr, test: &CheckTest, is_negated: bool) {
        self.put("check ");
        self.at_least(Level::Query, value);
        match test {
            CheckTest::Between(..) if !is_negated => self.either(" ", " is "),
            CheckTest::Truthy | CheckTest::Contains(_) => self.put(" "),
            _ if is_negated => self.either(" is not ", " is ! "),
            _ => self.put(" is "),
        }
        match test {
            CheckTest::Truthy => {}
            CheckTest::Empty => self.put("empty"),
            CheckTest::True => self.put("true"),
            CheckTest::False => self.put("false"),
            CheckTest::Null => self.put("null"),
            CheckTest::Between(low, high) => {
                self.put("between ");
                // `and` and `not` are no operators here.
                self.at_least(Level::Postfix, low);
                self.put(" and ");
                self.expr(high);
            }
            CheckTest::Contains(needle) => {
                self.put("contains ");
                self.expr(needle);
            }
        }
    }

    fn agent(&mut self, def: &AgentDef) {
        self.params(&format!("agent {}", def.name.name), &def.params);
        self.put(" { ");
        self.list("tools: [", &def.tools, "], ", |p, tool| p.string(tool));
        if let Some(goal) = &def.goal {
            self.put("goal: ");
            self.string(goal);
            self.put(", ");
        }
        if let Some(steps) = def.max_steps {
            self.put(format_args!("max_steps: {steps}"));
        }
        self.put("}");
    }

    // Forms that are expressions too.

    pub(super) fn branch(&mut self, branch: &If) {
        self.put("if ");
        self.head(&branch.condition);
        self.worded(" ", &branch.then);
        let Some(otherwise) = &branch.otherwise else { return };
        self.gap();
        self.either("else ", "otherwise ");
        match &otherwise.statements[..] {
            [Stmt { kind: StmtKind::Expr(Expr { kind: ExprKind::If(inner), .. }), .. }]
                if self.coin() =>
            {
                self.branch(inner);
            }
            _ => self.block(otherwise),
        }
    }

    pub(super) fn when(&mut self, when: &When) {
        self.put("when ");
        self.head(&when.subject);
        self.arms(&when.arms, |p, arm| {
            match &arm.test {
                None => p.either("else", "nah"),
                Some((op, value)) => {
                    p.put(format_args!("{} ", sign(*op)));
                    p.at_least(Level::Query, value);
                }
            }
            p.either(" -> ", " => ");
            p.statement(&arm.body);
        });
    }

    pub(super) fn arms_of_match(&mut self, found: &Match) {
        self.put("match ");
        self.head(&found.subject);
        self.arms(&found.arms, |p, arm| {
            p.pattern(&arm.pattern);
            if let Some(guard) = &arm.guard {
                p.put(" if ");
                p.at_least(Level::Query, guard);
            }
            p.either(" -> ", " => ");
            p.block(&arm.body);
        });
    }

    fn arms<T>(&mut self, arms: &[T], arm: impl Fn(&mut Self, &T)) {
        let is_head = std::mem::replace(&mut self.is_head, false);
        self.put(" { ");
        for one in arms {
            arm(self, one);
            self.separator();
        }
        self.put("}");
        self.is_head = is_head;
    }

    pub(super) fn tried(&mut self, tried: &Try) {
        self.worded("try ", &tried.body);
        self.gap();
        self.put("catch ");
        if let Some(name) = &tried.name {
            match self.coin() {
                true => self.put(format_args!("({}) ", name.name)),
                false => self.put(format_args!("{} ", name.name)),
            }
        }
        self.block(&tried.handler);
        if let Some(cleanup) = &tried.cleanup {
            self.worded(" finally ", cleanup);
        }
    }
}
