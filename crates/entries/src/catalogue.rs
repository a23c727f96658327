//! What each kind of thing may carry: the fields, their kinds and their meaning, in one list.
//!
//! Import writes by these names, the ledger keeps one Parquet column a field, the fold reads by the constants.
//! Invariant: the order of fields is part of the ledger's format: append only, never reorder or reuse.

use terms::Entity;

/// The place of a field within its entity's list.
pub type FieldId = usize;

/// What kind of value a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text with few distinct values (kept as a dictionary).
    Code,
    /// Text with many distinct values.
    Text,
    /// A key of another thing.
    Key,
    /// A whole number.
    Int,
    /// A number with decimals.
    Real,
    /// Money in its currency.
    Money,
    /// When something happened.
    When,
    /// Yes or no.
    Flag,
    /// A stage in our words.
    Stage,
}

/// One field of an entity.
#[derive(Clone, Copy, Debug)]
pub struct FieldDef {
    /// The glossary's word: column, JSON key and mapping term.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// What it means, in one sentence.
    pub meaning: &'static str,
}

macro_rules! catalogue {
    ($($(#[$doc:meta])* $entity:ident $module:ident { $($constant:ident $name:literal $kind:ident $meaning:literal;)* })*) => {
        $(
            $(#[$doc])*
            pub mod $module {
                use super::{FieldDef, FieldId, Kind};
                catalogue!(@constants 0usize; $($constant $meaning;)*);
                /// Its fields, in the order of the ledger's columns.
                pub const FIELDS: &[FieldDef] = &[$(FieldDef { name: $name, kind: Kind::$kind, meaning: $meaning },)*];
            }
        )*
        /// The fields of an entity, in the order of the ledger's columns.
        pub const fn fields(entity: Entity) -> &'static [FieldDef] {
            match entity { $(Entity::$entity => $module::FIELDS,)* }
        }
    };
    (@constants $n:expr; ) => {};
    (@constants $n:expr; $constant:ident $meaning:literal; $($rest:tt)*) => {
        #[doc = $meaning]
        pub const $constant: FieldId = $n;
        catalogue!(@constants $n + 1usize; $($rest)*);
    };
}

catalogue! {
    /// A company that buys or may buy.
    Account account {
        NAME "name" Text "the company's name";
        DOMAIN "domain" Text "its mail or web domain, lower case, without www";
        INDUSTRY "industry" Code "its industry as recorded";
        COUNTRY "country" Code "its country as recorded";
        EMPLOYEES "employees" Int "how many people work there";
        ANNUAL_REVENUE "annual_revenue" Money "its yearly revenue";
        OWNER "owner" Key "the rep who owns it";
        PARENT "parent" Key "its parent account";
        CREATED_AT "created_at" When "when its record was made";
        SEGMENT "segment" Code "its segment as recorded";
    }
    /// A person at an account.
    Person person {
        PERSON "person" Key "the same human in the people vault";
        MATCH_RULE "match_rule" Code "by what the vault knew the person: mail, phone, or new";
        MAIL_DOMAIN "mail_domain" Code "the domain of the mail address, lower case";
        ACCOUNT "account" Key "the account the person works for";
        TITLE "title" Code "job title as recorded";
        SOURCE "source" Code "where the person came from, as recorded";
        OWNER "owner" Key "the rep who owns the record";
        CREATED_AT "created_at" When "when the record was made";
        STAGE "stage" Stage "lifecycle stage in our words";
        STAGE_RAW "stage_raw" Code "lifecycle stage as recorded";
        COMPANY "company" Text "the company's name as typed";
    }
    /// A lead record.
    Lead lead {
        PERSON "person" Key "the same human in the people vault";
        MATCH_RULE "match_rule" Code "by what the vault knew the person: mail, phone, or new";
        MAIL_DOMAIN "mail_domain" Code "the domain of the mail address, lower case";
        COMPANY "company" Text "the company's name as typed";
        TITLE "title" Code "job title as recorded";
        SOURCE "source" Code "where the lead came from";
        SOURCE_DETAIL "source_detail" Code "finer source: landing page, form, referrer";
        CAMPAIGN "campaign" Key "the campaign that brought it";
        STAGE "stage" Stage "its stage in our words";
        STAGE_RAW "stage_raw" Code "its stage as recorded";
        OWNER "owner" Key "the rep who owns it";
        IS_CONVERTED "is_converted" Flag "whether the source says it became an opportunity or account";
        CONVERTED_AT "converted_at" When "when it was converted";
        CONVERTED_ACCOUNT "converted_account" Key "the account it became";
        CONVERTED_PERSON "converted_person" Key "the contact it became";
        CONVERTED_OPPORTUNITY "converted_opportunity" Key "the opportunity it became";
        CREATED_AT "created_at" When "when it was first known";
        INDUSTRY "industry" Code "its company's industry";
        COUNTRY "country" Code "its country";
        EMPLOYEES "employees" Int "how many people work at its company";
        SEGMENT "segment" Code "its segment as recorded";
        SCORE "score" Real "its score as recorded";
        PRODUCT "product" Code "the product it asked about";
        REASON "reason" Code "why it was rejected or disqualified, as recorded";
        HANDOFF_AT "handoff_at" When "when it passed from marketing to sales";
        FIRST_RESPONSE_AT "first_response_at" When "first sales response as recorded by the source";
        WON_AT "won_at" When "when it was won, where the source records wins on the lead itself";
        AMOUNT "amount" Money "what it was worth, where the source records that on the lead itself";
        ACCOUNT "account" Key "the account it belongs to, where the source says so";
        SDR "sdr" Key "the development rep who worked it";
        ATTRIBUTES "attributes" Text "other columns known at capture, as `name=value` lines";
        LATE_ATTRIBUTES "late_attributes" Text "columns written after sales contact, as `name=value` lines: never for scoring";
        LANE "lane" Code "how it was dealt out: `random` where by lot, to be worked by a procedure that stays as it is";
    }
    /// An opportunity.
    Opportunity opportunity {
        ACCOUNT "account" Key "the account it is with";
        PERSON "person" Key "its primary contact";
        LEAD "lead" Key "the lead it came from, where the source says so on the opportunity";
        STAGE "stage" Stage "its stage in our words";
        STAGE_RAW "stage_raw" Code "its stage as recorded";
        IS_CLOSED "is_closed" Flag "whether the source says it is closed";
        IS_WON "is_won" Flag "whether the source says it is won";
        AMOUNT "amount" Money "what the customer pays, after discount";
        LIST_PRICE "list_price" Money "what it would cost by the price list";
        DISCOUNT "discount" Real "discount as a share of the list price, 0 to 1";
        CREATED_AT "created_at" When "when it was opened";
        CLOSED_AT "closed_at" When "when it closed, or is expected to";
        OWNER "owner" Key "the rep who owns it";
        SOURCE "source" Code "where it came from";
        CAMPAIGN "campaign" Key "its primary campaign";
        KIND "kind" Code "new business, renewal, expansion, as recorded";
        PRODUCT "product" Code "what is sold";
        SEGMENT "segment" Code "its segment as recorded";
        PROBABILITY "probability" Real "chance of winning as recorded, 0 to 1";
        REASON "reason" Code "why it was lost, as recorded";
        COMPANY "company" Text "the buyer's name, where the source has no account key";
        TEAM "team" Code "the sales team or office, as recorded";
    }
    /// A lead or an opportunity entered a stage.
    StageChange stage_change {
        STAGE "stage" Stage "the stage entered, in our words";
        STAGE_RAW "stage_raw" Code "the stage entered, as recorded";
        FROM_STAGE "from_stage" Stage "the stage left, in our words";
        FROM_RAW "from_raw" Code "the stage left, as recorded";
        BY "by" Key "the rep who changed it";
        AMOUNT "amount" Money "the amount at that moment";
        CLOSED_AT "closed_at" When "the close date at that moment";
        PROBABILITY "probability" Real "the chance of winning at that moment, 0 to 1";
        REASON "reason" Code "why it was turned down, by the agreement's code";
    }
    /// A field of a lead or an opportunity changed.
    FieldChange field_change {
        FIELD "field" Code "which field, in our words where there is one";
        OLD "old" Text "the value before, as recorded (never a person's name)";
        NEW "new" Text "the value after, as recorded (never a person's name)";
        BY "by" Key "the rep who changed it";
    }
    /// A sales action.
    Activity activity {
        KIND "kind" Code "call, email, meeting, note or task";
        DIRECTION "direction" Code "outbound or inbound";
        OUTCOME "outcome" Code "what came of it, as recorded";
        TWO_WAY "two_way" Flag "whether both sides spoke";
        AUTOMATIC "automatic" Flag "whether a machine did it (sequence, auto-reply)";
        REP "rep" Key "who did it";
        SCHEDULED_AT "scheduled_at" When "when it was planned for";
        LOGGED_AT "logged_at" When "when it was written down";
        DURATION_SECONDS "duration_seconds" Int "how long it took";
        DONE "done" Flag "whether it was done";
        ACCOUNT "account" Key "the account it is about";
        OPPORTUNITY "opportunity" Key "the opportunity it is about";
        STEP "step" Code "the step of work it belongs to, as recorded";
    }
    /// A marketing touchpoint.
    Touch touch {
        KIND "kind" Code "visit, form, email_open, email_click, ad_click, event, response, ...";
        CHANNEL "channel" Code "the channel: paid_search, email, webinar, ...";
        CAMPAIGN "campaign" Key "the campaign it belongs to";
        ASSET "asset" Code "the content touched";
        RESPONDED "responded" Flag "whether the person responded";
        AUTOMATIC "automatic" Flag "whether it was made by a machine (bot, link scanner)";
        REASON "reason" Code "why it was taken for a machine's";
        MEDIUM "medium" Code "utm medium as recorded";
    }
    /// A campaign.
    Campaign campaign {
        NAME "name" Text "its name";
        CHANNEL "channel" Code "its channel or type";
        STARTED_AT "started_at" When "its first day";
        ENDED_AT "ended_at" When "its last day";
        BUDGET "budget" Money "what was budgeted";
        COST "cost" Money "what it cost, where the source keeps one figure";
        STATUS "status" Code "its status as recorded";
        PARENT "parent" Key "the campaign it belongs to";
    }
    /// What one campaign cost on one day or over one range of days.
    SpendDay spend_day {
        PLATFORM "platform" Code "google_ads, linkedin_ads, meta_ads, ...";
        CAMPAIGN "campaign" Key "the campaign";
        CAMPAIGN_NAME "campaign_name" Text "the campaign's name, where the row carries it";
        COST "cost" Money "what was spent";
        IMPRESSIONS "impressions" Int "how often it was shown";
        CLICKS "clicks" Int "how often it was clicked";
        CONVERSIONS "conversions" Real "conversions as the platform counts them";
        CHANNEL "channel" Code "paid_search, paid_social, ...";
        AUDIENCE "audience" Code "who it was shown to, as recorded (age and gender bands, geo)";
        RESULTS "results" Real "a second outcome as the platform counts it (sales, approved conversions)";
    }
    /// Somebody on one of the two teams; the name is in the vault.
    Rep rep {
        PERSON "person" Key "the same human in the people vault";
        ROLE "role" Code "SDR, AE, manager, marketer, as recorded";
        TEAM "team" Code "team or office as recorded";
        MANAGER "manager" Key "the rep they report to";
        ACTIVE "active" Flag "whether they still work here";
        TIME_ZONE "time_zone" Code "IANA name";
        CREATED_AT "created_at" When "when the record was made";
    }
    /// A product and its list price.
    Product product {
        NAME "name" Code "its name";
        SERIES "series" Code "its family";
        LIST_PRICE "list_price" Money "its list price";
    }
    /// What was planned for a period.
    Plan plan {
        METRIC "metric" Code "new_bookings, leads, mql, ...";
        SEGMENT "segment" Code "for which segment, empty for all";
        AMOUNT "amount" Money "the planned money";
        COUNT "count" Int "the planned count";
    }
    /// A currency rate: one unit of `from` is `rate` units of `to`.
    Rate rate {
        FROM "from" Code "currency converted from";
        TO "to" Code "currency converted to";
        RATE "rate" Real "units of `to` for one unit of `from`";
    }
    /// A recorded link between two things, or its withdrawal.
    Link link {
        FROM "from" Key "the thing that is linked";
        TO "to" Key "what it is linked to";
        RULE "rule" Code "by what rule";
        WITHDRAWN "withdrawn" Flag "whether this withdraws the link";
        BY "by" Code "who or what recorded it: import, operator";
    }
    /// A setting of the company.
    Setting setting {
        NAME "name" Code "which setting";
        VALUE "value" Text "its value";
    }
    /// A step of the agreement between the teams.
    Agreement agreement {
        ACT "act" Code "what was done: register, withdraw, propose, sign, decline, expire";
        PARTY "party" Code "for whom: sales, marketing, leadership";
        ROLE "role" Code "in which role of that party, never a person";
        HASH "hash" Code "the hash of the document in hexadecimal";
        TEXT "text" Text "the document that is proposed, with its comments";
        PUBLIC_KEY "public_key" Code "the public half of the key, in hexadecimal";
        HEAD "head" Code "the hash of the ledger's head that was signed with it, in hexadecimal";
        HEAD_SEQ "head_seq" Int "the number of that head's last batch";
        SIGNED_AT "signed_at" Int "when, as it was signed: milliseconds since 1970 in UTC";
        SIGNATURE "signature" Text "the Ed25519 signature, in hexadecimal";
        BECAUSE "because" Text "why it is declined";
    }
    /// A step of a dispute about a fact; what was said in words is kept at the desk.
    Dispute dispute {
        DISPUTE "dispute" Code "which dispute";
        ACT "act" Code "what was done: open, concede, maintain, rule, withdraw";
        ABOUT "about" Code "what is disputed: disposition, fact, figure";
        WHICH "which" Code "which one: the reason of a disposition, the name of a fact, the id of a figure";
        PARTY "party" Code "for which side: sales, marketing; leadership where it rules";
        ROLE "role" Code "in which role, never a person";
        OUTCOME "outcome" Code "of a ruling: upheld where the one who opened it is right, dismissed where not";
        DUE "due" When "until when the other side may answer";
        LEAD "lead" Text "the id of the lead it is about, as its source gives it";
    }
    /// What one team asked the other for; a later version says when it was answered.
    Request request {
        KIND "kind" Code "content (of marketing) or customer_access (of sales: a conversation with a customer)";
        ASKED_AT "asked_at" When "when it was asked for";
        ANSWERED_AT "answered_at" When "when it was answered: handed over, or refused with a reason; of customer_access when the conversation was given";
        ACCOUNT "account" Key "the account it is about";
        OPPORTUNITY "opportunity" Key "the opportunity it is for";
    }
}

/// The place of a field by its name.
pub fn field(entity: Entity, name: &str) -> Option<FieldId> {
    fields(entity).iter().position(|f| f.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found_once_and_constants_point_at_their_field() {
        for entity in Entity::ALL {
            for (i, f) in fields(entity).iter().enumerate() {
                assert_eq!(field(entity, f.name), Some(i), "{} {}", entity.word(), f.name);
            }
        }
        assert_eq!(lead::FIELDS[lead::CONVERTED_OPPORTUNITY].name, "converted_opportunity");
        assert_eq!(opportunity::FIELDS[opportunity::TEAM].name, "team");
    }
}
