//! How long facts take: `speed make FOLDER LEADS`, `speed more FOLDER LEADS`, `speed fold FOLDER`, `speed scan FOLDER`.
//! Prints milliseconds; not a test.

use std::path::Path;
use std::time::Instant as Clock;

use agreement::Definitions;
use entries::catalogue::{activity, lead, opportunity, stage_change, touch};
use entries::{Entry, Value};
use ledger::{BatchMeta, Commit, Ledger};
use lockstep_facts::{Mapped, Options, build};
use tallies::columns::lead_cycle as l;
use tallies::{Dim, Facts, Grain, Measure, Spec, Test};
use terms::{Currency, Entity, FiscalYear, Instant, Key, Money, PeriodUnit, Stage, When};

fn mix(n: u64) -> u64 {
    let z = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn make(root: &Path, first: u64, leads: u64, recorded: i64) -> Result<(), Box<dyn std::error::Error>> {
    let mut ledger = if root.join("format.json").exists() { Ledger::open(root)? } else { Ledger::create(root)? };
    let meta = BatchMeta {
        recorded_at: Instant(recorded),
        engine: "speed".into(),
        source: "speed".into(),
        settings: Default::default(),
    };
    let mut batch = ledger.begin(meta)?;
    let key = |entity, n: u64| Key { entity, hash: mix(n ^ (entity as u64) << 56) | 1 };
    let start = 1_700_000_000_000i64;
    let mut e = Entry::new(Entity::Lead);
    let mut next = |entity, n: u64, subject: Option<Key>, ms: i64| {
        e.reset(entity);
        e.id = key(entity, n);
        e.subject = subject.unwrap_or(e.id);
        e.valid_at = When::Instant(Instant(ms));
        e.row.line = n as u32;
        e.clone()
    };
    for n in first..first + leads {
        let r = mix(n * 31 + 7);
        let created = start + (r % 63_000_000_000) as i64;
        let me = key(Entity::Lead, n);
        let wins = r.is_multiple_of(7);
        let mut x = next(Entity::Lead, n, None, created)
            .with(lead::SOURCE, Value::Text(format!("source {}", r % 12).into()))
            .with(lead::SEGMENT, Value::Text(format!("segment {}", r % 5).into()))
            .with(lead::COUNTRY, Value::Text(format!("country {}", r % 40).into()))
            .with(lead::COMPANY, Value::Text(format!("company {}", r % 300_000).into()))
            .with(lead::OWNER, Value::Key(key(Entity::Rep, r % 400)))
            .with(lead::STAGE, Value::Stage(if wins { Stage::Opportunity } else { Stage::Inquiry }))
            .with(lead::CREATED_AT, Value::When(When::Instant(Instant(created))));
        if wins {
            x = x
                .with(lead::IS_CONVERTED, Value::Flag(true))
                .with(lead::CONVERTED_AT, Value::When(When::Instant(Instant(created + 900_000_000))))
                .with(lead::CONVERTED_OPPORTUNITY, Value::Key(key(Entity::Opportunity, n)));
        }
        batch.append(&x)?;
        if wins {
            let o = next(Entity::Opportunity, n, None, created + 5_000_000_000)
                .with(
                    opportunity::STAGE,
                    Value::Stage(if r.is_multiple_of(2) { Stage::ClosedWon } else { Stage::ClosedLost }),
                )
                .with(
                    opportunity::AMOUNT,
                    Value::Money(Money::new(
                        (r % 9_000_000) as i64,
                        Currency::parse("USD").unwrap_or(Currency::UNKNOWN),
                    )),
                )
                .with(opportunity::CREATED_AT, Value::When(When::Instant(Instant(created + 900_000_000))))
                .with(opportunity::CLOSED_AT, Value::When(When::Instant(Instant(created + 5_000_000_000))));
            batch.append(&o)?;
        }
        if r.is_multiple_of(3) {
            let s = next(Entity::StageChange, n, Some(me), created + 90_000_000)
                .with(stage_change::STAGE, Value::Stage(Stage::Mql));
            batch.append(&s)?;
        }
        for i in 0..5 {
            let a = next(Entity::Activity, n * 5 + i, Some(me), created + (i as i64 + 1) * 100_000_000)
                .with(activity::KIND, Value::Text("call".into()))
                .with(activity::DIRECTION, Value::Text("outbound".into()))
                .with(activity::REP, Value::Key(key(Entity::Rep, r % 400)))
                .with(activity::DONE, Value::Flag(true));
            batch.append(&a)?;
        }
        for i in 0..20 {
            let t = next(Entity::Touch, n * 20 + i, Some(me), created + (i as i64 - 8) * 200_000_000)
                .with(touch::CHANNEL, Value::Text(format!("channel {}", (r >> i) % 8).into()))
                .with(touch::CAMPAIGN, Value::Key(key(Entity::Campaign, (r >> i) % 200)));
            batch.append(&t)?;
        }
    }
    batch.commit(Commit::default())?;
    Ok(())
}

fn specs() -> Vec<Spec> {
    let dims = [
        vec![Dim::Code(l::SOURCE)],
        vec![Dim::Period(l::CREATED_AT, PeriodUnit::Month, FiscalYear::default()), Dim::Code(l::SOURCE)],
        vec![Dim::Code(l::SEGMENT), Dim::Code(l::COUNTRY)],
        vec![Dim::Period(l::CREATED_AT, PeriodUnit::Quarter, FiscalYear::default()), Dim::Value(l::STAGE)],
        vec![Dim::Code(l::OWNER)],
    ];
    let last = i64::from(Instant(1_780_000_000_000).minutes());
    (0..20)
        .map(|i| Spec {
            name: "speed",
            grain: Grain::LeadCycle,
            filter: if i % 4 == 0 { vec![] } else { vec![Test::Between(l::CREATED_AT, 28_000_000 + i * 10_000, last)] },
            dims: if i == 19 {
                let events = vec![l::WON_AT, l::LOST_AT];
                vec![
                    Dim::Outcome { from: l::CREATED_AT, events: events.clone(), as_of: last },
                    Dim::Age { from: l::CREATED_AT, events, as_of: last, bin: 10_080, bins: 60 },
                ]
            } else {
                dims[i as usize % 5].clone()
            },
            measures: vec![
                Measure::Count,
                Measure::CountIf(vec![Test::Has(l::MQL_AT)]),
                Measure::CountIf(vec![Test::Is(l::REACHED_OPPORTUNITY, 1)]),
                Measure::CountIf(vec![Test::Is(l::REACHED_WON, 1)]),
                Measure::CountIf(vec![Test::Between(l::ATTEMPTS, 1, 3)]),
                if i % 5 == 0 {
                    Measure::Sum(l::AMOUNT)
                } else {
                    Measure::CountIf(vec![Test::Missing(l::FIRST_ATTEMPT_AT)])
                },
            ],
        })
        .collect()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().collect();
    let what = args.get(1).map_or("", String::as_str);
    let root = Path::new(args.get(2).map_or("speed", String::as_str));
    let count = args.get(3).and_then(|n| n.parse().ok()).unwrap_or(1_000_000u64);
    let (store, folder) = (root.join("ledger"), root.join("facts"));
    let clock = Clock::now();
    match what {
        "make" => make(&store, 0, count, 1_790_000_000_000)?,
        "more" => make(&store, 50_000_000, count, 1_790_000_000_001)?,
        "fold" | "update" => {
            let ledger = Ledger::open(&store)?;
            let previous = if what == "update" { Some(Mapped::open(&folder)?) } else { None };
            println!("{:>6} ms opened", clock.elapsed().as_millis());
            let folder = if what == "update" { root.join("updated") } else { folder };
            let facts =
                build(&folder, ledger.head(), &Definitions::default(), &Options::default(), previous.as_ref(), &|p| {
                    println!("{:>6} ms {:?}", clock.elapsed().as_millis(), p.stage);
                })?;
            println!("{} lead cycles, {:?}", facts.rows(Grain::LeadCycle), facts.index().made.counts);
        }
        _ => {
            let facts = Mapped::open(&folder)?;
            println!("{:>6} ms opened", clock.elapsed().as_millis());
            let specs = specs();
            for _ in 0..5 {
                let clock = Clock::now();
                let tallies = facts.answer(&specs)?;
                println!(
                    "{:>8.1} ms {} cells",
                    clock.elapsed().as_secs_f64() * 1e3,
                    tallies.iter().map(|t| t.cells).sum::<usize>()
                );
            }
            for spec in specs.iter().step_by(3) {
                let clock = Clock::now();
                facts.answer(std::slice::from_ref(spec))?;
                println!("{:>8.2} ms {:?}", clock.elapsed().as_secs_f64() * 1e3, spec.dims);
            }
            let distinct = Spec { measures: vec![Measure::Distinct(l::JOURNEY)], ..specs[1].clone() };
            let clock = Clock::now();
            facts.answer(&[distinct])?;
            println!("{:>8.2} ms distinct journeys", clock.elapsed().as_secs_f64() * 1e3);
        }
    }
    println!("{:>6} ms {what}", clock.elapsed().as_millis());
    Ok(())
}
