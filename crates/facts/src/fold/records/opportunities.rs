//! Opportunities. Invariant: money is converted by the rate of the day it is about, or said not to be.

use entries::catalogue;
use journey::{Event, NO_MONEY, OpportunitySeen, Source, What};
use terms::{Currency, Entity, Key, When};

use super::{Context, Met, Part, Read, Systems, Version, all, buckets, or};
use crate::Error;
use crate::fold::kept::Opportunity;

/// All opportunities. The account's industry and country are joined once the account is known.
pub(crate) fn opportunities(c: &Context<'_>) -> Result<Read<Opportunity, OpportunitySeen>, Error> {
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
    let parts =
        buckets(c, Entity::Opportunity, &fields, |(versions, read): &mut Part<Opportunity, OpportunitySeen>, rows| {
            let (ids, valid, deleted) = (rows.keys("id"), rows.valid(), rows.flags("deleted"));
            let (file, line) = (rows.numbers("file"), rows.numbers("line"));
            let code = |name: &str| rows.codes(name, c.texts);
            let (source, segment, product, kind) = (code("source"), code("segment"), code("product"), code("kind"));
            let (reason, raw, team) = (code("reason"), code("stage_raw"), code("team"));
            let company = rows.names("company");
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
                let record = Opportunity {
                    key: id.hash,
                    account: account.key(row),
                    person: person.key(row),
                    lead: lead.key(row),
                    company: company.get(row).unwrap_or(0),
                    created: created_at,
                    system: systems.of(rows.seq, source_ref.file),
                    won: won.get(row).or_else(|| stage.stage(row).map(|s| s == terms::Stage::ClosedWon)),
                };
                versions.push(Version {
                    order: valid_at.order(),
                    source: source_ref,
                    deleted: gone,
                    id: id.hash,
                    record,
                });
            }
        })?;
    Ok(all(parts, |r: &mut Opportunity, e| {
        or(&mut r.account, e.account, 0);
        or(&mut r.person, e.person, 0);
        or(&mut r.lead, e.lead, 0);
        or(&mut r.company, e.company, 0);
        or(&mut r.created, e.created, When::Unknown);
        or(&mut r.system, e.system, 0);
        or(&mut r.won, e.won, None);
    }))
}
