//! Values that hold one part on many ways.

use super::super::equals;
use super::super::equals_within;
use super::super::hash::hash_value;
use super::super::same;
use super::super::size;
use super::super::write_json;
use super::*;
use crate::diag::Fault;

/// `bottom`, doubled so often.
fn doubled(bottom: Value, times: usize) -> Value {
    (0..times).fold(bottom, |x, _| array([x.clone(), x]))
}

#[test]
fn equal_values_hash_alike_however_they_share() {
    // 2^13 parts are more than a walk takes before it remembers; one of them shares nothing.
    fn apart(levels: usize) -> Value {
        match levels {
            0 => array([int(7)]),
            _ => array([apart(levels - 1), apart(levels - 1)]),
        }
    }
    let (shared, apart) = (doubled(array([int(7)]), 15), apart(15));
    assert!(equals(&shared, &apart) && same(&apart, &shared));
    assert_eq!(hash_value(&shared), hash_value(&apart));
    assert_eq!(size(&shared, 1, usize::MAX), size(&apart, 1, usize::MAX));
    assert_ne!(hash_value(&shared), hash_value(&doubled(array([int(8)]), 15)));
}

#[test]
fn a_difference_is_found_behind_shared_parts() {
    let same_part = doubled(int(1), 40);
    let with = |last| array([same_part.clone(), doubled(int(1), 40), int(last)]);
    assert!(equals(&with(1), &with(1)));
    assert!(!equals(&with(1), &with(2)));
    let deep = |bottom| array([doubled(int(1), 40), doubled(array([int(bottom)]), 40)]);
    assert!(!equals(&deep(1), &deep(2)) && !same(&deep(1), &deep(2)));
}

#[test]
fn sizes_are_counted_no_further_than_asked() {
    assert_eq!(size(&doubled(int(1), 3), 1, usize::MAX), 15);
    assert_eq!(size(&array([Value::text("abc"), int(1)]), 2, usize::MAX), 9);
    assert_eq!(size(&object([("key", Value::text("abc"))]), 1, usize::MAX), 8);
    assert!(size(&doubled(int(1), 60), 1, 1000) < 2000);
    assert!(size(&doubled(int(1), 60), 1, usize::MAX) > 1 << 60);
    assert_eq!(size(&doubled(int(1), 100), 1, usize::MAX), usize::MAX);
}

#[test]
fn comparing_gives_up_when_told() {
    let (a, b) = (doubled(int(1), 12), doubled(int(1), 12));
    let mut steps = 100;
    assert_eq!(equals_within(&a, &b, &mut steps), None);
    let mut steps = 1_000_000;
    assert_eq!(equals_within(&a, &b, &mut steps), Some(true));
    assert!((1..1_000_000 - 4000).contains(&steps), "{steps} are left");
    let mut none = 0;
    assert_eq!(equals_within(&int(1), &int(1), &mut none), Some(true));
}

#[test]
fn nothing_is_written_of_a_text_that_is_too_long() {
    let x = doubled(int(1), 60);
    let mut json = b"[".to_vec();
    assert_eq!(write_json(&x, &mut json), Err(Fault::TextTooLong));
    assert_eq!(json, b"[");
    assert_eq!(x.to_text(), Err(Fault::TextTooLong));
    let quote = x.to_string();
    assert!(quote.ends_with("...") && quote.len() <= (1 << 20) + 3);
    let long = array((0..300_000).map(int));
    assert_eq!(long.to_text().unwrap().len(), 2_288_890, "long texts are written all the same");
}
