//! What a place in the code found last: one word, read without a lock, so that cores which run the same code do not
//! wait for each other.

use std::sync::atomic::AtomicU32;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

/// Bits of a shape, and as many for a version.
const KEY_BITS: u32 = 22;
const VALUE_BITS: u32 = 64 - 2 * KEY_BITS;

/// Shapes and versions are below this number; what is beyond is looked up each time.
pub const KEYS: u32 = 1 << KEY_BITS;

/// A place that has seen this many kinds of objects writes no more: cores would fight over the line.
const PATIENCE: u32 = 100;

/// An inline cache: the number that was found for one shape and one version of the method tables, in one word, so that
/// nobody reads half of another's.
#[derive(Debug, Default)]
pub struct SiteCache {
    word: AtomicU64,
    writes: AtomicU32,
}

impl SiteCache {
    /// The number kept for `shape`, which is not 0, under `version`; both below [`KEYS`].
    #[inline(always)]
    pub fn get(&self, shape: u32, version: u32) -> Option<u32> {
        let found = self.word.load(Relaxed) ^ key(shape, version);
        (found < 1 << VALUE_BITS).then_some(found as u32)
    }

    /// Keeps a number for `shape` under `version`, if they fit.
    #[cold]
    pub fn put(&self, shape: u32, version: u32, value: u32) {
        let fits = shape != 0 && shape < KEYS && version < KEYS && value < 1 << VALUE_BITS;
        if fits && self.writes.load(Relaxed) < PATIENCE {
            self.writes.fetch_add(1, Relaxed);
            self.word.store(key(shape, version) | u64::from(value), Relaxed);
        }
    }
}

#[inline(always)]
fn key(shape: u32, version: u32) -> u64 {
    u64::from(shape) << (64 - KEY_BITS) | u64::from(version) << VALUE_BITS
}

/// A copy of a place has seen nothing yet.
impl Clone for SiteCache {
    fn clone(&self) -> SiteCache {
        SiteCache::default()
    }
}

/// What was found is no part of what a place is.
impl PartialEq for SiteCache {
    fn eq(&self, _: &SiteCache) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_found_for_its_own_key_only() {
        let cache = SiteCache::default();
        for shape in [1, 2, KEYS - 1] {
            assert_eq!(cache.get(shape, 0), None, "nothing is kept yet");
        }
        cache.put(7, 3, 41);
        assert_eq!(cache.get(7, 3), Some(41));
        assert_eq!([cache.get(7, 2), cache.get(6, 3), cache.get(8, 3)], [None; 3]);
        cache.put(KEYS - 1, KEYS - 1, (1 << VALUE_BITS) - 1);
        assert_eq!(cache.get(KEYS - 1, KEYS - 1), Some((1 << VALUE_BITS) - 1));
        assert_eq!(cache.get(7, 3), None);
    }

    #[test]
    fn what_does_not_fit_is_not_kept() {
        let cache = SiteCache::default();
        cache.put(0, 0, 1);
        cache.put(KEYS, 0, 1);
        cache.put(1, KEYS, 1);
        cache.put(1, 0, 1 << VALUE_BITS);
        assert_eq!(cache.word.load(Relaxed), 0);
    }

    #[test]
    fn a_place_that_sees_everything_gives_up() {
        let cache = SiteCache::default();
        (1..=2 * PATIENCE).for_each(|shape| cache.put(shape, 0, shape));
        assert_eq!(cache.get(PATIENCE, 0), Some(PATIENCE));
    }
}
