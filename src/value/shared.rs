//! Flat first, tree when shared: the handle behind lists, sets, maps and objects.
//!
//! A block is changed in place by its only handle and copied when somebody else holds it too. A large one that is to
//! be copied again before its changes have paid for the last copy becomes a tree, built once and kept beside the block:
//! every later handle that changes it starts from a clone of that tree.

use super::Contents;
use super::drain;
use super::drain::Debris;
use std::sync::OnceLock;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use triomphe::Arc;

/// Fewer elements are always copied.
const LARGE: usize = 1000;

/// Copying this many elements costs about as much as one change of a tree.
const ELEMENTS_PER_TREE_CHANGE: usize = 64;

/// One flat block of elements.
pub(super) trait Flat: Clone + Default {
    /// The persistent form of the same elements.
    type Tree: Clone;

    /// How many elements a copy would copy; 0 for a block that never becomes a tree.
    fn weight(&self) -> usize;

    /// The same elements as a tree.
    fn to_tree(&self) -> Self::Tree;

    /// Drops one element; `false` when there is none.
    fn shed(&mut self) -> bool;

    /// Elements on their way out.
    fn debris(repr: Repr<Self>) -> Debris;
}

/// The elements of a collection.
pub(super) enum Repr<F: Flat> {
    /// In one block.
    Flat(F),
    /// In a tree that shares most of itself with others.
    Tree(Box<F::Tree>),
}

/// A handle on a collection's elements.
pub(super) struct Shared<F: Flat>(Arc<Node<F>>);

struct Node<F: Flat> {
    repr: Repr<F>,
    contents: Contents,
    /// In-place changes still to come until the last copy has paid off; another copy before that makes a tree.
    debt: AtomicUsize,
    /// The tree of a flat block that was copied twice. Set only while `debt` is not 0.
    twin: OnceLock<Box<F::Tree>>,
}

impl<F: Flat> Shared<F> {
    /// A handle on `block`.
    #[inline]
    pub(super) fn new(block: F, contents: Contents) -> Shared<F> {
        Shared::from_repr(Repr::Flat(block), contents)
    }

    /// A handle on `repr`.
    #[inline]
    pub(super) fn from_repr(repr: Repr<F>, contents: Contents) -> Shared<F> {
        Shared(Arc::new(Node { repr, contents, debt: AtomicUsize::new(0), twin: OnceLock::new() }))
    }

    /// The elements.
    #[inline(always)]
    pub(super) fn repr(&self) -> &Repr<F> {
        &self.0.repr
    }

    /// What they may contain.
    #[inline(always)]
    pub(super) fn contents(&self) -> Contents {
        self.0.contents
    }

    /// The elements to change; `adds` is what the change puts in.
    #[inline(always)]
    pub(super) fn change(&mut self, adds: Contents) -> &mut Repr<F> {
        let node = Arc::make_mut(&mut self.0);
        if *node.debt.get_mut() != 0 {
            node.pay();
        }
        node.contents = node.contents.with(adds);
        &mut node.repr
    }

    /// The elements to change without adding anything to their contents, when that needs no work at all.
    #[inline(always)]
    pub(super) fn own(&mut self) -> Option<&mut Repr<F>> {
        let node = Arc::get_mut(&mut self.0)?;
        (*node.debt.get_mut() == 0).then_some(&mut node.repr)
    }

    /// The elements themselves if this is the only handle.
    pub(super) fn into_repr(self) -> Result<Repr<F>, Shared<F>> {
        let mut node = Arc::try_unwrap(self.0).map_err(Shared)?;
        node.drop_twin();
        node.contents = Contents::PLAIN;
        Ok(std::mem::replace(&mut node.repr, Repr::Flat(F::default())))
    }

    /// Whether nobody else holds the elements.
    #[inline]
    pub(super) fn is_only(&self) -> bool {
        self.0.is_unique()
    }

    /// How many handles there are on the elements; `None` for a tree, which shares them with other trees.
    pub(super) fn holders(&self) -> Option<usize> {
        matches!(self.0.repr, Repr::Flat(_)).then(|| Arc::count(&self.0))
    }

    /// Where the elements are.
    #[inline]
    pub(super) fn address(&self) -> usize {
        Arc::as_ptr(&self.0) as usize
    }

    /// Whether both are handles on the same elements.
    #[inline]
    pub(super) fn ptr_eq(&self, other: &Shared<F>) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<F: Flat> Clone for Shared<F> {
    #[inline(always)]
    fn clone(&self) -> Shared<F> {
        Shared(self.0.clone())
    }
}

/// Cloning a node is what a change does that meets other handles.
impl<F: Flat> Clone for Node<F> {
    #[cold]
    fn clone(&self) -> Node<F> {
        let (repr, debt) = match &self.repr {
            Repr::Tree(tree) => (Repr::Tree(tree.clone()), 0),
            Repr::Flat(block) if block.weight() < LARGE => (Repr::Flat(block.clone()), 0),
            Repr::Flat(block) if self.debt.load(Relaxed) == 0 => {
                let debt = block.weight() / ELEMENTS_PER_TREE_CHANGE;
                self.debt.store(debt, Relaxed);
                (Repr::Flat(block.clone()), debt)
            }
            Repr::Flat(block) => {
                let tree = self.twin.get_or_init(|| Box::new(block.to_tree()));
                (Repr::Tree(tree.clone()), 0)
            }
        };
        Node { repr, contents: self.contents, debt: AtomicUsize::new(debt), twin: OnceLock::new() }
    }
}

impl<F: Flat> Node<F> {
    /// Counts one change in place. It makes the twin untrue.
    #[inline(never)]
    fn pay(&mut self) {
        self.drop_twin();
        *self.debt.get_mut() -= 1;
    }

    fn drop_twin(&mut self) {
        let Some(twin) = self.twin.take() else { return };
        if self.contents.has(Contents::NESTED) {
            drain::bury(F::debris(Repr::Tree(twin)));
        }
    }
}

impl<F: Flat> Drop for Node<F> {
    #[inline]
    fn drop(&mut self) {
        if self.contents.has(Contents::NESTED) {
            self.drop_twin();
            let repr = std::mem::replace(&mut self.repr, Repr::Flat(F::default()));
            drain::bury(F::debris(repr));
        }
    }
}
