use std::collections::BTreeSet;

use entries::catalogue::{activity, field_change, lead, link, opportunity, person, stage_change, touch};
use import::{Piece, Settings};
use terms::{Entity, Key, Stage, When};

use crate::memory::{Memory, import, import_text, import_with, piece};

fn dev_org(file: &str) -> Option<(entries::FileCount, Memory)> {
    piece(&format!("salesforce-dev-org-history/{file}.csv")).map(|piece| import(&piece))
}

#[test]
fn the_dev_org_is_read_whole() {
    let Some((count, leads)) = dev_org("Lead") else { return };
    assert_eq!((count.rows, count.used, leads.distinct(Entity::Lead)), (22, 22, 22));
    let converted: BTreeSet<Key> =
        leads.of(Entity::Lead).iter().filter_map(|e| e.get(lead::CONVERTED_OPPORTUNITY).key()).collect();
    assert_eq!(converted.len(), 5);
    let contradicted = leads.of(Entity::Lead).into_iter().filter(|e| {
        e.get(lead::STAGE_RAW).text() == Some("Closed - Converted") && e.get(lead::IS_CONVERTED).flag() == Some(false)
    });
    assert_eq!(contradicted.count(), 3, "both fields are kept as they stand");
    assert!(leads.of(Entity::Lead).iter().all(|e| e.get(lead::STAGE).stage().is_some()));
    assert_eq!(leads.warnings, [], "every status is mapped");

    let (count, opportunities) = dev_org("Opportunity").unwrap();
    assert_eq!((count.rows, count.used, opportunities.distinct(Entity::Opportunity)), (36, 36, 36));
    let ids: BTreeSet<Key> = opportunities.of(Entity::Opportunity).iter().map(|e| e.id).collect();
    assert!(converted.is_subset(&ids), "every converted lead joins its opportunity");
    let of = |stage| {
        let those: Vec<_> = opportunities
            .of(Entity::Opportunity)
            .into_iter()
            .filter(|e| e.get(opportunity::STAGE).stage() == Some(stage))
            .collect();
        (those.len(), those.iter().filter_map(|e| e.get(opportunity::AMOUNT).money()).map(|m| m.minor).sum::<i64>())
    };
    assert_eq!(of(Stage::ClosedWon), (12, 2_815_000_00));
    assert_eq!(of(Stage::ClosedLost), (8, 830_000_00));
    assert_eq!(of(Stage::Opportunity).0, 16);

    let (count, history) = dev_org("OpportunityHistory").unwrap();
    assert_eq!((count.rows, count.used), (48, 48));
    let about: BTreeSet<Key> = history.of(Entity::StageChange).iter().map(|e| e.subject).collect();
    assert_eq!(about, ids, "history of all 36");
    assert!(history.of(Entity::StageChange).iter().all(|e| matches!(e.valid_at, When::Instant(_))));

    let (count, contacts) = dev_org("Contact").unwrap();
    assert_eq!((count.used, contacts.distinct(Entity::Person)), (25, 25));
    let (count, accounts) = dev_org("Account").unwrap();
    assert_eq!((count.used, accounts.distinct(Entity::Account)), (18, 18));
}

#[test]
fn names_mails_and_phones_of_leads_stay_in_the_vault() {
    let Some((_, leads)) = dev_org("Lead") else { return };
    leads.assert_silent_about(&["Boxer", "Bertha", "@fcof", "644-4200", "Braund"]);
    assert!(leads.people.contains_key("bertha@fcof.net"));
}

