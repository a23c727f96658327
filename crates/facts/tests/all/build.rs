//! From a ledger to facts, beside what was worked out by hand.

use agreement::Definitions;
use lockstep_facts::{Mapped, Options, build, build_within, gather, open_or_build, rows_behind};
use tallies::columns::{account, lead_cycle as lead, opportunity as opp, spend_day};
use tallies::{Column, Extract, Grain, Table, Test};
use terms::{Entity, Stage};

use crate::company::{append, day, entries, entry, key, minutes};
use crate::random::Draw;

const LATER: i64 = 1_800_000_000_000;

fn facts(home: &std::path::Path, name: &str, batches: &[&[entries::Entry]], options: &Options) -> Mapped {
    let root = home.join(name);
    let mut ledger = None;
    for (n, batch) in batches.iter().enumerate() {
        ledger = Some(append(&root, LATER + n as i64, batch));
    }
    let ledger = ledger.unwrap();
    build(&home.join(format!("{name}-facts")), ledger.head(), &Definitions::default(), options, None, &|_| {}).unwrap()
}

fn row(table: &Table, id: Column, key: u64) -> usize {
    (0..table.rows).find(|r| table.number(id, *r) == Some(key as i64)).unwrap()
}

#[test]
fn a_small_company_becomes_the_rows_worked_out_by_hand() {
    let home = tempfile::tempdir().unwrap();
    let facts = facts(
        home.path(),
        "l",
        &[&entries()],
        &Options { currency: terms::Currency::parse("USD"), ..Options::default() },
    );
    let leads = facts.table(Grain::LeadCycle).unwrap();
    assert_eq!(leads.rows, 2, "the deleted lead is gone");
    let r = row(&leads, lead::KEY, key(Entity::Lead, "l1").hash);
    let number = |c: Column| leads.number(c, r);
    assert_eq!(leads.text(lead::SOURCE, r), Some("Web"));
    assert_eq!(leads.text(lead::SEGMENT, r), Some("Mid"), "what a later version leaves open stands");
    assert_eq!(leads.text(lead::CAMPAIGN, r), Some("Spring webinar"));
    assert_eq!(leads.text(lead::CHANNEL, r), Some("paid_search"));
    assert_eq!(leads.text(lead::OWNER, r), Some("r1"));
    assert_eq!(leads.text(lead::TEAM, r), Some("North"));
    assert_eq!(number(lead::ACCOUNT), Some(key(Entity::Account, "a1").hash as i64));
    assert_eq!(number(lead::OPPORTUNITY), Some(key(Entity::Opportunity, "o1").hash as i64));
    assert_eq!(number(lead::CREATED_AT), Some(minutes("2026-01-05 09:00")));
    assert_eq!(number(lead::MQL_AT), Some(minutes("2026-01-12 10:00")));
    assert_eq!(number(lead::SAL_AT), Some(minutes("2026-01-13 08:00")));
    assert_eq!(number(lead::SQL_AT), Some(minutes("2026-01-20 16:00")));
    assert_eq!(number(lead::OPPORTUNITY_AT), Some(minutes("2026-02-10 12:00")));
    assert_eq!(number(lead::HANDOFF_AT), Some(minutes("2026-01-12 10:00")));
    assert_eq!(number(lead::FIRST_ATTEMPT_AT), Some(minutes("2026-01-12 11:30")));
    assert_eq!(number(lead::FIRST_CONTACT_AT), Some(minutes("2026-01-13 09:00")), "a call to the contact it became");
    assert_eq!((number(lead::ATTEMPTS), number(lead::TOUCHES)), (Some(2), Some(3)));
    assert_eq!(number(lead::AMOUNT), Some(120_000), "at the rate of the close date");
    assert_eq!(number(lead::REACHED_WON), Some(1));
    assert_eq!(number(lead::BATCH), Some(1));
    let other = row(&leads, lead::KEY, key(Entity::Lead, "l2").hash);
    assert_eq!(leads.number(lead::TOUCHES, other), Some(1));
    assert_eq!(leads.number(lead::ATTEMPTS, other), Some(1), "a link ties the call to it");

    let opps = facts.table(Grain::Opportunity).unwrap();
    let (won, open) = (
        row(&opps, opp::KEY, key(Entity::Opportunity, "o1").hash),
        row(&opps, opp::KEY, key(Entity::Opportunity, "o2").hash),
    );
    assert_eq!(opps.number(opp::LEAD, won), Some(key(Entity::Lead, "l1").hash as i64));
    assert_eq!(opps.text(opp::LINK_RULE, won), Some("converted"));
    assert_eq!((opps.text(opp::INDUSTRY, won), opps.text(opp::COUNTRY, won)), (Some("Steel"), Some("NO")));
    assert_eq!(opps.number(opp::STAGE, won), Some(Stage::ClosedWon as i64));
    assert_eq!(opps.number(opp::WON_ON, won), Some(day("2026-03-20")));
    assert_eq!((opps.number(opp::AMOUNT, won), opps.number(opp::LIST_PRICE, won)), (Some(120_000), Some(150_000)));
    assert_eq!((opps.text(opp::CURRENCY, won), opps.number(opp::PRODUCT_UNMATCHED, won)), (Some("EUR"), Some(0)));
    assert_eq!((opps.number(opp::AMOUNT, open), opps.number(opp::NOT_CONVERTED, open)), (None, Some(1)));
    assert_eq!(opps.number(opp::PRODUCT_UNMATCHED, open), Some(1));
    assert_eq!(opps.text(opp::ACCOUNT_RULE, open), Some("unmatched"));
    assert_eq!(opps.number(opp::EXPECTED_ON, open), Some(day("2026-06-30")));
    assert_eq!(opps.number(opp::HAS_LEAD, open), Some(0));

    let accounts = facts.table(Grain::Account).unwrap();
    let of = |c: Column| accounts.number(c, 0);
    assert_eq!(
        (of(account::LEADS), of(account::OPPORTUNITIES), of(account::WON), of(account::AMOUNT)),
        (Some(1), Some(1), Some(1), Some(120_000))
    );
    assert_eq!(of(account::FIRST_AT), Some(minutes("2026-01-05 09:00")));
    assert_eq!(of(account::EMPLOYEES), None);

    let spend = facts.table(Grain::SpendDay).unwrap();
    assert_eq!((spend.number(spend_day::COST, 0), spend.number(spend_day::CONVERSIONS, 0)), (Some(2_000), Some(1_500)));
    assert_eq!(
        (spend.text(spend_day::CAMPAIGN, 0), spend.number(spend_day::DAY, 0)),
        (Some("Spring webinar"), Some(day("2026-01-04")))
    );

    let counts = &facts.index().made.counts;
    assert_eq!(counts["happenings_of_no_journey"], 1, "a touch of somebody who is no lead");
    assert_eq!(facts.index().made.currency, "USD");
    let journey = facts.journey_of(key(Entity::Lead, "l1").hash).unwrap();
    for subject in
        [terms::Key::vault_person(77).hash, key(Entity::Person, "k1").hash, key(Entity::Opportunity, "o1").hash]
    {
        assert_eq!(facts.journey_of(subject), Some(journey));
    }
}

