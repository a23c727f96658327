//! Who is whom, by what rule; and that neither order nor chance has a say in it.

#![allow(missing_docs, clippy::unwrap_used)] // A test may stop at the first surprise.

extern crate lockstep_identity as identity;

use identity::{
    AccountRecord, AccountRule, LeadRecord, LeadRule, LinkRecord, Links, OpportunityRecord, PersonRecord, Records,
    Rules, link,
};
use proptest::prelude::*;
use terms::{Day, Entity, Key, When};

#[derive(Clone, Debug, Default)]
struct World {
    leads: Vec<LeadRecord>,
    people: Vec<PersonRecord>,
    opportunities: Vec<OpportunityRecord>,
    accounts: Vec<AccountRecord>,
    links: Vec<LinkRecord>,
    texts: Vec<String>,
}

impl World {
    fn links(&self) -> Links {
        let free_mail = ["gmail.com".to_owned()];
        let own_domains = ["ours.com".to_owned()];
        link(
            &Records {
                leads: &self.leads,
                people: &self.people,
                opportunities: &self.opportunities,
                accounts: &self.accounts,
                links: &self.links,
                texts: &self.texts,
            },
            &Rules { free_mail: &free_mail, own_domains: &own_domains },
        )
    }

    fn code(&mut self, text: &str) -> u32 {
        let at = self.texts.iter().position(|t| t == text).unwrap_or_else(|| {
            self.texts.push(text.to_owned());
            self.texts.len() - 1
        });
        at as u32 + 1
    }
}

fn lead(key: u64) -> LeadRecord {
    LeadRecord::new(key)
}

fn opportunity(key: u64) -> OpportunityRecord {
    OpportunityRecord::new(key)
}

fn day(n: i32) -> When {
    When::Day(Day(n))
}

fn join(from: Key, to: Key, recorded: u64, withdrawn: bool) -> LinkRecord {
    LinkRecord { from, to, rule: 0, withdrawn, recorded }
}

fn key(entity: Entity, hash: u64) -> Key {
    Key { entity, hash }
}

#[test]
fn the_records_of_one_human_share_a_journey_named_after_the_smallest_lead() {
    let world = World {
        leads: vec![
            LeadRecord { person: 9_001, ..lead(30) },
            LeadRecord { person: 9_001, ..lead(20) },
            LeadRecord { converted_person: 5, ..lead(40) },
            LeadRecord { person: 9_002, ..lead(10) },
        ],
        people: vec![
            PersonRecord { key: 5, person: 9_001, ..PersonRecord::default() },
            PersonRecord { key: 7, person: 9_003, ..PersonRecord::default() },
        ],
        ..World::default()
    };
    let links = world.links();
    for subject in [20, 30, 40, 5, 9_001] {
        assert_eq!(links.journey_of(subject), 20, "{subject}");
    }
    assert_eq!(links.journey_of(9_002), 10);
    assert_eq!(links.journey_of(9_003), 7, "without a lead the contact names the journey");
    assert_eq!(links.journey_of(77), 77, "what no record names is its own");
}

#[test]
fn the_lead_that_converted_first_is_primary_and_the_others_are_members() {
    let world = World {
        leads: vec![
            LeadRecord { converted_opportunity: 100, converted: day(20), created: day(1), ..lead(1) },
            LeadRecord { converted_opportunity: 100, converted: day(10), created: day(5), ..lead(2) },
            LeadRecord { created: day(0), ..lead(3) },
        ],
        opportunities: vec![OpportunityRecord { lead: 3, ..opportunity(100) }],
        ..World::default()
    };
    let links = world.links();
    let o = links.opportunity(100).unwrap();
    assert_eq!((o.lead, o.rule, o.members, o.journey), (2, LeadRule::Converted, 3, 2));
    assert_eq!(links.members, [(100, 1), (100, 2), (100, 3)]);
}

