//! How texts are held: short ones in the handle, long ones shared, those that grow in place.

use super::*;
use proptest::prelude::*;

#[test]
fn sixteen_bytes_need_no_memory() {
    assert!(text("").is_short());
    assert!(text("sixteen bytes on").is_short());
    assert!(text("ä€😀 123456").is_short());
    assert!(!text("seventeen bytes o").is_short());
    assert!(Text::growing("short".to_owned()).is_short());
}

#[test]
fn only_the_last_handle_grows() {
    let long = "grows where it is, in place".to_owned();
    assert!(text(&long).own().is_none(), "it was made to stay as it is");
    let mut growing = Text::growing(long.clone());
    let other = growing.clone();
    assert!(growing.is_same(&other));
    assert!(growing.own().is_none(), "somebody else holds it");
    drop(other);
    growing.own().expect("nobody else holds it").push('!');
    assert_eq!(growing.as_str(), long + "!");
}

#[test]
fn what_is_equal_and_long_is_not_the_same() {
    let [a, b] = [text("an equal text, made twice"), text("an equal text, made twice")];
    assert_eq!(a, b);
    assert!(!a.is_same(&b) && a.is_same(&a.clone()));
    assert!(text("short").is_same(&text("short")));
}

proptest! {
    #[test]
    fn however_a_text_is_made_it_is_that_text(given in ".{0,24}", long in ".{0,400}") {
        for given in [given, long] {
            let parts: Vec<Value> = given.chars().map(Value::text).collect();
            let made = [
                Text::from(given.as_str()),
                Text::from(given.clone()),
                Text::growing(given.clone()),
                Text::of_all(&parts).unwrap(),
            ];
            for text in made {
                prop_assert_eq!(text.as_str(), given.as_str());
                prop_assert_eq!(&text, &Text::from(given.as_str()));
                prop_assert_eq!(hash(&text), hash(&Text::from(given.as_str())));
            }
        }
    }
}

proptest! {
    /// Texts of one length that differ in one byte at most, so that each of the overlapping parts decides.
    #[test]
    fn equal_texts_have_equal_bytes(given in "[ab]{0,20}", at in 0usize..20, other in "[abc]") {
        let mut changed = given.clone();
        if at < given.len() {
            changed.replace_range(at..=at, &other);
        }
        let (one, two) = (Text::from(given.as_str()), Text::from(changed.as_str()));
        prop_assert_eq!(one == two, given == changed);
    }
}

fn hash(text: &Text) -> u64 {
    super::super::hash::hash_value(&Value::Str(text.clone()))
}
