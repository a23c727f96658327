//! Journeys as text, their facts as text.

#![allow(missing_docs, clippy::unwrap_used, clippy::panic)] // A test may stop at the first surprise.

extern crate lockstep_journey as journey;

mod notation;

use insta::assert_snapshot;
use notation::{Journey, key, minutes};

fn told(text: &str) -> String {
    let journey = Journey::read(text);
    journey.told(&journey.facts())
}

fn told_as_if(text: &str, as_if: &str) -> String {
    let journey = Journey::read(text);
    journey.told(&journey.facts_as_if(Some(minutes(as_if))))
}

const WON: &str = "
    2026-06-20 08:00 touch webinar
    2026-07-01 09:00 lead source=web stage=inquiry
    2026-07-02 10:00 stage mql
    2026-07-02 10:30 call out
    2026-07-02 15:00 call out two_way done
    2026-07-03 09:00 stage sal
    2026-07-06 09:00 lead stage=opportunity is_converted=yes converted_at=2026-07-06T09:00 opportunity=opp
    2026-07-06 09:00 opportunity created=2026-07-06T09:00 amount=90000 list_price=100000 closed_at=2026-09-30 is_closed=no is_won=no stage=opportunity lead=a
    2026-09-20 17:00 opportunity closed_at=2026-09-18 is_closed=yes is_won=yes stage=closed_won amount=80000
    2026-09-25 08:00 touch newsletter
";

#[test]
fn a_lead_is_followed_from_its_first_touch_to_its_win() {
    assert_snapshot!(told(WON));
}

#[test]
fn as_if_before_the_close_date_the_opportunity_is_open() {
    assert_snapshot!(told_as_if(WON, "2026-08-01"));
}

#[test]
fn as_if_between_the_close_date_and_its_record_the_older_record_stands() {
    let facts = Journey::read(WON).facts_as_if(Some(minutes("2026-09-19")));
    assert_eq!((facts.cycles[0].reached_won, facts.opportunities[0].amount), (0, 90_000));
}

#[test]
fn one_export_made_later_still_shows_what_was_open_then() {
    let text = "
        2026-12-31 00:00 lead created=2026-07-01T09:00 stage=opportunity is_converted=yes converted_at=2026-07-06T09:00
        2026-12-31 00:00 opportunity created=2026-07-06T09:00 amount=80000 closed_at=2026-09-18 is_closed=yes is_won=yes lead=a
        2026-07-02 10:00 stage mql
    ";
    assert_snapshot!(told_as_if(text, "2026-08-01"));
    assert_eq!(told_as_if(text, "2026-06-01"), "");
    assert!(told_as_if(text, "2026-10-01").contains("won_on=2026-09-18"));
}

#[test]
fn recycling_begins_a_new_cycle_that_keeps_the_old_one_as_it_was() {
    assert_snapshot!(told(
        "
        2026-01-01 09:00 lead stage=mql
        2026-01-02 09:00 stage mql
        2026-01-03 09:00 call out
        2026-01-10 09:00 stage recycled
        2026-02-01 09:00 touch email
        2026-02-10 09:00 stage mql
        2026-02-10 09:20 email out
        2026-02-10 10:00 lead stage=mql
        "
    ));
}

#[test]
fn a_recycled_lead_comes_back_when_its_next_cycle_begins() {
    let facts = Journey::read(
        "
        2026-01-01 09:00 lead stage=mql
        2026-01-02 09:00 stage mql
        2026-01-10 09:00 stage recycled
        2026-02-10 09:00 stage mql
        ",
    )
    .facts();
    assert_eq!(facts.cycles.len(), 2);
    assert_eq!(facts.cycles[0].returned_at, facts.cycles[1].created_at);
    assert_eq!(
        (facts.cycles[0].returned_at, facts.cycles[1].returned_at),
        (minutes("2026-02-10 09:00"), journey::NO_TIME)
    );
}

#[test]
fn an_accepted_lead_after_a_recycling_goes_on_in_the_same_cycle() {
    let facts = Journey::read(
        "
        2026-01-01 09:00 lead
        2026-01-02 09:00 stage recycled
        2026-01-03 09:00 stage sal
        ",
    )
    .facts();
    assert_eq!(facts.cycles.len(), 1);
    assert_eq!(facts.cycles[0].exited, 0);
    assert_eq!(facts.cycles[0].recycled_at, minutes("2026-01-02 09:00"));
}

