//! Trees as S-expressions.

use super::super::ast::*;

pub(super) fn program(program: &Program) -> String {
    stmts(&program.statements)
}

fn list<T>(items: &[T], show: impl Fn(&T) -> String) -> String {
    items.iter().map(show).collect::<Vec<_>>().join(" ")
}

fn stmts(all: &[Stmt]) -> String {
    list(all, stmt)
}

fn block(block: &Block) -> String {
    format!("{{{}}}", stmts(&block.statements))
}

fn ids(all: &[Ident]) -> String {
    list(all, |ident| ident.name.to_string())
}

fn some<T>(value: &Option<T>, show: impl Fn(&T) -> String) -> String {
    value.as_ref().map_or(String::new(), |value| format!(" {}", show(value)))
}

fn stmt(stmt: &Stmt) -> String {
    match &stmt.kind {
        StmtKind::Expr(e) => expr(e),
        StmtKind::Let { name, mutable, ty, value } => {
            let word = if *mutable { "let-mut" } else { "let" };
            format!("({word} {}{} {})", name.name, some(ty, type_of), expr(value))
        }
        StmtKind::Unpack { target, value } => {
            let target = match target {
                Destructure::Object(names) => format!("{{{}}}", ids(names)),
                Destructure::Tuple(names) => format!("({})", ids(names)),
                Destructure::Array(names, rest) => {
                    format!("[{}{}]", ids(names), some(rest, |rest| format!("...{}", rest.name)))
                }
            };
            format!("(unpack {target} {})", expr(value))
        }
        StmtKind::Assign { target, op, value } => {
            let op = op.map_or(String::new(), |op| op_text(op).to_owned());
            format!("({op}= {} {})", expr(target), expr(value))
        }
        StmtKind::Function(f) => {
            let marks = f.decorators.iter().map(decorator).collect::<String>();
            let generics = if f.generics.is_empty() {
                String::new()
            } else {
                format!("<{}>", ids(&f.generics))
            };
            format!("({marks}fn {}{generics} {})", f.name.name, lambda(&f.lambda))
        }
        StmtKind::Return(value) => format!("(return{})", some(value, expr)),
        StmtKind::Break => "break".into(),
        StmtKind::Continue => "continue".into(),
        StmtKind::While { condition, body } => {
            format!("(while {} {})", expr(condition), block(body))
        }
        StmtKind::Loop(body) => format!("(loop {})", block(body)),
        StmtKind::For { name, second, source, body } => {
            let second = some(second, |second| second.name.to_string());
            format!("(for {}{second} {} {})", name.name, expr(source), block(body))
        }
        StmtKind::Repeat { count, body } => format!("(repeat {} {})", expr(count), block(body)),
        StmtKind::Retry { count, body } => format!("(retry {} {})", expr(count), block(body)),
        StmtKind::Timeout { amount, unit, body } => {
            format!("(timeout {} {unit:?} {})", expr(amount), block(body))
        }
        StmtKind::Schedule { amount, unit, body } => {
            format!("(schedule {} {unit:?} {})", expr(amount), block(body))
        }
        StmtKind::Watch { path, body } => format!("(watch {} {})", expr(path), block(body)),
        StmtKind::Shared(body) => format!("(shared {})", block(body)),
        StmtKind::Yield(value) => format!("(yield {})", expr(value)),
        StmtKind::Grab { name, url, options } => {
            format!("(grab {} {}{})", name.name, expr(url), some(options, expr))
        }
        StmtKind::Check { value, test, negated } => {
            let not = if *negated { " not" } else { "" };
            let test = match test {
                CheckTest::Between(a, b) => format!("between {} {}", expr(a), expr(b)),
                CheckTest::Contains(e) => format!("contains {}", expr(e)),
                other => format!("{other:?}"),
            };
            format!("(check {}{not} {test})", expr(value))
        }
        StmtKind::Decorator(d) => format!("({})", decorator(d)),
        StmtKind::Struct(def) => {
            let field = |f: &StructField| {
                let has = if f.embeds { "has " } else { "" };
                format!("({has}{}{}{})", f.name.name, some(&f.ty, type_of), some(&f.default, expr))
            };
            format!("(struct {} {})", def.name.name, list(&def.fields, field))
        }
        StmtKind::Type(def) => {
            let variant = |v: &Variant| {
                v.name.name.to_string()
                    + &v.fields
                        .as_ref()
                        .map_or(String::new(), |f| format!("({})", list(f, type_of)))
            };
            format!("(type {} {})", def.name.name, list(&def.variants, variant))
        }
        StmtKind::Interface(def) => {
            let method = |m: &Signature| {
                format!(
                    "({} ({}){})",
                    m.name.name,
                    list(&m.params, param),
                    some(&m.returns, type_of)
                )
            };
            format!("(interface {} {})", def.name.name, list(&def.methods, method))
        }
        StmtKind::Impl(def) => {
            let method = |f: &FunctionDef| format!("({} {})", f.name.name, lambda(&f.lambda));
            let power = some(&def.power, |power| format!(":{}", power.name));
            format!("(impl {}{power} {})", def.target.name, list(&def.methods, method))
        }
        StmtKind::Import(Import::All(path)) => format!("(import {path:?})"),
        StmtKind::Import(Import::Module(name)) => format!("(import {})", name.name),
        StmtKind::Import(Import::Names(names, path)) => {
            format!("(import ({}) {path:?})", ids(names))
        }
        StmtKind::Prompt(def) => {
            let entry = |(key, text): &(Ident, Name)| format!("({} {text:?})", key.name);
            let (params, entries) = (list(&def.params, param), list(&def.entries, entry));
            format!("(prompt {} ({params}) {entries})", def.name.name)
        }
        StmtKind::Agent(def) => {
            let tools = list(&def.tools, |tool| format!("{tool:?}"));
            format!("(agent {} [{tools}] {:?} {:?})", def.name.name, def.goal, def.max_steps)
        }
    }
}

