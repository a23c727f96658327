//! Files agree with each other and with the truth.

#![allow(clippy::unwrap_used, clippy::panic)]

mod written;

use std::collections::{BTreeMap, BTreeSet};

use lockstep_simulate::Company;
use written::{Written, company};

const NONE: &str = "000000000000000AAA";

fn ids(w: &Written, file: &str) -> BTreeSet<String> {
    let rows = w.table(file);
    let ids: BTreeSet<String> = rows.iter().map(|r| r["Id"].clone()).collect();
    assert_eq!(ids.len(), rows.len(), "{file}: an id twice");
    ids
}

fn joins(w: &Written, file: &str, column: &str, to: &BTreeSet<String>) {
    for row in w.table(file) {
        let id = &row[column];
        assert!(id == NONE || to.contains(id), "{file}: {column} {id} leads nowhere");
    }
}

#[test]
fn every_lookup_leads_somewhere() {
    for name in [Company::Steady, Company::Turnover, Company::Flooded, Company::Gamed, Company::Tiny] {
        let w = company(name, 1_500, 5);
        let id = |object: &str| ids(&w, &format!("salesforce/{object}.csv"));
        let (leads, contacts, accounts, deals) = (id("Lead"), id("Contact"), id("Account"), id("Opportunity"));
        let (users, campaigns) = (id("User"), id("Campaign"));
        let who: BTreeSet<String> = leads.union(&contacts).cloned().collect();
        let history = id("LeadHistory");
        assert!(history.is_disjoint(&id("OpportunityFieldHistory")));
        for (file, column, to) in [
            ("Lead", "ConvertedAccountId", &accounts),
            ("Lead", "ConvertedContactId", &contacts),
            ("Lead", "ConvertedOpportunityId", &deals),
            ("Lead", "OwnerId", &users),
            ("LeadHistory", "LeadId", &leads),
            ("LeadHistory", "CreatedById", &users),
            ("Contact", "AccountId", &accounts),
            ("Opportunity", "AccountId", &accounts),
            ("Opportunity", "ContactId", &contacts),
            ("Opportunity", "CampaignId", &campaigns),
            ("Opportunity", "OwnerId", &users),
            ("OpportunityHistory", "OpportunityId", &deals),
            ("OpportunityFieldHistory", "OpportunityId", &deals),
            ("Task", "WhoId", &who),
            ("Task", "WhatId", &deals),
            ("Task", "OwnerId", &users),
            ("Event", "WhoId", &who),
            ("CampaignMember", "LeadId", &leads),
            ("CampaignMember", "CampaignId", &campaigns),
            ("User", "ManagerId", &users),
        ] {
            joins(&w, &format!("salesforce/{file}.csv"), column, to);
        }
    }
}

#[test]
fn touches_arrive_by_the_mail_of_a_lead() {
    let w = company(Company::Steady, 800, 2);
    let mails: BTreeSet<String> = w.table("salesforce/Lead.csv").iter().map(|r| r["Email"].clone()).collect();
    assert_eq!(mails.len(), 800, "a mail twice");
    let contacts = w.table("hubspot/contact_data.csv");
    assert!(contacts.iter().all(|r| mails.contains(&r["property_email"])));
    let numbers: BTreeSet<String> = contacts.iter().map(|r| r["id"].clone()).collect();
    assert!(w.table("hubspot/contact_form_submission.csv").iter().all(|r| numbers.contains(&r["contact_id"])));
    let events = w.table("hubspot/email_event.csv");
    assert!(events.iter().all(|r| mails.contains(&r["recipient"])));
    let of = |kind: &str| -> BTreeSet<String> {
        events.iter().filter(|r| r["type"] == kind).map(|r| r["id"].clone()).collect()
    };
    assert_eq!(ids_of(&w, "hubspot/email_event_open.csv"), of("OPEN"));
    assert_eq!(ids_of(&w, "hubspot/email_event_click.csv"), of("CLICK"));
    let sent = of("SENT");
    assert!(events.iter().all(|r| r["type"] == "SENT" || sent.contains(&r["sent_by_id"])));
}

fn ids_of(w: &Written, file: &str) -> BTreeSet<String> {
    w.table(file).into_iter().map(|r| r["id"].clone()).collect()
}

