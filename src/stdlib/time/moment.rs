//! Times as values: what a time object or a number says, and the object of a moment.

use crate::diag::Fault;
use crate::native::Args;
use crate::native::fail;
use crate::value::Object;
use crate::value::Shape;
use crate::value::Text;
use crate::value::Value;
use chrono::DateTime;
use chrono::Datelike;
use chrono::Local;
use chrono::TimeZone;
use chrono::Timelike;
use chrono::Utc;
use chrono_tz::Tz;
use std::fmt::Display;
use std::sync::Arc;
use std::sync::LazyLock;

/// An instant, to the millisecond.
#[derive(Clone, Copy)]
pub(super) struct Moment(DateTime<Utc>);

impl Moment {
    /// What a time object or a number of seconds stands for, if it is one.
    pub(super) fn of(value: &Value) -> Option<Moment> {
        let millis = match value.thawed() {
            Value::Int(seconds) => seconds.checked_mul(1000)?,
            Value::Object(object) => {
                let Value::Int(seconds) = object.get("unix")?.thawed() else { return None };
                match object.get("unix_ms").map(Value::thawed) {
                    // Whoever edits `unix` means it.
                    Some(Value::Int(millis)) if millis.div_euclid(1000) == *seconds => *millis,
                    _ => seconds.checked_mul(1000)?,
                }
            }
            _ => return None,
        };
        DateTime::from_timestamp_millis(millis).map(Moment)
    }

    pub(super) fn utc(self) -> DateTime<Utc> {
        self.0
    }

    pub(super) fn seconds(self) -> i64 {
        self.0.timestamp()
    }

    pub(super) fn millis(self) -> i64 {
        self.0.timestamp_millis()
    }
}

/// The time that is the first argument.
pub(super) fn first(args: &Args<'_>) -> Result<Moment, Fault> {
    nth(args, 0, "first")
}

fn nth(args: &Args<'_>, i: usize, which: &str) -> Result<Moment, Fault> {
    match Moment::of(args.get(i)) {
        Some(moment) => Ok(moment),
        None => fail(format!("{which} argument must be a time object")),
    }
}

/// The two times that are the arguments of the function `name`.
pub(super) fn two(args: &Args<'_>, name: &str) -> Result<[Moment; 2], Fault> {
    if args.len() < 2 {
        return fail(format!("time.{name}(t1, t2) requires two time objects"));
    }
    Ok([nth(args, 0, "first")?, nth(args, 1, "second")?])
}

/// The time that is the first argument; now when there is none.
pub(super) fn or_now(args: &Args<'_>) -> Result<Moment, Fault> {
    if args.is_empty() {
        return Ok(Moment(Utc::now()));
    }
    match Moment::of(args.get(0)) {
        Some(moment) => Ok(moment),
        None => fail("argument must be a time object"),
    }
}

/// The moment so many seconds after the beginning of 1970.
pub(super) fn at(seconds: i64) -> Result<DateTime<Utc>, Fault> {
    match DateTime::from_timestamp(seconds, 0) {
        Some(at) => Ok(at),
        None => fail(format!("invalid unix timestamp: {seconds}")),
    }
}

/// The zone of that name.
pub(super) fn zone_named(name: &str) -> Result<Tz, Fault> {
    match name.parse() {
        Ok(zone) => Ok(zone),
        Err(_) => {
            fail(format!("unknown timezone: '{name}'. Use time.zones() to list available zones"))
        }
    }
}

/// The object of a moment in a zone.
pub(super) fn in_zone<Z: TimeZone>(at: DateTime<Utc>, zone: Z, name: &str) -> Value
where
    Z::Offset: Display,
{
    object(&at.with_timezone(&zone), name)
}

/// The object of a moment in the zone of the system.
pub(super) fn local(at: DateTime<Local>) -> Value {
    object(&at, "Local")
}

/// The object of a moment in the zone that an earlier time names; UTC when it names none.
pub(super) fn like(at: DateTime<Utc>, earlier: &Value) -> Value {
    let name = match earlier.thawed() {
        Value::Object(object) => object.get("timezone").map(Value::thawed),
        _ => None,
    };
    match name {
        Some(Value::Str(name)) => match name.parse::<Tz>() {
            Ok(zone) => in_zone(at, zone, name),
            Err(_) => in_zone(at, Utc, "UTC"),
        },
        _ => in_zone(at, Utc, "UTC"),
    }
}

/// The fields of a time object.
static SHAPE: LazyLock<Arc<Shape>> = LazyLock::new(|| {
    let names = [
        "iso",
        "unix",
        "unix_ms",
        "year",
        "month",
        "day",
        "hour",
        "minute",
        "second",
        "weekday",
        "weekday_short",
        "day_of_year",
        "timezone",
    ];
    Shape::new(names.map(Text::from).to_vec())
});

fn object<Z: TimeZone>(at: &DateTime<Z>, zone: &str) -> Value
where
    Z::Offset: Display,
{
    let number = |part: u32| Value::Int(i64::from(part));
    let values = vec![
        at.to_rfc3339().into(),
        Value::Int(at.timestamp()),
        Value::Int(at.timestamp_millis()),
        Value::Int(i64::from(at.year())),
        number(at.month()),
        number(at.day()),
        number(at.hour()),
        number(at.minute()),
        number(at.second()),
        at.format("%A").to_string().into(),
        at.format("%a").to_string().into(),
        number(at.ordinal()),
        zone.into(),
    ];
    Value::Object(Object::shaped(SHAPE.clone(), values))
}
