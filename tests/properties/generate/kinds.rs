//! What variables hold, and what they are called.

use super::super::program::Step;

/// What a variable holds; every name of a kind starts with the same letter.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Int,
    Function,
    /// `{ f: function, g: function }`
    Pair,
    /// Two ints or more.
    Ints,
    /// `{ n: int, xs: [int, int] }`
    Data,
    /// Something else that holds functions.
    Holder(usize),
    /// A function that makes pairs.
    Factory,
}

/// The holders: the letter of the name, and the way to a function in it.
pub(super) const HOLDERS: [(char, &[Step]); 5] = [
    ('b', &[Step::Index(0)]),
    ('m', &[Step::Key("f")]),
    ('r', &[Step::Unwrap]),
    ('s', &[Step::Unwrap]),
    ('h', &[Step::Index(0), Step::Field("f")]),
];

impl Kind {
    pub(super) fn of(name: &str) -> Kind {
        let first = name.chars().next().expect("a name is not empty");
        match first {
            'n' | 'c' | 'p' | 'd' | 'w' | 'g' => Kind::Int,
            'f' | 'k' => Kind::Function,
            'o' => Kind::Pair,
            'a' => Kind::Ints,
            't' => Kind::Data,
            'q' => Kind::Factory,
            _ => Kind::Holder(HOLDERS.iter().position(|(of, _)| *of == first).expect("a kind")),
        }
    }

    /// The names that programs give to variables of the kind: few, so that they shadow and redefine one another.
    pub(super) fn names(self) -> Vec<String> {
        let names = match self {
            Kind::Int => "n0 n1 n2 p0 p1 c0 c1",
            Kind::Function => "f0 f1 f2 k0 k1",
            Kind::Pair => "o0 o1",
            Kind::Ints => "a0 a1",
            Kind::Data => "t0",
            Kind::Factory => "q0 q1",
            Kind::Holder(i) => return vec![format!("{}0", HOLDERS[i].0)],
        };
        names.split(' ').map(String::from).collect()
    }
}

/// Whether programs assign the variable.
pub(super) fn is_assigned(name: &str) -> bool {
    !name.starts_with(['c', 'k', 'd', 'w'])
}