#[test]
fn the_order_of_import_changes_nothing_but_the_place_a_row_was_read() {
    let home = tempfile::tempdir().unwrap();
    let all = entries();
    let first = facts(home.path(), "a", &[&all], &Options::default());
    let mut draw = Draw(5);
    for name in ["b", "c", "d"] {
        let mut shuffled = all.clone();
        for i in (1..shuffled.len()).rev() {
            shuffled.swap(i, draw.below(i as u64 + 1) as usize);
        }
        let cut = draw.below(shuffled.len() as u64 - 1) as usize + 1;
        let (one, two) = shuffled.split_at(cut);
        let other = facts(home.path(), name, &[one, two], &Options::default());
        for grain in Grain::ALL {
            let (mut a, mut b) = (first.table(grain).unwrap(), other.table(grain).unwrap());
            for place in ["batch", "file", "line"] {
                let column = tallies::columns::column(grain, place).unwrap();
                for row in 0..a.rows.max(b.rows) {
                    a.set(column, row, 0);
                    b.set(column, row, 0);
                }
            }
            assert_eq!(a, b, "{name} {grain:?}");
        }
    }
}

#[test]
fn the_number_of_threads_changes_no_byte() {
    let home = tempfile::tempdir().unwrap();
    let ledger = append(&home.path().join("l"), LATER, &entries());
    let mut folders = Vec::new();
    for threads in [1, 5] {
        let folder = home.path().join(format!("facts{threads}"));
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            build(&folder, ledger.head(), &Definitions::default(), &Options::default(), None, &|_| {}).unwrap()
        });
        let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|f| f.unwrap().path()).collect();
        files.sort();
        folders.push(
            files.iter().map(|f| (f.file_name().unwrap().to_owned(), std::fs::read(f).unwrap())).collect::<Vec<_>>(),
        );
    }
    assert_eq!(folders[0], folders[1]);
}