#[test]
fn money_is_counted_once_however_many_leads_and_opportunities_meet() {
    let journey = Journey::read(
        "
        2026-01-01 09:00 lead opportunity=opp is_converted=yes converted_at=2026-01-05T09:00
        2026-01-02 09:00 lead:b opportunity=opp is_converted=yes converted_at=2026-01-06T09:00
        2026-01-05 09:00 opportunity amount=500 is_won=yes is_closed=yes closed_at=2026-02-01 lead=a members=2
        2026-01-07 09:00 opportunity:opp2 amount=300 is_won=yes is_closed=yes closed_at=2026-02-01 lead=a
        ",
    );
    let facts = journey.facts();
    let lead_money: i64 = facts.cycles.iter().filter(|c| c.amount != journey::NO_MONEY).map(|c| c.amount).sum();
    assert_eq!(lead_money, 500, "the second opportunity's money is its own, the member's is nobody's");
    assert_eq!(facts.opportunities.iter().map(|o| o.amount).sum::<i64>(), 800);
    assert_snapshot!(journey.told(&facts));
}

#[test]
fn without_the_link_the_opportunity_stands_alone_and_the_lead_keeps_its_own_history() {
    let mut journey = Journey::read(WON);
    let linked = journey.facts();
    let link = journey.opportunity_links.pop().unwrap();
    let unlinked = journey.facts();
    assert_eq!((unlinked.opportunities[0].lead, unlinked.opportunities[0].has_lead), (0, 0));
    assert_eq!(unlinked.cycles[0].amount, journey::NO_MONEY);
    assert_eq!(unlinked.cycles[0].reached_opportunity, 1, "its own conversion is still known");
    assert_eq!(unlinked.cycles[0].reached_won, 0);
    journey.opportunity_links.push(link);
    assert_eq!(journey.facts(), linked);
}

#[test]
fn a_day_without_an_hour_counts_for_the_whole_day() {
    assert_snapshot!(told(
        "
        2026-03-01 14:00 lead
        2026-03-01 call out
        2026-03-01 touch form
        2026-03-02 stage mql
        2026-03-02 stage sal
        2026-03-02 call out two_way
        "
    ));
}

#[test]
fn what_has_no_time_is_known_to_have_happened_and_has_no_time() {
    assert_snapshot!(told(
        "
        ? lead created=? stage=sql
        ? stage mql
        ? call out
        ? touch email
        2026-03-02 10:00 call out
        "
    ));
}

#[test]
fn a_later_stage_implies_the_earlier_ones_without_inventing_their_times() {
    let cycle = Journey::read("2026-03-01 14:00 lead\n2026-03-05 09:00 stage sql").facts().cycles[0];
    assert_eq!((cycle.reached_mql, cycle.reached_sal, cycle.reached_sql), (1, 1, 1));
    assert_eq!((cycle.mql_at, cycle.sal_at), (journey::NO_TIME, journey::NO_TIME));
    assert_eq!(cycle.handoff_at, cycle.sql_at);
}

#[test]
fn a_win_recorded_on_the_lead_counts_with_its_amount_and_its_date_is_kept_when_it_is_too_early() {
    assert_snapshot!(told(
        "
        2018-03-05 lead source=organic stage=mql
        2018-03-03 20:00 lead created=? stage=closed_won won_at=2018-03-03T20:00 amount=700
        "
    ));
}

#[test]
fn a_win_that_an_opportunity_of_others_counts_is_not_counted_again_unless_it_has_money_of_its_own() {
    let won = |text: &str| {
        let mut journey = Journey::read(text);
        journey.lead_links =
            vec![journey::LeadLink { lead: key("a").hash, account: 0, wins_with: 7, contradicted: false }];
        let cycle = journey.facts().cycles[0];
        (cycle.reached_won, cycle.amount, cycle.wins_with)
    };
    let told = "
        2018-03-05 lead stage=mql
        2018-04-01 lead created=? stage=closed_won won_at=2018-04-01";
    assert_eq!(won(told), (0, journey::NO_MONEY, 7));
    assert_eq!(won(&format!("{told} amount=700")), (1, 700, 0));
    // of one that tells of no win nothing is counted elsewhere
    assert_eq!(won("2018-03-05 lead stage=mql"), (0, journey::NO_MONEY, 0));
}