#[test]
fn ties_go_to_the_earlier_creation_and_then_to_the_smaller_key() {
    let claim = |key, created| LeadRecord { converted_opportunity: 100, converted: day(9), created, ..lead(key) };
    let world = |leads| {
        World { leads, opportunities: vec![opportunity(100)], ..World::default() }.links().opportunities[0].lead
    };
    assert_eq!(world(vec![claim(1, day(3)), claim(2, day(2))]), 2);
    assert_eq!(world(vec![claim(2, day(2)), claim(1, day(2))]), 1);
    assert_eq!(world(vec![claim(1, When::Unknown), claim(2, day(2))]), 2);
}

#[test]
fn a_primary_contact_leads_back_to_the_human_s_leads_made_before_the_opportunity() {
    let mut world = World {
        leads: vec![LeadRecord { person: 9, created: day(5), ..lead(1) }],
        people: vec![PersonRecord { key: 50, person: 9, ..PersonRecord::default() }],
        opportunities: vec![OpportunityRecord { person: 50, created: day(8), ..opportunity(100) }],
        ..World::default()
    };
    let o = world.links().opportunities[0];
    assert_eq!((o.lead, o.rule, o.journey), (1, LeadRule::Contact, 1));
    world.opportunities[0].created = day(4);
    let o = world.links().opportunities[0];
    assert_eq!((o.lead, o.rule, o.journey), (0, LeadRule::None, 100));
}

#[test]
fn a_lead_that_is_not_there_claims_nothing() {
    let world = World { opportunities: vec![OpportunityRecord { lead: 404, ..opportunity(100) }], ..World::default() };
    assert_eq!(world.links().opportunities[0].rule, LeadRule::None);
}

#[test]
fn a_link_that_is_withdrawn_was_never_there() {
    let ends = [
        (key(Entity::Lead, 1), key(Entity::Lead, 2)),
        (key(Entity::Lead, 2), key(Entity::Opportunity, 100)),
        (key(Entity::Lead, 1), key(Entity::Account, 70)),
        (key(Entity::Person, 5), key(Entity::Lead, 1)),
    ];
    let before = World {
        leads: vec![LeadRecord { converted_opportunity: 100, ..lead(1) }, lead(2)],
        people: vec![PersonRecord { key: 5, ..PersonRecord::default() }],
        opportunities: vec![opportunity(100)],
        accounts: vec![AccountRecord { key: 70, ..AccountRecord::default() }],
        ..World::default()
    };
    let mut linked = before.clone();
    linked.links = ends.iter().map(|(a, b)| join(*a, *b, 1, false)).collect();
    let with = linked.links();
    assert_eq!(with.journey_of(5), 1);
    assert_eq!(with.opportunity(100).unwrap().lead, 2, "a recorded link decides over the record");
    assert_eq!(with.lead(1).unwrap().rule, AccountRule::Link);
    let mut withdrawn = linked.clone();
    // whichever way round it is written
    withdrawn.links.extend(ends.iter().map(|(a, b)| join(*b, *a, 2, true)));
    assert_eq!(withdrawn.links(), before.links());
    withdrawn.links.extend(ends.iter().map(|(a, b)| join(*a, *b, 3, false)));
    assert_eq!(withdrawn.links(), with, "linked again is linked");
}

fn matching() -> World {
    let mut world = World::default();
    let domains = ["acme.com", "shared.com", "gmail.com", "ours.com"].map(|d| world.code(d));
    let names = ["Acme  GmbH", "Two Ltd", "TWO ltd", "Free Inc"].map(|n| world.code(n));
    world.accounts = vec![
        AccountRecord { key: 71, domain: domains[0], name: names[0] },
        AccountRecord { key: 72, domain: domains[1], name: names[1] },
        AccountRecord { key: 73, domain: domains[1], name: names[2] },
        AccountRecord { key: 74, domain: domains[2], name: names[3] },
        AccountRecord { key: 75, domain: domains[3], name: 0 },
    ];
    world
}

fn matched(domain: &str, company: &str) -> (u64, AccountRule) {
    let mut world = matching();
    let (mail_domain, company) = (
        if domain.is_empty() { 0 } else { world.code(domain) },
        if company.is_empty() { 0 } else { world.code(company) },
    );
    world.leads = vec![LeadRecord { mail_domain, company, ..lead(1) }];
    let found = world.links().leads[0];
    (found.account, found.rule)
}

