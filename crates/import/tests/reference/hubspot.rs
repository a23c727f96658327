use std::collections::BTreeMap;

use entries::catalogue::{lead, link, opportunity, stage_change, touch};
use terms::{Entity, Key, Stage};

use crate::memory::{import, import_text, piece};

#[test]
fn a_contact_from_the_interface_is_a_person_and_a_lead() {
    let text = "Record ID,First Name,Last Name,Email,Phone Number,Job Title,Contact owner,Lifecycle Stage,Lead Status,Create Date,Last Activity Date,Company Name,Original Source,Became a Marketing Qualified Lead Date\n\
        501,Ada,Byron,ada@x.org,+44 20 7946 0001,CTO,Grace Hopper,Marketing Qualified Lead,New,2026-04-01 09:12,2026-04-03 10:00,X Ltd,Organic Search,2026-04-02 10:00\n\
        502,Max,Born,max@y.de,,,Grace Hopper,Lead,Unqualified,2026-04-02 09:12,,Y GmbH,Paid Search,\n";
    let (count, memory) = import_text("hubspot-crm-exports-all-contacts-2026-05-01.csv", text);
    assert_eq!((count.rows, count.used, count.rejected), (2, 2, 0));
    assert_eq!(
        (memory.count(Entity::Lead), memory.count(Entity::Person), memory.count(Entity::StageChange)),
        (2, 2, 1)
    );
    memory.assert_silent_about(&["ada", "byron", "hopper", "7946"]);
    let leads = memory.of(Entity::Lead);
    assert_eq!(leads[0].get(lead::STAGE).stage(), Some(Stage::Mql));
    assert_eq!(
        leads[1].get(lead::STAGE).stage(),
        Some(Stage::Disqualified),
        "an unqualified lead status outweighs the lifecycle"
    );
    assert_eq!(leads[0].get(lead::CONVERTED_PERSON).key(), Some(memory.of(Entity::Person)[0].id));
    assert_eq!(leads[0].get(lead::SOURCE).text(), Some("Organic Search"));
    let change = memory.of(Entity::StageChange)[0];
    assert_eq!((change.subject, change.get(stage_change::STAGE).stage()), (leads[0].id, Some(Stage::Mql)));
}

#[test]
fn a_deal_from_the_interface_is_an_opportunity() {
    let text = "Record ID,Deal Name,Deal Stage,Amount,Deal owner,Close Date,Create Date,Last Activity Date\n\
        9001,Big,Closed Won,\"12,500.00\",Grace Hopper,2026-03-31 23:30,2026-01-02 09:00,\n\
        9002,Small,Contract Sent,900,Grace Hopper,2026-06-30 10:00,2026-01-03 09:00,\n";
    let (count, memory) = import_text("hubspot-crm-exports-all-deals-2026-05-01.csv", text);
    assert_eq!((count.used, count.rejected), (2, 0));
    let first = memory.of(Entity::Opportunity)[0];
    assert_eq!(first.get(opportunity::STAGE).stage(), Some(Stage::ClosedWon));
    assert_eq!(first.get(opportunity::CLOSED_AT).when().to_string(), "2026-03-31", "a close date stays in its quarter");
    assert_eq!(memory.sum(Entity::Opportunity, opportunity::AMOUNT).0, 13_400_00);
    memory.assert_silent_about(&["hopper"]);
}

#[test]
fn property_histories_become_stage_changes_and_a_few_field_changes() {
    let text = "deal_id,name,timestamp,value,source\n\
        9001,dealstage,2026-01-02 09:00:00,appointmentscheduled,CRM\n\
        9001,dealstage,2026-02-02 09:00:00,closedwon,CRM\n\
        9001,amount,2026-01-20 09:00:00,12500,CRM\n\
        9001,hubspot_owner_id,2026-01-20 09:00:00,35252170,CRM\n\
        9001,description,2026-01-20 09:00:00,call ada@x.org,CRM\n";
    let (count, memory) = import_text("deal_property_history.csv", text);
    assert_eq!((count.used, count.ignored_rows()), (4, 1));
    assert_eq!((memory.count(Entity::StageChange), memory.count(Entity::FieldChange)), (2, 2));
    memory.assert_silent_about(&["ada@"]);
    let change = memory.of(Entity::StageChange)[1];
    assert_eq!(change.subject, Key::of(Entity::Opportunity, "hubspot", "9001"));
    assert_eq!(change.get(stage_change::STAGE).stage(), Some(Stage::ClosedWon));
}

#[test]
fn mail_events_are_touches_and_machines_are_marked() {
    let Some(file) = piece("export-formats/fivetran-hubspot/email_event_data.csv") else { return };
    let (count, memory) = import(&file);
    assert_eq!((count.rows, count.used, memory.distinct(Entity::Touch)), (100, 100, 100));
    let kinds: BTreeMap<_, _> = memory.texts(Entity::Touch, touch::KIND);
    assert!(kinds.contains_key("email_open") && !kinds.contains_key("email_other"), "{kinds:?}");
    assert!(memory.of(Entity::Touch).iter().any(|e| e.get(touch::AUTOMATIC).flag() == Some(true)));

    let text =
        "id,created,type,email_campaign_id,recipient,filtered_event\ne1,2026-01-02 09:00:00,CLICK,77,Ada@X.org,false\n";
    let (_, memory) = import_text("email_event.csv", text);
    assert_eq!(memory.of(Entity::Touch)[0].subject.entity, Entity::Person);
    memory.assert_silent_about(&["ada@"]);
}

#[test]
fn contacts_and_deals_of_a_connector_join_through_their_links() {
    let Some(file) = piece("export-formats/fivetran-hubspot/contact_data.csv") else { return };
    let (count, memory) = import(&file);
    assert_eq!((count.used, memory.distinct(Entity::Lead), memory.distinct(Entity::Person)), (22, 22, 22));
    let (count, memory) = import(&piece("export-formats/fivetran-hubspot/deal_data.csv").unwrap());
    assert_eq!((count.used, memory.distinct(Entity::Opportunity)), (44, 44));
    let (count, memory) = import(&piece("export-formats/fivetran-hubspot/deal_contact_data.csv").unwrap());
    assert_eq!((count.used, memory.distinct(Entity::Link)), (11, 11));
}

#[test]
fn a_deal_that_was_synced_is_linked_to_its_salesforce_opportunity() {
    let text = "deal_id,is_deleted,deal_pipeline_id,deal_pipeline_stage_id,owner_id,property_dealname,property_amount,property_closedate,property_createdate,property_hs_salesforceopportunityid\n\
        1200000001,false,default,closedwon,,x,100,2026-01-31 12:00:00,2026-01-01 08:00:00,0065g000001EEEEAA4\n\
        1200000002,false,default,needsanalysis,,y,100,,2026-01-01 08:00:00,\n";
    let (count, memory) = import_text("deal_data.csv", text);
    assert_eq!((count.used, count.rejected), (2, 0));
    let [synced] = memory.of(Entity::Link)[..] else { panic!("one link") };
    assert_eq!(synced.get(link::TO).key(), Some(Key::of(Entity::Opportunity, "salesforce", "0065g000001EEEE")));
    assert_eq!(memory.of(Entity::Opportunity)[1].get(opportunity::STAGE).stage(), Some(Stage::Opportunity));
}