#[test]
fn a_stage_that_says_converted_beside_a_flag_that_says_not_is_decided_by_the_flag() {
    let cycle = Journey::read("2026-03-01 14:00 lead stage=opportunity raw=Closed is_converted=no").facts().cycles[0];
    assert_eq!((cycle.contradicted, cycle.reached_opportunity), (1, 0));
}

#[test]
fn a_won_flag_beside_a_lost_stage_is_decided_by_the_flag() {
    let o = Journey::read("2026-03-01 14:00 opportunity stage=closed_lost is_won=yes closed_at=2026-03-05").facts();
    assert_eq!((o.opportunities[0].contradicted, o.opportunities[0].stage), (1, terms::Stage::ClosedWon as u8));
}

#[test]
fn a_history_later_than_the_record_decides_and_brings_its_amount() {
    let facts = Journey::read(
        "
        2026-03-01 09:00 opportunity stage=opportunity is_closed=no is_won=no amount=100 closed_at=2026-06-30
        2026-04-10 09:00 stage:opp closed_won amount=90
        ",
    )
    .facts();
    let o = facts.opportunities[0];
    assert_eq!((o.stage, o.amount), (terms::Stage::ClosedWon as u8, 90));
    assert_eq!(o.closed_on, terms::Day::parse("2026-04-10").unwrap().0);
}

#[test]
fn a_status_flip_stops_no_clock() {
    let cycle = Journey::read(
        "
        2026-03-01 09:00 lead handoff_at=2026-03-01T09:05
        2026-03-01 09:10 stage sal raw=Contacted
        2026-03-01 09:15 email out auto
        2026-03-01 09:20 task undone
        2026-03-01 09:25 call in
        2026-03-01 11:00 task done
        ",
    )
    .facts()
    .cycles[0];
    assert_eq!((cycle.handoff_at, cycle.first_attempt_at), (minutes("2026-03-01 09:05"), minutes("2026-03-01 11:00")));
    assert_eq!(cycle.attempts, 1);
    assert_eq!(cycle.first_contact_at, journey::NO_TIME);
}

#[test]
fn an_attempt_before_the_hand_off_is_counted_and_is_not_the_first() {
    let cycle = Journey::read(
        "
        2026-03-01 09:00 lead
        2026-03-01 10:00 call out two_way
        2026-03-02 09:00 stage mql
        2026-03-02 09:30 call out
        ",
    )
    .facts()
    .cycles[0];
    assert_eq!((cycle.attempts, cycle.first_attempt_at), (2, minutes("2026-03-02 09:30")));
    assert_eq!(cycle.first_contact_at, journey::NO_TIME);
}

#[test]
fn tries_are_the_attempts_until_the_first_contact() {
    let cycle = Journey::read(
        "
        2026-03-01 09:00 lead
        2026-03-01 09:30 stage mql
        2026-03-01 09:10 call out
        2026-03-02 09:00 call out
        2026-03-05 08:59 email out
        2026-03-05 09:01 call out two_way
        2026-03-06 09:01 call out
        ",
    )
    .facts()
    .cycles[0];
    assert_eq!((cycle.attempts, cycle.tries), (5, 3));
    assert_eq!(cycle.first_is_day, 0);
}

#[test]
fn a_first_attempt_known_by_its_day_is_marked_so() {
    let cycle = Journey::read(
        "
        2026-03-01 09:00 lead
        2026-03-02 call out
        ",
    )
    .facts()
    .cycles[0];
    assert_eq!((cycle.tries, cycle.first_is_day), (1, 1));
}

