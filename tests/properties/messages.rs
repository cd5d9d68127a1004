//! P-1 with tasks, channels and shared variables: pairs of functions over one variable go between worlds, in messages, in
//! what holds them, as results of tasks, and count a shared variable, in transactions that end well and that fail, while
//! worlds fork, are restored and dropped. The model knows variables by number: a message to another world is a copy of
//! all that can be reached, as it was when it was sent; within its world it is the thing itself. What is shared is one
//! number for all.

use super::isolation::config;
use super::schedule::Schedule;
use super::support;
use forge::engine::Template;
use forge::world::Snapshot;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use proptest::test_runner::TestRunner;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

/// Variables that each world has by name.
const SLOTS: usize = 4;

/// Ways to hold a pair in a message.
const HOLDERS: i64 = 10;

const PROGRAM: &str = "
let ch = channel()
shared { let mut common = 0 }
fn pair() { let mut n = 0
    let mut next = null
    return { inc: fn() { n += 1
            return n }, get: fn() { return n }, link: fn(to) { next = to }, next: fn() { return next } } }
let mut slots = [pair(), pair(), pair(), pair()]
struct Box { held: any }
impl Box { fn bump(it) { return it.held.inc() } }
fn inc(i, j) { return slots[i].inc() }
fn by_method(i, j) { let b = Box { held: slots[i] }
    return b.bump() }
fn by_task(i, j) { let p = slots[i]
    return await spawn { p.inc() } }
fn by_squad(i, j) { let (p, q) = (slots[i], slots[j])
    squad { spawn { p.inc() }
        spawn { q.inc() } }
    return p.get() }
fn fresh(i, j) { slots[i] = pair() }
fn alias(i, j) { slots[i] = slots[j] }
fn link(i, j) { slots[i].link(slots[j]) }
fn follow(i, j) { let next = slots[i].next()
    if next != null { slots[i] = next } }
