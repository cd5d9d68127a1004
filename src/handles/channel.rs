//! Channels: messages from any task to any other (builtins 17.2).
//!
//! Each message rings for one receiver when it comes; a receiver that goes away before it has answered passes the
//! ring on, so no message is left lying beside somebody who waits. A sender that has to wait leaves its message as an
//! offer, in order, and takes it back when it goes away.

use crate::value::Handle;
use crate::value::Resource;
use crate::value::Value;
use crate::world::Carrier;
use crate::world::Parcel;
use crate::world::Parcels;
use crate::world::World;
use event_listener::Event;
use event_listener::EventListener;
use parking_lot::Mutex;
use parking_lot::MutexGuard;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicU8;
use std::sync::atomic::Ordering::SeqCst;

/// A channel. Its copies are the same channel.
#[derive(Clone)]
pub struct Channel(Arc<Shared>);

struct Shared {
    /// Messages that wait without their sender; `None` is any number.
    capacity: Option<usize>,
    state: Mutex<State>,
    /// Rung for each message, and when the channel is closed.
    arrivals: Event,
    /// Whether a world has noted that it carries handles.
    is_noted: AtomicBool,
}

#[derive(Default)]
struct State {
    queue: VecDeque<Parcel>,
    /// Messages whose senders wait.
    offers: VecDeque<(Parcel, Arc<Fate>)>,
    /// Who waits for a message.
    receivers: usize,
    is_closed: bool,
}

/// What became of an offer.
#[derive(Default)]
struct Fate {
    state: AtomicU8,
    bell: Event,
}

const TAKEN: u8 = 1;
const REFUSED: u8 = 2;

/// What a look into a channel finds.
pub enum Taken {
    /// The next message.
    Message(Parcel),
    /// Nothing yet.
    Empty,
    /// Nothing any more.
    Closed,
}

impl Channel {
    /// A channel in which at most `capacity` messages wait without their sender.
    pub fn new(capacity: Option<usize>) -> Channel {
        let state = Mutex::default();
        let is_noted = AtomicBool::new(false);
        Channel(Arc::new(Shared { capacity, state, arrivals: Event::new(), is_noted }))
    }

    /// The channel that `value` is a handle on.
    pub fn of(value: &Value) -> Option<&Channel> {
        match value.thawed() {
            Value::Handle(handle) => handle.get(),
            _ => None,
        }
    }

    /// Whether nobody but the caller holds it, or it is closed: what is sent is lost.
    pub fn is_abandoned(&self) -> bool {
        Arc::strong_count(&self.0) == 1 || self.0.state.lock().is_closed
    }

    /// A handle on it.
    pub fn handle(&self) -> Handle {
        Handle::new(self.clone())
    }

    /// `value` of `world` as a message in this channel.
    pub fn message(&self, world: &World, value: Value) -> Parcel {
        Parcel::new(world, value, &self.0, || self.handle())
    }

    /// What a message of this channel is in `world`.
    pub fn content(&self, world: &World, message: Parcel) -> Value {
        message.into_value(world, || self.handle())
    }

    /// Takes the next message, if there is one.
    pub fn take(&self) -> Taken {
        let mut state = self.0.state.lock();
        let message = state.queue.pop_front();
        if message.is_none() || self.0.capacity.is_some_and(|capacity| state.queue.len() < capacity)
        {
            let Some((offered, fate)) = state.offers.pop_front() else {
                return match message {
                    Some(message) => Taken::Message(message),
                    None if state.is_closed => Taken::Closed,
                    None => Taken::Empty,
                };
            };
            let message = match message {
                Some(message) => {
                    state.queue.push_back(offered);
                    message
                }
                None => offered,
            };
            drop(state);
            fate.settle(TAKEN);
            return Taken::Message(message);
        }
        message.map_or(Taken::Empty, Taken::Message)
    }

    /// Waits for the next message; `None` once the channel is closed and drained.
    pub async fn receive(&self) -> Option<Parcel> {
        // Listening allocates.
        let mut found = self.take();
        loop {
            let arrival = match found {
                Taken::Message(message) => return Some(message),
                Taken::Closed => return None,
                Taken::Empty => Arrival::new(self),
            };
            found = self.take();
            if matches!(found, Taken::Empty) {
                arrival.rung().await;
                found = self.take();
            }
        }
    }

    /// Waits until a message is there or the channel is closed.
    pub async fn ready(&self) {
        loop {
            let arrival = Arrival::new(self);
            {
                let state = self.0.state.lock();
                if state.is_closed || !state.queue.is_empty() || !state.offers.is_empty() {
                    return;
                }
            }
            arrival.rung().await;
        }
    }

    /// The first of `channels` that has a message, with the message; `None` when `timer` ends first, or once all are
    /// closed and drained. The look around begins one channel later each time.
    pub async fn select(
        channels: &[Channel],
        timer: impl Future<Output = ()>,
    ) -> Option<(usize, Parcel)> {
        let mut timer = std::pin::pin!(timer);
        let mut first = 0;
        loop {
            let mut arrivals: Vec<Arrival> = channels.iter().map(Arrival::new).collect();
            let mut is_open = false;
            for at in (first..channels.len()).chain(0..first) {
                match channels[at].take() {
                    Taken::Message(message) => {
                        drop(arrivals);
                        channels.iter().for_each(Channel::ring_again);
                        return Some((at, message));
                    }
                    Taken::Empty => is_open = true,
                    Taken::Closed => {}
                }
            }
            if !is_open {
                return None;
            }
            let rung = std::future::poll_fn(|context| {
                let is_rung = |arrival: &mut Arrival| {
                    std::pin::Pin::new(&mut arrival.listener).poll(context).is_ready()
                };
                if arrivals.iter_mut().any(is_rung) {
                    return std::task::Poll::Ready(true);
                }
                timer.as_mut().poll(context).map(|()| false)
            });
            if !rung.await {
                return None;
            }
            first = (first + 1) % channels.len();
        }
    }