#[test]
fn what_was_written_down_later_is_on_record_from_then() {
    let on_record = |lines: &str| {
        let cycle = Journey::read(&format!("2026-03-02 09:00 lead\n{lines}")).facts().cycles[0];
        (cycle.first_attempt_at, cycle.on_record_at)
    };
    let at = |text: &str| minutes(&format!("2026-03-{text}"));
    // a task that is dated back to the hand-off, and a true call before and after it was written down
    let fake = "2026-03-02 09:02 call out done written_after=5760";
    assert_eq!(on_record(fake), (at("02 09:02"), at("06 09:02")));
    assert_eq!(on_record(&format!("{fake}\n2026-03-03 10:00 call out")), (at("02 09:02"), at("03 10:00")));
    assert_eq!(on_record(&format!("{fake}\n2026-03-09 10:00 call out")), (at("02 09:02"), at("06 09:02")));
    // within the hour is at once
    assert_eq!(on_record("2026-03-02 09:30 call out written_after=60"), (at("02 09:30"), at("02 09:30")));
    assert_eq!(on_record("2026-03-02 09:30 call out written_after=120"), (at("02 09:30"), at("02 11:30")));
    // a day alone is known to the hour in which it was written down
    assert_eq!(on_record("2026-03-03 call out written_after=900"), (at("03 00:00"), at("03 15:00")));
    // a contact is on record like an attempt, a status is not
    assert_eq!(on_record("2026-03-02 11:00 call in two_way").1, at("02 11:00"));
    assert_eq!(on_record("2026-03-02 09:01 stage sal").1, journey::NO_TIME);
}

#[test]
fn a_recorded_response_stands_in_only_where_no_activity_tells() {
    let lead = "2026-03-01 09:00 lead first_response_at=2026-03-01T09:30";
    assert_eq!(Journey::read(lead).facts().cycles[0].first_attempt_at, minutes("2026-03-01 09:30"));
    let with_call = format!("{lead}\n2026-03-01 10:00 call out");
    assert_eq!(Journey::read(&with_call).facts().cycles[0].first_attempt_at, minutes("2026-03-01 10:00"));
}

#[test]
fn the_first_recorded_hand_off_of_a_cycle_is_its_hand_off() {
    let cycle = Journey::read(
        "
        2026-03-01 09:00 lead
        2026-03-01 09:30 lead handoff_at=2026-03-01T09:30
        2026-03-04 09:30 lead handoff_at=2026-03-04T09:30
        2026-03-01 09:10 stage mql
        ",
    )
    .facts()
    .cycles[0];
    assert_eq!(cycle.handoff_at, minutes("2026-03-01 09:30"));
}

#[test]
fn a_touch_belongs_to_the_cycle_of_its_time_or_to_the_next_within_the_look_back() {
    let facts = Journey::read(
        "
        2026-01-01 08:00 touch too_early
        2026-04-20 08:00 touch search
        2026-05-01 08:00 lead
        2026-05-02 08:00 touch email
        2026-05-02 08:01 touch email auto
        2026-05-10 08:00 stage disqualified
        2026-05-11 08:00 touch after
        ",
    )
    .facts();
    assert_eq!((facts.cycles[0].touches, facts.cycles[0].machine_touches), (2, 1));
    assert_eq!(facts.outside_touches, 2);
}

#[test]
fn an_activity_about_the_opportunity_counts_for_its_lead() {
    let cycle = Journey::read(
        "
        2026-03-01 09:00 lead
        2026-03-02 09:00 opportunity lead=a
        2026-03-03 09:00 call out about=opp
        ",
    )
    .facts()
    .cycles[0];
    assert_eq!(cycle.attempts, 1);
}

#[test]
fn a_deletion_is_a_later_version_and_what_was_deleted_vanishes() {
    let lead = "2026-03-01 09:00 lead\n2026-03-02 09:00 call out id=7\n2026-03-02 09:00 call out id=8";
    assert_eq!(Journey::read(lead).facts().cycles[0].attempts, 2);
    let one_call = format!("{lead}\n2026-03-02 09:00 delete id=7 batch=2");
    assert_eq!(Journey::read(&one_call).facts().cycles[0].attempts, 1);
    let gone = format!("{lead}\n2026-03-03 09:00 delete:a");
    assert_eq!(Journey::read(&gone).facts().cycles, []);
    assert_eq!(Journey::read(&gone).facts_as_if(Some(minutes("2026-03-02 10:00"))).cycles.len(), 1);
}

