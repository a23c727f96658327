//! Leads, contacts, opportunities, accounts and links: every version for the fold, the merged record for identity.
//!
//! Versions of one record are merged as the fold merges them: valid later counts more, recorded later where that ties,
//! field by field; a record whose last version is a deletion is gone for identity, and the fold sees the deletion.

use entries::catalogue;
use identity::{AccountRecord, LeadRecord, LinkRecord, OpportunityRecord, PersonRecord};
use journey::{Event, LeadSeen, NO_MONEY, OpportunitySeen, Source, What};
use ledger::Head;
use ledger::columns::scan;
use rayon::prelude::*;
use terms::{Currency, Entity, Key, When};

use super::money::Rates;
use super::read::{Rows, key};
use super::reference::{ByKey, Reference, Standing, standing};
use super::texts::Texts;
use crate::Error;

/// What reading needs to know.
pub(super) struct Context<'a> {
    pub head: &'a Head,
    /// Texts of facts.
    pub texts: &'a Texts,
    /// Names and domains, for identity only.
    pub names: &'a Texts,
    pub reference: &'a Reference,
    pub rates: &'a Rates,
    /// Only these things and what is about them, where given.
    pub only: Option<&'a Only>,
    /// An earlier head, where of what it held only some journeys are wanted.
    pub old: Option<&'a Head>,
}

/// Some things, and the buckets they are in.
#[derive(Default)]
pub(super) struct Only {
    pub keys: ByKey<()>,
    buckets: u64,
}

impl Only {
    pub fn of(keys: impl IntoIterator<Item = u64>) -> Only {
        let mut only = Only::default();
        for key in keys {
            only.keys.insert(key, ());
            only.buckets |= 1 << ledger::bucket_of(key);
        }
        only
    }
}

impl Context<'_> {
    /// Whether a bucket has to be read at all.
    pub fn wants_bucket(&self, bucket: u8) -> bool {
        self.only.is_none_or(|only| only.buckets >> bucket & 1 == 1)
    }

    /// Whether a thing is wanted.
    fn wants(&self, key: u64) -> bool {
        self.only.is_none_or(|only| only.keys.contains_key(&key))
    }
}

/// Records of one kind.
pub(super) struct Read<R, S> {
    /// As they stand, without deleted ones.
    pub records: Vec<R>,
    /// Every version, of deleted ones too.
    pub seen: Vec<S>,
    /// One for each version; what it saw is at its place in `seen`.
    pub events: Vec<Event>,
}

impl<R, S> Default for Read<R, S> {
    fn default() -> Self {
        Read { records: Vec::new(), seen: Vec::new(), events: Vec::new() }
    }
}

struct Version<R> {
    order: (i64, i64),
    source: Source,
    deleted: bool,
    id: u64,
    record: R,
}

/// What one bucket gave.
type Part<R, S> = (Vec<Version<R>>, Read<R, S>);

/// One record of each id, with what later versions leave open taken from earlier ones.
fn merge<R: Copy>(mut versions: Vec<Version<R>>, take: impl Fn(&mut R, &R)) -> Vec<R> {
    versions.sort_by_key(|v| (v.id, v.order, v.source, v.deleted));
    let mut out = Vec::new();
    for of_one in versions.chunk_by(|a, b| a.id == b.id) {
        let Some((last, before)) = of_one.split_last() else { continue };
        if last.deleted {
            continue;
        }
        let mut record = last.record;
        before.iter().rev().filter(|v| !v.deleted).for_each(|v| take(&mut record, &v.record));
        out.push(record);
    }
    out
}

fn or<T: PartialEq + Copy>(slot: &mut T, earlier: T, none: T) {
    if *slot == none {
        *slot = earlier;
    }
}

const ENVELOPE: [&str; 8] = ["id", "subject", "valid_kind", "valid_a", "valid_b", "deleted", "file", "line"];

/// The columns of an entity's fields, with the envelope.
pub(super) fn columns(entity: Entity, fields: &[usize]) -> Vec<String> {
    let mut names: Vec<String> = ENVELOPE.iter().map(|n| (*n).to_owned()).collect();
    for field in fields {
        names.extend(ledger::columns::of_field(entity, *field));
    }
    names
}

