//! The built-in mappings as such, and which of them a header is recognised by.

use import::{Piece, Recognised, recognise};

use crate::memory::BUILTIN;

/// The mapping that a header alone is recognised by.
fn recognised(file: &str, header: &str) -> String {
    let piece = Piece::from_bytes(file, format!("{header}\n").as_bytes());
    match recognise(&piece, BUILTIN.mappings()) {
        Recognised::Mapping(mapping, _) => mapping.name().to_owned(),
        Recognised::Unknown { .. } => "unknown".to_owned(),
        other => format!("{other:?}"),
    }
}

#[test]
fn every_built_in_mapping_parses_under_its_file_name() {
    let files = import::builtin();
    assert!(files.len() > 60);
    for (file, toml) in files {
        let mapping = import::Mapping::parse(toml, file).unwrap_or_else(|e| panic!("{e}: {:?}", e.hint()));
        assert_eq!(format!("{}.toml", mapping.name()), *file);
        assert!(!mapping.description().is_empty(), "{file}");
    }
}

#[test]
fn a_dozen_columns_are_enough_to_tell_the_objects_apart() {
    for (expected, file, header) in [
        ("salesforce-lead", "extract.csv", "Id,FirstName,LastName,Email,Company,Status,LeadSource,CreatedDate,OwnerId"),
        ("salesforce-lead", "extract.csv", "ID,LASTNAME,COMPANY,STATUS,ISCONVERTED,CONVERTEDOPPORTUNITYID,CREATEDDATE"),
        (
            "salesforce-lead",
            "report17.csv",
            "Lead ID,First Name,Last Name,Title,Company / Account,Email,Lead Source,Lead Status,Rating,Lead Owner,Create Date",
        ),
        (
            "salesforce-lead",
            "report17.csv",
            "Lead Owner,First Name,Last Name,Title,Company / Account,Email,Lead Source,Street,Rating",
        ),
        (
            "salesforce-opportunity",
            "report1.csv",
            "Opportunity ID,Opportunity Name,Stage,Amount,Close Date,Created Date,Opportunity Owner,Account Name,Lead Source,Type",
        ),
        (
            "salesforce-opportunity",
            "report1.csv",
            "Opportunity Owner,Account Name,Opportunity Name,Stage,Fiscal Period,Amount,Expected Revenue,Probability (%),Age,Close Date,Created Date,Next Step,Lead Source,Type,Owner Role",
        ),
        ("salesforce-opportunity", "opps.csv", "Id,Name,StageName,Amount,CloseDate,AccountId,OwnerId,CreatedDate"),
        ("salesforce-opportunity", "opps.csv", "id,account_id,amount,stage_name,close_date,created_date,is_won"),
        ("salesforce-contact", "c.csv", "Id,FirstName,LastName,Email,AccountId,Title,Phone"),
        (
            "salesforce-contact",
            "c.csv",
            "Contact ID,First Name,Last Name,Account Name,Title,Email,Phone,Contact Owner,Mailing City",
        ),
        ("salesforce-account", "a.csv", "Id,Name,Industry,BillingCountry,NumberOfEmployees,OwnerId,CreatedDate"),
        (
            "salesforce-account",
            "a.csv",
            "Account ID,Account Name,Account Owner,Type,Rating,Last Activity,Billing State/Province,Last Modified Date",
        ),
        ("salesforce-opportunity-history", "h.csv", "OpportunityId,StageName,CreatedDate,Amount,CloseDate"),
        (
            "salesforce-opportunity-field-history",
            "h.csv",
            "Id,OpportunityId,CreatedDate,CreatedById,Field,OldValue,NewValue",
        ),
        ("salesforce-lead-history", "h.csv", "Id,IsDeleted,LeadId,CreatedById,CreatedDate,Field,OldValue,NewValue"),
        ("salesforce-task", "t.csv", "Id,WhoId,WhatId,Subject,ActivityDate,Status,OwnerId,Type,CreatedDate"),
        ("salesforce-event", "t.csv", "Id,WhoId,WhatId,Subject,ActivityDateTime,DurationInMinutes,OwnerId,CreatedDate"),
        ("salesforce-campaign", "c.csv", "Id,Name,Type,Status,StartDate,EndDate,BudgetedCost,ActualCost"),
        (
            "salesforce-campaign-member",
            "c.csv",
            "Id,CampaignId,LeadId,ContactId,Status,HasResponded,FirstRespondedDate,CreatedDate",
        ),
        (
            "salesforce-campaign-influence",
            "c.csv",
            "Id,IsDeleted,Name,CreatedDate,OpportunityId,CampaignId,ContactId,Weight,Influence,IsAdjusted,ModelId",
        ),
        ("salesforce-user", "u.csv", "Id,Name,Email,IsActive,UserRoleId"),
        (
            "hubspot-contact",
            "hubspot-crm-exports-all-contacts-2024-05-01.csv",
            "Record ID,First Name,Last Name,Email,Phone Number,Job Title,Contact owner,Lifecycle Stage,Lead Status,Create Date,Last Activity Date,Company Name,Original Source",
        ),
        (
            "hubspot-contact",
            "x.csv",
            "Record ID - Contact,First Name,Last Name,Email,Contact owner,Create Date,Lifecycle Stage",
        ),
        (
            "hubspot-company",
            "x.csv",
            "Record ID,Company name,Company owner,Create Date,Phone Number,Last Activity Date,City,Country/Region,Industry",
        ),
        (
            "hubspot-deal",
            "x.csv",
            "Record ID,Deal Name,Deal Stage,Amount,Deal owner,Close Date,Create Date,Last Activity Date",
        ),
        ("google-ads-report", "Kampagnenbericht.csv", "Tag,Kampagne,Währungscode,Kosten,Impr.,Klicks,Conversions"),
        ("google-ads-report-detail", "x.csv", "Day,Campaign,Ad group,Currency code,Cost,Impr.,Clicks,Conversions"),
        (
            "meta-ads-report",
            "x.csv",
            "Reporting starts,Reporting ends,Campaign name,Ad set name,Ad name,Amount spent (EUR),Impressions,Reach,Link clicks,Results",
        ),
        (
            "linkedin-ads-report",
            "x.csv",
            "Start Date (in UTC),Account Name,Campaign Group Name,Campaign Name,Campaign ID,Currency,Total Spent,Impressions,Clicks",
        ),
        ("plan", "plan.csv", "period,metric,segment,currency,amount,count"),
        ("rates", "rates.csv", "date,from,to,rate"),
        ("requests", "requests.csv", "Request ID,Request Type,Requested At,Answered At,Account"),
        ("unknown", "x.csv", "colour,size,weight"),
    ] {
        assert_eq!(recognised(file, header), expected, "{header}");
    }
}

#[test]
fn a_full_export_of_every_object_is_recognised_by_its_own_mapping() {
    let Some(path) = crate::memory::data("export-formats/salesforce_data_export_headers.json") else { return };
    let objects: std::collections::BTreeMap<String, Vec<String>> =
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert!(objects.len() >= 10);
    for (object, columns) in objects {
        let expected: String = object
            .chars()
            .enumerate()
            .flat_map(|(i, c)| (i > 0 && c.is_uppercase()).then_some('-').into_iter().chain(c.to_lowercase()))
            .collect();
        assert_eq!(recognised("export.csv", &columns.join(",")), format!("salesforce-{expected}"), "{object}");
    }
}
