//! Which variables must be cells, and where top-level names live: found before any code is made.
//!
//! A variable is a cell when a closure captures it, unless it is assigned once and before any closure can capture it
//! (design §2). The walk resolves names the way `names.rs` does afterwards.

use super::walk;
use super::walk::Declared;
use crate::diag::Span;
use crate::native::Registry;
use crate::program::Global;
use crate::syntax::ast::*;
use std::collections::HashMap;

/// A variable, by the place of the name that declares it first in its scope.
pub(super) type Key = (u32, u32);

/// The key of a declaring name.
pub(super) fn key(span: Span) -> Key {
    (span.source.0, span.start)
}

/// Top-level names that stay in registers at most; further ones live in slots.
const REGISTERS: usize = 90;

/// What the walk found out.
#[derive(Default)]
pub(super) struct Analysis {
    facts: HashMap<Key, Facts>,
    /// Top-level names that live in slots, in slot order.
    pub(super) globals: Vec<GlobalFacts>,
    by_name: HashMap<Name, usize>,
}

/// How a variable is used.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Facts {
    declared: u32,
    assigned: u32,
    captured: bool,
    /// A closure may hold it before it has its value.
    captured_early: bool,
    /// The function of that name names itself.
    names_itself: bool,
}

impl Facts {
    /// Whether it has one value for ever.
    pub(super) fn is_constant(&self) -> bool {
        self.declared <= 1 && self.assigned == 0
    }

    /// Whether it must be a cell before it has its value. A function that names itself holds itself, unless the
    /// name may come to mean something else.
    pub(super) fn exists_early(&self) -> bool {
        self.captured_early || (self.names_itself && !self.is_constant())
    }

    /// Whether it must be a cell.
    pub(super) fn is_cell(&self) -> bool {
        (self.captured && (self.captured_early || !self.is_constant()))
            || (self.names_itself && !self.is_constant())
    }
}

/// A top-level name.
#[derive(Clone, Debug)]
pub(super) struct GlobalFacts {
    pub(super) name: Name,
    pub(super) facts: Facts,
    /// Whether a function, lambda or background block names it.
    named_by_function: bool,
    pub(super) is_mutable: bool,
    pub(super) is_variant: bool,
    /// The builtin it means before it is declared.
    pub(super) builtin: Option<usize>,
    /// Whether it is assigned without ever being declared: a builtin's name.
    pub(super) is_implicit: bool,
    /// Whether it lives in a slot rather than in a register of the main function.
    pub(super) is_slot: bool,
}

impl GlobalFacts {
    /// Whether it is a cell.
    pub(super) fn is_cell(&self) -> bool {
        self.is_slot && !(self.facts.declared <= 1 && self.facts.assigned == 0)
    }

    /// What the program knows of it.
    pub(super) fn code(&self) -> Global {
        Global {
            name: self.name.clone(),
            is_cell: self.is_cell(),
            initial: self.builtin.map(|id| id as u32),
        }
    }
}

impl Analysis {
    /// The facts of a local variable.
    pub(super) fn facts(&self, key: Key) -> Facts {
        self.facts.get(&key).copied().unwrap_or_default()
    }

    /// The slot of a top-level name, if it has one.
    pub(super) fn slot(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// A slot for a name that only the runtime reads.
    pub(super) fn hidden(&mut self, name: String) -> usize {
        self.globals.push(GlobalFacts {
            name: name.into(),
            facts: Facts::default(),
            named_by_function: false,
            is_mutable: true,
            is_variant: false,
            builtin: None,
            is_implicit: false,
            is_slot: true,
        });
        self.globals.len() - 1
    }
}

/// Walks a whole file.
pub(super) fn analyse(tree: &Program, registry: &Registry) -> Analysis {
    let mut walker = Walker {
        registry,
        facts: HashMap::new(),
        globals: Vec::new(),
        by_name: HashMap::new(),
        functions: vec![Function::default()],
    };
    for statement in &tree.statements {
        for (name, how) in walk::declared(statement) {
            walker.declare_global(name, how);
        }
    }
    walker.statements(&tree.statements);
    walker.finish()
}

struct Walker<'a> {
    registry: &'a Registry,
    facts: HashMap<Key, Facts>,
    globals: Vec<GlobalFacts>,
    by_name: HashMap<Name, usize>,
    functions: Vec<Function>,
}

#[derive(Default)]
struct Function {
    scopes: Vec<HashMap<Name, Var>>,
    /// The function's own name and variable, when it is a named local function.
    itself: Option<(Name, Key)>,
}

#[derive(Clone, Copy)]
struct Var {
    key: Key,
    /// Whether its declaration has been passed.
    is_declared: bool,
    /// Whether a `type` introduced it.
    is_variant: bool,
}

/// What is done with a name.
#[derive(Clone, Copy, PartialEq)]
enum Use {
    Read,
    Assign,
}