/// Every bucket of an entity, by all threads; `each` is called chunk by chunk.
fn buckets<T: Send + Default>(
    c: &Context<'_>,
    entity: Entity,
    fields: &[usize],
    each: impl Fn(&mut T, &Rows<'_>) + Sync,
) -> Result<Vec<T>, Error> {
    let names = columns(entity, fields);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    (0..ledger::BUCKETS)
        .into_par_iter()
        .map(|bucket| {
            let mut gathered = T::default();
            if entity != Entity::Link && !c.wants_bucket(bucket) {
                return Ok(gathered);
            }
            for chunk in scan(c.head, entity, Some(bucket), &names)? {
                each(&mut gathered, &Rows::of(&chunk?));
            }
            Ok(gathered)
        })
        .collect()
}

fn all<R: Copy + Send, S: Send>(parts: Vec<Part<R, S>>, take: impl Fn(&mut R, &R) + Sync) -> Read<R, S>
where
    Version<R>: Send,
{
    let merged: Vec<Read<R, S>> = parts
        .into_par_iter()
        .map(|(versions, mut read)| {
            read.records = merge(versions, &take);
            read
        })
        .collect();
    let mut out = Read::default();
    for part in merged {
        let base = out.seen.len() as u32;
        out.records.extend(part.records);
        out.seen.extend(part.seen);
        out.events.extend(part.events.into_iter().map(|mut e| {
            e.what = match e.what {
                What::LeadSeen(at) => What::LeadSeen(at + base),
                What::OpportunitySeen(at) => What::OpportunitySeen(at + base),
                other => other,
            };
            e
        }));
    }
    out
}

/// Codes of reps or campaigns met before, so that a dictionary is asked once for each.
pub(super) struct Met<T: Copy>(ByKey<T>);

impl<T: Copy> Default for Met<T> {
    fn default() -> Self {
        Met(ByKey::default())
    }
}

impl<T: Copy> Met<T> {
    pub fn of(&mut self, key: u64, code: impl FnOnce(u64) -> T) -> T {
        *self.0.entry(key).or_insert_with(|| code(key))
    }
}

/// The source system of each file: what its mapping is of, the first word of the mapping's name.
struct Systems<'a> {
    c: &'a Context<'a>,
    met: Vec<((u32, u32), u32)>,
}

impl<'a> Systems<'a> {
    const fn new(c: &'a Context<'a>) -> Systems<'a> {
        Systems { c, met: Vec::new() }
    }

    fn of(&mut self, seq: u32, file: u32) -> u32 {
        if let Some((_, code)) = self.met.iter().rev().find(|(at, _)| *at == (seq, file)) {
            return *code;
        }
        let files = self.c.head.manifest(u64::from(seq)).map(|m| &m.files);
        let mapping = files.and_then(|f| f.get(file as usize)).map_or("", |f| f.count.mapping.as_str());
        let system = mapping.split('-').next().unwrap_or("");
        let code = if system.is_empty() { 0 } else { self.c.names.code(system) };
        self.met.push(((seq, file), code));
        code
    }
}

