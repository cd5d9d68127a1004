//! What to advise when a name is missing: nobody looks for it before the error is shown.

use super::did_you_mean;
use super::foreign;
use std::fmt;
use std::sync::Arc;

/// Knows the names that were there when another one was looked for in vain.
pub trait Adviser: Send + Sync {
    /// What may have been meant by `missing`.
    fn advise(&self, missing: &str) -> Option<String>;
}

/// Advice that nobody has asked for yet. It holds on to the names it would come from: a program that catches the fault
/// in a loop does not pay for comparing them.
#[derive(Clone, Default)]
pub struct Advice(Option<Arc<dyn Adviser>>);

impl Advice {
    /// Advice of `adviser`.
    pub fn of(adviser: impl Adviser + 'static) -> Advice {
        Advice(Some(Arc::new(adviser)))
    }

    /// What may have been meant by `missing`.
    pub fn about(&self, missing: &str) -> Option<String> {
        self.0.as_ref()?.advise(missing)
    }
}

/// It is no part of what went wrong: faults with other advice are equal.
impl PartialEq for Advice {
    fn eq(&self, _: &Advice) -> bool {
        true
    }
}

impl fmt::Debug for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Advice")
    }
}

/// How a member of a value is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Member {
    /// `value.name`
    Field,
    /// `value.name()`
    Method,
}

impl Member {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Member::Field => "field",
            Member::Method => "method",
        }
    }

    /// What may have been meant by `missing`, which is none of the `fields` or no method.
    pub fn advise(self, missing: &str, fields: &[&str], methods: &[&str]) -> Option<String> {
        if self == Member::Field && methods.contains(&missing) {
            return Some(format!("'{missing}' is a method: write {missing}()"));
        }
        let known = || fields.iter().chain(methods).copied();
        let meant = foreign::members(missing).iter().find(|name| known().any(|it| it == **name));
        if let Some(meant) = meant {
            return Some(format!("did you mean '{meant}'?"));
        }
        let near = match self {
            Member::Field => {
                let fields = did_you_mean(missing, fields.iter().copied());
                fields.or_else(|| did_you_mean(missing, methods.iter().copied()))
            }
            Member::Method => did_you_mean(missing, known()),
        };
        near.or_else(|| foreign::word(missing).map(str::to_string))
    }
}

#[cfg(test)]
mod tests {
    use super::super::Fault;
    use super::*;
    use std::sync::atomic::AtomicUsize;
    use std::sync::atomic::Ordering::Relaxed;

    struct Counts(Arc<AtomicUsize>);

    impl Adviser for Counts {
        fn advise(&self, _: &str) -> Option<String> {
            self.0.fetch_add(1, Relaxed);
            None
        }
    }

    #[test]
    fn nobody_looks_for_it_before_it_is_asked_for() {
        let asked = Arc::new(AtomicUsize::new(0));
        let advice = Advice::of(Counts(asked.clone()));
        let fault = Fault::NoField { name: "x".to_owned(), advice };
        assert_eq!(fault.clone().to_string(), "no field 'x' on object");
        assert_eq!(asked.load(Relaxed), 0);
        assert_eq!(fault.hint(), None);
        assert_eq!(asked.load(Relaxed), 1);
    }

    #[test]
    fn methods_are_offered_where_no_field_is_near() {
        let advise = |missing, fields: &[&str], methods: &[&str]| {
            Member::Field.advise(missing, fields, methods)
        };
        assert_eq!(advise("nam", &["name"], &["map"]).unwrap(), "did you mean 'name'?");
        assert_eq!(advise("keyz", &["name"], &["keys"]).unwrap(), "did you mean 'keys'?");
        assert_eq!(
            advise("keys", &["name"], &["keys"]).unwrap(),
            "'keys' is a method: write keys()"
        );
        assert_eq!(advise("lenght", &[], &["len"]), None);
        assert_eq!(
            advise("cat", &["hat", "bat", "rat", "mat"], &[]).unwrap(),
            "did you mean 'bat', 'hat' or 'mat'?"
        );
        assert_eq!(advise("ab", &["ac"], &[]), None);
    }
}