/// The shape of a Data Export: every cell quoted, 0/1, zero ids for empty lookups.
#[test]
fn a_data_export_row_with_empty_lookups_has_no_keys_for_them() {
    let text = "\"Id\",\"IsDeleted\",\"LastName\",\"FirstName\",\"Company\",\"Email\",\"LeadSource\",\"Status\",\"OwnerId\",\"IsConverted\",\"ConvertedDate\",\"ConvertedAccountId\",\"ConvertedContactId\",\"ConvertedOpportunityId\",\"CreatedDate\",\"LastModifiedDate\"\n\
        \"00Q5g000001AAAAEA4\",\"0\",\"Curie\",\"Marie\",\"Radium\",\"m@radium.org\",\"Web\",\"Working - Contacted\",\"0055g000001BBBBAA4\",\"0\",\"\",\"000000000000000AAA\",\"000000000000000AAA\",\"000000000000000AAA\",\"2026-01-07 22:58:33\",\"2026-01-08 10:00:00\"\n\
        \"00Q5g000001AAAB\",\"1\",\"Bohr\",\"Niels\",\"Atom\",\"n@atom.dk\",\"Web\",\"Closed - Converted\",\"0055g000001BBBB\",\"1\",\"2026-01-09\",\"0015g000001CCCC\",\"0035g000001DDDD\",\"0065g000001EEEEAA4\",\"2026-01-07 22:58:33\",\"2026-01-09 10:00:00\"\n";
    let (count, memory) = import_text("Lead.csv", text);
    assert_eq!((count.used, count.rejected), (2, 0));
    let first = &memory.entries[0];
    assert!(first.get(lead::CONVERTED_OPPORTUNITY).is_none() && first.get(lead::CONVERTED_ACCOUNT).is_none());
    assert_eq!(first.get(lead::STAGE).stage(), Some(Stage::Sal));
    assert_eq!(first.id, Key::of(Entity::Lead, "salesforce", "00Q5g000001AAAA"), "the first fifteen characters");
    let second = &memory.entries[1];
    assert!(second.deleted);
    assert_eq!(
        second.get(lead::CONVERTED_OPPORTUNITY).key(),
        Some(Key::of(Entity::Opportunity, "salesforce", "0065g000001EEEE"))
    );
    assert_eq!(first.get(lead::OWNER).key(), second.get(lead::OWNER).key(), "15 and 18 characters are one id");
}

#[test]
fn the_four_shapes_of_a_lead_give_the_same_lead() {
    let shapes = [
        "Id,FirstName,LastName,Company,Email,LeadSource,Status,CreatedDate,OwnerId\n00Q5g000001AAAA,Ada,B,X,a@x.org,Web,New,2026-01-02,0055g000001BBBB\n",
        "ID,FIRSTNAME,LASTNAME,COMPANY,EMAIL,LEADSOURCE,STATUS,CREATEDDATE,OWNERID\n00Q5g000001AAAAEA4,Ada,B,X,a@x.org,Web,New,2026-01-02,0055g000001BBBB\n",
        "id,first_name,last_name,company,email,lead_source,status,created_date,owner_id,_fivetran_synced\n00Q5g000001AAAAEA4,Ada,B,X,a@x.org,Web,New,2026-01-02,0055g000001BBBB,2026-02-02 00:00:00\n",
        "Lead ID,First Name,Last Name,Company / Account,Email,Lead Source,Lead Status,Create Date,Owner ID\n00Q5g000001AAAA,Ada,B,X,a@x.org,Web,New,2026-01-02,0055g000001BBBB\n",
    ];
    let digests: Vec<Vec<_>> = shapes
        .iter()
        .map(|text| {
            let (count, memory) = import_text("export.csv", text);
            assert_eq!((count.used, count.rejected), (1, 0), "{text}");
            memory
                .entries
                .iter()
                .map(|e| {
                    (
                        e.id,
                        e.get(lead::SOURCE).clone(),
                        e.get(lead::STAGE).clone(),
                        e.get(lead::COMPANY).clone(),
                        e.get(lead::OWNER).clone(),
                        e.get(lead::CREATED_AT).clone(),
                        e.get(lead::PERSON).clone(),
                    )
                })
                .collect()
        })
        .collect();
    assert!(digests.windows(2).all(|w| w[0] == w[1]), "{digests:#?}");
}

#[test]
fn a_report_download_ends_before_its_footer_and_keeps_no_owner_name() {
    let text = "\"Opportunity ID\",\"Opportunity Name\",\"Stage\",\"Amount\",\"Close Date\",\"Created Date\",\"Opportunity Owner\",\"Account Name\"\n\
        \"0065g000001EEEE\",\"Big one\",\"Closed Won\",\"$22,700.00\",\"1/15/2026\",\"12/30/2025\",\"Grace Hopper\",\"Acme\"\n\
        \"0065g000001EEEF\",\"Small one\",\"Negotiation/Review\",\"$1,000.50\",\"2/20/2026\",\"12/31/2025\",\"Grace Hopper\",\"Beta\"\n\
        \n\n\"Grand Totals (2 records)\"\n\n\"Confidential Information - Do Not Distribute\"\n\"Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved.\"\n";
    let (count, memory) = import_text("report1700000000000.csv", text);
    assert_eq!((count.rows, count.used, count.rejected), (2, 2, 0));
    let (sum, currency) = memory.sum(Entity::Opportunity, opportunity::AMOUNT);
    assert_eq!((sum, currency.code()), (23_700_50, "USD"));
    memory.assert_silent_about(&["Hopper", "Grace"]);
    assert_eq!(memory.aliases.len(), 1);
    let owners: BTreeSet<_> =
        memory.of(Entity::Opportunity).iter().filter_map(|e| e.get(opportunity::OWNER).key()).collect();
    assert_eq!(owners.len(), 1);
    assert_eq!(memory.entries[0].get(opportunity::STAGE).stage(), Some(Stage::ClosedWon));
}