impl Walker<'_> {
    fn declare_global(&mut self, name: &Ident, how: Declared) {
        let at = match self.by_name.get(&name.name) {
            Some(at) => *at,
            None => {
                let builtin = self.registry.global(&name.name);
                self.add_global(&name.name, builtin, false)
            }
        };
        let global = &mut self.globals[at];
        global.facts.declared += 1;
        global.is_mutable = how != Declared::Immutable;
        global.is_variant = how == Declared::Variant;
    }

    fn add_global(&mut self, name: &Name, builtin: Option<usize>, is_implicit: bool) -> usize {
        self.globals.push(GlobalFacts {
            name: name.clone(),
            facts: Facts::default(),
            named_by_function: false,
            is_mutable: true,
            is_variant: false,
            builtin,
            is_implicit,
            is_slot: false,
        });
        self.by_name.insert(name.clone(), self.globals.len() - 1);
        self.globals.len() - 1
    }

    fn finish(self) -> Analysis {
        let mut in_registers = 0;
        let mut analysis = Analysis { facts: self.facts, ..Analysis::default() };
        for mut global in self.globals {
            let fits = !global.named_by_function && !global.is_implicit && in_registers < REGISTERS;
            if fits {
                in_registers += 1;
                continue;
            }
            global.is_slot = true;
            analysis.by_name.insert(global.name.clone(), analysis.globals.len());
            analysis.globals.push(global);
        }
        analysis
    }

    fn function(&mut self) -> &mut Function {
        self.functions.last_mut().expect("there is always a function")
    }

    /// Whether statements stand directly at top level.
    fn is_top(&self) -> bool {
        self.functions.len() == 1 && self.functions[0].scopes.is_empty()
    }

    fn open(&mut self, statements: &[Stmt]) {
        let mut scope: HashMap<Name, Var> = HashMap::new();
        for statement in statements {
            for (name, how) in walk::declared(statement) {
                let is_variant = how == Declared::Variant;
                let var = *scope.entry(name.name.clone()).or_insert(Var {
                    key: key(name.span),
                    is_declared: false,
                    is_variant,
                });
                self.facts.entry(var.key).or_default().declared += 1;
            }
        }
        self.function().scopes.push(scope);
    }

    fn close(&mut self) {
        self.function().scopes.pop();
    }

    /// A variable that exists from here on in the innermost scope.
    fn bind(&mut self, name: &Ident) {
        let own = Var { key: key(name.span), is_declared: true, is_variant: false };
        self.facts.entry(own.key).or_default().declared += 1;
        if let Some(scope) = self.function().scopes.last_mut() {
            scope.insert(name.name.clone(), own);
        }
    }

    /// The declaration of a name of the innermost scope has been passed.
    fn declare(&mut self, name: &Ident) {
        if let Some(var) =
            self.function().scopes.last_mut().and_then(|scope| scope.get_mut(&name.name))
        {
            var.is_declared = true;
        }
    }

    fn use_name(&mut self, name: &Name, how: Use) {
        let top = self.functions.len() - 1;
        for level in (0..=top).rev() {
            for scope in (0..self.functions[level].scopes.len()).rev() {
                let Some(var) = self.functions[level].scopes[scope].get(name).copied() else {
                    continue;
                };
                if level == top && !var.is_declared {
                    continue;
                }
                let facts = self.facts.entry(var.key).or_default();
                if how == Use::Assign {
                    facts.assigned += 1;
                }
                if level == top {
                    return;
                }
                let is_own_name = self.functions[level + 1]
                    .itself
                    .as_ref()
                    .is_some_and(|(own, of)| own == name && *of == var.key);
                let facts = self.facts.entry(var.key).or_default();
                if is_own_name {
                    facts.names_itself = true;
                    return;
                }
                facts.captured = true;
                if var.is_declared {
                    return;
                }
                // Until it has its value, the name means what it means further out.
                facts.captured_early = true;
            }
        }
        let at = match self.by_name.get(name) {
            Some(at) => *at,
            None => match self.registry.global(name).filter(|_| how == Use::Assign) {
                Some(builtin) => self.add_global(name, Some(builtin), true),
                None => return,
            },
        };
        let global = &mut self.globals[at];
        global.named_by_function |= top > 0;
        if how == Use::Assign {
            global.facts.assigned += 1;
        }
    }

    fn block(&mut self, block: &Block) {
        self.open(&block.statements);
        self.statements(&block.statements);
        self.close();
    }

    fn statements(&mut self, statements: &[Stmt]) {
        for statement in statements {
            self.statement(statement);
        }
    }

    fn lambda(&mut self, lambda: &Lambda, itself: Option<(Name, Key)>) {
        self.functions.push(Function { scopes: vec![HashMap::new()], itself });
        for param in &lambda.params {
            if let Some(default) = &param.default {
                self.expr(default);
            }
            self.bind(&param.name);
        }
        // Parameters and body share one scope: a `let` of a parameter's name assigns it anew.
        let mut scope = self.function().scopes.pop().expect("the scope of the parameters");
        for statement in &lambda.body.statements {
            for (name, how) in walk::declared(statement) {
                let is_variant = how == Declared::Variant;
                let var = *scope.entry(name.name.clone()).or_insert(Var {
                    key: key(name.span),
                    is_declared: false,
                    is_variant,
                });
                self.facts.entry(var.key).or_default().declared += 1;
            }
        }
        self.function().scopes.push(scope);
        self.statements(&lambda.body.statements);
        self.functions.pop();
    }

    fn statement(&mut self, statement: &Stmt) {
        match &statement.kind {
            StmtKind::Expr(e) | StmtKind::Yield(e) => self.expr(e),
            StmtKind::Let { value, .. } | StmtKind::Unpack { value, .. } => self.expr(value),
            StmtKind::Assign { target, value, .. } => {
                self.expr(value);
                self.target(target);
            }
            StmtKind::Function(def) => {
                let itself = match self.is_top() {
                    true => None,
                    false => self
                        .function()
                        .scopes
                        .last()
                        .and_then(|scope| scope.get(&def.name.name))
                        .map(|var| (def.name.name.clone(), var.key)),
                };
                self.lambda(&def.lambda, itself);
            }
            StmtKind::Return(value) => value.iter().for_each(|value| self.expr(value)),
            StmtKind::Break | StmtKind::Continue | StmtKind::Import(_) => {}
            StmtKind::While { condition, body } => {
                self.expr(condition);
                self.block(body);
            }
            StmtKind::Loop(body) | StmtKind::Shared(body) => self.block(body),
            StmtKind::For { name, second, source, body } => {
                self.expr(source);
                self.open(&[]);
                self.bind(name);
                second.iter().for_each(|second| self.bind(second));
                self.block(body);
                self.close();
            }
            StmtKind::Repeat { count, body } => {
                self.expr(count);
                self.open(&[]);
                self.bind(&repeat_variable(count.span));
                self.block(body);
                self.close();
            }
            StmtKind::Struct(def) => {
                def.fields
                    .iter()
                    .filter_map(|field| field.default.as_ref())
                    .for_each(|e| self.expr(e));
            }
            StmtKind::Impl(def) => {
                def.methods.iter().for_each(|method| self.lambda(&method.lambda, None));
            }
            StmtKind::Decorator(decorator) => decorator.args.iter().for_each(|(_, e)| self.expr(e)),
            StmtKind::Check { value, test, .. } => {
                self.expr(value);
                match test {
                    CheckTest::Between(low, high) => {
                        self.expr(low);
                        self.expr(high);
                    }
                    CheckTest::Contains(needle) => self.expr(needle),
                    _ => {}
                }
            }
            StmtKind::Retry { count: head, body }
            | StmtKind::Timeout { amount: head, body, .. }
            | StmtKind::Schedule { amount: head, body, .. }
            | StmtKind::Watch { path: head, body } => {
                self.expr(head);
                self.block(body);
            }
            StmtKind::Grab { url, options, .. } => {
                self.expr(url);
                options.iter().for_each(|options| self.expr(options));
            }
            StmtKind::Type(_)
            | StmtKind::Interface(_)
            | StmtKind::Prompt(_)
            | StmtKind::Agent(_) => {}
        }
        if !self.is_top() {
            for (name, _) in walk::declared(statement) {
                self.declare(name);
            }
        }
    }

    /// The left side of an assignment: its root variable is assigned.
    fn target(&mut self, target: &Expr) {
        match &target.kind {
            ExprKind::Name(name) => self.use_name(name, Use::Assign),
            ExprKind::Field { object, .. } => self.target(object),
            ExprKind::Index { object, index } => {
                self.target(object);
                self.expr(index);
            }
            _ => self.expr(target),
        }
    }

    fn items(&mut self, items: &[Item]) {
        items.iter().for_each(|item| self.expr(&item.value));
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Null
            | ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Str(_) => {}
            ExprKind::Name(name) => self.use_name(name, Use::Read),
            ExprKind::Interpolation(parts) => {
                for part in parts {
                    if let Part::Expr(e) = part {
                        self.expr(e);
                    }
                }
            }
            ExprKind::Array(items) | ExprKind::Tuple(items) => self.items(items),
            ExprKind::Object(entries) => {
                for entry in entries {
                    match entry {
                        Entry::Field(_, value) | Entry::Spread(value) => self.expr(value),
                        Entry::Computed(key, value) => {
                            self.expr(key);
                            self.expr(value);
                        }
                    }
                }
            }
            ExprKind::Struct { fields, .. } => fields.iter().for_each(|(_, e)| self.expr(e)),
            ExprKind::Block(block) | ExprKind::Safe(block) => self.block(block),
            ExprKind::Spawn(block) | ExprKind::Squad(block) | ExprKind::Atomic(block) => {
                self.block(block)
            }
            ExprKind::If(form) => {
                self.expr(&form.condition);
                self.block(&form.then);
                form.otherwise.iter().for_each(|block| self.block(block));
            }
            ExprKind::When(form) => {
                self.expr(&form.subject);
                for arm in &form.arms {
                    arm.test.iter().for_each(|(_, e)| self.expr(e));
                    self.open(std::slice::from_ref(&arm.body));
                    self.statement(&arm.body);
                    self.close();
                }
            }
            ExprKind::Match(form) => {
                self.expr(&form.subject);
                for arm in &form.arms {
                    self.open(&[]);
                    self.pattern(&arm.pattern);
                    arm.guard.iter().for_each(|guard| self.expr(guard));
                    self.block(&arm.body);
                    self.close();
                }
            }
            ExprKind::Try(form) => {
                self.block(&form.body);
                self.open(&[]);
                form.name.iter().for_each(|name| self.bind(name));
                self.block(&form.handler);
                self.close();
                form.cleanup.iter().for_each(|block| self.block(block));
            }
            ExprKind::Lambda(lambda) => self.lambda(lambda, None),
            ExprKind::Unary { operand, .. } => self.expr(operand),
            ExprKind::Binary { left, right, .. } => {
                self.expr(left);
                self.expr(right);
            }
            ExprKind::Range { start, end } => {
                self.expr(start);
                self.expr(end);
            }
            ExprKind::Call { callee, args } => {
                self.expr(callee);
                self.items(args);
                if let (ExprKind::Name(name), Some(first)) = (&callee.kind, args.first())
                    && matches!(&**name, "push" | "pop")
                {
                    self.target_if_name(&first.value);
                }
            }
            ExprKind::Method { receiver, name, args } => {
                self.expr(receiver);
                self.use_name(&name.name, Use::Read);
                self.items(args);
                if matches!(&*name.name, "push" | "pop" | "add" | "remove") {
                    self.target_if_name(receiver);
                }
            }
            ExprKind::Field { object, .. } => self.expr(object),
            ExprKind::Index { object, index } => {
                self.expr(object);
                self.expr(index);
            }
            ExprKind::Propagate(e) | ExprKind::Crawl(e) => self.expr(e),
            ExprKind::Pipe { value, step } => {
                self.expr(value);
                self.expr(step);
            }
            ExprKind::Where { source, value, .. } => {
                self.expr(source);
                self.expr(value);
            }
            ExprKind::Query { source, step } => {
                self.expr(source);
                match &**step {
                    QueryStep::Keep { test: Some((_, e)), .. }
                    | QueryStep::Take(e)
                    | QueryStep::Call(e) => {
                        self.expr(e);
                    }
                    QueryStep::Keep { test: None, .. } | QueryStep::Sort(_) => {}
                }
            }
            ExprKind::Output { value, .. } => self.expr(value),
            ExprKind::Wait(wait) => self.expr(&wait.amount),
            ExprKind::Download { url, path } => {
                self.expr(url);
                path.iter().for_each(|path| self.expr(path));
            }
        }
    }

    fn target_if_name(&mut self, expr: &Expr) {
        if let ExprKind::Name(name) = &expr.kind {
            self.use_name(name, Use::Assign);
        }
    }

    /// Whether a bare name in a pattern is the test of a variant rather than a binding.
    fn is_variant(&self, name: &Name) -> bool {
        let local = self
            .functions
            .iter()
            .rev()
            .flat_map(|function| function.scopes.iter().rev())
            .find_map(|scope| scope.get(name));
        match (local, self.by_name.get(name)) {
            (Some(var), _) => var.is_variant,
            (None, Some(at)) => self.globals[*at].is_variant,
            (None, None) => super::patterns::is_wrapper(name),
        }
    }

    fn pattern(&mut self, pattern: &Pattern) {
        match &pattern.kind {
            PatternKind::Name(name) if self.is_variant(name) => self.use_name(name, Use::Read),
            PatternKind::Name(name) => {
                self.bind(&Ident { name: name.clone(), span: pattern.span });
            }
            PatternKind::Constructor { args, .. } | PatternKind::Tuple(args) => {
                args.iter().for_each(|arg| self.pattern(arg));
            }
            // All alternatives bind the same names: the first decides the variable.
            PatternKind::Or(choices) => {
                choices.iter().take(1).for_each(|choice| self.pattern(choice))
            }
            _ => {}
        }
    }
}

/// The variable of `repeat`, declared where its count stands.
pub(super) fn repeat_variable(span: Span) -> Ident {
    Ident { name: Name::from("_"), span }
}