#[test]
fn a_lead_finds_its_account_by_domain_then_by_exact_name() {
    assert_eq!(matched("acme.com", "Two Ltd"), (71, AccountRule::Domain));
    assert_eq!(matched("", " acme gmbh"), (71, AccountRule::Name));
    assert_eq!(matched("", "Acme"), (0, AccountRule::Unmatched));
    assert_eq!(matched("", ""), (0, AccountRule::None));
}

#[test]
fn what_two_accounts_share_matches_neither() {
    assert_eq!(matched("shared.com", ""), (0, AccountRule::Ambiguous));
    assert_eq!(matched("", "two ltd"), (0, AccountRule::Ambiguous));
    assert_eq!(matched("shared.com", "free inc"), (74, AccountRule::Name));
}

#[test]
fn free_mail_and_the_own_domain_match_nothing() {
    assert_eq!(matched("gmail.com", ""), (0, AccountRule::None));
    assert_eq!(matched("ours.com", ""), (0, AccountRule::None));
    assert_eq!(matched("gmail.com", "Acme GmbH"), (71, AccountRule::Name));
}

#[test]
fn an_opportunity_takes_its_account_from_itself_then_its_lead() {
    let mut world = matching();
    let (acme, free) = (world.code("acme.com"), world.code("free inc"));
    world.leads = vec![LeadRecord { mail_domain: acme, ..lead(1) }, LeadRecord { converted_account: 99, ..lead(2) }];
    world.opportunities = vec![
        OpportunityRecord { account: 70, lead: 1, ..opportunity(100) },
        OpportunityRecord { lead: 1, ..opportunity(101) },
        OpportunityRecord { lead: 2, ..opportunity(102) },
        OpportunityRecord { company: free, ..opportunity(103) },
        opportunity(104),
    ];
    let links = world.links();
    let found: Vec<(u64, AccountRule)> = links.opportunities.iter().map(|o| (o.account, o.account_rule)).collect();
    assert_eq!(
        found,
        [
            (70, AccountRule::Field),
            (71, AccountRule::Domain),
            (99, AccountRule::Converted),
            (74, AccountRule::Name),
            (0, AccountRule::None),
        ]
    );
}

type Seed = (u8, u8, u8, u8, bool);

/// Small numbers, so that everything meets. Vault persons are numbered apart from all other keys.
fn world(seeds: &[Seed], vault: u64) -> World {
    let mut world = matching();
    let person = |n: u8| if n == 0 { 0 } else { vault.wrapping_mul(u64::from(n)) | 1 << 63 };
    let mut seen = std::collections::BTreeSet::new();
    for (i, (kind, a, b, c, withdrawn)) in seeds.iter().enumerate() {
        let (n, m) = (u64::from(*a), u64::from(*b));
        let things = [key(Entity::Lead, n), key(Entity::Person, 50 + n), key(Entity::Opportunity, 100 + n)];
        if *kind < 3 && !seen.insert((*kind, n)) {
            continue; // one record a thing
        }
        match kind {
            0 => world.leads.push(LeadRecord {
                person: person(b % 4),
                converted_person: if *c % 3 == 0 { 50 + m } else { 0 },
                converted_opportunity: if *withdrawn { 100 + m } else { 0 },
                mail_domain: u32::from(*c % 5),
                company: u32::from(*b % 9),
                created: day(i32::from(*c)),
                converted: if *b % 2 == 0 { day(i32::from(*b)) } else { When::Unknown },
                ..lead(n)
            }),
            1 => world.people.push(PersonRecord { key: 50 + n, person: person(b % 4), account: 0, mail_domain: 1 }),
            2 => world.opportunities.push(OpportunityRecord {
                lead: if *c % 2 == 0 { m } else { 0 },
                person: if *c % 3 == 0 { 50 + m } else { person(b % 4) },
                company: u32::from(*c % 9),
                created: day(i32::from(*c)),
                ..opportunity(100 + n)
            }),
            _ => {
                let to = if *c % 2 == 0 { key(Entity::Lead, m) } else { key(Entity::Account, 71 + m % 4) };
                world.links.push(join(things[usize::from(*c % 3)], to, i as u64, *withdrawn));
            }
        }
    }
    world
}