#[test]
fn of_an_owner_change_only_the_row_with_ids_passes() {
    let text = "Id,IsDeleted,LeadId,CreatedById,CreatedDate,Field,OldValue,NewValue\n\
        1,0,00Q5g000001AAAA,0055g000001BBBB,2026-01-02 10:00:00,Status,New,MQL\n\
        2,0,00Q5g000001AAAA,0055g000001BBBB,2026-01-02 10:00:00,Owner,Grace Hopper,Ada Byron\n\
        3,0,00Q5g000001AAAA,0055g000001BBBB,2026-01-02 10:00:00,Owner,0055g000001BBBB,0055g000001CCCC\n\
        4,0,00Q5g000001AAAA,0055g000001BBBB,2026-01-02 10:00:00,Email,old@x.org,new@x.org\n\
        5,0,00Q5g000001AAAA,0055g000001BBBB,2026-01-02 10:00:00,LeadSource,Web,Webinar\n\
        6,0,00Q5g000001AAAA,0055g000001BBBB,2026-01-02 10:00:00,created,,\n";
    let (count, memory) = import_text("LeadHistory.csv", text);
    assert_eq!((count.rows, count.used, count.rejected, count.ignored_rows()), (6, 4, 0, 2));
    memory.assert_silent_about(&["Hopper", "Byron", "@x.org"]);
    let change = memory.of(Entity::StageChange)[0];
    assert_eq!(
        (change.get(stage_change::STAGE).stage(), change.get(stage_change::FROM_STAGE).stage()),
        (Some(Stage::Mql), Some(Stage::Inquiry))
    );
    assert_eq!(change.subject, Key::of(Entity::Lead, "salesforce", "00Q5g000001AAAA"));
    let fields = memory.texts(Entity::FieldChange, field_change::FIELD);
    assert_eq!(fields.keys().map(String::as_str).collect::<Vec<_>>(), ["Email", "owner", "source"]);
}

#[test]
fn tasks_become_activities_about_the_lead_without_their_subject_line() {
    let header = "Id,WhoId,WhatId,Subject,ActivityDate,Status,OwnerId,Type,TaskSubtype,IsClosed,CallType,CallDisposition,CallDurationInSeconds,CreatedDate,CompletedDateTime,AccountId";
    let rows = [
        "00T1,00Q5g000001AAAA,000000000000000AAA,Call Marie about salary,2026-01-05,Completed,0055g000001BBBB,Call,Task,1,Outbound,Left Voicemail,35,2026-01-05 09:00:00,2026-01-05 09:01:00,",
        "00T2,0035g000001DDDD,0065g000001EEEE,Email: Our offer,2026-01-06,Completed,0055g000001BBBB,,Email,1,,,,2026-01-06 09:00:00,,0015g000001CCCC",
        "00T3,,0015g000001CCCC,Prepare deck,2026-01-09,Not Started,0055g000001BBBB,,Task,0,,,,2026-01-06 09:00:00,,",
        "00T4,00Q5g000001AAAA,,Reply: Re: Our offer,2026-01-07,Completed,0055g000001BBBB,,Task,1,,,,2026-01-07 09:00:00,,",
    ];
    let (count, memory) = import_text("Task.csv", &format!("{header}\n{}\n", rows.join("\n")));
    assert_eq!((count.used, count.rejected), (4, 0));
    memory.assert_silent_about(&["salary", "deck", "offer"]);
    let acts = memory.of(Entity::Activity);
    let kinds: Vec<_> = acts.iter().map(|e| e.get(activity::KIND).text().unwrap_or("")).collect();
    assert_eq!(kinds, ["call", "email", "task", "email"]);
    let subjects: Vec<_> = acts.iter().map(|e| e.subject.entity).collect();
    assert_eq!(subjects, [Entity::Lead, Entity::Person, Entity::Account, Entity::Lead]);
    assert_eq!(acts[0].get(activity::DIRECTION).text(), Some("outbound"));
    assert_eq!(acts[0].get(activity::TWO_WAY).flag(), Some(false));
    assert_eq!(acts[0].get(activity::DURATION_SECONDS).int(), Some(35));
    assert!(matches!(acts[0].valid_at, When::Instant(_)), "when it was completed");
    assert!(acts[0].get(activity::OPPORTUNITY).is_none());
    assert_eq!(
        acts[1].get(activity::OPPORTUNITY).key(),
        Some(Key::of(Entity::Opportunity, "salesforce", "0065g000001EEEE"))
    );
    assert_eq!((acts[2].get(activity::DONE).flag(), acts[3].get(activity::DONE).flag()), (Some(false), Some(true)));
    assert!(acts[2].get(activity::OPPORTUNITY).is_none(), "an account is no opportunity");
    assert_eq!(
        (acts[3].get(activity::DIRECTION).text(), acts[3].get(activity::TWO_WAY).flag()),
        (Some("inbound"), Some(true))
    );
}