fn held(k, a, b) { match k {
    0 => [a, b]
    1 => (a, b)
    2 => { { a: a, b: b } }
    3 => Ok([a, b])
    4 => Some((a, b))
    5 => freeze [a, b]
    6 => map([(\"a\", a), (\"b\", b)])
    7 => [Box { held: a }, { f: fn() { return b } }]
    8 => [set([a.inc, b.inc]), a, b]
    _ => { let h = spawn { [a, b] }
        await h
        [h, ch] } } }
fn opened(k, v) { match k {
    2 => [v.a, v.b]
    3 => unwrap(v)
    4 => unwrap(v)
    6 => [v[\"a\"], v[\"b\"]]
    7 => [v[0].held, v[1].f()]
    8 => { assert(v[0].has(v[1].inc) && v[0].has(v[2].inc))
        [v[1], v[2]] }
    9 => { assert(v[1] == ch)
        await v[0] }
    _ => [v[0], v[1]] } }
fn put(k, i, j) { send(ch, (k, held(k, slots[i], slots[j]))) }
fn take(i, j) { let m = try_receive(ch)
    if m != None { let (k, v) = unwrap(m)
        let both = opened(k, v)
        slots[i] = both[0]
        slots[j] = both[1] } }
fn share(i, j) { common += slots[i].inc()
    return common }
fn share_in_tasks(i, j) { let p = slots[i]
    squad { spawn { common += 2
            p.inc() }
        spawn { atomic { common += p.inc() - p.get() + 1 } } }
    return [common, p.get()] }
fn transact(i, j) { return atomic { slots[i].inc()
    slots[i] = slots[j]
    common = common * 2 + slots[i].inc()
    if common > 1000 { common = 0 }
    common } }
fn fail(i, j) { safe { atomic { slots[j].inc()
        slots[i] = slots[j]
        common = -1
        bruh(\"no\") } }
    return common }
fn drain(i, j) { while try_receive(ch) != None { } }
fn begin(i, j) { drain(i, j)
    common = 0 }
fn look(i, j) { return (slots.map(fn(p) { let next = p.next()
        return [p.get(), if next == null { -1 } else { next.get() }] }), common) }
";

/// A variable and what it is linked to.
#[derive(Clone, Copy)]
struct Node {
    n: i64,
    next: Option<usize>,
}

type Heap = BTreeMap<usize, Node>;

#[derive(Clone)]
struct Model {
    heap: Heap,
    slots: [usize; SLOTS],
}

/// A message in the channel.
struct Message {
    home: usize,
    heap: Heap,
    nodes: [usize; 2],
}

struct Twin {
    number: usize,
    forge: Template,
    model: Model,
    snapshots: Vec<(Snapshot, Model)>,
}

/// Everything that is no world's own.
struct Run {
    schedule: Arc<Schedule>,
    worlds: Vec<Twin>,
    queue: std::collections::VecDeque<Message>,
    /// What all worlds share.
    common: i64,
    /// Numbers given to variables and worlds.
    next: usize,
}

impl Run {
    fn number(&mut self) -> usize {
        self.next += 1;
        self.next
    }

    fn call(&self, world: usize, function: &str, args: &[i64]) -> String {
        let machine = support::machine(&self.worlds[world].forge, function, args);
        match self.schedule.finish(machine) {
            Some(Ok(value)) => value.to_string(),
            Some(Err(fault)) => fault,
            None => "all sleep".to_string(),
        }
    }

    /// The variables that can be reached from `nodes`, each with a number of its own, and the numbers of `nodes`.
    fn copy(&mut self, heap: &Heap, nodes: [usize; 2]) -> (Heap, [usize; 2]) {
        let mut fresh = BTreeMap::new();
        let mut open = nodes.to_vec();
        while let Some(node) = open.pop() {
            if let Entry::Vacant(place) = fresh.entry(node) {
                place.insert(self.number());
                open.extend(heap[&node].next);
            }
        }
        let copy = |(old, new): (&usize, &usize)| {
            let Node { n, next } = heap[old];
            (*new, Node { n, next: next.map(|next| fresh[&next]) })
        };
        (fresh.iter().map(copy).collect(), nodes.map(|node| fresh[&node]))
    }

    fn happen(&mut self, (kind, world, i, j): (u8, u8, u8, u8)) -> Result<(), String> {
        let world = usize::from(world) % self.worlds.len();
        let (i, j) = (usize::from(i) % SLOTS, usize::from(j) % SLOTS);
        let args = [i as i64, j as i64];
        let model = &mut self.worlds[world].model;
        let [at, to] = [model.slots[i], model.slots[j]];
        let mut bump = |node: usize| {
            let node = model.heap.get_mut(&node).expect("what a world names is in it");
            node.n += 1;
            node.n
        };
        match kind % 28 {
            kind @ 0..=4 => {
                let name = ["inc", "inc", "inc", "by_method", "by_task"][usize::from(kind)];
                let expected = bump(at).to_string();
                agree(&expected, &self.call(world, name, &args))?;
            }
            5 => {
                bump(at);
                bump(to);
                let expected = model.heap[&at].n.to_string();
                agree(&expected, &self.call(world, "by_squad", &args))?;
            }
            6 => {
                let node = self.number();
                let model = &mut self.worlds[world].model;
                model.heap.insert(node, Node { n: 0, next: None });
                model.slots[i] = node;
                self.call(world, "fresh", &args);
            }
            7 => {
                model.slots[i] = to;
                self.call(world, "alias", &args);
            }
            8..=9 => {
                model.heap.get_mut(&at).expect("what a world names is in it").next = Some(to);
                self.call(world, "link", &args);
            }
            10 => {
                model.slots[i] = model.heap[&at].next.unwrap_or(at);
                self.call(world, "follow", &args);
            }
            11..=14 => {
                let holder = (self.next as i64 + args[0]) % HOLDERS;
                let heap = model.heap.clone();
                let home = self.worlds[world].number;
                self.queue.push_back(Message { home, heap, nodes: [at, to] });
                agree("null", &self.call(world, "put", &[holder, args[0], args[1]]))?;
            }
            15..=18 => {
                if let Some(message) = self.queue.pop_front() {
                    let mut nodes = message.nodes;
                    if message.home != self.worlds[world].number {
                        let (copies, numbers) = self.copy(&message.heap, nodes);
                        self.worlds[world].model.heap.extend(copies);
                        nodes = numbers;
                    }
                    self.worlds[world].model.slots[i] = nodes[0];
                    self.worlds[world].model.slots[j] = nodes[1];
                }
                agree("null", &self.call(world, "take", &args))?;
            }
            24 => {
                self.common += bump(at);
                agree(&self.common.to_string(), &self.call(world, "share", &args))?;
            }
            25 => {
                bump(at);
                let n = bump(at);
                self.common += 3;
                let expected = format!("[{}, {n}]", self.common);
                agree(&expected, &self.call(world, "share_in_tasks", &args))?;
            }
            26 => {
                bump(at);
                self.common = 2 * self.common + bump(to);
                if self.common > 1000 {
                    self.common = 0;
                }
                self.worlds[world].model.slots[i] = to;
                agree(&self.common.to_string(), &self.call(world, "transact", &args))?;
            }
            19..=20 if self.worlds.len() < 6 => {
                let twin = &self.worlds[world];
                let (forge, model) = (twin.forge.fork(), twin.model.clone());
                let number = self.number();
                self.worlds.push(Twin { number, forge, model, snapshots: Vec::new() });
            }
            21 => {
                let twin = &mut self.worlds[world];
                twin.snapshots.push((twin.forge.world.snapshot(), twin.model.clone()));
            }
            22 => {
                // A message would bring variables back that the world has not made yet.
                self.queue.clear();
                self.call(world, "drain", &args);
                let twin = &mut self.worlds[world];
                if let Some((snapshot, model)) = twin.snapshots.last() {
                    twin.forge.world.restore(snapshot);
                    twin.model = model.clone();
                }
            }
            27 => agree(&self.common.to_string(), &self.call(world, "fail", &args))?,
            _ if self.worlds.len() > 1 => drop(self.worlds.swap_remove(world)),
            _ => {}
        }
        Ok(())
    }

    /// Both sides show the same in all worlds.
    fn same(&self) -> Result<(), String> {
        for (at, Twin { model, .. }) in self.worlds.iter().enumerate() {
            let shown = model.slots.map(|slot| {
                let Node { n, next } = model.heap[&slot];
                format!("[{n}, {}]", next.map_or(-1, |next| model.heap[&next].n))
            });
            let expected = format!("([{}], {})", shown.join(", "), self.common);
            agree(&expected, &self.call(at, "look", &[0, 0]))?;
        }
        Ok(())
    }
}

fn agree(expected: &str, found: &str) -> Result<(), String> {
    match expected == found {
        true => Ok(()),
        false => Err(format!("expected {expected}, found {found}")),
    }
}

#[test]
fn messages_do_what_copies_of_everything_do() {
    let schedule = Schedule::new(1);
    let mut loaded = support::loaded(PROGRAM);
    schedule.drives(&mut loaded);
    let template = support::ready(loaded).expect("the program runs");
    let history = vec(any::<(u8, u8, u8, u8)>(), 1..60);
    let check = |history: Vec<(u8, u8, u8, u8)>| {
        let model = Model {
            heap: (0..SLOTS).map(|slot| (slot, Node { n: 0, next: None })).collect(),
            slots: std::array::from_fn(|slot| slot),
        };
        let first = Twin { number: SLOTS, forge: template.fork(), model, snapshots: Vec::new() };
        let (worlds, queue) = (vec![first], Default::default());
        let mut run = Run { schedule: schedule.clone(), worlds, queue, common: 0, next: SLOTS };
        run.call(0, "begin", &[0, 0]);
        for (at, event) in history.into_iter().enumerate() {
            let done = run.happen(event).and_then(|()| run.same());
            done.map_err(|how| TestCaseError::fail(format!("event {at} ({event:?}): {how}")))?;
        }
        Ok(())
    };
    TestRunner::new(config()).run(&history, check).unwrap_or_else(|failure| panic!("{failure}"));
    schedule.settle();
    assert_eq!(schedule.len(), 0, "every task has ended");
}