fn seeds() -> impl Strategy<Value = Vec<Seed>> {
    prop::collection::vec((0u8..5, 1u8..9, 1u8..9, 0u8..12, any::<bool>()), 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_records_changes_nothing(seeds in seeds(), turn in 0usize..40) {
        let sorted = world(&seeds, 7);
        let mut turned = sorted.clone();
        fn rotate<T>(list: &mut [T], turn: usize) {
            let n = list.len().max(1);
            list.rotate_left(turn % n);
            if turn.is_multiple_of(2) {
                list.reverse();
            }
        }
        rotate(&mut turned.leads, turn);
        rotate(&mut turned.people, turn);
        rotate(&mut turned.opportunities, turn);
        rotate(&mut turned.accounts, turn);
        rotate(&mut turned.links, turn);
        prop_assert_eq!(sorted.links(), turned.links());
    }

    #[test]
    fn the_vault_s_numbers_change_no_lead_and_no_opportunity(seeds in seeds(), vault in 8u64..1_000_000) {
        let (one, other) = (world(&seeds, 7).links(), world(&seeds, vault).links());
        prop_assert_eq!(&one.leads, &other.leads);
        prop_assert_eq!(&one.opportunities, &other.opportunities);
        prop_assert_eq!(&one.members, &other.members);
    }

    #[test]
    fn a_journey_is_its_own_journey_and_money_has_one_lead(seeds in seeds()) {
        let links = world(&seeds, 7).links();
        for (subject, journey) in &links.journeys {
            prop_assert_eq!(links.journey_of(*journey), *journey, "of {}", subject);
        }
        for o in &links.opportunities {
            let members = links.members.iter().filter(|m| m.0 == o.opportunity).count();
            prop_assert_eq!(members, o.members as usize);
            prop_assert_eq!(o.lead == 0, members == 0);
            prop_assert_eq!(links.journey_of(o.opportunity), o.journey);
            if o.lead != 0 {
                prop_assert_eq!(links.journey_of(o.lead), o.journey);
            }
        }
    }

    #[test]
    fn withdrawing_every_link_leaves_what_the_records_say(seeds in seeds()) {
        let mut linked = world(&seeds, 7);
        let mut plain = linked.clone();
        plain.links.clear();
        let all = linked.links.clone();
        linked.links.extend(all.iter().map(|l| LinkRecord { withdrawn: true, recorded: 1_000, ..*l }));
        prop_assert_eq!(linked.links(), plain.links());
    }
}

#[test]
fn a_lead_kept_in_two_systems_is_one_lead_and_the_system_that_converts_stands() {
    let texts = vec!["crm".to_owned(), "tool".to_owned()];
    let leads = [
        LeadRecord { person: 9_001, system: 1, created: day(10), converted_opportunity: 100, ..lead(1) },
        LeadRecord { person: 9_001, system: 1, created: day(90), ..lead(2) },
        LeadRecord { person: 9_001, system: 2, created: day(88), ..lead(3) },
        LeadRecord { person: 9_002, system: 2, created: day(5), ..lead(4) },
    ];
    let opportunities = [
        OpportunityRecord { system: 1, ..OpportunityRecord::new(100) },
        OpportunityRecord { system: 2, lead: 3, ..OpportunityRecord::new(50) },
    ];
    let links = [LinkRecord {
        from: Key { entity: Entity::Opportunity, hash: 50 },
        to: Key { entity: Entity::Opportunity, hash: 100 },
        rule: 0,
        withdrawn: false,
        recorded: 1,
    }];
    let records = Records {
        leads: &leads,
        people: &[],
        opportunities: &opportunities,
        accounts: &[],
        links: &links,
        texts: &texts,
    };
    let linked = identity::link(&records, &Rules::default());
    assert_eq!(linked.twin_leads, [(3, 2)], "nearest in time; a human whom only the tool knows stays a lead");
    assert_eq!(linked.twin_opportunities, [(50, 100)]);
    assert_eq!(linked.opportunity(50).map(|o| o.lead), Some(2));
}
