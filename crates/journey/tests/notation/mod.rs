//! Journeys as text. One line is one event:
//!
//! ```text
//! 2026-07-01 09:00 lead source=web stage=inquiry        a version of lead `a`; created then unless `created=` says so
//! 2026-07-02 lead:b created=?                           a day; another lead; creation unknown
//! ? stage mql raw=Qualified                             lead `a` entered a stage at an unknown time
//! 2026-07-02 11:00 rule mql                             lead `a` entered a stage by the rule of version 1
//! 2026-07-03 10:00 call out done                        an activity, about the person unless `about=` says so
//! 2026-07-03 touch email auto                           a touch
//! 2026-07-04 08:00 opportunity amount=1000 closed_at=2026-09-30 lead=a
//! 2026-07-05 08:00 stage:opp closed_won                 opportunities are `opp`, `opp2`, ...
//! 2026-07-05 09:00 delete id=7                          a later version of event 7 deletes it; `delete:a` a lead
//! ```
//!
//! A line's number is its source line. `id=` names an event, so that a later line can be another version of it.

#![allow(dead_code, reason = "each test file uses a part")]

use agreement::{ActivityKind, Definitions, Direction};
use journey::{
    Changed, Event, JourneyFacts, JourneyInput, LeadLink, LeadSeen, OpportunityLink, OpportunitySeen, Source, What,
};
use terms::{Day, Entity, Instant, Key, MINUTE_MS, Stage, When};

/// One journey, read from text.
#[derive(Clone, Debug, Default)]
pub struct Journey {
    pub events: Vec<Event>,
    pub leads: Vec<LeadSeen>,
    pub opportunities: Vec<OpportunitySeen>,
    pub opportunity_links: Vec<OpportunityLink>,
    pub lead_links: Vec<LeadLink>,
    pub texts: Vec<String>,
}

pub fn when(text: &str) -> When {
    if text == "?" {
        return When::Unknown;
    }
    if let Some((a, b)) = text.split_once("..") {
        return When::Range(Day::parse(a).unwrap(), Day::parse(b).unwrap());
    }
    match text.split_once([' ', 'T']) {
        None => When::Day(Day::parse(text).unwrap_or_else(|| panic!("time `{text}`"))),
        Some((day, hour)) => {
            let (h, m) = hour.split_once(':').unwrap();
            let minutes = h.parse::<i64>().unwrap() * 60 + m.parse::<i64>().unwrap();
            When::Instant(Instant(Day::parse(day).unwrap().start().0 + minutes * MINUTE_MS))
        }
    }
}

pub fn minutes(text: &str) -> i32 {
    when(text).minutes().unwrap()
}

pub fn key(name: &str) -> Key {
    let entity = if name.starts_with("opp") {
        Entity::Opportunity
    } else if name == "person" {
        Entity::Person
    } else {
        Entity::Lead
    };
    Key::of(entity, "test", name)
}

impl Journey {
    pub fn read(text: &str) -> Journey {
        let mut journey = Journey::default();
        for (i, line) in text.lines().map(str::trim).enumerate().filter(|(_, l)| !l.is_empty()) {
            journey.line(i as u32, line);
        }
        journey
    }

    fn code(&mut self, text: &str) -> u32 {
        let at = self.texts.iter().position(|t| t == text).unwrap_or_else(|| {
            self.texts.push(text.to_owned());
            self.texts.len() - 1
        });
        at as u32 + 1
    }

