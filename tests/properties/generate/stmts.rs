//! Random statements.

use super::*;

impl<'c> Maker<'c> {
    pub(super) fn block(&mut self, names: &[Name], depth: u32) -> Vec<Stmt> {
        let outside = self.function_places();
        self.scopes.push(names.to_vec());
        let count = self.draw(4);
        let mut body: Vec<Stmt> = (0..count).map(|_| self.stmt(depth)).collect();
        // A closure over the variables of the block that outlives it.
        let kept = outside
            .iter()
            .filter(|place| is_assigned(&place.name) && !place.steps.contains(&Step::Unwrap));
        let kept: Vec<Place> = kept.cloned().collect();
        if self.draw(3) > 0
            && let Some(place) = self.pick(&kept)
        {
            body.push(Stmt::Assign(place, self.lambda(depth.max(1))));
        }
        self.scopes.pop();
        body
    }

    pub(super) fn stmt(&mut self, depth: u32) -> Stmt {
        let deeper = depth.saturating_sub(1);
        let kind = self.draw(34);
        match kind {
            0..=2 => self.add(deeper),
            3..=5 => self.let_stmt(Kind::Int, deeper),
            6..=8 => self.let_stmt(Kind::Function, deeper),
            9..=10 => self.let_stmt(Kind::Pair, deeper),
            11 => self.let_stmt(Kind::Ints, deeper),
            12 => self.let_stmt(Kind::Data, deeper),
            13..=14 => {
                let holder = self.draw(HOLDERS.len());
                self.let_stmt(Kind::Holder(holder), deeper)
            }
            15 => self.assign(Kind::Int, deeper),
            16..=17 => self.assign(Kind::Function, deeper),
            18..=19 => self.write_part(deeper),
            20 => self.push(deeper),
            21 => {
                let (body, otherwise) = (self.int(deeper), Vec::new());
                let then = if depth > 0 { self.block(&[], deeper) } else { Vec::new() };
                let otherwise = if depth > 0 { self.block(&[], deeper) } else { otherwise };
                Stmt::If(body, then, otherwise)
            }
            22..=25 if depth > 0 => self.loop_stmt(deeper),
            26..=27 if depth > 0 => {
                let name = self.fresh(Kind::Function).expect("there are names");
                // Not a constant: a definition can be assigned.
                let name = Name::from(name.replace('k', "f"));
                self.declare(&name);
                Stmt::Define(name, Rc::new(self.function(deeper)))
            }
            28..=29 if depth > 0 => {
                let name = self.fresh(Kind::Factory).expect("there are names");
                let factory = self.factory(deeper);
                self.declare(&name);
                Stmt::Define(name, Rc::new(factory))
            }
            _ => match self.call(deeper) {
                Some(call) => Stmt::Do(call),
                None => self.let_stmt(Kind::Function, deeper),
            },
        }
    }

    pub(super) fn let_stmt(&mut self, kind: Kind, depth: u32) -> Stmt {
        let own: Vec<Name> = self.scopes.last().into_iter().flatten().cloned().collect();
        let own: Vec<Name> =
            own.into_iter().filter(|name| self.is_redeclared(name, kind)).collect();
        let again = if self.draw(3) == 2 { self.pick(&own) } else { None };
        let name = again.or_else(|| self.fresh(kind)).expect("there are names");
        let value = self.value(kind, depth);
        self.declare(&name);
        Stmt::Let(name, value)
    }

    /// Whether a `let` may declare the name again: not what keeps loops and calls finite, nor what all worlds share.
    pub(super) fn is_redeclared(&self, name: &Name, kind: Kind) -> bool {
        Kind::of(name) == kind && !name.starts_with(['d', 'w', 'g'])
    }

    pub(super) fn add(&mut self, depth: u32) -> Stmt {
        let Some(name) = self.assigned(Kind::Int) else { return self.let_stmt(Kind::Int, depth) };
        let (place, value) = (Place { name, steps: Vec::new() }, self.int(depth));
        match self.draw(3) {
            0 => Stmt::Add(place, value),
            1 => Stmt::Assign(place.clone(), Expr::Add(Box::new(Expr::Read(place)), value.into())),
            _ => Stmt::Assign(place.clone(), Expr::Sub(Box::new(Expr::Read(place)), value.into())),
        }
    }

    pub(super) fn assign(&mut self, kind: Kind, depth: u32) -> Stmt {
        let name = match self.is_astray() {
            true => self.fresh(kind).filter(|name| is_assigned(name)),
            false => self.assigned(kind),
        };
        let Some(name) = name else { return self.let_stmt(kind, depth) };
        let value = self.value(kind, depth);
        Stmt::Assign(Place { name, steps: Vec::new() }, value)
    }

    /// Writes into what a variable holds.
    pub(super) fn write_part(&mut self, depth: u32) -> Stmt {
        let mut functions = self.function_places();
        functions.retain(|place| !place.steps.is_empty() && !place.steps.contains(&Step::Unwrap));
        let mut ints = self.int_places();
        ints.retain(|place| !place.steps.is_empty());
        if self.draw(2) == 0
            && let Some(place) = self.pick(&functions)
        {
            let value = self.value(Kind::Function, depth);
            return Stmt::Assign(place, value);
        }
        match self.pick(&ints) {
            Some(place) if self.draw(2) == 0 => Stmt::Add(place, self.int(depth)),
            Some(place) => Stmt::Assign(place, self.int(depth)),
            None => self.let_stmt(Kind::Data, depth),
        }
    }

    pub(super) fn push(&mut self, depth: u32) -> Stmt {
        let Some(name) = self.assigned(Kind::Ints) else { return self.let_stmt(Kind::Ints, depth) };
        let how = [Push::Call, Push::Method, Push::Assign][self.draw(3)];
        Stmt::Push(name, self.int(depth), how)
    }

    pub(super) fn loop_stmt(&mut self, depth: u32) -> Stmt {
        match self.draw(3) {
            0 => {
                let name = self.fresh(Kind::Int).expect("there are names");
                let items = vec![self.int(1), self.int(1)];
                Stmt::For(name.clone(), items, self.block(&[name], depth))
            }
            1 => {
                let name = self.fresh(Kind::Int).expect("there are names");
                let count = 1 + self.draw(3) as i64;
                Stmt::Range(name.clone(), count, self.block(&[name], depth))
            }
            _ => {
                self.loops += 1;
                let name = Name::from(format!("w{}", self.loops));
                let count = 1 + self.draw(3) as i64;
                self.declare(&name);
                Stmt::While(name, count, self.block(&[], depth))
            }
        }
    }
}