/// All leads.
pub(super) fn leads(c: &Context<'_>) -> Result<Read<LeadRecord, LeadSeen>, Error> {
    use catalogue::lead as f;
    let fields = [
        f::PERSON,
        f::MAIL_DOMAIN,
        f::COMPANY,
        f::SOURCE,
        f::SOURCE_DETAIL,
        f::CAMPAIGN,
        f::STAGE,
        f::STAGE_RAW,
        f::OWNER,
        f::IS_CONVERTED,
        f::CONVERTED_AT,
        f::CONVERTED_ACCOUNT,
        f::CONVERTED_PERSON,
        f::CONVERTED_OPPORTUNITY,
        f::CREATED_AT,
        f::INDUSTRY,
        f::COUNTRY,
        f::SEGMENT,
        f::PRODUCT,
        f::HANDOFF_AT,
        f::FIRST_RESPONSE_AT,
        f::WON_AT,
        f::AMOUNT,
        f::ACCOUNT,
        f::SDR,
    ];
    let parts = buckets(c, Entity::Lead, &fields, |(versions, read): &mut Part<LeadRecord, LeadSeen>, rows| {
        let (ids, valid, deleted) = (rows.keys("id"), rows.valid(), rows.flags("deleted"));
        let (file, line) = (rows.numbers("file"), rows.numbers("line"));
        let code = |name: &str| rows.codes(name, c.texts);
        let (source, detail, segment) = (code("source"), code("source_detail"), code("segment"));
        let (industry, country, product, raw) = (code("industry"), code("country"), code("product"), code("stage_raw"));
        let (domain, company) = (rows.codes("mail_domain", c.names), rows.codes("company", c.names));
        let (person, campaign, owner, sdr) =
            (rows.keys("person"), rows.keys("campaign"), rows.keys("owner"), rows.keys("sdr"));
        let (account, to_account) = (rows.keys("account"), rows.keys("converted_account"));
        let (to_person, to_opportunity) = (rows.keys("converted_person"), rows.keys("converted_opportunity"));
        let (stage, is_converted, amount) = (rows.small("stage"), rows.flags("is_converted"), rows.money("amount"));
        let (created, converted, handoff) =
            (rows.times("created_at"), rows.times("converted_at"), rows.times("handoff_at"));
        let (response, won) = (rows.times("first_response_at"), rows.times("won_at"));
        let (mut reps, mut campaigns) = (Met::default(), Met::default());
        let mut systems = Systems::new(c);
        for row in 0..rows.len {
            let id = Key { entity: Entity::Lead, hash: ids.key(row) };
            if !c.wants(id.hash) {
                continue;
            }
            let valid_at = valid.get(row);
            let source_ref =
                Source { batch: rows.seq, file: file.get(row).unwrap_or(0), line: line.get(row).unwrap_or(0) };
            let gone = deleted.get(row).unwrap_or(false);
            let (owner, team) = reps.of(owner.key(row), |k| c.reference.rep(k, c.texts));
            let (sdr, _) = reps.of(sdr.key(row), |k| c.reference.rep(k, c.texts));
            let seen = LeadSeen {
                source: source.get(row),
                source_detail: detail.get(row),
                campaign: campaigns.of(campaign.key(row), |k| c.reference.campaign(k, c.texts)),
                segment: segment.get(row),
                industry: industry.get(row),
                country: country.get(row),
                product: product.get(row),
                owner,
                sdr,
                team,
                stage_raw: raw.get(row),
                stage: stage.stage(row),
                is_converted: is_converted.get(row),
                converted_opportunity: to_opportunity.key(row),
                created_at: created.get(row),
                converted_at: converted.get(row),
                handoff_at: handoff.get(row),
                first_response_at: response.get(row),
                won_at: won.get(row),
                amount: amount.get(row).map_or(NO_MONEY, |m| {
                    let day = won.get(row).first_day().or(created.get(row).first_day());
                    c.rates.convert(m, day).unwrap_or(NO_MONEY)
                }),
            };
            let what = What::LeadSeen(read.seen.len() as u32);
            read.seen.push(seen);
            read.events.push(Event::new(valid_at, id, id, source_ref, what).deleted(gone));
            let record = LeadRecord {
                key: id.hash,
                person: person.key(row),
                mail_domain: domain.get(row),
                company: company.get(row),
                account: account.key(row),
                converted_account: to_account.key(row),
                converted_person: to_person.key(row),
                converted_opportunity: to_opportunity.key(row),
                created: seen.created_at,
                converted: seen.converted_at,
                system: systems.of(rows.seq, source_ref.file),
            };
            versions.push(Version { order: valid_at.order(), source: source_ref, deleted: gone, id: id.hash, record });
        }
    })?;
    Ok(all(parts, |r: &mut LeadRecord, e| {
        or(&mut r.person, e.person, 0);
        or(&mut r.mail_domain, e.mail_domain, 0);
        or(&mut r.company, e.company, 0);
        or(&mut r.account, e.account, 0);
        or(&mut r.converted_account, e.converted_account, 0);
        or(&mut r.converted_person, e.converted_person, 0);
        or(&mut r.converted_opportunity, e.converted_opportunity, 0);
        or(&mut r.created, e.created, When::Unknown);
        or(&mut r.converted, e.converted, When::Unknown);
        or(&mut r.system, e.system, 0);
    }))
}