#[test]
fn members_users_and_roles_are_read() {
    let (_, memory) = import_text(
        "CampaignMember.csv",
        "Id,CampaignId,LeadId,ContactId,Status,HasResponded,FirstRespondedDate,CreatedDate\n00v1,7015g000001FFFF,00Q5g000001AAAA,,Attended,1,2026-02-03,2026-02-01 08:00:00\n00v2,7015g000001FFFF,000000000000000AAA,0035g000001DDDD,Sent,0,,2026-02-01 08:00:00\n",
    );
    let touches = memory.of(Entity::Touch);
    assert_eq!(touches.iter().map(|e| e.subject.entity).collect::<Vec<_>>(), [Entity::Lead, Entity::Person]);
    assert_eq!(touches[0].get(touch::KIND).text(), Some("event"));
    assert_eq!(
        (touches[0].get(touch::RESPONDED).flag(), touches[1].get(touch::RESPONDED).flag()),
        (Some(true), Some(false))
    );

    let (_, memory) = import_text(
        "User.csv",
        "Id,Username,FirstName,LastName,Email,Title,Department,IsActive,ManagerId,TimeZoneSidKey\n0055g000001BBBB,ghopper@us.com,Grace,Hopper,ghopper@us.com,SDR,Inside Sales,1,0055g000001CCCC,America/New_York\n",
    );
    memory.assert_silent_about(&["hopper", "grace"]);
    assert_eq!(memory.count(Entity::Rep), 1);

    let (_, memory) = import_text(
        "OpportunityContactRole.csv",
        "Id,OpportunityId,ContactId,Role,IsPrimary,CreatedDate,IsDeleted\n00K1,0065g000001EEEE,0035g000001DDDD,Buyer,1,2026-02-01 08:00:00,0\n",
    );
    let role = memory.of(Entity::Link)[0];
    assert_eq!(role.get(link::FROM).key().map(|k| k.entity), Some(Entity::Person));
    assert_eq!(role.get(link::TO).key().map(|k| k.entity), Some(Entity::Opportunity));
    assert_eq!(role.get(link::RULE).text(), Some("primary_contact_role"));
}

#[test]
fn the_amount_takes_the_currency_of_its_row_then_of_the_home() {
    let text = "Id,Name,StageName,Amount,CloseDate,AccountId,CurrencyIsoCode\n0065g000001EEEE,x,Prospecting,100,2026-01-31,0015g000001CCCC,EUR\n0065g000001EEEF,x,Prospecting,100,2026-01-31,0015g000001CCCC,\n";
    let settings = Settings { currency: terms::Currency::parse("GBP"), ..Settings::default() };
    let (_, memory) = import_with(&Piece::from_bytes("Opportunity.csv", text.as_bytes()), &settings);
    let codes: Vec<_> =
        memory.entries.iter().map(|e| e.get(opportunity::AMOUNT).money().unwrap().currency.code().to_owned()).collect();
    assert_eq!(codes, ["EUR", "GBP"]);
    assert!(matches!(memory.entries[0].get(opportunity::CLOSED_AT).when(), When::Day(_)));
}

#[test]
fn a_contact_is_a_person_at_an_account() {
    let (_, memory) = import_text(
        "extract.csv",
        "Id,FirstName,LastName,Email,AccountId,Title,Phone\n0035g000001DDDD,Rosa,Lux,rosa@z.pl,0015g000001CCCC,CFO,+48 22 555 0000\n",
    );
    let entry = memory.of(Entity::Person)[0];
    assert_eq!(entry.get(person::ACCOUNT).key(), Some(Key::of(Entity::Account, "salesforce", "0015g000001CCCC")));
    assert_eq!(entry.get(person::MAIL_DOMAIN).text(), Some("z.pl"));
    memory.assert_silent_about(&["rosa", "lux", "555"]);
}
