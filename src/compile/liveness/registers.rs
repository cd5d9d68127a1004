//! Sets of registers, one bit each.

use crate::program::Reg;

/// A set of registers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Registers([u64; 4]);

impl Registers {
    pub(super) fn insert(&mut self, reg: Reg) {
        self.0[usize::from(reg >> 6)] |= 1 << (reg & 63);
    }

    pub(super) fn contains(&self, reg: Reg) -> bool {
        self.0[usize::from(reg >> 6)] >> (reg & 63) & 1 == 1
    }

    /// What is in either.
    pub(super) fn or(self, other: Registers) -> Registers {
        self.both(other, |a, b| a | b)
    }

    /// What is in this one only.
    pub(super) fn without(self, other: Registers) -> Registers {
        self.both(other, |a, b| a & !b)
    }

    /// The members below `reg`.
    pub(super) fn below(self, reg: Reg) -> Registers {
        let word = usize::from(reg >> 6);
        let mut kept = Registers::default();
        kept.0[..word].copy_from_slice(&self.0[..word]);
        kept.0[word] = self.0[word] & ((1 << (reg & 63)) - 1);
        kept
    }

    fn both(self, other: Registers, of: impl Fn(u64, u64) -> u64) -> Registers {
        Registers(std::array::from_fn(|i| of(self.0[i], other.0[i])))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(members: &[Reg]) -> Registers {
        let mut set = Registers::default();
        members.iter().for_each(|reg| set.insert(*reg));
        set
    }

    #[test]
    fn members_below_a_register() {
        let all = set(&[0, 63, 64, 127, 128, 255]);
        assert_eq!(all.below(0), set(&[]));
        assert_eq!(all.below(63), set(&[0]));
        assert_eq!(all.below(64), set(&[0, 63]));
        assert_eq!(all.below(128), set(&[0, 63, 64, 127]));
        assert_eq!(all.below(255), set(&[0, 63, 64, 127, 128]));
    }

    #[test]
    fn union_and_difference() {
        let (left, right) = (set(&[1, 70, 200]), set(&[70, 201]));
        assert_eq!(left.or(right), set(&[1, 70, 200, 201]));
        assert_eq!(left.without(right), set(&[1, 200]));
        assert!(left.contains(200) && !left.contains(201));
    }
}