/// All opportunities. The account's industry and country are joined once the account is known.
pub(super) fn opportunities(c: &Context<'_>) -> Result<Read<OpportunityRecord, OpportunitySeen>, Error> {
    use catalogue::opportunity as f;
    let fields = [
        f::ACCOUNT,
        f::PERSON,
        f::LEAD,
        f::STAGE,
        f::STAGE_RAW,
        f::IS_CLOSED,
        f::IS_WON,
        f::AMOUNT,
        f::LIST_PRICE,
        f::DISCOUNT,
        f::CREATED_AT,
        f::CLOSED_AT,
        f::OWNER,
        f::SOURCE,
        f::CAMPAIGN,
        f::KIND,
        f::PRODUCT,
        f::SEGMENT,
        f::REASON,
        f::COMPANY,
        f::TEAM,
    ];
    let parts = buckets(
        c,
        Entity::Opportunity,
        &fields,
        |(versions, read): &mut Part<OpportunityRecord, OpportunitySeen>, rows| {
            let (ids, valid, deleted) = (rows.keys("id"), rows.valid(), rows.flags("deleted"));
            let (file, line) = (rows.numbers("file"), rows.numbers("line"));
            let code = |name: &str| rows.codes(name, c.texts);
            let (source, segment, product, kind) = (code("source"), code("segment"), code("product"), code("kind"));
            let (reason, raw, team) = (code("reason"), code("stage_raw"), code("team"));
            let company = rows.codes("company", c.names);
            let (account, person, lead) = (rows.keys("account"), rows.keys("person"), rows.keys("lead"));
            let (campaign, owner, stage) = (rows.keys("campaign"), rows.keys("owner"), rows.small("stage"));
            let (closed, won) = (rows.flags("is_closed"), rows.flags("is_won"));
            let (amount, list_price, discount) =
                (rows.money("amount"), rows.money("list_price"), rows.reals("discount"));
            let (created, closes) = (rows.times("created_at"), rows.times("closed_at"));
            let (mut reps, mut campaigns) = (Met::default(), Met::default());
            let mut systems = Systems::new(c);
            let mut currencies: Vec<(Currency, u32)> = Vec::new();
            for row in 0..rows.len {
                let id = Key { entity: Entity::Opportunity, hash: ids.key(row) };
                if !c.wants(id.hash) {
                    continue;
                }
                let valid_at = valid.get(row);
                let source_ref =
                    Source { batch: rows.seq, file: file.get(row).unwrap_or(0), line: line.get(row).unwrap_or(0) };
                let gone = deleted.get(row).unwrap_or(false);
                let (owner, owners_team) = reps.of(owner.key(row), |k| c.reference.rep(k, c.texts));
                let (created_at, closed_at) = (created.get(row), closes.get(row));
                let day = closed_at.first_day().or(created_at.first_day());
                let (by_list, product_unmatched) = c.reference.product(product.get(row));
                let paid = amount.get(row);
                let list = list_price.get(row).or(by_list).or_else(|| {
                    // the price before a discount follows from the one after it
                    let share = discount.get(row).filter(|d| (0.0..1.0).contains(d))?;
                    paid.map(|m| terms::Money::new((m.minor as f64 / (1.0 - share)).round() as i64, m.currency))
                });
                let convert = |m: Option<terms::Money>| m.map(|m| c.rates.convert(m, day));
                let (amount_in, list_in) = (convert(paid), convert(list));
                let currency = paid.or(list).map_or(0, |m| match currencies.iter().find(|(c, _)| *c == m.currency) {
                    Some((_, code)) => *code,
                    None => {
                        let code = c.texts.code(m.currency.code());
                        currencies.push((m.currency, code));
                        code
                    }
                });
                let seen = OpportunitySeen {
                    source: source.get(row),
                    campaign: campaigns.of(campaign.key(row), |k| c.reference.campaign(k, c.texts)),
                    segment: segment.get(row),
                    industry: 0,
                    country: 0,
                    product: product.get(row),
                    owner,
                    team: if team.get(row) != 0 { team.get(row) } else { owners_team },
                    kind: kind.get(row),
                    reason: reason.get(row),
                    stage_raw: raw.get(row),
                    currency,
                    stage: stage.stage(row),
                    is_closed: closed.get(row),
                    is_won: won.get(row),
                    not_converted: u8::from(amount_in == Some(None) || list_in == Some(None)),
                    product_unmatched,
                    created_at,
                    closed_at,
                    amount: amount_in.flatten().unwrap_or(NO_MONEY),
                    list_price: list_in.flatten().unwrap_or(NO_MONEY),
                };
                let what = What::OpportunitySeen(read.seen.len() as u32);
                read.seen.push(seen);
                read.events.push(Event::new(valid_at, id, id, source_ref, what).deleted(gone));
                let record = OpportunityRecord {
                    key: id.hash,
                    account: account.key(row),
                    person: person.key(row),
                    lead: lead.key(row),
                    company: company.get(row),
                    created: created_at,
                    won: won.get(row).or_else(|| stage.stage(row).map(|s| s == terms::Stage::ClosedWon)),
                    system: systems.of(rows.seq, source_ref.file),
                };
                versions.push(Version {
                    order: valid_at.order(),
                    source: source_ref,
                    deleted: gone,
                    id: id.hash,
                    record,
                });
            }
        },
    )?;
    Ok(all(parts, |r: &mut OpportunityRecord, e| {
        or(&mut r.account, e.account, 0);
        or(&mut r.person, e.person, 0);
        or(&mut r.lead, e.lead, 0);
        or(&mut r.company, e.company, 0);
        or(&mut r.created, e.created, When::Unknown);
        or(&mut r.won, e.won, None);
        or(&mut r.system, e.system, 0);
    }))
}