fn decorator(d: &Decorator) -> String {
    let arg = |(key, value): &(Option<Ident>, Expr)| {
        key.as_ref().map_or(String::new(), |key| format!("{}:", key.name)) + &expr(value)
    };
    if d.args.is_empty() {
        return format!("@{} ", d.name.name);
    }
    format!("@{}({}) ", d.name.name, list(&d.args, arg))
}

fn param(p: &Param) -> String {
    let ty = p.ty.as_ref().map_or(String::new(), |ty| format!(":{}", type_of(ty)));
    let default = p.default.as_ref().map_or(String::new(), |value| format!("={}", expr(value)));
    format!("{}{ty}{default}", p.name.name)
}

fn lambda(l: &Lambda) -> String {
    let returns = some(&l.returns, |ty| format!("->{}", type_of(ty)));
    format!("({}){returns} {}", list(&l.params, param), block(&l.body))
}

fn type_of(ty: &Type) -> String {
    match &ty.kind {
        TypeKind::Named(name, args) if args.is_empty() => name.to_string(),
        TypeKind::Named(name, args) => format!("{name}<{}>", list(args, type_of)),
        TypeKind::Array(of) => format!("[{}]", type_of(of)),
        TypeKind::Optional(of) => format!("?{}", type_of(of)),
        TypeKind::Tuple(all) => format!("({})", list(all, type_of)),
        TypeKind::Function(params, returns) => {
            format!("fn({})->{}", list(params, type_of), type_of(returns))
        }
        TypeKind::Union(all) => all.iter().map(type_of).collect::<Vec<_>>().join("|"),
    }
}

fn pattern(p: &Pattern) -> String {
    match &p.kind {
        PatternKind::Wildcard => "_".into(),
        PatternKind::Name(name) => name.to_string(),
        PatternKind::Constructor { name, args } => {
            format!("{}({})", name.name, list(args, pattern))
        }
        PatternKind::Tuple(parts) => format!("({})", list(parts, pattern)),
        PatternKind::Null => "null".into(),
        PatternKind::Bool(value) => value.to_string(),
        PatternKind::Int(value) => value.to_string(),
        PatternKind::Float(value) => format!("{value:?}"),
        PatternKind::Str(text) => format!("{text:?}"),
        PatternKind::Or(all) => all.iter().map(pattern).collect::<Vec<_>>().join("|"),
    }
}

fn op_text(op: BinaryOp) -> &'static str {
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

fn item(item: &Item) -> String {
    format!("{}{}", if item.spread { "..." } else { "" }, expr(&item.value))
}

fn args(all: &[Item]) -> String {
    all.iter().map(|one| format!(" {}", item(one))).collect()
}

fn test(test: &Option<(BinaryOp, Expr)>) -> String {
    some(test, |(op, value)| format!("{} {}", op_text(*op), expr(value)))
}