#[test]
fn a_corrected_activity_counts_once_at_its_corrected_time() {
    let cycle = Journey::read(
        "
        2026-03-01 09:00 lead
        2026-03-01 10:00 call out id=7
        2026-03-01 12:00 call out id=7 batch=2
        ",
    )
    .facts()
    .cycles[0];
    assert_eq!((cycle.attempts, cycle.first_attempt_at), (1, minutes("2026-03-01 12:00")));
}

#[test]
fn a_version_that_gives_little_takes_nothing_away() {
    let cycle = Journey::read(
        "
        2026-03-01 09:00 lead source=web owner=u1
        2026-03-05 09:00 lead owner=u2 created=?
        ",
    )
    .facts()
    .cycles[0];
    assert_ne!(cycle.source, 0);
    assert_eq!(cycle.created_at, minutes("2026-03-01 09:00"));
    assert_eq!(cycle.line, 2);
}

#[test]
fn a_lost_opportunity_ends_the_cycle_and_the_next_qualification_begins_another() {
    assert_snapshot!(told(
        "
        2026-01-01 09:00 lead is_converted=yes converted_at=2026-01-03T09:00 opportunity=opp
        2026-01-03 09:00 opportunity is_closed=yes is_won=no closed_at=2026-02-01 amount=50 lead=a
        2026-05-01 09:00 stage mql
        2026-05-02 09:00 call out
        "
    ));
}

#[test]
fn a_lead_with_a_won_opportunity_is_won_whichever_it_names() {
    let cycle = Journey::read(
        "
        2026-01-01 09:00 lead is_converted=yes converted_at=2026-01-03T09:00 opportunity=opp
        2026-01-03 09:00 opportunity is_closed=yes is_won=no closed_at=2026-02-01 amount=50 lead=a
        2026-01-20 09:00 opportunity:opp2 is_closed=yes is_won=yes closed_at=2026-03-01 amount=70 lead=a
        ",
    )
    .facts()
    .cycles[0];
    assert_eq!((cycle.reached_won, cycle.exited, cycle.amount, cycle.contradicted), (1, 0, 70, 0));
}

#[test]
fn a_lead_that_says_won_beside_a_lost_opportunity_is_decided_by_the_opportunity() {
    let cycle = Journey::read(
        "
        2026-01-01 09:00 lead stage=closed_won
        2026-01-03 09:00 opportunity is_closed=yes is_won=no closed_at=2026-02-01 lead=a
        ",
    )
    .facts()
    .cycles[0];
    assert_eq!((cycle.reached_won, cycle.exited, cycle.contradicted), (0, 1, 1));
}

#[test]
fn the_owner_before_the_first_known_version_is_who_the_next_change_took_it_from() {
    let journey = Journey::read(
        "
        2026-06-01 09:00 lead created=2026-01-01 owner=late
        2026-03-01 09:00 owner early late
        ",
    );
    let owner = |as_if| {
        let code = journey.facts_as_if(as_if).cycles[0].owner;
        journey.texts[code as usize - 1].clone()
    };
    assert_eq!(owner(Some(minutes("2026-02-01"))), "early");
    assert_eq!(owner(Some(minutes("2026-04-01"))), "late");
    assert_eq!(owner(None), "late");
}

#[test]
fn the_explanation_is_the_same_fold_step_by_step() {
    let journey = Journey::read(WON);
    let texts = journey.texts.clone();
    let text = move |code: u32| texts.get((code as usize).wrapping_sub(1)).cloned();
    let (facts, told) = journey::explain(&journey.input(), &agreement::Definitions::default(), None, &text);
    assert_eq!(facts, journey.facts());
    let lines: Vec<String> =
        told.iter().map(|t| format!("{} | {} | {} | line {}", t.when, t.what, t.effect, t.source.line)).collect();
    assert_snapshot!(lines.join("\n"));
}