    /// A ring that one who looks at several channels heard may have been for a message that it leaves lying.
    fn ring_again(&self) {
        let state = self.0.state.lock();
        let waiting = state.queue.len() + state.offers.len();
        drop(state);
        if waiting > 0 {
            self.0.arrivals.notify(waiting);
        }
    }

    /// Sends a message if nobody has to wait for it; whether it went.
    pub fn try_send(&self, message: Parcel) -> bool {
        let mut state = self.0.state.lock();
        // Those who wait for a message take it, even if the channel keeps none.
        let room = self.0.capacity.map(|capacity| capacity.max(state.receivers));
        let is_sent = !state.is_closed && room.is_none_or(|room| state.queue.len() < room);
        if is_sent {
            state.queue.push_back(message);
            drop(state);
            self.0.arrivals.notify_additional(1);
        }
        is_sent
    }

    /// Sends a message, unless it has to wait for room.
    ///
    /// # Errors
    /// The message that has to wait; nothing when the channel is closed.
    pub fn send_now(&self, message: Parcel) -> Result<(), Option<Parcel>> {
        self.place(&mut self.0.state.lock(), message)?;
        self.0.arrivals.notify_additional(1);
        Ok(())
    }

    fn place(&self, state: &mut State, message: Parcel) -> Result<(), Option<Parcel>> {
        if state.is_closed {
            return Err(None);
        }
        if self.0.capacity.is_some_and(|capacity| state.queue.len() >= capacity) {
            return Err(Some(message));
        }
        state.queue.push_back(message);
        Ok(())
    }

    /// Sends a message as soon as there is room for it; false when the channel is closed before that.
    pub async fn send(&self, message: Parcel) -> bool {
        let offer = {
            let mut state = self.0.state.lock();
            match self.place(&mut state, message) {
                Ok(()) => None,
                Err(None) => return false,
                Err(Some(message)) => {
                    let fate = Arc::new(Fate::default());
                    state.offers.push_back((message, fate.clone()));
                    Some(Offer { channel: self, fate })
                }
            }
        };
        self.0.arrivals.notify_additional(1);
        match offer {
            Some(offer) => offer.is_taken().await,
            None => true,
        }
    }

    /// Closes it: what is in it can still be received.
    pub fn close(&self) {
        let mut state = self.0.state.lock();
        state.is_closed = true;
        let offers = std::mem::take(&mut state.offers);
        drop(state);
        offers.iter().for_each(|(_, fate)| fate.settle(REFUSED));
        self.0.arrivals.notify(usize::MAX);
    }
}

impl Fate {
    fn settle(&self, state: u8) {
        self.state.store(state, SeqCst);
        self.bell.notify(usize::MAX);
    }
}

/// A message whose sender waits.
struct Offer<'c> {
    channel: &'c Channel,
    fate: Arc<Fate>,
}

impl Offer<'_> {
    async fn is_taken(&self) -> bool {
        loop {
            let listener = self.fate.bell.listen();
            match self.fate.state.load(SeqCst) {
                TAKEN => return true,
                REFUSED => return false,
                _ => listener.await,
            }
        }
    }
}

impl Drop for Offer<'_> {
    fn drop(&mut self) {
        if self.fate.state.load(SeqCst) == 0 {
            let mut state = self.channel.0.state.lock();
            let mine = state.offers.iter().position(|(_, fate)| Arc::ptr_eq(fate, &self.fate));
            let message = mine.and_then(|at| state.offers.remove(at));
            drop(state);
            drop(message);
        }
    }
}

/// Somebody who waits for a message.
struct Arrival<'c> {
    channel: &'c Channel,
    listener: EventListener,
}

impl<'c> Arrival<'c> {
    /// From now on each ring is heard.
    fn new(channel: &'c Channel) -> Arrival<'c> {
        let listener = channel.0.arrivals.listen();
        channel.0.state.lock().receivers += 1;
        Arrival { channel, listener }
    }

    async fn rung(mut self) {
        (&mut self.listener).await;
    }
}

impl Drop for Arrival<'_> {
    fn drop(&mut self) {
        self.channel.0.state.lock().receivers -= 1;
    }
}

impl Carrier for Shared {
    fn open(&self) -> Box<dyn Parcels + '_> {
        Box::new(Open(self.state.lock()))
    }

    fn noted(&self) -> &AtomicBool {
        &self.is_noted
    }
}

struct Open<'c>(MutexGuard<'c, State>);

impl Parcels for Open<'_> {
    fn each(&self, look: &mut dyn FnMut(&Parcel)) {
        let offers = self.0.offers.iter().map(|(parcel, _)| parcel);
        self.0.queue.iter().chain(offers).for_each(look);
    }

    fn take(&mut self) -> Vec<Parcel> {
        // Who waits with an offer holds the channel.
        self.0.queue.drain(..).collect()
    }
}

impl Resource for Channel {
    fn kind(&self) -> &'static str {
        "Channel"
    }

    fn shown(&self) -> &'static str {
        "<channel>"
    }

    fn address(&self) -> usize {
        Arc::as_ptr(&self.0) as usize
    }
}