#[test]
fn as_if_a_day_what_closed_later_was_open() {
    let home = tempfile::tempdir().unwrap();
    let options = Options { as_if: Some(minutes("2026-03-01 00:00") as i32), ..Options::default() };
    let facts = facts(home.path(), "l", &[&entries()], &options);
    let opps = facts.table(Grain::Opportunity).unwrap();
    let won = row(&opps, opp::KEY, key(Entity::Opportunity, "o1").hash);
    assert_eq!((opps.number(opp::STAGE, won), opps.number(opp::WON_ON, won)), (Some(Stage::Opportunity as i64), None));
}

#[test]
fn damaged_facts_are_built_again_and_good_ones_are_kept() {
    let home = tempfile::tempdir().unwrap();
    let ledger = append(&home.path().join("l"), LATER, &entries());
    let root = home.path().join("facts");
    let builds = std::sync::atomic::AtomicUsize::new(0);
    let open = || {
        let told = |p: lockstep_facts::Progress| {
            if p.stage == lockstep_facts::Stage::Writing {
                builds.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            }
        };
        open_or_build(&root, ledger.head(), &Definitions::default(), &Options::default(), None, &told).unwrap()
    };
    let first = open();
    let table = first.table(Grain::LeadCycle).unwrap();
    open();
    assert_eq!(builds.load(std::sync::atomic::Ordering::Relaxed), 1);
    let path = first.folder().join("lead_cycle.amount.col");
    let mut bytes = std::fs::read(&path).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::remove_file(&path).unwrap();
    std::fs::write(&path, bytes).unwrap();
    assert_eq!(open().table(Grain::LeadCycle).unwrap(), table);
    assert_eq!(builds.load(std::sync::atomic::Ordering::Relaxed), 2);
}

#[test]
fn an_empty_ledger_has_empty_facts() {
    let home = tempfile::tempdir().unwrap();
    let ledger = ledger::Ledger::create(home.path().join("l")).unwrap();
    let facts =
        build(&home.path().join("f"), ledger.head(), &Definitions::default(), &Options::default(), None, &|_| {})
            .unwrap();
    assert_eq!(Grain::ALL.map(|g| facts.rows(g)), [0; 5]);
    let _ = entry(Entity::Lead, "x", "");
}

#[test]
fn what_is_gathered_of_one_journey_folds_to_its_rows() {
    let home = tempfile::tempdir().unwrap();
    let ledger = append(&home.path().join("l"), LATER, &entries());
    let facts =
        build(&home.path().join("f"), ledger.head(), &Definitions::default(), &Options::default(), None, &|_| {})
            .unwrap();
    let leads = facts.table(Grain::LeadCycle).unwrap();
    let opps = facts.table(Grain::Opportunity).unwrap();
    for id in
        [key(Entity::Lead, "l1"), key(Entity::Lead, "l2"), key(Entity::Person, "k1"), key(Entity::Opportunity, "o2")]
    {
        let one = gather(ledger.head(), &facts, &Definitions::default(), id.hash).unwrap();
        let folded = journey::fold(&one.input(), &Definitions::default(), None);
        assert!(folded.cycles.len() + folded.opportunities.len() > 0);
        for c in &folded.cycles {
            let r = row(&leads, lead::KEY, c.key);
            assert_eq!(leads.number(lead::ATTEMPTS, r), Some(i64::from(c.attempts)));
            assert_eq!(leads.number(lead::TOUCHES, r), Some(i64::from(c.touches)));
            assert_eq!(leads.number(lead::ACCOUNT, r).unwrap_or(0), c.account as i64);
            assert_eq!(leads.number(lead::AMOUNT, r).unwrap_or(i64::MIN), c.amount);
            assert_eq!(leads.text(lead::SOURCE, r), one.text(c.source));
            assert_eq!(leads.text(lead::CHANNEL, r), one.text(c.channel));
        }
        for o in &folded.opportunities {
            let r = row(&opps, opp::KEY, o.key);
            assert_eq!(opps.text(opp::INDUSTRY, r), one.text(o.industry));
            assert_eq!(opps.text(opp::LINK_RULE, r), one.text(o.link_rule));
            assert_eq!(opps.number(opp::AMOUNT, r).unwrap_or(i64::MIN), o.amount);
        }
    }
    let error = gather(ledger.head(), &facts, &Definitions::default(), 4).unwrap_err();
    assert_eq!(error.code(), "unknown_subject");
}

#[test]
fn the_rows_behind_a_figure_are_the_lines_it_was_read_from() {
    let home = tempfile::tempdir().unwrap();
    let all = entries();
    let facts = facts(home.path(), "l", &[&all], &Options::default());
    let ask = Extract { limit: 10, ..Extract::all(Grain::LeadCycle, vec![Test::Is(lead::REACHED_WON, 1)]) };
    let behind = rows_behind(&facts, &ask).unwrap();
    let last = all.iter().rposition(|e| e.id == key(Entity::Lead, "l1")).unwrap();
    assert_eq!(behind.len(), 1);
    assert_eq!(
        (behind[0].key, behind[0].batch, behind[0].file, behind[0].line),
        (key(Entity::Lead, "l1").hash, 1, 0, last as u32 + 2)
    );
}

