use super::super::Contents;
use super::super::same;
use super::*;
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Change {
    Push(i64),
    Pop,
    Set(usize, i64),
    Nest(usize),
    /// Keep a copy.
    Keep,
    /// Go on with a kept copy.
    Back(usize),
    /// Drop a kept copy.
    Forget(usize),
    Slice(usize, usize),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        4 => any::<i64>().prop_map(Change::Push),
        2 => Just(Change::Pop),
        6 => (any::<usize>(), any::<i64>()).prop_map(|(at, n)| Change::Set(at, n)),
        1 => any::<usize>().prop_map(Change::Nest),
        3 => Just(Change::Keep),
        3 => any::<usize>().prop_map(Change::Back),
        2 => any::<usize>().prop_map(Change::Forget),
        1 => (any::<usize>(), any::<usize>()).prop_map(|(from, to)| Change::Slice(from, to)),
    ]
}

type Model = Vec<Value>;

fn check(list: &List, model: &Model) {
    assert_eq!(list.len(), model.len());
    assert_eq!(list.iter().len(), model.len());
    assert!(list.iter().zip(model).all(|(a, b)| same(a, b)));
    assert!(list.iter().rev().zip(model.iter().rev()).all(|(a, b)| same(a, b)));
    for at in [0, model.len() / 2, model.len().saturating_sub(1), model.len()] {
        assert_eq!(list.get(at).map(Value::to_string), model.get(at).map(Value::to_string));
    }
    assert!(list.contents().has(Contents::of_all(model)));
}

fn run(size: usize, changes: Vec<Change>) {
    let mut model: Model = (0..size as i64).map(int).collect();
    let mut list = List::from(model.clone());
    let mut kept: Vec<(List, Model)> = Vec::new();
    for change in changes {
        match change {
            Change::Push(n) => {
                list.push(int(n));
                model.push(int(n));
            }
            Change::Pop => {
                assert_eq!(list.pop().is_some(), model.pop().is_some());
            }
            Change::Set(at, n) if !model.is_empty() => {
                let at = at % model.len();
                list.set(at, int(n));
                model[at] = int(n);
            }
            Change::Nest(at) if !model.is_empty() => {
                let at = at % model.len();
                let nested = array([array([int(1)])]);
                let place = list.get_mut(at, nested.contents()).unwrap();
                *place = nested.clone();
                model[at] = nested;
            }
            Change::Keep => kept.push((list.clone(), model.clone())),
            Change::Back(n) if !kept.is_empty() => {
                let (old, old_model) = kept[n % kept.len()].clone();
                (list, model) = (old, old_model);
            }
            Change::Forget(n) if !kept.is_empty() => {
                kept.swap_remove(n % kept.len());
            }
            Change::Slice(from, to) if size < 1000 || to % 4 == 0 => {
                let from = from % (model.len() + 1);
                let to = from + to % (model.len() - from + 1);
                list = list.slice(from..to);
                model = model[from..to].to_vec();
            }
            _ => {}
        }
    }
    check(&list, &model);
    kept.iter().for_each(|(list, model)| check(list, model));
    assert!(list.clone().to_vec().iter().zip(&model).all(|(a, b)| same(a, b)));
    assert_eq!(list.into_vec().len(), model.len());
}

proptest! {
    #[test]
    fn a_small_list_is_a_vec(size in 0..20_usize, changes in prop::collection::vec(change(), 0..60)) {
        run(size, changes);
    }

    #[test]
    fn a_large_list_is_a_vec(
        size in 995..1400_usize,
        changes in prop::collection::vec(change(), 0..120),
    ) {
        run(size, changes);
    }
}

#[test]
fn a_large_block_is_copied_once_then_becomes_a_tree() {
    let original: List = (0..5000).map(int).collect();
    for n in 0..5 {
        let mut changed = original.clone();
        changed.set(7, int(-n));
        assert_eq!(changed.get(7).unwrap().to_string(), (-n).to_string());
        assert_eq!(changed.is_tree(), n > 0);
        assert_eq!(original.get(7).unwrap().to_string(), "7");
    }
}

#[test]
fn a_copy_that_has_paid_off_is_copied_again() {
    let mut list: List = (0..5000).map(int).collect();
    for round in 0..4 {
        let before = list.clone();
        for at in 0..1000 {
            list.set(at, int(round));
        }
        assert!(!list.is_tree());
        assert!(!before.ptr_eq(&list) && list.is_only());
    }
}

#[test]
fn changing_a_block_in_place_outdates_its_tree() {
    let mut list: List = (0..2000).map(int).collect();
    for _ in 0..2 {
        list.clone().set(0, int(-1));
    }
    list.set(1, int(-2));
    let mut copy = list.clone();
    copy.set(0, int(-3));
    let shown: Vec<String> = copy.iter().take(3).map(Value::to_string).collect();
    assert_eq!(shown, ["-3", "-2", "2"]);
}
