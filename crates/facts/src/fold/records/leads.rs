//! Leads. Invariant: the columns read are those that the fold and identity use, and no others.

use entries::catalogue;
use journey::{Event, LeadSeen, NO_MONEY, Source, What};
use terms::{Entity, Key, When};

use super::{Context, Met, Part, Read, Systems, Version, all, buckets, or};
use crate::Error;
use crate::fold::kept::{Lead, domain_hash};

/// All leads.
pub(crate) fn leads(c: &Context<'_>) -> Result<Read<Lead, LeadSeen>, Error> {
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
        f::LANE,
        f::HANDOFF_AT,
        f::FIRST_RESPONSE_AT,
        f::WON_AT,
        f::AMOUNT,
        f::ACCOUNT,
        f::SDR,
    ];
    let parts = buckets(c, Entity::Lead, &fields, |(versions, read): &mut Part<Lead, LeadSeen>, rows| {
        let (ids, valid, deleted) = (rows.keys("id"), rows.valid(), rows.flags("deleted"));
        let (file, line) = (rows.numbers("file"), rows.numbers("line"));
        let code = |name: &str| rows.codes(name, c.texts);
        let (source, detail, segment) = (code("source"), code("source_detail"), code("segment"));
        let (industry, country, product, raw) = (code("industry"), code("country"), code("product"), code("stage_raw"));
        let lane = code("lane");
        let waits = rows.meanings("stage_raw", |text| {
            let within = c.definitions.waits_in(text);
            [within.start, within.end]
        });
        let (domain, company) = (rows.meanings("mail_domain", domain_hash), rows.names("company"));
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
            let is_waiting = |[a, b]: [usize; 2]| c.definitions.waits(&(a..b), valid_at);
            let seen = LeadSeen {
                source: source.get(row),
                source_detail: detail.get(row),
                campaign: campaigns.of(campaign.key(row), |k| c.reference.campaign(k, c.texts)),
                segment: segment.get(row),
                industry: industry.get(row),
                country: country.get(row),
                product: product.get(row),
                lane: lane.get(row),
                owner,
                sdr,
                team,
                stage_raw: raw.get(row),
                // one in which clocks stand still is none of ours
                stage: stage.stage(row).filter(|_| !waits.get(row).is_some_and(is_waiting)),
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
            let record = Lead {
                key: id.hash,
                person: person.key(row),
                domain: domain.get(row).unwrap_or(0),
                company: company.get(row).unwrap_or(0),
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
    Ok(all(parts, |r: &mut Lead, e| {
        or(&mut r.person, e.person, 0);
        or(&mut r.domain, e.domain, 0);
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
