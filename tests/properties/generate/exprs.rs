//! Random expressions and functions.

use super::*;

impl<'c> Maker<'c> {
    pub(super) fn value(&mut self, kind: Kind, depth: u32) -> Expr {
        match kind {
            Kind::Int => self.int(depth),
            Kind::Function => self.function_value(depth),
            Kind::Pair | Kind::Factory => self.pair(depth),
            Kind::Ints => Expr::Array(vec![self.int(depth), self.int(depth)]),
            Kind::Data => {
                let n = self.int(depth);
                let xs = vec![self.int(1), self.int(1)];
                Expr::Object(vec![("n", n), ("xs", Expr::Array(xs))])
            }
            Kind::Holder(0) => {
                Expr::Array(vec![self.function_value(depth), self.function_value(depth)])
            }
            Kind::Holder(1) => Expr::Map(vec![("f", self.function_value(depth))]),
            Kind::Holder(2) => Expr::Ok(self.function_value(depth).into()),
            Kind::Holder(3) => Expr::Some(self.function_value(depth).into()),
            Kind::Holder(_) => Expr::Array(vec![self.pair(depth)]),
        }
    }

    pub(super) fn int(&mut self, depth: u32) -> Expr {
        let kind = self.draw(14);
        let deeper = depth.saturating_sub(1);
        match kind {
            7 | 8 if depth > 0 => {
                let (left, right) = (self.int(deeper), self.int(deeper));
                match kind {
                    7 => Expr::Add(left.into(), right.into()),
                    _ => Expr::Sub(left.into(), right.into()),
                }
            }
            9..=11 if depth > 0 => self.call(deeper).unwrap_or(Expr::Int(2)),
            12 => {
                let places: Vec<Name> = self.visible(Kind::Ints);
                match self.pick(&places) {
                    Some(name) => Expr::Len(Place { name, steps: Vec::new() }),
                    None => Expr::Int(3),
                }
            }
            1..=6 | 13 => {
                if self.is_astray() {
                    let name = self.fresh(Kind::Int).expect("there are names");
                    return Expr::Read(Place { name, steps: Vec::new() });
                }
                let places = self.int_places();
                self.pick(&places).map_or(Expr::Int(4), Expr::Read)
            }
            _ => Expr::Int(self.draw(7) as i64),
        }
    }

    /// Where ints are.
    pub(super) fn int_places(&self) -> Vec<Place> {
        let mut places = self.places(Kind::Int, &[&[]]);
        places.extend(self.places(Kind::Ints, &[&[Step::Index(0)], &[Step::Index(1)]]));
        let xs = [Step::Field("xs"), Step::Index(1)];
        places.extend(self.places(Kind::Data, &[&[Step::Field("n")], &xs]));
        places
    }

    /// Where functions are.
    pub(super) fn function_places(&self) -> Vec<Place> {
        let mut places = self.places(Kind::Function, &[&[]]);
        places.extend(self.places(Kind::Pair, &[&[Step::Field("f")], &[Step::Field("g")]]));
        for (i, (_, steps)) in HOLDERS.iter().enumerate() {
            places.extend(self.places(Kind::Holder(i), &[steps]));
        }
        places
    }

    pub(super) fn places(&self, kind: Kind, ways: &[&[Step]]) -> Vec<Place> {
        let names = self.visible(kind);
        let place = |name: &Name, way: &[Step]| Place { name: name.clone(), steps: way.to_vec() };
        names.iter().flat_map(|name| ways.iter().map(|way| place(name, way))).collect()
    }

    /// A call of a function that is there.
    pub(super) fn call(&mut self, depth: u32) -> Option<Expr> {
        let places = self.function_places();
        let callee = match self.is_astray() {
            true => self.fresh(Kind::Function).map(|name| Place { name, steps: Vec::new() }),
            false => self.pick(&places),
        }?;
        Some(Expr::Call { callee, depth: self.depth(), arg: self.int(depth).into() })
    }

    pub(super) fn depth(&self) -> Depth {
        if self.level > 0 { Depth::OneLess } else { Depth::Literal(2) }
    }

    pub(super) fn function_value(&mut self, depth: u32) -> Expr {
        let places = self.function_places();
        if depth == 0 || self.draw(3) == 2 {
            let place = match self.name(Kind::Function) {
                Some(name) if self.draw(2) == 1 => Some(Place { name, steps: Vec::new() }),
                _ => self.pick(&places),
            };
            if let Some(place) = place {
                return Expr::Read(place);
            }
        }
        Expr::Lambda(Rc::new(self.function(depth.saturating_sub(1))))
    }

    pub(super) fn pair(&mut self, depth: u32) -> Expr {
        let factories = self.visible(Kind::Factory);
        let pairs = self.places(Kind::Pair, &[&[]]);
        match self.draw(4) {
            2 => {
                if let Some(name) = self.pick(&factories) {
                    let callee = Place { name, steps: Vec::new() };
                    let arg = self.int(1).into();
                    return Expr::Call { callee, depth: self.depth(), arg };
                }
            }
            3 => {
                if let Some(place) = self.pick(&pairs) {
                    return Expr::Read(place);
                }
            }
            _ => {}
        }
        Expr::Object(vec![("f", self.function_value(depth)), ("g", self.function_value(depth))])
    }

    pub(super) fn function(&mut self, depth: u32) -> Function {
        self.body(depth, |maker, param| (Expr::Read(param), maker.int(depth.min(2))))
    }

    /// A function that makes two functions over its variables.
    pub(super) fn factory(&mut self, depth: u32) -> Function {
        self.body(depth, |maker, _| {
            let simple = |n| {
                let (param, leaf) = ("p9".into(), Expr::Int(n));
                let result = Expr::Read(place("p9"));
                Expr::Lambda(Rc::new(Function { param, leaf, body: Vec::new(), result }))
            };
            let leaf = vec![("f", simple(5)), ("g", simple(6))];
            let pair = ["f", "g"].map(|name| (name, maker.lambda(depth)));
            (Expr::Object(leaf), Expr::Object(pair.to_vec()))
        })
    }

    pub(super) fn lambda(&mut self, depth: u32) -> Expr {
        Expr::Lambda(Rc::new(self.function(depth)))
    }

    pub(super) fn body(
        &mut self,
        depth: u32,
        ends: impl FnOnce(&mut Maker<'c>, Place) -> (Expr, Expr),
    ) -> Function {
        let param = self.enter();
        let count = self.draw(4);
        let body = (0..count).map(|_| self.stmt(depth)).collect();
        let (leaf, result) = ends(self, place(&param));
        self.leave();
        Function { param, leaf, body, result }
    }

    /// Everything that can be seen, and what every function returns now.
    pub(super) fn look(&mut self) -> Function {
        let whole = |kind| self.places(kind, &[&[]]).into_iter().map(Expr::Read);
        let mut seen: Vec<Expr> = whole(Kind::Int).chain(whole(Kind::Ints)).collect();
        seen.extend(
            self.places(Kind::Data, &[&[Step::Field("n")], &[Step::Field("xs")]])
                .into_iter()
                .map(Expr::Read),
        );
        let call = |callee| Expr::Call { callee, depth: Depth::OneLess, arg: Expr::Int(1).into() };
        seen.extend(self.function_places().into_iter().take(10).map(call));
        let param = "p0".into();
        Function { param, leaf: Expr::Int(0), body: Vec::new(), result: Expr::Array(seen) }
    }
}

fn place(name: &str) -> Place {
    Place { name: name.into(), steps: Vec::new() }
}