/// The rows of a table, each as its texts and numbers, sorted.
fn as_set(table: &Table) -> Vec<Vec<String>> {
    let cell = |c: &Column, r: usize| match c.width {
        tallies::Width::Code => format!("{:?}", table.text(*c, r)),
        _ => format!("{:?}", table.number(*c, r)),
    };
    let mut rows: Vec<Vec<String>> =
        (0..table.rows).map(|r| table.grain.columns().iter().map(|c| cell(c, r)).collect()).collect();
    rows.sort();
    rows
}

#[test]
fn facts_brought_up_to_date_hold_the_rows_of_a_full_build() {
    let home = tempfile::tempdir().unwrap();
    let root = home.path().join("l");
    let crowd: Vec<entries::Entry> = (0..600).map(crate::company::filler).collect();
    let all = entries();
    let mut parts: Vec<Vec<entries::Entry>> = (0..5).map(|_| Vec::new()).collect();
    let mut draw = Draw(3);
    // reference data first: a change of it folds everything again
    for e in all {
        let first = matches!(e.entity, Entity::Campaign | Entity::Rep | Entity::Product | Entity::Rate);
        parts[if first { 0 } else { draw.below(5) as usize }].push(e);
    }
    parts[0].extend(crowd);
    let mut previous: Option<Mapped> = None;
    let mut updates = 0;
    let options = Options { currency: terms::Currency::parse("USD"), ..Options::default() };
    for (n, part) in parts.iter().enumerate() {
        let ledger = append(&root, LATER + n as i64, part);
        let d = Definitions::default();
        let next =
            build(&home.path().join(format!("f{n}")), ledger.head(), &d, &options, previous.as_ref(), &|_| {}).unwrap();
        let full = build(&home.path().join("full"), ledger.head(), &d, &options, None, &|_| {}).unwrap();
        updates += usize::from(next.index().made.counts.contains_key("journeys_folded_again"));
        for grain in Grain::ALL {
            assert_eq!(as_set(&next.table(grain).unwrap()), as_set(&full.table(grain).unwrap()), "{n} {grain:?}");
        }
        for subject in [key(Entity::Lead, "l1"), key(Entity::Person, "k1"), key(Entity::Opportunity, "o1")] {
            assert_eq!(next.journey_of(subject.hash), full.journey_of(subject.hash));
        }
        previous = Some(next);
    }
    assert!(updates >= 3, "{updates} of 4");
}

#[test]
fn other_definitions_or_a_changed_rate_fold_everything_again() {
    let home = tempfile::tempdir().unwrap();
    let (root, d) = (home.path().join("l"), Definitions::default());
    let ledger = append(&root, LATER, &entries());
    let first = build(&home.path().join("a"), ledger.head(), &d, &Options::default(), None, &|_| {}).unwrap();
    let rate = entry(Entity::Rate, "e3", "2026-03-10")
        .with(entries::catalogue::rate::FROM, crate::company::text("EUR"))
        .with(entries::catalogue::rate::TO, crate::company::text("USD"))
        .with(entries::catalogue::rate::RATE, entries::Value::Real(1.5));
    let ledger = append(&root, LATER + 1, &[rate]);
    let usd = Options { currency: terms::Currency::parse("USD"), ..Options::default() };
    let other = Definitions { look_back_days: 1, ..Definitions::default() };
    for (n, (d, options)) in [(&d, &Options::default()), (&d, &usd), (&other, &usd)].into_iter().enumerate() {
        let next = build(&home.path().join(format!("n{n}")), ledger.head(), d, options, Some(&first), &|_| {}).unwrap();
        assert!(!next.index().made.counts.contains_key("journeys_folded_again"));
    }
}

#[test]
fn several_passes_over_the_ledger_give_the_same_bytes() {
    let home = tempfile::tempdir().unwrap();
    let ledger = append(&home.path().join("l"), LATER, &entries());
    let made = |most| {
        let folder = home.path().join(format!("f{most}"));
        build_within(most, &folder, ledger.head(), &Definitions::default(), &Options::default(), None, &|_| {}).unwrap()
    };
    let (one, many) = (made(1_000), made(1));
    for grain in Grain::ALL {
        assert_eq!(one.table(grain).unwrap(), many.table(grain).unwrap());
    }
    assert_eq!(one.index(), many.index());
}