    fn line(&mut self, number: u32, line: &str) {
        let mut words = line.split_whitespace().peekable();
        let mut time = words.next().unwrap().to_owned();
        if words.peek().is_some_and(|w| w.len() == 5 && w.as_bytes()[2] == b':') {
            time = format!("{time} {}", words.next().unwrap());
        }
        let at = when(&time);
        let (kind, name) = words.next().unwrap().split_once(':').map_or_else(
            || (line.split_whitespace().find(|w| w.chars().all(|c| c.is_ascii_lowercase())).unwrap(), None),
            |(k, n)| (k, Some(n)),
        );
        let rest: Vec<&str> = words.collect();
        let given = |name: &str| rest.iter().find_map(|w| w.strip_prefix(name)?.strip_prefix('=')).map(str::to_owned);
        let has = |word: &str| rest.contains(&word);
        let flag = |name: &str| given(name).map(|v| v == "yes");
        let id = given("id").unwrap_or_else(|| format!("line {number}"));
        let id = Key::of(Entity::Activity, "test", &id);
        let source = Source { batch: given("batch").map_or(1, |b| b.parse().unwrap()), file: 0, line: number };
        let about = key(&given("about").unwrap_or_else(|| "person".to_owned()));
        let event = match kind {
            "lead" => {
                let key = key(name.unwrap_or("a"));
                let is_first = !self.events.iter().any(|e| e.id == key.hash);
                let seen = LeadSeen {
                    source: given("source").map_or(0, |t| self.code(&t)),
                    segment: given("segment").map_or(0, |t| self.code(&t)),
                    owner: given("owner").map_or(0, |t| self.code(&t)),
                    stage: given("stage").map(|s| Stage::parse(&s).unwrap()),
                    stage_raw: given("raw").map_or(0, |t| self.code(&t)),
                    is_converted: flag("is_converted"),
                    converted_opportunity: given("opportunity").map_or(0, |n| self::key(&n).hash),
                    created_at: given("created").map_or(if is_first { at } else { When::Unknown }, |t| when(&t)),
                    converted_at: given("converted_at").map_or(When::Unknown, |t| when(&t)),
                    handoff_at: given("handoff_at").map_or(When::Unknown, |t| when(&t)),
                    first_response_at: given("first_response_at").map_or(When::Unknown, |t| when(&t)),
                    won_at: given("won_at").map_or(When::Unknown, |t| when(&t)),
                    amount: given("amount").map_or(journey::NO_MONEY, |a| a.parse().unwrap()),
                    ..LeadSeen::default()
                };
                self.leads.push(seen);
                Event::new(at, key, key, source, What::LeadSeen(self.leads.len() as u32 - 1))
            }
            "opportunity" => {
                let key = key(name.unwrap_or("opp"));
                let is_first = !self.events.iter().any(|e| e.id == key.hash);
                let seen = OpportunitySeen {
                    owner: given("owner").map_or(0, |t| self.code(&t)),
                    stage: given("stage").map(|s| Stage::parse(&s).unwrap()),
                    stage_raw: given("raw").map_or(0, |t| self.code(&t)),
                    is_closed: flag("is_closed"),
                    is_won: flag("is_won"),
                    created_at: given("created").map_or(if is_first { at } else { When::Unknown }, |t| when(&t)),
                    closed_at: given("closed_at").map_or(When::Unknown, |t| when(&t)),
                    amount: given("amount").map_or(journey::NO_MONEY, |a| a.parse().unwrap()),
                    list_price: given("list_price").map_or(journey::NO_MONEY, |a| a.parse().unwrap()),
                    ..OpportunitySeen::default()
                };
                if let Some(lead) = given("lead") {
                    let members = given("members").map_or(1, |m| m.parse().unwrap());
                    let lead_rule = self.code("converted");
                    self.opportunity_links.push(OpportunityLink {
                        opportunity: key.hash,
                        lead: self::key(&lead).hash,
                        members,
                        lead_rule,
                        ..OpportunityLink::default()
                    });
                }
                self.opportunities.push(seen);
                Event::new(at, key, key, source, What::OpportunitySeen(self.opportunities.len() as u32 - 1))
            }
            "stage" => {
                let raw = given("raw").map_or(0, |t| self.code(&t));
                let amount = given("amount").map_or(journey::NO_MONEY, |a| a.parse().unwrap());
                let waits = rest.contains(&"waits");
                let what = What::StageEntered { stage: Stage::parse(rest[0]), raw, amount, waits };
                Event::new(at, id, key(name.unwrap_or("a")), source, what)
            }
            "rule" => {
                let what = What::EnteredByRule { stage: Stage::parse(rest[0]).unwrap(), version: 1 };
                Event::new(at, id, key(name.unwrap_or("a")), source, what)
            }
            "owner" => {
                let mut code = |place: usize| rest.get(place).map_or(i64::MIN, |who| i64::from(self.code(who)));
                let what = What::FieldChanged { field: Changed::Owner, old: code(0), new: code(1) };
                Event::new(at, id, key(name.unwrap_or("a")), source, what)
            }
            "amount" => {
                let value = |w: &str| w.parse().unwrap();
                let what = What::FieldChanged { field: Changed::Amount, old: value(rest[0]), new: value(rest[1]) };
                Event::new(at, id, key(name.unwrap_or("opp")), source, what)
            }
            "converted" => Event::new(at, id, key(name.unwrap_or("a")), source, What::Converted { opportunity: 0 }),
            "touch" => {
                let channel = self.code(rest[0]);
                let what = What::Touch { channel, campaign: 0, automatic: has("auto") };
                Event::new(at, id, about, source, what)
            }
            "delete" => {
                let what = self.events.iter().rev().find(|e| name.map_or(id.hash, |n| key(n).hash) == e.id).unwrap();
                let (id, subject) = (what.id, what.subject);
                let key = |hash| Key { entity: what.of, hash };
                Event::new(at, key(id), key(subject), source, what.what).deleted(true)
            }
            kind => {
                let direction = match (has("out"), has("in")) {
                    (true, _) => Direction::Outbound,
                    (_, true) => Direction::Inbound,
                    _ => Direction::Unknown,
                };
                let kind = ActivityKind::parse(kind);
                assert_ne!(kind, ActivityKind::Other, "line `{line}`");
                let done = if has("done") { Some(true) } else { has("undone").then_some(false) };
                let what = What::Activity {
                    rep: 0,
                    kind,
                    direction,
                    contact: has("two_way"),
                    automatic: has("auto"),
                    done,
                    written_after: given("written_after").map_or(0, |m| m.parse().unwrap()),
                };
                Event::new(at, id, about, source, what)
            }
        };
        self.events.push(event);
    }