pub(super) fn expr(e: &Expr) -> String {
    match &e.kind {
        ExprKind::Null => "null".into(),
        ExprKind::Bool(value) => value.to_string(),
        ExprKind::Int(value) => value.to_string(),
        ExprKind::Float(value) => format!("{value:?}"),
        ExprKind::Str(text) => format!("{text:?}"),
        ExprKind::Interpolation(parts) => {
            let part = |part: &Part| match part {
                Part::Text(text) => format!("{text:?}"),
                Part::Expr(e) => expr(e),
            };
            format!("(str {})", list(parts, part))
        }
        ExprKind::Name(name) => name.to_string(),
        ExprKind::Array(items) => format!("[{}]", list(items, item)),
        ExprKind::Tuple(items) => format!("(tuple{})", args(items)),
        ExprKind::Object(entries) => {
            let entry = |entry: &Entry| match entry {
                Entry::Field(key, value) => format!("{}:{}", key.name, expr(value)),
                Entry::Computed(key, value) => format!("[{}]:{}", expr(key), expr(value)),
                Entry::Spread(value) => format!("...{}", expr(value)),
            };
            format!("(object {})", list(entries, entry))
        }
        ExprKind::Struct { name, fields } => {
            let field = |(key, value): &(Ident, Expr)| format!("{}:{}", key.name, expr(value));
            format!("(new {} {})", name.name, list(fields, field))
        }
        ExprKind::Block(body) => format!("(block {})", block(body)),
        ExprKind::If(i) => {
            format!("(if {} {}{})", expr(&i.condition), block(&i.then), some(&i.otherwise, block))
        }
        ExprKind::When(w) => {
            let arm = |arm: &WhenArm| match &arm.test {
                Some((op, value)) => {
                    format!("({} {} -> {})", op_text(*op), expr(value), stmt(&arm.body))
                }
                None => format!("(else -> {})", stmt(&arm.body)),
            };
            format!("(when {} {})", expr(&w.subject), list(&w.arms, arm))
        }
        ExprKind::Match(m) => {
            let arm = |arm: &MatchArm| {
                let guard = some(&arm.guard, |guard| format!("if {}", expr(guard)));
                format!("({}{guard} => {})", pattern(&arm.pattern), block(&arm.body))
            };
            format!("(match {} {})", expr(&m.subject), list(&m.arms, arm))
        }
        ExprKind::Try(t) => {
            let name = some(&t.name, |name| name.name.to_string());
            let cleanup = some(&t.cleanup, block);
            format!("(try {}{name} {}{cleanup})", block(&t.body), block(&t.handler))
        }
        ExprKind::Safe(body) => format!("(safe {})", block(body)),
        ExprKind::Spawn(body) => format!("(spawn {})", block(body)),
        ExprKind::Squad(body) => format!("(squad {})", block(body)),
        ExprKind::Atomic(body) => format!("(atomic {})", block(body)),
        ExprKind::Lambda(l) => format!("(lambda {})", lambda(l)),
        ExprKind::Unary { op, operand } => {
            format!("({} {})", format!("{op:?}").to_lowercase(), expr(operand))
        }
        ExprKind::Binary { op, left, right } => {
            format!("({} {} {})", op_text(*op), expr(left), expr(right))
        }
        ExprKind::Range { start, end } => format!("(.. {} {})", expr(start), expr(end)),
        ExprKind::Call { callee, args: all } => format!("({}{})", expr(callee), args(all)),
        ExprKind::Method { receiver, name, args: all } => {
            format!("({}.{}{})", expr(receiver), name.name, args(all))
        }
        ExprKind::Field { object, name } => format!("{}.{}", expr(object), name.name),
        ExprKind::Index { object, index } => format!("{}[{}]", expr(object), expr(index)),
        ExprKind::Propagate(value) => format!("{}?", expr(value)),
        ExprKind::Pipe { value, step } => format!("(|> {} {})", expr(value), expr(step)),
        ExprKind::Where { source, field, op, value } => {
            format!("(where {} {} {} {})", expr(source), field.name, op_text(*op), expr(value))
        }
        ExprKind::Query { source, step } => {
            let step = match &**step {
                QueryStep::Keep { field, test: with } => {
                    format!("keep {}{}", field.name, test(with))
                }
                QueryStep::Sort(by) => format!("sort{}", some(by, |by| by.name.to_string())),
                QueryStep::Take(n) => format!("take {}", expr(n)),
                QueryStep::Call(step) => expr(step),
            };
            format!("(>> {} {step})", expr(source))
        }
        ExprKind::Output { kind, value } => {
            format!("({} {})", format!("{kind:?}").to_lowercase(), expr(value))
        }
        ExprKind::Wait(wait) => format!("(wait {} {:?})", expr(&wait.amount), wait.unit),
        ExprKind::Download { url, path } => {
            format!("(download {}{})", expr(url), some(&path.as_deref().cloned(), expr))
        }
        ExprKind::Crawl(url) => format!("(crawl {})", expr(url)),
    }
}