/// Version 1 defines mql and recycled by rules, so that only what the CRM says of mql does not count, from July on until October.
fn by_rules() -> agreement::Definitions {
    let at = |day: &str| terms::Instant(terms::Day::parse(day).unwrap().start().0);
    agreement::Definitions::default().with_rules(vec![agreement::stages::Stretch {
        version: 1,
        text: "text".to_owned(),
        from: at("2026-07-01"),
        until: Some(at("2026-10-01")),
        stages: vec![terms::Stage::Mql, terms::Stage::Recycled],
    }])
}

#[test]
fn while_a_rule_holds_what_the_crm_says_of_the_stage_does_not_count_and_the_rule_does() {
    let text = "
        2026-07-01 09:00 lead
        2026-07-02 10:00 stage mql raw=Qualified
        2026-07-05 08:00 rule mql
        2026-07-06 09:00 stage sal
        2026-07-09 09:00 stage recycled raw=Nurture
    ";
    let journey = Journey::read(text);
    let facts = journey.facts_by(&by_rules());
    let row = &facts.cycles[0];
    assert_eq!((row.mql_at, row.handoff_at), (minutes("2026-07-05 08:00"), minutes("2026-07-05 08:00")));
    // sal is as recorded; that somebody sent it back counts beside a rule for that
    assert_eq!((row.sal_at, row.recycled_at), (minutes("2026-07-06 09:00"), minutes("2026-07-09 09:00")));
    // without an agreement the same records say what they always did
    let plain = Journey::read(&text.replace("2026-07-05 08:00 rule mql", "")).facts();
    assert_eq!((plain.cycles[0].mql_at, plain.cycles[0].exited), (minutes("2026-07-02 10:00"), 1));

    let texts = journey.texts.clone();
    let words = move |code: u32| texts.get((code as usize).wrapping_sub(1)).cloned();
    let (explained, told) = journey::explain(&journey.input(), &by_rules(), None, &words);
    assert_eq!(explained, facts);
    let lines: Vec<String> = told.iter().map(|t| format!("{} | {} | {}", t.when, t.what, t.effect)).collect();
    assert_snapshot!(lines.join("\n"));
}

#[test]
fn outside_of_the_time_in_which_a_rule_held_and_without_a_time_what_is_recorded_counts() {
    let facts = |text: &str| Journey::read(text).facts_by(&by_rules()).cycles[0];
    assert_eq!(facts("2026-06-01 09:00 lead\n2026-06-02 10:00 stage mql").mql_at, minutes("2026-06-02 10:00"));
    assert_eq!(facts("2026-06-01 09:00 lead\n2026-10-01 00:00 stage mql").mql_at, minutes("2026-10-01 00:00"));
    assert_eq!(facts("2026-06-01 09:00 lead\n2026-09-30 stage mql").reached_mql, 0);
    assert_eq!(facts("2026-06-01 09:00 lead\n? stage mql").reached_mql, 1);
}

#[test]
fn a_record_that_says_a_stage_which_goes_by_a_rule_says_nothing_of_how_far_the_lead_came() {
    let facts = |text: &str| Journey::read(text).facts_by(&by_rules()).cycles[0];
    let plain = facts("2026-06-01 09:00 lead stage=inquiry\n2026-07-10 09:00 lead stage=mql raw=MQL");
    assert_eq!((plain.reached_mql, plain.stage), (0, terms::Stage::Inquiry as u8));
    let further = facts("2026-06-01 09:00 lead stage=inquiry\n2026-07-10 09:00 lead stage=sql");
    assert_eq!((further.reached_mql, further.reached_sql), (1, 1), "who came further has passed it");
    let by_rule = facts("2026-06-01 09:00 lead\n2026-07-09 09:00 rule recycled");
    assert_eq!((by_rule.stage, by_rule.exited), (terms::Stage::Recycled as u8, 1));
    // who was never qualified by the rule was not handed over by coming in, and who came before the rule was
    let handed = |text: &str| facts(text).handoff_at;
    assert_eq!(handed("2026-07-02 09:00 lead\n2026-07-03 09:00 stage mql"), i32::MIN);
    assert_eq!(handed("2026-06-30 09:00 lead"), minutes("2026-06-30 09:00"));
    assert_eq!(handed("2026-07-02 09:00 lead handoff_at=2026-07-04T10:00"), minutes("2026-07-04 10:00"));
    assert_eq!(handed("2026-07-02 09:00 lead\n2026-07-05 09:00 stage sal"), minutes("2026-07-05 09:00"));
}

