//! `time`: instants, calendars, zones (stdlib 21). A time is a plain object; what counts of it is its `unix` field.

mod calendar;
mod moment;
mod parse;
mod span;

use super::PURE;
use crate::diag::Fault;
use crate::native::Args;
use crate::native::Builtin;
use crate::native::GLOBAL;
use crate::native::Kind;
use crate::native::Outcome;
use crate::native::Param;
use crate::native::Returns;
use crate::native::Work;
use crate::native::fail;
use crate::native::optional;
use crate::native::required;
use crate::native::to_float;
use crate::value::Value;
use chrono::DateTime;
use chrono::Local;
use chrono::Utc;
use chrono::format::Item;
use chrono::format::StrftimeItems;
use moment::Moment;
use moment::first;
use moment::in_zone;
use moment::local;
use moment::zone_named;
use std::time::Duration;

/// Their kinds are checked here: each function has failures of its own.
const T: &[Param] = &[optional("t", Kind::Any)];
const TWO: &[Param] = &[optional("a", Kind::Any), optional("b", Kind::Any)];
const T_AND_UNIT: &[Param] = &[optional("t", Kind::Any), optional("unit", Kind::String)];
const T_AND_DURATION: &[Param] = &[optional("t", Kind::Any), optional("duration", Kind::Any)];