/// All contacts.
pub(super) fn people(c: &Context<'_>) -> Result<Vec<PersonRecord>, Error> {
    use catalogue::person as f;
    let fields = [f::PERSON, f::ACCOUNT, f::MAIL_DOMAIN];
    let parts = buckets(c, Entity::Person, &fields, |versions: &mut Vec<Version<PersonRecord>>, rows| {
        let (ids, valid, deleted) = (rows.keys("id"), rows.valid(), rows.flags("deleted"));
        let (file, line) = (rows.numbers("file"), rows.numbers("line"));
        let (person, account) = (rows.keys("person"), rows.keys("account"));
        let domain = rows.codes("mail_domain", c.names);
        for row in 0..rows.len {
            let record = PersonRecord {
                key: ids.key(row),
                person: person.key(row),
                account: account.key(row),
                mail_domain: domain.get(row),
            };
            versions.push(Version {
                order: valid.get(row).order(),
                source: Source { batch: rows.seq, file: file.get(row).unwrap_or(0), line: line.get(row).unwrap_or(0) },
                deleted: deleted.get(row).unwrap_or(false),
                id: record.key,
                record,
            });
        }
    })?;
    let merged: Vec<Vec<PersonRecord>> = parts
        .into_par_iter()
        .map(|versions| {
            merge(versions, |r: &mut PersonRecord, e| {
                or(&mut r.person, e.person, 0);
                or(&mut r.account, e.account, 0);
                or(&mut r.mail_domain, e.mail_domain, 0);
            })
        })
        .collect();
    Ok(merged.into_iter().flatten().collect())
}

/// An account as it stands, for its own grain and for what is joined from it.
pub(super) struct Account {
    pub key: u64,
    pub industry: u32,
    pub country: u32,
    pub segment: u32,
    pub owner: u32,
    pub employees: Option<i64>,
    pub source: Source,
}

/// All accounts, in the order of their keys.
pub(super) fn accounts(c: &Context<'_>) -> Result<(Vec<AccountRecord>, Vec<Account>), Error> {
    use catalogue::account as f;
    let mut out = (Vec::new(), Vec::new());
    for Standing { entry, seq } in standing(c.head, Entity::Account)? {
        let text = |field: usize, texts: &Texts| entry.get(field).text().map_or(0, |t| texts.code(t));
        let key = entry.id.hash;
        out.0.push(AccountRecord { key, domain: text(f::DOMAIN, c.names), name: text(f::NAME, c.names) });
        out.1.push(Account {
            key,
            industry: text(f::INDUSTRY, c.texts),
            country: text(f::COUNTRY, c.texts),
            segment: text(f::SEGMENT, c.texts),
            owner: c.reference.rep(entry.get(f::OWNER).key().map_or(0, |k| k.hash), c.texts).0,
            employees: entry.get(f::EMPLOYEES).int(),
            source: Source { batch: seq, file: entry.row.file, line: entry.row.line },
        });
    }
    Ok(out)
}

/// All links and withdrawals, in the order of recording.
pub(super) fn links(c: &Context<'_>) -> Result<Vec<LinkRecord>, Error> {
    use catalogue::link as f;
    let fields = [f::FROM, f::TO, f::RULE, f::WITHDRAWN];
    type Recorded = ((u32, u32, u32, u64), LinkRecord);
    let parts = buckets(c, Entity::Link, &fields, |links: &mut Vec<Recorded>, rows| {
        let (ids, deleted) = (rows.keys("id"), rows.flags("deleted"));
        let (file, line) = (rows.numbers("file"), rows.numbers("line"));
        let (from, from_kind) = (rows.keys("from"), rows.small("from_kind"));
        let (to, to_kind) = (rows.keys("to"), rows.small("to_kind"));
        let (rule, withdrawn) = (rows.codes("rule", c.names), rows.flags("withdrawn"));
        for row in 0..rows.len {
            if let (Some(from), Some(to)) = (key(&from, &from_kind, row), key(&to, &to_kind, row)) {
                let at = (rows.seq, file.get(row).unwrap_or(0), line.get(row).unwrap_or(0), ids.key(row));
                let withdrawn = withdrawn.get(row).unwrap_or(false) || deleted.get(row).unwrap_or(false);
                links.push((at, LinkRecord { from, to, rule: rule.get(row), withdrawn, recorded: 0 }));
            }
        }
    })?;
    let mut all: Vec<Recorded> = parts.into_iter().flatten().collect();
    all.par_sort_unstable_by_key(|(at, l)| (*at, l.from, l.to, l.withdrawn));
    Ok(all.into_iter().zip(0u64..).map(|((_, link), recorded)| LinkRecord { recorded, ..link }).collect())
}
