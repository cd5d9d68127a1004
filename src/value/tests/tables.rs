use super::super::Contents;
use super::super::Shape;
use super::super::same;
use super::*;
use proptest::prelude::*;

/// Maps, sets and objects as tables from small numbers to values.
trait Table: Clone {
    fn made_of(entries: &[(i64, i64)]) -> Self;
    fn put(&mut self, key: i64, value: i64);
    fn take(&mut self, key: i64) -> Option<i64>;
    fn look(&self, key: i64) -> Option<i64>;
    fn change(&mut self, key: i64, value: i64);
    fn walk(&self) -> Vec<(i64, i64)>;
    fn entries(&self) -> Vec<(i64, i64)>;
    fn size(&self) -> usize;
    fn value(&self) -> Value;
}

fn number(value: &Value) -> i64 {
    match value {
        Value::Int(n) => *n,
        Value::Float(n) => *n as i64,
        Value::Array(list) => number(list.get(0).unwrap()),
        other => panic!("{other} in a table of numbers"),
    }
}

/// A key; every third is nested, every second is sometimes a Float.
fn key(n: i64, asked: bool) -> Value {
    let scalar = if asked && n % 2 == 0 { float(n as f64) } else { int(n) };
    if n % 3 == 0 { array([scalar]) } else { scalar }
}

impl Table for Map {
    fn made_of(entries: &[(i64, i64)]) -> Map {
        entries.iter().map(|(n, value)| (key(*n, false), int(*value))).collect()
    }
    fn put(&mut self, n: i64, value: i64) {
        self.set(key(n, true), int(value));
    }
    fn take(&mut self, n: i64) -> Option<i64> {
        self.remove(&key(n, true)).map(|value| number(&value))
    }
    fn look(&self, n: i64) -> Option<i64> {
        self.get(&key(n, true)).map(number)
    }
    fn change(&mut self, n: i64, value: i64) {
        if let Some(place) = self.get_mut(&key(n, false), Contents::PLAIN) {
            *place = int(value);
        }
    }
    fn walk(&self) -> Vec<(i64, i64)> {
        let mut cursor = 0;
        std::iter::from_fn(|| self.next(&mut cursor)).map(|(k, v)| (number(k), number(v))).collect()
    }
    fn entries(&self) -> Vec<(i64, i64)> {
        self.iter().map(|(k, v)| (number(k), number(v))).collect()
    }
    fn size(&self) -> usize {
        self.len()
    }
    fn value(&self) -> Value {
        Value::Map(self.clone())
    }
}

impl Table for Set {
    fn made_of(entries: &[(i64, i64)]) -> Set {
        entries.iter().map(|(n, _)| key(*n, false)).collect()
    }
    fn put(&mut self, n: i64, _: i64) {
        let had = self.has(&key(n, true));
        assert_eq!(self.add(key(n, true)), !had);
    }
    fn take(&mut self, n: i64) -> Option<i64> {
        self.remove(&key(n, true)).then_some(0)
    }
    fn look(&self, n: i64) -> Option<i64> {
        self.has(&key(n, true)).then_some(0)
    }
    fn change(&mut self, _: i64, _: i64) {}
    fn walk(&self) -> Vec<(i64, i64)> {
        let mut cursor = 0;
        std::iter::from_fn(|| self.next(&mut cursor)).map(|k| (number(k), 0)).collect()
    }
    fn entries(&self) -> Vec<(i64, i64)> {
        self.iter().map(|k| (number(k), 0)).collect()
    }
    fn size(&self) -> usize {
        self.len()
    }
    fn value(&self) -> Value {
        Value::Set(self.clone())
    }
}

impl Table for Object {
    fn made_of(entries: &[(i64, i64)]) -> Object {
        let name = |n: &i64| text(&n.to_string());
        if entries.len().is_multiple_of(2) {
            return entries.iter().map(|(n, value)| (name(n), int(*value))).collect();
        }
        let shape = Shape::new(entries.iter().map(|(n, _)| name(n)).collect());
        Object::shaped(shape, entries.iter().map(|(_, value)| int(*value)).collect())
    }
    fn put(&mut self, n: i64, value: i64) {
        self.set(&text(&n.to_string()), int(value));
    }
    fn take(&mut self, n: i64) -> Option<i64> {
        self.remove(&n.to_string()).map(|value| number(&value))
    }
    fn look(&self, n: i64) -> Option<i64> {
        self.get(&n.to_string()).map(number)
    }
    fn change(&mut self, n: i64, value: i64) {
        if let Some(place) = self.get_mut(&n.to_string(), Contents::PLAIN) {
            *place = int(value);
        }
    }
    fn walk(&self) -> Vec<(i64, i64)> {
        let mut cursor = 0;
        let next = || self.next(&mut cursor);
        std::iter::from_fn(next).map(|(k, v)| (k.parse().unwrap(), number(v))).collect()
    }
    fn entries(&self) -> Vec<(i64, i64)> {
        self.iter().map(|(k, v)| (k.parse().unwrap(), number(v))).collect()
    }
    fn size(&self) -> usize {
        self.len()
    }
    fn value(&self) -> Value {
        Value::Object(self.clone())
    }
}

#[derive(Clone, Debug)]
enum Change {
    Put(i64, i64),
    Take(i64),
    Alter(i64, i64),
    Keep,
    Back(usize),
    Forget(usize),
    /// Take everything but a few.
    Shrink(i64),
}