#[test]
fn nothing_is_later_than_the_data_and_histories_are_in_order() {
    let w = company(Company::Slow, 1_500, 4);
    for (file, column) in [
        ("salesforce/Lead.csv", "LastModifiedDate"),
        ("salesforce/LeadHistory.csv", "CreatedDate"),
        ("salesforce/Task.csv", "CompletedDateTime"),
        ("salesforce/Event.csv", "ActivityDateTime"),
        ("salesforce/OpportunityHistory.csv", "CreatedDate"),
        ("hubspot/email_event.csv", "created"),
        ("hubspot/contact_form_submission.csv", "timestamp"),
    ] {
        assert!(w.table(file).iter().all(|r| r[column].as_str() <= "2026-10-04 23:59:00"), "{file}");
    }
    for (file, subject) in [("LeadHistory", "LeadId"), ("OpportunityHistory", "OpportunityId")] {
        let mut last: BTreeMap<String, String> = BTreeMap::new();
        for row in w.table(&format!("salesforce/{file}.csv")) {
            let at = row["CreatedDate"].clone();
            if let Some(before) = last.insert(row[subject].clone(), at.clone()) {
                assert!(before <= at, "{file}: {} goes back from {before} to {at}", row[subject]);
            }
        }
    }
}

#[test]
fn status_owner_and_stage_are_those_of_the_last_history_row() {
    let w = company(Company::Turnover, 1_500, 6);
    let mut status = BTreeMap::new();
    let mut owner = BTreeMap::new();
    for row in w.table("salesforce/LeadHistory.csv") {
        let map = if row["Field"] == "Status" { &mut status } else { &mut owner };
        let before = map.insert(row["LeadId"].clone(), row["NewValue"].clone());
        if row["Field"] != "leadConverted" {
            assert!(before.is_none_or(|b| b == row["OldValue"]), "{}", row["LeadId"]);
        }
    }
    for lead in w.table("salesforce/Lead.csv") {
        let known = status.get(&lead["Id"]).map_or("Open - Not Contacted", String::as_str);
        assert_eq!(lead["Status"], known);
        assert_eq!(lead["IsConverted"] == "1", known == "Closed - Converted");
    }
    let mut stage = BTreeMap::new();
    for row in w.table("salesforce/OpportunityHistory.csv") {
        let state = [row["StageName"].clone(), row["Amount"].clone(), row["CloseDate"].clone()];
        stage.insert(row["OpportunityId"].clone(), state);
    }
    for row in w.table("salesforce/Opportunity.csv") {
        assert_eq!([row["StageName"].clone(), row["Amount"].clone(), row["CloseDate"].clone()], stage[&row["Id"]]);
    }
}

#[test]
fn the_truth_counts_what_the_files_hold() {
    let w = company(Company::Steady, 1_500, 9);
    for (file, rows) in &w.truth.rows {
        assert_eq!(w.table(file).len() as u64, *rows, "{file}");
    }
    let won: i64 = w
        .table("salesforce/Opportunity.csv")
        .iter()
        .filter(|r| r["IsWon"] == "1" && ("2026-07-01".."2026-10-01").contains(&r["CloseDate"].as_str()))
        .map(|r| r["Amount"].replace('.', "").parse::<i64>().unwrap())
        .sum();
    assert_eq!(won, w.truth.realised.periods[7].won_cents);
}

#[test]
fn amounts_are_list_price_less_discount_to_the_cent() {
    let w = company(Company::Discounted, 1_500, 9);
    for row in w.table("salesforce/Opportunity.csv") {
        let cents: i64 = row["Amount"].replace('.', "").parse().unwrap();
        let list: i64 = row["List_Price__c"].parse().unwrap();
        let tenths: i64 = row["Discount__c"].replace('.', "").parse().unwrap();
        assert_eq!(cents * 10, list * (1000 - tenths), "{}", row["Id"]);
    }
}

#[test]
fn the_empty_company_has_headers_only_and_the_tiny_one_sixty_leads() {
    let empty = company(Company::Empty, 12_000, 1);
    assert!(empty.truth.rows.iter().all(|(_, rows)| *rows == 0));
    for (file, bytes) in empty.files().into_iter().filter(|(f, _)| f.ends_with(".csv")) {
        assert_eq!(bytes.iter().filter(|b| **b == b'\n').count(), 1, "{file}");
    }
    let tiny = company(Company::Tiny, 12_000, 1);
    assert_eq!(tiny.table("salesforce/Lead.csv").len(), 60);
    assert_eq!(tiny.truth.leads, 60);
}