    pub fn input(&self) -> JourneyInput<'_> {
        JourneyInput {
            journey: key("a").hash,
            events: &self.events,
            leads: &self.leads,
            opportunities: &self.opportunities,
            lead_links: &self.lead_links,
            opportunity_links: &self.opportunity_links,
        }
    }

    pub fn facts(&self) -> JourneyFacts {
        self.facts_as_if(None)
    }

    pub fn facts_as_if(&self, as_if: Option<i32>) -> JourneyFacts {
        journey::fold(&self.input(), &Definitions::default(), as_if)
    }

    pub fn facts_by(&self, definitions: &Definitions) -> JourneyFacts {
        journey::fold(&self.input(), definitions, None)
    }

    /// The facts as text: one block a row, one `name=value` for each value that is not missing or zero.
    pub fn told(&self, facts: &JourneyFacts) -> String {
        let name = |hash: u64| {
            ["a", "b", "c", "opp", "opp2", "opp3"]
                .into_iter()
                .find(|n| key(n).hash == hash)
                .map_or_else(|| format!("{hash:x}"), str::to_owned)
        };
        let time = |m: i32| When::Instant(Instant(i64::from(m) * MINUTE_MS)).to_string().replace(":00Z", "");
        let day = |d: i32| Day(d).to_string();
        let stage = |s: u8| Stage::from_number(s).map_or("?", Stage::word).to_owned();
        let mut out = String::new();
        for c in &facts.cycles {
            let mut row = vec![format!("cycle {} of lead {}", c.cycle, name(c.key))];
            let mut put = |n: &str, v: Option<String>| row.extend(v.map(|v| format!("  {n}={v}")));
            let text = |code: u32| self.texts.get((code as usize).wrapping_sub(1)).cloned();
            put("opportunity", (c.opportunity != 0).then(|| name(c.opportunity)));
            for (n, code) in [
                ("source", c.source),
                ("channel", c.channel),
                ("segment", c.segment),
                ("owner", c.owner),
                ("stage_raw", c.stage_raw),
            ] {
                put(n, text(code));
            }
            put("stage", Some(stage(c.stage)));
            for (n, at) in [
                ("created_at", c.created_at),
                ("mql_at", c.mql_at),
                ("sal_at", c.sal_at),
                ("sql_at", c.sql_at),
                ("opportunity_at", c.opportunity_at),
                ("won_at", c.won_at),
                ("lost_at", c.lost_at),
                ("rejected_at", c.rejected_at),
                ("recycled_at", c.recycled_at),
                ("returned_at", c.returned_at),
                ("disqualified_at", c.disqualified_at),
                ("exit_at", c.exit_at),
                ("handoff_at", c.handoff_at),
                ("first_attempt_at", c.first_attempt_at),
                ("first_contact_at", c.first_contact_at),
            ] {
                put(n, (at != journey::NO_TIME).then(|| time(at)));
            }
            let reached: Vec<&str> = [
                (c.reached_mql, "mql"),
                (c.reached_sal, "sal"),
                (c.reached_sql, "sql"),
                (c.reached_opportunity, "opportunity"),
                (c.reached_won, "won"),
                (c.exited, "exited"),
            ]
            .into_iter()
            .filter(|(flag, _)| *flag == 1)
            .map(|(_, n)| n)
            .collect();
            put("reached", (!reached.is_empty()).then(|| reached.join(",")));
            for (n, count) in [("attempts", c.attempts), ("touches", c.touches), ("machine_touches", c.machine_touches)]
            {
                put(n, (count != 0).then(|| count.to_string()));
            }
            put("amount", (c.amount != journey::NO_MONEY).then(|| c.amount.to_string()));
            put("closed_on", (c.closed_on != journey::NO_TIME).then(|| day(c.closed_on)));
            for (n, flag) in [
                ("has_created_at", c.has_created_at),
                ("won_before_created", c.won_before_created),
                ("contradicted", c.contradicted),
            ] {
                put(n, (flag == 1).then(|| "1".to_owned()));
            }
            out += &(row.join("\n") + "\n");
        }
        for o in &facts.opportunities {
            let mut row = vec![format!("opportunity {}", name(o.key))];
            let mut put = |n: &str, v: Option<String>| row.extend(v.map(|v| format!("  {n}={v}")));
            put("lead", (o.lead != 0).then(|| format!("{} of {}", name(o.lead), o.members)));
            put("stage", Some(stage(o.stage)));
            for (n, at) in [("lead_created_at", o.lead_created_at), ("created_at", o.created_at)] {
                put(n, (at != journey::NO_TIME).then(|| time(at)));
            }
            for (n, on) in [
                ("closed_on", o.closed_on),
                ("expected_on", o.expected_on),
                ("won_on", o.won_on),
                ("lost_on", o.lost_on),
            ] {
                put(n, (on != journey::NO_TIME).then(|| day(on)));
            }
            put("amount", (o.amount != journey::NO_MONEY).then(|| o.amount.to_string()));
            put("contradicted", (o.contradicted == 1).then(|| "1".to_owned()));
            out += &(row.join("\n") + "\n");
        }
        for (n, count) in [
            ("outside touches", facts.outside_touches),
            ("outside activities", facts.outside_activities),
            ("undated activities", facts.undated_activities),
        ] {
            if count != 0 {
                out += &format!("{n} {count}\n");
            }
        }
        out
    }
}