fn changes(keys: i64) -> impl Strategy<Value = Vec<Change>> {
    let change = prop_oneof![
        6 => (0..keys, any::<i64>()).prop_map(|(key, n)| Change::Put(key, n)),
        5 => (0..keys).prop_map(Change::Take),
        3 => (0..keys, any::<i64>()).prop_map(|(key, n)| Change::Alter(key, n)),
        3 => Just(Change::Keep),
        3 => any::<usize>().prop_map(Change::Back),
        2 => any::<usize>().prop_map(Change::Forget),
        1 => (0..keys).prop_map(Change::Shrink),
    ];
    prop::collection::vec(change, 0..80)
}

type Model = Vec<(i64, i64)>;

fn check<T: Table>(table: &T, model: &Model) {
    assert_eq!(table.size(), model.len());
    assert_eq!(&table.entries(), model);
    assert_eq!(&table.walk(), model);
    for (key, value) in model.iter().take(20) {
        assert_eq!(table.look(*key), Some(*value));
    }
    assert_eq!(table.look(-1), None);
    let mut turned = model.clone();
    turned.reverse();
    let turned = T::made_of(&turned).value();
    assert!(same(&table.value(), &turned) && same(&turned, &table.value()));
    assert_eq!(hash(&table.value()), hash(&turned));
}

fn hash(value: &Value) -> u64 {
    super::super::hash::hash_value(value)
}

/// Sets have no values: all 0.
fn run<T: Table>(size: usize, valued: bool, changes: Vec<Change>) {
    let stored = |n: i64| if valued { n } else { 0 };
    let mut model: Model = (0..size as i64).map(|n| (n, stored(n * 2))).collect();
    let mut table = T::made_of(&model);
    let mut kept: Vec<(T, Model)> = Vec::new();
    for change in changes {
        match change {
            Change::Put(key, n) => {
                table.put(key, n);
                match model.iter_mut().find(|entry| entry.0 == key) {
                    Some(entry) => entry.1 = stored(n),
                    None => model.push((key, stored(n))),
                }
            }
            Change::Take(key) => {
                let at = model.iter().position(|entry| entry.0 == key);
                assert_eq!(table.take(key), at.map(|at| model.remove(at).1));
            }
            Change::Alter(key, n) => {
                table.change(key, n);
                if let Some(entry) = model.iter_mut().find(|entry| entry.0 == key) {
                    entry.1 = stored(n);
                }
            }
            Change::Keep => kept.push((table.clone(), model.clone())),
            Change::Back(n) if !kept.is_empty() => {
                (table, model) = kept[n % kept.len()].clone();
            }
            Change::Forget(n) if !kept.is_empty() => {
                kept.swap_remove(n % kept.len());
            }
            Change::Shrink(from) => {
                for (key, _) in model.split_off(model.len().min(from as usize)) {
                    table.take(key);
                }
            }
            _ => {}
        }
    }
    check(&table, &model);
    kept.iter().for_each(|(table, model)| check(table, model));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn a_small_map_is_a_table(size in 0..30_usize, changes in changes(40)) {
        run::<Map>(size, true, changes);
    }

    #[test]
    fn a_large_map_is_a_table(size in 995..1300_usize, changes in changes(1500)) {
        run::<Map>(size, true, changes);
    }

    #[test]
    fn a_small_set_is_a_table(size in 0..30_usize, changes in changes(40)) {
        run::<Set>(size, false, changes);
    }

    #[test]
    fn a_large_set_is_a_table(size in 995..1300_usize, changes in changes(1500)) {
        run::<Set>(size, false, changes);
    }

    #[test]
    fn a_small_object_is_a_table(size in 0..30_usize, changes in changes(40)) {
        run::<Object>(size, true, changes);
    }

    #[test]
    fn a_large_object_is_a_table(size in 995..1300_usize, changes in changes(1500)) {
        run::<Object>(size, true, changes);
    }
}

#[test]
fn a_map_keeps_the_first_of_equal_keys() {
    let mut map = Map::new();
    map.set(int(1), text_value("a"));
    map.set(float(1.0), text_value("b"));
    assert_eq!(Value::Map(map).to_string(), "Map(1 => b)");
}

fn text_value(text: &str) -> Value {
    Value::from(text)
}

#[test]
fn slots_stay_slots_while_an_object_is_shared() {
    let shape = Shape::new(vec![text("x"), text("y")]);
    let mut object = Object::shaped(shape.clone(), vec![int(1), int(2)]);
    let before = object.clone();
    *object.slot_mut(1, Contents::PLAIN) = int(3);
    object.set(&text("x"), int(4));
    assert_eq!((object.shape_id(), before.shape_id()), (shape.id, shape.id));
    assert_eq!(Value::Object(object.clone()).to_string(), "{ \"x\": 4, \"y\": 3 }");
    assert_eq!(Value::Object(before).to_string(), "{ \"x\": 1, \"y\": 2 }");
    object.set(&text("z"), int(5));
    assert_eq!(object.shape_id(), 0);
    assert_eq!(object.remove("x").map(|value| value.to_string()), Some("4".to_owned()));
    assert_eq!(Value::Object(object).to_string(), "{ \"y\": 3, \"z\": 5 }");
}