#[test]
fn a_lead_that_enters_by_a_rule_after_an_exit_begins_a_new_cycle() {
    let text = "
        2026-07-01 09:00 lead
        2026-07-02 10:00 rule mql
        2026-07-03 09:00 stage rejected
        2026-08-01 09:00 rule mql
    ";
    let facts = Journey::read(text).facts_by(&by_rules());
    let seen: Vec<i32> = facts.cycles.iter().map(|c| c.mql_at).collect();
    assert_eq!(seen, [minutes("2026-07-02 10:00"), minutes("2026-08-01 09:00")]);
}

/// Who had lead `a` in turn, and when it waited: from, until, who or in which stage.
fn turns(text: &str, as_if: Option<&str>) -> Vec<String> {
    let journey = Journey::read(text);
    let time = |at: i32| match at {
        journey::NO_TIME => "?".to_owned(),
        at => terms::Instant(i64::from(at) * 60_000).to_string()[5..16].to_owned(),
    };
    let name = |code: u32| if code == 0 { "nobody".to_owned() } else { journey.texts[code as usize - 1].clone() };
    let facts = journey.facts_as_if(as_if.map(minutes));
    let of = facts.turns.iter().filter(|turn| turn.key == key("a").hash);
    of.map(|turn| {
        let what = if turn.waits == 1 { format!("waits {}", name(turn.stage_raw)) } else { name(turn.owner) };
        format!("{} {} {what}", time(turn.from_at), time(turn.until_at))
    })
    .collect()
}

#[test]
fn a_lead_that_passed_from_one_to_another_has_a_turn_for_each() {
    let text = "
        2026-03-01 09:00 lead source=web owner=anna
        2026-03-05 09:00 owner anna ben
        2026-03-06 09:00 owner ben ben
        2026-03-09 09:00 lead owner=ben created=?
        2026-03-12 10:00 owner ben
        2026-03-13 10:00 lead owner=cleo created=?
        2026-03-02 09:00 lead:b owner=anna
    ";
    let all =
        ["? 03-05T09:00 anna", "03-05T09:00 03-12T10:00 ben", "03-12T10:00 03-13T10:00 nobody", "03-13T10:00 ? cleo"];
    assert_eq!(turns(text, None), all);
    assert_eq!(turns(text, Some("2026-03-08")), ["? 03-05T09:00 anna", "03-05T09:00 ? ben"]);
    assert!(turns(text, Some("2026-03-04")).is_empty(), "one had it all the time");
    // known by its changes alone, the first of which says who had it before; a change without a time tells nothing
    let text = "
        2026-06-01 09:00 lead created=2026-01-01 owner=late
        2026-03-01 09:00 owner early late
        ? owner late nobody
    ";
    assert_eq!(turns(text, None), ["? 03-01T09:00 early", "03-01T09:00 ? late"]);
}

#[test]
fn a_lead_waits_while_the_crm_shows_a_stage_that_lets_clocks_stand_still() {
    let text = "
        2026-03-01 09:00 lead source=web
        2026-03-02 09:00 stage mql
        2026-03-03 09:00 stage hold raw=Hold waits
        2026-03-04 09:00 stage hold raw=Hold waits
        2026-03-05 09:00 stage later raw=Later waits
        2026-03-06 09:00 stage sal
        2026-03-07 09:00 stage other raw=Other
        2026-03-08 09:00 stage hold raw=Hold waits
        ? stage hold raw=Hold waits
    ";
    let all = ["03-03T09:00 03-05T09:00 waits Hold", "03-05T09:00 03-06T09:00 waits Later", "03-08T09:00 ? waits Hold"];
    assert_eq!(turns(text, None), all);
    let journey = Journey::read(text);
    let told = journey::explain(&journey.input(), &agreement::Definitions::default(), None, &|_| None).1;
    let stands = |words: &str| told.iter().filter(|t| t.effect.contains(words)).count();
    assert_eq!((stands("clocks stand still"), stands("clocks go on")), (3, 1));
}