/// What gives a time.
const TIME: Builtin = Builtin { returns: Returns::Object, ..PURE };

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "time",
        params: &[optional("tz", Kind::String)],
        returns: Returns::Object,
        doc: "What the module itself does when it is called: `time.now()`.",
        examples: &[("say time().unix_ms > 0", "true")],
        work: Work::Little,
        run: now,
        ..GLOBAL
    },
    Builtin {
        name: "time.now",
        params: &[optional("tz", Kind::String)],
        doc: "This moment, in UTC or in a zone.",
        examples: &[
            ("say time.now().timezone", "UTC"),
            (r#"say time.now("Asia/Tokyo").timezone"#, "Asia/Tokyo"),
        ],
        run: now,
        ..TIME
    },
    Builtin {
        name: "time.unix",
        returns: Returns::Int,
        doc: "Seconds since 1970.",
        examples: &[("say time.unix() > 1700000000", "true")],
        run: |_| Ok(Value::Int(Utc::now().timestamp()).into()),
        ..PURE
    },
    Builtin {
        name: "time.parse",
        params: &[optional("text", Kind::Any), optional("tz", Kind::String)],
        doc: "The time that a text or a number of seconds since 1970 stands for, shown in a zone if one is given.",
        examples: &[(r#"say time.parse("2024-02-29").weekday"#, "Thursday")],
        run: parse::parse,
        ..TIME
    },
    Builtin {
        name: "time.format",
        params: &[optional("t", Kind::Any), optional("format", Kind::String)],
        returns: Returns::String,
        doc: "A time as text, in UTC, by `%` codes.",
        examples: &[(r#"say time.format(0, "%a %-d %b %Y")"#, "Thu 1 Jan 1970")],
        run: format,
        ..PURE
    },
    Builtin {
        name: "time.diff",
        params: TWO,
        returns: Returns::Object,
        doc: "How much later the first time is: `seconds`, `minutes`, `hours`, `days`, `weeks`, `human`.",
        examples: &[("say time.diff(90061, 0).human", "1d 1h 1m 1s")],
        run: span::diff,
        ..PURE
    },
    Builtin {
        name: "time.add",
        params: T_AND_DURATION,
        doc: "A later time, by seconds or by an object with `years`, `months`, `weeks`, `days`, `hours`, `minutes`, \
              `seconds`, `millis`. A month has 30 days, a year 365.",
        examples: &[("say time.add(0, { days: 1, hours: 2 }).iso", "1970-01-02T02:00:00+00:00")],
        run: |args| span::shift(args, "add", 1),
        ..TIME
    },
    Builtin {
        name: "time.sub",
        params: T_AND_DURATION,
        doc: "An earlier time; the duration is that of `time.add`.",
        examples: &[("say time.sub(86400, 60).iso", "1970-01-01T23:59:00+00:00")],
        run: |args| span::shift(args, "sub", -1),
        ..TIME
    },
    Builtin {
        name: "time.zone",
        params: &[optional("t", Kind::Any), optional("tz", Kind::Any)],
        doc: "The same moment in a zone.",
        examples: &[(r#"say time.zone(0, "Asia/Tokyo").hour"#, "9")],
        run: zone,
        ..TIME
    },
    Builtin {
        name: "time.zones",
        params: &[optional("filter", Kind::String)],
        returns: Returns::Array,
        doc: "The names of all zones, or of those with a text in them.",
        examples: &[(r#"say time.zones("tokyo")"#, "[Asia/Tokyo]")],
        run: |args| {
            let filter = match args.given(0) {
                Some(Value::Str(filter)) => filter.to_lowercase(),
                _ => String::new(),
            };
            let names = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
            let found = names.filter(|name| name.to_lowercase().contains(&filter));
            Ok(Value::array(found.map(Value::from).collect()).into())
        },
        ..PURE
    },
    Builtin {
        name: "time.elapsed",
        returns: Returns::Int,
        doc: "Milliseconds since 1970: the difference of two calls is the time between them.",
        examples: &[("let start = time.elapsed()\nsay time.elapsed() - start < 1000", "true")],
        run: millis,
        ..PURE
    },
    Builtin {
        name: "time.is_before",
        params: TWO,
        returns: Returns::Bool,
        doc: "Whether the first time is at least a second earlier.",
        examples: &[("say time.is_before(1, 2)", "true")],
        run: |args| {
            let [a, b] = moment::two(args, "is_before")?;
            Ok((a.seconds() < b.seconds()).into())
        },
        ..PURE
    },
    Builtin {
        name: "time.is_after",
        params: TWO,
        returns: Returns::Bool,
        doc: "Whether the first time is at least a second later.",
        examples: &[("say time.is_after(1, 2)", "false")],
        run: |args| {
            let [a, b] = moment::two(args, "is_after")?;
            Ok((a.seconds() > b.seconds()).into())
        },
        ..PURE
    },
    Builtin {
        name: "time.start_of",
        params: T_AND_UNIT,
        doc: "The first second of the day, hour, minute, week, month or year that a time is in, in UTC.",
        examples: &[(r#"say time.start_of(time.date(2024, 2, 29), "month").day"#, "1")],
        run: calendar::start_of,
        ..TIME
    },
    Builtin {
        name: "time.end_of",
        params: T_AND_UNIT,
        doc: "The last second of the day, hour, minute, week, month or year that a time is in, in UTC.",
        examples: &[(r#"say time.end_of(time.date(2024, 2, 1), "month").day"#, "29")],
        run: calendar::end_of,
        ..TIME
    },
    Builtin {
        name: "time.from_unix",
        params: &[required("seconds", Kind::Int)],
        requires: "an integer timestamp",
        doc: "The time so many seconds after the beginning of 1970.",
        examples: &[("say time.from_unix(0).iso", "1970-01-01T00:00:00+00:00")],
        run: |args| Ok(in_zone(moment::at(args.int(0))?, Utc, "UTC").into()),
        ..TIME
    },
    Builtin {
        name: "time.today",
        returns: Returns::String,
        doc: "The date in UTC.",
        examples: &[("say time.today() == time.format(time.now(), \"%F\")", "true")],
        run: |_| Ok(Utc::now().format("%F").to_string().into()),
        ..PURE
    },
    Builtin {
        name: "time.date",
        params: &[
            optional("year", Kind::Any),
            optional("month", Kind::Any),
            optional("day", Kind::Any),
        ],
        doc: "Midnight of a day, in UTC.",
        examples: &[("say time.date(2024, 2, 29).day_of_year", "60")],
        run: calendar::date,
        ..TIME
    },
    Builtin {
        name: "time.sleep",
        params: &[required("seconds", Kind::Number)],
        requires: "seconds (number)",
        doc: "Waits so many seconds; other tasks go on meanwhile.",
        examples: &[("time.sleep(0.001)\nsay \"awake\"", "awake")],
        run: sleep,
        ..PURE
    },
    Builtin {
        name: "time.measure",
        returns: Returns::Int,
        doc: "The same as `time.elapsed`.",
        examples: &[("say time.measure() > 0", "true")],
        run: millis,
        ..PURE
    },
    Builtin {
        name: "time.local",
        doc: "This moment in the zone of the system.",
        examples: &[("say time.local().timezone", "Local")],
        run: |_| Ok(local(Local::now()).into()),
        ..TIME
    },
    Builtin {
        name: "time.is_weekend",
        params: T,
        returns: Returns::Bool,
        doc: "Whether a time, now unless given, is on a Saturday or Sunday in UTC.",
        examples: &[("say time.is_weekend(time.date(2024, 3, 2))", "true")],
        run: |args| Ok(calendar::is_weekend(moment::or_now(args)?).into()),
        ..PURE
    },
    Builtin {
        name: "time.is_weekday",
        params: T,
        returns: Returns::Bool,
        doc: "Whether a time, now unless given, is on a day from Monday to Friday in UTC.",
        examples: &[("say time.is_weekday(time.date(2024, 3, 2))", "false")],
        run: |args| Ok((!calendar::is_weekend(moment::or_now(args)?)).into()),
        ..PURE
    },
    Builtin {
        name: "time.day_of_week",
        params: T,
        returns: Returns::String,
        doc: "The name of the day that a time, now unless given, is on in UTC.",
        examples: &[("say time.day_of_week(0)", "Thursday")],
        run: |args| Ok(moment::or_now(args)?.utc().format("%A").to_string().into()),
        ..PURE
    },
    Builtin {
        name: "time.days_in_month",
        params: &[optional("year", Kind::Any), optional("month", Kind::Any)],
        returns: Returns::Int,
        doc: "How many days a month has: that of a year and a number, or that a time is in.",
        examples: &[("say time.days_in_month(2024, 2)", "29")],
        run: calendar::days_in_month,
        ..PURE
    },
    Builtin {
        name: "time.is_leap_year",
        params: &[optional("year", Kind::Any)],
        returns: Returns::Bool,
        doc: "Whether a year, or that of a time object, has 366 days.",
        examples: &[("say time.is_leap_year(2024)", "true")],
        run: calendar::is_leap_year,
        ..PURE
    },
];

fn now(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    Ok(match args.given(0) {
        Some(Value::Str(name)) => in_zone(Utc::now(), zone_named(name)?, name),
        _ => in_zone(Utc::now(), Utc, "UTC"),
    }
    .into())
}

fn millis(_: &mut Args<'_>) -> Result<Outcome, Fault> {
    Ok(Value::Int(Utc::now().timestamp_millis()).into())
}

fn zone(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    if args.is_empty() {
        return fail("time.zone(time_obj, timezone) requires two arguments");
    }
    let moment = first(args)?;
    match args.get(1) {
        Value::Str(name) => Ok(in_zone(moment.utc(), zone_named(name)?, name).into()),
        _ => fail("time.zone() second argument must be a timezone string"),
    }
}

fn format(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    if args.is_empty() {
        return fail("time.format(time_obj, format_str) requires a time object");
    }
    let Some(moment) = Moment::of(args.get(0)) else {
        return fail("time.format() first argument must be a time object or unix timestamp");
    };
    let codes = match args.given(1) {
        Some(Value::Str(codes)) => codes.as_str(),
        _ => "%Y-%m-%d %H:%M:%S",
    };
    let items: Vec<Item<'_>> = StrftimeItems::new(codes).collect();
    if items.contains(&Item::Error) {
        return fail(format!("time.format() invalid format: '{codes}'"));
    }
    let at: DateTime<Utc> = moment.utc();
    Ok(at.format_with_items(items.iter()).to_string().into())
}

fn sleep(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let pause = match to_float(args.get(0)) {
        seconds if seconds > 0.0 => Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX),
        _ => Duration::ZERO,
    };
    Ok(Outcome::Wait(Box::pin(async move {
        tokio::time::sleep(pause).await;
        Ok(Value::Null)
    })))
}
