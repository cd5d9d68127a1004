//! Arrays, tuples, objects, instances, interpolated text.

use super::Compiler;
use super::calls::BATCH;
use crate::diag::Span;
use crate::program::InstanceCode;
use crate::program::Op;
use crate::program::Reg;
use crate::syntax::ast::Entry;
use crate::syntax::ast::Expr;
use crate::syntax::ast::Ident;
use crate::syntax::ast::Item;
use crate::syntax::ast::Part;
use crate::value::Shape;
use crate::value::Text;
use crate::value::Value;

impl Compiler<'_> {
    pub(super) fn array(&mut self, items: &[Item], dst: Reg, span: Span) {
        if items.len() <= BATCH && items.iter().all(|item| !item.spread) {
            let base = self.mark() as Reg;
            items.iter().for_each(|item| {
                self.value(&item.value);
            });
            return self.emit(Op::Array { dst, base, count: items.len() as u8 }, span);
        }
        let list = self.collect(items, span);
        self.emit(Op::Move { dst, src: list }, span);
    }

    /// Collects items in an array in a new register, a batch at a time.
    pub(super) fn collect(&mut self, items: &[Item], span: Span) -> Reg {
        let list = self.push(span);
        self.emit(Op::Array { dst: list, base: list, count: 0 }, span);
        let mut rest = items;
        while let Some(first) = rest.first() {
            let mark = self.mark();
            if first.spread {
                let src = self.value(&first.value);
                self.emit(Op::Spread { list, src }, first.value.span);
                rest = &rest[1..];
            } else {
                let plain = rest.iter().take(BATCH).take_while(|item| !item.spread).count();
                let base = mark as Reg;
                for item in &rest[..plain] {
                    self.value(&item.value);
                }
                self.emit(Op::Append { list, base, count: plain as u8 }, span);
                rest = &rest[plain..];
            }
            self.release(mark);
        }
        list
    }

    pub(super) fn tuple(&mut self, items: &[Item], dst: Reg, span: Span) {
        let list = self.push(span);
        self.array(items, list, span);
        self.emit(Op::Tuple { list }, span);
        self.emit(Op::Move { dst, src: list }, span);
    }

    pub(super) fn interpolation(&mut self, parts: &[Part], dst: Reg, span: Span) {
        let base = self.push_many(parts.len().min(BATCH), span);
        let mut used = 0;
        for part in parts {
            if used == BATCH {
                self.emit(Op::Concat { dst: base, base, count: BATCH as u8 }, span);
                used = 1;
            }
            let reg = base + used as Reg;
            match part {
                Part::Text(text) => self.load(Value::text(&**text), reg, span),
                Part::Expr(e) => self.expr(e, reg),
            }
            used += 1;
        }
        self.emit(Op::Concat { dst, base, count: used as u8 }, span);
    }

    pub(super) fn object(&mut self, entries: &[Entry], dst: Reg, span: Span) {
        if let [Entry::Spread(only)] = entries {
            // Alone it is the value itself, whatever it is.
            return self.expr(only, dst);
        }
        let fields: Option<Vec<(&Ident, &Expr)>> = entries
            .iter()
            .map(|entry| match entry {
                Entry::Field(key, value) => Some((key, value)),
                _ => None,
            })
            .collect();
        match fields {
            Some(fields) => self.fields(&fields, None, dst, span),
            None => self.loose_object(entries, dst, span),
        }
    }

    /// An object whose keys are all known: one shape, one instruction. `tag` is the name of its struct.
    fn fields(&mut self, fields: &[(&Ident, &Expr)], tag: Option<&Ident>, dst: Reg, span: Span) {
        let mut names: Vec<Text> = fields.iter().map(|(key, _)| Text::from(&key.name)).collect();
        let own_tag = fields.iter().any(|(key, _)| &*key.name == "__type__");
        if tag.is_some() && !own_tag {
            names.push(Text::from("__type__"));
        }
        let mut sorted = names.clone();
        sorted.sort();
        sorted.dedup();
        if sorted.len() != names.len() || names.len() > BATCH || own_tag {
            return self.keyed(fields, tag, dst, span);
        }
        let base = self.mark() as Reg;
        for (_, value) in fields {
            self.value(value);
        }
        if let Some(tag) = tag {
            let reg = self.push(span);
            self.load(Value::text(&*tag.name), reg, span);
        }
        if names.is_empty() {
            self.push(span);
        }
        let k = self.shape(names, tag);
        self.emit(Op::Object { base, k }, span);
        self.emit(Op::Move { dst, src: base }, span);
    }

    /// The number of the shape with these names.
    fn shape(&mut self, names: Vec<Text>, tag: Option<&Ident>) -> u16 {
        let key = (tag.map(|tag| tag.name.clone()), names);
        if let Some(known) = self.current().shapes.get(&key) {
            return *known;
        }
        let names = key.1.clone();
        let shape = if tag.is_some() { Shape::typed(names) } else { Shape::new(names) };
        let k = self.numbered("kinds of objects", |chunk| &mut chunk.shapes, shape);
        self.current().shapes.insert(key, k);
        k
    }

    /// An object with many keys or the same key twice.
    fn keyed(&mut self, fields: &[(&Ident, &Expr)], tag: Option<&Ident>, dst: Reg, span: Span) {
        let object = self.push(span);
        self.fields(&[], None, object, span);
        for (key, value) in fields {
            self.set_key(object, key, value);
        }
        if let Some(tag) = tag {
            let mark = self.mark();
            let key = self.push(span);
            self.load(Value::text("__type__"), key, span);
            let value = self.push(span);
            self.load(Value::text(&*tag.name), value, span);
            self.emit(Op::SetKey { object, key, value }, span);
            self.release(mark);
        }
        self.emit(Op::Move { dst, src: object }, span);
    }

    fn set_key(&mut self, object: Reg, key: &Ident, value: &Expr) {
        let mark = self.mark();
        let name = self.push(key.span);
        self.load(Value::text(&*key.name), name, key.span);
        let value = self.value(value);
        self.emit(Op::SetKey { object, key: name, value }, key.span);
        self.release(mark);
    }

    fn loose_object(&mut self, entries: &[Entry], dst: Reg, span: Span) {
        let object = self.push(span);
        self.fields(&[], None, object, span);
        for entry in entries {
            let mark = self.mark();
            match entry {
                Entry::Field(key, value) => self.set_key(object, key, value),
                Entry::Computed(key, value) => {
                    let name = self.value(key);
                    let value = self.value(value);
                    self.emit(Op::SetKey { object, key: name, value }, key.span);
                }
                Entry::Spread(source) => {
                    let src = self.value(source);
                    self.emit(Op::SpreadObject { object, src }, source.span);
                }
            }
            self.release(mark);
        }
        self.emit(Op::Move { dst, src: object }, span);
    }

    /// `Name { field: value }`
    pub(super) fn instance(
        &mut self,
        name: &Ident,
        fields: &[(Ident, Expr)],
        dst: Reg,
        span: Span,
    ) {
        let object = self.push(span);
        let fields: Vec<_> = fields.iter().map(|(key, value)| (key, value)).collect();
        self.fields(&fields, Some(name), object, span);
        let names = fields.iter().map(|(key, _)| key.name.clone()).collect();
        let key = (name.name.clone(), names);
        let known = self.current().instances.get(&key).copied();
        let k = known.unwrap_or_else(|| {
            let instance = InstanceCode { name: name.name.clone(), layout: Default::default() };
            self.numbered("kinds of struct literals", |chunk| &mut chunk.instances, instance)
        });
        self.current().instances.insert(key, k);
        self.emit(Op::Instance { object, k }, span);
        self.emit(Op::Move { dst, src: object }, span);
    }
}
