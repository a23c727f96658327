-- The table of lead cycles, as DuckDB would make it from its own Parquet files of the same exports (one file a table,
-- all columns as read). The rules are those of Lockstep's built-in definitions, written out for this company's tools:
-- a lead's cycle ends with an exit and a new one begins when the lead is qualified again; a touch belongs to the cycle
-- under way, or to the next one within 90 days; the sales clock starts at the first of MQL, SAL, SQL, else at creation.
-- Times are minutes since 1970. {parquet} is the folder of the files.

CREATE OR REPLACE TEMP MACRO minutes(t) AS (epoch_ms(t) // 60000)::INTEGER;

CREATE OR REPLACE TEMP TABLE lead AS
SELECT Id AS lead, Email AS mail, LeadSource AS source, Segment__c AS segment, Industry AS industry, Country AS country,
       OwnerId AS owner, minutes(CreatedDate) AS created, ConvertedContactId AS contact, ConvertedOpportunityId AS opportunity
FROM '{parquet}/Lead.parquet' WHERE IsDeleted = 0;

-- the marketing tool's contact of each lead: known by its mail
CREATE OR REPLACE TEMP TABLE contact AS
SELECT c.id AS contact, l.lead, c.property_hs_lifecyclestage_marketingqualifiedlead_date AS mql
FROM '{parquet}/contact_data.parquet' c JOIN lead l ON l.mail = c.property_email;

CREATE OR REPLACE TEMP TABLE opportunity AS
SELECT l.lead, o.Id AS opportunity, minutes(o.CreatedDate) AS created, o.IsClosed = 1 AND o.IsWon = 1 AS won,
       o.IsClosed = 1 AND o.IsWon = 0 AS lost, o.CloseDate AS closed, round(o.Amount * 100)::BIGINT AS amount,
       round(o.List_Price__c * 100)::BIGINT AS list_price
FROM '{parquet}/Opportunity.parquet' o JOIN lead l ON l.opportunity = o.Id WHERE o.IsDeleted = 0;

CREATE OR REPLACE TEMP TABLE step AS
WITH s AS (
    SELECT LeadId AS lead, epoch_ms(CreatedDate) AS ms, 0 AS tie,
           CASE NewValue WHEN 'Marketing Qualified' THEN 1 WHEN 'Working - Contacted' THEN 2 WHEN 'Qualified' THEN 3
                WHEN 'Closed - Converted' THEN 4 WHEN 'Recycled' THEN 8 WHEN 'Closed - Not Converted' THEN 9 ELSE 0 END AS stage
    FROM '{parquet}/LeadHistory.parquet' WHERE Field = 'Status'
    UNION ALL
    SELECT lead, epoch_ms(mql), 0, 1 FROM contact WHERE mql IS NOT NULL
    UNION ALL
    SELECT lead, epoch_ms(closed::TIMESTAMP), 1, 6 FROM opportunity WHERE lost
), t AS (
    SELECT *, lag(stage) OVER w AS before FROM s WINDOW w AS (PARTITION BY lead ORDER BY ms, tie, stage)
)
SELECT *, sum((stage <= 1 AND coalesce(before, 0) >= 6)::INTEGER) OVER (PARTITION BY lead ORDER BY ms, tie, stage ROWS UNBOUNDED PRECEDING) AS cycle
FROM t;

CREATE OR REPLACE TEMP TABLE staged AS
SELECT lead, cycle, (min(ms) // 60000)::INTEGER AS begun,
       (min(ms) FILTER (WHERE stage = 1) // 60000)::INTEGER AS mql_at, (min(ms) FILTER (WHERE stage = 2) // 60000)::INTEGER AS sal_at,
       (min(ms) FILTER (WHERE stage = 3) // 60000)::INTEGER AS sql_at, (min(ms) FILTER (WHERE stage = 4) // 60000)::INTEGER AS converted_at,
       (min(ms) FILTER (WHERE stage = 6) // 60000)::INTEGER AS lost_at, (min(ms) FILTER (WHERE stage = 8) // 60000)::INTEGER AS recycled_at,
       (min(ms) FILTER (WHERE stage = 9) // 60000)::INTEGER AS disqualified_at, max(stage) FILTER (WHERE stage < 6) AS reached,
       arg_max(stage, (ms, tie, stage)) AS last_stage,
       (max(ms) FILTER (WHERE stage < 6) // 60000)::INTEGER AS last_forward, (min(ms) FILTER (WHERE stage >= 6) // 60000)::INTEGER AS first_exit
FROM step GROUP BY lead, cycle;

CREATE OR REPLACE TEMP TABLE cycle AS
WITH c AS (
    SELECT lead, 0 AS cycle, created AS start FROM lead
    UNION ALL
    SELECT s.lead, s.cycle, greatest(s.begun, l.created) FROM staged s JOIN lead l USING (lead) WHERE s.cycle > 0
), w AS (
    SELECT *, coalesce(lead(start) OVER (PARTITION BY lead ORDER BY cycle), 2147483647) AS next FROM c
), o AS (
    SELECT w.*, o.opportunity, o.created AS opportunity_created, o.won, o.lost, o.closed, o.amount, o.list_price
    FROM w LEFT JOIN opportunity o ON o.lead = w.lead AND (o.created >= w.start OR w.cycle = 0) AND o.created < w.next
)
SELECT o.*, s.mql_at, s.sal_at, s.sql_at, coalesce(o.opportunity_created, s.converted_at) AS opportunity_at,
       CASE WHEN won THEN minutes(closed::TIMESTAMP) END AS won_at, CASE WHEN lost THEN minutes(closed::TIMESTAMP) ELSE s.lost_at END AS lost_at,
       s.recycled_at, s.disqualified_at, coalesce(s.mql_at, s.sal_at, s.sql_at, o.start) AS clock,
       CASE WHEN won OR lost THEN minutes(closed::TIMESTAMP) + 1439
            WHEN s.last_stage >= 6 AND o.opportunity IS NULL THEN first_exit ELSE 2147483647 END AS finish
FROM o LEFT JOIN staged s USING (lead, cycle);

-- with the time before the first cycle
CREATE OR REPLACE TEMP TABLE stretch AS
SELECT lead, cycle, start, next, finish, clock FROM cycle
UNION ALL
SELECT lead, -1, -2147483648, created, -2147483648, NULL FROM lead;

CREATE OR REPLACE TEMP TABLE touched AS
WITH t AS (
    SELECT c.lead, minutes(e.created) AS first, minutes(e.created) AS last, e.filtered_event AS automatic, 'email' AS channel
    FROM '{parquet}/email_event.parquet' e JOIN lead c ON c.mail = e.recipient
    UNION ALL
    SELECT c.lead, minutes(f.timestamp), minutes(f.timestamp), FALSE, 'website'
    FROM '{parquet}/contact_form_submission.parquet' f JOIN contact c ON c.contact = f.contact_id
    UNION ALL
    SELECT LeadId, minutes(FirstRespondedDate::TIMESTAMP), minutes(FirstRespondedDate::TIMESTAMP) + 1439, FALSE, NULL
    FROM '{parquet}/CampaignMember.parquet' WHERE FirstRespondedDate IS NOT NULL
    UNION ALL
    SELECT LeadId, minutes(CreatedDate), minutes(CreatedDate), FALSE, NULL
    FROM '{parquet}/CampaignMember.parquet' WHERE FirstRespondedDate IS NULL
)
SELECT s.lead, CASE WHEN t.first <= s.finish THEN s.cycle ELSE s.cycle + 1 END AS cycle,
       count(*) FILTER (WHERE NOT automatic) AS touches, count(*) FILTER (WHERE automatic) AS machine_touches,
       arg_min(channel, first) FILTER (WHERE NOT automatic AND channel IS NOT NULL) AS channel
FROM t JOIN stretch s ON s.lead = t.lead AND t.last >= s.start AND t.last < s.next
WHERE t.first <= s.finish OR (s.next < 2147483647 AND s.next - t.first <= 129600)
GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE worked AS
WITH a AS (
    SELECT coalesce(l.lead, k.lead) AS lead, minutes(t.CompletedDateTime) AS moment,
           (t.CallType = 'Outbound') IS TRUE OR (t.CallType IS NULL AND t.IsClosed = 1 AND t.Subject NOT LIKE '%reply received%') AS attempt,
           coalesce(t.CallDisposition = 'Connected', t.Subject LIKE '%reply received%') AS contact
    FROM '{parquet}/Task.parquet' t
    LEFT JOIN lead l ON l.lead = t.WhoId
    LEFT JOIN lead k ON k.contact = t.WhoId AND t.WhoId LIKE '003%'
)
SELECT s.lead, s.cycle, count(*) FILTER (WHERE attempt) AS attempts, min(moment) FILTER (WHERE attempt AND moment >= clock) AS first_attempt_at,
       min(moment) FILTER (WHERE contact AND moment >= clock) AS first_contact_at
FROM a JOIN stretch s ON s.lead = a.lead AND a.moment >= s.start AND a.moment < s.next
WHERE a.moment <= s.finish
GROUP BY s.lead, s.cycle;

CREATE OR REPLACE TABLE lead_cycle AS
SELECT c.lead, c.cycle, l.source, l.segment, l.industry, l.country, l.owner, t.channel, c.start AS created_at, c.mql_at, c.sal_at, c.sql_at,
       c.opportunity_at, c.won_at, c.lost_at, c.recycled_at, c.disqualified_at, c.clock AS handoff_at, w.first_attempt_at, w.first_contact_at,
       coalesce(w.attempts, 0) AS attempts, coalesce(t.touches, 0) AS touches, coalesce(t.machine_touches, 0) AS machine_touches,
       c.opportunity, c.amount, c.list_price,
       CASE WHEN c.won OR c.lost THEN c.closed END AS closed_on
FROM cycle c JOIN lead l USING (lead) LEFT JOIN touched t USING (lead, cycle) LEFT JOIN worked w USING (lead, cycle);
